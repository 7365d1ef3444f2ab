"""Abstract frameworks as the argumentation competition has them since 2023: `p af 3`, then a line for each attack."""

import re

from argmap.errors import FormatError
from argmap.formats.reading.draft import Draft, DraftClaim, DraftRelation
from argmap.formats.report import Losses, LossKind
from argmap.formats.source.content import Content
from argmap.formats.writing.report_unsaid import report_flattened, report_ids, report_unsaid
from argmap.model import ArgumentMap, RelationKind, limits

_HEAD = re.compile(r"p[ \t]+af[ \t]+(\d{1,9})[ \t]*")
_NAMED = re.compile(r"#[ \t]*(\d{1,9})[ \t]+(?:([A-Za-z][A-Za-z0-9_-]{0,63}): )?(\S.*)")


def sniff(content: Content) -> bool:
    """Recognise the line "p af" with a number, which only comments may stand before."""
    lines = (line for line in content.lead.split("\n") if line.strip() and not line.startswith("#"))
    return _HEAD.fullmatch(next(lines, "").rstrip()) is not None


def load(content: Content, losses: Losses) -> ArgumentMap:
    """Read as many claims as the first line says, named by their numbers, and attacks.

    A comment that begins with the number of an argument is its text. Raises FormatError with the line for what is no
    attack, and for arguments that are not there.
    """
    draft = Draft("iccma23", losses)
    count = -1
    for number, line in enumerate(content.text.split("\n"), start=1):
        bare = line.strip()
        if not bare:
            continue
        if bare.startswith("#"):
            _read_comment(bare, number, draft)
        elif count < 0:
            head = _HEAD.fullmatch(bare)
            if head is None:
                raise FormatError(
                    'the first line is not "p af" with the number of arguments', line=number
                )
            count = int(head[1])
            if count > limits.CLAIMS:
                raise FormatError(f"a map has at most {limits.CLAIMS:,} claims", line=number)
            before, draft.claims = draft.claims, {}
            for argument in range(1, count + 1):
                name = str(argument)
                draft.claims[name] = before.get(name) or DraftClaim(name, name)
        else:
            ends = bare.split()
            if len(ends) != 2 or not all(end in draft.claims for end in ends):
                raise FormatError("expected two numbers of arguments, such as 1 2", line=number)
            step = DraftRelation(None, RelationKind.ATTACKS, [ends[0]], ends[1])
            draft.relations[f"line {number}"] = step
            draft.refuse_many()
    if count < 0:
        raise FormatError('there is no line "p af" with the number of arguments')
    return draft.build()


def _read_comment(line: str, number: int, draft: Draft) -> None:
    named = _NAMED.fullmatch(line)
    known = draft.claims.get(named[1]) if named is not None else None
    if (
        named is None
        or (known is not None and known.text != named[1])
        or (draft.claims and known is None)
    ):
        draft.losses.add(LossKind.NOTE, "A comment was left out.", (f"line {number}",))
        return
    draft.claims[named[1]] = DraftClaim(named[2] or named[1], named[3])
    draft.refuse_many()


def dump(map: ArgumentMap, losses: Losses) -> str:
    """Write the number of claims, the attacks of claims on claims, and what each number is called, as comments."""
    written = [
        r
        for r in map.relations
        if r.kind is RelationKind.ATTACKS and map.claim(r.target) is not None
    ]
    report_unsaid(map, "iccma23", frozenset(), losses, written)
    report_flattened(map, written, losses)
    report_ids(map, "iccma23", {claim.id: claim.id for claim in map.claims}, losses)
    numbers = {claim.id: number for number, claim in enumerate(map.claims, start=1)}
    lines = [f"p af {len(map.claims)}"]
    for claim in map.claims:
        text = " ".join(claim.text.split())
        if text != claim.text:
            losses.add(LossKind.TEXT, "Line breaks became blanks.", (claim.id,))
        lines.append(f"# {numbers[claim.id]} {claim.id}: {text}")
    lines += [f"{numbers[source]} {numbers[r.target]}" for r in written for source in r.sources]
    losses.add(LossKind.ID, "Attacks have no names of their own.", (r.id for r in written))
    return "\n".join(lines) + "\n"

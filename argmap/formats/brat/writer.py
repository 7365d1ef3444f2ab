"""The lines of brat standoff that say a map."""

import re
from itertools import count

from argmap.formats.reading import fit_fields
from argmap.formats.reading.kinds import infer_kinds
from argmap.formats.report import Losses, LossKind
from argmap.formats.writing.report_unsaid import report_flattened, report_unsaid
from argmap.model import ArgumentMap, Claim, ClaimKind, Quote, Relation, RelationKind

_SAID = frozenset(
    {"article", "kind", "claim.quotes", "claim.note", "relation.implicit", "origin.type"}
)
_MAJOR = "MajorClaim"
DIRECT, OTHER = "Claim", "Premise"  # of a claim that leads to the major one, of any other
KINDS = {"supports": RelationKind.SUPPORTS, "attacks": RelationKind.ATTACKS}
# As the corpora of argument mining name relations in small letters; the first two are the ones that are written.
READ_KINDS = KINDS | {
    "support": RelationKind.SUPPORTS,
    "attack": RelationKind.ATTACKS,
    "partial-attack": RelationKind.ATTACKS,
}
_OURS = {kind: name for name, kind in KINDS.items()}
_NOWHERE = "0 0"
_TYPE = re.compile(r"\S{1,60}")


def dump(map: ArgumentMap, losses: Losses) -> str:
    """Write annotations of the article's text, which belongs into the `.txt` of the same name.

    A claim that is not quoted from the text has the empty span 0 0.
    """
    major = next((claim.id for claim in map.claims if claim.kind is ClaimKind.THESIS), None)
    again = [r for r in map.relations if _restates_major(r, map, major)]
    majors = {major, *(relation.sources[0] for relation in again)}
    written = [r for r in map.relations if r in again or _is_written(r, map)]
    _report(map, written, again, majors, losses)
    names = {claim.id: f"T{number}" for number, claim in enumerate(map.claims, start=1)}
    text = map.article.text if map.article is not None and map.article.text is not None else ""
    direct = {
        source for relation in written if relation.target == major for source in relation.sources
    }
    lines: list[str] = []
    notes: list[str] = []
    for claim in map.claims:
        usual = _MAJOR if claim.id in majors else DIRECT if claim.id in direct else OTHER
        kind = _type(claim, usual, losses)
        spans, words = _span(claim, text)
        if claim.quotes and spans == _NOWHERE:
            losses.add(
                LossKind.QUOTE,
                "A quote is not a span of the text, or its spans overlap.",
                (claim.id,),
            )
        lines.append(f"{names[claim.id]}\t{kind} {spans}\t{words}")
        if _line(claim.text) != words:
            notes.append(f"ClaimText {names[claim.id]}\t{_line(claim.text)}")
        if claim.note is not None:
            notes.append(f"AnnotatorNotes {names[claim.id]}\t{_line(claim.note)}")
    number = stance = 0
    for relation in written:
        if relation in again:
            continue
        for source in relation.sources:
            if _is_stance(relation, major):
                stance += 1
                side = "For" if relation.kind is RelationKind.SUPPORTS else "Against"
                lines.append(f"A{stance}\tStance {names[source]} {side}")
                continue
            number += 1
            ends = f"Arg1:{names[source]} Arg2:{names[relation.target]}"
            lines.append(f"R{number}\t{_OURS[relation.kind]} {ends}\t")
    lines += [f"#{number}\t{note}" for number, note in enumerate(notes, start=1)]
    return "".join(f"{line}\n" for line in lines)


def _type(claim: Claim, usual: str, losses: Losses) -> str:
    """Return the type that a claim had in a file of this format, where it may have it still, else the usual one."""
    origin = claim.origin
    kept = origin.extra.get("type") if origin is not None and origin.format == "brat" else None
    if isinstance(kept, str) and _TYPE.fullmatch(kept) and _MAJOR not in (kept, usual):
        return kept
    if kept not in (None, usual):
        other = "A claim has another type than it had in a file of this format."
        losses.add(LossKind.ORIGIN, other, (claim.id,))
    return usual


def _restates_major(relation: Relation, map: ArgumentMap, major: str | None) -> bool:
    """Say whether a relation is what a second MajorClaim implies."""
    source = map.claim(relation.sources[0])
    return (
        relation.kind is RelationKind.RESTATES
        and relation.implicit
        and relation.target == major
        and len(relation.sources) == 1
        and source is not None
        and source.kind is ClaimKind.THESIS
    )


def _is_stance(relation: Relation, major: str | None) -> bool:
    """Say whether a relation is written as the stance of its sources, the only way that leads to a MajorClaim."""
    return relation.kind is not RelationKind.RESTATES and relation.target == major


def _is_written(relation: Relation, map: ArgumentMap) -> bool:
    return relation.kind is not RelationKind.RESTATES and map.claim(relation.target) is not None


def _report(
    map: ArgumentMap,
    written: list[Relation],
    again: list[Relation],
    majors: set[str | None],
    losses: Losses,
) -> None:
    report_unsaid(map, "brat", _SAID, losses)
    article = map.article
    if article is not None and article.model_fields_set - {"title", "text"}:
        told = "The article's text belongs beside the file; the rest is left out."
        losses.add(LossKind.ARTICLE, told)
    major = next(iter([r.target for r in again]), next((id for id in majors if id), None))
    inferred = infer_kinds(((claim.id, claim.text, False) for claim in map.claims), written)
    losses.add(
        LossKind.KIND,
        "The format does not say what kind a claim is, and its place in the map suggests another.",
        (c.id for c in map.claims if c.id not in majors and inferred[c.id] is not c.kind),
    )
    report_flattened(map, written, losses)
    losses.add(
        LossKind.IMPLICIT,
        "Every relation to the thesis is implicit in the format, and no other one is.",
        (r.id for r in written if r not in again and r.implicit != _is_stance(r, major)),
    )
    steps = [relation for relation in written if relation not in again]
    letters = ["A" if _is_stance(step, major) else "R" for step in steps]
    numbered = [f"T{number}" for number in range(1, len(map.claims) + 1)]
    counts = {"A": count(1), "R": count(1)}
    numbered += [f"{letter}{next(counts[letter])}" for letter in letters]
    given = [claim.id for claim in map.claims] + [step.id for step in steps]
    if given != numbered or again or any(len(step.sources) > 1 for step in steps):
        losses.add(LossKind.ID, "Claims and relations are numbered anew.")
    order = {claim.id: number for number, claim in enumerate(map.claims)}
    if written != [
        *sorted(again, key=lambda r: order[r.sources[0]]),
        *(r for r in written if r not in again),
    ]:
        losses.add(
            LossKind.ORDER, "Restatements of the thesis come first when the file is read again."
        )
    losses.add(
        LossKind.TEXT,
        "Line breaks became blanks, and those around the words went.",
        (c.id for c in map.claims if _line(c.text) != c.text),
    )
    notes = ((c.id, c.note) for c in map.claims if c.note is not None)
    losses.add(
        LossKind.NOTE,
        "Line breaks became blanks, and those around the words went.",
        (id for id, note in notes if _line(note) != note),
    )


def _span(claim: Claim, text: str) -> tuple[str, str]:
    """Return the spans of a claim's quotes, as far as they stand one after the other in the text, and its words."""
    place = 0
    spans: list[str] = []
    for quote in claim.quotes:
        start, end = quote.start, quote.end
        if start is None or end is None or start < place:
            return _NOWHERE, _line(claim.text)
        found = fit_fields.span(text, start, end)
        if found is None or Quote.model_validate(found) != quote:
            return _NOWHERE, _line(claim.text)
        spans.append(f"{start} {end}")
        place = end
    if not spans:
        return _NOWHERE, _line(claim.text)
    return ";".join(spans), _line(" ".join(quote.exact for quote in claim.quotes))


def _line(text: str) -> str:
    return text.replace("\n", " ").replace("\t", " ").strip()

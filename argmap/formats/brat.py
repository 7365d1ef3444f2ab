"""brat standoff annotation, as the corpus of argument annotated essays has it, with its text beside it."""

import re
from bisect import bisect_left

from argmap.formats import clean
from argmap.formats.content import Content, decode
from argmap.formats.draft import Draft, DraftClaim, DraftRelation
from argmap.formats.fields import report_flattened, report_unsaid, steps
from argmap.formats.kinds import infer_kinds
from argmap.formats.report import Losses, LossKind
from argmap.model import ArgumentMap, Claim, ClaimKind, Quote, Relation, RelationKind, limits

_SAID = frozenset({"kind", "claim.quotes", "claim.note", "relation.implicit"})
_LINE = re.compile(r"(?:[TRAEMN]\d+|#\d+|\*)\t\S")
_TEXT_BOUND = re.compile(r"(\S+) (\d{1,9} \d{1,9}(?:;\d{1,9} \d{1,9})*)")
_RELATION = re.compile(r"(\S+) Arg1:(\S+) Arg2:(\S+)\s*")
_STANCE = re.compile(r"Stance (\S+) (For|Against)\s*")
_KINDS = {"supports": RelationKind.SUPPORTS, "attacks": RelationKind.ATTACKS}
_OURS = {kind: name for name, kind in _KINDS.items()}
_NOTES = (
    "AnnotatorNotes",
    "ClaimText",
)  # the second is argmap's own: a claim in other words than the text's
_UNTITLED = "Untitled"
_NOWHERE = "0 0"


def sniff(content: Content) -> bool:
    """Recognise lines that begin with an annotation's id and a tab."""
    lines = [line for line in content.lead.split("\n")[:8] if line.strip()]
    return bool(lines) and all(_LINE.match(line) for line in (lines[:-1] or lines))


def load(content: Content, losses: Losses) -> ArgumentMap:
    """Read text-bound annotations as claims, relations, and stances as implicit relations to the first MajorClaim.

    A second MajorClaim restates the first. Offsets count the characters of the text beside. A line that is of no kind
    known here is reported, never refused.
    """
    draft = Draft("brat", losses)
    text, moved = _text(content, draft)
    majors: list[str] = []
    to_major: list[str] = []
    for number, line in enumerate(content.text.split("\n"), start=1):
        id, _, rest = line.partition("\t")
        bound = _TEXT_BOUND.match(rest) if id[:1] == "T" else None
        related = _RELATION.fullmatch(rest) if id[:1] == "R" else None
        stance = _STANCE.fullmatch(rest) if id[:1] == "A" else None
        if bound is not None and id not in draft.claims:
            words = rest[bound.end() :].lstrip("\t")
            draft.claims[id] = _claim(id, words, bound, text, moved, losses)
            if bound[1] == "MajorClaim":
                draft.claims[id].kind = ClaimKind.THESIS
                if majors:
                    draft.relations[f"{id} again"] = DraftRelation(
                        None, RelationKind.RESTATES, [id], majors[0], {"implicit": True}
                    )
                majors.append(id)
        elif related is not None and related[1] in _KINDS and id not in draft.relations:
            draft.relations[id] = DraftRelation(id, _KINDS[related[1]], [related[2]], related[3])
        elif stance is not None and id not in draft.relations:
            kind = RelationKind.SUPPORTS if stance[2] == "For" else RelationKind.ATTACKS
            draft.relations[id] = DraftRelation(id, kind, [stance[1]], None, {"implicit": True})
            to_major.append(id)
        elif id[:1] == "#" and rest.partition(" ")[0] in _NOTES:
            _read_note(rest, draft, f"line {number}")
        elif line.strip():
            losses.add(
                LossKind.METADATA,
                "An annotation of another kind was left out.",
                (f"line {number}",),
            )
    for id in to_major if majors else ():
        draft.relations[id].target = majors[0]
    return draft.build()


def _text(content: Content, draft: Draft) -> tuple[str | None, list[int]]:
    """Give the draft the article; return its text and where the file's own line breaks took two characters."""
    if content.beside is None:
        return None, []
    raw = content.beside.decode("utf-8", "replace") if b"\r\n" in content.beside else ""
    moved = [match.start() for match in re.finditer("\r\n", raw)]
    text, guessed = decode(content.beside)
    if guessed:
        draft.losses.add(LossKind.ENCODING, "The text beside the file was read as Windows-1252.")
    kept = clean.article_text(text, draft.losses)
    if kept is not None:
        title = clean.one_line(content.title, limits.TITLE, draft.losses) or _UNTITLED
        draft.fields["article"] = {"title": title, "text": kept}
    return kept, moved


def _claim(
    id: str, words: str, bound: re.Match[str], text: str | None, moved: list[int], losses: Losses
) -> DraftClaim:
    quotes = []
    for span in bound[2].split(";"):
        start, end = (int(number) for number in span.split(" "))
        start, end = start - bisect_left(moved, start), end - bisect_left(moved, end)
        if start == end:
            continue
        quote = (
            clean.span(text, start, end)
            if text is not None
            else clean.loose_quote(words, losses, id)
        )
        if quote is None:
            losses.add(LossKind.QUOTE, "A span lies outside the text.", (id,))
            continue
        quotes.append(quote)
    if (
        text is not None
        and quotes
        and _flat(" ".join(quote["exact"] for quote in quotes)) != _flat(words)
    ):
        losses.add(LossKind.QUOTE, "The words of an annotation are not those of its span.", (id,))
    if text is None and quotes:
        losses.add(
            LossKind.QUOTE,
            "Without the text beside the file nobody knows where words stand.",
            (id,),
        )
        quotes = quotes[:1]
    return DraftClaim(id, words, None, {"quotes": tuple(quotes[: limits.QUOTES_PER_CLAIM]) or None})


def _flat(words: str) -> str:
    return " ".join(words.split())


def _read_note(rest: str, draft: Draft, place: str) -> None:
    head, _, words = rest.partition("\t")
    kind, _, id = head.partition(" ")
    claim = draft.claims.get(id.strip())
    if claim is None or not words.strip():
        draft.losses.add(LossKind.NOTE, "A note to nothing was left out.", (place,))
    elif kind == "ClaimText":
        claim.text = words
    else:
        claim.fields["note"] = clean.many_lines(words, limits.NOTE, draft.losses, place)


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
        kind = "MajorClaim" if claim.id in majors else "Claim" if claim.id in direct else "Premise"
        spans, words = _span(claim, text)
        if claim.quotes and spans == _NOWHERE:
            losses.add(
                LossKind.QUOTE, "A quote is no span of the text, or its spans overlap.", (claim.id,)
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
    if map.article is not None:
        losses.add(
            LossKind.ARTICLE, "The article's text belongs beside the file; the rest is left out."
        )
    major = next(iter([r.target for r in again]), next((id for id in majors if id), None))
    inferred = infer_kinds(((claim.id, claim.text, False) for claim in map.claims), steps(written))
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
    expected = [f"T{number}" for number in range(1, len(map.claims) + 1)]
    if [claim.id for claim in map.claims] != expected or map.relations:
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
        "Line breaks became blanks.",
        (c.id for c in map.claims if _line(c.text) != c.text),
    )
    notes = ((c.id, c.note) for c in map.claims if c.note is not None)
    losses.add(
        LossKind.NOTE,
        "Line breaks became blanks.",
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
        found = clean.span(text, start, end)
        if found is None or Quote.model_validate(found) != quote:
            return _NOWHERE, _line(claim.text)
        spans.append(f"{start} {end}")
        place = end
    if not spans:
        return _NOWHERE, _line(claim.text)
    return ";".join(spans), _line(" ".join(quote.exact for quote in claim.quotes))


def _line(text: str) -> str:
    return text.replace("\n", " ").replace("\t", " ")

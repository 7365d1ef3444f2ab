"""brat standoff annotation, as the corpus of argument annotated essays has it, with its text beside it."""

import codecs
import re
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from typing import Any

from argmap.formats.brat.writer import DIRECT, OTHER, READ_KINDS
from argmap.formats.brat.writer import dump as dump
from argmap.formats.reading import fit_fields
from argmap.formats.reading.draft import Draft, DraftClaim, DraftRelation
from argmap.formats.report import Losses, LossKind
from argmap.formats.source.content import Content
from argmap.formats.source.decoding import decode, decode_as_it_is
from argmap.model import ArgumentMap, ClaimKind, RelationKind, limits
from argmap.model.offsets import AS_TOLD, counting_of
from argmap.model.wording import Wording, Work

_LINE = re.compile(r"(?:[TRAEMN]\d+|#\d+|\*)\t\S")
_TEXT_BOUND = re.compile(r"(\S+) (\d{1,9} \d{1,9}(?:;\d{1,9} \d{1,9})*)")
_SPAN = re.compile(r"T\d+\t\S+ (\d{1,9}) \d{1,9}\t(.+)")
_RELATION = re.compile(r"(\S+) Arg1:(\S+) Arg2:(\S+)\s*")
_STANCE = re.compile(r"Stance (\S+) (For|Against)\s*")
_NOTES = (
    "AnnotatorNotes",
    "ClaimText",
)  # the second is argmap's own: a claim in other words than the text's
_UNTITLED = "Untitled"


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
    places = _Places(text, moved, content.text, losses)
    types: dict[str, str] = {}
    majors: list[str] = []
    to_major: list[str] = []
    for number, line in enumerate(content.text.split("\n"), start=1):
        id, _, rest = line.partition("\t")
        draft.refuse_many()
        bound = _TEXT_BOUND.match(rest) if id[:1] == "T" else None
        related = _RELATION.fullmatch(rest) if id[:1] == "R" else None
        stance = _STANCE.fullmatch(rest) if id[:1] == "A" else None
        if bound is not None and id not in draft.claims:
            words = rest[bound.end() :].strip()
            draft.claims[id] = _claim(id, words, bound, places, losses)
            types[id] = bound[1]
            if bound[1] == "MajorClaim":
                draft.claims[id].kind = ClaimKind.THESIS
                if majors:
                    draft.relations[f"{id} again"] = DraftRelation(
                        None, RelationKind.RESTATES, [id], majors[0], {"implicit": True}
                    )
                majors.append(id)
        elif related is not None and related[1].lower() in READ_KINDS and id not in draft.relations:
            kind = READ_KINDS[related[1].lower()]
            draft.relations[id] = DraftRelation(id, kind, [related[2]], related[3])
            if related[1].lower().startswith("partial"):
                partial = "An attack on a part of a claim was read as an attack."
                losses.add(LossKind.KIND, partial, (id,))
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
    _keep_types(draft, types, majors)
    return draft.build()


def _keep_types(draft: Draft, types: Mapping[str, str], majors: Sequence[str]) -> None:
    """Keep the type of each claim that does not follow from what it leads to, as the writer takes it."""
    direct = {
        source
        for relation in draft.relations.values()
        if majors and relation.target == majors[0]
        for source in relation.sources
    }
    for id, type in types.items():
        if id not in majors and type != (DIRECT if id in direct else OTHER):
            draft.claims[id].extra["type"] = type


def _text(content: Content, draft: Draft) -> tuple[str | None, list[int]]:
    """Give the draft the article; return its text, and where offsets count a letter that is not in the text.

    That is the byte order mark, and the first half of a line break of two characters. Whether they are counted depends
    on the tool, so the words of the annotations decide.
    """
    if content.beside is None:
        return None, []
    text, guessed = decode(content.beside)
    if guessed:
        draft.losses.add(LossKind.ENCODING, "The text beside the file was read as Windows-1252.")
    kept = fit_fields.article_text(text, draft.losses)
    if kept is None:
        return None, []
    title = fit_fields.one_line(content.title, limits.TITLE, draft.losses) or _UNTITLED
    draft.fields["article"] = {"title": title, "text": kept}
    raw, _ = decode_as_it_is(content.beside)
    breaks = [match.start() for match in re.finditer("\r\n", raw)]
    readings = [breaks, *([[]] if breaks else [])]
    if content.beside.startswith(codecs.BOM_UTF8):
        readings += [[-1, *reading] for reading in readings]
    if len(readings) == 1:
        return kept, breaks
    return kept, max(readings, key=lambda moved: _fitting(content.text, kept, moved))


def _fitting(annotations: str, text: str, moved: list[int]) -> int:
    """Count the annotations whose words stand where they say."""
    found = (_SPAN.match(line) for line in annotations.split("\n"))
    spans = ((_moved(int(m[1]), moved), m[2]) for m in found if m is not None)
    return sum(text.startswith(words, start) for start, words in spans)


def _moved(offset: int, moved: list[int]) -> int:
    return max(0, offset - bisect_left(moved, offset))


class _Places:
    """Where annotations stand in the text, as their words show."""

    def __init__(
        self, text: str | None, moved: list[int], annotations: str, losses: Losses
    ) -> None:
        self.text = text
        self._moved = moved
        self._wording = Wording(text or "")
        self._work = Work()
        self._counting = AS_TOLD
        if text is not None:
            found = (_SPAN.match(line) for line in annotations.split("\n"))
            told = ((m[2].strip(), _moved(int(m[1]), moved)) for m in found if m is not None)
            self._counting = counting_of(told, text)
        if self._counting.told is not None:
            message = (
                f"Places are counted otherwise ({self._counting.told}); the words set them right."
            )
            losses.add(LossKind.QUOTE, message)

    def of(self, start: int, end: int) -> tuple[int, int]:
        """Return where a span that is told so lies."""
        start, end = _moved(start, self._moved), _moved(end, self._moved)
        return self._counting.place(start), self._counting.place(end)

    def near(self, words: str, start: int) -> tuple[int, int] | None:
        """Return the place nearest to a start where the words stand, None where they stand nowhere."""
        spans = list(self._wording.literal(words, self._work))
        spans = spans or list(self._wording.alike(words, self._work))
        return min(spans, key=lambda span: abs(span[0] - start), default=None)


def _claim(
    id: str, words: str, bound: re.Match[str], places: _Places, losses: Losses
) -> DraftClaim:
    quotes: list[dict[str, Any]] = []
    text = places.text
    told = [tuple(int(number) for number in span.split(" ")) for span in bound[2].split(";")]
    spans = [places.of(start, end) for start, end in told if start != end]
    if text is not None and len(spans) == 1 and words:
        start, end = spans[0]
        if _flat(text[start:end]) != _flat(words):
            near = places.near(words, start)
            if near is None:
                message = (
                    "The words of an annotation stand nowhere in the text; the quote is an orphan."
                )
                losses.add(LossKind.QUOTE, message, (id,))
                orphan = fit_fields.loose_quote(words, losses, id)
                return DraftClaim(
                    id,
                    words,
                    None,
                    {"quotes": ({**orphan, "state": "orphan"},) if orphan else None},
                )
            spans = [near]
            if near[0] != start:
                message = "The words of an annotation stand elsewhere than told; the words decided."
                losses.add(LossKind.QUOTE, message, (id,))
    for start, end in spans:
        quote = (
            fit_fields.span(text, start, end)
            if text is not None
            else fit_fields.loose_quote(words, losses, id)
        )
        if quote is None:
            losses.add(LossKind.QUOTE, "A span lies outside the text.", (id,))
            continue
        quotes.append(quote)
    if (
        text is not None
        and len(spans) > 1
        and quotes
        and _flat(" ".join(quote["exact"] for quote in quotes)) != _flat(words)
    ):
        losses.add(LossKind.QUOTE, "The words of an annotation are not those of its span.", (id,))
    if text is None and quotes:
        losses.add(
            LossKind.QUOTE,
            "Without the text beside the file, the places of quotes are unknown.",
            (id,),
        )
        quotes = quotes[:1]
    return DraftClaim(id, words, None, {"quotes": fit_fields.quotes(quotes, losses, id)})


def _flat(words: str) -> str:
    return " ".join(words.split())


def _read_note(rest: str, draft: Draft, place: str) -> None:
    head, _, words = rest.partition("\t")
    kind, _, id = head.partition(" ")
    claim = draft.claims.get(id.strip())
    noted = claim or draft.relations.get(id.strip())
    if noted is None or not words.strip():
        draft.losses.add(LossKind.NOTE, "Dropped a note without a target.", (place,))
    elif kind == "ClaimText" and claim is not None:
        claim.text = words
    else:
        before = noted.fields.get("note")
        note = words if before is None else f"{before}\n{words}"
        noted.fields["note"] = fit_fields.many_lines(note, limits.NOTE, draft.losses, place)

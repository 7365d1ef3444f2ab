"""Debate cards: a tag, the cite of its source, and paragraphs of it, of which what is read is underlined."""

from dataclasses import dataclass, field
from typing import Any

from argmap.formats.reading import fit_fields
from argmap.formats.reading.draft import Draft, DraftClaim, DraftRelation
from argmap.formats.report import LossKind
from argmap.formats.word.cites import looks_like_cite, source_of_cite
from argmap.formats.word.paragraphs import Paragraph
from argmap.model import ClaimKind, RelationKind, limits

TAG = 4
_GROUPS = {1: "pocket", 2: "hat", 3: "block"}
MAX_SPANS = 300  # kept with a claim


@dataclass(slots=True)
class Card:
    """A tag with the paragraphs below it, up to the next heading; `groups` are the headings that it stands under."""

    tag: Paragraph
    groups: dict[str, str]
    number: int
    below: list[Paragraph] = field(default_factory=list)

    def cite(self) -> int | None:
        """Return which of the paragraphs below is the cite, None where none is."""
        for at, paragraph in enumerate(self.below):
            if any(run.cite and run.text.strip() for run in paragraph.runs):
                return at
        if not self.below or any(run.spoken for run in self.below[0].runs):
            return None
        if any(run.read or run.spoken for later in self.below[1:] for run in later.runs):
            return 0
        first = self.below[0]
        told = looks_like_cite(first.text) and (len(self.below) > 1 or bool(first.links))
        return 0 if told else None


def group_tag(name: str) -> str:
    """Return the name of a group as a tag of claims."""
    return name if len(name) <= limits.TAG else name[: limits.TAG - 1] + "…"


def head_of(cite: Paragraph) -> str:
    """Return the words of a cite up to the last one in the style of cites: who wrote it and when."""
    last = max((at for at, run in enumerate(cite.runs) if run.cite), default=-1)
    head = "".join(run.text for run in cite.runs[: last + 1])
    return head if len(head) <= limits.NAME else ""


def cards_in(paragraphs: list[Paragraph]) -> list[Card]:
    """Return the cards of a file in their order."""
    cards: list[Card] = []
    groups: dict[int, str] = {}
    open_card: Card | None = None
    for number, paragraph in enumerate(paragraphs, start=1):
        text = " ".join(paragraph.text.split())
        if not text:
            continue
        if 0 < paragraph.level < TAG:
            groups = {level: name for level, name in groups.items() if level < paragraph.level}
            groups[paragraph.level] = text
            open_card = None
        elif paragraph.level == TAG:
            named = {_GROUPS[level]: name[: limits.TITLE] for level, name in groups.items()}
            open_card = Card(paragraph, named, number)
            cards.append(open_card)
        elif open_card is not None:
            open_card.below.append(paragraph)
    return cards


def are_cards(cards: list[Card]) -> bool:
    """Say whether tags have cites, or what is below them is underlined as in cards."""
    return any(card.cite() is not None for card in cards)


class Body:
    """The text of all cards, one after the other, as the article of a map; quotes are stretches of it."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.length = 0

    def add(self, paragraphs: list[Paragraph]) -> tuple[int, int, list[list[int]], list[list[int]]]:
        """Add paragraphs; return where they begin and end, and the stretches that are read and that are spoken."""
        if self.parts:
            self._write("\n\n")
        start = self.length
        read: list[list[int]] = []
        spoken: list[list[int]] = []
        for at, paragraph in enumerate(paragraphs):
            if at:
                self._write("\n\n")
            for run in paragraph.runs:
                begin = self.length
                self._write(fit_fields.printable(run.text))
                for wanted, spans in ((run.read or run.spoken, read), (run.spoken, spoken)):
                    if wanted:
                        self._mark(spans, begin, self.length)
        return start, self.length, read, spoken

    def _write(self, text: str) -> None:
        self.parts.append(text)
        self.length += len(text)

    @staticmethod
    def _mark(spans: list[list[int]], start: int, end: int) -> None:
        if spans and spans[-1][1] == start:
            spans[-1][1] = end
        else:
            spans.append([start, end])


def read_cards(cards: list[Card], draft: Draft) -> str:
    """Add a claim for each card, and return the text of the article that their quotes stand in."""
    body = Body()
    waiting: list[tuple[DraftClaim, list[list[int]], str]] = []
    for card in cards:
        place = f"paragraph {card.number}"
        at = card.cite()
        text = _lines(card.tag)
        key = f"card {card.number}"
        extra: dict[str, Any] = {"groups": card.groups} if card.groups else {}
        group = next(reversed(card.groups.values()), None)
        fields: dict[str, Any] = {}
        if group:
            fields["tags"] = (group_tag(group),)
        if at is None:
            draft.claims[key] = DraftClaim(None, text, ClaimKind.PREMISE, fields, extra)
            _read_analytics(card, key, draft)
            continue
        cite = card.below[at]
        whole = " ".join(cite.text.split())
        marked = head_of(cite)
        source = source_of_cite(whole, marked, cite.links, draft.losses, place)
        if source is not None:
            fields["source"] = source
        before = [_lines(paragraph) for paragraph in card.below[:at]]
        fields["note"] = fit_fields.many_lines(
            "\n".join([whole, *before]), limits.NOTE, draft.losses, place
        )
        start, end, read, spoken = body.add(card.below[at + 1 :])
        claim = DraftClaim(None, text, ClaimKind.EVIDENCE, fields, extra)
        extra["cite"] = whole[:1_500]
        if end > start:
            extra["body"] = [start, end]
            extra["spoken"] = _relative(spoken, start)
        if len(spoken) > MAX_SPANS:
            extra["spoken"] = _relative(spoken[:MAX_SPANS], start)
            more = f"More than {MAX_SPANS} spoken stretches of a card were left out."
            draft.losses.add(LossKind.QUOTE, more, (place,))
        draft.claims[key] = claim
        draft.refuse_many()
        waiting.append((claim, read, place))
    text = "".join(body.parts)
    if len(text) > limits.ARTICLE_TEXT:
        text = text[: limits.ARTICLE_TEXT]
        cut = f"The text of cards was cut after {limits.ARTICLE_TEXT:,} characters; quotes after it keep their words."
        draft.losses.add(LossKind.ARTICLE, cut)
    whole_text = "".join(body.parts)
    for claim, read, place in waiting:
        claim.fields["quotes"] = quotes_at(read, whole_text, text, draft, place)
        if claim.extra.get("body", [0, 0])[1] > len(text):
            claim.extra.pop("body")
            claim.extra.pop("spoken")
    return text


def _relative(spans: list[list[int]], start: int) -> list[list[int]]:
    """Return where stretches begin in a card and how long they are."""
    return [[begin - start, end - begin] for begin, end in spans]


def quotes_at(
    read: list[list[int]], whole: str, text: str, draft: Draft, place: str
) -> tuple[dict[str, Any], ...] | None:
    """Return quotes of the stretches that are read, at their places as far as the text of the article goes."""
    spans = [_trimmed(whole, start, end) for start, end in read]
    quotes = (
        fit_fields.span(text, start, end)
        or fit_fields.loose_quote(whole[start:end], draft.losses, place)
        for start, end in _at_most([span for span in spans if span[0] < span[1]], draft, place)
    )
    return fit_fields.quotes(quotes, draft.losses, place)


def _at_most(spans: list[tuple[int, int]], draft: Draft, place: str) -> list[list[int]]:
    """Join stretches that are read until there are no more than a claim may have quotes, the nearest first."""
    over = len(spans) - limits.QUOTES_PER_CLAIM
    if over <= 0:
        return [list(span) for span in spans]
    gaps = sorted(range(1, len(spans)), key=lambda at: (spans[at][0] - spans[at - 1][1], at))
    close = set(gaps[:over])
    joined: list[list[int]] = []
    for at, span in enumerate(spans):
        if at in close:
            joined[-1][1] = span[1]
        else:
            joined.append(list(span))
    many = f"A claim has at most {limits.QUOTES_PER_CLAIM} quotes; stretches of a card next to each other were joined."
    draft.losses.add(LossKind.QUOTE, many, (place,))
    return joined


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


def _read_analytics(card: Card, above: str, draft: Draft) -> None:
    """Add what stands below a tag without a cite: premises of it."""
    for at, paragraph in enumerate(card.below):
        key = f"{above}.{at}"
        draft.claims[key] = DraftClaim(None, _lines(paragraph), ClaimKind.PREMISE)
        draft.relations[f"to {key}"] = DraftRelation(None, RelationKind.SUPPORTS, [key], above)
        draft.refuse_many()


def _lines(paragraph: Paragraph) -> str:
    return "\n".join(" ".join(line.split()) for line in paragraph.text.split("\n")).strip()

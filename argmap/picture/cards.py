"""Claims as cards: boxes of known size with every line of text in its place."""

import re
from collections.abc import Iterable, Mapping
from math import ceil
from typing import NamedTuple

from argmap.model import ArgumentMap, Claim, ClaimKind, RelationKind
from argmap.model.order import Forest, forest
from argmap.picture import text
from argmap.picture.options import Options
from argmap.picture.outline import numbers_of
from argmap.picture.overlay import NO_NOTE, NO_OVERLAY, Note, Overlay
from argmap.picture.reading import scheme_of, words_of
from argmap.picture.theme import PAPER, Detail, Look, Medium, Role, Style

FOLD = 9  # side of the folded corner of evidence
TAG = 5  # points of a tag above a card's upper edge, and as many below it
TAG_LEFT, TAG_PAD = 8, 4  # of a tag: where it begins, and around its text
MAIN = 5  # claims of a tree from which on its thesis is a main one; and the largest always is
_FEW = (0, 4, 7)  # which widths large maps have
_LONG = 700  # letters from which on a text also comes in the widest cards
_AND = " · "
_LABEL_KEPT = 42  # letters of a text that stands for a label
_MARK_BELOW = 3  # above a line that is not the claim's own words
_NAME_KEPT = 36  # points of a name that a narrow card is widened for
_SENTENCE = re.compile(r"[.!?][\"”’']?(?=\s+[\"“‘(]?[^\W\d_a-z])")  # and then a capital
_SHORTEST_SENTENCE = 12
_SLUG = re.compile(r"[^\W_]+(?:_[^\W_]+)+")


class Block(NamedTuple):
    """Lines of text one below the other: x of the end where they begin, y of the first baseline, in points.

    Each line is its text and width. `leftwards`: their script runs from right to left, and x is the right end. `whole`
    has all the words where the lines end in an ellipsis. `kind` colours a line that leads to another claim.
    """

    role: Role
    x: int
    y: int
    leading: int
    lines: list[tuple[str, float]]
    leftwards: bool = False
    whole: str = ""
    kind: RelationKind | None = None


class Face(NamedTuple):
    """What decides how a claim's card looks, apart from its width.

    name: its id, after its number where numbers are shown. main: a thesis with much below it. plain: a thesis without
    reasons of its own, or one that says again what another says. scheme: of the step that it takes. links: where the
    claim leads or is led to from, without a line, by kind.
    """

    name: str
    note: Note = NO_NOTE
    look: Look = PAPER
    detail: Detail = Detail.FULL
    language: str = ""
    main: bool = False
    plain: bool = False
    scheme: str = ""
    links: tuple[tuple[RelationKind, str], ...] = ()


class Card(NamedTuple):
    """A claim as a box of `width` x `height` points.

    `tag` is the width of the tag on its upper edge, which holds the lines of `head`; 0 where that stands on the card.
    `bar` is the y of the bar that shows the strength in its note, where it has one. `shortened` says that it does not
    show all of its text.
    """

    claim: Claim
    width: int
    height: int
    head: tuple[Block, ...]
    blocks: tuple[Block, ...]
    tag: int
    shortened: bool
    bar: int | None
    face: Face

    def framed(self) -> bool:
        """Say whether the card has the double frame of a thesis with reasons."""
        return self.claim.kind is ClaimKind.THESIS and not self.face.plain


class Reference(NamedTuple):
    """A small card that stands for a claim which is drawn elsewhere."""

    claim: Claim
    width: int
    height: int
    block: Block
    look: Look


_REFERENCE_PAD, _REFERENCE_ABOVE, _REFERENCE_LINES = 10, 4, 2
_REFERENCE_LEAST = 96


def reference_of(claim: Claim, width: int, look: Look) -> Reference:
    """Return a reference to a claim, no wider than that many points."""
    style = look.styles["link"]
    words = f"{claim.id}\u2002{label_of(claim)}"
    needed = ceil(text.width(words, style)) + 2 * _REFERENCE_PAD + 2
    width = max(_REFERENCE_LEAST, min(width, needed))
    width -= width % 2
    lines, cut, _ = text.wrap(words, width - 2 * _REFERENCE_PAD, style, _REFERENCE_LINES)
    leftwards = text.runs_leftwards(words)
    x = width - _REFERENCE_PAD if leftwards else _REFERENCE_PAD
    block = Block(
        "link",
        x,
        _REFERENCE_ABOVE + style.baseline,
        style.leading,
        lines,
        leftwards,
        words if cut else "",
    )
    height = 2 * _REFERENCE_ABOVE + style.leading * len(lines)
    return Reference(claim, width, height + height % 2, block, look)


def sizes_of(card: Card, few: bool = False) -> list[tuple[int, int]]:
    """Return the widths that a card may have with the heights that they take, each lower than the one before.

    No width is among them in which words are torn that another holds whole. Nothing is set for that, only measured.
    """
    claim, face = card.claim, card.face
    look = face.look
    _, width, said = _topped(claim, face, look.widths[0])
    top, parts, bottom = _copy(claim, face, said)
    least, around = width, top + bottom + sum(part.gap for part in parts)
    widths = _widths_of(claim, look, few)
    found: list[tuple[int, int]] = []
    tears = True
    for width in sorted({max(width, least) for width in widths}):
        inner, height, most, torn = width - 2 * look.padding, around, 0, False
        for part in parts:
            lines, _, tearing = text.wrap(part.words, inner, part.style, language=face.language)
            height += part.style.leading * len(lines)
            most = max(most, len(lines))
            torn = torn or tearing
        if tears and not torn:
            found, tears = [], False
        if torn and not tears:
            continue
        height += height % 2
        if not found or height < found[-1][1]:
            found.append((width, height))
        if most <= 1:
            break  # it cannot become lower
    return found


def cards_of(
    map: ArgumentMap,
    overlay: Overlay = NO_OVERLAY,
    options: Options | None = None,
    trees: Forest | None = None,
) -> tuple[Card, ...]:
    """Return one card for each claim of a map, in the map's order; `trees` are those of the map, where known."""
    options = options or Options()
    trees = trees or forest(map, options.sides)
    names = numbers_of(trees) if options.numbers else {}
    sizes = _sizes(trees)
    most = max((sizes[root.id] for root in trees.roots), default=0)
    alone = {claim.id for claim in trees.loose}
    language = language_of(map) if options.style is Medium.PAPER else ""
    look, found = options.look(), []
    for claim in map.claims:
        id = claim.id
        relation = trees.above.get(id)
        face = Face(
            f"{names[id]}{_AND}{id}" if options.numbers else id,
            overlay.get(id, NO_NOTE),
            look,
            options.detail,
            language,
            claim.kind is ClaimKind.THESIS and sizes[id] >= min(MAIN, max(2, most)),
            id in alone
            or (relation is not None and relation.kind is RelationKind.RESTATES and sizes[id] == 1),
            scheme_of(relation) if relation and relation.sources[0] == id else "",
        )
        found.append(card_of(claim, face, _width(claim, look)))
    return tuple(found)


def language_of(map: ArgumentMap) -> str:
    """Return the language that a map is written in, or "" where it is not known."""
    return map.language or (map.article.language if map.article else None) or ""


def with_notes(cards: Iterable[Card], overlay: Overlay) -> tuple[Card, ...]:
    """Return cards once more with other notes laid over their claims."""
    return tuple(
        card_of(
            card.claim, card.face._replace(note=overlay.get(card.claim.id, NO_NOTE)), card.width
        )
        for card in cards
    )


def with_links(card: Card, links: Mapping[str, tuple[tuple[RelationKind, str], ...]]) -> Card:
    """Return a card with the links of its claim among these instead of those that it has."""
    own = links.get(card.claim.id, ())
    if own == card.face.links:
        return card
    return card_of(card.claim, card.face._replace(links=own), card.width)


def _widths_of(claim: Claim, look: Look, few: bool) -> tuple[int, ...]:
    widths = look.widths
    if len(claim.text) >= _LONG:
        return widths + look.long
    if few and len(widths) > max(_FEW):
        return tuple([widths[place] for place in _FEW])
    return widths


class _Part(NamedTuple):
    """What a card says in one style: which, its words, for a link its kind, and the gap above it."""

    role: Role
    words: str
    kind: RelationKind | None
    style: Style
    gap: int


def _topped(claim: Claim, face: Face, width: int) -> tuple[tuple[Block, ...], int, bool]:
    """Return the head of a card, the width that it needs, and whether the head says who says so."""
    look = face.look
    if look.labelled and not look.tagged:
        return (), width, False
    fold = FOLD + 2 if claim.kind is ClaimKind.EVIDENCE else 0
    head, wide, said = _head(claim, face, width, fold)
    needed = wide + TAG_LEFT + 2 + fold
    return head, max(width, 2 * ceil(needed / 2)), said  # halves are whole points


def _copy(claim: Claim, face: Face, said: bool) -> tuple[int, list[_Part], int]:
    """Return what stands on a card, the height above that, and the height below, with a bar for the strength."""
    look = face.look
    top = look.above
    if look.tagged:
        top += TAG - 2
    elif not look.labelled:
        top += look.styles["kind"].leading + look.between
    parts: list[_Part] = []
    for role, words, kind in _parts(claim, face, said):
        own = role in {"headline", "text"} or not look.tagged
        gap = (look.between if own else _MARK_BELOW) if parts else 0
        parts.append(_Part(role, words, kind, _style(role, claim, face), gap))
    barred = face.note.strength is not None and face.note.shows_strength
    bottom = look.below + (_MARK_BELOW + look.styles["strength"].leading if barred else 0)
    return top, parts, bottom


def card_of(claim: Claim, face: Face, width: int) -> Card:
    """Return a claim as a card of that width in points, or wider if the name needs it."""
    look, note = face.look, face.note
    head, width, said = _topped(claim, face, width)
    y, parts, bottom = _copy(claim, face, said)
    inner = width - 2 * look.padding
    blocks: list[Block] = []
    for role, words, kind, style, gap in parts:
        y += gap
        lines = text.wrap(words, inner, style, language=face.language).lines
        leftwards = text.runs_leftwards(words)
        x = width - look.padding if leftwards else look.padding
        blocks.append(Block(role, x, y + style.baseline, style.leading, lines, leftwards, "", kind))
        y += style.leading * len(lines)
    bar = None
    if note.strength is not None and note.shows_strength:
        style = look.styles["strength"]
        bar = y + _MARK_BELOW + style.leading // 2 - 2
        words = f"{note.strength:.0%}"
        line = (words, text.width(words, style))
        baseline = y + _MARK_BELOW + style.baseline
        blocks.append(Block("strength", width - look.padding, baseline, 0, [line]))
    height = y + bottom
    height += height % 2  # halves are whole points
    tag = _tag_width(head) if look.tagged else 0
    shortened = face.detail is not Detail.FULL and _shown_words(claim, face) != words_of(claim)
    return Card(claim, width, height, head, tuple(blocks), tag, shortened, bar, face)


def _tag_width(head: tuple[Block, ...]) -> int:
    last = head[-1]
    return ceil(last.x + last.lines[0][1]) + TAG_PAD - TAG_LEFT


def style_of(block: Block, card: Card) -> Style:
    """Return how a block of a card is set."""
    return _style(block.role, card.claim, card.face)


def _style(role: Role, claim: Claim, face: Face) -> Style:
    thesis = claim.kind is ClaimKind.THESIS and not face.plain
    if thesis and role == ("headline" if face.look.labelled else "text"):
        return face.look.thesis if face.main else face.look.lesser
    return face.look.styles[role]


def _width(claim: Claim, look: Look) -> int:
    """Choose a width for a card in ranks so that it is neither a column nor a strip."""
    if len(look.widths) == 1:
        return look.widths[0]
    characters = len(claim.text) + (60 if claim.kind is ClaimKind.THESIS else 0)
    for most, width in ((70, 148), (180, 196), (400, 230), (900, 270)):
        if characters <= most:
            return width
    return 380


def label_of(claim: Claim) -> str:
    """Return a claim's label, or the beginning of its text where it has none."""
    if claim.label:
        return claim.label
    words = " ".join(claim.text.split())
    if len(words) <= _LABEL_KEPT:
        return words
    kept = words[: _LABEL_KEPT - 1]
    return (kept.rpartition(" ")[0] or kept).rstrip(" ,;:.–—-") + text.ELLIPSIS


def readable(words: str) -> str:
    """Return a name with spaces where it was written as one word: `charge_for_plastic_bags`."""
    if "_" in words and _SLUG.fullmatch(words.strip()):
        words = words.strip().replace("_", " ")
        return words[0].upper() + words[1:]
    return words


def sentence_of(claim: Claim) -> str:
    """Return the first sentence of what a claim says."""
    words = words_of(claim)
    end = _SENTENCE.search(words, _SHORTEST_SENTENCE)
    return words[: end.end()] if end else words


def _shown_words(claim: Claim, face: Face) -> str:
    if face.detail is Detail.SHORT:
        return sentence_of(claim)
    return "" if face.detail is Detail.LABEL else words_of(claim)


def _parts(claim: Claim, face: Face, said: bool) -> list[tuple[Role, str, RelationKind | None]]:
    """Return what a card says, line by line; `said`: its head says who says so."""
    parts: list[tuple[Role, str, RelationKind | None]] = []
    look, note = face.look, face.note
    if face.detail is Detail.LABEL:
        parts.append(("headline", _bound(label_of(claim)), None))
    else:
        if claim.label:
            parts.append(("headline", _bound(claim.label), None))
        parts.append(("text", _bound(_shown_words(claim, face)), None))
        full = face.detail is Detail.FULL
        source = readable(claim.source.citation()) if claim.source and full and look.tagged else ""
        who = claim.speaker if claim.speaker and not said else ""
        if source:
            told = f"{who}, {source}" if who and not source.startswith(who) else source
            parts.append(("source", f"—\u00a0{told}", None))
        elif who:
            parts.append(("speaker", f"—\u00a0{who}", None))
    parts += [("mark", f"▲ {mark}", None) for mark in note.marks]
    if note.folded:
        parts.append(("folded", f"+ {note.folded_in_words()}", None))
    for words in note.see:
        arrow = "←" if words.startswith("from ") else "→"
        parts.append(("folded", f"{arrow} {words}", None))
    parts += [("link", words, kind) for kind, words in face.links]
    return parts


_LONE_SIGN = re.compile(r"(?<=[0-9]) (?=[%€$])")


def _bound(words: str) -> str:
    """Keep a number and its sign on one line."""
    return _LONE_SIGN.sub("\u00a0", words)


def _head(claim: Claim, face: Face, width: int, fold: int) -> tuple[tuple[Block, ...], int, bool]:
    """Return the blocks of a card's head, the width that they take, and whether they say who says so."""
    look = face.look
    word = _kind_word(claim, face)
    if not look.tagged:
        style = look.styles["kind"]
        line = (word, text.width(word, style))
        y = look.above + style.baseline
        return (Block("kind", look.padding, y, 0, [line]),), 0, False
    name, styles = face.name, look.styles
    room = width - TAG_LEFT - 2 - fold - 2 * TAG_PAD
    taken = text.width(_AND + word, styles["kind"]) if word else 0.0
    if text.width(name, styles["id"]) > room - taken:  # the number alone, before it is cut too
        name = name.partition(_AND)[0]
        least = max(room - taken, min(text.width(name, styles["id"]), _NAME_KEPT))
        name = text.shorten(name, least, styles["id"])[0]
    parts: list[tuple[Role, str]] = [("id", name)]
    taken += text.width(name, styles["id"])
    said = False
    if claim.speaker and face.detail is not Detail.LABEL:
        beside = text.width(_AND + claim.speaker, styles["scheme"])
        least = look.widths[0] - TAG_LEFT - 2 - fold - 2 * TAG_PAD
        cited = claim.source is not None and claim.source.citation().startswith(claim.speaker)
        if taken + beside <= least and not cited and not text.runs_leftwards(claim.speaker):
            parts.append(("scheme", f"· {claim.speaker}"))
            taken += beside
            said = True
    if word:
        parts.append(("kind", f"· {word}"))
    if face.scheme and face.detail is not Detail.LABEL and not text.runs_leftwards(face.scheme):
        left = room - taken - text.width(_AND, styles["scheme"])
        if left >= _NAME_KEPT:
            parts.append(("scheme", "· " + text.shorten(face.scheme, left, styles["scheme"])[0]))
    x = float(TAG_LEFT + TAG_PAD)
    blocks = []
    for role, words in parts:
        wide = text.width(words, styles[role])
        blocks.append(Block(role, ceil(x), 3, 0, [(words, wide)]))
        x = ceil(x) + wide + text.width(" ", styles[role])
    return tuple(blocks), _tag_width(tuple(blocks)), said


def _kind_word(claim: Claim, face: Face) -> str:
    """Return the word for what a claim is; in a tag a premise needs none, and neither does a thesis without reasons."""
    if face.note.question:
        return "QUESTION"
    bare = face.look.tagged and (
        claim.kind is ClaimKind.PREMISE or (claim.kind is ClaimKind.THESIS and face.plain)
    )
    words = [] if bare else [claim.kind.upper()]
    return _AND.join([*words, "IMPLICIT"] if claim.implicit else words)


def _sizes(trees: Forest) -> dict[str, int]:
    """Return for each claim how many claims its tree has from there on."""
    sizes: dict[str, int] = {claim.id: 1 for claim in trees.loose}
    order = [claim.id for claim in trees.roots]
    for id in order:  # grows while it is read
        for relation in trees.below.get(id, ()):
            order += [relation.id, *trees.own(relation)]
    relations = {relation.id for found in trees.below.values() for relation in found}
    for id in reversed(order):
        own = [each for r in trees.below.get(id, ()) for each in (r.id, *trees.own(r))]
        sizes[id] = sum(sizes[each] for each in own) + (id not in relations)
    return sizes

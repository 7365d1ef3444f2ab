"""A layout written as SVG: standalone, styled by classes, without scripts, every text escaped."""

import math
import re
from collections.abc import Iterable, Sequence
from functools import cache
from html import escape, unescape

from argmap.model import ArgumentMap, ClaimKind, Relation, RelationKind
from argmap.picture import text
from argmap.picture.cards import TAG, TAG_LEFT, Block, Card, readable, style_of
from argmap.picture.dot import Link
from argmap.picture.layout import Layout, Placed, Point
from argmap.picture.options import Letters, Options
from argmap.picture.overlay import NO_NOTE
from argmap.picture.reading import Reading, reading, scheme_of, spoken, words_of
from argmap.picture.svg.legend import legend
from argmap.picture.svg.script_runs import pieces
from argmap.picture.svg.shapes import arrow, curve, outline
from argmap.picture.svg.smaller import AROUND, smaller
from argmap.picture.svg.style import style_sheet
from argmap.picture.svg.thumb import write_thumb
from argmap.picture.theme import STYLES, Detail, Look, Medium, Role, Style

MARGIN = 20  # around the whole picture
LEGEND = MARGIN + 22  # of a legend in one row
_LEAST_WIDTH = 260  # that a title is wrapped to
_STRENGTH_WIDTH = 32  # kept at the right of a bar for the figure
_LEFTWARDS, _AS_BEFORE = "\u202b", "\u202c"
_SIDE = 4  # of a card, where no text is drawn
_OVERHANG = 2  # points that letters may reach out of the box of their lines


def write_svg(
    map: ArgumentMap,
    layout: Layout,
    options: Options,
    plain: bool = False,
    version: int | None = None,
) -> str:
    """Write a layout as one SVG document that can stand alone or be put into a page.

    `plain` leaves out what converters to other formats do not know: colours are not custom properties.
    `version` of the map stands in the foot.
    """
    if options.style is Medium.THUMB:
        return write_thumb(map, layout, options, _title(map), plain)
    prefix = options.id_prefix
    on_paper = options.style is Medium.PAPER
    room = max(layout.width, _LEAST_WIDTH)
    head, above = heading(map, room) if on_paper else ([], 0)
    wide = max([layout.width, *(wide for block in head for _, wide in block.lines)])
    below = round(layout.height)
    foot: list[str] = []
    if options.legend and map.claims:
        foot, deep = legend(map, layout, room, below + MARGIN)
        below += deep + MARGIN
        wide = max(wide, room)
    last, deep = footing(map, room, below, version) if on_paper else ([], 0)
    below += deep
    wide = max([wide, *(wide for block in last for _, wide in block.lines)])
    width, height = round(wide) + 2 * MARGIN, below + above + 2 * MARGIN
    frame = f'x="{-MARGIN}" y="{-MARGIN - above}" width="{width}" height="{height}"'
    classes = _classes(map, layout, [*head, *last], bool(foot), options.sizes)
    unit = "pt" if on_paper or plain else ""
    which = "" if on_paper else f" {options.style}"
    which += " labels" if options.detail is Detail.LABEL else ""
    style = style_sheet(options.theme, plain, classes, options.look())
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" class="argmap{which}" '
        f'role="graphics-document document" width="{width}{unit}" height="{height}{unit}" '
        f'viewBox="{-MARGIN} {-MARGIN - above} {width} {height}" '
        f'aria-labelledby="{prefix}title {prefix}desc">'
        f'<title id="{prefix}title">{escape(spoken(_title(map)))}</title>'
        f'<desc id="{prefix}desc">{escape(_description(map))}</desc>'
        f"<style>{style}</style>"
        f'<rect class="ground" {frame}/>'
    ]
    words = reading(map, layout.trees)
    for block in head:
        _line(block, parts, plain)
    _grounds(layout, options.look(), parts, plain)
    behind, lines = _relations(layout, words, prefix, plain)
    placed = {item.card.claim.id: item for item in layout.cards}
    parts += behind
    for claim in words.claims:
        sized = options.sizes and not plain
        _card(placed[claim.id], words.names[claim.id], prefix, options.focus, parts, plain, sized)
    _references(layout, parts, plain)
    parts += lines
    parts += foot
    for block in last:
        _line(block, parts, plain)
    parts.append("</svg>\n")
    written = "".join(parts)
    if options.font is Letters.EMBED and not plain:  # converters have their own
        written = _with_letters(written)
    return written


def _with_letters(svg: str) -> str:
    """Bring the letters of a picture's texts along."""
    from argmap.picture.export.fonts import faced  # brings a library along that few pictures need

    name, rule = faced(frozenset(unescape("".join(_WRITTEN.findall(svg)))))
    return svg.replace("<style>", f"<style>{rule}", 1).replace(
        "font-family:Inter,", f"font-family:{name},Inter,", 1
    )


_WRITTEN = re.compile("<text[^>]*>([^<]*)<")


def _classes(
    map: ArgumentMap, layout: Layout, around: Iterable[Block], legend: bool, sizes: bool
) -> frozenset[str]:
    """Return the classes of a picture that not every picture has."""
    found: set[str] = {claim.kind for claim in map.claims}
    found |= {relation.kind for relation in map.relations}
    found |= {"at-short", "at-label", "at-full"} if sizes else set()
    found |= {"family"} if layout.grounds else set()
    found |= {"heading"} if any(ground.label for ground in layout.grounds) else set()
    found |= {"tray"} if layout.trays else set()
    found |= {"reference", "frame", "link"} if layout.references else set()
    found |= {"ring"} if layout.junctions and not layout.in_ranks else set()
    found |= {"way"} if any(route.seen is not None for route in layout.routes) else set()
    for item in layout.cards:
        found |= {block.role for block in (*item.card.head, *item.card.blocks)}
        found |= {"main"} if item.card.face.main else set()
        found |= {"plain"} if "plain" in _ranks(item.card) else set()
        found |= {"question"} if item.card.face.note.question else set()
        found |= {"tag"} if item.card.tag else set()
    found |= {block.role for block in around}
    if any(claim.implicit for claim in map.claims) or any(r.implicit for r in map.relations):
        found.add("implicit")
    if "strength" in found:
        found |= {"bar", "measure"}
    if legend:  # it shows what is implicit as a premise, and what holds only together as a support
        found |= {"citation", ClaimKind.PREMISE, RelationKind.SUPPORTS}
    return frozenset(found)


def _title(map: ArgumentMap) -> str:
    return map.title or (map.article.title if map.article else "") or "Argument map"


def _description(map: ArgumentMap) -> str:
    claims, relations = len(map.claims), len(map.relations)
    of = f" of {spoken(map.article.citation())}" if map.article else ""
    return (
        f"An argument map{of}, with {claims} claim{'s' * (claims != 1)} "
        f"and {relations} relation{'s' * (relations != 1)}."
    )


def heading(map: ArgumentMap, width: float) -> tuple[list[Block], int]:
    """Set the title above the map; return it and the height that it takes."""
    blocks, deep = _set("title", readable(map.title), width, 0)
    above = deep + MARGIN if blocks else 0
    return [block._replace(y=block.y - above) for block in blocks], above


def footing(
    map: ArgumentMap, width: float, top: float, version: int | None = None
) -> tuple[list[Block], int]:
    """Set the article's citation and the map's version below the map; return them and the height that they take."""
    words = []
    if map.article and map.article.citation() not in {map.title, f"“{map.title}”"}:
        words.append(readable(map.article.citation()))
    words += [] if version is None else [f"version {version}"]
    blocks, deep = _set("citation", " · ".join(words), width, round(top) + MARGIN)
    return blocks, deep + MARGIN if blocks else 0


def _set(role: Role, words: str, width: float, top: int) -> tuple[list[Block], int]:
    if not words:
        return [], 0
    style = STYLES[role]
    lines, cut, _ = text.wrap(words, width, style, 2)
    leftwards = text.runs_leftwards(words)
    x = round(max(wide for _, wide in lines)) if leftwards else 0
    whole = words if cut else ""
    block = Block(role, x, top + style.baseline, style.leading, lines, leftwards, whole)
    return [block], style.leading * len(lines)


def _grounds(layout: Layout, look: Look, parts: list[str], plain: bool) -> None:
    """Draw what lies behind the cards: grounds of families, and of what counts together."""
    for x, y, width, height, label in layout.grounds:
        box = f'x="{round(x)}" y="{round(y)}" width="{round(width)}" height="{round(height)}"'
        parts.append(f'<rect class="family" {box} rx="8"/>')
        if label:
            style = look.styles["heading"]
            line = [(label, text.width(label, style))]
            at = round(y) + 5 + style.baseline
            _text(Block("heading", round(x) + 9, at, 0, line), style, parts, plain, look.tagged)
    for relation, x, y, width, height in layout.trays:
        box = f'x="{round(x)}" y="{round(y)}" width="{round(width)}" height="{round(height)}"'
        implicit = " implicit" if relation.implicit else ""
        parts.append(f'<rect class="tray {relation.kind}{implicit}" {box} rx="9"/>')


def _references(layout: Layout, parts: list[str], plain: bool) -> None:
    """Draw the cards that stand for claims elsewhere; the names of their relations say the same aloud."""
    for (claim, width, height, block, look), _, x, y in layout.references:
        parts.append(
            f'<g class="reference" data-refers="{claim.id}" aria-hidden="true" '
            f'transform="translate({round(x)} {round(y)})">'
            f'<rect class="frame" width="{width}" height="{height}" rx="9"/>'
            f"{_clipped(_SIDE, 0, width - 2 * _SIDE, height)}"
        )
        _text(block, look.styles[block.role], parts, plain, look.tagged)
        parts.append(f"{_CLIPPED}</g>")


def _relations(
    layout: Layout, words: Reading, prefix: str, plain: bool
) -> tuple[list[str], list[str]]:
    """Write the relations: those whose lines must run behind cards, and the others, which are read after the claims."""
    asked = {item.card.claim.id for item in layout.cards if item.card.face.note.question}
    drawn: dict[str, tuple[Relation, list[str]]] = {}
    hidden: set[str] = set()
    for link, points, runs_behind, seen, headed in layout.routes:
        relation = link.relation
        found = drawn.setdefault(relation.id, (relation, []))[1]
        way = _off_tags(points, layout, link)
        if seen is not None and not plain:  # seen when one points at the relation
            found.append(f'<path class="way" d="{curve(way)}"/>')
        if seen:
            way = [*_off_tags(points, layout, link)[:1], *seen[1:]]
        if link.arrow and headed:
            line, head = arrow(way)
            if seen != ():
                found.append(f'<path class="line" d="{line}"/>')
            found.append(f'<path class="head" d="{head}"/>')
        elif seen != ():
            found.append(f'<path class="line" d="{curve(way)}"/>')
        if runs_behind:
            hidden.add(relation.id)
    for junction in layout.junctions:
        x, y = round(junction.x), round(junction.y)
        if not layout.in_ranks:
            ring = f'<circle class="ring" cx="{x}" cy="{y}" r="3.4"/>'
            drawn[junction.relation.id][1].append(ring)
        elif len(junction.relation.sources) > 1:
            dot = f'<circle class="head" cx="{x}" cy="{y}" r="4"/>'
            drawn[junction.relation.id][1].append(dot)
    behind: list[str] = []
    before: list[str] = []
    for id, (relation, lines) in drawn.items():
        if scheme_of(relation):
            lines.insert(0, f"<title>{escape(spoken(scheme_of(relation)))}</title>")
        implicit = " implicit" if relation.implicit else ""
        implicit += " question" if relation.sources[0] in asked else ""
        (behind if id in hidden else before).append(
            f'<g id="{prefix}relation-{id}" class="relation {relation.kind}{implicit}" '
            f'data-relation="{id}" data-sources="{" ".join(relation.sources)}" '
            f'data-target="{relation.target}" role="img" '
            f'aria-label="{escape(words.names[id])}">{"".join(lines)}</g>'
        )
    return behind, before


def _tells(card: Card) -> bool:
    """Say whether the lines on a card are its claim's text but for blanks, as frontends may read it there."""
    words = words_of(card.claim)
    shown = "".join(line for b in card.blocks if b.role == "text" for line, _ in b.lines)
    return words == words.strip() and "".join(words.split()) == "".join(shown.split())


def _ranks(card: Card) -> str:
    """Return the class of a thesis that has much below it, or nothing."""
    if card.claim.kind is not ClaimKind.THESIS:
        return ""
    return " main" if card.face.main else " plain" if card.face.plain else ""


def _off_tags(points: Sequence[Point], layout: Layout, link: Link) -> Sequence[Point]:
    """Let a line that leaves or reaches a card's upper edge under its tag begin or end on the tag instead."""
    ends = [(link.start, 0, 1), (link.end, -1, -2)]
    for node, at, inwards in ends:
        if not 0 <= node < len(layout.cards):
            continue
        card, left, top = layout.cards[node]
        x, y = points[at]
        if y == top and 0 <= x - left - TAG_LEFT <= card.tag and points[inwards][1] < top:
            points = list(points)
            points[at] = x, y - TAG
    return points


def _card(
    placed: Placed,
    name: str,
    prefix: str,
    focus: str | None,
    parts: list[str],
    plain: bool,
    sized: bool,
) -> None:
    card, x, y = placed
    claim, width, height, note, face = (
        card.claim,
        card.width,
        card.height,
        card.face.note,
        card.face,
    )
    more = " implicit" if claim.implicit else ""
    if claim.quotes and words_of(claim) != claim.text:
        more += " quoted"
    more += _ranks(card)
    if note.question:
        more += " question"
    if claim.id == focus:
        more += " focus"
    if note is not NO_NOTE:
        more += f" {note.emphasis}" if note.emphasis else ""
        name += note.in_words()
    title = "" if _tells(card) else f"<title>{escape(spoken(words_of(claim)))}</title>"
    above = -TAG - 1 if card.tag else _SIDE
    # What is seen is in the name already; a link must stay within reach.
    parts.append(
        f'<g id="{prefix}claim-{claim.id}" class="claim {claim.kind}{more}" '
        f'data-claim="{claim.id}" transform="translate({round(x)} {round(y)})" '
        f'role="group" tabindex="0" aria-label="{escape(name)}">{title}'
        f"{outline(claim.kind, width, height, card.framed())}"
        f"{_clipped(_SIDE, above, width - 2 * _SIDE, height - _SIDE - above)}"
        f'<g aria-hidden="true">'
    )
    if card.tag:
        parts.append(
            f'<rect class="tag" x="{TAG_LEFT}" y="-{TAG}" '
            f'width="{card.tag}" height="{2 * TAG}" rx="{TAG}"/>'
        )
    fitted = face.look.tagged
    for block in card.head:
        _text(block, face.look.styles[block.role], parts, plain, fitted)
    if sized:
        for at, role, scale, lines, style, y in smaller(card):
            parts.append(
                f'<g class="{at}" transform="translate({AROUND} {y:.1f}) scale({scale:g})">'
            )
            block = Block(role, 0, style.baseline, style.leading, lines)
            _text(block, style, parts, plain, fitted)
            parts.append("</g>")
        parts.append('</g><g class="at-full" aria-hidden="true">')
    if card.bar is not None and note.strength is not None:
        room = width - 2 * face.look.padding - _STRENGTH_WIDTH
        place = f'x="{face.look.padding}" y="{card.bar}" height="4" rx="2"'
        filled = round(room * note.strength)
        parts.append(
            f'<rect class="bar" {place} width="{room}"/>'
            f'<rect class="measure" {place} width="{filled}"/>'
        )
    url = claim.source.url if claim.source and not plain else None
    linked = None
    for block in card.blocks:
        if url and block.role == "source":
            linked = block
        else:
            _text(block, style_of(block, card), parts, plain, fitted)
    parts.append("</g>")
    if url and linked:
        at_full = ' class="at-full"' if sized else ""
        parts.append(f'<a href="{escape(url)}"{at_full}>')
        _text(linked, style_of(linked, card), parts)
        parts.append("</a>")
    parts.append(f"{_CLIPPED}</g>")


# Letters that Inter lacks come from fonts whose marks may be stacked to any height, and no measure knows them. Nested
# documents clip in browsers, PNG and PDF alike. Without a viewBox: a page that styles every svg must not scale them.
def _clipped(x: int, y: int, width: int, height: int) -> str:
    """Open what shows nothing outside a box; the same coordinates go on inside."""
    return (
        f'<svg role="none" x="{x}" y="{y}" width="{width}" height="{height}">'
        f'<g transform="translate({-x} {-y})">'
    )


_CLIPPED = "</g></svg>"


def _line(block: Block, parts: list[str], plain: bool) -> None:
    """Write a text that stands on no card, clipped to the box of its lines."""
    style = STYLES[block.role]
    wide = math.ceil(max(wide for _, wide in block.lines))
    x = block.x - wide if block.leftwards else block.x
    parts.append(
        _clipped(
            x - _OVERHANG,
            block.y - style.baseline - _OVERHANG,
            wide + 2 * _OVERHANG,
            style.leading * len(block.lines) + 2 * _OVERHANG,
        )
    )
    _text(block, style, parts, plain)
    parts.append(_CLIPPED)


def _text(
    block: Block, style: Style, parts: list[str], plain: bool = False, fitted: bool = True
) -> None:
    """Write lines of text; `fitted` squeezes or spaces them to the width that they were measured to have."""
    role, x, y, leading, lines, leftwards, whole, kind = block
    titled = whole and not plain
    if titled:
        parts.append(f"<g><title>{escape(spoken(whole))}</title>")
    more = f" {kind}" if kind else ""
    opening = f'<text class="{role}{more}" x="{x}" y="'
    ending = ' direction="rtl">' if leftwards else ">"  # also a line that has only Latin letters
    for words, width in lines:
        if plain and not leftwards and not text.is_covered(words):
            parts.append(pieces(words, width, x, y, role, style))
            y += leading
            continue
        if "&" in words or "<" in words or ">" in words:
            words = escape(words, quote=False)
        fit = f' textLength="{round(width)}"' if fitted else ""
        if fitted and not words.isascii() and _joined().search(words):
            fit += ' lengthAdjust="spacingAndGlyphs"'
        if plain and leftwards:  # converters order words as if every line ran rightwards
            words = f"{_LEFTWARDS}{words}{_AS_BEFORE}"
        parts.append(f'{opening}{y}"{fit}{ending}{words}</text>')
        y += leading
    if titled:
        parts.append("</g>")


@cache
def _joined() -> re.Pattern[str]:
    """Return what finds letters that are joined or shaped by their neighbours: they must not be spaced out to fit."""
    return re.compile("[\u0590-\u1fff\u2c00-\ufaff\U00010000-\U0010ffff]")  # takes milliseconds

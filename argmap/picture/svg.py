"""A layout written as SVG: standalone, styled by classes, without scripts, every text escaped."""

import re
from html import escape

from argmap.model import ArgumentMap, Relation
from argmap.picture import text
from argmap.picture.cards import PADDING, Block
from argmap.picture.layout import Layout, Placed, Route
from argmap.picture.legend import legend
from argmap.picture.options import Options
from argmap.picture.overlay import NO_NOTE
from argmap.picture.reading import Reading, reading
from argmap.picture.shapes import arrow, curve, outline
from argmap.picture.style import style_sheet
from argmap.picture.theme import STYLES, Role

MARGIN = 20  # around the whole picture
_LEAST_WIDTH = 260  # that a title is wrapped to
# Letters that are joined or shaped by their neighbours must not be spaced out to fit.
_JOINED = re.compile("[\u0590-\u1fff\u2c00-\ufaff\U00010000-\U0010ffff]")
_OPENINGS = {role: f'<text class="{role}" x="' for role in STYLES}
_STRENGTH_WIDTH = 32  # kept at the right of a bar for the figure
_UNFITTED = {"kind", "id", "strength"}  # short, with room beside them


def write_svg(map: ArgumentMap, layout: Layout, options: Options, plain: bool = False) -> str:
    """Write a layout as one SVG document that can stand alone or be put into a page.

    `plain` leaves out what converters to other formats do not know: colours are not custom properties.
    """
    prefix = options.id_prefix
    room = max(layout.width, _LEAST_WIDTH)
    head, above = heading(map, room)
    wide = max([layout.width, *(wide for block in head for _, wide in block.lines)])
    below = round(layout.height)
    foot: list[str] = []
    if options.legend and map.claims:
        foot, deep = legend(map, room, below + MARGIN)
        below += deep + MARGIN
        wide = max(wide, room)
    width, height = round(wide) + 2 * MARGIN, below + above + 2 * MARGIN
    frame = f'x="{-MARGIN}" y="{-MARGIN - above}" width="{width}" height="{height}"'
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" class="argmap" role="graphics-document document" '
        f'width="{width}pt" height="{height}pt" viewBox="{-MARGIN} {-MARGIN - above} {width} {height}" '
        f'aria-labelledby="{prefix}title {prefix}desc">'
        f'<title id="{prefix}title">{escape(_title(map))}</title>'
        f'<desc id="{prefix}desc">{escape(_description(map))}</desc>'
        f"<style>{style_sheet(options.theme, plain)}</style>"
        f'<rect class="ground" {frame}/>'
    ]
    words = reading(map)
    for block in head:
        _text(block, parts)
    behind, lines = _relations(layout, words, prefix)
    placed = {item.card.claim.id: item for item in layout.cards}
    parts += behind
    for claim in words.claims:
        _card(placed[claim.id], words.names[claim.id], prefix, options.focus, parts)
    parts += lines
    parts += foot
    parts.append("</svg>\n")
    return "".join(parts)


def _title(map: ArgumentMap) -> str:
    return map.title or (map.article.title if map.article else "") or "Argument map"


def _description(map: ArgumentMap) -> str:
    claims, relations = len(map.claims), len(map.relations)
    of = f" of {map.article.citation()}" if map.article else ""
    return (
        f"An argument map{of}, with {claims} claim{'s' * (claims != 1)} "
        f"and {relations} relation{'s' * (relations != 1)}."
    )


def heading(map: ArgumentMap, width: float) -> tuple[list[Block], int]:
    """Set the title and the article's citation above the map; return them and the height that they take."""
    words: list[tuple[Role, str]] = [("title", map.title)] if map.title else []
    if map.article:
        words.append(("citation", map.article.citation()))
    y = 0
    blocks: list[Block] = []
    for role, content in words:
        style = STYLES[role]
        lines = text.wrap(content, width, style, 2).lines
        leftwards = text.runs_leftwards(content)
        x = round(max(wide for _, wide in lines)) if leftwards else 0
        blocks.append(Block(role, x, y + style.baseline, style.leading, lines, leftwards))
        y += style.leading * len(lines)
    above = y + MARGIN if blocks else 0
    return [block._replace(y=block.y - above) for block in blocks], above


def _relations(layout: Layout, words: Reading, prefix: str) -> tuple[list[str], list[str]]:
    """Write the relations: those whose lines must run behind cards, and the others, which are read after the claims."""
    drawn: dict[str, tuple[Relation, list[str]]] = {}
    hidden: set[str] = set()
    for route in layout.routes:
        relation = route.link.relation
        drawn.setdefault(relation.id, (relation, []))[1].append(_line(route))
        if route.behind:
            hidden.add(relation.id)
    for junction in layout.junctions:
        if len(junction.relation.sources) > 1:
            x, y = round(junction.x), round(junction.y)
            dot = f'<circle class="head" cx="{x}" cy="{y}" r="4"/>'
            drawn[junction.relation.id][1].append(dot)
    behind: list[str] = []
    before: list[str] = []
    for id, (relation, lines) in drawn.items():
        implicit = " implicit" if relation.implicit else ""
        (behind if id in hidden else before).append(
            f'<g id="{prefix}relation-{id}" class="relation {relation.kind}{implicit}" '
            f'data-relation="{id}" data-sources="{" ".join(relation.sources)}" '
            f'data-target="{relation.target}" role="img" '
            f'aria-label="{words.names[id]}">{"".join(lines)}</g>'
        )
    return behind, before


def _line(route: Route) -> str:
    if not route.link.arrow:
        return f'<path class="line" d="{curve(route.points)}"/>'
    line, head = arrow(route.points)
    return f'<path class="line" d="{line}"/><path class="head" d="{head}"/>'


def _card(placed: Placed, name: str, prefix: str, focus: str | None, parts: list[str]) -> None:
    card = placed.card
    claim = card.claim
    more = " implicit" if claim.implicit else ""
    if claim.id == focus:
        more += " focus"
    if card.note is not NO_NOTE:
        more += f" {card.note.emphasis}" if card.note.emphasis else ""
        name += card.note.in_words()
    parts.append(
        f'<g id="{prefix}claim-{claim.id}" class="claim {claim.kind}{more}" '
        f'data-claim="{claim.id}" transform="translate({round(placed.x)} {round(placed.y)})" '
        f'role="group" tabindex="0" aria-label="{escape(name)}">'
    )
    if card.shortened:
        parts.append(f"<title>{escape(claim.text)}</title>")
    # What is seen is in the name already; a link must stay within reach.
    parts.append(f'<g aria-hidden="true">{outline(claim.kind, card.width, card.height)}')
    if card.bar is not None and card.note.strength is not None:
        room = card.width - 2 * PADDING - _STRENGTH_WIDTH
        bar = f'x="{PADDING}" y="{card.bar}" height="4" rx="2"'
        filled = round(room * card.note.strength)
        parts.append(f'<rect class="bar" {bar} width="{room}"/>')
        parts.append(f'<rect class="measure" {bar} width="{filled}"/>')
    url = claim.source.url if claim.source else None
    linked = None
    for block in card.blocks:
        if url and block.role == "source":
            linked = block
        else:
            _text(block, parts)
    parts.append("</g>")
    if url and linked:
        parts.append(f'<a href="{escape(url)}">')
        _text(linked, parts)
        parts.append("</a>")
    parts.append("</g>")


def _text(block: Block, parts: list[str]) -> None:
    role, x, y, leading, lines, leftwards = block
    opening = f'{_OPENINGS[role]}{x}" y="'
    fitted = role not in _UNFITTED
    for words, width in lines:
        if not words.isalnum() and ("&" in words or "<" in words or ">" in words):
            words = escape(words, quote=False)
        fit = f'" textLength="{width:.0f}' if fitted else ""
        if fit and not words.isascii() and _JOINED.search(words):
            fit += '" lengthAdjust="spacingAndGlyphs'
        if leftwards:  # also a line that has only Latin letters
            fit += '" direction="rtl'
        parts.append(f'{opening}{y}{fit}">{words}</text>')
        y += leading

"""A layout written as SVG: standalone, styled by classes, without scripts, every text escaped."""

import re
from html import escape

from argmap.model import ArgumentMap, Claim, Relation
from argmap.picture import text
from argmap.picture.cards import Line
from argmap.picture.layout import Layout, Placed, Route
from argmap.picture.options import Options
from argmap.picture.shapes import arrow, curve, outline
from argmap.picture.style import style_sheet
from argmap.picture.theme import STYLES, Role

MARGIN = 20  # around the whole picture
_LEAST_WIDTH = 260  # that a title is wrapped to
# Letters that are joined or shaped by their neighbours must not be spaced out to fit.
_JOINED = re.compile("[\u0590-\u1fff\u2c00-\ufaff\U00010000-\U0010ffff]")
_OPENINGS = {role: f'<text class="{role}" x="' for role in STYLES}
_UNFITTED = {"kind", "id"}  # short, with room beside them


def write_svg(map: ArgumentMap, layout: Layout, options: Options) -> str:
    """Write a layout as one SVG document that can stand alone or be put into a page."""
    prefix = options.id_prefix
    head, above = _heading(map, max(layout.width, _LEAST_WIDTH))
    width = round(max([layout.width, *(line.width for line in head)])) + 2 * MARGIN
    height = round(layout.height) + above + 2 * MARGIN
    frame = f'x="{-MARGIN}" y="{-MARGIN - above}" width="{width}" height="{height}"'
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" class="argmap" role="graphics-document document" '
        f'width="{width}pt" height="{height}pt" viewBox="{-MARGIN} {-MARGIN - above} {width} {height}" '
        f'aria-labelledby="{prefix}title {prefix}desc">'
        f'<title id="{prefix}title">{escape(_title(map))}</title>'
        f'<desc id="{prefix}desc">{escape(_description(map))}</desc>'
        f"<style>{style_sheet()}</style>"
        f'<rect class="ground" {frame}/>'
    ]
    parts += [_text(line) for line in head]
    parts += _relations(layout, prefix)
    parts += [_card(placed, prefix) for placed in layout.cards]
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


def _heading(map: ArgumentMap, width: float) -> tuple[list[Line], int]:
    """Set the title and the article's citation above the map; return them and the height that they take."""
    words: list[tuple[Role, str, int]] = [("title", map.title, 2)]
    if map.article:
        words.append(("citation", map.article.citation(), 2))
    set_lines: list[tuple[Role, str, float, bool]] = []
    for role, content, most in words:
        wrapped = text.wrap(content, width, STYLES[role], most).lines
        leftwards = text.runs_leftwards(content)
        set_lines += [(role, line, wide, leftwards) for line, wide in wrapped]
    if not set_lines:
        return [], 0
    above = sum(STYLES[role].leading for role, *_ in set_lines) + MARGIN
    y = -above
    lines = []
    for role, line, wide, leftwards in set_lines:
        x = round(wide) if leftwards else 0
        lines.append(Line(role, line, x, y + STYLES[role].baseline, wide, leftwards))
        y += STYLES[role].leading
    return lines, above


def _relations(layout: Layout, prefix: str) -> list[str]:
    drawn: dict[str, tuple[Relation, list[str]]] = {}
    for route in layout.routes:
        relation = route.link.relation
        drawn.setdefault(relation.id, (relation, []))[1].append(_line(route))
    for junction in layout.junctions:
        if len(junction.relation.sources) > 1:
            x, y = round(junction.x), round(junction.y)
            dot = f'<circle class="head" cx="{x}" cy="{y}" r="4"/>'
            drawn[junction.relation.id][1].append(dot)
    return [
        f'<g id="{prefix}relation-{id}" class="relation {relation.kind}'
        f'{" implicit" if relation.implicit else ""}" data-relation="{id}">{"".join(lines)}</g>'
        for id, (relation, lines) in drawn.items()
    ]


def _line(route: Route) -> str:
    if not route.link.arrow:
        return f'<path class="line" d="{curve(route.points)}"/>'
    line, head = arrow(route.points)
    return f'<path class="line" d="{line}"/><path class="head" d="{head}"/>'


def _card(placed: Placed, prefix: str) -> str:
    card = placed.card
    claim = card.claim
    implicit = " implicit" if claim.implicit else ""
    parts = [
        f'<g id="{prefix}claim-{claim.id}" class="claim {claim.kind}{implicit}" '
        f'data-claim="{claim.id}" transform="translate({round(placed.x)} {round(placed.y)})">'
    ]
    if card.shortened:
        parts.append(f"<title>{escape(claim.text)}</title>")
    parts.append(outline(claim.kind, card.width, card.height))
    linked = claim.source is not None and claim.source.url is not None
    for line in card.lines:
        parts.append(_linked(claim, line) if linked and line.role == "source" else _text(line))
    parts.append("</g>")
    return "".join(parts)


def _linked(claim: Claim, line: Line) -> str:
    url = claim.source.url if claim.source else None
    return f'<a href="{escape(url or "")}">{_text(line)}</a>'


def _text(line: Line) -> str:
    role, words, x, y, width, leftwards = line
    if "&" in words or "<" in words or ">" in words:
        words = escape(words, quote=False)
    fit = f' textLength="{width:.0f}"' if role not in _UNFITTED else ""
    if not words.isascii():
        if fit and _JOINED.search(words):
            fit += ' lengthAdjust="spacingAndGlyphs"'
        if leftwards:
            fit += ' direction="rtl"'
    return f'{_OPENINGS[role]}{x}" y="{y}"{fit}>{words}</text>'

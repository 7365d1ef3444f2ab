"""A layout written as SVG: standalone, styled by classes, without scripts, every text escaped."""

import math
from functools import cache
from html import escape

from argmap.model import ArgumentMap, ClaimKind, RelationKind
from argmap.picture.cards import Card
from argmap.picture.layout import Layout, Placed, Point, Route
from argmap.picture.options import Options
from argmap.picture.theme import FONTS, LIGHT, STYLES, THESIS_TEXT

HEAD = 8.0  # length of an arrow's head in points
_FOLD = 12.0
_CUT = 9.0


def svg(map: ArgumentMap, layout: Layout, options: Options) -> str:
    """Write a layout as one SVG document that can stand alone or be put into a page."""
    prefix = options.id_prefix
    width, height = _number(layout.width), _number(layout.height)
    title = map.title or (map.article.title if map.article else "") or "Argument map"
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" class="argmap" role="graphics-document document" '
        f'width="{width}pt" height="{height}pt" viewBox="0 0 {width} {height}" '
        f'aria-labelledby="{prefix}title {prefix}desc">'
        f'<title id="{prefix}title">{escape(title)}</title>'
        f'<desc id="{prefix}desc">{escape(_description(map))}</desc>'
        f"<style>{style_sheet()}</style>"
        f'<rect class="ground" width="100%" height="100%"/>'
    ]
    parts += _relations(layout, prefix)
    parts += [_card(placed, prefix) for placed in layout.cards]
    parts.append("</svg>\n")
    return "".join(parts)


@cache
def style_sheet() -> str:
    """Return the CSS of a picture, every rule under `.argmap` so that it keeps to the picture."""
    p = LIGHT
    rules = [
        f"{{font-family:{FONTS};font-variation-settings:'opsz' 14}}",
        f" .ground{{fill:{p.ground}}}",
        f" text{{fill:{p.text};white-space:pre}}",
        " .card{stroke-width:1.1} .thesis .card{stroke-width:1.6} .inner{fill:none;stroke-width:.7}",
        " .implicit .card,.argmap .implicit .inner{stroke-dasharray:5 3.2}",
        f" .id,.argmap .source{{fill:{p.muted}}}",
        " .line{fill:none;stroke-width:1.5}",
        " .attacks .line{stroke-dasharray:6 3.6;stroke-width:1.7}",
        " .restates .line{stroke-dasharray:1.5 3;stroke-linecap:round}",
        " a text{text-decoration:underline}",
    ]
    for role, style in STYLES.items():
        rules.append(f" .{role}{{font-size:{style.size:g}px;font-weight:{style.weight}}}")
    rules.append(
        f" .thesis .text{{font-size:{THESIS_TEXT.size:g}px;font-weight:{THESIS_TEXT.weight}}}"
    )
    for kind in ClaimKind:
        rules.append(f" .{kind} .card{{fill:{p.card[kind]}}}")
        rules.append(f" .{kind} .card,.argmap .{kind} .inner{{stroke:{p.ink[kind]}}}")
        rules.append(f" .{kind} .kind{{fill:{p.ink[kind]}}}")
    for relation in RelationKind:
        rules.append(f" .{relation} .line,.argmap .{relation} .open{{stroke:{p.line[relation]}}}")
        rules.append(f" .{relation} .head{{fill:{p.line[relation]}}}")
    return "".join(f".argmap{rule}" for rule in rules)


def _description(map: ArgumentMap) -> str:
    return f"An argument map with {len(map.claims)} claims and {len(map.relations)} relations."


def _relations(layout: Layout, prefix: str) -> list[str]:
    drawn: dict[str, list[str]] = {}
    meetings = {junction.relation.id: junction for junction in layout.junctions}
    for route in layout.routes:
        drawn.setdefault(route.link.relation.id, []).append(_line(route))
    parts: list[str] = []
    for route in layout.routes:
        relation = route.link.relation
        if relation.id not in drawn:
            continue
        lines = drawn.pop(relation.id)
        meeting = meetings.get(relation.id)
        if meeting and len(relation.sources) > 1:
            x, y = _number(meeting.x), _number(meeting.y)
            lines.append(f'<circle class="head" cx="{x}" cy="{y}" r="4"/>')
        implicit = " implicit" if relation.implicit else ""
        parts.append(
            f'<g id="{prefix}relation-{relation.id}" class="relation {relation.kind}{implicit}" '
            f'data-relation="{relation.id}">{"".join(lines)}</g>'
        )
    return parts


def _line(route: Route) -> str:
    points = route.points
    if not route.link.arrow:
        return f'<path class="line" d="{_curve(points)}"/>'
    tip = points[-1]
    dx, dy = _heading(points)
    neck = (tip[0] - dx * HEAD, tip[1] - dy * HEAD)
    sides = [(neck[0] - dy * s, neck[1] + dx * s) for s in (HEAD * 0.42, -HEAD * 0.42)]
    head = " ".join(f"{_number(x)},{_number(y)}" for x, y in (sides[0], tip, sides[1]))
    line = (*points[:-1], neck)
    return f'<path class="line" d="{_curve(line)}"/><polygon class="head" points="{head}"/>'


def _heading(points: tuple[Point, ...]) -> Point:
    """Return the direction of a line at its end, as a vector of length 1."""
    x, y = points[-1]
    for before in reversed(points[:-1]):
        dx, dy = x - before[0], y - before[1]
        length = math.hypot(dx, dy)
        if length > 0.5:
            return dx / length, dy / length
    return 0.0, -1.0


def _curve(points: tuple[Point, ...]) -> str:
    numbers = [f"{_number(x)} {_number(y)}" for x, y in points]
    return f"M{numbers[0]}C{' '.join(numbers[1:])}"


def _card(placed: Placed, prefix: str) -> str:
    card = placed.card
    claim = card.claim
    implicit = " implicit" if claim.implicit else ""
    parts = [
        f'<g id="{prefix}claim-{claim.id}" class="claim {claim.kind}{implicit}" '
        f'data-claim="{claim.id}" transform="translate({_number(placed.x)} {_number(placed.y)})">'
    ]
    if card.shortened:
        parts.append(f"<title>{escape(claim.text)}</title>")
    parts.append(_outline(card))
    for line in card.lines:
        parts.append(
            f'<text class="{line.role}" x="{_number(line.x)}" y="{_number(line.y)}" '
            f'textLength="{_number(line.width)}" lengthAdjust="spacingAndGlyphs">'
            f"{escape(line.text, quote=False)}</text>"
        )
    parts.append("</g>")
    return "".join(parts)


def _outline(card: Card) -> str:
    """Draw the shape that tells the kind: double frame, round corners, folded sheet, cut corners."""
    w, h = card.width, card.height
    width, height = _number(w), _number(h)
    match card.claim.kind:
        case ClaimKind.THESIS:
            inner = f'width="{_number(w - 6)}" height="{_number(h - 6)}"'
            return (
                f'<rect class="card" width="{width}" height="{height}" rx="3"/>'
                f'<rect class="inner" x="3" y="3" {inner} rx="1.5"/>'
            )
        case ClaimKind.PREMISE:
            return f'<rect class="card" width="{width}" height="{height}" rx="8"/>'
        case ClaimKind.EVIDENCE:
            f = _FOLD
            return (
                f'<path class="card" d="M0 0H{_number(w - f)}L{width} {f:g}V{height}H0Z"/>'
                f'<path class="inner" d="M{_number(w - f)} 0V{f:g}H{width}"/>'
            )
        case ClaimKind.REBUTTAL:
            c = _CUT
            return (
                f'<path class="card" d="M{c:g} 0H{_number(w - c)}L{width} {c:g}V{_number(h - c)}'
                f'L{_number(w - c)} {height}H{c:g}L0 {_number(h - c)}V{c:g}Z"/>'
            )


def _number(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")

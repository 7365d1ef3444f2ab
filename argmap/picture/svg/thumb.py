"""A layout as a small picture without text, for lists of maps: shapes, lines, and one name for the whole."""

from html import escape

from argmap.model import ArgumentMap, ClaimKind
from argmap.picture.layout import Layout
from argmap.picture.options import Options
from argmap.picture.reading import spoken
from argmap.picture.svg.shapes import curve, outline
from argmap.picture.svg.style import style_sheet

_AROUND = 12  # the whole, in points
_RULES = (
    ".argmap .card,.argmap .line,.argmap .tray{vector-effect:non-scaling-stroke;stroke-width:1.2}"
    ".argmap .attacks .line{stroke-dasharray:3 2}.argmap .implicit .card{stroke-dasharray:3 2}"
)


def write_thumb(map: ArgumentMap, layout: Layout, options: Options, name: str, plain: bool) -> str:
    """Write a layout without its text; `name` is what it is called when read aloud."""
    prefix = options.id_prefix
    width, height = round(layout.width) + 2 * _AROUND, round(layout.height) + 2 * _AROUND
    classes: set[str] = {claim.kind for claim in map.claims}
    classes |= {relation.kind for relation in map.relations} | {"implicit", "tray"}
    found = [
        f'<svg xmlns="http://www.w3.org/2000/svg" class="argmap thumb" role="img" '
        f'width="{width}pt" height="{height}pt" viewBox="{-_AROUND} {-_AROUND} {width} {height}" '
        f'aria-labelledby="{prefix}title"><title id="{prefix}title">{escape(spoken(name))}</title>'
        f"<style>{style_sheet(options.theme, plain, frozenset(classes))}{_RULES}</style>"
        f'<rect class="ground" x="{-_AROUND}" y="{-_AROUND}" width="{width}" height="{height}"/>'
    ]
    for tray in layout.trays:
        box = f'x="{round(tray.x)}" y="{round(tray.y)}" width="{round(tray.width)}"'
        kind = tray.relation.kind
        found.append(f'<rect class="tray {kind}" {box} height="{round(tray.height)}" rx="9"/>')
    for route in layout.routes:
        points = route.points if route.seen is None else route.seen
        if len(points) > 1:
            kind = route.link.relation.kind
            found.append(f'<g class="{kind}"><path class="line" d="{curve(points)}"/></g>')
    for card, x, y in layout.cards:
        claim = card.claim
        more = " implicit" if claim.implicit else ""
        more += " plain" if card.face.plain and claim.kind is ClaimKind.THESIS else ""
        shape = outline(claim.kind, card.width, card.height, framed=False)
        found.append(
            f'<g class="claim {claim.kind}{more}" data-claim="{claim.id}" '
            f'transform="translate({round(x)} {round(y)})">{shape}</g>'
        )
    found.append("</svg>\n")
    return "".join(found)

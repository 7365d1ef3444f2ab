"""What shapes and lines mean, below a map: only what the map has."""

from collections.abc import Iterator

from argmap.model import ArgumentMap, ClaimKind, RelationKind
from argmap.picture import text
from argmap.picture.layout import Layout
from argmap.picture.svg.shapes import HEAD, outline
from argmap.picture.theme import STYLES

_WIDE, _HIGH = 34, 22  # of a sample
_GAP, _APART = 6, 22  # between a sample and its word, and between entries
_ROW = 32
_STYLE = STYLES["citation"]
_LINES = {
    RelationKind.SUPPORTS: "supports",
    RelationKind.ATTACKS: "attacks",
    RelationKind.RESTATES: "says the same",
}


def legend(map: ArgumentMap, layout: Layout, width: float, top: int) -> tuple[list[str], int]:
    """Return the legend of a map as pieces of SVG, in rows up to `width` points, and the height that it takes."""
    parts: list[str] = []
    x, y = 0, top
    for classes, sample, word in _entries(map, layout):
        opened = f' class="{classes}"' if classes else ""
        wide = _WIDE + _GAP + round(text.width(word, _STYLE))
        if x and x + wide > width:
            x, y = 0, y + _ROW
        baseline = _HIGH // 2 + round(_STYLE.size * 0.36)
        parts.append(
            f'<g{opened} transform="translate({x} {y})">{sample}'
            f'<text class="citation" x="{_WIDE + _GAP}" y="{baseline}">{word}</text></g>'
        )
        x += wide + _APART
    return parts, y - top + _HIGH


def _entries(map: ArgumentMap, layout: Layout) -> Iterator[tuple[str, str, str]]:
    kinds = {claim.kind for claim in map.claims}
    for kind in ClaimKind:
        if kind in kinds:
            yield f"{kind}", outline(kind, _WIDE, _HIGH), kind.capitalize()
    if any(claim.implicit for claim in map.claims):
        sample = outline(ClaimKind.PREMISE, _WIDE, _HIGH)
        yield "premise implicit", sample, "implicit: never said"
    relations = {relation.kind for relation in map.relations}
    middle = _HIGH // 2
    for relation, word in _LINES.items():
        if relation in relations:
            head = f'<path class="head" d="M{_WIDE} {middle}l-{HEAD}-3.4v6.8z"/>'
            yield f"{relation}", f'<path class="line" d="M0 {middle}H{_WIDE - 6}"/>{head}', word
    steps = {relation.target for relation in map.relations if map.relation(relation.target)}
    on_step = next((r.kind for r in map.relations if r.target in steps), None)
    up = (
        f'<path class="head" d="M11.3 {_HIGH}V6h1.4V{_HIGH}z"/>'
        f'<path class="head" d="M12 0l-3.4 {HEAD}h6.8z"/>'
    )
    if on_step and layout.in_ranks:
        sample = (
            f'<g class="supports">{up}</g><path class="line" d="M{_WIDE} {middle}H18"/>'
            f'<path class="head" d="M12 {middle}l{HEAD}-3.4v6.8z"/>'
        )
        yield f"{on_step}", sample, "about a step"
    elif on_step:
        ring = f'<circle class="ring" cx="12" cy="{middle + 3}" r="3.4"/>'
        sample = (
            f'<path class="line" d="M{_WIDE} {middle + 3}H16"/><g class="supports">{up}{ring}</g>'
        )
        yield f"{on_step}", sample, "about a step"
    if any(len(relation.sources) > 1 for relation in map.relations) and layout.in_ranks:
        sample = (
            f'<path class="line" d="M0 2C12 2 12 {middle} 20 {middle}M0 {_HIGH - 2}'
            f'C12 {_HIGH - 2} 12 {middle} 20 {middle}H{_WIDE}"/>'
            f'<circle class="head" cx="20" cy="{middle}" r="4"/>'
        )
        yield "supports", sample, "only together"
    elif layout.trays:
        sample = f'<rect class="tray supports" width="{_WIDE}" height="{_HIGH}" rx="7"/>'
        yield "supports", sample, "only together"
    faces = [item.card.face for item in layout.cards]
    if any(face.links for face in faces):
        sample = f'<text class="link" x="6" y="{middle + 3}">→ c3</text>'
        yield "", sample, "leads to c3"
    if layout.references:
        sample = f'<rect class="frame" y="3" width="{_WIDE}" height="{_HIGH - 6}" rx="8"/>'
        yield "reference", sample, "stands elsewhere"
    if any(face.note.strength is not None for face in faces):
        shown = all(face.note.shows_strength for face in faces)
        bar = f'x="0" y="{middle - 2}" height="4" rx="2"'
        sample = (
            f'<rect class="bar" {bar} width="{_WIDE}"/><rect class="measure" {bar} width="20"/>'
        )
        yield "premise", sample, "strength" if shown else "strength, where it is not the usual"
    if any(face.note.marks for face in faces):
        yield "", f'<text class="mark" x="10" y="{middle + 3}">▲</text>', "found by a review"
    if any(face.note.folded for face in faces):
        yield "", f'<text class="folded" x="6" y="{middle + 3}">+ 3</text>', "claims not drawn"
    if any(face.note.question for face in faces):
        sample = outline(ClaimKind.REBUTTAL, _WIDE, _HIGH)
        yield "claim rebuttal question implicit", sample, "open question"

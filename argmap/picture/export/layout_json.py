"""A layout as plain data, for frontends that draw it themselves."""

from collections.abc import Iterable, Sequence
from typing import Any

from argmap.picture.cards import Block
from argmap.picture.layout import Ground, Layout, Point, Tray

_ENDING = ("strength",)  # roles whose lines end at their x instead of beginning there


def plan(layout: Layout) -> dict[str, Any]:
    """Return a layout as data that can be written as JSON; all lengths in points from the top left.

    Lines of text stand relative to their card, with the x of their left end and the y of the baseline. A path has a
    start point and three points of a cubic Bezier curve for each piece, from a source to the target; `arrow` says that
    it ends in a head, and `seen`, which part of it is drawn where it joins another one, none where it is told in words.
    """
    relations: dict[str, dict[str, Any]] = {}
    for route in layout.routes:
        relation = route.link.relation
        entry = relations.setdefault(
            relation.id, {"id": relation.id, "kind": str(relation.kind), "paths": []}
        )
        path = {"points": _rounded(route.points), "arrow": route.link.arrow and route.head}
        if route.seen is not None:
            path["seen"] = _rounded(route.seen)
        entry["paths"].append(path)
    for tray in layout.trays:
        relations[tray.relation.id]["tray"] = _box(tray)
    for junction in layout.junctions:
        relations[junction.relation.id]["junction"] = [round(junction.x, 1), round(junction.y, 1)]
    return {
        "width": round(layout.width, 1),
        "height": round(layout.height, 1),
        "claims": [
            {
                "id": placed.card.claim.id,
                "kind": str(placed.card.claim.kind),
                "x": round(placed.x, 1),
                "y": round(placed.y, 1),
                "width": placed.card.width,
                "height": placed.card.height,
                "shortened": placed.card.shortened,
                "lines": _lines((*placed.card.head, *placed.card.blocks)),
            }
            for placed in layout.cards
        ],
        "relations": list(relations.values()),
        "references": [
            {
                "claim": placed.reference.claim.id,
                "relation": placed.relation.id,
                "x": round(placed.x, 1),
                "y": round(placed.y, 1),
                "width": placed.reference.width,
                "height": placed.reference.height,
                "lines": _lines((placed.reference.block,)),
            }
            for placed in layout.references
        ],
        "grounds": [_box(ground) | {"label": ground.label} for ground in layout.grounds],
    }


def _rounded(points: Sequence[Point]) -> list[list[float]]:
    return [[round(x, 1), round(y, 1)] for x, y in points]


def _box(part: Tray | Ground) -> dict[str, Any]:
    return {
        "x": round(part.x, 1),
        "y": round(part.y, 1),
        "width": round(part.width, 1),
        "height": round(part.height, 1),
    }


def _lines(blocks: Iterable[Block]) -> list[dict[str, Any]]:
    return [
        {
            "role": block.role,
            "text": words,
            "x": round(block.x - width, 1) if block.leftwards or block.role in _ENDING else block.x,
            "y": block.y + place * block.leading,
            "width": round(width, 1),
        }
        for block in blocks
        for place, (words, width) in enumerate(block.lines)
    ]

"""A layout as plain data, for frontends that draw it themselves."""

from typing import Any

from argmap.picture.cards import Card
from argmap.picture.layout import Layout

_ENDING = ("strength",)  # roles whose lines end at their x instead of beginning there


def plan(layout: Layout) -> dict[str, Any]:
    """Return a layout as data that can be written as JSON; all lengths in points from the top left.

    Lines of text stand relative to their card, with the x of their left end and the y of the baseline. A path has a
    start point and three points of a cubic Bezier curve for each piece, from a source to the target; `arrow` says that
    it ends in a head.
    """
    relations: dict[str, dict[str, Any]] = {}
    for route in layout.routes:
        relation = route.link.relation
        entry = relations.setdefault(
            relation.id, {"id": relation.id, "kind": str(relation.kind), "paths": []}
        )
        points = [[round(x, 1), round(y, 1)] for x, y in route.points]
        entry["paths"].append({"points": points, "arrow": route.link.arrow})
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
                "lines": _lines(placed.card),
            }
            for placed in layout.cards
        ],
        "relations": list(relations.values()),
    }


def _lines(card: Card) -> list[dict[str, Any]]:
    return [
        {
            "role": block.role,
            "text": words,
            "x": round(block.x - width, 1) if block.leftwards or block.role in _ENDING else block.x,
            "y": block.y + place * block.leading,
            "width": round(width, 1),
        }
        for block in (*card.head, *card.blocks)
        for place, (words, width) in enumerate(block.lines)
    ]

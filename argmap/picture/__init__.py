"""Argument maps as pictures: a pipeline of values (cards, graph, layout, SVG) that one can stop at."""

from argmap.model import ArgumentMap
from argmap.picture import dot, engine
from argmap.picture.cards import Card, cards_of
from argmap.picture.layered import arrange_in_ranks
from argmap.picture.layout import Layout
from argmap.picture.options import Direction, Options
from argmap.picture.style import style_sheet
from argmap.picture.svg import write_svg

REVISION = "1"

__all__ = [
    "REVISION",
    "Card",
    "Direction",
    "Layout",
    "Options",
    "arrange",
    "cards_of",
    "draw",
    "ready",
    "style_sheet",
    "write_svg",
]

_DEFAULT = Options()


def draw(
    map: ArgumentMap, options: Options = _DEFAULT, *, deadline: float = engine.DEADLINE
) -> str:
    """Draw a map as SVG text; `deadline`: seconds that the layout may take.

    Raises PictureTooLarge, EngineTimeout, EngineUnavailable.
    """
    return write_svg(map, arrange(map, cards_of(map), options, deadline=deadline), options)


def arrange(
    map: ArgumentMap,
    cards: tuple[Card, ...],
    options: Options = _DEFAULT,
    *,
    deadline: float = engine.DEADLINE,
) -> Layout:
    """Find a place for the cards of a map and the lines between them."""
    return arrange_in_ranks(dot.graph(map, cards), options.direction, deadline)


def ready() -> None:
    """Return when the layout engine answers; raise EngineUnavailable or EngineTimeout when it does not."""
    engine.layout_json("digraph { n0 }", deadline=2.0)

"""Argument maps as pictures: a pipeline of values (cards, graph, layout, SVG) that one can stop at."""

from argmap.model import ArgumentMap
from argmap.picture import dot, engine
from argmap.picture.cards import Card, cards
from argmap.picture.layered import layered
from argmap.picture.layout import Layout
from argmap.picture.options import Direction, Options
from argmap.picture.style import style_sheet
from argmap.picture.svg import svg

REVISION = "1"

__all__ = [
    "REVISION",
    "Card",
    "Direction",
    "Layout",
    "Options",
    "arrange",
    "cards",
    "draw",
    "ready",
    "style_sheet",
    "svg",
]

_DEFAULT = Options()


def draw(map: ArgumentMap, options: Options = _DEFAULT) -> str:
    """Draw a map as SVG text.

    Raises PictureTooLarge, EngineTimeout, EngineUnavailable.
    """
    return svg(map, arrange(map, cards(map), options), options)


def arrange(map: ArgumentMap, cards: tuple[Card, ...], options: Options = _DEFAULT) -> Layout:
    """Find a place for the cards of a map and the lines between them."""
    return layered(dot.graph(map, cards), options.direction)


def ready() -> None:
    """Return when the layout engine answers; raise EngineUnavailable or EngineTimeout when it does not."""
    engine.layout_json("digraph { n0 }", deadline=2.0)

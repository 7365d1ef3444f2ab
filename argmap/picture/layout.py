"""What a layout is: where every card, junction and line stands, in points from the picture's top left."""

from dataclasses import dataclass
from math import floor
from typing import NamedTuple

from argmap.model import Relation
from argmap.picture.cards import Card
from argmap.picture.dot import Link

Point = tuple[float, float]


class Placed(NamedTuple):
    """A card and its top left corner."""

    card: Card
    x: float
    y: float


class Junction(NamedTuple):
    """The point where a relation's sources meet and where relations that target it end."""

    relation: Relation
    x: float
    y: float


class Route(NamedTuple):
    """A line from its source to its target: a start point and three points of a cubic Bezier curve for each piece.

    `behind`: it found no way around the cards and must run behind them.
    """

    link: Link
    points: tuple[Point, ...]
    behind: bool = False


@dataclass(frozen=True, slots=True)
class Layout:
    """A whole picture of `width` x `height` points."""

    width: float
    height: float
    cards: tuple[Placed, ...]
    junctions: tuple[Junction, ...]
    routes: tuple[Route, ...]

    def fit(self, width: float, height: float) -> float:
        """Return by how much it has to be scaled to stand on a page: at most 1."""
        return min(1.0, width / max(1, self.width), height / max(1, self.height))

    def framed(self) -> "Layout":
        """Return the layout with all lines within its width and height, those around the outermost cards too."""
        xs = [x for route in self.routes for x, _ in route.points]
        ys = [y for route in self.routes for _, y in route.points]
        left, top = floor(min([0, *xs])), floor(min([0, *ys]))
        right, bottom = max([self.width, *xs]), max([self.height, *ys])
        if (left, top, right, bottom) == (0, 0, self.width, self.height):
            return self
        return Layout(
            right - left,
            bottom - top,
            tuple([Placed(card, x - left, y - top) for card, x, y in self.cards]),
            tuple([Junction(relation, x - left, y - top) for relation, x, y in self.junctions]),
            tuple(
                [
                    Route(link, tuple([(x - left, y - top) for x, y in points]), behind)
                    for link, points, behind in self.routes
                ]
            ),
        )

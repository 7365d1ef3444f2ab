"""What a layout is: where every card, junction and line stands, in points from the picture's top left."""

from dataclasses import dataclass
from math import floor
from typing import NamedTuple

from argmap.model import Relation
from argmap.model.order import Forest
from argmap.picture.cards import Card, Reference
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


class PlacedReference(NamedTuple):
    """A small card that stands for a claim elsewhere, as a premise of a relation, and its top left corner."""

    reference: Reference
    relation: Relation
    x: float
    y: float


class Tray(NamedTuple):
    """The ground of what counts together in a relation."""

    relation: Relation
    x: float
    y: float
    width: float
    height: float


class Ground(NamedTuple):
    """The ground of what belongs together: a family, or with a `label` claims of another kind."""

    x: float
    y: float
    width: float
    height: float
    label: str = ""


class Route(NamedTuple):
    """A line from its source to its target: a start point and three points of a cubic Bezier curve for each piece.

    `behind`: it found no way around the cards and must run behind them. `seen`: what of it is drawn, where it joins the
    line of another relation; () where nothing is. `head`: whether its own head is drawn.
    """

    link: Link
    points: tuple[Point, ...]
    behind: bool = False
    seen: tuple[Point, ...] | None = None
    head: bool = True

    def moved(self, x: float, y: float) -> "Route":
        """Return the line as much further to the right and down."""
        points = tuple([(left + x, top + y) for left, top in self.points])
        seen = None if self.seen is None else tuple([(a + x, b + y) for a, b in self.seen])
        return self._replace(points=points, seen=seen)


@dataclass(frozen=True, slots=True)
class Layout:
    """A whole picture of `width` x `height` points; `in_ranks`: lines meet in junctions, and end on other lines.

    `trees`: those of the map, in the order in which it is read.
    """

    width: float
    height: float
    cards: tuple[Placed, ...]
    junctions: tuple[Junction, ...]
    routes: tuple[Route, ...]
    references: tuple[PlacedReference, ...] = ()
    trays: tuple[Tray, ...] = ()
    grounds: tuple[Ground, ...] = ()
    in_ranks: bool = False
    trees: Forest | None = None

    def fit(self, width: float, height: float) -> float:
        """Return by how much it has to be scaled to stand on a page: at most 1."""
        return min(1.0, width / max(1, self.width), height / max(1, self.height))

    def framed(self) -> "Layout":
        """Return the layout with all lines within its width and height, those around the outermost cards too."""
        drawn = [route for route in self.routes if route.seen != ()]
        xs = [x for route in drawn for x, _ in route.points]
        ys = [y for route in drawn for _, y in route.points]
        boxes = [(each.x, each.y, each.width, each.height) for each in self.grounds]
        boxes += [(each.x, each.y, each.width, each.height) for each in self.trays]
        for x, y, width, height in boxes:
            xs += [x, x + width]
            ys += [y, y + height]
        left, top = floor(min([0, *xs])), floor(min([0, *ys]))
        right, bottom = max([self.width, *xs]), max([self.height, *ys])
        if (left, top, right, bottom) == (0, 0, self.width, self.height):
            return self
        return Layout(
            right - left,
            bottom - top,
            tuple([Placed(card, x - left, y - top) for card, x, y in self.cards]),
            tuple([Junction(relation, x - left, y - top) for relation, x, y in self.junctions]),
            tuple([route.moved(-left, -top) for route in self.routes]),
            tuple([each._replace(x=each.x - left, y=each.y - top) for each in self.references]),
            tuple([each._replace(x=each.x - left, y=each.y - top) for each in self.trays]),
            tuple([each._replace(x=each.x - left, y=each.y - top) for each in self.grounds]),
            self.in_ranks,
            self.trees,
        )

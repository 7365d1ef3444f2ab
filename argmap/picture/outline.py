"""A map as a numbered outline: what a handout lists below the picture."""

from collections.abc import Iterator
from typing import NamedTuple

from argmap.model import ArgumentMap, Claim, Relation
from argmap.model.order import Forest, forest


class Entry(NamedTuple):
    """A claim at its place: its number ("1.2.1"), and the relation by which it hangs below the entry above."""

    number: str
    claim: Claim
    relation: Relation | None


def outline(map: ArgumentMap, sides: bool = True) -> list[Entry]:
    """Number the claims of a map: each once, below the first claim that it speaks for or against.

    `sides`: reasons before objections, as in a picture that has them so.
    """
    trees = forest(map, sides)
    return [
        Entry(number, claim, trees.above.get(id))
        for id, number in numbers_of(trees).items()
        if (claim := map.claim(id)) is not None
    ]


def numbers_of(trees: Forest) -> dict[str, str]:
    """Return the number of each claim, in the order of the outline.

    What is about a step stands under the first reason that takes it, after that reason's own.
    """
    found: dict[str, str] = {}
    starts = [claim.id for claim in (*trees.roots, *trees.loose)]
    todo = [(id, f"{place}") for place, id in reversed(list(enumerate(starts, 1)))]
    about: dict[str, list[str]] = {}  # by claim, the steps that it is the first to take
    while todo:
        id, number = todo.pop()
        found[id] = number
        children = list(_under(trees, id, about))
        for step in about.get(id, ()):
            children += _under(trees, step, about)
        todo += [
            (child, f"{number}.{place}") for place, child in reversed(list(enumerate(children, 1)))
        ]
    return found


def _under(trees: Forest, id: str, about: dict[str, list[str]]) -> Iterator[str]:
    """Yield the claims below a claim or a step; note which steps are told under them."""
    todo = list(reversed(trees.below.get(id, ())))
    while todo:
        relation = todo.pop()
        own = trees.own(relation)
        yield from own
        if own:
            about.setdefault(own[0], []).append(relation.id)
        else:  # its sources stand elsewhere
            todo += reversed(trees.below.get(relation.id, ()))

"""Things that belong together, found by joining them two by two.

R. Tarjan and J. van Leeuwen, "Worst-case analysis of set union algorithms", Journal of the ACM 31 (1984).
"""

from collections.abc import Hashable
from typing import TypeVar

_Thing = TypeVar("_Thing", bound=Hashable)


def root(parents: dict[_Thing, _Thing], thing: _Thing) -> _Thing:
    """Return what stands for all that a thing has been joined with; the way there becomes shorter.

    parents: from each thing towards its root, which is its own parent. To join two things, make the root of one the
    parent of the root of the other. Raises KeyError for a thing that is not there.
    """
    while parents[thing] != thing:
        parents[thing] = parents[parents[thing]]
        thing = parents[thing]
    return thing

"""What a whole class found of a reference map."""

from collections import Counter
from collections.abc import Sequence

from argmap.analysis.marking.placement import Placed, Placement
from argmap.model import ArgumentMap
from argmap.model.base import Value


class Count(Value):
    """How many teams found, misplaced or missed a claim or relation of the reference; the three add up to all."""

    id: str
    found: int
    misplaced: int
    missed: int


class Tally(Value):
    """A class against the reference: counts for each claim and relation, in the reference's order."""

    teams: int
    claims: tuple[Count, ...]
    relations: tuple[Count, ...]


def tally(reference: ArgumentMap, placements: Sequence[Placement]) -> Tally:
    """Count over all teams; a claim that a team found in another place counts as misplaced, not as found."""
    claims: dict[str, Counter[Placed]] = {claim.id: Counter() for claim in reference.claims}
    relations: dict[str, Counter[Placed]] = {item.id: Counter() for item in reference.relations}
    for placement in placements:
        for item in placement.found:
            claims[item.reference][item.placed] += 1
        for id in placement.missed:
            claims[id][Placed.MISSED] += 1
        for id, placed in placement.relations:
            relations[id][placed] += 1
    return Tally(
        teams=len(placements),
        claims=tuple(_count(id, counts) for id, counts in claims.items()),
        relations=tuple(_count(id, counts) for id, counts in relations.items()),
    )


def _count(id: str, counts: Counter[Placed]) -> Count:
    return Count(
        id=id,
        found=counts[Placed.FOUND],
        misplaced=counts[Placed.MISPLACED],
        missed=counts[Placed.MISSED],
    )

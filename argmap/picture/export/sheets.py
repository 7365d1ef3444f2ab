"""A map on several sheets, one for each thesis or main branch, with notes that lead from each to the others."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from argmap.model import ArgumentMap, Claim, Relation, RelationKind, union
from argmap.picture.excerpt import among
from argmap.picture.reading import listed, reading

EDGE = 20  # of a sheet that is kept free, in points
LEGIBLE = (
    0.8  # of the size of a picture, below which it is too small to be read: text of eight points
)
SHEETS = 100  # at most
_FEW = 4  # claims that are not worth several sheets
_DONE = {
    RelationKind.SUPPORTS: ("supports", "supported by"),
    RelationKind.ATTACKS: ("attacks", "attacked by"),
    RelationKind.RESTATES: ("restates", "restated by"),
}


class Sheet(NamedTuple):
    """The claims of one sheet, first those that it begins with (`roots` of them).

    `further`: the first stands on another sheet with some of its reasons, and on this one with these.
    """

    claims: tuple[str, ...]
    roots: int
    further: tuple[str, ...] = ()


class Page(NamedTuple):
    """A sheet as it is drawn: its part of the map, what it begins with, and by claim what is on which other sheet.

    `marks`: the claims at which a picture of the whole map says which sheet has what is there.
    """

    map: ArgumentMap
    roots: tuple[Claim, ...]
    again: bool
    see: Mapping[str, tuple[str, ...]]
    marks: tuple[str, ...]


class Branch(NamedTuple):
    """A sheet with its number, its picture, and where the picture of the whole map has its marks, in points."""

    number: int
    page: Page
    svg: str
    corners: tuple[tuple[float, float], ...]


def pages(map: ArgumentMap, most: int, first: int, *, apart: bool = False) -> list[Page]:
    """Spread a map over sheets of about `most` claims, numbered from `first` on.

    `apart`: each thesis with reasons has a sheet of its own, unless these are too many, and a lone one is cut in parts.
    A branch that has a sheet of its own is on the sheet before with its topmost claim. Every claim is on a sheet; a
    relation between two sheets is told at both of its ends.
    """
    found = sheets(map, most, apart=apart)
    if apart and len(found) == 1:
        found = sheets(map, max(_FEW, len(map.claims) // 2))
    elif apart and len(found) > SHEETS:
        found = sheets(map, most)
    parts = [among(map, set(sheet.claims)) for sheet in found]
    see = _continued(found, first)
    drawn = {relation.id for part in parts for relation in part.relations}
    home = _homes(found)
    missing = [relation for relation in map.relations if relation.id not in drawn]
    for (id, words, place), others in _told(map, missing, home).items():
        see[id, home[id]].append(f"{words} {listed(others)}, sheet {place + first}")
    return [
        Page(
            part,
            tuple(claim for id in sheet.claims[: sheet.roots] if (claim := map.claim(id))),
            bool(sheet.further),
            {id: tuple(see[id, place]) for id in sheet.claims if (id, place) in see},
            sheet.further or sheet.claims[: sheet.roots],
        )
        for place, (sheet, part) in enumerate(zip(found, parts, strict=True))
    ]


def sheets(map: ArgumentMap, most: int, *, apart: bool = False) -> list[Sheet]:
    """Cut the tree of a map into sheets of at most `most` claims, unless what counts together is more.

    `apart`: what has reasons shares a sheet with nothing else.
    """
    down = _branches(map)
    order: list[str] = []
    todo = down[None][::-1]
    while todo:
        order.append(todo.pop())
        todo.extend(down[order[-1]][::-1])
    place = {id: number for number, id in enumerate(order)}
    steps = _steps(map)
    found: list[tuple[tuple[int, int], Sheet]] = []
    with_it: dict[str, list[str]] = {}  # a claim and what stands on its sheet below it

    def thin(ids: list[str], room: int, least: float) -> None:
        """Give the largest branches sheets of their own until the others have room, but none of at most `least`."""
        size = sum(len(with_it[id]) for id in ids)
        for id in sorted(ids, key=lambda each: -len(with_it[each])):
            if size <= room or len(with_it[id]) <= least:
                break
            found.append(((place[id], 0), Sheet(tuple(with_it[id]), 1)))
            size += 1 - len(with_it[id])
            with_it[id] = [id]

    for id in reversed(order):
        thin(down[id], most - 1, most / 2)
        rows: list[list[str]] = [[id]]
        for group in _together(steps, down[id]):
            thin(group, most - 1, 1)
            claims = [each for child in group for each in with_it[child]]
            if len(rows[-1]) > 1 and len(rows[-1]) + len(claims) > most:
                rows.append([id])
            rows[-1] += claims
        with_it[id] = rows[0]
        for number, row in enumerate(rows[1:], 1):
            shown = set(row)
            further = tuple(each for each in down[id] if each in shown)
            found.append(((place[id], number), Sheet(tuple(row), 1, further)))
    packed: list[list[str]] = []
    size = 0
    for root in down[None]:
        size += len(with_it[root])
        alone = apart and packed and max(len(with_it[root]), len(with_it[packed[-1][-1]])) > 1
        if not packed or size > most or alone:
            packed.append([])
            size = len(with_it[root])
        packed[-1].append(root)
    for roots in packed:
        rest = [each for id in roots for each in with_it[id][1:]]
        found.append(((place[roots[0]], 0), Sheet((*roots, *rest), len(roots))))
    return [sheet for _, sheet in sorted(found, key=lambda each: each[0])]


def _branches(map: ArgumentMap) -> dict[str | None, list[str]]:
    """Hang every claim below the first that it concerns, if only through a step; None has those that hang nowhere."""
    above: dict[str, str] = {}
    top = {claim.id: claim.id for claim in map.claims}  # a claim that it hangs below
    for relation in map.relations:
        target = _claim_at(map, relation)
        for source in relation.sources:
            if source not in above and union.root(top, target) != source:
                above[source] = top[source] = target
    down: dict[str | None, list[str]] = defaultdict(list)
    for claim in reading(map).claims:
        down[above.get(claim.id)].append(claim.id)
    return down


def _claim_at(map: ArgumentMap, relation: Relation) -> str:
    """Return the claim that a relation is about in the end: an undercut is about that of the step that it attacks."""
    while isinstance(step := map.by_id[relation.target], Relation):
        relation = step
    return relation.target


def _steps(map: ArgumentMap) -> dict[str, str]:
    """Return for each claim the step that it takes part in or that it, through others, undercuts."""
    found: dict[str, str] = {}
    for relation in map.relations:
        step = relation
        while isinstance(target := map.by_id[step.target], Relation):
            step = target
        for source in relation.sources:
            found.setdefault(source, step.id)
    return found


def _together(steps: Mapping[str, str], claims: Iterable[str]) -> list[list[str]]:
    """Group claims of the same step, in their order."""
    groups: dict[str, list[str]] = {}
    for id in claims:
        groups.setdefault(steps.get(id, id), []).append(id)
    return list(groups.values())


def _homes(found: list[Sheet]) -> dict[str, int]:
    """Return for each claim the sheet on which its reasons begin."""
    home: dict[str, int] = {}
    for place, sheet in enumerate(found):
        for number, id in enumerate(sheet.claims):
            begins = number < sheet.roots and not sheet.further
            if begins or (id not in home and not (sheet.further and number == 0)):
                home[id] = place
    return home


def _continued(found: list[Sheet], first: int) -> dict[tuple[str, int], list[str]]:
    """Say of each claim that stands on several sheets, by claim and sheet, where it comes from and goes on."""
    see: dict[tuple[str, int], list[str]] = defaultdict(list)
    home = _homes(found)
    for place, sheet in enumerate(found):
        for number, id in enumerate(sheet.claims):
            at = home[id]
            if at == place:
                continue
            if sheet.further and number == 0:
                see[id, place].append(f"from sheet {at + first}")
                see[id, at].append(f"continued on sheet {place + first}")
            else:
                see[id, place].append(f"continued on sheet {at + first}")
                see[id, at].insert(0, f"from sheet {place + first}")
    return see


def _told(
    map: ArgumentMap, relations: Iterable[Relation], home: Mapping[str, int]
) -> dict[tuple[str, str, int], list[str]]:
    """Tell of relations that no sheet shows: by claim, what it does or what is done to it, and sheet, with whom."""
    told: dict[tuple[str, str, int], list[str]] = defaultdict(list)
    for relation in relations:
        does, done = _DONE[relation.kind]
        target = _claim_at(map, relation)
        step = "" if relation.target == target else f"step {relation.target}"
        for source in relation.sources:
            told[source, does, home[target]].append(step or target)
            told[target, f"{step} {done}".strip(), home[source]].append(source)
    return told

"""Comparing a map with what came back from another format: every difference must be told, at its place."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from argmap.formats import Loss, LossKind, Report
from argmap.model import ArgumentMap, Claim, Origin, Relation

_MAP = {
    "title": LossKind.TITLE,
    "language": LossKind.LANGUAGE,
    "article": LossKind.ARTICLE,
    "origin": LossKind.ORIGIN,
}
_ITEM = {
    "text": LossKind.TEXT,
    "label": LossKind.LABEL,
    "implicit": LossKind.IMPLICIT,
    "quotes": LossKind.QUOTE,
    "speaker": LossKind.SPEAKER,
    "source": LossKind.SOURCE,
    "weight": LossKind.WEIGHT,
    "tags": LossKind.TAGS,
    "note": LossKind.NOTE,
    "scheme": LossKind.SCHEME,
    "origin": LossKind.ORIGIN,
}


def unexplained(before: ArgumentMap, after: ArgumentMap, *reports: Report) -> list[str]:
    """Return each difference for which no line of the reports has its kind, and its place where that line has places.

    Claims are paired by their ids, in their order where ids are lost; relations likewise, but as a bag where their ids
    are lost.
    """
    told = _Told(reports)
    found = [
        f"the {name} of the map"
        for name, kind in _MAP.items()
        if getattr(before, name) != getattr(after, name) and not told.anywhere(kind)
    ]
    if len(before.claims) != len(after.claims):
        return [*found, "the number of claims"]
    renamed = told.anywhere(LossKind.ID) and not told.anywhere(LossKind.ORDER)
    pairs = _paired(before.claims, after.claims, renamed)
    for old, new in pairs:
        found += _differences(old, new, told)
        if old.kind is not new.kind and not told.at(LossKind.KIND, old):
            found.append(f"the kind of {old.id}")
    if [old.id for old, _ in pairs] != [claim.id for claim in before.claims]:
        found.append("which claims there are")
    in_order = [new.id for _, new in pairs] == [claim.id for claim in after.claims]
    if not in_order and not told.anywhere(LossKind.ORDER):
        found.append("the order of claims")
    return found + _relations(before, after, {old.id: new.id for old, new in pairs}, told)


class _Told:
    """What reports say, by kind and place."""

    def __init__(self, reports: Sequence[Report]) -> None:
        self._losses: dict[LossKind, list[Loss]] = {}
        for report in reports:
            for loss in report.losses:
                self._losses.setdefault(loss.kind, []).append(loss)

    def anywhere(self, kind: LossKind) -> bool:
        return kind in self._losses

    def at(self, kind: LossKind, *items: Claim | Relation) -> bool:
        """Say whether a line of that kind names one of the items, or names no place."""
        names = {item.id for item in items}
        names |= {item.origin.id for item in items if item.origin and item.origin.id}
        return any(
            not loss.place or names & set(loss.place.split(", "))
            for loss in self._losses.get(kind, ())
        )


def _paired(
    before: Sequence[Claim], after: Sequence[Claim], renamed: bool
) -> list[tuple[Claim, Claim]]:
    by_id = {claim.id: claim for claim in after}
    if not renamed and by_id.keys() == {claim.id for claim in before}:
        return [(claim, by_id[claim.id]) for claim in before]
    return list(zip(before, after, strict=True))


def _differences(old: Claim | Relation, new: Claim | Relation, told: _Told) -> list[str]:
    found = [
        f"the {name} of {old.id}: {getattr(old, name)!r}, then {getattr(new, name)!r}"
        for name, kind in _ITEM.items()
        if _value(old, name) != _value(new, name)
        and not told.at(kind, old, new)
        and not (name == "origin" and told.anywhere(LossKind.ID))  # the old id is kept there
    ]
    if old.id != new.id and not told.at(LossKind.ID, old, new):
        found.append(f"the id of {old.id}")
    return found


def _value(item: Claim | Relation, name: str) -> Any:
    """Return a field; the id in an origin says nothing where it is the item's own."""
    value = getattr(item, name, None)
    if isinstance(value, Origin) and value.id == item.id:
        return value.replace(id=None) if value.extra else None
    return value


def _relations(
    before: ArgumentMap, after: ArgumentMap, renamed: Mapping[str, str], told: _Told
) -> list[str]:
    kept = [
        relation
        for relation in before.relations
        if not told.at(LossKind.RELATION, relation) and not told.at(LossKind.UNDERCUT, relation)
    ]
    if told.anywhere(LossKind.ID):
        old = Counter(fact for relation in kept for fact in _facts(relation, renamed, told))
        same = {claim.id: claim.id for claim in after.claims}
        new = Counter(fact for relation in after.relations for fact in _facts(relation, same, None))
        return [f"the relation {fact}" for fact in (old - new) + (new - old)]
    by_id = {relation.id: relation for relation in after.relations}
    found = [f"the relation {id}" for id in by_id.keys() ^ {relation.id for relation in kept}]
    if not found and list(by_id) != [r.id for r in kept] and not told.anywhere(LossKind.ORDER):
        found.append("the order of relations")
    for relation in kept if not found else ():
        again = by_id[relation.id]
        found += _differences(relation, again, told)
        joins = [(r.kind, r.sources, r.target) for r in (relation, again)]
        if joins[0] != joins[1]:
            found.append(f"what {relation.id} joins")
    return found


def _facts(relation: Relation, renamed: Mapping[str, str], told: _Told | None) -> list[Any]:
    """Return what a relation without an id says: once, or for each source where they are no longer linked."""
    sources = [renamed[source] for source in relation.sources]
    target = renamed.get(relation.target, "a relation")
    parted = told is not None and told.at(LossKind.LINKED, relation)
    return [
        (relation.kind, tuple(group), target)
        for group in ([[source] for source in sources] if parted else [sources])
    ]

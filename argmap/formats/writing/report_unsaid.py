"""What a format has no place for, found by comparing a map with the fields that the format can say."""

import re
from collections.abc import Iterable, Mapping

from argmap.formats.reading.kinds import infer_kinds
from argmap.formats.reading.naming import names_of
from argmap.formats.report import Losses, LossKind
from argmap.model import ArgumentMap, Claim, Origin, Relation

CLAIM_FIELDS = ("label", "implicit", "quotes", "speaker", "source", "weight", "tags", "note")
RELATION_FIELDS = ("scheme", "label", "implicit", "weight", "note")
_OF_MAP = {"title": LossKind.TITLE, "language": LossKind.LANGUAGE, "article": LossKind.ARTICLE}
_KINDS = {
    "label": LossKind.LABEL,
    "implicit": LossKind.IMPLICIT,
    "quotes": LossKind.QUOTE,
    "speaker": LossKind.SPEAKER,
    "source": LossKind.SOURCE,
    "weight": LossKind.WEIGHT,
    "tags": LossKind.TAGS,
    "note": LossKind.NOTE,
    "scheme": LossKind.SCHEME,
}


def report_unsaid(
    map: ArgumentMap,
    format: str,
    said: frozenset[str],
    losses: Losses,
    written: Iterable[Relation] | None = None,
) -> None:
    """Report each field that has a value in the map and is not among those that the format says.

    `said` holds "title", "language", "article", "kind", and fields as "claim.label" or "relation.scheme"; `written` are
    the relations that the format can say, where those are not all. A kind that it cannot say is lost only where the
    rule of `argmap.formats.reading.kinds` would not give it back; an origin only where it is of another format, or has
    extra data that are not among "origin.data" and the like (for the map, "map.data").
    """
    for name, kind in _OF_MAP.items():
        if name not in said and getattr(map, name):
            losses.add(kind, f"The format has no place for the {name} of a map.")
    for of, names, things in (
        ("claim", CLAIM_FIELDS, map.claims),
        ("relation", RELATION_FIELDS, map.relations),
    ):
        for name in names:
            if f"{of}.{name}" not in said:
                if name == "implicit":
                    message = f"The format cannot mark a {of} as implicit."
                else:
                    message = f"The format has no place for the {name} of a {of}."
                losses.add(
                    _KINDS[name], message, (item.id for item in things if _given(item, name))
                )
    if "kind" not in said:
        report_kinds(map, losses, written, sources="claim.source" in said)
    items: tuple[Claim | Relation, ...] = (*map.claims, *map.relations)
    lost = [item.id for item in items if not _is_told(item.origin, format, said, "origin")]
    if not _is_told(map.origin, format, said, "map"):
        lost.append("map")
    losses.add(LossKind.ORIGIN, "What was kept from another format has no place in this one.", lost)


def report_flattened(map: ArgumentMap, written: Iterable[Relation], losses: Losses) -> None:
    """Report what a graph of claims and arrows loses: undercuts, restatements, and which premises are linked."""
    kept = {relation.id for relation in written}
    for relation in map.relations:
        if len(relation.sources) > 1 and relation.id in kept:
            linked = "Linked premises became independent reasons."
            losses.add(LossKind.LINKED, linked, (relation.id,))
        elif relation.id not in kept and map.claim(relation.target) is None:
            undercut = "The format knows no relation to a relation; it was left out."
            losses.add(LossKind.UNDERCUT, undercut, (relation.id,))
        elif relation.id not in kept:
            dropped = "The format has no word for this kind of relation; it was left out."
            losses.add(LossKind.RELATION, dropped, (relation.id,))


def report_kinds(
    map: ArgumentMap,
    losses: Losses,
    written: Iterable[Relation] | None = None,
    sources: bool = False,
) -> None:
    """Report each claim whose kind cannot be inferred again from its place among the relations that are written.

    `sources`: the format says what a claim's source is, by which evidence is known.
    """
    inferred = infer_kinds(
        ((claim.id, claim.text, sources and claim.source is not None) for claim in map.claims),
        map.relations if written is None else written,
    )
    losses.add(
        LossKind.KIND,
        "The format does not say what kind a claim is, and its place in the map suggests another.",
        (claim.id for claim in map.claims if inferred[claim.id] is not claim.kind),
    )


def foreign_ids(
    map: ArgumentMap, format: str, apart: bool = False, fits: re.Pattern[str] | None = None
) -> dict[str, str]:
    """Return for each id of the map the id to write: the one it had in this format where that is free, else its own.

    `apart`: in this format a relation may have the id of a claim. `fits`: what an id of this format looks like.
    """
    groups: tuple[tuple[Claim | Relation, ...], ...] = ((*map.claims, *map.relations),)
    ids: dict[str, str] = {}
    for items in (map.claims, map.relations) if apart else groups:
        old = {item.id: _old_id(item, format) for item in items}
        usable = {
            id: was
            for id, was in old.items()
            if was is not None and (not fits or fits.fullmatch(was))
        }
        taken = old.keys() - usable.keys()
        for item in items:
            was = usable.get(item.id)
            ids[item.id] = item.id if was is None or was in taken else was
            taken.add(ids[item.id])
    return ids


def report_ids(
    map: ArgumentMap,
    format: str,
    ids: Mapping[str, str],
    losses: Losses,
    written: Iterable[Relation] = (),
) -> None:
    """Report each claim, and each relation that is written under its id, that has another id when it is read again."""
    relations = tuple(written)
    items: tuple[Claim | Relation, ...] = (*map.claims, *relations)
    again = names_of(
        [(claim.id, ids[claim.id]) for claim in map.claims],
        [(relation.id, ids[relation.id]) for relation in relations],
    )
    losses.add(
        LossKind.ID,
        "A claim or relation has another id when the file is read again.",
        (id for id, name in again.items() if name != id),
    )
    losses.add(
        LossKind.ORIGIN,
        "The id that a claim or relation had in this format is taken, or is not an id in this format.",
        (item.id for item in items if _old_id(item, format) not in (None, ids[item.id])),
    )


def free_id(letter: str, taken: set[str]) -> str:
    """Return an id of that letter and a number which is not taken, and take it."""
    number = len(taken) + 1
    while f"{letter}{number}" in taken:
        number += 1
    taken.add(f"{letter}{number}")
    return f"{letter}{number}"


def _given(item: Claim | Relation, name: str) -> bool:
    value = getattr(item, name)
    return value is not None and value is not False and value != ()


def _old_id(item: Claim | Relation, format: str) -> str | None:
    return item.origin.id if item.origin is not None and item.origin.format == format else None


def _is_told(origin: Origin | None, format: str, said: frozenset[str], of: str) -> bool:
    """Say whether a format of that name gives back what was kept of a file; ids of items are another matter."""
    if origin is None:
        return True
    if of == "map" and origin.id is not None and "map.id" not in said:
        return False
    return origin.format == format and (
        f"{of}.*" in said or all(f"{of}.{name}" in said for name in origin.extra)
    )

"""What makes the claims and relations of a map inconsistent with each other, found all at once."""

from collections.abc import Iterator, Mapping, Sequence
from operator import attrgetter
from typing import Any

from pydantic_core import InitErrorDetails, PydanticCustomError, ValidationError

from argmap.errors import Fault


def reference_faults(claims: Sequence[Any], relations: Sequence[Any]) -> Iterator[InitErrorDetails]:
    """Yield each broken reference among claims and relations, which may be valid values or the raw input.

    Found are: duplicate ids, unknown ids, a source named twice, a restatement of a relation, a claim that supports or
    restates itself (it may attack itself, as in a paradox), and a cycle of relation targets. Raw items that are too
    malformed to have an id are passed over, since their own faults are reported elsewhere.
    """
    claim_ids, relation_ids = _column(claims, "id"), _column(relations, "id")
    known_claims = {item for item in claim_ids if isinstance(item, str)}
    known_relations = {item for item in relation_ids if isinstance(item, str)}
    if len(known_claims) + len(known_relations) != len(claim_ids) + len(relation_ids) or not (
        known_claims.isdisjoint(known_relations)
    ):
        yield from _duplicates(claim_ids, relation_ids)
    targets_relation: dict[str, tuple[int, str]] = {}
    columns = (_column(relations, name) for name in ("sources", "target", "kind"))
    for index, (sources, target, kind) in enumerate(zip(*columns, strict=True)):
        names = sources if isinstance(sources, (tuple, list)) else ()
        for place, source in enumerate(names):
            if not isinstance(source, str):
                continue
            if source not in known_claims:
                what = (
                    "is a relation; only claims can be sources"
                    if source in known_relations
                    else "is not a claim of this map"
                )
                yield _fault(
                    "unknown_id", f"{_short(source)} {what}", "relations", index, "sources", place
                )
            elif source == target and kind != "attacks":
                yield _fault(
                    "self_reference", f"claim {source} supports or restates itself",
                    "relations", index, "target",
                )  # fmt: skip
        if len(names) > 1 and len({name for name in names if isinstance(name, str)}) != len(names):
            yield _fault("duplicate_source", "names a source twice", "relations", index, "sources")
        if not isinstance(target, str) or target in known_claims:
            continue
        if target not in known_relations:
            yield _fault(
                "unknown_id",
                f"{_short(target)} is not a claim or relation of this map",
                "relations",
                index,
                "target",
            )
            continue
        if kind == "restates":
            yield _fault(
                "restates_relation", "only a claim can be restated", "relations", index, "target"
            )
        if isinstance(relation_ids[index], str):
            targets_relation[relation_ids[index]] = (index, target)
    yield from _target_cycles(targets_relation)


def faults_of(error: ValidationError) -> tuple[Fault, ...]:
    """Turn Pydantic's errors into faults: place as a path, code, one sentence, never the input itself."""
    return tuple(
        Fault(
            place="/".join(str(part) for part in item["loc"]),
            code=item["type"],
            message=item["msg"],
        )
        for item in error.errors(include_url=False, include_input=False, include_context=False)
    )


def _column(items: Sequence[Any], name: str) -> list[Any]:
    """Return one field of each item, None where it has none."""
    try:
        return list(map(attrgetter(name), items))  # valid values, quicker than one by one
    except AttributeError:
        return [_get(item, name) for item in items]


def _get(item: Any, name: str) -> Any:
    found = getattr(item, name, None)  # first, since asking whether something is a Mapping is slow
    return item.get(name) if found is None and isinstance(item, Mapping) else found


def _short(text: str) -> str:
    shown = text if len(text) <= 64 else text[:61] + "..."
    return repr(shown.encode("utf-8", "replace").decode())


def _fault(code: Any, message: str, *place: str | int) -> InitErrorDetails:
    return InitErrorDetails(
        type=PydanticCustomError(code, "{message}", {"message": message}), loc=place, input=None
    )


def _duplicates(claim_ids: list[Any], relation_ids: list[Any]) -> Iterator[InitErrorDetails]:
    seen: set[str] = set()
    for name, ids in (("claims", claim_ids), ("relations", relation_ids)):
        for index, item in enumerate(ids):
            if isinstance(item, str):
                if item in seen:
                    yield _fault(
                        "duplicate_id", f"the id {_short(item)} is used twice", name, index, "id"
                    )
                seen.add(item)


def _target_cycles(targets: dict[str, tuple[int, str]]) -> Iterator[InitErrorDetails]:
    done: set[str] = set()
    for start in targets:
        path: dict[str, None] = {}
        current = start
        while current in targets and current not in done and current not in path:
            path[current] = None
            current = targets[current][1]
        if current in path:
            cycle = list(path)[list(path).index(current) :]
            yield _fault(
                "target_cycle",
                f"relations target each other in a circle: {' -> '.join([*cycle[:10], cycle[0]])}",
                "relations", targets[current][0], "target",
            )  # fmt: skip
        done.update(path)

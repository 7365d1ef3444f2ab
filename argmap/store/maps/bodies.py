"""A map's canonical JSON, its body: read and written without doing again what was done for the version before."""

import hashlib
from typing import NamedTuple

from argmap.model import ArgumentMap, canonical
from argmap.store.sql.statements import LoadedRow

# Bounds of what is kept, some tens of megabytes at worst: how many maps, and the longest body of one.
KEPT_MAPS, KEPT_BYTES = 64, 200_000


class _Kept(NamedTuple):
    """A map, and the JSON of its claims and relations by the `id()` of each, which the map keeps alive."""

    map: ArgumentMap
    parts: dict[int, bytes]


# The hash of a body names its content for good, so what is kept here is never stale.
_KEPT: dict[bytes, _Kept] = {}


def parsed(row: LoadedRow) -> ArgumentMap:
    """Return the map of a loaded row; maps of moderate size that were read or written lately are at hand."""
    key = bytes(row["hash"])
    kept = _KEPT.get(key)
    if kept is None:
        body = bytes(row["body"])
        kept = _Kept(ArgumentMap.model_validate_json(body), {})
        _keep(key, len(body), kept)
    return kept.map


def body_after(row: LoadedRow, after: ArgumentMap) -> tuple[bytes, bytes]:
    """Return the canonical JSON of what becomes of the map of a loaded row, and its SHA-256.

    An edit leaves most claims and relations the same objects, whose JSON is known from the version before.
    """
    before = _KEPT.get(bytes(row["hash"]))
    known = before.parts if before else {}
    items = (*after.claims, *after.relations)
    parts = {id(item): known.get(id(item)) or canonical(item) for item in items}
    fields = [
        _fields(after, {"title", "language"}),
        *(
            b'"%b":[%b]' % (name, b",".join([parts[id(item)] for item in listed]))
            for name, listed in ((b"claims", after.claims), (b"relations", after.relations))
            if listed
        ),
        _fields(after, {"article", "origin", "counters"}),
    ]
    body = b"{%b}" % b",".join(field for field in fields if field)
    key = hashlib.sha256(body).digest()
    _keep(key, len(body), _Kept(after, parts))
    return body, key


def _fields(map: ArgumentMap, names: set[str]) -> bytes:
    """Write these fields as `canonical` does, without the braces around them."""
    return map.__pydantic_serializer__.to_json(map, include=names, exclude_defaults=True)[1:-1]


def _keep(key: bytes, size: int, kept: _Kept) -> None:
    if size <= KEPT_BYTES:
        while len(_KEPT) >= KEPT_MAPS:
            _KEPT.pop(next(iter(_KEPT), b""), None)
        _KEPT[key] = kept

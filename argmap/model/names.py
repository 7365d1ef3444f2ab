"""Temporary names: what a request calls a claim or relation that has no id yet, so that others in it can refer to it.

A temporary name is `new:` and up to 64 letters, digits, hyphens and underscores. No id has a colon, so that neither can
be taken for the other.
"""

import re
from collections.abc import Mapping
from typing import Any

from argmap.errors import Fault, InvalidMap

PATTERN = r"new:[A-Za-z0-9_-]{1,64}"

_is_temporary = re.compile(PATTERN).fullmatch


def is_temporary(id: object) -> bool:
    """Say whether an id is a temporary name."""
    return isinstance(id, str) and _is_temporary(id) is not None


def with_ids(fields: Mapping[str, Any], names: Mapping[str, str]) -> Mapping[str, Any]:
    """Return the fields of a relation with ids in place of the temporary names in `sources` and `target`.

    Raises InvalidMap for temporary names that `names` does not have.
    """
    faults: list[Fault] = []

    def id_of(name: Any, place: str) -> Any:
        if not is_temporary(name):
            return name
        if name not in names:
            message = f"{name} is not the temporary name of anything earlier in this request"
            faults.append(Fault(place, "unknown_id", message))
        return names.get(name, name)

    found: dict[str, Any] = {}
    if isinstance(sources := fields.get("sources"), list | tuple):
        found["sources"] = [id_of(name, f"sources/{n}") for n, name in enumerate(sources)]
    if "target" in fields:
        found["target"] = id_of(fields["target"], "target")
    if faults:
        raise InvalidMap(tuple(faults))
    return {**fields, **found}

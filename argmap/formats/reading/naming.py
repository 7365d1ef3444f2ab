"""What the claims and relations of a foreign file are called in a map: as there where that is readable and free."""

import re
from collections.abc import Sequence

from argmap.model import limits

_ID = re.compile(limits.ID_PATTERN)
_UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


def names_of(
    claims: Sequence[tuple[str, str | None]], relations: Sequence[tuple[str, str | None]]
) -> dict[str, str]:
    """Return for each key of claims and relations, told with the ids they have in a file, the id in a map.

    Readable ids fit the model's pattern and are no UUIDs. What has none, or one that is taken, is numbered.
    """
    names: dict[str, str] = {}
    taken: set[str] = set()
    for items in (claims, relations):
        for key, id in items:
            if id is not None and id[:1].isalpha() and id not in taken and _is_readable(id):
                names[key] = id
                taken.add(id)
    for letter, items in (("c", claims), ("r", relations)):
        number = 0
        for key, _ in items:
            if key not in names:
                number += 1
                while (name := f"{letter}{number}") in taken:
                    number += 1
                names[key] = name
    return names


def _is_readable(id: str) -> bool:
    return _ID.fullmatch(id) is not None and (len(id) != 36 or _UUID.fullmatch(id) is None)

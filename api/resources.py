"""Maps as routes ask for them: loaded, permitted, and as their reader may see them.

A route that takes a map says by a type what it needs of it, and cannot forget to ask:

- `ReadableMap`: the newest version, as the asker may see it. What the asker may not see is not in the record: the store
  leaves it out (`argmap.store.access.rules.map_record`).
- `EditableMap`, `OwnedMap`: the id of a map that the asker may edit, or owns. Refused before a body is read; the write
  asks again in its transaction.
"""

from typing import Annotated

from fastapi import Depends

from api.auth import Reader, Writer
from api.deps import Data
from argmap.errors import NotFound, NotPermitted
from argmap.store import Database
from argmap.store.records import Access, Asker, StoredMap, Subject


async def readable_map(map_id: str, asker: Reader, database: Data) -> StoredMap:
    """Return the newest version of a map. Raises NotFound."""
    stored = await database.hot.map(map_id, asker)
    if stored is None:
        raise NotFound("no such map")
    return stored


async def editable_map(map_id: str, asker: Writer, database: Data) -> str:
    """Return the id of a map that the asker may edit. Raises NotFound, NotPermitted."""
    return await _permitted(map_id, asker, database, Access.EDIT)


async def owned_map(map_id: str, asker: Writer, database: Data) -> str:
    """Return the id of a map that the asker owns. Raises NotFound, NotPermitted."""
    return await _permitted(map_id, asker, database, Access.OWN)


async def _permitted(map_id: str, asker: Asker, database: Database, need: Access) -> str:
    access = await database.hot.access(Subject.MAP, map_id, asker)
    if access is Access.NONE:
        raise NotFound("no such map")
    if access < need:
        what = "edit" if need is Access.EDIT else "own"
        raise NotPermitted(f"you may read this map, but you do not {what} it")
    return map_id


ReadableMap = Annotated[StoredMap, Depends(readable_map)]
EditableMap = Annotated[str, Depends(editable_map)]
OwnedMap = Annotated[str, Depends(owned_map)]

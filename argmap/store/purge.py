"""What has had its time removed for good: once a day by the service, or at once by hand."""

import contextlib
import datetime

from argmap.errors import StoreUnavailable
from argmap.store import idempotency, imports
from argmap.store.maps import maps
from argmap.store.sql.database import Database


def purge(database: Database, older_than: datetime.datetime | None = None) -> int:
    """Remove what was deleted more than 30 days ago, imports of last week and answers of yesterday.

    Nothing of it can be read from the database's files afterwards, unless others use the database at that very moment;
    then that is left to the next time. Returns how many articles and maps were removed.
    """
    with database.write() as session:
        removed = maps.purge(session, older_than)
        imports.purge(session)
        idempotency.purge(session)
    if removed:
        with contextlib.suppress(StoreUnavailable):
            database.scrub()
    return removed

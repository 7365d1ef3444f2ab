"""Where articles, maps, accounts and histories are kept: SQLModel tables and the queries on them, never committing."""

from argmap.store.sql.database import Database
from argmap.store.sql.session import Session

__all__ = ["Database", "Session"]

"""Where articles, maps, accounts and histories are kept: SQLModel tables and the queries on them, never committing."""

from argmap.store.database import Database
from argmap.store.session import Session

__all__ = ["Database", "Session"]

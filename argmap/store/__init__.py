"""Where articles, maps, accounts and histories are kept: SQLModel tables and the queries on them, never committing."""

from sqlmodel import Session

from argmap.store.database import Database

__all__ = ["Database", "Session"]

"""Copies of the database taken while it is written to, and put back."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Restored:
    """What a restore did: the schema revision of the backup, and the accounts that had to be erased in it again."""

    revision: str
    erased_again: tuple[str, ...]


def backup(url: str, path: Path) -> None:
    """Write a whole copy of the database into a new file. Raises BackupError, StoreUnavailable, StoreFull."""
    raise NotImplementedError


def restore(path: Path, url: str) -> Restored:
    """Put a backup in the place of the database, after checking it. Raises BackupError, StoreUnavailable, StoreFull."""
    raise NotImplementedError

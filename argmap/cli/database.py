"""`argmap db`: the schema brought up to date, copies made and put back, what was deleted long ago removed."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from argmap.cli import files

if TYPE_CHECKING:
    from argmap.store import Database

app = typer.Typer(help="Keep the database: upgrade, backup, restore, purge.", no_args_is_help=True)

Data = Annotated[
    Path,
    typer.Option(
        "--data",
        metavar="DIR",
        envvar="ARGMAP_DATA",
        help="The folder of the SQLite database, unless ARGMAP_DATABASE_URL names another database.",
    ),
]
DATA = Path(".data")


def database_url(data: Path) -> str:
    """Return the URL of the database: ARGMAP_DATABASE_URL, else the SQLite file in the data folder, which is made."""
    url = os.environ.get("ARGMAP_DATABASE_URL")
    if url:
        return url
    files.make_folder(str(data), mode=0o700)  # other people's maps are nobody else's business
    return f"sqlite:///{data.resolve() / 'argmap.db'}"


_STORE = {"sqlmodel", "sqlalchemy", "alembic"}


@contextmanager
def extras_named() -> Iterator[None]:
    """Turn a missing package into the one line that says which extra brings it."""
    try:
        yield
    except ModuleNotFoundError as error:
        name = (error.name or "").partition(".")[0]
        if name in ("", "argmap", "schemas", "api"):  # a fault of ours, not of what is installed
            raise
        extra = "postgres" if name == "psycopg" else "store" if name in _STORE else "server"
        raise typer.TyperException(
            f"this needs the package {name}: pip install 'argmap[{extra}]'"
        ) from error


@contextmanager
def opened(data: Path) -> Iterator["Database"]:
    """Give the database with its schema up to date, and close it afterwards."""
    with extras_named():
        from argmap.store import Database

        database = Database(database_url(data))
        try:
            database.migrate()
            yield database
        finally:
            database.dispose()


@app.command()
def upgrade(data: Data = DATA) -> None:
    """Bring the database to the newest schema, making it where there is none."""
    with opened(data):
        print("The database has the newest schema.")


@app.command()
def backup(
    path: Annotated[
        Path, typer.Argument(metavar="FILE", help="The new file that the copy goes to.")
    ],
    data: Data = DATA,
) -> None:
    """Copy the whole database into a file, while the service runs."""
    with extras_named():
        from argmap.store.backup import backup

        backup(database_url(data), path)
        print(f"The database is copied to {path}.")


@app.command()
def restore(
    path: Annotated[
        Path, typer.Argument(metavar="FILE", help="A file that `argmap db backup` wrote.")
    ],
    also_erase: Annotated[
        list[str] | None,
        typer.Option(metavar="ID", help="An account to erase in what is restored, by its id."),
    ] = None,
    data: Data = DATA,
) -> None:
    """Put a copy in the place of the database, after checking it; accounts erased since then stay erased."""
    with extras_named():
        from argmap.store.backup import restore

        done = restore(path, database_url(data), also_erase or ())
        print(f"The database is that of {path}, made with schema {done.revision}.")
        if done.erased_again:
            print(f"Erased again in it: {', '.join(done.erased_again)}.")
        if done.replaced is not None:
            print(f"What was there before is kept in {done.replaced}; remove it when you are sure.")


@app.command()
def purge(data: Data = DATA) -> None:
    """Remove for good what was deleted more than 30 days ago, imports of last week and answers of yesterday."""
    with opened(data) as database:
        from argmap.store.purge import purge as purged

        print(f"Removed for good: {purged(database)}.")

"""Alembic's migrations, run by `Database.migrate`."""

from pathlib import Path
from typing import TYPE_CHECKING

from argmap.errors import StoreUnavailable

if TYPE_CHECKING:
    from sqlalchemy import Connection

_FOLDER = Path(__file__).parent
REVISIONS = tuple(
    sorted(path.name.partition("_")[0] for path in (_FOLDER / "versions").glob("[0-9]*.py"))
)
"""Every revision of the schema, oldest first; the files are named by them."""


def migrate(connection: "Connection", to: str) -> None:
    """Bring the schema to a revision within the connection's transaction.

    Raises StoreUnavailable when the database belongs to a newer version of argmap.
    """
    # Alembic takes a third of a second to load, which a start without a migration need not spend.
    from alembic import command
    from alembic.config import Config
    from alembic.runtime.migration import MigrationContext

    current = MigrationContext.configure(connection).get_current_revision()
    if current is not None and current not in REVISIONS:
        raise StoreUnavailable(
            f"the database belongs to a newer version of argmap (schema {current})"
        )
    config = Config()
    config.set_main_option("script_location", str(_FOLDER))
    config.attributes["connection"] = connection
    if to == "base" or (to in REVISIONS and current is not None and to <= current):
        command.downgrade(config, to)
    else:
        command.upgrade(config, to)

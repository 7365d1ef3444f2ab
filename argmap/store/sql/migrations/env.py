"""How Alembic runs the migrations: on the connection it is given, in the transaction that is open there."""

from alembic import context

from argmap.store.sql.tables import METADATA

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    transactional_ddl=True,
    render_as_batch=True,
    include_name=lambda name, type_, parent: (
        not (
            type_ == "table" and "_words" in (name or "")  # the word indexes of SQLite
        )
    ),
)
with context.begin_transaction():
    context.run_migrations()

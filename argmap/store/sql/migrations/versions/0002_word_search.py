"""Indexes for finding articles and claims by words: FTS5 on SQLite, GIN on PostgreSQL."""
# ruff: noqa: S608 - every name here is a constant of this file

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

INDEXED = {"article": ("title", "authors", "text"), "claim": ("text", "label")}


def upgrade() -> None:
    """Make the indexes and fill them."""
    sqlite = op.get_bind().dialect.name == "sqlite"
    for table, columns in INDEXED.items():
        for statement in _sqlite(table, columns) if sqlite else [_postgresql(table, columns)]:
            op.execute(statement)


def downgrade() -> None:
    """Drop the indexes."""
    if op.get_bind().dialect.name == "sqlite":
        for table in INDEXED:
            for verb in ("insert", "delete", "update"):
                op.execute(f"DROP TRIGGER {table}_words_{verb}")
            op.execute(f"DROP TABLE {table}_words")
    else:
        for table in INDEXED:
            op.execute(f"DROP INDEX ix_{table}_words")


def _sqlite(table: str, columns: tuple[str, ...]) -> list[str]:
    names = ", ".join(columns)
    new = ", ".join(f"new.{column}" for column in columns)
    old = ", ".join(f"old.{column}" for column in columns)
    words = f"{table}_words"
    insert = f"INSERT INTO {words}(rowid, {names}) VALUES (new.number, {new});"
    delete = f"INSERT INTO {words}({words}, rowid, {names}) VALUES ('delete', old.number, {old});"
    return [
        f"CREATE VIRTUAL TABLE {words} USING fts5({names}, content='{table}', content_rowid='number', columnsize=0, "
        "tokenize='unicode61 remove_diacritics 2')",
        f"CREATE TRIGGER {words}_insert AFTER INSERT ON {table} BEGIN {insert} END",
        f"CREATE TRIGGER {words}_delete AFTER DELETE ON {table} BEGIN {delete} END",
        f"CREATE TRIGGER {words}_update AFTER UPDATE OF {names} ON {table} BEGIN {delete} {insert} END",
        f"INSERT INTO {words}({words}) VALUES ('rebuild')",
    ]


def _postgresql(table: str, columns: tuple[str, ...]) -> str:
    # a tsvector holds 1 MB at most, so only the first 150,000 characters of a text are indexed
    joined = " || ' ' || ".join(f"coalesce(left({column}, 150000), '')" for column in columns)
    return f"CREATE INDEX ix_{table}_words ON {table} USING gin (to_tsvector('simple', {joined}))"

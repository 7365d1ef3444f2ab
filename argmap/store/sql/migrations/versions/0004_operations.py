"""Operations done under a key of their own, passwords, sessions apart from API tokens, roles of share links."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "operation",
        sa.Column("account_id", sa.String(), nullable=False),
        sa.Column("map_id", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("fingerprint", sa.String(), nullable=False),
        sa.Column("created", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_operation_account_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["map_id"], ["map.id"], name=op.f("fk_operation_map_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("account_id", "map_id", "key", name=op.f("pk_operation")),
    )
    op.create_index(op.f("ix_operation_created"), "operation", ["created"])
    op.create_index(op.f("ix_operation_map_id_version"), "operation", ["map_id", "version"])
    op.add_column("account", sa.Column("password", sa.String(), nullable=True))
    op.add_column(
        "token", sa.Column("session", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    op.add_column("token", sa.Column("agent", sa.String(), nullable=True))
    op.execute("UPDATE token SET session = true WHERE name = 'signed in'")
    op.add_column("share", sa.Column("role", sa.String(), nullable=False, server_default="viewer"))


def downgrade() -> None:
    # a link for editors must not live on as one for readers whom nobody chose
    op.execute("DELETE FROM share WHERE role <> 'viewer'")
    op.drop_column("share", "role")
    op.drop_column("token", "agent")
    op.drop_column("token", "session")
    op.drop_column("account", "password")
    op.drop_table("operation")

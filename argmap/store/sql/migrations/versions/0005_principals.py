"""Kinds of accounts, and who is a member of which group."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "account", sa.Column("kind", sa.String(), nullable=False, server_default="person")
    )
    op.create_table(
        "member",
        sa.Column("account_id", sa.String(), nullable=False),
        sa.Column("group_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_member_account_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["group_id"], ["account.id"], name=op.f("fk_member_group_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("account_id", "group_id", name=op.f("pk_member")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_member_group_id"), "member", ["group_id"])


def downgrade() -> None:
    op.drop_table("member")
    op.drop_column("account", "kind")

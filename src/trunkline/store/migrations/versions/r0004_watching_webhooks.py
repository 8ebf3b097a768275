"""Secrets that are replaced, calls that went well, refusals and outages."""

from alembic import op
from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKeyConstraint,
    Integer,
    PrimaryKeyConstraint,
    Text,
)


def upgrade() -> None:
    op.add_column("webhooks", Column("sealed_old_secret", Text()))
    op.add_column("webhooks", Column("old_secret_until", BigInteger()))
    op.add_column("operations", Column("exchanges", Text()))
    op.create_table(
        "refusals",
        Column("webhook_id", Text(), nullable=False),
        Column("hour", Integer(), nullable=False),
        Column("reason", Text(), nullable=False),
        Column("number", Integer(), nullable=False),
        PrimaryKeyConstraint("webhook_id", "hour", "reason"),
        ForeignKeyConstraint(["webhook_id"], ["webhooks.id"]),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "outages",
        Column("began_at", BigInteger(), nullable=False),
        Column("ended_at", BigInteger(), nullable=False),
        PrimaryKeyConstraint("began_at"),
    )


def downgrade() -> None:
    op.drop_table("outages")
    op.drop_table("refusals")
    op.drop_column("operations", "exchanges")
    op.drop_column("webhooks", "old_secret_until")
    op.drop_column("webhooks", "sealed_old_secret")

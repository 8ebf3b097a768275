"""Scenarios have counters that outlive their executions."""

from alembic import op
from sqlalchemy import BigInteger, Column, ForeignKey, Text


def upgrade() -> None:
    op.create_table(
        "counters",
        Column("scenario_id", Text, ForeignKey("scenarios.id"), primary_key=True),
        Column("name", Text, primary_key=True),
        Column("value", BigInteger, nullable=False),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    op.drop_table("counters")

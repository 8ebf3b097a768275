"""Modules have pinned bundles, and executions begin in the midst of a flow."""

from alembic import op
from sqlalchemy import BigInteger, Column, ForeignKey, Integer, Text


def upgrade() -> None:
    op.create_table(
        "pins",
        Column("scenario_id", Text, ForeignKey("scenarios.id"), primary_key=True),
        Column("module_id", Integer, primary_key=True),
        Column("bundles", Text, nullable=False),
        Column("pinned_at", BigInteger, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "stand_ins",
        Column("execution_id", Text, ForeignKey("executions.id"), primary_key=True),
        Column("samples", Text, nullable=False),
        Column("source_id", Text),
        Column("course", Text),
        Column("operations", Integer, nullable=False),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    op.drop_table("stand_ins")
    op.drop_table("pins")

"""Incomplete executions, scenarios switched off, pruned history, and data stores."""

from alembic import op
from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKeyConstraint,
    Integer,
    PrimaryKeyConstraint,
    Text,
    UniqueConstraint,
    text,
)

_LINE = "executions_in_line"


def upgrade() -> None:
    _line("'queued', 'running', 'incomplete'")
    op.create_index("executions_of_delivery", "executions", ["delivery_id"])
    _stops()
    _shutdowns()
    _pruned()
    _data_stores()


def downgrade() -> None:
    for table in ("stops", "shutdowns", "pruned", "receipts", "records", "data_stores"):
        op.drop_table(table)
    op.drop_index("executions_of_delivery", "executions")
    _line("'queued', 'running'")


def _line(states: str) -> None:
    """An execution of a line that is incomplete holds up those behind it."""
    op.drop_index(_LINE, "executions")
    op.create_index(
        _LINE,
        "executions",
        ["order_key", "id"],
        sqlite_where=text(f"order_key IS NOT NULL AND state IN ({states})"),
    )


def _stops() -> None:
    op.create_table(
        "stops",
        Column("execution_id", Text(), nullable=False),
        Column("module_id", Integer(), nullable=False),
        Column("path", Text(), nullable=False),
        Column("stopped_at", BigInteger(), nullable=False),
        Column("error", Text(), nullable=False),
        Column("tries", Integer(), nullable=False),
        Column("retry_at", BigInteger()),
        Column("edited", Text()),
        PrimaryKeyConstraint("execution_id", "module_id", "path"),
        ForeignKeyConstraint(["execution_id"], ["executions.id"]),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "stops_to_retry",
        "stops",
        ["retry_at"],
        sqlite_where=text("retry_at IS NOT NULL"),
    )


def _shutdowns() -> None:
    op.create_table(
        "shutdowns",
        Column("scenario_id", Text(), nullable=False),
        Column("at", BigInteger(), nullable=False),
        Column("reason", Text(), nullable=False),
        Column("execution_id", Text()),
        PrimaryKeyConstraint("scenario_id"),
        ForeignKeyConstraint(["scenario_id"], ["scenarios.id"]),
    )


def _pruned() -> None:
    op.create_table(
        "pruned",
        Column("webhook_id", Text(), nullable=False),
        Column("state", Text(), nullable=False),
        Column("outcome", Text(), nullable=False),
        Column("number", BigInteger(), nullable=False),
        PrimaryKeyConstraint("webhook_id", "state", "outcome"),
        sqlite_with_rowid=False,
    )


def _data_stores() -> None:
    op.create_table(
        "data_stores",
        Column("id", Text(), nullable=False),
        Column("name", Text(), nullable=False),
        Column("structure", Text()),
        Column("limit_bytes", BigInteger(), nullable=False),
        Column("number", BigInteger(), nullable=False),
        Column("bytes", BigInteger(), nullable=False),
        Column("created_at", BigInteger(), nullable=False),
        PrimaryKeyConstraint("id"),
        UniqueConstraint("name"),
    )
    op.create_table(
        "records",
        Column("store_id", Text(), nullable=False),
        Column("key", Text(), nullable=False),
        Column("data", Text(), nullable=False),
        Column("size", Integer(), nullable=False),
        Column("created_at", BigInteger(), nullable=False),
        Column("updated_at", BigInteger(), nullable=False),
        Column("written_by", Text()),
        PrimaryKeyConstraint("store_id", "key"),
        ForeignKeyConstraint(["store_id"], ["data_stores.id"]),
    )
    op.create_table(
        "receipts",
        Column("execution_id", Text(), nullable=False),
        Column("write", Text(), nullable=False),
        Column("found", BigInteger(), nullable=False),
        PrimaryKeyConstraint("execution_id", "write"),
        ForeignKeyConstraint(["execution_id"], ["executions.id"]),
        sqlite_with_rowid=False,
    )

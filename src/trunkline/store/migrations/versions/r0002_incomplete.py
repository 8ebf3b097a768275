"""Incomplete executions, schedules, calls, data stores, and pruned history."""

from alembic import op
from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKeyConstraint,
    Integer,
    PrimaryKeyConstraint,
    Text,
    UniqueConstraint,
    text,
)

_LINE = "executions_in_line"
_TABLES = (
    "receipts",
    "records",
    "data_stores",
    "tallies",
    "calls",
    "stops",
    "shutdowns",
    "pruned",
    "schedules",
    "positions",
)


def upgrade() -> None:
    _line("'queued', 'running', 'incomplete'")
    op.create_index("executions_of_delivery", "executions", ["delivery_id"])
    op.create_index(
        "executions_ready_of_scenario",
        "executions",
        ["scenario_id", "due_at", "id"],
        sqlite_where=text("state = 'queued' AND order_key IS NULL"),
    )
    _stops()
    _shutdowns()
    _pruned()
    _schedules()
    _calls()
    _tallies()
    _data_stores()


def downgrade() -> None:
    for table in _TABLES:
        op.drop_table(table)
    op.drop_column("executions", "origin")
    op.drop_index("executions_of_delivery", "executions")
    op.drop_index("executions_ready_of_scenario", "executions")
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


def _schedules() -> None:
    op.add_column(
        "executions", Column("origin", Text(), nullable=False, server_default="webhook")
    )
    op.create_table(
        "schedules",
        Column("scenario_id", Text(), nullable=False),
        Column("anchor", BigInteger(), nullable=False),
        Column("next_at", BigInteger()),
        PrimaryKeyConstraint("scenario_id"),
        ForeignKeyConstraint(["scenario_id"], ["scenarios.id"]),
    )
    op.create_table(
        "positions",
        Column("scenario_id", Text(), nullable=False),
        Column("module_id", Integer(), nullable=False),
        Column("mark", Text()),
        Column("ties", Text(), nullable=False),
        Column("moved_at", BigInteger(), nullable=False),
        PrimaryKeyConstraint("scenario_id", "module_id"),
        ForeignKeyConstraint(["scenario_id"], ["scenarios.id"]),
    )


def _calls() -> None:
    op.create_table(
        "calls",
        Column("child_id", Text(), nullable=False),
        Column("parent_id", Text(), nullable=False),
        Column("module_id", Integer(), nullable=False),
        Column("path", Text(), nullable=False),
        Column("depth", Integer(), nullable=False),
        Column("ended", Boolean(), nullable=False),
        Column("output", Text()),
        Column("error", Text()),
        PrimaryKeyConstraint("child_id"),
        ForeignKeyConstraint(["child_id"], ["executions.id"]),
        ForeignKeyConstraint(["parent_id"], ["executions.id"]),
    )
    op.create_index("calls_of_parent", "calls", ["parent_id"])


def _tallies() -> None:
    op.create_table(
        "tallies",
        Column("execution_id", Text(), nullable=False),
        Column("module_id", Integer(), nullable=False),
        Column("state", Text(), nullable=False),
        Column("operations", Integer(), nullable=False),
        Column("bundles", Integer(), nullable=False),
        Column("duration_us", BigInteger(), nullable=False),
        PrimaryKeyConstraint("execution_id", "module_id", "state"),
        ForeignKeyConstraint(["execution_id"], ["executions.id"]),
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

"""The first schema, as it was when folders began to be numbered."""

from alembic import op
from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKeyConstraint,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    SmallInteger,
    Text,
    UniqueConstraint,
    text,
)


def upgrade() -> None:
    _facts()
    _connections_and_webhooks()
    _deliveries()
    _scenarios()
    _executions()
    _operations()
    _users()


def _facts() -> None:
    op.create_table(
        "facts",
        Column("key", Text(), nullable=False),
        Column("value", Text(), nullable=False),
        PrimaryKeyConstraint("key"),
    )


def _connections_and_webhooks() -> None:
    op.create_table(
        "connections",
        Column("id", Text(), nullable=False),
        Column("name", Text(), nullable=False),
        Column("app", Text(), nullable=False),
        Column("sealed_values", Text(), nullable=False),
        Column("base_url", Text()),
        Column("label", Text()),
        Column("tested_at", BigInteger()),
        Column("created_at", BigInteger(), nullable=False),
        PrimaryKeyConstraint("id"),
        UniqueConstraint("name"),
    )
    op.create_table(
        "webhooks",
        Column("id", Text(), nullable=False),
        Column("name", Text(), nullable=False),
        Column("module", Text(), nullable=False),
        Column("sealed_token", Text(), nullable=False),
        Column("sealed_secret", Text()),
        Column("when_inactive", Text(), nullable=False),
        Column("created_at", BigInteger(), nullable=False),
        PrimaryKeyConstraint("id"),
        UniqueConstraint("name"),
    )
    op.create_table(
        "holds",
        Column("webhook_id", Text(), nullable=False),
        Column("since", BigInteger(), nullable=False),
        ForeignKeyConstraint(["webhook_id"], ["webhooks.id"]),
        PrimaryKeyConstraint("webhook_id"),
    )


def _deliveries() -> None:
    op.create_table(
        "deliveries",
        Column("id", Text(), nullable=False),
        Column("webhook_id", Text(), nullable=False),
        Column("received_at", BigInteger(), nullable=False),
        Column("size", Integer(), nullable=False),
        Column("state", Text(), nullable=False),
        Column("outcome", Text()),
        Column("reason", Text()),
        Column("event", Text()),
        ForeignKeyConstraint(["webhook_id"], ["webhooks.id"]),
        PrimaryKeyConstraint("id"),
        sqlite_with_rowid=False,
    )
    op.create_index("deliveries_of_webhook", "deliveries", ["webhook_id", "id"])
    op.create_index(
        "deliveries_waiting",
        "deliveries",
        ["webhook_id", "id"],
        sqlite_where=text("state = 'waiting'"),
    )
    op.create_table(
        "payloads",
        Column("delivery_id", Text(), nullable=False),
        Column("method", Text(), nullable=False),
        Column("query", Text(), nullable=False),
        Column("headers", Text(), nullable=False),
        Column("body", LargeBinary(), nullable=False),
        ForeignKeyConstraint(["delivery_id"], ["deliveries.id"]),
        PrimaryKeyConstraint("delivery_id"),
    )
    op.create_table(
        "seen",
        Column("webhook_id", Text(), nullable=False),
        Column("key", Text(), nullable=False),
        Column("delivery_id", Text(), nullable=False),
        PrimaryKeyConstraint("webhook_id", "key"),
        sqlite_with_rowid=False,
    )


def _scenarios() -> None:
    op.create_table(
        "scenarios",
        Column("id", Text(), nullable=False),
        Column("name", Text(), nullable=False),
        Column("active", Boolean(), nullable=False),
        Column("version_id", Text(), nullable=False),
        Column("webhook_id", Text()),
        Column("created_at", BigInteger(), nullable=False),
        Column("updated_at", BigInteger(), nullable=False),
        ForeignKeyConstraint(["webhook_id"], ["webhooks.id"]),
        PrimaryKeyConstraint("id"),
        UniqueConstraint("name"),
    )
    op.create_index(
        "one_active_scenario_per_webhook",
        "scenarios",
        ["webhook_id"],
        unique=True,
        sqlite_where=text("active"),
    )
    op.create_table(
        "versions",
        Column("id", Text(), nullable=False),
        Column("scenario_id", Text(), nullable=False),
        Column("number", Integer(), nullable=False),
        Column("content", Text(), nullable=False),
        Column("created_at", BigInteger(), nullable=False),
        ForeignKeyConstraint(["scenario_id"], ["scenarios.id"]),
        PrimaryKeyConstraint("id"),
        UniqueConstraint("scenario_id", "number"),
    )


def _executions() -> None:
    op.create_table(
        "executions",
        Column("id", Text(), nullable=False),
        Column("scenario_id", Text(), nullable=False),
        Column("version_id", Text(), nullable=False),
        Column("delivery_id", Text()),
        Column("created_at", BigInteger(), nullable=False),
        Column("state", Text(), nullable=False),
        Column("input", Text()),
        Column("order_key", Text()),
        Column("due_at", BigInteger(), nullable=False),
        Column("owner", Text()),
        Column("epoch", Integer(), nullable=False),
        Column("attempts", SmallInteger(), nullable=False),
        Column("started_at", BigInteger()),
        Column("ended_at", BigInteger()),
        Column("operations", Integer(), nullable=False),
        Column("error", Text()),
        ForeignKeyConstraint(["delivery_id"], ["deliveries.id"]),
        ForeignKeyConstraint(["scenario_id"], ["scenarios.id"]),
        ForeignKeyConstraint(["version_id"], ["versions.id"]),
        PrimaryKeyConstraint("id"),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "executions_in_line",
        "executions",
        ["order_key", "id"],
        sqlite_where=text("order_key IS NOT NULL AND state IN ('queued', 'running')"),
    )
    op.create_index("executions_of_scenario", "executions", ["scenario_id", "id"])
    op.create_index(
        "executions_ready",
        "executions",
        ["due_at", "id"],
        sqlite_where=text("state = 'queued' AND order_key IS NULL"),
    )
    op.create_index(
        "executions_running",
        "executions",
        ["id"],
        sqlite_where=text("state = 'running'"),
    )


def _operations() -> None:
    op.create_table(
        "operations",
        Column("execution_id", Text(), nullable=False),
        Column("module_id", Integer(), nullable=False),
        Column("path", Text(), nullable=False),
        Column("number", Integer(), nullable=False),
        Column("state", Text(), nullable=False),
        Column("started_at", BigInteger(), nullable=False),
        Column("duration_us", BigInteger(), nullable=False),
        Column("attempts", SmallInteger(), nullable=False),
        Column("bundles", Integer(), nullable=False),
        Column("input", Text()),
        Column("output", Text()),
        Column("error", Text()),
        ForeignKeyConstraint(["execution_id"], ["executions.id"]),
        PrimaryKeyConstraint("execution_id", "module_id", "path"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "bundles",
        Column("execution_id", Text(), nullable=False),
        Column("module_id", Integer(), nullable=False),
        Column("path", Text(), nullable=False),
        Column("position", Integer(), nullable=False),
        Column("data", Text(), nullable=False),
        ForeignKeyConstraint(["execution_id"], ["executions.id"]),
        PrimaryKeyConstraint("execution_id", "module_id", "path", "position"),
        sqlite_with_rowid=False,
    )


def _users() -> None:
    op.create_table(
        "users",
        Column("id", Text(), nullable=False),
        Column("name", Text(), nullable=False),
        Column("password_hash", Text(), nullable=False),
        Column("created_at", BigInteger(), nullable=False),
        PrimaryKeyConstraint("id"),
        UniqueConstraint("name"),
    )
    op.create_table(
        "sessions",
        Column("id", Text(), nullable=False),
        Column("user_id", Text(), nullable=False),
        Column("created_at", BigInteger(), nullable=False),
        Column("seen_at", BigInteger(), nullable=False),
        ForeignKeyConstraint(["user_id"], ["users.id"]),
        PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "api_tokens",
        Column("id", Text(), nullable=False),
        Column("name", Text(), nullable=False),
        Column("user_id", Text(), nullable=False),
        Column("digest", Text(), nullable=False),
        Column("read_only", Boolean(), nullable=False),
        Column("created_at", BigInteger(), nullable=False),
        Column("used_at", BigInteger()),
        ForeignKeyConstraint(["user_id"], ["users.id"]),
        PrimaryKeyConstraint("id"),
        UniqueConstraint("digest"),
        UniqueConstraint("name"),
    )

"""The schema, one for every database."""

from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    text,
)

SCHEMA_VERSION = 4
"""Written into each folder; a folder with a higher number is refused."""

metadata = MetaData()


def _only(condition: str) -> dict[str, Any]:
    """Which rows an index holds.

    To say it to PostgreSQL here (`postgresql_where`) would load its dialect, 3 MB, in
    every process; whoever makes the tables there finds the condition in `info`.
    """
    return {"sqlite_where": text(condition), "info": {"where": condition}}


facts = Table(
    "facts",
    metadata,
    Column("key", Text, primary_key=True),
    Column("value", Text, nullable=False),
)

connections = Table(
    "connections",
    metadata,
    Column("id", Text, primary_key=True),
    Column("name", Text, nullable=False, unique=True),
    Column("app", Text, nullable=False),
    Column("sealed_values", Text, nullable=False),
    Column("base_url", Text),
    Column("label", Text),
    Column("tested_at", BigInteger),
    Column("created_at", BigInteger, nullable=False),
)

webhooks = Table(
    "webhooks",
    metadata,
    Column("id", Text, primary_key=True),
    Column("name", Text, nullable=False, unique=True),
    Column("module", Text, nullable=False),
    Column("sealed_token", Text, nullable=False),
    Column("sealed_secret", Text),
    Column("when_inactive", Text, nullable=False),
    Column("created_at", BigInteger, nullable=False),
)

# Webhooks that a person told to hold what arrives.
holds = Table(
    "holds",
    metadata,
    Column("webhook_id", Text, ForeignKey("webhooks.id"), primary_key=True),
    Column("since", BigInteger, nullable=False),
)

deliveries = Table(
    "deliveries",
    metadata,
    Column("id", Text, primary_key=True),
    Column("webhook_id", Text, ForeignKey("webhooks.id"), nullable=False),
    Column("received_at", BigInteger, nullable=False),
    Column("size", Integer, nullable=False),
    Column("state", Text, nullable=False),
    Column("outcome", Text),
    Column("reason", Text),
    Column("event", Text),
    sqlite_with_rowid=False,
)
Index("deliveries_of_webhook", deliveries.c.webhook_id, deliveries.c.id)
Index(
    "deliveries_waiting",
    deliveries.c.webhook_id,
    deliveries.c.id,
    **_only("state = 'waiting'"),
)

# Apart from deliveries, since a delivery changes its state and its payload never.
payloads = Table(
    "payloads",
    metadata,
    Column("delivery_id", Text, ForeignKey("deliveries.id"), primary_key=True),
    Column("method", Text, nullable=False),
    Column("query", Text, nullable=False),
    Column("headers", Text, nullable=False),
    Column("body", LargeBinary, nullable=False),
)

# Deliveries that were accepted, ended, and are no longer kept. Without a reference to
# webhooks, since what was accepted counts when its webhook is gone.
pruned = Table(
    "pruned",
    metadata,
    Column("webhook_id", Text, primary_key=True),
    Column("state", Text, primary_key=True),
    Column("outcome", Text, primary_key=True),  # empty where there is none
    Column("number", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)

# What was already received, kept longer than the deliveries themselves.
seen = Table(
    "seen",
    metadata,
    Column("webhook_id", Text, primary_key=True),
    Column("key", Text, primary_key=True),
    Column("delivery_id", Text, nullable=False),
    sqlite_with_rowid=False,
)

scenarios = Table(
    "scenarios",
    metadata,
    Column("id", Text, primary_key=True),
    Column("name", Text, nullable=False, unique=True),
    Column("active", Boolean, nullable=False),
    Column("version_id", Text, nullable=False),
    Column("webhook_id", Text, ForeignKey("webhooks.id")),
    Column("created_at", BigInteger, nullable=False),
    Column("updated_at", BigInteger, nullable=False),
)
Index(
    "one_active_scenario_per_webhook",
    scenarios.c.webhook_id,
    unique=True,
    **_only("active"),
)

versions = Table(
    "versions",
    metadata,
    Column("id", Text, primary_key=True),
    Column("scenario_id", Text, ForeignKey("scenarios.id"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("content", Text, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    UniqueConstraint("scenario_id", "number"),
)

executions = Table(
    "executions",
    metadata,
    Column("id", Text, primary_key=True),
    Column("scenario_id", Text, ForeignKey("scenarios.id"), nullable=False),
    Column("version_id", Text, ForeignKey("versions.id"), nullable=False),
    Column("delivery_id", Text, ForeignKey("deliveries.id")),
    Column("created_at", BigInteger, nullable=False),
    Column("state", Text, nullable=False),
    Column("input", Text),
    Column("order_key", Text),
    Column("due_at", BigInteger, nullable=False),
    Column("owner", Text),
    Column("epoch", Integer, nullable=False),
    Column("attempts", SmallInteger, nullable=False),
    Column("started_at", BigInteger),
    Column("ended_at", BigInteger),
    Column("operations", Integer, nullable=False),
    Column("error", Text),
    Column("origin", Text, nullable=False, server_default="webhook"),
    sqlite_with_rowid=False,
)
Index(
    "executions_ready",
    executions.c.due_at,
    executions.c.id,
    **_only("state = 'queued' AND order_key IS NULL"),
)
Index(
    "executions_ready_of_scenario",
    executions.c.scenario_id,
    executions.c.due_at,
    executions.c.id,
    **_only("state = 'queued' AND order_key IS NULL"),
)
Index(
    "executions_running",
    executions.c.id,
    **_only("state = 'running'"),
)
Index(
    "executions_in_line",
    executions.c.order_key,
    executions.c.id,
    **_only("order_key IS NOT NULL AND state IN ('queued', 'running', 'incomplete')"),
)
Index("executions_of_scenario", executions.c.scenario_id, executions.c.id)
executions_of_delivery = Index("executions_of_delivery", executions.c.delivery_id)

operations = Table(
    "operations",
    metadata,
    Column("execution_id", Text, ForeignKey("executions.id"), primary_key=True),
    Column("module_id", Integer, primary_key=True),
    Column("path", Text, primary_key=True),
    Column("number", Integer, nullable=False),
    Column("state", Text, nullable=False),
    Column("started_at", BigInteger, nullable=False),
    Column("duration_us", BigInteger, nullable=False),
    Column("attempts", SmallInteger, nullable=False),
    Column("bundles", Integer, nullable=False),
    Column("input", Text),
    Column("output", Text),
    Column("error", Text),
    sqlite_with_rowid=False,
)

bundles = Table(
    "bundles",
    metadata,
    Column("execution_id", Text, ForeignKey("executions.id"), primary_key=True),
    Column("module_id", Integer, primary_key=True),
    Column("path", Text, primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("data", Text, nullable=False),
    sqlite_with_rowid=False,
)

# Where incomplete executions stopped; the rows go when the execution has ended well.
stops = Table(
    "stops",
    metadata,
    Column("execution_id", Text, ForeignKey("executions.id"), primary_key=True),
    Column("module_id", Integer, primary_key=True),
    Column("path", Text, primary_key=True),
    Column("stopped_at", BigInteger, nullable=False),
    Column("error", Text, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("retry_at", BigInteger),
    Column("edited", Text),
    sqlite_with_rowid=False,
)
Index("stops_to_retry", stops.c.retry_at, **_only("retry_at IS NOT NULL"))

# When each active scenario with a schedule runs next, counted from `anchor`.
schedules = Table(
    "schedules",
    metadata,
    Column("scenario_id", Text, ForeignKey("scenarios.id"), primary_key=True),
    Column("anchor", BigInteger, nullable=False),
    Column("next_at", BigInteger),
)

# Bundles that stand in for what a module gives, in runs by hand.
pins = Table(
    "pins",
    metadata,
    Column("scenario_id", Text, ForeignKey("scenarios.id"), primary_key=True),
    Column("module_id", Integer, primary_key=True),
    Column("bundles", Text, nullable=False),
    Column("pinned_at", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)

# What stood in for modules in an execution: pinned bundles, and what another execution
# had done before the module from which it began.
stand_ins = Table(
    "stand_ins",
    metadata,
    Column("execution_id", Text, ForeignKey("executions.id"), primary_key=True),
    Column("samples", Text, nullable=False),
    Column("source_id", Text),
    Column("course", Text),
    Column("operations", Integer, nullable=False),
    sqlite_with_rowid=False,
)

# Executions that others have begun, and what they came to.
calls = Table(
    "calls",
    metadata,
    Column("child_id", Text, ForeignKey("executions.id"), primary_key=True),
    Column("parent_id", Text, ForeignKey("executions.id"), nullable=False),
    Column("module_id", Integer, nullable=False),
    Column("path", Text, nullable=False),
    Column("depth", Integer, nullable=False),
    Column("ended", Boolean, nullable=False),
    Column("output", Text),
    Column("error", Text),
)
Index("calls_of_parent", calls.c.parent_id)

# How far a polling trigger has come; `mark` as JSON text, `ties` the keys at it.
positions = Table(
    "positions",
    metadata,
    Column("scenario_id", Text, ForeignKey("scenarios.id"), primary_key=True),
    Column("module_id", Integer, primary_key=True),
    Column("mark", Text),
    Column("ties", Text, nullable=False),
    Column("moved_at", BigInteger, nullable=False),
)

# Scenarios that were switched off because they failed, and why.
shutdowns = Table(
    "shutdowns",
    metadata,
    Column("scenario_id", Text, ForeignKey("scenarios.id"), primary_key=True),
    Column("at", BigInteger, nullable=False),
    Column("reason", Text, nullable=False),
    Column("execution_id", Text),
)

# Operations of long executions that are counted, not written down one by one.
tallies = Table(
    "tallies",
    metadata,
    Column("execution_id", Text, ForeignKey("executions.id"), primary_key=True),
    Column("module_id", Integer, primary_key=True),
    Column("state", Text, primary_key=True),
    Column("operations", Integer, nullable=False),
    Column("bundles", Integer, nullable=False),
    Column("duration_us", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)

# Records that scenarios read and write; what a store holds is counted where it changes.
data_stores = Table(
    "data_stores",
    metadata,
    Column("id", Text, primary_key=True),
    Column("name", Text, nullable=False, unique=True),
    Column("structure", Text),
    Column("limit_bytes", BigInteger, nullable=False),
    Column("number", BigInteger, nullable=False),
    Column("bytes", BigInteger, nullable=False),
    Column("created_at", BigInteger, nullable=False),
)

records = Table(
    "records",
    metadata,
    Column("store_id", Text, ForeignKey("data_stores.id"), primary_key=True),
    Column("key", Text, primary_key=True),
    Column("data", Text, nullable=False),
    Column("size", Integer, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("updated_at", BigInteger, nullable=False),
    Column("written_by", Text),
)

# Writes that operations have made, so that one that is repeated is known again; they go
# with the history of their execution.
receipts = Table(
    "receipts",
    metadata,
    Column("execution_id", Text, ForeignKey("executions.id"), primary_key=True),
    Column("write", Text, primary_key=True),
    Column("found", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)

users = Table(
    "users",
    metadata,
    Column("id", Text, primary_key=True),
    Column("name", Text, nullable=False, unique=True),
    Column("password_hash", Text, nullable=False),
    Column("created_at", BigInteger, nullable=False),
)

# What a cookie or a program shows is kept as its digest alone.
sessions = Table(
    "sessions",
    metadata,
    Column("id", Text, primary_key=True),
    Column("user_id", Text, ForeignKey("users.id"), nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("seen_at", BigInteger, nullable=False),
)

api_tokens = Table(
    "api_tokens",
    metadata,
    Column("id", Text, primary_key=True),
    Column("name", Text, nullable=False, unique=True),
    Column("user_id", Text, ForeignKey("users.id"), nullable=False),
    Column("digest", Text, nullable=False, unique=True),
    Column("read_only", Boolean, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("used_at", BigInteger),
)

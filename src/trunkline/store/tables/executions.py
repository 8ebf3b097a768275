"""Executions: what they did, gave, and where they stopped."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    SmallInteger,
    Table,
    Text,
)

from trunkline.store.tables.base import metadata, only

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
    **only("state = 'queued' AND order_key IS NULL"),
)
Index(
    "executions_ready_of_scenario",
    executions.c.scenario_id,
    executions.c.due_at,
    executions.c.id,
    **only("state = 'queued' AND order_key IS NULL"),
)
Index(
    "executions_running",
    executions.c.id,
    **only("state = 'running'"),
)
Index(
    "executions_in_line",
    executions.c.order_key,
    executions.c.id,
    **only("order_key IS NOT NULL AND state IN ('queued', 'running', 'incomplete')"),
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
    Column("exchanges", Text),
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
Index("stops_to_retry", stops.c.retry_at, **only("retry_at IS NOT NULL"))

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

"""Scenarios, their versions, and when they run."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
)

from trunkline.store.tables.base import metadata, only

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
    **only("active"),
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

# Numbers that the executions of a scenario count on together.
counters = Table(
    "counters",
    metadata,
    Column("scenario_id", Text, ForeignKey("scenarios.id"), primary_key=True),
    Column("name", Text, primary_key=True),
    Column("value", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)

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

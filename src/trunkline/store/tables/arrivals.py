"""Webhooks, who knocks there, and what was received."""

from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
)

from trunkline.store.tables.base import metadata, only

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
    Column("sealed_old_secret", Text),
    Column("old_secret_until", BigInteger),
)

# Webhooks that a person told to hold what arrives.
holds = Table(
    "holds",
    metadata,
    Column("webhook_id", Text, ForeignKey("webhooks.id"), primary_key=True),
    Column("since", BigInteger, nullable=False),
)

# Requests to webhooks that were refused, by the hour since 1970 in which they came.
refusals = Table(
    "refusals",
    metadata,
    Column("webhook_id", Text, ForeignKey("webhooks.id"), primary_key=True),
    Column("hour", Integer, primary_key=True),
    Column("reason", Text, primary_key=True),
    Column("number", Integer, nullable=False),
    sqlite_with_rowid=False,
)

# When nobody served the folder.
outages = Table(
    "outages",
    metadata,
    Column("began_at", BigInteger, primary_key=True, autoincrement=False),
    Column("ended_at", BigInteger, nullable=False),
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
    **only("state = 'waiting'"),
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

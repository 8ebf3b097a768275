"""The schema, one for every database."""

from trunkline.store.tables.access import api_tokens, sessions, users
from trunkline.store.tables.arrivals import (
    connections,
    deliveries,
    holds,
    outages,
    payloads,
    pruned,
    refusals,
    seen,
    webhooks,
)
from trunkline.store.tables.base import SCHEMA_VERSION, facts, metadata
from trunkline.store.tables.executions import (
    bundles,
    calls,
    executions,
    executions_of_delivery,
    operations,
    stand_ins,
    stops,
    tallies,
)
from trunkline.store.tables.records import data_stores, receipts, records, reversals
from trunkline.store.tables.scenarios import (
    counters,
    pins,
    positions,
    scenarios,
    schedules,
    shutdowns,
    versions,
)

__all__ = [
    "SCHEMA_VERSION",
    "api_tokens",
    "bundles",
    "calls",
    "connections",
    "counters",
    "data_stores",
    "deliveries",
    "executions",
    "executions_of_delivery",
    "facts",
    "holds",
    "metadata",
    "operations",
    "outages",
    "payloads",
    "pins",
    "positions",
    "pruned",
    "receipts",
    "records",
    "refusals",
    "reversals",
    "scenarios",
    "schedules",
    "seen",
    "sessions",
    "shutdowns",
    "stand_ins",
    "stops",
    "tallies",
    "users",
    "versions",
    "webhooks",
]

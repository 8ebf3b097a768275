"""The environment a key belongs to, and its use of the plan (3.1, 3.2)."""

import sqlite3

from trunkline.apps.refiner.sandbox import times

from .database import Database

LIMITS = {"mtu": 5000, "mpv": 100_000, "msr": 1000}


def of(database: Database) -> sqlite3.Row:
    row = database.row("SELECT uuid, name FROM project")
    if row is None:
        raise LookupError("project")
    return row


def account(database: Database) -> dict[str, object]:
    """The plan's counts of the month, and those of the one environment."""
    counts = _month(database)
    subscription: dict[str, object] = {"plan": "Growth"}
    for name, count in counts.items():
        subscription[f"{name}_count"] = count
        if name in LIMITS:
            subscription[f"{name}_limit"] = LIMITS[name]
        subscription[f"{name}_count_updated_at"] = database.now()
    environment = {"uuid": of(database)["uuid"], "name": of(database)["name"]}
    return {"subscription": subscription, "environments": [environment | counts]}


def _month(database: Database) -> dict[str, int]:
    start = times.iso(
        database.clock().replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    )
    queries = {
        "mtu": "SELECT count(*) FROM contacts WHERE last_seen_at >= ?",
        "mte": "SELECT count(*) FROM events WHERE recorded_at >= ?",
        "mpv": "SELECT sum(show_counter) FROM responses WHERE last_shown_at >= ?",
        "msr": "SELECT count(*) FROM responses WHERE last_data_reception_at >= ?",
    }
    return {name: database.number(sql, start) for name, sql in queries.items()}

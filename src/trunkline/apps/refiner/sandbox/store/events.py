"""Events recorded for contacts: names, no properties (refiner-api 5.8)."""

import sqlite3

from .database import Database


def record(database: Database, contact: sqlite3.Row, name: str) -> None:
    database.insert(
        "events", contact_id=contact["id"], name=name, recorded_at=database.now()
    )


def of(database: Database, contact_id: int) -> list[sqlite3.Row]:
    """The contact's events, newest first."""
    return database.rows(
        "SELECT name, recorded_at FROM events WHERE contact_id = ? ORDER BY id DESC",
        contact_id,
    )

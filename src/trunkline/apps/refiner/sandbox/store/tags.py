"""Tags on responses: by name when written, by uuid when filtering (5.7)."""

import sqlite3
from collections.abc import Iterable

from trunkline.apps.refiner.sandbox import uuids

from .database import Database


def add(database: Database, response: sqlite3.Row, names: Iterable[str]) -> None:
    """Add tags to a response, creating unknown ones; told once if any is new."""
    new = [_added(database, response["id"], name) for name in dict.fromkeys(names)]
    if any(new):
        event = database.behaviour.tag_event
        database.occurred(event, response["contact_id"], response["id"])


def of(database: Database, response_id: int) -> list[str]:
    rows = database.rows(
        "SELECT g.name FROM response_tags r JOIN tags g ON g.id = r.tag_id"
        " WHERE r.response_id = ? ORDER BY g.name",
        response_id,
    )
    return [row["name"] for row in rows]


def _added(database: Database, response_id: int, name: str) -> bool:
    sql = "INSERT OR IGNORE INTO tags (uuid, name) VALUES (?, ?)"
    database.run(sql, uuids.fresh(), name)
    linked = database.run(
        "INSERT OR IGNORE INTO response_tags SELECT ?, id FROM tags WHERE name = ?",
        response_id,
        name,
    )
    return linked > 0

"""Segments, manual and data-driven (refiner-api 3.17, 5.4)."""

import sqlite3

import msgspec

from trunkline.apps.refiner.sandbox import uuids
from trunkline.apps.refiner.sandbox.errors import NotThereError, WrongInputError

from . import contacts, membership
from .database import Database, encoded

LISTED = "SELECT uuid, name, rule IS NULL AS is_manual FROM segments ORDER BY name, id"


def create(database: Database, name: str, rule: membership.Rule | None) -> sqlite3.Row:
    """A segment; those who match at once enter silently (refiner-api 4.2 [sure])."""
    segment_id = database.insert(
        "segments",
        uuid=uuids.fresh(),
        name=name,
        rule=None if rule is None else encoded(rule),
    )
    if rule is not None:
        _admit(database, segment_id, rule)
    return _required(database.row("SELECT * FROM segments WHERE id = ?", segment_id))


def by_uuid(database: Database, uuid: str) -> sqlite3.Row:
    return _required(database.row("SELECT * FROM segments WHERE uuid = ?", uuid))


def manual(database: Database, uuid: str) -> sqlite3.Row:
    segment = by_uuid(database, uuid)
    if segment["rule"] is not None:
        raise WrongInputError("segment_uuid", "The segment is not a manual segment.")
    return segment


def add(database: Database, contact: sqlite3.Row, segment: sqlite3.Row) -> None:
    membership.enter(database, contact["id"], segment["id"])
    contacts.settle(database, contact["id"])


def remove(database: Database, contact: sqlite3.Row, segment: sqlite3.Row) -> None:
    membership.leave(database, contact["id"], segment["id"])
    contacts.settle(database, contact["id"])


def _required(segment: sqlite3.Row | None) -> sqlite3.Row:
    if segment is None:
        raise NotThereError("Segment")
    return segment


def _admit(database: Database, segment_id: int, rule: membership.Rule) -> None:
    for row in database.rows("SELECT id, attributes FROM contacts"):
        if membership.matches(rule, msgspec.json.decode(row["attributes"])):
            membership.enter(database, row["id"], segment_id, quiet=True)
            contacts.settle(database, row["id"])

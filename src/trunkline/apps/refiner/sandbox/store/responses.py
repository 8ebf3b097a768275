"""Responses: one record per survey view, up to its completion (refiner-api 5.6)."""

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass

import msgspec

from trunkline.apps.refiner.sandbox import uuids
from trunkline.apps.refiner.sandbox.errors import NotThereError

from . import contacts, tags
from .database import Database, encoded


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """A response as `POST /responses` brings it (refiner-api 3.9)."""

    data: Mapping[str, object]
    date: str | None = None
    prevent_duplicates: bool = True
    tags: tuple[str, ...] = ()


def store(
    database: Database, contact: sqlite3.Row, form: sqlite3.Row, brought: Stored
) -> str:
    """The uuid of the completed response, or of the identical one there is."""
    data = encoded(dict(sorted(brought.data.items())))
    same = _identical(database, contact, form, data, brought.date)
    if same and brought.prevent_duplicates:
        return same
    moment = brought.date or database.now()
    response = _create(database, contact, form, moment)
    _receive(database, response, brought.data, moment)
    _complete(database, response, moment)
    _tell(database, response, database.behaviour.completed_event, stored=True)
    tags.add(database, response, brought.tags)
    return str(response["uuid"])


def see(database: Database, contact: sqlite3.Row, form: sqlite3.Row) -> str:
    """A view; a second one of the same open survey moves its last showing."""
    response = _viewed(database, contact, form)
    _tell(database, response, database.behaviour.saw_event)
    return str(response["uuid"])


def dismiss(database: Database, contact: sqlite3.Row, form: sqlite3.Row) -> str:
    response = _opened(database, contact, form)
    database.run(
        "UPDATE responses SET dismissed_at = ? WHERE id = ?",
        database.now(),
        response["id"],
    )
    _follow(database, response)
    _tell(database, response, database.behaviour.dismissed_event)
    return str(response["uuid"])


def answer(
    database: Database,
    contact: sqlite3.Row,
    form: sqlite3.Row,
    data: Mapping[str, object],
    *,
    complete: bool,
) -> str:
    """Answers given on a page, for a part of the survey or to its end."""
    response, moment = _opened(database, contact, form), database.now()
    _receive(database, response, data, moment)
    if complete:
        _complete(database, response, moment)
        _tell(database, response, database.behaviour.completed_event)
    return str(response["uuid"])


def by_uuid(database: Database, uuid: str) -> sqlite3.Row:
    response = database.row("SELECT * FROM responses WHERE uuid = ?", uuid)
    if response is None:
        raise NotThereError("Response")
    return response


def _identical(
    database: Database,
    contact: sqlite3.Row,
    form: sqlite3.Row,
    data: str,
    date: str | None,
) -> str | None:
    """Same contact, survey and data, and date if one is sent (3.9 [guess])."""
    row = database.row(
        "SELECT uuid FROM responses WHERE contact_id = ? AND form_id = ? AND data = ?"
        " AND completed_at IS NOT NULL AND (? IS NULL OR completed_at = ?)",
        contact["id"],
        form["id"],
        data,
        date,
        date,
    )
    return row["uuid"] if row else None


def _viewed(database: Database, contact: sqlite3.Row, form: sqlite3.Row) -> sqlite3.Row:
    now = database.now()
    response = _open(database, contact, form)
    if response is None:
        response = _create(database, contact, form, now)
    else:
        database.run(
            "UPDATE responses SET last_shown_at = ?, show_counter = show_counter + 1"
            " WHERE id = ?",
            now,
            response["id"],
        )
    _follow(database, response)
    return response


def _opened(database: Database, contact: sqlite3.Row, form: sqlite3.Row) -> sqlite3.Row:
    """The contact's open response, begun now if there is none."""
    found = _open(database, contact, form)
    return found or _create(database, contact, form, database.now())


def _open(
    database: Database, contact: sqlite3.Row, form: sqlite3.Row
) -> sqlite3.Row | None:
    return database.row(
        "SELECT * FROM responses WHERE contact_id = ? AND form_id = ?"
        " AND completed_at IS NULL AND dismissed_at IS NULL ORDER BY id DESC",
        contact["id"],
        form["id"],
    )


def _create(
    database: Database, contact: sqlite3.Row, form: sqlite3.Row, moment: str
) -> sqlite3.Row:
    uuid = uuids.fresh()
    database.insert(
        "responses",
        uuid=uuid,
        form_id=form["id"],
        contact_id=contact["id"],
        first_shown_at=moment,
        last_shown_at=moment,
    )
    return by_uuid(database, uuid)


def _receive(
    database: Database,
    response: sqlite3.Row,
    data: Mapping[str, object],
    moment: str,
) -> None:
    """Add answers to the response, and to the contact as traits."""
    kept = msgspec.json.decode(response["data"]) | data
    database.run(
        "UPDATE responses SET data = ?, last_data_reception_at = ?,"
        " first_data_reception_at = ifnull(first_data_reception_at, ?) WHERE id = ?",
        encoded(dict(sorted(kept.items()))),
        moment,
        moment,
        response["id"],
    )
    contacts.keep_answers(database, response["contact_id"], data)
    _follow(database, response)


def _complete(database: Database, response: sqlite3.Row, moment: str) -> None:
    database.run(
        "UPDATE responses SET completed_at = ? WHERE id = ?", moment, response["id"]
    )
    _follow(database, response)


def _follow(database: Database, response: sqlite3.Row) -> None:
    """Bring the contact's counts and times up to its responses."""
    contacts.count_responses(database, response["contact_id"])
    contacts.settle(database, response["contact_id"])


def _tell(
    database: Database, response: sqlite3.Row, event: str, *, stored: bool = False
) -> None:
    if not stored or database.behaviour.stored_response_fires:
        database.occurred(event, response["contact_id"], response["id"])

"""What a webhook is told, keys and order as captured (refiner-api 4.4)."""

import sqlite3

import msgspec

from . import traits
from .store import accounts, contacts, membership, project, tags
from .store import traits as known_traits
from .store.database import Database, Occurrence


def payload(database: Database, occurrence: Occurrence) -> bytes:
    """The contact with all traits, what occurred, and the response if it is one's."""
    contact = contacts.of(database, occurrence.contact_id)
    body = _contact(database, contact)
    body["triggered_event"] = occurrence.event
    if occurrence.response_id is not None:
        body |= _interaction(database, occurrence.response_id)
    return msgspec.json.encode(body)


def _contact(database: Database, contact: sqlite3.Row) -> dict[str, object]:
    cookie = {"cookie_uuid": contact["cookie_uuid"]} if contact["cookie_uuid"] else {}
    attributes = msgspec.json.decode(contact["attributes"])
    return {
        "uuid": contact["uuid"],
        **cookie,
        "project_uuid": project.of(database)["uuid"],
        "remote_id": contact["remote_id"],
        "email": contact["email"],
        "display_name": contact["display_name"],
        "first_seen_at": contact["first_seen_at"],
        "last_seen_at": contact["last_seen_at"],
        "attributes": contacts.complete(database, attributes),
        "segments": membership.of(database, contact["id"]),
        "account": _account(database, contact["account_id"]),
    }


def _account(database: Database, account_id: int) -> dict[str, object]:
    row = accounts.of(database, account_id)
    kept = msgspec.json.decode(row["attributes"])
    slugs = known_traits.known(database, "account")
    return accounts.shown(row) | {
        "attributes": {slug: kept.get(slug) for slug in slugs}
    }


def _interaction(database: Database, response_id: int) -> dict[str, object]:
    row = database.row(
        "SELECT r.*, f.uuid AS form_uuid, f.name AS form_name"
        " FROM responses r JOIN forms f ON f.id = r.form_id WHERE r.id = ?",
        response_id,
    )
    if row is None:
        raise LookupError(response_id)
    return {
        "form": {"uuid": row["form_uuid"], "name": row["form_name"]},
        "response": _response(database, row),
    }


def _response(database: Database, row: sqlite3.Row) -> dict[str, object]:
    counted = database.behaviour.webhook_show_counter
    return {
        "uuid": row["uuid"],
        "first_shown_at": row["first_shown_at"],
        "last_shown_at": row["last_shown_at"],
        "show_counter": row["show_counter"] if counted else None,
        "first_data_reception_at": row["first_data_reception_at"],
        "last_data_reception_at": row["last_data_reception_at"],
        "completed_at": row["completed_at"],
        "dismissed_at": row["dismissed_at"],
        "received_at": row["last_data_reception_at"],
        "data": _data(database, row["data"]),
        "tags": tags.of(database, row["id"]),
    }


def _data(database: Database, written: str) -> dict[str, object]:
    """The answers as texts, numbers among them."""
    choices = database.behaviour.multiple_choice == "list"
    data: dict[str, object] = msgspec.json.decode(written)
    return {
        key: value
        if isinstance(value, list) and choices
        else traits.text_of(value, database.behaviour)
        for key, value in data.items()
    }

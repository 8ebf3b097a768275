"""Webhooks as the pages store them, and the log of what was sent (4.1)."""

import sqlite3
from collections.abc import Iterable
from urllib.parse import urlsplit

import msgspec

from trunkline.apps.refiner.sandbox import uuids
from trunkline.apps.refiner.sandbox.behaviour import Behaviour
from trunkline.apps.refiner.sandbox.errors import NotThereError

from .database import Database, encoded

LOG_LENGTH = 1000


def events(behaviour: Behaviour) -> tuple[str, ...]:
    """The trigger events a webhook can be made for (refiner-api 4.2)."""
    return (
        behaviour.completed_event,
        behaviour.saw_event,
        behaviour.dismissed_event,
        behaviour.segment_event,
        behaviour.tag_event,
    )


class Draft(msgspec.Struct, frozen=True, kw_only=True):
    """A webhook as filled in on the form."""

    name: str
    events: tuple[str, ...]
    url: str
    secret: str = ""

    def faults(self, known: Iterable[str]) -> dict[str, str]:
        """What is wrong, by field; empty when it can be saved."""
        wrong = {}
        if not self.name:
            wrong["name"] = "Enter a name for the webhook."
        if not self.events:
            wrong["events"] = "Choose at least one trigger event."
        elif not set(self.events) <= set(known):
            wrong["events"] = "Choose trigger events from the list."
        if not _is_address(self.url):
            wrong["url"] = "Enter an address that starts with http:// or https://."
        if not (self.secret.isascii() and self.secret.isprintable()):
            wrong["secret"] = "Use plain letters, digits and punctuation only."  # noqa: S105 - a sentence
        return wrong


def create(database: Database, draft: Draft) -> str:
    uuid = uuids.fresh()
    database.insert(
        "webhooks",
        uuid=uuid,
        name=draft.name,
        events=encoded(draft.events),
        url=draft.url,
        secret=draft.secret or None,
        created_at=database.now(),
    )
    return uuid


def delete(database: Database, uuid: str) -> None:
    if not database.run("DELETE FROM webhooks WHERE uuid = ?", uuid):
        raise NotThereError("Webhook")


def listed(database: Database) -> list[dict[str, object]]:
    """All webhooks; of a secret only that there is one."""
    rows = database.rows("SELECT * FROM webhooks ORDER BY id")
    return [
        {
            "uuid": row["uuid"],
            "name": row["name"],
            "events": msgspec.json.decode(row["events"]),
            "url": row["url"],
            "has_secret": row["secret"] is not None,
            "created_at": row["created_at"],
        }
        for row in rows
    ]


def told_of(database: Database, event: str) -> list[sqlite3.Row]:
    return database.rows(
        "SELECT * FROM webhooks w WHERE EXISTS"
        " (SELECT 1 FROM json_each(w.events) WHERE value = ?) ORDER BY id",
        event,
    )


class Send(msgspec.Struct, frozen=True, kw_only=True):
    """One attempt to tell a receiver, as the log shows it."""

    sent_at: str
    webhook: str
    event: str
    url: str
    attempt: int
    status: int | None
    answer: str
    duration_ms: float
    error: str | None


def log(database: Database, send: Send) -> None:
    send_id = database.insert("sends", **msgspec.structs.asdict(send))
    database.run("DELETE FROM sends WHERE id <= ?", send_id - LOG_LENGTH)


def sends(database: Database) -> list[dict[str, object]]:
    """What was sent, newest first."""
    rows = database.rows("SELECT * FROM sends ORDER BY id DESC")
    return [{name: row[name] for name in Send.__struct_fields__} for row in rows]


def _is_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme in {"http", "https"} and bool(parts.hostname)
    except ValueError:
        return False

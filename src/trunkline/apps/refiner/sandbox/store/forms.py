"""Surveys, which the API calls forms (refiner-api 3.12 to 3.16, 5.5)."""

import sqlite3

import msgspec

from trunkline.apps.refiner.sandbox import uuids
from trunkline.apps.refiner.sandbox.errors import NotThereError, WrongInputError

from .database import Database, encoded

LISTS = {
    "all": "archived_at IS NULL",
    "published": "archived_at IS NULL AND published_at IS NOT NULL",
    "drafts": "archived_at IS NULL AND published_at IS NULL",
    "archived": "archived_at IS NOT NULL",
    "all_with_archived": "1",
}

SCALES = {"nps": range(11), "csat": range(-2, 3), "rating": range(1, 6)}
CHOICES = ("single_choice", "multiple_choice")


class Question(msgspec.Struct, frozen=True, kw_only=True):
    """An element of a survey; its identifier is the key of its answers."""

    id: str
    identifier: str
    type: str
    text: str
    required: bool = False
    options: list[str] = []


class Config(msgspec.Struct, frozen=True, kw_only=True):
    """A survey's configuration; inner names are a guess (refiner-api 3.12)."""

    channels: list[str]
    form_elements: list[Question]


def by_uuid(database: Database, uuid: str) -> sqlite3.Row:
    form = database.row("SELECT * FROM forms WHERE uuid = ?", uuid)
    if form is None:
        raise NotThereError("Form")
    return form


def config_of(form: sqlite3.Row) -> Config:
    return msgspec.json.decode(form["config"], type=Config)


def listed(
    database: Database, which: str, *, info: bool, config: bool
) -> list[dict[str, object]]:
    """All surveys of a list by name; envelope and page are the caller's."""
    if which not in LISTS:
        raise WrongInputError("list", "The selected list is invalid.")
    condition = LISTS[which]
    sql = f"SELECT * FROM forms WHERE {condition} ORDER BY name"  # noqa: S608 - own names
    return [
        _shown(database, form, info=info, config=config) for form in database.rows(sql)
    ]


def create(database: Database, name: str, config: Config) -> str:
    """A draft; returns its uuid."""
    now, uuid = database.now(), uuids.fresh()
    form_id = database.insert(
        "forms",
        uuid=uuid,
        name=name,
        created_at=now,
        updated_at=now,
        config=encoded(config),
    )
    remember(database, form_id, "create")
    return uuid


def publish(database: Database, form: sqlite3.Row, *, published: bool) -> None:
    now = database.now()
    database.run(
        "UPDATE forms SET published_at = ?, updated_at = ? WHERE id = ?",
        (form["published_at"] or now) if published else None,
        now,
        form["id"],
    )
    remember(database, form["id"], "publish" if published else "unpublish")


def archive(database: Database, form: sqlite3.Row) -> None:
    now = database.now()
    database.run(
        "UPDATE forms SET archived_at = ifnull(archived_at, ?), updated_at = ?"
        " WHERE id = ?",
        now,
        now,
        form["id"],
    )
    remember(database, form["id"], "archive")


def remember(
    database: Database,
    form_id: int,
    action: str,
    *,
    uuid: str | None = None,
    at: str | None = None,
) -> None:
    """Add to the survey's change log what it looks like now."""
    sql = "SELECT uuid, name, published_at, archived_at, config FROM forms WHERE id = ?"
    row = database.row(sql, form_id)
    snapshot = dict(row or {})
    snapshot["config"] = msgspec.Raw(snapshot["config"].encode())
    database.insert(
        "form_changes",
        uuid=uuid or uuids.fresh(),
        form_id=form_id,
        action=action,
        snapshot=encoded(snapshot),
        created_at=at or database.now(),
    )


def history(database: Database, form: sqlite3.Row) -> list[dict[str, object]]:
    """The change log, newest first (refiner-api 3.16 [likely])."""
    rows = database.rows(
        "SELECT uuid, action, snapshot, created_at FROM form_changes"
        " WHERE form_id = ? ORDER BY id DESC",
        form["id"],
    )
    return [dict(row) | {"snapshot": _raw(row["snapshot"])} for row in rows]


def _shown(
    database: Database, form: sqlite3.Row, *, info: bool, config: bool
) -> dict[str, object]:
    item: dict[str, object] = {"uuid": form["uuid"], "name": form["name"]}
    if info:
        item |= _info(database, form)
    if config:
        item["config"] = _raw(form["config"])
    return item


def _info(database: Database, form: sqlite3.Row) -> dict[str, object]:
    """The metadata of `include_info`, in the documented order."""
    counts = database.row(
        "SELECT min(first_shown_at) AS first, max(last_shown_at) AS last,"
        " count(last_data_reception_at) AS responses, sum(show_counter) AS views"
        " FROM responses WHERE form_id = ?",
        form["id"],
    )
    shown = dict(counts or {})
    return {
        "channels": config_of(form).channels,
        "published_at": form["published_at"],
        "archived_at": form["archived_at"],
        "created_at": form["created_at"],
        "updated_at": form["updated_at"],
        "first_form_view_at": shown["first"],
        "last_form_view_at": shown["last"],
        "responses_count": shown["responses"],
        "views_count": shown["views"] or 0,
        "folder": None,
        "page_url": f"/surveys/{form['uuid']}",
    }


def _raw(text: str) -> msgspec.Raw:
    return msgspec.Raw(text.encode())

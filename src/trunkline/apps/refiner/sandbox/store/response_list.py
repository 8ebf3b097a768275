"""Responses as `GET /responses` shows them (refiner-api 3.8)."""

import sqlite3
from collections.abc import Mapping

import msgspec

from trunkline.apps.refiner.sandbox import times, traits
from trunkline.apps.refiner.sandbox.behaviour import Behaviour

from . import filters, forms, tags
from .database import Database
from .paging import Listing, Pagination, Paging, page_of

_COLUMNS = """
    t.*, f.uuid AS form_uuid, f.name AS form_name, f.config AS form_config,
    c.uuid AS contact_uuid, c.remote_id, c.email, c.display_name, c.attributes,
    a.uuid AS account_uuid, a.remote_id AS account_remote_id,
    a.display_name AS account_name, a.domain
"""
_JOINS = """
    JOIN forms f ON f.id = t.form_id
    JOIN contacts c ON c.id = t.contact_id
    JOIN accounts a ON a.id = c.account_id
"""
_TIMES = ("first_shown_at", "last_shown_at")
_LATER_TIMES = ("first_data_reception_at", "last_data_reception_at", "completed_at")


def page(
    database: Database, wanted: filters.Wanted, paging: Paging, *, attributes: bool
) -> tuple[list[bytes], Pagination]:
    """Newest first; `attributes` adds the traits of each contact."""
    key = filters.SHOWN if wanted.include == "all" else filters.RECEIVED
    listing = Listing(
        table="responses",
        columns=_COLUMNS,
        joins=_JOINS,
        order=key,
        key=key,
        conditions=filters.of_responses(wanted),
    )
    rows, pagination = page_of(database, listing, paging)
    scales: dict[str, frozenset[str]] = {}
    items = [_item(database, row, scales, attributes=attributes) for row in rows]
    return [msgspec.json.encode(item) for item in items], pagination


def _item(
    database: Database,
    row: sqlite3.Row,
    scales: dict[str, frozenset[str]],
    *,
    attributes: bool,
) -> dict[str, object]:
    spaced = database.behaviour.list_times == "spaced"
    moments = _moments(row, spaced=spaced)
    if row["form_config"] not in scales:
        scales[row["form_config"]] = _scales(row["form_config"])
    item: dict[str, object] = {
        "uuid": row["uuid"],
        **{name: moments[name] for name in _TIMES},
        "show_counter": row["show_counter"],
        **{name: moments[name] for name in _LATER_TIMES},
        "received_at": moments["last_data_reception_at"],
        "dismissed_at": moments["dismissed_at"],
        "form": {"uuid": row["form_uuid"], "name": row["form_name"]},
        "data": _data(row, scales[row["form_config"]], database.behaviour),
        "contact": _contact(row, attributes=attributes),
    }
    if database.behaviour.list_tags:
        item["tags"] = tags.of(database, row["id"])
    return item


def _moments(row: sqlite3.Row, *, spaced: bool) -> Mapping[str, str | None]:
    written = {name: row[name] for name in (*_TIMES, *_LATER_TIMES, "dismissed_at")}
    if not spaced:
        return written
    return {name: text and times.spaced(text) for name, text in written.items()}


def _data(
    row: sqlite3.Row, scales: frozenset[str], behaviour: Behaviour
) -> dict[str, object]:
    data: dict[str, object] = msgspec.json.decode(row["data"])
    return {key: _value(data[key], key in scales, behaviour) for key in data}


def _value(value: object, on_scale: bool, behaviour: Behaviour) -> object:  # noqa: FBT001 - private
    if isinstance(value, list):
        as_list = behaviour.multiple_choice == "list"
        return value if as_list else traits.text_of(value, behaviour)
    if on_scale and behaviour.list_numbers == "number":
        return _whole(value)
    return traits.text_of(value, behaviour) if on_scale else value


def _whole(value: object) -> object:
    try:
        return int(str(value))
    except ValueError:
        return value


def _scales(config: str) -> frozenset[str]:
    """The questions answered on a scale."""
    questions = msgspec.json.decode(config, type=forms.Config).form_elements
    return frozenset(q.identifier for q in questions if q.type in forms.SCALES)


def _contact(row: sqlite3.Row, *, attributes: bool) -> dict[str, object]:
    contact: dict[str, object] = {
        "uuid": row["contact_uuid"],
        "remote_id": row["remote_id"],
        "email": row["email"],
        "display_name": row["display_name"],
        "account": {
            "uuid": row["account_uuid"],
            "remote_id": row["account_remote_id"],
            "display_name": row["account_name"],
            "domain": row["domain"],
        },
    }
    if attributes:
        contact["attributes"] = msgspec.Raw(row["attributes"].encode())
    return contact

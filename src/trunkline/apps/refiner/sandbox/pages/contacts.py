"""Contacts: searched, looked at, put into segments."""

import sqlite3

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from trunkline.apps.refiner.sandbox.parameters import Parameters, read_parameters
from trunkline.apps.refiner.sandbox.state import sandbox_of
from trunkline.apps.refiner.sandbox.store import contacts, events, filters, segments
from trunkline.apps.refiner.sandbox.store.contacts import Identity
from trunkline.apps.refiner.sandbox.store.database import Database
from trunkline.apps.refiner.sandbox.store.paging import Paging, envelope

from .rendering import done, page, wants_json

PER_PAGE = 25


async def listed(request: Request) -> Response:
    sent = Parameters(request.query_params)
    search, number = sent.text("search"), max(1, sent.whole("page", 1))
    conditions = filters.of_contacts(None, None, search)
    items, pagination = contacts.page(
        sandbox_of(request).database,
        Paging(page=number, length=PER_PAGE),
        "last_seen_at",
        conditions,
    )
    if wants_json(request):
        return Response(envelope(items, pagination), media_type="application/json")
    shown = [msgspec.json.decode(item) for item in items]
    return page(
        request,
        "contacts.html",
        contacts=shown,
        search=search or "",
        pagination=pagination,
    )


async def contact(request: Request) -> Response:
    database = sandbox_of(request).database
    row = contacts.found(database, Identity(uuid=request.path_params["uuid"]))
    shown = contacts.shown(database, row)
    if wants_json(request):
        return Response(shown, media_type="application/json")
    return page(
        request,
        "contact.html",
        contact=msgspec.json.decode(shown),
        events=events.of(database, row["id"]),
        responses=_responses(database, row),
        segments=database.rows(segments.LISTED),
    )


async def put(request: Request) -> Response:
    """Put the contact into a manual segment, or take it out (`action=remove`)."""
    sent, database = await read_parameters(request), sandbox_of(request).database
    adds = sent.choice("action", ("add", "remove"), "add") == "add"
    with database.transaction():
        segment = segments.manual(database, sent.required("segment_uuid"))
        row = contacts.found(database, Identity(uuid=request.path_params["uuid"]))
        (segments.add if adds else segments.remove)(database, row, segment)
    notice = "segment-added" if adds else "segment-removed"
    body = {"contact_uuid": row["uuid"], "segment_uuid": segment["uuid"]}
    return done(request, f"/contacts/{row['uuid']}", notice, body)


def _responses(database: Database, contact: sqlite3.Row) -> list[dict[str, object]]:
    rows = database.rows(
        "SELECT r.*, f.name AS form_name FROM responses r JOIN forms f"
        " ON f.id = r.form_id WHERE r.contact_id = ? ORDER BY r.last_shown_at DESC",
        contact["id"],
    )
    return [
        {
            "survey": row["form_name"],
            "shown": row["last_shown_at"],
            "state": _state(row),
            "data": msgspec.json.decode(row["data"]),
        }
        for row in rows
    ]


def _state(response: sqlite3.Row) -> str:
    if response["completed_at"]:
        return "completed"
    if response["dismissed_at"]:
        return "dismissed"
    return "partial" if response["last_data_reception_at"] else "seen"

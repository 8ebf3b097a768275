"""Integrations: the API key, and webhooks (refiner-api 4.1)."""

from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import Response

from trunkline.apps.refiner.sandbox.parameters import read_parameters
from trunkline.apps.refiner.sandbox.state import sandbox_of
from trunkline.apps.refiner.sandbox.store import webhooks as store

from .rendering import as_json, done, page, wants_json

WEBHOOKS = "/integrations/webhooks"
EMPTY = store.Draft(name="", events=(), url="")


async def overview(request: Request) -> Response:
    return page(request, "integrations.html")


async def api_key(request: Request) -> Response:
    return page(request, "api_key.html", key=sandbox_of(request).settings.key)


async def webhooks(request: Request) -> Response:
    if wants_json(request):
        return as_json({"items": store.listed(sandbox_of(request).database)})
    return _form(request, EMPTY, {})


async def save(request: Request) -> Response:
    """Create a webhook from `name`, `events`, `url` and `secret`."""
    sent, sandbox = (
        await read_parameters(request, lists=("events",)),
        sandbox_of(request),
    )
    draft = store.Draft(
        name=sent.text("name") or "",
        events=sent.texts("events"),
        url=sent.text("url") or "",
        secret=sent.text("secret") or "",
    )
    errors = draft.faults(store.events(sandbox.settings.behaviour))
    if errors:
        return _form(request, draft, errors)
    with sandbox.database.transaction():
        uuid = store.create(sandbox.database, draft)
    return done(request, WEBHOOKS, "webhook-saved", {"uuid": uuid})


async def delete(request: Request) -> Response:
    uuid, database = request.path_params["uuid"], sandbox_of(request).database
    with database.transaction():
        store.delete(database, uuid)
    return done(request, WEBHOOKS, "webhook-deleted", {"uuid": uuid})


def _form(request: Request, draft: store.Draft, errors: Mapping[str, str]) -> Response:
    status = 422 if errors else 200
    if wants_json(request):
        return as_json({"errors": errors}, status)
    sandbox = sandbox_of(request)
    return page(
        request,
        "webhooks.html",
        status,
        webhooks=store.listed(sandbox.database),
        events=store.events(sandbox.settings.behaviour),
        draft=draft,
        errors=errors,
    )

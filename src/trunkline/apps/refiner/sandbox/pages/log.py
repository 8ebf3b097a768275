"""The webhook log: what was sent, and what was answered."""

from starlette.requests import Request
from starlette.responses import Response

from trunkline.apps.refiner.sandbox.state import sandbox_of
from trunkline.apps.refiner.sandbox.store import webhooks

from .rendering import as_json, page, wants_json


async def listed(request: Request) -> Response:
    sends = webhooks.sends(sandbox_of(request).database)
    if wants_json(request):
        return as_json({"items": sends})
    return page(request, "webhook_log.html", sends=sends)

"""The first page: what this is, and what is in it."""

from starlette.requests import Request
from starlette.responses import Response

from trunkline.apps.refiner.sandbox.state import sandbox_of

from .rendering import page


async def home(request: Request) -> Response:
    database = sandbox_of(request).database
    counts = {
        "Contacts": database.number("SELECT count(*) FROM contacts"),
        "Responses": database.number(
            "SELECT count(*) FROM responses WHERE completed_at IS NOT NULL"
        ),
        "Webhooks": database.number("SELECT count(*) FROM webhooks"),
        "Webhook sends": database.number("SELECT count(*) FROM sends"),
    }
    return page(request, "home.html", counts=counts, api=f"{request.base_url}v1")

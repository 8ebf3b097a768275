"""How pages are made: one set of templates, everything in them escaped."""

from collections.abc import Mapping
from pathlib import Path

import jinja2
import msgspec
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none';"
        " frame-ancestors 'none'"
    ),
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}

# What a page says after the POST that led to it; the address names the sentence, so
# that no text from an address is ever shown.
NOTICES = {
    "webhook-saved": "You have successfully added the webhook.",
    "webhook-deleted": "The webhook has been deleted.",
    "answered": "The response has been stored.",
    "segment-added": "The contact has been put into the segment.",
    "segment-removed": "The contact has been taken out of the segment.",
    "segment-created": "The segment has been created.",
    "fault-on": "The fault is switched on.",
    "faults-reset": "All faults are switched off.",
}

_ENVIRONMENT = jinja2.Environment(
    loader=jinja2.FileSystemLoader(Path(__file__).with_name("templates")),
    autoescape=True,
    trim_blocks=True,
    lstrip_blocks=True,
    undefined=jinja2.StrictUndefined,
)


def page(
    request: Request, template: str, status: int = 200, **context: object
) -> HTMLResponse:
    notice = NOTICES.get(request.query_params.get("done", ""), "")
    html = _ENVIRONMENT.get_template(template).render(
        context | {"path": request.url.path, "notice": notice}
    )
    return HTMLResponse(html, status, HEADERS)


def wants_json(request: Request) -> bool:
    return "application/json" in request.headers.get("accept", "")


def as_json(body: object, status: int = 200) -> Response:
    encoded = msgspec.json.encode(body)
    return Response(encoded, status, media_type="application/json")


def done(
    request: Request, location: str, notice: str, body: Mapping[str, object]
) -> Response:
    """The answer to a POST that worked: on to a page, or JSON."""
    if wants_json(request):
        return as_json({"message": NOTICES[notice], **body})
    return RedirectResponse(f"{location}?done={notice}", 303)

"""Faults: switched on one by one, and all off again."""

from starlette.requests import Request
from starlette.responses import Response

from trunkline.apps.refiner.sandbox.errors import WrongInputError
from trunkline.apps.refiner.sandbox.faults import KINDS, Fault, FaultKind
from trunkline.apps.refiner.sandbox.parameters import Parameters, read_parameters
from trunkline.apps.refiner.sandbox.state import sandbox_of

from .rendering import as_json, done, page, wants_json

EXPLAINED: dict[FaultKind, str] = {
    "status": "Answer with an error status, nothing done",
    "rate_limit": "Answer 429 with Retry-After",
    "slow": "Answer after a delay",
    "cut": "Close the connection in mid-body",
    "duplicate_pages": "Repeat the previous page's items on the next page",
    "endless_cursor": "Give a next cursor on the last page too",
    "html": "Answer 200 with an HTML page",
    "truncated": "Answer with half of the JSON",
    "lost_webhooks": "Send no webhook",
    "duplicate_webhooks": "Send webhooks twice",
    "delayed_webhooks": "Send webhooks after a delay",
}
NONE = "none"


async def listed(request: Request) -> Response:
    active = sandbox_of(request).faults.active
    if wants_json(request):
        return as_json({"items": active})
    return page(request, "faults.html", active=active, kinds=EXPLAINED)


async def switch(request: Request) -> Response:
    """Switch a fault on, or all of them off with `kind=none`."""
    sent, faults = await read_parameters(request), sandbox_of(request).faults
    if sent.choice("kind", (*KINDS, NONE), NONE) == NONE:
        faults.reset()
        return done(request, "/faults", "faults-reset", {"items": []})
    faults.switch_on(_fault(sent))
    return done(request, "/faults", "fault-on", {"items": faults.active})


def _fault(sent: Parameters) -> Fault:
    status = sent.whole("status", 500)
    if not 400 <= status <= 599:  # noqa: PLR2004 - error statuses
        raise WrongInputError("status", "The status must be from 400 to 599.")
    kind = next(each for each in KINDS if each == sent.required("kind"))
    date = sent.choice("retry_after_as", ("seconds", "date"), "seconds") == "date"
    return Fault(
        kind=kind,
        count=sent.whole("count", 0) or None,
        share=_share(sent),
        path=sent.text("path") or "",
        status=status,
        retry_after=sent.whole("retry_after", 1),
        retry_after_as="date" if date else "seconds",
        delay_ms=sent.whole("delay_ms", 1000),
    )


def _share(sent: Parameters) -> float:
    try:
        share = float(sent.text("share") or 1)
    except ValueError:
        share = -1
    if not 0 <= share <= 1:
        raise WrongInputError("share", "The share must be a number from 0 to 1.")
    return share

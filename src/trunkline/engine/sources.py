"""What an execution begins with: a stored request, or what a person gave."""

from trunkline.engine.bundle import decode
from trunkline.model.delivery import Payload
from trunkline.sdk import HOPS, Delivery


def hops_of(payload: Payload | None) -> int:
    """How many executions have led to a delivery, by its header."""
    text = None if payload is None else payload.headers.get(HOPS)
    if text is None:
        return 0
    return int(text) if text.isascii() and text.isdigit() and len(text) < 4 else 0  # noqa: PLR2004 - digits of a sane number


def read_source(payload: Payload | None, text: str | None) -> Delivery | None:
    """What a trigger sees: a stored request, or the input of a run by hand."""
    if payload is not None:
        return _read_delivery(payload)
    if text is None:
        return None
    return Delivery(body=text.encode(), payload=decode(text))


def _read_delivery(payload: Payload) -> Delivery:
    """A stored request as a trigger sees it; a body that is not JSON stays bytes."""
    try:
        values = decode(payload.body)
    except ValueError:
        values = None
    return Delivery(
        body=payload.body,
        payload=values,
        method=payload.method,
        headers=payload.headers,
        query=payload.query,
    )

"""What was sent and what came back, as people may see it."""

from collections.abc import Mapping
from typing import Any

from trunkline.sdk.answer import Answer
from trunkline.sdk.call import Call
from trunkline.sdk.masking import MASKED, Mask

_MOST_TEXT = 16 * 1024
_CREDENTIALS = frozenset(
    {"authorization", "proxy-authorization", "cookie", "set-cookie"}
)


def exchange(call: Call, answer: Answer | None, mask: Mask) -> Mapping[str, Any]:
    """A request and its answer without secrets, long bodies cut.

    `response` is missing where no answer came. Headers that carry credentials are
    masked whatever they hold, since a service may give out new ones.
    """
    request = {
        "method": call.method,
        "url": mask.text(str(call.url)),
        "headers": _headers(call.headers, mask),
        "body": _text(call.data or b"", mask),
    }
    if answer is None:
        return {"request": request}
    masked = mask.answer(answer)
    response = {
        "status": masked.status,
        "headers": _headers(masked.headers, mask),
        "body": _text(masked.body, mask),
    }
    return {"request": request, "response": response}


def _headers(headers: Mapping[str, str], mask: Mask) -> Mapping[str, str]:
    return {
        name: MASKED if name.lower() in _CREDENTIALS else mask.text(value)
        for name, value in headers.items()
    }


def _text(body: bytes, mask: Mask) -> str:
    """Masked before it is cut, so that no half of a secret is left at the cut."""
    text = mask.text(body.decode(errors="replace"))
    if len(text) <= _MOST_TEXT:
        return text
    return f"{text[:_MOST_TEXT]} … ({len(text) - _MOST_TEXT:,} more characters)"

"""Answers whoever called the webhook that began the scenario."""

import re
from typing import Annotated, Any

from pydantic import AfterValidator, Field

from trunkline.apps.flow.control import app
from trunkline.sdk import Input, Output, Pairs

_MOST_HEADERS = 16
_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_OURS = frozenset({"content-length", "connection", "transfer-encoding"})


def _sendable(headers: dict[str, Any]) -> dict[str, Any]:
    for name, value in headers.items():
        if not _NAME.fullmatch(name) or name.lower() in _OURS:
            raise ValueError(f"{name!r} cannot be the name of a header here.")
        if re.search(r"[\r\n\x00]", str(value)):
            raise ValueError(f"The header {name!r} has a line break in it.")
    return headers


class WebhookResponse(Input):
    """Status, body and headers of the answer."""

    status: int = Field(default=200, ge=200, le=599, title="Status")
    body: Any = Field(
        default="",
        title="Body",
        description="Enter (map) the body. A collection or an array is sent as JSON.",
    )
    headers: Annotated[Pairs, AfterValidator(_sendable)] = Field(
        default_factory=dict, title="Custom headers", max_length=_MOST_HEADERS
    )


class Responded(Output):
    """What was answered."""

    status: int = Field(title="Status")
    body: Any = Field(title="Body")
    headers: dict[str, str] = Field(title="Headers")


@app.responder("Webhook response")
async def webhook_response(fields: WebhookResponse) -> Responded:
    """Answers whoever called the webhook, who waits for it.

    Of several answers in one execution the first one counts.
    """
    headers = {name: str(value) for name, value in fields.headers.items()}
    body = "" if fields.body is None else fields.body
    return Responded(status=fields.status, body=body, headers=headers)

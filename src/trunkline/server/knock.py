"""A delivery that came in one piece, and is answered in one piece."""

import asyncio
from typing import Protocol

import structlog
from starlette.types import ASGIApp, Message, Scope
from uvicorn.protocols.http.httptools_impl import STATUS_LINE

from trunkline.hooks.answer import EXTENSION, Headers, answer

_CLOSE = (b"connection", b"close")

log = structlog.get_logger()


class Way(Protocol):
    """The connection that a request came by."""

    transport: asyncio.Transport

    @property
    def default_headers(self) -> Headers: ...

    def on_response_complete(self) -> None: ...


class _Unheard:
    """An event that nobody waits for: all there is has come."""

    def set(self) -> None:
        """Tells nobody."""


class Knock:
    """Stands where uvicorn keeps the cycle of a request that may come bit by bit.

    Nearly all deliveries come whole, and need no event that tells of more of them
    (docs/decisions/0028-deliveries-in-one-piece.md).
    """

    __slots__ = (
        "_body",
        "_way",
        "disconnected",
        "keep_alive",
        "response_complete",
    )

    message_event = _Unheard()

    def __init__(self, way: Way, body: bytes, *, keep_alive: bool) -> None:
        self._way = way
        self._body = body
        self.keep_alive = keep_alive
        self.disconnected = self.response_complete = False

    async def run(self, app: ASGIApp, scope: Scope) -> None:
        """Has it answered; a fault is logged, and answered too."""
        scope["extensions"] = {EXTENSION: self._answer}
        try:
            await app(scope, self._receive, self._send)
        except Exception:
            log.exception("a delivery met a fault")
        if not self.response_complete:
            close = {"connection": "close"}
            await answer(scope, self._send, 500, "Internal Server Error", close)

    async def _receive(self) -> Message:
        return {"type": "http.request", "body": self._body}

    async def _send(self, message: Message) -> None:
        raise NotImplementedError(f"{message['type']}: answer with {EXTENSION}")

    def _answer(self, status: int, headers: Headers, body: bytes) -> None:
        way = self._way
        self.response_complete = True
        if way.transport.is_closing():
            return
        if _CLOSE in headers:
            self.keep_alive = False
        elif not self.keep_alive:
            headers = [*headers, _CLOSE]
        fields = [b"%b: %b\r\n" % field for field in (*way.default_headers, *headers)]
        way.transport.write(
            b"%b%b\r\n%b" % (STATUS_LINE[status], b"".join(fields), body)
        )
        if not self.keep_alive:
            way.transport.close()
        way.on_response_complete()

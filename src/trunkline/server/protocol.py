"""HTTP with bounds that uvicorn leaves open: how long and how large requests may be."""

import asyncio
from functools import partial
from typing import Any

from uvicorn.protocols.http.httptools_impl import (
    STATUS_LINE,
    HttpToolsProtocol,
    RequestResponseCycle,
)

from trunkline.hooks.answer import EXTENSION, Headers

_MOST_HEADERS = 100
_MOST_HEADER_BYTES = 32 * 1024
_CLOSE = (b"connection", b"close")
_CLOSING = b"\r\nconnection: close\r\ncontent-length: 0\r\n\r\n"


class BoundedProtocol(HttpToolsProtocol):
    """Refuses headers that are too many or too long (431) and slow requests (408).

    A request that comes in one piece, as nearly all do, never starts a timer.
    """

    header_seconds = 10.0
    body_seconds = 30.0

    _deadline: asyncio.TimerHandle | None = None
    _header_bytes = 0
    _in_headers = True
    _in_body = False

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._start(self.header_seconds)

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        was_in_headers = self._in_headers
        self._header_bytes += len(data)
        super().data_received(data)
        if self.transport.is_closing():
            self._stop()
        elif self._in_headers:
            if self._header_bytes > _MOST_HEADER_BYTES:
                self._refuse(b"431 Request Header Fields Too Large")
            elif self._deadline is None:
                self._start(self.header_seconds)
        elif self._in_body and (was_in_headers or self._deadline is None):
            self._start(self.body_seconds)

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._in_headers = True
        self._header_bytes = 0

    def on_headers_complete(self) -> None:
        self._stop()
        self._in_headers = False
        if self.transport.is_closing():
            return
        # What came in one piece was never counted while it came.
        length = len(self.url)
        hosts = []
        for name, value in self.headers:
            length += len(name) + len(value)
            if name == b"host":
                hosts.append(value)
        if length > _MOST_HEADER_BYTES or len(self.headers) > _MOST_HEADERS:
            self._refuse(b"431 Request Header Fields Too Large")
        elif len(hosts) != 1 or not hosts[0]:
            self.send_400_response("Send exactly one Host header.")
        else:
            self._in_body = True
            super().on_headers_complete()
            whole: Any = partial(_answer, self.cycle)
            self.scope["extensions"] = {EXTENSION: whole}

    def on_body(self, body: bytes) -> None:
        # A refused request has no cycle; that of an earlier one must not get its body.
        if not self.transport.is_closing():
            super().on_body(body)

    def on_message_complete(self) -> None:
        self._stop()
        self._in_body = False
        if not self.transport.is_closing():
            super().on_message_complete()

    def _start(self, seconds: float) -> None:
        self._stop()
        self._deadline = self.loop.call_later(seconds, self._refuse_slow)

    def _stop(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _refuse_slow(self) -> None:
        self._deadline = None
        self._refuse(b"408 Request Timeout")

    def _refuse(self, status: bytes) -> None:
        self._stop()
        if self.transport.is_closing():
            return
        if self._is_next_to_be_answered():
            self.transport.write(b"HTTP/1.1 " + status + _CLOSING)
        self.transport.close()

    def _is_next_to_be_answered(self) -> bool:
        """Whether what is written now would not pass for another request's answer."""
        if self._in_body:
            return not self.pipeline and not self.cycle.response_started
        return self.cycle is None or self.cycle.response_complete


def _answer(
    cycle: RequestResponseCycle, status: int, headers: Headers, body: bytes
) -> None:
    """What the cycle does to send head and body, with one write instead of two."""
    # The cycle holds the scope, and with this the scope holds the cycle.
    del cycle.scope["extensions"]
    if cycle.disconnected:
        return
    if _CLOSE in headers:
        cycle.keep_alive = False
    elif not cycle.keep_alive:
        headers = [*headers, _CLOSE]
    fields = [b"%b: %b\r\n" % field for field in (*cycle.default_headers, *headers)]
    head = b"%b%b\r\n" % (STATUS_LINE[status], b"".join(fields))
    cycle.response_started = cycle.response_complete = True
    cycle.transport.write(head + body)
    cycle.message_event.set()
    if not cycle.keep_alive:
        cycle.transport.close()
    cycle.on_response()


def bounded(header_seconds: float, body_seconds: float) -> type[BoundedProtocol]:
    """The protocol with its deadlines set."""
    traits: dict[str, Any] = {
        "header_seconds": header_seconds,
        "body_seconds": body_seconds,
    }
    return type("BoundedProtocol", (BoundedProtocol,), traits)

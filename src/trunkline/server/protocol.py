"""HTTP with bounds that uvicorn leaves open: how long and how large requests may be."""

import asyncio
from typing import Any

import httptools
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from trunkline.hooks.answer import Headers
from trunkline.hooks.door import PREFIX
from trunkline.server.knock import Knock

_MOST_HEADERS = 100
_MOST_HEADER_BYTES = 32 * 1024
_KNOCKING = PREFIX.encode()
_CLOSING = b"\r\nconnection: close\r\ncontent-length: 0\r\n\r\n"


class BoundedProtocol(HttpToolsProtocol):
    """Refuses headers that are too many or too long (431) and slow requests (408).

    A request that comes in one piece, as nearly all do, never starts a timer, and if it
    is a delivery it is answered without a cycle.
    """

    header_seconds = 10.0
    body_seconds = 30.0

    _deadline: asyncio.TimerHandle | None = None
    _header_bytes = 0
    _in_headers = True
    _in_body = False
    _resting_since = 0.0
    _knocking: list[bytes] | None = None
    """The body of a delivery, as long as it may come in one piece with its headers."""

    @property
    def default_headers(self) -> Headers:
        """What each answer begins with."""
        return self.server_state.default_headers

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._start(self.header_seconds)

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop()
        super()._unset_keepalive_if_required()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        was_in_headers = self._in_headers
        self._header_bytes += len(data)
        super().data_received(data)
        if self._knocking is not None:
            self._go_on_by_pieces()
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
        self.url, self.headers, self.expect_100_continue = b"", [], False
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
            if self._may_knock():
                self._knocking = []
            else:
                self._begin_cycle()

    def on_body(self, body: bytes) -> None:
        # A refused request has no cycle; that of an earlier one must not get its body.
        if self._knocking is not None:
            self._knocking.append(body)
        elif not self.transport.is_closing():
            super().on_body(body)

    def on_message_complete(self) -> None:
        self._stop()
        self._in_body = False
        if self._knocking is not None:
            body, self._knocking = b"".join(self._knocking), None
            self._knock(body)
        elif not self.transport.is_closing():
            super().on_message_complete()

    def on_response_complete(self) -> None:
        """As uvicorn's, with one timer for a connection, not one for each request."""
        self.server_state.total_requests += 1
        if self.transport.is_closing():
            return
        self.flow.resume_reading()
        if self.pipeline:
            self._start_asgi_task(*self.pipeline.pop())
            return
        self._resting_since = self.loop.time()
        if self.timeout_keep_alive_task is None:
            self._look_after(self.timeout_keep_alive)

    def timeout_keep_alive_handler(self) -> None:
        """Closes a connection that has rested for long; a busy one will rest anew."""
        self.timeout_keep_alive_task = None
        if self._deadline is not None or not self.cycle.response_complete:
            return
        left = self._resting_since + self.timeout_keep_alive - self.loop.time()
        if left > 0:
            self._look_after(left)
        else:
            super().timeout_keep_alive_handler()

    def _unset_keepalive_if_required(self) -> None:
        """Leaves the timer alone: it looks for itself when it rings."""

    def _look_after(self, seconds: float) -> None:
        self.timeout_keep_alive_task = self.loop.call_later(
            seconds, self.timeout_keep_alive_handler
        )

    def _begin_cycle(self) -> None:
        """Uvicorn's way: a scope of all that is known, and a cycle."""
        known = self.url, self.headers, self.expect_100_continue
        super().on_message_begin()
        self.url, self.headers, self.expect_100_continue = known
        self.scope["headers"] = self.headers
        super().on_headers_complete()

    def _may_knock(self) -> bool:
        """Whether it is a delivery of the usual kind, with no request before it."""
        return (
            self.url.startswith(_KNOCKING)
            and b"%" not in self.url
            and self.parser.get_method() != b"HEAD"
            and (self.cycle is None or self.cycle.response_complete)
            and not self.expect_100_continue
            and not self.parser.should_upgrade()
        )

    def _knock(self, body: bytes) -> None:
        """Hands over a delivery that came whole."""
        url = httptools.parse_url(self.url)
        scope = {
            "type": "http",
            "method": self.parser.get_method().decode("ascii"),
            "path": url.path.decode("ascii"),
            "query_string": url.query or b"",
            "headers": self.headers,
        }
        stays = self.parser.get_http_version() != "1.0"
        keep_alive = stays and self.parser.should_keep_alive()
        knock = Knock(self, body, keep_alive=keep_alive)
        self.cycle: Any = knock
        task = self.loop.create_task(knock.run(self.app, scope))
        task.add_done_callback(self.tasks.discard)
        self.tasks.add(task)

    def _go_on_by_pieces(self) -> None:
        """More of a delivery is to come; its door has to wait for that."""
        parts, self._knocking = self._knocking or (), None
        if self.transport.is_closing():
            return
        self._begin_cycle()
        for part in parts:
            super().on_body(part)

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


def bounded(header_seconds: float, body_seconds: float) -> type[BoundedProtocol]:
    """The protocol with its deadlines set."""
    traits: dict[str, Any] = {
        "header_seconds": header_seconds,
        "body_seconds": body_seconds,
    }
    return type("BoundedProtocol", (BoundedProtocol,), traits)

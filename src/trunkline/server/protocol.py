"""HTTP with bounds that uvicorn leaves open: the size and the time of headers."""

import asyncio
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

_MOST_HEADERS = 100
_MOST_HEADER_BYTES = 32 * 1024
_CLOSING = b"\r\nconnection: close\r\ncontent-length: 0\r\n\r\n"


class BoundedProtocol(HttpToolsProtocol):
    """Refuses headers that are too many, too long (431) or too slow (closed)."""

    header_seconds = 10.0

    _deadline: asyncio.TimerHandle | None = None
    _header_bytes = 0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._expect_headers()

    def connection_lost(self, exc: Exception | None) -> None:
        self._headers_came()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if self._deadline is None and self._between_requests():
            self._expect_headers()
        if self._deadline is not None:
            self._header_bytes += len(data)
        super().data_received(data)
        if self._deadline is not None and self._header_bytes > _MOST_HEADER_BYTES:
            self._refuse()

    def on_header(self, name: bytes, value: bytes) -> None:
        super().on_header(name, value)
        if len(self.headers) > _MOST_HEADERS:
            self._refuse()

    def on_headers_complete(self) -> None:
        self._headers_came()
        if self.transport.is_closing():
            return
        if not any(name == b"host" for name, _ in self.headers):
            self.send_400_response("The Host header is missing.")
            return
        super().on_headers_complete()

    def _between_requests(self) -> bool:
        return self.cycle is None or self.cycle.response_complete

    def _expect_headers(self) -> None:
        self._header_bytes = 0
        self._deadline = self.loop.call_later(self.header_seconds, self._refuse_slow)

    def _headers_came(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _refuse_slow(self) -> None:
        self._deadline = None
        self._close_with(b"408 Request Timeout")

    def _refuse(self) -> None:
        self._headers_came()
        if not self.transport.is_closing():
            self._close_with(b"431 Request Header Fields Too Large")

    def _close_with(self, status: bytes) -> None:
        self.transport.write(
            b"HTTP/1.1 "
            + status
            + b"\r\nconnection: close\r\ncontent-length: 0\r\n\r\n"
        )
        self.transport.close()


def bounded(header_seconds: float) -> type[BoundedProtocol]:
    """The protocol with its deadline set."""
    traits: dict[str, Any] = {"header_seconds": header_seconds}
    return type("BoundedProtocol", (BoundedProtocol,), traits)

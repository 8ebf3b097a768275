"""Requests over the connections of a pool, each sent once.

aiohttp's session looks for cookies, redirects, proxies, credentials, traces and timers
at each request, and sends some a second time when their connection breaks. Our calls
have none of that and must not be repeated, so they use the pool as the session does
(docs/decisions/0029-calls-below-the-session.md).
"""

from collections.abc import Mapping

from aiohttp import (
    ClientRequest,
    ClientResponse,
    ClientTimeout,
    ConnectionTimeoutError,
    TCPConnector,
)
from aiohttp.connector import Connection
from aiohttp.payload import BytesPayload
from yarl import URL

from trunkline import __version__
from trunkline.sdk.deadlines import TimedCall

_HEADERS = {
    "accept": "*/*",
    "accept-encoding": "gzip, deflate",
    "user-agent": f"Trunkline/{__version__}",
}


class Wire:
    """Sends requests over one pool; `connect` is the most seconds for a connection."""

    def __init__(self, pool: TCPConnector, connect: float) -> None:
        self._pool = pool
        self._timeout = ClientTimeout(connect=connect)

    async def close(self) -> None:
        """Closes all connections."""
        await self._pool.close()

    async def send(
        self,
        method: str,
        url: URL,
        headers: Mapping[str, str],
        data: bytes | None,
        call: TimedCall,
    ) -> ClientResponse:
        """Sends a request; returns when the head of its answer is there.

        The names of `headers` are in lower case.

        Raises:
            ConnectionTimeoutError: no connection was made in time.
            ClientError: the connection could not be made, or broke.
        """
        wanted = {**_HEADERS, **headers}
        body = None if data is None else BytesPayload(data)
        request = ClientRequest(method, url, headers=wanted, data=body)
        connection = await self._connect(request)
        call.hear()
        try:
            response = await request.send(connection)
            try:
                await response.start(connection)
                call.hear()
            except BaseException:
                response.close()
                raise
        except BaseException:
            connection.close()
            raise
        return response

    async def _connect(self, request: ClientRequest) -> Connection:
        try:
            connection = await self._pool.connect(
                request, traces=[], timeout=self._timeout
            )
        except TimeoutError as error:
            raise ConnectionTimeoutError(request.url) from error
        protocol = connection.protocol
        if protocol is None:  # pragma: no cover - it was opened just now
            raise AssertionError
        protocol.set_response_params(
            skip_payload=request.method == "HEAD", read_until_eof=True
        )
        return connection

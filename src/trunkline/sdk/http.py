"""The one HTTP client of a process: pooled, guarded, bounded in size and time."""

import asyncio
from collections.abc import Iterable, Mapping

from aiohttp import (
    ClientConnectionError,
    ClientConnectorCertificateError,
    ClientConnectorDNSError,
    ClientConnectorError,
    ClientError,
    ClientPayloadError,
    ClientResponse,
    ConnectionTimeoutError,
    InvalidURL,
    SocketFactoryType,
    TCPConnector,
)
from aiohttp.abc import AbstractResolver
from yarl import URL

from trunkline.errors import (
    BlockedAddressError,
    ConnectionError,  # noqa: A004 - Make's name, see errors.py
    InvalidConfigurationError,
    MaxFileSizeExceededError,
    ModuleError,
    ModuleTimeoutError,
)
from trunkline.model.steps import keep_step
from trunkline.sdk.answer import Answer
from trunkline.sdk.deadlines import Deadlines, TimedCall, Timekeeper
from trunkline.sdk.guard import Guard, blocked
from trunkline.sdk.wire import Wire

# Many servers drop an idle connection after five seconds. Ours are dropped before,
# since a POST that meets a dropped connection must not be repeated.
_IDLE_SECONDS = 4
_MEGABYTE = 1024 * 1024
_LOOK = "Check the address, and that the service runs and lets us through."
_UNSURE = "It may have been carried out. Try again later."


class NeverSent:
    """Marks errors after which it is certain that the service saw nothing."""


class UnreachableError(NeverSent, ConnectionError):
    """No connection was made."""

    @property
    def type(self) -> str:
        """People know it as ConnectionError."""
        return ConnectionError.__name__


class ConnectTimeoutError(NeverSent, ModuleTimeoutError):
    """No connection was made in time."""

    @property
    def type(self) -> str:
        """People know it as ModuleTimeoutError."""
        return ModuleTimeoutError.__name__


_DEADLINES = Deadlines()


class HttpClient:
    """Sends requests of all connections; one for each process.

    It follows no redirects, keeps no cookies, and reads no proxy or password from
    the environment. `max_bytes` is the largest body taken, counted when unpacked.
    """

    def __init__(
        self,
        *,
        allow_hosts: Iterable[str] = (),
        deadlines: Deadlines = _DEADLINES,
        max_bytes: int = 25 * _MEGABYTE,
        resolver: AbstractResolver | None = None,
    ) -> None:
        self._guard = Guard(allow_hosts)
        self.deadlines = deadlines
        self._max_bytes = max_bytes
        self._resolver = resolver
        self._timekeeper = Timekeeper(deadlines)
        self._guarded: Wire | None = None
        self._trusting: Wire | None = None

    def allow(self, host: str) -> None:
        """Lets a private host be called, such as `127.0.0.1:8790`."""
        self._guard.allow(host)

    async def start(self) -> None:
        """Opens the pools; the first call does it, too."""
        if self._guarded is None:
            self._guarded = self._open(self._guard.open_socket)
            self._trusting = self._open()

    async def close(self) -> None:
        """Closes all connections."""
        self._timekeeper.close()
        for wire in (self._guarded, self._trusting):
            if wire is not None:
                await wire.close()
        self._guarded = self._trusting = None

    async def send(
        self,
        method: str,
        url: str | URL,
        *,
        headers: Mapping[str, str],
        data: bytes | None,
    ) -> Answer:
        """Sends one request, once; the names of `headers` are in lower case.

        Raises:
            BlockedAddressError: the guard refused the address; nothing was sent.
            ConnectionError: no connection, or it broke. It is a `NeverSent` error
                if the service cannot have seen the request.
            ModuleTimeoutError: a deadline passed; may be `NeverSent`, too.
            MaxFileSizeExceededError: the answer is larger than `max_bytes`.
            InvalidConfigurationError: the address cannot be called.
        """
        target = callable_url(url)
        wire = await self._wire(target)
        await keep_step()
        call = self._timekeeper.begin()
        try:
            async with (
                call.limit,
                await wire.send(method, target, headers, data, call) as response,
            ):
                return Answer(
                    response.status,
                    _headers(response),
                    await self._body(response, call),
                    str(target),
                )
        except BlockedAddressError as error:
            raise blocked(error.detail or "", target.host) from None
        except (TimeoutError, ClientError, OSError, ValueError) as error:
            raise self._explain(error, method, target, call) from None
        finally:
            self._timekeeper.end(call)

    async def _wire(self, target: URL) -> Wire:
        if self._guarded is None or self._trusting is None:
            await self.start()
        trusted = self._guard.knows(target.host or "", target.port or 0)
        wire = self._trusting if trusted else self._guarded
        if wire is None:  # pragma: no cover - start() has just opened both
            raise AssertionError
        return wire

    def _open(self, open_socket: SocketFactoryType | None = None) -> Wire:
        pool = TCPConnector(
            limit=0,
            keepalive_timeout=_IDLE_SECONDS,
            resolver=self._resolver,
            socket_factory=open_socket,
        )
        return Wire(pool, self.deadlines.connect)

    async def _body(self, response: ClientResponse, call: TimedCall) -> bytes:
        """The whole body, as long as it stays below the limit."""
        chunks, size = [], 0
        while chunk := await response.content.readany():
            call.hear()
            size += len(chunk)
            if size > self._max_bytes:
                raise self._too_large(response)
            chunks.append(chunk)
        return b"".join(chunks)

    def _too_large(self, response: ClientResponse) -> MaxFileSizeExceededError:
        response.close()
        return MaxFileSizeExceededError(
            f"{response.method} {response.url.path} answered with more than "
            f"{self._max_bytes / _MEGABYTE:g} MB. Ask for less at a time, such as a "
            "smaller page.",
            status=response.status,
        )

    def _explain(
        self, error: Exception, method: str, target: URL, call: TimedCall
    ) -> ModuleError:
        """Our error for what aiohttp says; it never shows the query."""
        kind: type[ModuleError] = ConnectionError
        limits = self.deadlines
        match error:
            case ConnectionTimeoutError():
                kind = ConnectTimeoutError
                said = f"found no connection within {limits.connect:g} seconds. {_LOOK}"
            case asyncio.TimeoutError() if call.was_silent:
                kind = ModuleTimeoutError
                said = f"brought no data for {limits.idle:g} seconds. {_UNSURE}"
            case asyncio.TimeoutError():
                kind = ModuleTimeoutError
                said = f"took more than {limits.total:g} seconds. {_UNSURE}"
            case ClientConnectorDNSError():
                kind = UnreachableError
                said = "found no such host. Check its spelling."
            case ClientConnectorError():
                kind = UnreachableError
                said = f"found no connection: {_reason(error)}. {_LOOK}"
            case InvalidURL():
                kind = InvalidConfigurationError
                said = "was not sent. Write a host name or a usual IP address."
            case ClientConnectionError() | ClientPayloadError() | OSError():
                said = f"lost its connection before the answer was whole. {_UNSURE}"
            case _:
                said = "brought something that is not HTTP. Check address and port."
        return kind(f"{method} {target.path} to {target.host} {said}")


def callable_url(url: str | URL) -> URL:
    """The address as it is going to be called.

    Raises:
        InvalidConfigurationError: it is not an http or https address of a host.
    """
    try:
        target = URL(url)
    except ValueError:
        raise InvalidConfigurationError(
            "The address is not a URL. Write one such as https://example.com/path."
        ) from None
    if target.scheme not in ("http", "https") or not target.raw_host:
        raise InvalidConfigurationError(
            "Only http:// and https:// addresses can be called."
        )
    if target.raw_user is not None or target.raw_password is not None:
        raise InvalidConfigurationError(
            "Take the user name and password out of the address, and use a connection."
        )
    return target


def _headers(response: ClientResponse) -> dict[str, str]:
    """Lower-cased headers; a repeated one is joined as HTTP says."""
    headers: dict[str, str] = {}
    for name, value in response.headers.items():
        key = name.lower()
        headers[key] = f"{headers[key]}, {value}" if key in headers else value
    return headers


def _reason(error: ClientConnectorError) -> str:
    if isinstance(error, ClientConnectorCertificateError):
        return f"its certificate is not valid ({error.certificate_error})"
    return error.os_error.strerror or str(error.os_error)

"""Builds the application and runs it."""

import asyncio
import contextlib
import logging
import signal
import socket
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass

import uvicorn
from starlette.applications import Starlette
from starlette.middleware import Middleware

from . import api, pages, refusals, seed, times
from .api.keys import is_good
from .errors import SandboxError
from .failing import Failing
from .faults import Faults
from .limits import Limits
from .sender import Sender
from .settings import SandboxSettings
from .state import Sandbox
from .store.database import Database

LARGEST_BODY = 4 * 1024 * 1024  # bytes


def create_app(
    settings: SandboxSettings, *, clock: times.Clock = times.now
) -> Starlette:
    """The sandbox as an ASGI application; its store is opened, and filled if new."""
    sandbox = _assembled(settings, clock)
    app = Starlette(
        routes=[*api.routes(settings.behaviour), *pages.routes()],
        middleware=[Middleware(Failing, faults=sandbox.faults, clock=clock)],
        exception_handlers=refusals.HANDLERS,
        lifespan=_lifespan,
        max_body_size=LARGEST_BODY,
    )
    app.state.sandbox = sandbox
    return app


@dataclass(frozen=True, slots=True)
class Running:
    """A sandbox that listens."""

    url: str
    sandbox: Sandbox


@contextlib.asynccontextmanager
async def running(
    settings: SandboxSettings,
    host: str = "127.0.0.1",
    port: int = 0,
    *,
    clock: times.Clock = times.now,
) -> AsyncIterator[Running]:
    """A sandbox that listens within the block; port 0 takes any free one."""
    with _listening(host, port) as listener:
        app = create_app(settings, clock=clock)
        url = f"http://{host}:{listener.getsockname()[1]}"
        server = Server(_config(app))
        serving = asyncio.create_task(server.serve(sockets=[listener]))
        try:
            await _either(server.listens, serving)
            yield Running(url, app.state.sandbox)
        finally:
            server.should_exit = True
            await serving


def serve(
    settings: SandboxSettings,
    host: str = "127.0.0.1",
    port: int | None = 0,
    ready: Callable[[str], None] | None = None,
) -> None:
    """Run until SIGINT or SIGTERM; `ready` is told the address once it listens.

    Raises:
        SandboxError: the port is in use, the folder unusable or the key too short.
    """
    asyncio.run(_serve(settings, host, port or 0, ready))


async def _serve(
    settings: SandboxSettings,
    host: str,
    port: int,
    ready: Callable[[str], None] | None,
) -> None:
    stop = asyncio.Event()
    if threading.current_thread() is threading.main_thread():
        for number in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(number, stop.set)
    async with running(settings, host, port) as sandbox:
        if ready:
            ready(sandbox.url)
        await stop.wait()


class Server(uvicorn.Server):
    """Says when it listens, and leaves signals to whoever runs it."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.listens = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.listens.set()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def _assembled(settings: SandboxSettings, clock: times.Clock) -> Sandbox:
    if not is_good(settings.key, settings.behaviour):
        raise SandboxError(
            f"The key needs at least {settings.behaviour.minimum_key_length} letters, "
            "digits, hyphens or underscores."
        )
    database = Database(settings.data, settings.behaviour, clock)
    if database.is_new:
        seed.plant(database, settings)
    faults = Faults(settings.seed)
    sender = Sender(database, faults)
    database.listener = sender.announce
    return Sandbox(
        settings=settings,
        database=database,
        faults=faults,
        limits=Limits(settings.behaviour, clock),
        sender=sender,
    )


@contextlib.asynccontextmanager
async def _lifespan(app: Starlette) -> AsyncIterator[None]:
    sandbox: Sandbox = app.state.sandbox
    yield
    await sandbox.sender.close()
    sandbox.database.close()


def _listening(host: str, port: int) -> socket.socket:
    """A listening socket, made for TCP by name: asyncio sends at once only on such."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen()
    except OSError as error:
        listener.close()
        raise SandboxError(
            f"Cannot listen on {host}:{port}: {error.strerror}. Choose another port."
        ) from error
    return listener


def _config(app: Starlette) -> uvicorn.Config:
    logging.getLogger("uvicorn.error").addFilter(_is_not_cut)
    return uvicorn.Config(
        app,
        log_config=None,
        log_level="warning",
        access_log=False,
        lifespan="on",
        timeout_graceful_shutdown=2,
    )


def _is_not_cut(record: logging.LogRecord) -> bool:
    """Whether the record is not about an answer that was cut on purpose."""
    return "returned without completing response" not in record.getMessage()


async def _either(listens: asyncio.Event, serving: asyncio.Task[None]) -> None:
    """Wait until the server listens, or learn why it does not."""
    listening = asyncio.create_task(listens.wait())
    await asyncio.wait({listening, serving}, return_when=asyncio.FIRST_COMPLETED)
    if serving.done():
        listening.cancel()
        await serving
        raise SandboxError("The sandbox stopped before it listened.")

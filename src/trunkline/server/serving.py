"""The life of a server: take the folder, start, serve, stop without losing anything."""

import asyncio
import gc
import os
import secrets
import socket
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field

import structlog
import uvicorn
from prometheus_client import CollectorRegistry
from starlette.types import ASGIApp

from trunkline.engine.catalog import Catalog
from trunkline.engine.engine import Engine
from trunkline.hooks.door import HooksDoor
from trunkline.hooks.limits import Limits
from trunkline.hooks.refusal import Tally
from trunkline.model.clock import Clock, SystemClock
from trunkline.model.ids import Ids
from trunkline.model.retention import Bounds
from trunkline.server.application import Application
from trunkline.server.hosts import Hosts
from trunkline.server.listening import address_of, listen
from trunkline.server.protocol import bounded
from trunkline.server.stop import Stop
from trunkline.services import Services
from trunkline.settings import Settings
from trunkline.store.owner import OwnerNote
from trunkline.store.store import Store
from trunkline.web.door import WebDoor

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Running:
    """A server that answers: where, and what opens its API."""

    address: str
    token: str = field(repr=False)
    services: Services
    first_code: str | None = field(default=None, repr=False)
    """Makes the owner, while there is none."""


async def serve(settings: Settings, ready: Callable[[Running], None]) -> None:
    """Serves until SIGINT or SIGTERM, then stops without losing anything.

    Raises:
        FolderInUseError: another server owns the folder.
        PortInUseError: somebody listens there.
    """
    listening = listen(settings.host, settings.port)
    with Stop.by_signals() as stop:
        house = _running(settings, listening, SystemClock())
        async with house as (running, application):
            server = _Server(_config(settings, application))
            stop.calls(lambda: _leave(server, running))
            _spare_the_collector()
            _spare_the_loop()
            ready(running)
            await server.serve(sockets=[listening])


def _leave(server: "_Server", running: Running) -> None:
    """Who follows the news would otherwise be waited for."""
    running.services.news.close()
    server.leave()


class _Server(uvicorn.Server):
    """Uvicorn's server, whose signals are minded by whoever runs it."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield

    def leave(self) -> None:
        """Stops accepting; a second time, it waits for no connection either."""
        self.force_exit = self.should_exit
        self.should_exit = True


@asynccontextmanager
async def serving(
    settings: Settings, clock: Clock | None = None, *, reachable: bool = True
) -> AsyncIterator[Running]:
    """Serves on a free port of loopback for as long as the block lasts.

    Unless it is `reachable` by those who deliver, this is no time of service.
    """
    listening = listen("127.0.0.1", 0)
    house = _running(settings, listening, clock or SystemClock(), reachable=reachable)
    async with (
        house as (running, application),
        answering(_config(settings, application), listening),
    ):
        try:
            yield running
        finally:
            running.services.news.close()


@asynccontextmanager
async def answering(
    config: uvicorn.Config, listening: socket.socket
) -> AsyncIterator[None]:
    """Answers by what is configured for as long as the block lasts."""
    config.load()
    server = uvicorn.Server(config)
    server.lifespan = config.lifespan_class(config)
    await server.startup(sockets=[listening])
    try:
        yield
    finally:
        await server.shutdown(sockets=[listening])


@asynccontextmanager
async def _running(
    settings: Settings,
    listening: socket.socket,
    clock: Clock,
    *,
    reachable: bool = True,
) -> AsyncIterator[tuple[Running, Application]]:
    address = address_of(listening)
    token = secrets.token_urlsafe(32)
    key = settings.key.get_secret_value() if settings.key else None
    store = Store(settings.data, key=key, may_migrate=settings.migrate == "auto")
    try:
        store.open(OwnerNote(pid=os.getpid()))
        try:
            async with _engine(settings, store, clock) as engine:
                services = Services.over(store, engine)
                services.webhooks.base = (settings.public_url or address).rstrip("/")
                await services.webhooks.open_book()
                store.announce(OwnerNote(pid=os.getpid(), address=address, token=token))
                code = await services.access.open()
                running = Running(address, token, services, code)
                if reachable:
                    await engine.attendance.begin()
                resuming = asyncio.create_task(services.tryout.resume())
                try:
                    yield running, _application(settings, running)
                finally:
                    resuming.cancel()
                    await services.tryout.close()
                    await services.backups.close()
                    await engine.attendance.end()
        finally:
            store.close()
    finally:
        listening.close()


@asynccontextmanager
async def _engine(
    settings: Settings, store: Store, clock: Clock
) -> AsyncIterator[Engine]:
    engine = Engine(
        store,
        Catalog.installed(),
        clock=clock,
        ids=Ids(clock),
        allow_hosts=settings.allow_hosts,
        slots=settings.slots,
        bounds=Bounds(
            days=settings.keep_days,
            executions=settings.keep_executions,
            bytes=settings.keep_bytes,
            seen_days=settings.keep_seen_days,
        ),
    )
    await engine.start()
    try:
        yield engine
    finally:
        await engine.stop(settings.grace_seconds)


def _application(settings: Settings, running: Running) -> Application:
    registry = CollectorRegistry()
    hooks = HooksDoor(
        running.services,
        Limits(settings.largest_body, settings.hook_rate, settings.response_seconds),
        Tally(registry),
    )

    def load_api() -> ASGIApp:
        from trunkline.api.app import create_api  # noqa: PLC0415 - half a second

        return create_api(
            running.services, running.token, registry, secure=settings.is_https
        )

    hosts = Hosts(settings.hosts, settings.public_url)
    return Application(hooks, load_api, WebDoor(), hosts)


def _config(settings: Settings, application: Application) -> uvicorn.Config:
    return uvicorn.Config(
        application,
        http=bounded(settings.header_seconds, settings.body_seconds),
        ws="none",
        lifespan="off",
        access_log=False,
        log_config=None,
        server_header=False,
        proxy_headers=False,
        date_header=True,
        timeout_keep_alive=75,
        timeout_graceful_shutdown=int(settings.grace_seconds) or 1,
    )


def _spare_the_collector() -> None:
    """What start-up made stays, so the garbage collector need not look at it again.

    Events make little that only the collector can free; at its usual pace it takes a
    tenth of the server's time.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)


def _spare_the_loop() -> None:
    """Whoever opens an asynchronous generator closes it, so the loop need not note it.

    It would otherwise keep a weak reference to each, to close them at its own end.
    """
    sys.set_asyncgen_hooks(firstiter=None)


def run(settings: Settings, ready: Callable[[Running], None]) -> None:
    """`serve` on the quickest event loop there is."""
    config = uvicorn.Config("", loop="auto", log_config=None)
    loop_factory = config.get_loop_factory()
    with asyncio.Runner(loop_factory=loop_factory) as runner:
        runner.run(serve(settings, ready))

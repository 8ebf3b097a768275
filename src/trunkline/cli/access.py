"""The way to the API: the server that owns the folder, or one of our own."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

from trunkline.cli.configuration import read_settings
from trunkline.cli.place import Place
from trunkline.cli.terminal import complain
from trunkline.client.client import Client, connected
from trunkline.errors import FolderInUseError
from trunkline.settings import Settings
from trunkline.store.owner import OwnerNote, read_owner

_PATIENCE = 10.0
"""Seconds to wait for another command to let go of the folder."""

_PAUSE = 0.05


@asynccontextmanager
async def opened(place: Place) -> AsyncIterator[Client]:
    """The API over a folder; see `reach.reached`."""
    settings = read_settings(data=place.data)
    async with AsyncExitStack() as stack:
        yield await _first_that_answers(stack, settings, place)


async def _first_that_answers(
    stack: AsyncExitStack, settings: Settings, place: Place
) -> Client:
    """Another command may own the folder for a moment, and serve it meanwhile."""
    deadline = time.monotonic() + _PATIENCE
    while True:
        owner = read_owner(settings.data)
        try:
            if owner is None:
                return await stack.enter_async_context(_own_server(settings, place))
            client = await _answering(stack, owner)
            if client is not None:
                _say_who_decides(place, owner)
                return client
        except FolderInUseError:
            if time.monotonic() > deadline:
                raise
        if time.monotonic() > deadline:
            raise FolderInUseError(
                f"The folder {settings.data} is in use by process "
                f"{owner.pid if owner else '?'}, which does not answer. Stop it first, "
                "or choose another folder with --data."
            )
        await asyncio.sleep(_PAUSE)


async def _answering(stack: AsyncExitStack, owner: OwnerNote) -> Client | None:
    if owner.address is None or owner.token is None:
        return None
    client = await stack.enter_async_context(connected(owner.address, owner.token))
    return client if await client.is_alive() else None


def _say_who_decides(place: Place, owner: OwnerNote) -> None:
    if place.allow_host:
        complain(
            f"--allow-host is left out: process {owner.pid} serves the folder, and "
            "was told itself which hosts it may call."
        )


@asynccontextmanager
async def _own_server(settings: Settings, place: Place) -> AsyncIterator[Client]:
    from trunkline.cli.logs import log_faults  # noqa: PLC0415 - not needed beside a server
    from trunkline.server import serving  # noqa: PLC0415 - the same, and it is large

    log_faults(settings.log_level)
    own = settings.model_copy(
        update={
            "public_url": settings.public_url or _address_when_served(settings),
            "allow_hosts": (*settings.allow_hosts, *place.allow_host),
        }
    )
    async with (
        serving(own, reachable=False) as running,
        connected(running.address, running.token, lasting=False) as client,
    ):
        yield client


def _address_when_served(settings: Settings) -> str | None:
    """Where `trunkline serve` would listen, so that addresses shown now stay good."""
    if not settings.port:
        return None
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    return f"http://{host}:{settings.port}"

"""Servers of one process beside each other."""

import asyncio
import sys
from collections.abc import Iterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
from aiohttp import ClientSession

from fakes.serving import Client
from trunkline.server import serving
from trunkline.settings import Settings

_SERVERS = 8


@pytest.fixture
def restless() -> Iterator[None]:
    """Threads take turns after a moment, so that each meets the others midway."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    yield
    sys.setswitchinterval(before)


@pytest.mark.usefixtures("restless")
async def test_servers_of_one_process_load_their_apis_at_once(tmp_path: Path) -> None:
    async with AsyncExitStack() as stack:
        session = await stack.enter_async_context(ClientSession())
        clients = []
        for number in range(_SERVERS):
            settings = Settings(data=tmp_path / str(number), grace_seconds=1)
            running = await stack.enter_async_context(serving(settings))
            clients.append(Client(session, running.address, running.token))
        found = await asyncio.gather(*(one.get("/balance") for one in clients))
    assert [one["accepted"] for one in found] == [0] * _SERVERS

"""Sandboxes that listen on the loopback for the length of a test."""

import contextlib
from collections.abc import AsyncIterator

import aiohttp
import pytest

from apps.refiner_sandbox.door import KEY, Door, OpenDoor, StoppedClock
from apps.refiner_sandbox.receiver import Receiver, receiving
from trunkline.apps.refiner.sandbox import SandboxSettings, running


@pytest.fixture
def clock() -> StoppedClock:
    return StoppedClock()


@pytest.fixture
async def open_door(clock: StoppedClock) -> AsyncIterator[OpenDoor]:
    """Start a sandbox with settings of the test's own."""
    async with contextlib.AsyncExitStack() as stack:
        session = await stack.enter_async_context(aiohttp.ClientSession())

        async def open_door(settings: SandboxSettings) -> Door:
            sandbox = running(settings, clock=clock)
            return Door(session, await stack.enter_async_context(sandbox))

        yield open_door


@pytest.fixture
async def door(open_door: OpenDoor) -> Door:
    """A sandbox with surveys and segments and nobody in it."""
    return await open_door(SandboxSettings(key=KEY))


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    async with receiving() as receiver:
        yield receiver

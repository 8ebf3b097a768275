"""A client, a server that answers as told, and time that passes as told."""

from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest

from fakes.clock import FakeTime
from fakes.faulty_server import FaultyServer
from trunkline.sdk import Channel, HttpClient, NoAuth

OpenChannel = Callable[..., Channel]


@pytest.fixture
def fake_time() -> FakeTime:
    return FakeTime()


@pytest.fixture
async def http() -> AsyncIterator[HttpClient]:
    client = HttpClient(allow_hosts=["127.0.0.1"])
    yield client
    await client.close()


@pytest.fixture
async def server(fake_time: FakeTime) -> AsyncIterator[FaultyServer]:
    async with FaultyServer(clock=fake_time.monotonic) as server:
        yield server


@pytest.fixture
def open_channel(
    http: HttpClient, server: FaultyServer, fake_time: FakeTime
) -> OpenChannel:
    """Opens a channel to the server under `/v1`, unless told otherwise."""

    def open_channel(**settings: Any) -> Channel:  # noqa: ANN401 - Channel types them
        return Channel(
            **{
                "http": http,
                "base_url": server.url + "/v1",
                "auth": NoAuth(),
                "title": "Acme",
                "clock": fake_time.clock,
                "monotonic": fake_time.monotonic,
                "random": fake_time.random,
                "sleep": fake_time.sleep,
                **settings,
            }
        )

    return open_channel

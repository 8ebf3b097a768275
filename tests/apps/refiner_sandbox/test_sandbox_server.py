"""The sandbox as a process: started, kept, stopped."""

import asyncio
import contextlib
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest

from apps.refiner_sandbox.door import KEY, Door, OpenDoor
from trunkline.apps.refiner.sandbox import (
    SandboxError,
    SandboxSettings,
    create_app,
    running,
    serve,
)
from trunkline.apps.refiner.sandbox.behaviour import Behaviour

COMMAND = (sys.executable, "-m", "trunkline.apps.refiner.sandbox")


@contextlib.asynccontextmanager
async def started(*options: str) -> AsyncIterator[Process]:
    process = await asyncio.create_subprocess_exec(
        *COMMAND, *options, stdout=PIPE, stderr=PIPE
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
async def test_the_command_prints_its_address_and_stops_on_a_signal(
    number: signal.Signals,
) -> None:
    async with started("--contacts", "3", "--responses", "2", "--key", KEY) as process:
        assert process.stdout
        assert process.stderr
        line = (await process.stdout.readline()).decode()
        assert line.startswith("Refiner sandbox on http://127.0.0.1:")
        url = f"{line.split()[-1]}/v1/contacts?api_key={KEY}"
        async with aiohttp.request("GET", url) as answer:
            assert (await answer.json())["pagination"]["items_count"] == 3
        process.send_signal(number)
        assert await process.wait() == 0
        assert await process.stderr.read() == b""


async def test_a_port_in_use_is_said_in_one_sentence(door: Door) -> None:
    port = door.url.rpartition(":")[2]
    async with started("--port", port) as process:
        _, error = await process.communicate()
        assert process.returncode == 1
        assert error.decode().count("\n") == 1
        assert f"127.0.0.1:{port}" in error.decode()


async def test_serve_raises_when_the_port_is_in_use(door: Door) -> None:
    port = int(door.url.rpartition(":")[2])
    with pytest.raises(SandboxError, match="Address already in use"):
        await asyncio.to_thread(serve, SandboxSettings(key=KEY), port=port)


async def test_a_folder_keeps_everything_and_is_filled_once(
    open_door: OpenDoor, tmp_path: Path, door: Door
) -> None:
    settings = SandboxSettings(key=KEY, data=tmp_path / "deep" / "data", contacts=5)
    async with running(settings) as first:
        contact = await Door(door.http, first).identified(id="mine")
    again = await open_door(settings)
    assert (await again.get("/v1/contact", id="mine"))["uuid"] == contact["uuid"]
    assert (await again.get("/v1/contacts"))["pagination"]["items_count"] == 6


def test_an_unusable_folder_is_said(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("")
    with pytest.raises(SandboxError, match="cannot be used"):
        create_app(SandboxSettings(key=KEY, data=file))


def test_every_switch_is_documented() -> None:
    source = Path(sys.modules[Behaviour.__module__].__file__ or "").read_text("utf-8")
    fields = Behaviour.__dataclass_fields__
    assert source.count('\n    """') == len(fields) + 1

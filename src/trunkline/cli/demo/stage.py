"""What the demo plays on: a sandbox, a server with a fresh folder, and a listener."""

import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from trunkline.cli.configuration import read_settings
from trunkline.cli.demo.listener import Listener, listening
from trunkline.cli.demo.refiner import Refiner, started, visiting
from trunkline.cli.logs import log_faults
from trunkline.client.client import Client, connected


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """Everybody who takes part."""

    refiner: Refiner
    trunkline: Client
    listener: Listener


@asynccontextmanager
async def set_up() -> AsyncIterator[Stage]:
    """Starts all of them on free ports of loopback, and clears everything away."""
    with tempfile.TemporaryDirectory(prefix="trunkline-demo-") as folder:
        async with (
            started() as sandbox,
            _serving(Path(folder)) as trunkline,
            visiting(sandbox) as refiner,
            listening() as listener,
        ):
            yield Stage(refiner=refiner, trunkline=trunkline, listener=listener)


@asynccontextmanager
async def _serving(folder: Path) -> AsyncIterator[Client]:
    from trunkline.server import serving  # noqa: PLC0415 - loaded while the sandbox starts

    log_faults(read_settings().log_level)
    settings = read_settings(data=folder / "data").model_copy(
        update={"allow_hosts": ("127.0.0.1",), "public_url": None, "key": None}
    )
    async with (
        serving(settings) as running,
        connected(running.address, running.token) as client,
    ):
        yield client

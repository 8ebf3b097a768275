"""The sandbox in a process of its own, and the forms of its pages."""

import asyncio
import sys
from asyncio.subprocess import Process
from collections.abc import Iterable

from trunkline.errors import TrunklineError

_START_SECONDS = 20
_STOP_SECONDS = 5


async def start_sandbox(options: Iterable[str]) -> Process:
    """Starts `trunkline sandbox`; it is in the making when this returns."""
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "trunkline", "sandbox", *options),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        start_new_session=True,  # Ctrl-C is ours, and we end it in order
    )


async def address_of(process: Process) -> str:
    """Where the sandbox answers, once it says so.

    Raises:
        TrunklineError: it does not start.
    """
    assert process.stdout  # noqa: S101 - asked for above
    try:
        async with asyncio.timeout(_START_SECONDS):
            line = (await process.stdout.readline()).decode().strip()
    except TimeoutError:
        line = ""
    if " on http" not in line:
        raise TrunklineError("The sandbox does not start; try `trunkline sandbox`.")
    return line.rpartition(" on ")[2]


async def end_sandbox(process: Process) -> None:
    if process.returncode is not None:
        return
    process.terminate()
    try:
        async with asyncio.timeout(_STOP_SECONDS):
            await process.wait()
    except TimeoutError:
        process.kill()
        await process.wait()

"""Waiting out a disk that is full or away: what was done must be known."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

import structlog

from trunkline.errors import StorageFullError, StorageUnavailableError

PATIENCE = 1.0
"""Seconds between attempts to write when the store cannot."""

Result = TypeVar("Result")

log = structlog.get_logger()


async def patiently(
    write: Callable[[], Awaitable[Result]], waiting: str, execution: str
) -> Result:
    """Writes, again and again where the store cannot; `waiting` says what waits."""
    while True:
        try:
            return await write()
        except (StorageFullError, StorageUnavailableError) as error:
            log.warning(waiting, execution=execution, reason=str(error))
            await asyncio.sleep(PATIENCE)

"""When the server was there, and what it refused meanwhile."""

import asyncio
from collections import Counter
from collections.abc import Mapping
from typing import Final

import structlog
from sqlalchemy import Connection

from trunkline.errors import StorageFullError, StorageUnavailableError
from trunkline.model.clock import HOUR, Clock, Millis
from trunkline.store.gaps import Refused, add_refusals, forget_gaps, note_alive
from trunkline.store.store import Store

log = structlog.get_logger()

_EVERY = 60.0
"""Seconds between two notes. A crash leaves the last minute unknown."""

_BLINK: Millis = 1_000
_ASLEEP: Millis = 180_000
"""A running server that noted nothing for so long stood still, as its machine did."""

KEPT_DAYS: Final = 90


class Attendance:
    """Notes each minute that the folder is served, and what was refused since."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._refused = Counter[Refused]()
        self._task: asyncio.Task[None] | None = None

    async def begin(self) -> None:
        """From now on the folder is served; before, it was not."""
        await self._note(tolerated=_BLINK)
        self._task = asyncio.create_task(self._work())

    async def end(self) -> None:
        """Writes down until when the folder was served, if it was."""
        if self._task is None:
            return
        self._task.cancel()
        await asyncio.wait([self._task])
        await self._note(tolerated=_ASLEEP)

    def refused(self, webhook_id: str, reason: str) -> None:
        """Counts a request that was not taken."""
        hour = self._clock.millis() // HOUR
        self._refused[Refused(webhook_id, hour, reason)] += 1

    def unwritten(self, webhook_id: str) -> Mapping[Refused, int]:
        """What was refused of a webhook and is not in the store yet."""
        return {
            one: number
            for one, number in self._refused.items()
            if one.webhook_id == webhook_id
        }

    async def _work(self) -> None:
        while True:
            await asyncio.sleep(_EVERY)
            await self._note(tolerated=_ASLEEP)

    async def _note(self, *, tolerated: Millis) -> None:
        """What cannot be written now is written with the next note."""
        refused, self._refused = self._refused, Counter()
        now = self._clock.millis()
        try:
            await self._store.write(_write, now, tolerated, refused)
        except (StorageFullError, StorageUnavailableError) as error:
            self._refused += refused
            log.warning("refusals are not written", reason=str(error))


def _write(
    connection: Connection, now: Millis, tolerated: Millis, refused: Counter[Refused]
) -> None:
    note_alive(connection, now, tolerated=tolerated)
    add_refusals(connection, refused)
    forget_gaps(connection, now - KEPT_DAYS * 24 * HOUR)

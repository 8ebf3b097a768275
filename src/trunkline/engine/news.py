"""What has changed, for those who look on: topics, never the data itself."""

import asyncio
import secrets
from collections.abc import AsyncIterator
from typing import Final

TOPICS: Final = ("deliveries", "executions", "scenarios", "connections", "webhooks")

_PAUSE = 0.25
"""Seconds in which changes are gathered, so that a busy server tells four times."""


class News:
    """Tells everybody who follows that something changed; they look for themselves.

    A mark stands for a moment in the life of one process. Who comes back with it
    hears of every topic that changed since; who has none, or one of another process,
    hears of all.
    """

    def __init__(self) -> None:
        self._process = secrets.token_hex(4)
        self._count = 0
        self._changed = dict.fromkeys(TOPICS, 0)
        self._woken = asyncio.Event()
        self._over = False

    def tell(self, topic: str) -> None:
        self._count += 1
        self._changed[topic] = self._count
        self._woken.set()

    def close(self) -> None:
        """Lets everybody who follows go."""
        self._over = True
        self._woken.set()

    async def follow(
        self, mark: str | None, *, heartbeat: float
    ) -> AsyncIterator[tuple[str, list[str]]]:
        """Marks with the topics that changed up to them.

        Without changes there is an empty list every `heartbeat` seconds, which keeps
        the connection open and finds out whether it still is.
        """
        seen = self._position(mark)
        while not self._over:
            topics = [one for one, last in self._changed.items() if last > seen]
            seen = self._count
            yield f"{self._process}-{seen}", topics
            await self._changes(seen, heartbeat)

    async def _changes(self, seen: int, heartbeat: float) -> None:
        """Returns when there is something new to tell, or the heartbeat is due."""
        try:
            async with asyncio.timeout(heartbeat):
                while self._count == seen and not self._over:
                    self._woken.clear()
                    await self._woken.wait()
        except TimeoutError:
            return
        if not self._over:
            await asyncio.sleep(_PAUSE)

    def _position(self, mark: str | None) -> int:
        process, _, count = (mark or "").partition("-")
        known = process == self._process and count.isdecimal()
        return int(count) if known else -1

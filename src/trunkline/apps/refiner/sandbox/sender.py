"""Sends webhooks after the change they tell of, and logs how it went."""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass

import aiohttp

from . import times
from .faults import Faults
from .payload import payload
from .store import webhooks
from .store.database import Database, Occurrence

EXCERPT = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcel:
    """A body on its way to a webhook's address."""

    webhook: str
    event: str
    url: str
    secret: str | None
    body: bytes


class Sender:
    """Tells receivers in the background; whatever is pending at the end is dropped."""

    def __init__(self, database: Database, faults: Faults) -> None:
        self._database = database
        self._faults = faults
        self._pending: set[asyncio.Task[None]] = set()
        self._session: aiohttp.ClientSession | None = None

    def announce(self, occurrences: Sequence[Occurrence]) -> None:
        """Pack what to tell whom at once, so that it shows the state just committed."""
        for occurrence in occurrences:
            for webhook in webhooks.told_of(self._database, occurrence.event):
                parcel = Parcel(
                    webhook=webhook["name"],
                    event=occurrence.event,
                    url=webhook["url"],
                    secret=webhook["secret"],
                    body=payload(self._database, occurrence),
                )
                self._dispatch(parcel)

    async def settled(self) -> None:
        """Return once nothing is on its way any more."""
        while self._pending:
            await asyncio.wait(self._pending)

    async def close(self) -> None:
        pending = list(self._pending)
        for task in pending:
            task.cancel()
        await asyncio.gather(*pending, return_exceptions=True)
        if self._session:
            await self._session.close()

    def _dispatch(self, parcel: Parcel) -> None:
        if self._faults.strikes("lost_webhooks"):
            return
        delayed = self._faults.strikes("delayed_webhooks")
        for _ in range(2 if self._faults.strikes("duplicate_webhooks") else 1):
            sending = self._send(parcel, delayed.delay_ms / 1000 if delayed else 0)
            task = asyncio.create_task(sending)
            self._pending.add(task)
            task.add_done_callback(self._pending.discard)

    async def _send(self, parcel: Parcel, delay: float) -> None:
        await asyncio.sleep(delay)
        behaviour = self._database.behaviour
        for attempt in range(1, behaviour.webhook_retries + 2):
            send = await self._attempt(parcel, attempt)
            webhooks.log(self._database, send)
            if send.status is not None and send.status // 100 == 2:  # noqa: PLR2004 - 2xx
                return
            if attempt <= behaviour.webhook_retries:
                await asyncio.sleep(behaviour.webhook_retry_pause)

    async def _attempt(self, parcel: Parcel, attempt: int) -> webhooks.Send:
        sent_at, begun = times.iso(self._database.clock()), time.perf_counter()
        status, answer, error = await self._posted(parcel)
        return webhooks.Send(
            sent_at=sent_at,
            webhook=parcel.webhook,
            event=parcel.event,
            url=parcel.url,
            attempt=attempt,
            status=status,
            answer=answer,
            duration_ms=round((time.perf_counter() - begun) * 1000, 1),
            error=error,
        )

    async def _posted(self, parcel: Parcel) -> tuple[int | None, str, str | None]:
        """The status and an excerpt of the answer, or what went wrong."""
        headers = {"Content-Type": "application/json"}
        if parcel.secret:
            headers["Authorization"] = f"Bearer {parcel.secret}"
        try:
            async with self._opened().post(
                parcel.url, data=parcel.body, headers=headers, allow_redirects=False
            ) as response:
                excerpt = await response.content.read(EXCERPT)
                return response.status, excerpt.decode(errors="replace"), None
        except TimeoutError:
            seconds = self._database.behaviour.webhook_timeout
            return None, "", f"no answer within {seconds:g} seconds"
        except (aiohttp.ClientError, OSError, ValueError) as error:
            return None, "", str(error) or type(error).__name__

    def _opened(self) -> aiohttp.ClientSession:
        if self._session is None:
            timeout = aiohttp.ClientTimeout(
                total=self._database.behaviour.webhook_timeout
            )
            self._session = aiohttp.ClientSession(
                timeout=timeout, headers={"User-Agent": "Refiner"}
            )
        return self._session

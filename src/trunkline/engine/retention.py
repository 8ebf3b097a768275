"""Prunes the history in the background, in parts so small that intake goes on."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass

import structlog

from trunkline.engine.document import load_document
from trunkline.engine.steady_time import SteadyTime
from trunkline.model.clock import Clock, Millis, as_text
from trunkline.model.retention import NOTHING, Bounds, Pruned
from trunkline.model.scenario import StoredScenario
from trunkline.store.pruning import (
    note_pruned,
    note_steady,
    read_steady,
    remove_deliveries,
    remove_executions,
    remove_seen,
    thin_execution,
)
from trunkline.store.retention import (
    MOST_ROWS,
    Batch,
    find_batch,
    find_deliveries,
    find_line,
    find_seen,
)
from trunkline.store.scenarios import list_scenarios
from trunkline.store.sizes import measure_file
from trunkline.store.store import Store
from trunkline.store.webhooks import list_webhooks

log = structlog.get_logger()

_EVERY = 900.0
"""Seconds between two passes, if nobody asks for one."""

_FIRST = 5.0
"""Seconds before the first one, since a start has better things to do."""

_LEAST_PAUSE = 0.02
_PAGES = 250
"""Pages given back in one transaction: a megabyte."""

_KEPT_FREE = 16
"""One page in so many may stay free, for what comes next."""


@dataclass(slots=True)
class Progress:
    """How far the pass under way has come, or the last one came."""

    under_way: bool = False
    looked_at: Millis | None = None
    pruned: Pruned = NOTHING
    trouble: str | None = None


class Retention:
    """Removes what is beyond the bounds: at the start, at intervals, and when asked."""

    def __init__(
        self, store: Store, clock: Clock, bounds: Bounds, *, every: float = _EVERY
    ) -> None:
        self.bounds = bounds
        self.progress = Progress()
        self._store = store
        self._clock = clock
        self._every = every
        self._time: SteadyTime | None = None
        self._asked = asyncio.Event()
        self._compact = False

    def ask(self, *, compact: bool = False) -> None:
        """Asks for a pass now, which may end with the file written anew."""
        self.progress.under_way = True
        self._compact = self._compact or compact
        self._asked.set()

    async def work(self) -> None:
        """Prunes until it is cancelled."""
        pause = _FIRST
        while True:
            with suppress(TimeoutError):
                async with asyncio.timeout(pause):
                    await self._asked.wait()
            pause = self._every
            self.progress = Progress(under_way=True)
            while self.progress.under_way:
                self._asked.clear()
                await self._try()
                self.progress.looked_at = self._clock.millis()
                self.progress.under_way = self._asked.is_set()

    async def _try(self) -> None:
        """What goes wrong is told, and tried again at the next interval."""
        self.progress.trouble = None
        try:
            await self.prune()
        except Exception as error:  # noqa: BLE001 - the history can wait, and intake must not
            log.warning("the history was not pruned", reason=str(error))
            self.progress.trouble = str(error)

    async def prune(self) -> None:
        """One pass over everything that may be beyond the bounds."""
        now = await self._now()
        for scenario in await self._store.read(list_scenarios):
            await self._prune_executions(scenario, now)
        for webhook in await self._store.read(list_webhooks, self._store.vault):
            await self._prune_deliveries(webhook.id, now)
        await self._prune_seen(now)
        if self.progress.pruned != NOTHING:
            at = self._clock.millis()
            await self._store.write(note_pruned, at, self.progress.pruned)
            log.info("history pruned", executions=self.progress.pruned.executions)
        await self._give_back()
        if self._compact:
            self._compact = False
            await self._store.compact()

    async def _now(self) -> Millis:
        """The moment from which ages are counted."""
        if self._time is None:
            self._time = SteadyTime(self._clock, await self._store.read(read_steady))
        now = self._time.now()
        await self._store.write(note_steady, now)
        if self._time.doubts:
            self.progress.trouble = (
                "The clock leapt ahead, to "
                f"{as_text(self._clock.millis())}. For a day ages are counted as if it "
                "had not, so that nothing is removed for a clock that is set wrong."
            )
        return now

    async def _prune_executions(self, scenario: StoredScenario, now: Millis) -> None:
        try:
            keep = load_document(scenario.content).settings.keep
        except ValueError:
            return  # nobody knows what it wants to keep
        bounds = self.bounds.changed_by(keep)
        line = await self._store.read(find_line, scenario.id, bounds, now)
        after = ""
        while batch := await self._store.read(find_batch, scenario.id, line, after):
            there_is_more = await self._remove(batch)
            after = after if there_is_more else batch.ids[-1]

    async def _remove(self, batch: Batch) -> bool:
        """Removes a batch, of which some may be left for the next one."""
        async with self._turn():
            if batch.portion:
                (id_,) = batch.ids
                thinned = await self._store.write(thin_execution, id_, batch.portion)
                removed = Pruned(bytes=batch.bytes if thinned else 0)
            else:
                thinned = 0
                removed = await self._store.write(remove_executions, batch.ids)
                removed += Pruned(bytes=batch.bytes if removed.executions else 0)
        self.progress.pruned += removed
        return thinned > 0

    async def _prune_deliveries(self, webhook_id: str, now: Millis) -> None:
        after = ""
        while found := await self._store.read(
            find_deliveries, webhook_id, self.bounds, now, after
        ):
            async with self._turn():
                removed = await self._store.write(
                    remove_deliveries, [id_ for id_, _ in found]
                )
            self.progress.pruned += removed
            self.progress.pruned += Pruned(bytes=sum(size for _, size in found))
            after = found[-1][0]

    async def _prune_seen(self, now: Millis) -> None:
        since, place = self.bounds.seen_since(now), ("", "")
        while since and (page := await self._store.read(find_seen, place, since)):
            for start in range(0, len(page.old), MOST_ROWS):
                async with self._turn():
                    await self._store.write(
                        remove_seen, page.old[start : start + MOST_ROWS]
                    )
            place = page.last

    async def _give_back(self) -> None:
        """Takes free pages out of the file, where it can do without being rewritten."""
        while True:
            file = await self._store.read(measure_file)
            spare = file.free_pages - file.pages // _KEPT_FREE
            if spare <= 0 or not file.shrinks:
                await self._store.checkpoint()
                return
            async with self._turn():
                await self._store.give_back(min(spare, _PAGES))

    @asynccontextmanager
    async def _turn(self) -> AsyncIterator[None]:
        """One transaction, then a pause as long as it was, so that others go on."""
        began = self._clock.monotonic()
        yield
        self._store.want_checkpoint()
        await asyncio.sleep(max(_LEAST_PAUSE, self._clock.monotonic() - began))

"""Incomplete executions that are tried again by themselves."""

from trunkline.engine.dispatch import Dispatch
from trunkline.engine.news import News
from trunkline.model.clock import Millis
from trunkline.store.stops import next_retry, resume_due, shorten_waits
from trunkline.store.store import Store


class Retries:
    """Resumes incomplete executions when their time has come."""

    def __init__(self, store: Store, dispatch: Dispatch, news: News) -> None:
        self._store = store
        self._dispatch = dispatch
        self._news = news

    async def next_due(self) -> Millis | None:
        return await self._store.read(next_retry)

    async def set_back(self, by: Millis, now: Millis) -> None:
        """Whoever waits goes on waiting as long as was meant, and no longer."""
        await self._store.write(shorten_waits, by, now)
        self._dispatch.wake()

    async def act(self, now: Millis) -> None:
        if await self._store.write(resume_due, now):
            self._dispatch.wake()
            self._news.tell("executions")

"""A sender of unique events at a steady rate, who repeats what was not answered."""

import asyncio
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count

import aiohttp

from faults.workloads import SECRET, completed_survey

_HEADERS = {"Authorization": f"Bearer {SECRET}"}


@dataclass(slots=True)
class Loader:
    """`answered` got a 200; `unanswered` nothing, or a refusal: they are sent again."""

    rate: float
    answered: list[str] = field(default_factory=list)
    unanswered: list[str] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)
    seconds: list[float] = field(default_factory=list)
    """How long each answer took."""
    _number: "count[int]" = field(default_factory=lambda: count(1))

    @property
    def slowest(self) -> float:
        return max(self.seconds, default=0.0)

    async def send(self, url: str, going_on: Callable[[], bool]) -> None:
        """Sends what is to be repeated and then what is new, while it goes on."""
        again, self.unanswered = self.unanswered, []
        begun = asyncio.get_running_loop().time()
        async with (
            aiohttp.ClientSession(
                headers=_HEADERS, connector=aiohttp.TCPConnector(limit=0)
            ) as session,
            asyncio.TaskGroup() as posts,
        ):
            for number in count():
                due = begun + number / self.rate
                await asyncio.sleep(due - asyncio.get_running_loop().time())
                if not going_on():
                    break
                event = again.pop() if again else f"event-{next(self._number)}"
                posts.create_task(self._post(session, url, event))
        self.unanswered += again

    async def send_again(self, url: str) -> None:
        """Sends all that was not answered, once more."""
        again, self.unanswered = self.unanswered, []
        async with aiohttp.ClientSession(headers=_HEADERS) as session:
            for event in again:
                await self._post(session, url, event)

    async def post(self, url: str, event: str) -> int:
        """Sends one event; 0 stands for no answer."""
        async with aiohttp.ClientSession(headers=_HEADERS) as session:
            return await self._post(session, url, event)

    async def _post(self, session: aiohttp.ClientSession, url: str, event: str) -> int:
        began = asyncio.get_running_loop().time()
        try:
            async with session.post(url, data=completed_survey(event)) as answer:
                status = answer.status
        except aiohttp.ClientError:
            status = 0
        self.seconds.append(asyncio.get_running_loop().time() - began)
        self.statuses[status] += 1
        (self.answered if status == 200 else self.unanswered).append(event)
        return status

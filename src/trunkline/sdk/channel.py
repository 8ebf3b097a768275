"""What all calls of one connection share: credentials, budget, pause, secrets."""

import asyncio
import math
import random
import time
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field

from aiolimiter import AsyncLimiter
from yarl import URL

from trunkline.errors import InvalidConfigurationError, ModuleError, RateLimitError
from trunkline.sdk.answer import Answer
from trunkline.sdk.auth import Auth
from trunkline.sdk.http import HttpClient, callable_url
from trunkline.sdk.masking import Mask
from trunkline.sdk.pages import Pages
from trunkline.sdk.payload import check_header
from trunkline.sdk.retry import LONGEST_WAIT

Explain = Callable[[Answer], ModuleError | None]
"""What an answer with an error status stands for, where an app knows better."""

_LONGEST_PAUSE = 3600.0


@dataclass(frozen=True, slots=True)
class Rate:
    """How often a service may be called with one connection."""

    calls: int
    seconds: float


@dataclass(slots=True, eq=False)
class Channel:
    """One connection's way out of the house.

    `base_url` is what its calls are bound to; `None` lets them go anywhere.
    `secrets` are masked in all that comes back. `explain`, `idempotency_header`,
    `pages` and `rate` are the app's. `clock`, `monotonic`, `random` and `sleep` stand
    for the world.

    Raises:
        InvalidConfigurationError: the address or the credentials cannot be sent.
    """

    http: HttpClient
    base_url: str | None
    auth: Auth = field(repr=False)
    secrets: frozenset[str] = field(default=frozenset(), repr=False)
    rate: Rate | None = None
    explain: Explain | None = None
    idempotency_header: str | None = None
    pages: Pages | None = None
    title: str = "the service"
    clock: Callable[[], float] = time.time
    monotonic: Callable[[], float] = time.monotonic
    random: Callable[[], float] = random.random
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    base: URL | None = field(init=False)
    mask: Mask = field(init=False)
    credential_headers: dict[str, str] = field(init=False)
    credential_params: dict[str, str] = field(init=False)
    _limiter: AsyncLimiter | None = field(init=False)
    _paused: dict[URL, float] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        self.base = _base(self.base_url) if self.base_url else None
        sent = self.auth.headers()
        for name, value in sent.items():
            check_header(name, value)
        self.credential_headers = {name.lower(): sent[name] for name in sent}
        self.credential_params = self.auth.params()
        self.mask = Mask({*self.secrets, *self._sent_secrets()})
        self._limiter = _limiter(self.rate) if self.rate else None

    @property
    def credentialed(self) -> bool:
        """Whether calls carry, or may carry, what only this service may see."""
        return bool(self.credential_headers or self.credential_params or self.secrets)

    async def turn(self, origin: URL) -> None:
        """Waits until a call may leave: within the budget, outside of any pause.

        Raises:
            RateLimitError: the service asked for a longer pause than a call waits.
        """
        if self._limiter is not None:
            await self._limiter.acquire()
        while (left := self._paused.get(origin, 0.0) - self.monotonic()) > 0:
            if left > LONGEST_WAIT:
                raise RateLimitError(
                    f"{self.title} asked us to wait; {math.ceil(left)} seconds are "
                    "left. Try again after that.",
                    retry_after=left,
                )
            await self.sleep(left)

    def pause(self, origin: URL, seconds: float) -> None:
        """Keeps this connection's calls to one origin from leaving for a while."""
        now = self.monotonic()
        until = now + min(seconds, _LONGEST_PAUSE)
        self._paused = {where: to for where, to in self._paused.items() if to > now}
        self._paused[origin] = max(until, self._paused.get(origin, 0.0))

    def _sent_secrets(self) -> Iterator[str]:
        """The credentials as they are sent, such as name and password in base64."""
        yield from self.credential_params.values()
        for value in self.credential_headers.values():
            yield value
            yield value.rpartition(" ")[2]


def _base(address: str) -> URL:
    base = callable_url(address)
    if base.raw_query_string or base.raw_fragment:
        raise InvalidConfigurationError(
            "The connection's address has a '?' or '#'. Give it without what follows."
        )
    return base


def _limiter(rate: Rate) -> AsyncLimiter:
    """A bucket that never lets more than `calls` through in any stretch of `seconds`.

    A bucket holding all of them would: a full load at once, and what leaks away
    meanwhile on top. A tenth may come at once, the rest follows evenly.
    """
    burst = max(1, rate.calls // 10)
    return AsyncLimiter(burst, burst * rate.seconds / (rate.calls - burst + 1))

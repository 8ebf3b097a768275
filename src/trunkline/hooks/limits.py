"""How large, how slow and how often deliveries may be."""

import math
from dataclasses import dataclass

from trunkline.hooks.refusal import Refusal
from trunkline.model.clock import Clock


@dataclass(frozen=True, slots=True)
class Limits:
    """Bytes of one body, deliveries per second of one webhook, seconds to answer in."""

    largest_body: int
    rate: float
    response_seconds: float


class Rates:
    """A bucket of deliveries for each webhook; one second's worth may come at once."""

    def __init__(self, limits: Limits, clock: Clock) -> None:
        self._rate = limits.rate
        self._most = max(1.0, limits.rate)
        self._clock = clock
        self._buckets: dict[str, tuple[float, float]] = {}

    def spend(self, webhook_id: str) -> None:
        """Takes one delivery out of the webhook's bucket.

        Raises:
            Refusal: the bucket is empty.
        """
        now = self._clock.monotonic()
        level, then = self._buckets.get(webhook_id, (self._most, now))
        level = min(self._most, level + (now - then) * self._rate)
        if level < 1:
            wait = math.ceil((1 - level) / self._rate)
            raise Refusal(429, "rate", "Too many requests", {"retry-after": str(wait)})
        self._buckets[webhook_id] = (level - 1, now)

"""Identifiers: unique across machines, in order of creation within one process."""

from collections.abc import Callable
from random import Random

from trunkline.model.clock import Clock

_RANDOM_BITS = 80


class Ids:
    """Makes ids of 32 hexadecimal digits: 48 bits of milliseconds, 80 of chance.

    Ids made within one millisecond, or while the clock steps back, count upwards
    from the last one, so that sorting by id is sorting by arrival; with `follow` also
    from the last one that an earlier process made. They are no secrets: the chance is
    seeded by the system once, since asking it for each id lets go of Python's lock.
    """

    def __init__(
        self, clock: Clock, entropy: Callable[[int], bytes] | None = None
    ) -> None:
        self._clock = clock
        self._entropy = entropy or Random().randbytes  # noqa: S311 - no secrets
        self._last = 0

    def new(self) -> str:
        moment = self._clock.millis() << _RANDOM_BITS
        if moment > self._last:
            self._last = moment | int.from_bytes(self._entropy(10), "big")
        else:
            self._last += 1
        return f"{self._last:032x}"

    def follow(self, last: str | None) -> None:
        """Lets all ids to come be greater than one that is there already."""
        if last is not None:
            self._last = max(self._last, int(last, 16))

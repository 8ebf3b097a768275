"""Identifiers: unique across machines, in order of creation within one process."""

import os
from collections.abc import Callable

from trunkline.model.clock import Clock

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"  # Crockford's, in lower case
_PAIRS = [a + b for a in _ALPHABET for b in _ALPHABET]
_LENGTH = 26
_RANDOM_BITS = 80


class Ids:
    """Makes ids of 26 characters: 48 bits of milliseconds, then 80 bits of chance.

    Ids made within one millisecond, or while the clock steps back, count upwards
    from the last one, so that sorting by id is sorting by arrival.
    """

    def __init__(
        self, clock: Clock, entropy: Callable[[int], bytes] = os.urandom
    ) -> None:
        self._clock = clock
        self._entropy = entropy
        self._last = 0

    def new(self) -> str:
        moment = self._clock.millis() << _RANDOM_BITS
        if moment > self._last:
            self._last = moment | int.from_bytes(self._entropy(10), "big")
        else:
            self._last += 1
        return _encode(self._last)


def _encode(number: int) -> str:
    return "".join(
        _PAIRS[(number >> shift) & 0x3FF] for shift in range(5 * _LENGTH - 10, -1, -10)
    )

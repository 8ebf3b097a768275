"""Passwords: hashed with Argon2id, and not guessed at any speed."""

import asyncio
from collections import OrderedDict
from functools import cached_property
from typing import TYPE_CHECKING

from trunkline.errors import TooManyAttemptsError, UsageError
from trunkline.model.clock import Clock

if TYPE_CHECKING:
    from argon2 import PasswordHasher

LEAST = 10
"""Characters of a password."""

_MOST = 1000
_FREE_ATTEMPTS = 5
_LONGEST_WAIT = 300
_REMEMBERED = 10_000


class Passwords:
    """Hashes and checks; one at a time, since each takes 64 MB and a while."""

    def __init__(self) -> None:
        self._turn = asyncio.Semaphore(1)

    @cached_property
    def _hasher(self) -> "PasswordHasher":
        from argon2 import PasswordHasher  # noqa: PLC0415 - servers rarely need it

        return PasswordHasher()

    async def hashed(self, password: str) -> str:
        """What to store instead of a new password.

        Raises:
            UsageError: it is too short or too long.
        """
        if not LEAST <= len(password) <= _MOST:
            raise UsageError(
                f"A password has at least {LEAST} characters; three unrelated words "
                "are easier to keep in mind than one with odd signs."
            )
        async with self._turn:
            return await asyncio.to_thread(self._hasher.hash, password)

    async def fits(self, hashed: str | None, password: str) -> bool:
        """Whether the password is the one that was hashed.

        Without a hash it takes as long, so that nobody learns which names exist.
        """
        async with self._turn:
            return await asyncio.to_thread(self._verified, hashed, password)

    def _verified(self, hashed: str | None, password: str) -> bool:
        from argon2.exceptions import VerificationError  # noqa: PLC0415 - see above

        try:
            return self._hasher.verify(hashed or self._nobody, password[:_MOST])
        except VerificationError:
            return False

    @cached_property
    def _nobody(self) -> str:
        import secrets  # noqa: PLC0415 - used once

        return self._hasher.hash(secrets.token_urlsafe(32))


class Patience:
    """Makes those wait who give wrong passwords, longer each time.

    `who` is a name together with the address it is tried from, so that a stranger's
    attempts do not lock the owner out.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._failures: OrderedDict[str, tuple[int, float]] = OrderedDict()

    def check(self, who: str) -> None:
        """Refuses an attempt that comes too soon.

        Raises:
            TooManyAttemptsError: says how long to wait.
        """
        failures, last = self._failures.get(who, (0, 0.0))
        if failures < _FREE_ATTEMPTS:
            return
        wait = min(_LONGEST_WAIT, 2.0 ** (failures - _FREE_ATTEMPTS + 1))
        left = last + wait - self._clock.monotonic()
        if left > 0:
            seconds = max(1, round(left))
            raise TooManyAttemptsError(
                f"Too many attempts. Try again in {seconds} seconds.",
                retry_after=seconds,
            )

    def failed(self, who: str) -> None:
        failures, _ = self._failures.pop(who, (0, 0.0))
        self._failures[who] = (failures + 1, self._clock.monotonic())
        while len(self._failures) > _REMEMBERED:
            self._failures.popitem(last=False)

    def succeeded(self, who: str) -> None:
        self._failures.pop(who, None)

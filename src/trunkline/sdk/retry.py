"""When a call is tried again, and how long it waits before that."""

import math
from collections.abc import Mapping
from datetime import UTC
from email.utils import parsedate_to_datetime

from trunkline.errors import (
    ConnectionError,  # noqa: A004 - Make's name, see errors.py
    ModuleError,
    ModuleTimeoutError,
    RateLimitError,
)
from trunkline.sdk.http import NeverSent

LONGEST_WAIT = 60.0
"""Seconds a call waits for its turn; the engine waits longer, and without a worker."""
PAUSING = (RateLimitError, ConnectionError)
"""The errors whose `retry_after` holds back all calls of a connection."""

TOTAL_SECONDS = 120.0
"""How long one call may take with all its tries."""

_MOST_TRIES = 4
_BASE_SECONDS = 0.5
_CAP_SECONDS = 30.0


def patience(
    error: ModuleError, *, harmless: bool, tries: int, left: float, chance: float
) -> float | None:
    """Seconds to wait before the next try, or `None` to give up.

    `harmless` says that the call can be carried out twice, `left` how many seconds it
    may still wait, `chance` is a random number from 0 to 1 that spreads callers.
    """
    asked = error.retry_after or 0.0
    wait = asked + chance * min(_CAP_SECONDS, _BASE_SECONDS * 2.0 ** (tries - 1))
    if (
        tries >= _MOST_TRIES
        or asked > LONGEST_WAIT
        or wait > left
        or not _may_repeat(error, harmless=harmless)
    ):
        return None
    return wait


def _may_repeat(error: ModuleError, *, harmless: bool) -> bool:
    if isinstance(error, RateLimitError | NeverSent):
        return True
    return harmless and isinstance(error, ConnectionError | ModuleTimeoutError)


def is_unsure(error: ModuleError, *, harmless: bool) -> bool:
    """Whether a call that must not be made twice may have been carried out.

    It was sent and not answered; a service that answers knows what it did.
    """
    cut = isinstance(error, ConnectionError | ModuleTimeoutError)
    sent = not isinstance(error, NeverSent) and error.status is None
    return cut and sent and not harmless


def retry_after(headers: Mapping[str, str], now: float) -> float | None:
    """The seconds that the service asks us to wait, if it does so legibly.

    `now` is the time in seconds since 1970; the header may name a moment.
    """
    value = headers.get("retry-after", "").strip()
    try:
        seconds = float(value) if value[:1].isdigit() else _moment(value) - now
    except (ValueError, OverflowError):
        return None
    return max(0.0, seconds) if math.isfinite(seconds) else None


def _moment(date: str) -> float:
    moment = parsedate_to_datetime(date)
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()

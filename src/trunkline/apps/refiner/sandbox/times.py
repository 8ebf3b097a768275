"""Times as Refiner writes and reads them (refiner-api 2.3)."""

from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta

Clock = Callable[[], datetime]


def now() -> datetime:
    return datetime.now(UTC)


def iso(moment: datetime) -> str:
    """`2026-01-05T09:12:44.000000Z`; such texts sort as the times do."""
    text = moment.astimezone(UTC).isoformat(timespec="microseconds")
    return text.replace("+00:00", "Z")


def spaced(text: str) -> str:
    """The ISO text as `2026-01-05 09:12:44`."""
    return f"{text[:10]} {text[11:19]}"


def read(value: object) -> datetime | None:
    """The moment that an ISO 8601 text or a Unix timestamp names, if it does."""
    text = str(value).strip()
    try:
        if text.lstrip("-").replace(".", "", 1).isdigit() and not _is_short_date(text):
            return datetime.fromtimestamp(float(text), UTC)
        moment = datetime.fromisoformat(text)
        aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        return aware.astimezone(UTC)
    except (ValueError, OverflowError, OSError):
        return None


def end_of_day(moment: datetime) -> datetime:
    return datetime.combine(moment.date(), time.max, tzinfo=UTC)


def days_before(moment: datetime, days: int) -> datetime:
    return moment - timedelta(days=days)


def _is_short_date(text: str) -> bool:
    """Whether eight digits are a date like 20260131 and not an early timestamp."""
    return len(text) == 8 and text[:2] in {"19", "20"}  # noqa: PLR2004 - YYYYMMDD

"""Texts as dates by moment-style tokens (integrator-semantics 5.7 [sure]).

As moment does, punctuation need not agree and what follows the last token is passed
over; a token that finds nothing is an error.
"""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Final, TypeAlias

from trunkline.errors import DataError
from trunkline.mapping.date_format import MONTHS, WEEKDAYS, tokens_of
from trunkline.mapping.moments import (
    EPOCH,
    NOON,
    from_milliseconds,
    from_wall_clock,
    of_24_hours,
    offset_zone,
    since_midnight,
    wall_clock,
)

Parts: TypeAlias = dict[str, int]
"""What has been read so far, by the names of `_TOKENS`."""

_MAX_TEXT: Final = 1000
_LAST_OF_2000S: Final = 68


def parse_date(text: str, pattern: str, timezone: str, now: datetime) -> datetime:
    """The moment a text names; what it leaves out is taken from now or is the first.

    Raises DataError where the text does not follow the format.
    """
    if len(text) > _MAX_TEXT:
        raise DataError(f"'{text[:40]}…' is too long for a date.")
    parts: Parts = {}
    position = 0
    for token in tokens_of(pattern):
        position = _read(token, text, position, parts)
    try:
        return _assembled(parts, text, timezone, now)
    except (ValueError, OverflowError):
        raise _invalid(text, pattern) from None


def _read(token: str, text: str, position: int, parts: Parts) -> int:
    if token not in _TOKENS:
        literal = token[1:-1] if token.startswith("[") and len(token) > 1 else token
        return position + len(literal) * text.startswith(literal, position)
    pattern, name, meaning = _TOKENS[token]
    while not (found := pattern.match(text, position)):
        if position >= len(text) or text[position].isalnum():
            raise _invalid(text, token)
        position += 1
    parts[name] = meaning(found[0])
    return found.end()


def _invalid(text: str, pattern: str) -> DataError:
    return DataError(f"'{text[:60]}' is not a valid date for the format {pattern}.")


def _assembled(parts: Parts, text: str, timezone: str, now: datetime) -> datetime:
    if not parts:
        raise _invalid(text, "given")
    if "milliseconds" in parts:
        return from_milliseconds(parts["milliseconds"])
    if "seconds" in parts:
        return EPOCH + timedelta(seconds=parts["seconds"])
    wall = _day(parts, wall_clock(now, timezone)) + _time(parts)
    if "offset" in parts:
        return wall.replace(tzinfo=UTC) - timedelta(minutes=parts["offset"])
    return from_wall_clock(wall, timezone)


def _day(parts: Parts, today: datetime) -> datetime:
    """Midnight of the day; a part before the first given is today's (moment)."""
    if "week" in parts or "week year" in parts:
        year = parts.get("week year", parts.get("year", today.year))
        weekday = parts.get("weekday", 1)
        return datetime.fromisocalendar(year, parts.get("week", 1), weekday)
    year = parts.get("year", today.year)
    if "day of year" in parts:
        return _nth_day(year, parts["day of year"])
    if "quarter" in parts:
        parts.setdefault("month", parts["quarter"] * 3 - 2)
    month = parts.get("month", 1 if "year" in parts else today.month)
    dated = "year" in parts or "month" in parts
    day = parts.get("day", 1 if dated else today.day)
    return datetime(year, month, day)  # noqa: DTZ001 - a wall clock


def _nth_day(year: int, number: int) -> datetime:
    found = datetime(year, 1, 1) + timedelta(days=number - 1)  # noqa: DTZ001 - a wall clock
    if found.year != year:
        raise ValueError("No such day of the year.")
    return found


def _time(parts: Parts) -> timedelta:
    hour = parts.get("hour", parts.get("hour of 12", 0))
    minute, second = parts.get("minute", 0), parts.get("second", 0)
    micros = parts.get("fraction", 0)
    if "half" in parts and hour <= NOON:
        hour = of_24_hours(hour, afternoon=bool(parts["half"]))
    return since_midnight(hour, minute, second, micros)


def _full_year(text: str) -> int:
    """Of two digits, up to 68 of this century (moment)."""
    year = int(text)
    if len(text) > len("68"):
        return year
    return year + (2000 if year <= _LAST_OF_2000S else 1900)


def _month(text: str) -> int:
    return [name[:3].lower() for name in MONTHS].index(text[:3].lower()) + 1


def _weekday(text: str) -> int:
    return [name[:3].lower() for name in WEEKDAYS].index(text[:3].lower()) or 7


def _offset(text: str) -> int:
    if text in "Zz":
        return 0
    offset = offset_zone(text).utcoffset(None) or timedelta()
    return offset // timedelta(minutes=1)


def _names(names: tuple[str, ...], length: int | None = None) -> str:
    return "(?i:" + "|".join(name[:length] for name in names) + ")"


_Meaning: TypeAlias = tuple["re.Pattern[str]", str, Callable[[str], int]]


def _token(pattern: str, name: str, meaning: Callable[[str], int] = int) -> _Meaning:
    return re.compile(pattern, re.ASCII), name, meaning


_ONE_OR_TWO: Final = r"\d{1,2}"
_EVERY_MONTH: Final = _names(MONTHS) + "|" + _names(MONTHS, 3)
_EVERY_WEEKDAY: Final = _names(WEEKDAYS) + "|" + _names(WEEKDAYS, 3)
_FRACTION: Final = _token(
    r"\d{1,9}", "fraction", lambda text: int(text.ljust(6, "0")[:6])
)
_TOKENS: Final[Mapping[str, _Meaning]] = {
    "YYYY": _token(r"\d{1,4}", "year", _full_year),
    "YY": _token(_ONE_OR_TWO, "year", _full_year),
    "Y": _token(r"\d{1,4}", "year"),
    "GGGG": _token(r"\d{1,4}", "week year"),
    "GG": _token(_ONE_OR_TWO, "week year", _full_year),
    "Q": _token(r"[1-4]", "quarter"),
    **dict.fromkeys(("M", "MM"), _token(_ONE_OR_TWO, "month")),
    **dict.fromkeys(("MMM", "MMMM"), _token(_EVERY_MONTH, "month", _month)),
    **dict.fromkeys(("D", "DD"), _token(_ONE_OR_TWO, "day")),
    "Do": _token(
        r"\d{1,2}(?i:st|nd|rd|th)?",
        "day",
        lambda text: int(text.rstrip("stndrhSTNDRH")),
    ),
    **dict.fromkeys(("DDD", "DDDD"), _token(r"\d{1,3}", "day of year")),
    **dict.fromkeys(("ddd", "dddd"), _token(_EVERY_WEEKDAY, "weekday", _weekday)),
    "E": _token(r"[1-7]", "weekday"),
    **dict.fromkeys(("W", "WW"), _token(_ONE_OR_TWO, "week")),
    **dict.fromkeys(("H", "HH", "k", "kk"), _token(_ONE_OR_TWO, "hour")),
    **dict.fromkeys(("h", "hh"), _token(_ONE_OR_TWO, "hour of 12")),
    **dict.fromkeys(
        ("A", "a"),
        _token(r"[AaPp]\.?[Mm]\.?", "half", lambda text: int(text[0] in "Pp")),
    ),
    **dict.fromkeys(("m", "mm"), _token(_ONE_OR_TWO, "minute")),
    **dict.fromkeys(("s", "ss"), _token(_ONE_OR_TWO, "second")),
    **{"S" * digits: _FRACTION for digits in range(1, 10)},
    **dict.fromkeys(
        ("Z", "ZZ"), _token(r"[Zz]|[+-]\d\d(?::?\d\d)?", "offset", _offset)
    ),
    "X": _token(r"-?\d{1,14}", "seconds"),
    "x": _token(r"-?\d{1,17}", "milliseconds"),
}

PARSE_TOKENS: Final = frozenset(_TOKENS)

"""Dates as text by moment-style tokens (integrator-semantics 5.7 [sure])."""

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Final, TypeAlias

from trunkline.errors import DataError
from trunkline.mapping.moments import EPOCH, NOON
from trunkline.mapping.numbers import milliseconds

Part: TypeAlias = Callable[[datetime], str]

MONTHS: Final = (
    "January", "February", "March", "April", "May", "June", "July", "August",
    "September", "October", "November", "December",
)  # fmt: skip
WEEKDAYS: Final = (
    "Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday",
)  # fmt: skip
ISO: Final = "YYYY-MM-DDTHH:mm:ss.SSSZ"
MAX_FORMAT: Final = 1000

_TOKEN: Final = re.compile(
    r"\[[^\[\]]*\]|Mo|M{1,4}|Do|DDDo|D{1,4}|do|d{1,4}|wo|ww?|Wo|WW?|Qo?|YYYY|YY|Y"
    r"|gggg|gg|GGGG|GG|E|A|a|hh?|HH?|kk?|mm?|ss?|S{1,9}|x|X|ZZ?|.",
    re.DOTALL,
)
_CACHED_FORMATS: Final = 256


def format_date(moment: datetime, pattern: str) -> str:
    """A moment in its own zone, as text."""
    return "".join([part(moment) for part in _parts(pattern)])


def tokens_of(pattern: str) -> list[str]:
    """A format's tokens and single characters; `[text]` stands for itself."""
    if len(pattern) > MAX_FORMAT:
        raise DataError(f"The date format has more than {MAX_FORMAT:,} characters.")
    return _TOKEN.findall(pattern)


def sunday_based(moment: date) -> int:
    """The weekday from 0 for Sunday to 6."""
    return moment.isoweekday() % 7


@lru_cache(maxsize=_CACHED_FORMATS)
def _parts(pattern: str) -> tuple[Part, ...]:
    return tuple(_part(token) for token in tokens_of(pattern))


def _part(token: str) -> Part:
    if token in _PARTS:
        return _PARTS[token]
    text = token[1:-1] if token.startswith("[") and len(token) > 1 else token
    return lambda _moment: text


def _ordinal(number: int) -> str:
    ending = {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{'th' if number % 100 in (11, 12, 13) else ending}"


def _week(moment: datetime) -> tuple[int, int]:
    """Year and week where weeks begin on Sunday and week 1 has 1 January."""
    saturday = moment.date() + timedelta(days=6 - sunday_based(moment))
    return saturday.year, (saturday.timetuple().tm_yday - 1) // 7 + 1


def _day_of_year(moment: datetime) -> int:
    return moment.timetuple().tm_yday


def _quarter(moment: datetime) -> int:
    return (moment.month + 2) // 3


def _offset(moment: datetime, colon: str) -> str:
    seconds = int((moment.utcoffset() or timedelta()).total_seconds())
    sign, minutes = "-" if seconds < 0 else "+", abs(seconds) // 60
    return f"{sign}{minutes // 60:02}{colon}{minutes % 60:02}"


def _half(moment: datetime) -> str:
    return "AM" if moment.hour < NOON else "PM"


def _hour_of_12(moment: datetime) -> int:
    return moment.hour % 12 or 12


def _fraction(digits: int) -> Part:
    return lambda moment: f"{moment.microsecond:06}000"[:digits]


_PARTS: Final[Mapping[str, Part]] = {
    "YY": lambda moment: f"{moment.year % 100:02}",
    "YYYY": lambda moment: f"{moment.year:04}",
    "Y": lambda moment: str(moment.year),
    "gg": lambda moment: f"{_week(moment)[0] % 100:02}",
    "gggg": lambda moment: f"{_week(moment)[0]:04}",
    "GG": lambda moment: f"{moment.isocalendar().year % 100:02}",
    "GGGG": lambda moment: f"{moment.isocalendar().year:04}",
    "Q": lambda moment: str(_quarter(moment)),
    "Qo": lambda moment: _ordinal(_quarter(moment)),
    "M": lambda moment: str(moment.month),
    "Mo": lambda moment: _ordinal(moment.month),
    "MM": lambda moment: f"{moment.month:02}",
    "MMM": lambda moment: MONTHS[moment.month - 1][:3],
    "MMMM": lambda moment: MONTHS[moment.month - 1],
    "D": lambda moment: str(moment.day),
    "Do": lambda moment: _ordinal(moment.day),
    "DD": lambda moment: f"{moment.day:02}",
    "DDD": lambda moment: str(_day_of_year(moment)),
    "DDDo": lambda moment: _ordinal(_day_of_year(moment)),
    "DDDD": lambda moment: f"{_day_of_year(moment):03}",
    "d": lambda moment: str(sunday_based(moment)),
    "do": lambda moment: _ordinal(sunday_based(moment)),
    "dd": lambda moment: WEEKDAYS[sunday_based(moment)][:2],
    "ddd": lambda moment: WEEKDAYS[sunday_based(moment)][:3],
    "dddd": lambda moment: WEEKDAYS[sunday_based(moment)],
    "E": lambda moment: str(moment.isoweekday()),
    "w": lambda moment: str(_week(moment)[1]),
    "wo": lambda moment: _ordinal(_week(moment)[1]),
    "ww": lambda moment: f"{_week(moment)[1]:02}",
    "W": lambda moment: str(moment.isocalendar().week),
    "Wo": lambda moment: _ordinal(moment.isocalendar().week),
    "WW": lambda moment: f"{moment.isocalendar().week:02}",
    "H": lambda moment: str(moment.hour),
    "HH": lambda moment: f"{moment.hour:02}",
    "h": lambda moment: str(_hour_of_12(moment)),
    "hh": lambda moment: f"{_hour_of_12(moment):02}",
    "k": lambda moment: str(moment.hour or 24),
    "kk": lambda moment: f"{moment.hour or 24:02}",
    "A": _half,
    "a": lambda moment: _half(moment).lower(),
    "m": lambda moment: str(moment.minute),
    "mm": lambda moment: f"{moment.minute:02}",
    "s": lambda moment: str(moment.second),
    "ss": lambda moment: f"{moment.second:02}",
    **{"S" * digits: _fraction(digits) for digits in range(1, 10)},
    "Z": lambda moment: _offset(moment, ":"),
    "ZZ": lambda moment: _offset(moment, ""),
    "X": lambda moment: str((moment - EPOCH) // timedelta(seconds=1)),
    "x": lambda moment: str(int(milliseconds(moment))),
}

FORMAT_TOKENS: Final = tuple(_PARTS)

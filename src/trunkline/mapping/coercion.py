"""A mapped value as the type its field asks for (integrator-semantics 5.6 [sure])."""

from collections.abc import Callable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Final, Never

from trunkline.errors import BundleValidationError, DataError
from trunkline.mapping import moments
from trunkline.mapping.moments import clock_in, wall_clock
from trunkline.mapping.numbers import is_finite, is_number, number_in, settle
from trunkline.mapping.values import Special, describe, render_text


def coerce(value: object, kind: str, *, timezone: str = "UTC") -> object:
    """A value as `kind`; null, `IGNORE` and `ERASE` stay what they are.

    Kinds: any, array, boolean, buffer, collection, date, number, integer, text, time.
    `timezone` is that of dates without offset. Raises BundleValidationError where the
    value does not fit.
    """
    if kind not in _KINDS:
        raise ValueError(f"There is no kind {kind!r}; there are {', '.join(_KINDS)}.")
    if value is None or isinstance(value, Special):
        return value
    return _KINDS[kind](value, timezone)


def _any(value: object, _timezone: str) -> object:
    return value


def _array(value: object, _timezone: str) -> object:
    return value if isinstance(value, list) else [value]


def _boolean(value: object, _timezone: str) -> bool:
    """Any number is true, even 0; of texts only "false" and the empty one are not."""
    if isinstance(value, bool):
        return value
    return value not in ("false", "") if isinstance(value, str) else True


def _buffer(value: object, _timezone: str) -> bytes:
    if isinstance(value, bytes):
        return value
    if isinstance(value, list | Mapping):
        _refuse(value, "buffer")
    return render_text(value).encode(errors="replace")


def _collection(value: object, _timezone: str) -> object:
    return value if isinstance(value, Mapping) else _refuse(value, "collection")


def _date(value: object, timezone: str) -> datetime:
    try:
        return moments.date(value, timezone)
    except DataError:
        _refuse(value, "date")


def _number(value: object, _timezone: str) -> int | float | Decimal:
    if is_number(value) and is_finite(value):
        return value
    found = number_in(value) if isinstance(value, str) else None
    return _refuse(value, "number") if found is None else settle(found)


def _integer(value: object, timezone: str) -> int:
    found = _number(value, timezone)
    if found != int(found):
        _refuse(value, "whole number")
    return int(found)


def _text(value: object, _timezone: str) -> str:
    try:
        return render_text(value)
    except DataError as error:
        raise BundleValidationError(str(error)) from None


def _time(value: object, timezone: str) -> str:
    """Hours, minutes and seconds, as `HH:MM:SS`."""
    if isinstance(value, datetime):
        return f"{wall_clock(value, timezone):%H:%M:%S}"
    found = clock_in(value) if isinstance(value, str) else None
    if found is None:
        _refuse(value, "time (hours:minutes:seconds)")
    minutes, seconds = divmod(int(found.total_seconds()), 60)
    return f"{minutes // 60:02}:{minutes % 60:02}:{seconds:02}"


def _refuse(value: object, wanted: str) -> Never:
    shown = f" '{value[:60]}'" if isinstance(value, str) else ""
    raise BundleValidationError(
        f"The {describe(value)}{shown} cannot be used as a {wanted}."
    )


_KINDS: Final[Mapping[str, Callable[[object, str], object]]] = {
    "any": _any,
    "array": _array,
    "boolean": _boolean,
    "buffer": _buffer,
    "collection": _collection,
    "date": _date,
    "number": _number,
    "integer": _integer,
    "text": _text,
    "time": _time,
}

"""Decimal-exact numbers: how texts become numbers, and numbers texts."""

import math
import re
from collections.abc import Callable
from datetime import datetime
from decimal import ROUND_CEILING, ROUND_FLOOR, Context, Decimal
from typing import Final, TypeAlias, TypeGuard

from trunkline.errors import BudgetError, DataError

Number: TypeAlias = int | Decimal
"""What arithmetic works on; floats come in and go out by their shortest text."""

PRECISION: Final = 34
EXACT: Final = Context(prec=PRECISION)
WIDE: Final = Context(prec=1000)
"""Room for every digit of any two numbers."""

EMPTY_COUNTS_AS_ZERO: Final = True
"""Whether null and empty text count as 0 beside `- * / %`, as in JavaScript; if not,
they are an error (integrator-semantics 5.2, open)."""

_MAX_DIGITS: Final = 308
_TEXT: Final = re.compile(r"\s*([+-]?)((?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,3})?)\s*")


def is_number(value: object) -> TypeGuard[int | float | Decimal]:
    """Numbers of any make; booleans are none."""
    kind = value.__class__
    return kind is int or kind is float or kind is Decimal


def exact(value: float | Decimal) -> Number:
    """A number as arithmetic takes it: 0.1 is one tenth, not the nearest double."""
    if isinstance(value, int):
        return value
    if not is_finite(value):
        raise DataError(f"{value} is not a number that can be worked on.")
    return value if isinstance(value, Decimal) else Decimal(repr(value))


def is_finite(value: float | Decimal) -> bool:
    """Whether it is of a size that can be shown; NaN and infinity are not."""
    if isinstance(value, Decimal):
        return value.is_finite() and (not value or abs(value.adjusted()) <= _MAX_DIGITS)
    return isinstance(value, int) or math.isfinite(value)


def number_in(text: str) -> Number | None:
    """The number a text holds, or None."""
    if len(text) > 2 * _MAX_DIGITS or not (match := _TEXT.fullmatch(text)):
        return None
    number = Decimal(match[1] + match[2])
    if number.adjusted() > _MAX_DIGITS:
        return None
    return int(number) if _is_integral(number) else number


def operand(value: object) -> Number:
    """A value beside `- * / %`; dates count as milliseconds (5.2 [sure])."""
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, int | float | Decimal):
        return exact(value)
    if isinstance(value, datetime):
        return milliseconds(value)
    if EMPTY_COUNTS_AS_ZERO and (value is None or value == ""):
        return 0
    return _from_text(value)


def number(value: object) -> Number:
    """A function's argument as a number; text is converted, the rest is an error."""
    if isinstance(value, int | float | Decimal) and not isinstance(value, bool):
        return exact(value)
    return _from_text(value)


def integer(value: object) -> int:
    """A function's argument as a whole number, cut towards zero."""
    return int(number(value))


def milliseconds(moment: datetime) -> Number:
    """Milliseconds since 1970, exact."""
    seconds, micros = int(moment.timestamp() // 1), moment.microsecond
    return seconds * 1000 + (
        micros // 1000 if micros % 1000 == 0 else Decimal(micros) / 1000
    )


def settle(value: Number) -> int | float | Decimal:
    """A result as it leaves an expression.

    Whole numbers are int, others the float with the same shortest text. A number
    with more digits than a float can hold stays a Decimal, unless it was rounded.
    """
    if isinstance(value, int):
        return bounded(value)
    if not is_finite(value):
        return _beyond(value)
    if _is_integral(value):
        return bounded(int(value))
    nearest = float(value)
    rounded = len(value.as_tuple().digits) >= PRECISION
    if rounded and nearest.is_integer():
        return int(nearest)
    return nearest if rounded or Decimal(repr(nearest)) == value else value


def _beyond(value: Decimal) -> int:
    if value.is_finite() and value.adjusted() < 0:
        return 0
    raise DataError("The number is too large to be worked on.")


def bounded(value: int) -> int:
    """The number itself, if it is of a size that can be shown."""
    if value.bit_length() > 4 * _MAX_DIGITS:
        raise BudgetError(f"The number has more than {_MAX_DIGITS} digits.")
    return value


def number_text(value: float | Decimal) -> str:
    """Plain decimal text, without exponent and trailing zeros."""
    if isinstance(value, int):
        return str(bounded(value))
    number = value if isinstance(value, Decimal) else Decimal(repr(value))
    if not number.is_finite():
        return "NaN" if number.is_nan() else f"{'-' * (number < 0)}Infinity"
    if _is_integral(number):
        return str(bounded(int(number)))
    text = format(number, "f")
    return text.rstrip("0")


def floor(value: Number) -> int:
    return int(Decimal(value).to_integral_value(ROUND_FLOOR))


def ceil(value: Number) -> int:
    return int(Decimal(value).to_integral_value(ROUND_CEILING))


def add(left: Number, right: Number) -> Number:
    return _combine(left, right, int.__add__, EXACT.add)


def subtract(left: Number, right: Number) -> Number:
    return _combine(left, right, int.__sub__, EXACT.subtract)


def multiply(left: Number, right: Number) -> Number:
    return _combine(left, right, int.__mul__, EXACT.multiply)


def divide(left: Number, right: Number) -> Number:
    if right == 0:
        raise DataError("Division by zero.")
    if isinstance(left, int) and isinstance(right, int) and left % right == 0:
        return left // right
    return EXACT.divide(Decimal(left), Decimal(right))


def remainder(left: Number, right: Number) -> Number:
    """What division leaves, with the sign of the left side as in JavaScript."""
    if right == 0:
        raise DataError("Division by zero.")
    if isinstance(left, int) and isinstance(right, int):
        rest = abs(left) % abs(right)
        return -rest if left < 0 else rest
    return WIDE.remainder(Decimal(left), Decimal(right))


def _combine(
    left: Number,
    right: Number,
    whole: Callable[[int, int], int],
    decimal: Callable[[Decimal, Decimal], Decimal],
) -> Number:
    if isinstance(left, int) and isinstance(right, int):
        return bounded(whole(left, right))
    return decimal(Decimal(left), Decimal(right))


def _from_text(value: object) -> Number:
    found = number_in(value) if isinstance(value, str) else None
    if found is None:
        raise DataError(f"{_shown(value)} is not a number.")
    return found


def _shown(value: object) -> str:
    if value is None:
        return "An empty value"
    if isinstance(value, str):
        return f"'{value[:60]}'"
    return "The value"


def _is_integral(number: Decimal) -> bool:
    return number == number.to_integral_value()

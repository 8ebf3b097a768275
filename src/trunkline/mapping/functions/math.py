"""Functions over numbers, exact in decimals."""

from collections.abc import Iterable
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from typing import Final

from trunkline.errors import DataError
from trunkline.mapping import numbers
from trunkline.mapping.functions.registry import Shelf
from trunkline.mapping.numbers import (
    EXACT,
    WIDE,
    Number,
    integer,
    number,
    number_in,
    settle,
)
from trunkline.mapping.values import describe, render_text

function = Shelf("Math")

_MAX_DECIMALS: Final = 100
_MAX_SEPARATOR: Final = 10
_MAX_TEXT: Final = 1000

HALVES_GO_UP: Final = True
"""Whether round(-1.5) is -1, as in JavaScript, or -2 (integrator-semantics 5.4)."""


@function("abs(number)")
def absolute(value: object) -> object:
    """The number without its sign.

    {{abs(-3.5)}} = 3.5
    """
    return settle(_magnitude(number(value)))


@function("ceil(number)")
def ceil(value: object) -> object:
    """The smallest whole number that is not less.

    {{ceil(1.2)}} = 2
    """
    return settle(numbers.ceil(number(value)))


@function("floor(number)")
def floor(value: object) -> object:
    """The largest whole number that is not greater.

    {{floor(1.8)}} = 1
    """
    return settle(numbers.floor(number(value)))


@function("round(number)")
def round_(value: object) -> object:
    """The nearest whole number; halves go up.

    {{round(2.5)}} = 3
    """
    exact = Decimal(number(value))
    if HALVES_GO_UP:
        return settle(numbers.floor(WIDE.add(exact, Decimal("0.5"))))
    return settle(exact.to_integral_value(ROUND_HALF_UP))


@function("trunc(number; [decimals])")
def trunc(value: object, decimals: object = 0) -> object:
    """The number cut after so many decimals; negative ones make digits zero.

    {{trunc(3.14159; 2)}} = 3.14
    """
    return settle(_quantized(number(value), _decimals(decimals), ROUND_DOWN))


@function("average(array or value1; ...)")
def average(*values: object) -> object:
    """The mean; null if there is no number.

    {{average(1; 2; 6)}} = 3
    """
    found = _numbers(values)
    return settle(_mean(found)) if found else None


@function("max(array or value1; ...)")
def maximum(*values: object) -> object:
    """The greatest number; null if there is none.

    {{max(1.scores)}} = 10
    """
    found = _numbers(values)
    return settle(max(found)) if found else None


@function("min(array or value1; ...)")
def minimum(*values: object) -> object:
    """The smallest number; null if there is none.

    {{min(1.scores)}} = 4
    """
    found = _numbers(values)
    return settle(min(found)) if found else None


@function("sum(array or value1; ...)")
def total(*values: object) -> object:
    """The sum; members that are not numbers are skipped.

    {{sum(1.scores)}} = 30
    """
    return settle(_total(_numbers(values)))


@function("median(array or value1; ...)")
def median(*values: object) -> object:
    """The middle number, or the mean of the two in the middle.

    {{median(1.scores)}} = 8
    """
    found = sorted(_numbers(values))
    if not found:
        return None
    middle = len(found) // 2
    if len(found) % 2:
        return settle(found[middle])
    return settle(_mean(found[middle - 1 : middle + 1]))


@function("stdevS(array or value1; ...)")
def deviation_of_sample(*values: object) -> object:
    """The standard deviation of a sample; null below two numbers.

    {{stdevS(1; 2; 3)}} = 1
    """
    found = _numbers(values)
    return _deviation(found, len(found) - 1) if len(found) > 1 else None


@function("stdevP(array or value1; ...)")
def deviation_of_population(*values: object) -> object:
    """The standard deviation of all there are; null if there is no number.

    {{stdevP(1; 3)}} = 1
    """
    found = _numbers(values)
    return _deviation(found, len(found)) if found else None


@function("formatNumber(number; decimals; [decimal separator]; [thousands separator])")
def format_number(
    value: object, decimals: object, point: object = ",", thousands: object = "."
) -> str:
    """The number as text, rounded and with separators.

    {{formatNumber(1234567.891; 2)}} = "1.234.567,89"
    """
    rounded = _quantized(number(value), max(_decimals(decimals), 0), ROUND_HALF_UP)
    plain = format(rounded.copy_abs(), "f")
    whole, _, fraction = plain.partition(".")
    grouped = f"{int(whole):,}".replace(",", _separator(thousands))
    text = grouped + (_separator(point) + fraction if fraction else "")
    return f"-{text}" if rounded < 0 else text


@function("parseNumber(text; [decimal separator])")
def parse_number(text: object, point: object = ".") -> object:
    """The number in a text; blanks and other separators are passed over.

    {{parseNumber("1 234,5"; ",")}} = 1234.5
    """
    if not isinstance(text, str):
        return settle(number(text))
    found = number_in(_bare(text[:_MAX_TEXT], _separator(point) or "."))
    if found is None or len(text) > _MAX_TEXT:
        raise DataError(f"'{text[:60]}' is not a number.")
    return settle(found)


@function("div(number1; number2)")
def div(left: object, right: object) -> object:
    """The first number divided by the second.

    {{div(7; 2)}} = 3.5
    """
    return settle(numbers.divide(number(left), number(right)))


@function("sub(number1; number2)")
def sub(left: object, right: object) -> object:
    """The first number less the second.

    {{sub(7; 2)}} = 5
    """
    return settle(numbers.subtract(number(left), number(right)))


@function("prod(array or value1; ...)")
def product(*values: object) -> object:
    """All numbers multiplied.

    {{prod(2; 3; 4)}} = 24
    """
    result: Number = 1
    for factor in _numbers(values):
        result = numbers.multiply(result, factor)
    return settle(result)


@function("power(base; exponent)")
def power(base: object, exponent: object) -> object:
    """The base raised to the exponent.

    {{power(2; 10)}} = 1024
    """
    return settle(EXACT.power(Decimal(number(base)), Decimal(number(exponent))))


@function("sqrt(number)")
def sqrt(value: object) -> object:
    """The square root.

    {{sqrt(2.25)}} = 1.5
    """
    exact = Decimal(number(value))
    if exact < 0:
        raise DataError("A negative number has no square root.")
    return settle(EXACT.sqrt(exact))


@function("ln(number)")
def ln(value: object) -> object:
    """The natural logarithm.

    {{ln(1)}} = 0
    """
    return settle(EXACT.ln(_positive(value)))


@function("log(number)")
def log(value: object) -> object:
    """The logarithm to base 10.

    {{log(1000)}} = 3
    """
    return settle(EXACT.log10(_positive(value)))


@function("number(value)")
def as_number(value: object) -> object:
    """The value as a number.

    {{number("12.5")}} = 12.5
    """
    return settle(number(value))


@function("sortAscNum(array)")
def sort_ascending(values: object) -> object:
    """The numbers of an array, smallest first.

    {{sortAscNum(1.scores)}} = [4,7,9,10]
    """
    return [settle(value) for value in sorted(_numbers((_array(values),)))]


@function("sortDescNum(array)")
def sort_descending(values: object) -> object:
    """The numbers of an array, greatest first.

    {{sortDescNum(1.scores)}} = [10,9,7,4]
    """
    return [settle(value) for value in sorted(_numbers((_array(values),)))][::-1]


def _numbers(values: Iterable[object]) -> list[Number]:
    """The numbers among arguments and members of arrays; texts are read."""
    found = []
    for value in values:
        for member in value if isinstance(value, list) else [value]:
            if isinstance(member, str):
                parsed = number_in(member)
            else:
                parsed = number(member) if numbers.is_number(member) else None
            if parsed is not None:
                found.append(parsed)
    return found


def _bare(text: str, point: str) -> str:
    """A number's text with a dot as its decimal separator and no other."""
    return "".join(
        "." if sign == point else sign
        for sign in text
        if sign == point or not (sign.isspace() or sign in ",.'_")
    )


def _separator(value: object) -> str:
    text = render_text(value)
    if len(text) > _MAX_SEPARATOR:
        raise DataError(f"A separator has at most {_MAX_SEPARATOR} characters.")
    return text


def _magnitude(value: Number) -> Number:
    return numbers.subtract(0, value) if value < 0 else value


def _total(values: Iterable[Number]) -> Number:
    result: Number = 0
    for value in values:
        result = numbers.add(result, value)
    return result


def _mean(values: list[Number]) -> Number:
    return numbers.divide(_total(values), len(values))


def _deviation(values: list[Number], divisor: int) -> object:
    mean = _mean(values)
    squares = (_squared(numbers.subtract(value, mean)) for value in values)
    return settle(EXACT.sqrt(Decimal(numbers.divide(_total(squares), divisor))))


def _squared(value: Number) -> Number:
    return numbers.multiply(value, value)


def _decimals(value: object) -> int:
    decimals = integer(0 if value is None else value)
    if abs(decimals) > _MAX_DECIMALS:
        raise DataError(f"At most {_MAX_DECIMALS} decimals are possible.")
    return decimals


def _quantized(value: Number, decimals: int, rounding: str) -> Decimal:
    unit = Decimal(1).scaleb(-decimals)
    return Decimal(value).quantize(unit, rounding=rounding, context=WIDE)


def _positive(value: object) -> Decimal:
    exact = Decimal(number(value))
    if exact <= 0:
        raise DataError("Only numbers above zero have a logarithm.")
    return exact


def _array(value: object) -> list[object]:
    if isinstance(value, list):
        return value
    raise DataError(f"An array is needed, not {describe(value)}.")

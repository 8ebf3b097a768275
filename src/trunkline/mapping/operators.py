"""What the operators between values mean."""

import operator
from collections.abc import Callable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any, Final, TypeAlias

from trunkline.mapping import numbers
from trunkline.mapping.moments import date_in
from trunkline.mapping.numbers import Number, exact, is_number, milliseconds, number_in
from trunkline.mapping.scope import Scope
from trunkline.mapping.values import render_text

Operation: TypeAlias = Callable[[Scope, object, object], object]

STRICT_EQUALITY: Final = False
"""Whether `=` tells the text "5" from the number 5 (integrator-semantics O1)."""


def plus(scope: Scope, left: object, right: object) -> object:
    """The sum of two numbers, otherwise both texts in a row (5.2 [likely])."""
    if is_number(left) and is_number(right):
        return numbers.add(exact(left), exact(right))
    if left is None:
        return right
    if right is None:
        return left
    text, more = render_text(left), render_text(right)
    scope.budget.produce(len(text) + len(more))
    return text + more


def equals(_scope: Scope, left: object, right: object) -> bool:
    """Equality; a number and a text are equal if the text holds that number (O1)."""
    if STRICT_EQUALITY:
        return strictly_equals(left, right)
    if isinstance(left, str) and is_number(right):
        return number_in(left) == exact(right)
    if is_number(left) and isinstance(right, str):
        return exact(left) == number_in(right)
    return strictly_equals(left, right)


def differs(scope: Scope, left: object, right: object) -> bool:
    return not equals(scope, left, right)


def strictly_equals(left: object, right: object) -> bool:
    """Equality of the same type; arrays and collections member by member."""
    if is_number(left) and is_number(right):
        return exact(left) == exact(right)
    if isinstance(left, Mapping) and isinstance(right, Mapping):
        return left.keys() == right.keys() and all(
            strictly_equals(value, right[key]) for key, value in left.items()
        )
    if isinstance(left, list | tuple) and isinstance(right, list | tuple):
        return len(left) == len(right) and all(map(strictly_equals, left, right))
    return type(left) is type(right) and left == right


def _ordered(compare: Callable[[Any, Any], Any]) -> Operation:
    def operation(scope: Scope, left: object, right: object) -> object:
        pair = _comparable(scope, left, right)
        return pair is not None and bool(compare(*pair))

    return operation


def _comparable(
    scope: Scope, left: object, right: object
) -> tuple[Number, Number] | tuple[str, str] | None:
    """Two texts, or two numbers; None if the values have no order."""
    if isinstance(left, str) and isinstance(right, str):
        return left, right
    dated = isinstance(left, datetime) or isinstance(right, datetime)
    first, second = _rank(scope, left, dated=dated), _rank(scope, right, dated=dated)
    return None if first is None or second is None else (first, second)


def _rank(scope: Scope, value: object, *, dated: bool) -> Number | None:
    if isinstance(value, str):
        if not dated:
            return number_in(value)
        moment = date_in(value, scope.timezone)
        return None if moment is None else milliseconds(moment)
    if value is None or isinstance(value, bool):
        return int(bool(value))
    if isinstance(value, datetime):
        return milliseconds(value)
    return exact(value) if isinstance(value, int | float | Decimal) else None


def _numeric(calculate: Callable[[Number, Number], Number]) -> Operation:
    def operation(_scope: Scope, left: object, right: object) -> object:
        return calculate(numbers.operand(left), numbers.operand(right))

    return operation


OPERATIONS: Final[Mapping[str, Operation]] = {
    "=": equals,
    "==": equals,
    "===": equals,
    "!=": differs,
    "!==": differs,
    "<": _ordered(operator.lt),
    "<=": _ordered(operator.le),
    ">": _ordered(operator.gt),
    ">=": _ordered(operator.ge),
    "+": plus,
    "++": _numeric(numbers.add),
    "-": _numeric(numbers.subtract),
    "*": _numeric(numbers.multiply),
    "/": _numeric(numbers.divide),
    "%": _numeric(numbers.remainder),
}
PRECEDENCE: Final = (
    (("*", "/", "%"), "Product, quotient, remainder; dates count as milliseconds."),
    (("+", "++", "-"), "Sum, or texts in a row; `++` and `-` always calculate."),
    (("<", "<=", ">", ">="), "The order of two numbers, texts or dates."),
    (
        ("=", "==", "===", "!=", "!=="),
        "Equality; a number equals a text that holds it.",
    ),
    (("&", "&&", "and"), "The first operand that counts as false, or the last."),
    (("|", "||", "or"), "The first operand that counts as true, or the last."),
)
"""The operators between values, the tightest first (integrator-semantics 5.2)."""

ARITHMETIC: Final = frozenset({"+", "++", "-", "*", "/", "%"})
AND: Final = frozenset({"&", "&&", "and"})
OR: Final = frozenset({"|", "||", "or"})

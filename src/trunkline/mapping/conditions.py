"""What the operators of filters mean (integrator-semantics 6.2 [sure])."""

import operator
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final, TypeAlias

from trunkline.errors import BundleValidationError
from trunkline.mapping import patterns
from trunkline.mapping.coercion import coerce
from trunkline.mapping.numbers import exact, is_number
from trunkline.mapping.operators import equals
from trunkline.mapping.scope import Scope
from trunkline.mapping.values import render_text

Test: TypeAlias = Callable[[Scope, object, object], bool]
Compare: TypeAlias = Callable[[Any, Any], bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class Operator:
    """One operator of a filter; a unary one has no right side.

    `test` raises BundleValidationError where a side does not fit the group's type.
    """

    name: str
    group: str
    unary: bool
    test: Test


_COMPARISONS: Final[Mapping[str, Compare]] = {
    "equal": operator.eq,
    "notequal": operator.ne,
    "greater": operator.gt,
    "less": operator.lt,
    "greaterorequal": operator.ge,
    "lessorequal": operator.le,
}
_TEXTS: Final[Mapping[str, Compare]] = {
    "equal": operator.eq,
    "contain": operator.contains,
    "startwith": str.startswith,
    "endwith": str.endswith,
}
_MAX_VERSION: Final = 256
_VERSION: Final = re.compile(
    r"\s*v?(\d{1,18})(?:\.(\d{1,18}))?(?:\.(\d{1,18}))?"
    r"(?:-([0-9A-Za-z.-]+))?(?:\+[0-9A-Za-z.-]+)?\s*",
    re.ASCII,
)


def _exists(_scope: Scope, left: object, _right: object) -> bool:
    """Not null, and for texts and arrays not empty (6.2 [likely])."""
    return left is not None and not (isinstance(left, str | list) and not left)


def _not(test: Test) -> Test:
    return lambda scope, left, right: not test(scope, left, right)


def _text_test(compare: Compare, *, ci: bool) -> Test:
    def test(_scope: Scope, left: object, right: object) -> bool:
        first, second = _text(left), _text(right)
        return compare(first.lower(), second.lower()) if ci else compare(first, second)

    return test


def _pattern_test(*, ci: bool) -> Test:
    """The pattern may match anywhere (6.2 [likely])."""
    return lambda _scope, left, right: patterns.matches(
        _text(right), _text(left), ignore_case=ci
    )


def _number_test(compare: Compare) -> Test:
    return lambda _scope, left, right: compare(_number(left), _number(right))


def _date_test(compare: Compare) -> Test:
    def test(scope: Scope, left: object, right: object) -> bool:
        first = coerce(_given(left, "date"), "date", timezone=scope.timezone)
        second = coerce(_given(right, "date"), "date", timezone=scope.timezone)
        return compare(first, second)

    return test


def _time_test(compare: Compare) -> Test:
    """Times of day, of texts `HH:mm[:ss]` or of dates in the scenario's zone."""

    def test(scope: Scope, left: object, right: object) -> bool:
        first = coerce(_given(left, "time"), "time", timezone=scope.timezone)
        second = coerce(_given(right, "time"), "time", timezone=scope.timezone)
        return compare(first, second)

    return test


def _version_test(compare: Compare) -> Test:
    return lambda _scope, left, right: compare(_version(left), _version(right))


def _boolean_test(compare: Compare) -> Test:
    return lambda _scope, left, right: compare(_boolean(left), _boolean(right))


def _member_test(*, ci: bool) -> Test:
    def test(scope: Scope, left: object, right: object) -> bool:
        members = _members(left)
        scope.budget.spend(len(members))
        if not ci:
            return any(equals(scope, member, right) for member in members)
        wanted = render_text(right).lower()
        return any(render_text(member).lower() == wanted for member in members)

    return test


def _length_test(compare: Compare) -> Test:
    return lambda _scope, left, right: compare(len(_members(left)), _number(right))


def _text(value: object) -> str:
    return render_text(coerce(value, "text"))


def _number(value: object) -> object:
    found = coerce(_given(value, "number"), "number")
    return exact(found) if is_number(found) else found


def _boolean(value: object) -> object:
    return coerce(value, "boolean") or False


def _members(value: object) -> list[object]:
    found = coerce(value, "array")
    return found if isinstance(found, list) else []


def _given(value: object, wanted: str) -> object:
    if value is None:
        raise BundleValidationError(f"An empty value cannot be used as a {wanted}.")
    return value


def _version(value: object) -> tuple[object, ...]:
    """Major, minor and patch; a version before its release comes before it."""
    text = _text(value)
    found = _VERSION.fullmatch(text) if len(text) <= _MAX_VERSION else None
    if not found:
        raise BundleValidationError(f"'{text[:60]}' cannot be used as a version.")
    numbers = tuple(int(part or 0) for part in found.groups()[:3])
    if found[4] is None:
        return (*numbers, 1)
    return (*numbers, 0, tuple(_identifier(part) for part in found[4].split(".")))


def _identifier(part: str) -> tuple[int, int, str]:
    return (0, int(part), "") if part.isdigit() else (1, 0, part)


def _operators() -> Iterable[tuple[str, Test]]:
    yield "exist", _exists
    yield "notexist", _not(_exists)
    for suffix in ("", ":ci"):
        for name, compare in _TEXTS.items():
            test = _text_test(compare, ci=bool(suffix))
            yield f"text:{name}{suffix}", test
            yield f"text:not{name}{suffix}", _not(test)
        found = _pattern_test(ci=bool(suffix))
        yield f"text:pattern{suffix}", found
        yield f"text:notpattern{suffix}", _not(found)
        member = _member_test(ci=bool(suffix))
        yield f"array:contain{suffix}", member
        yield f"array:notcontain{suffix}", _not(member)
    for name, compare in _COMPARISONS.items():
        yield f"number:{name}", _number_test(compare)
        yield f"date:{name}", _date_test(compare)
        yield f"time:{name}", _time_test(compare)
        yield f"semver:{name}", _version_test(compare)
        yield f"array:{name}", _length_test(compare)
    for name in ("equal", "notequal"):
        yield f"boolean:{name}", _boolean_test(_COMPARISONS[name])


OPERATORS: Final[Mapping[str, Operator]] = MappingProxyType(
    {
        name: Operator(
            name=name,
            group=name.partition(":")[0] if ":" in name else "existence",
            unary=name in ("exist", "notexist"),
            test=test,
        )
        for name, test in _operators()
    }
)
"""The operators of filters, by name."""

"""Functions beside Python's own, which know nothing of ours."""

import base64
import hashlib
import hmac
import math
import statistics
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trunkline.errors import BudgetError, DataError
from trunkline.mapping import Scope, budget, compile_template
from unit.mapping.test_mapping_properties import expressions, json_values

Scoped = Callable[..., Scope]

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
numbers = st.integers(-(10**9), 10**9)
lists = st.lists(numbers, min_size=1, max_size=12)
moments = st.datetimes(
    datetime(1980, 1, 1),  # noqa: DTZ001 - hypothesis asks for bounds without zone
    datetime(2090, 1, 1),  # noqa: DTZ001 - the same
    timezones=st.just(UTC),
).map(lambda moment: moment.replace(microsecond=0))


def given_by(scope_of: Scoped, expression: str, **bundle: object) -> Any:  # noqa: ANN401 - any value
    return compile_template("{{" + expression + "}}").evaluate(scope_of(bundle))


@given(texts, texts, texts)
def test_texts_are_changed_as_python_changes_them(
    scope_of: Scoped, text: str, other: str, third: str
) -> None:
    for expression, wanted in (
        ("upper(1.a)", text.upper()),
        ("lower(1.a)", text.lower()),
        ("trim(1.a)", text.strip()),
        ("length(1.a)", len(text)),
        ("capitalize(1.a)", text[:1].upper() + text[1:]),
        ("contains(1.a; 1.b)", other in text),
        ("indexOf(1.a; 1.b)", text.find(other)),
        ("1.a + 1.b", text + other),
        ("concat(1.c; 1.a; 1.b)", third.join([text, other])),
    ):
        assert given_by(scope_of, expression, a=text, b=other, c=third) == wanted


@given(texts, texts.filter(lambda text: text and not text.startswith("/")), texts)
def test_every_occurrence_is_replaced(
    scope_of: Scoped, text: str, search: str, by: str
) -> None:
    found = given_by(scope_of, "replace(1.a; 1.b; 1.c)", a=text, b=search, c=by)
    assert found == text.replace(search, by)


@given(texts, st.integers(0, 40), st.integers(0, 40))
def test_a_part_of_a_text_is_a_slice(
    scope_of: Scoped, text: str, start: int, end: int
) -> None:
    low, high = sorted((start, end))
    bundle = {"a": text, "s": start, "e": end}
    assert given_by(scope_of, "substring(1.a; 1.s; 1.e)", **bundle) == text[low:high]
    assert given_by(scope_of, "left(1.a; 1.s)", **bundle) == text[:start]
    right = given_by(scope_of, "right(1.a; 1.s)", **bundle)
    assert right == text[max(len(text) - start, 0) :]


@given(st.lists(texts.filter(lambda text: "," not in text), min_size=1, max_size=6))
def test_what_was_joined_is_split_again(scope_of: Scoped, parts: list[str]) -> None:
    joined = ",".join(parts)
    assert given_by(scope_of, "join(1.a)", a=parts) == joined
    assert given_by(scope_of, 'split(1.a; ","; true)', a=joined) == parts
    trimmed = [part.strip() for part in parts if part.strip()]
    assert given_by(scope_of, 'split(1.a; ",")', a=joined) == trimmed


@given(texts, texts)
def test_hashes_are_those_of_hashlib(scope_of: Scoped, text: str, key: str) -> None:
    data = text.encode()
    for name in ("md5", "sha1", "sha256", "sha512"):
        wanted = hashlib.new(name, data, usedforsecurity=False).hexdigest()
        assert given_by(scope_of, f"{name}(1.a)", a=text) == wanted
    if key:
        keyed = hmac.new(key.encode(), data, "sha256").digest()
        found = given_by(scope_of, 'sha256(1.a; "base64"; 1.k)', a=text, k=key)
        assert found == base64.b64encode(keyed).decode()
    coded = given_by(scope_of, "base64(1.a)", a=text)
    assert coded == base64.b64encode(data).decode()
    assert given_by(scope_of, 'toBinary(1.a; "base64")', a=coded) == data


@given(lists)
def test_lists_of_numbers_are_summed_up_exactly(
    scope_of: Scoped, values: list[int]
) -> None:
    for expression, wanted in (
        ("sum(1.a)", sum(values)),
        ("max(1.a)", max(values)),
        ("min(1.a)", min(values)),
        ("sortAscNum(1.a)", sorted(values)),
        ("sortDescNum(1.a)", sorted(values, reverse=True)),
        ("sort(1.a)", sorted(values)),
        ('sort(1.a; "desc")', sorted(values, reverse=True)),
        ("reverse(1.a)", values[::-1]),
        ("first(1.a)", values[0]),
        ("last(1.a)", values[-1]),
        ("deduplicate(1.a)", list(dict.fromkeys(values))),
        ("merge(1.a; 1.a)", values + values),
        ("length(1.a)", len(values)),
        ("arrayElement(1.a; 1)", values[0]),
    ):
        assert given_by(scope_of, expression, a=values) == wanted


@given(lists)
def test_averages_are_as_near_as_a_number_can_be(
    scope_of: Scoped, values: list[int]
) -> None:
    mean = Fraction(sum(values), len(values))
    assert given_by(scope_of, "average(1.a)", a=values) == float(mean)
    middle = statistics.median([Fraction(value) for value in values])
    assert given_by(scope_of, "median(1.a)", a=values) == float(middle)
    spread = given_by(scope_of, "stdevP(1.a)", a=values)
    assert math.isclose(spread, statistics.pstdev(values), rel_tol=1e-9, abs_tol=1e-9)


@given(numbers, numbers.filter(bool), st.integers(-6, 6))
def test_numbers_are_calculated_as_fractions_are(
    scope_of: Scoped, left: int, right: int, places: int
) -> None:
    bundle = {"a": left, "b": right, "p": places}
    assert given_by(scope_of, "1.a * 1.b - 1.a", **bundle) == left * right - left
    assert given_by(scope_of, "1.a / 1.b", **bundle) == float(Fraction(left, right))
    assert given_by(scope_of, "floor(1.a / 1.b)", **bundle) == left // right
    assert given_by(scope_of, "ceil(1.a / 1.b)", **bundle) == -(-left // right)
    assert given_by(scope_of, "abs(1.a)", **bundle) == abs(left)
    assert given_by(scope_of, "1.a % 1.b", **bundle) == math.fmod(left, right)
    cut = 10 ** max(-places, 0)
    wanted = int(math.copysign(abs(left) // cut * cut, left))
    assert given_by(scope_of, "trunc(1.a; 1.p)", **bundle) == wanted


@given(moments, st.integers(-10_000, 10_000))
def test_dates_move_as_timedeltas_do(
    scope_of: Scoped, moment: datetime, count: int
) -> None:
    bundle = {"d": moment, "n": count}
    for unit in ("seconds", "minutes", "hours", "days"):
        name = f"add{unit.capitalize()}"
        moved = given_by(scope_of, f"{name}(1.d; 1.n)", **bundle)
        assert moved == moment + timedelta(**{unit: count})
        back = given_by(
            scope_of, f'dateDifference(1.m; 1.d; "{unit}")', m=moved, **bundle
        )
        assert back == count
    assert given_by(scope_of, "year(1.d)", **bundle) == moment.year
    assert given_by(scope_of, "dayOfWeek(1.d)", **bundle) == moment.isoweekday() % 7 + 1
    wanted = moment.strftime("%Y-%m-%dT%H:%M:%S.000Z")
    assert given_by(scope_of, "toString(1.d)", **bundle) == wanted


@given(expressions, json_values, st.integers(0, 200), st.integers(0, 2_000))
def test_a_larger_budget_changes_no_value(
    scope_of: Scoped, source: str, value: object, steps: int, size: int
) -> None:
    """With little to spend an expression fails for want of it, or gives the same."""
    template = compile_template("{{" + source + "}}")
    bundle = {"x": value, "y": [1, "2", None], "z": "text"}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(budget, "MAX_STEPS", steps)
        patch.setattr(budget, "MAX_BYTES", size)
        frugal = _outcome(template, scope_of(bundle))
    if frugal != "budget":
        assert _outcome(template, scope_of(bundle)) == frugal


def _outcome(template: Any, scope: Scope) -> str:  # noqa: ANN401 - a template
    try:
        return repr(template.evaluate(scope))
    except BudgetError:
        return "budget"
    except DataError as error:
        return f"error {error}"

"""Operators: exact in decimals, forgiving between numbers and texts."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from trunkline.errors import DataError

BUNDLE = {
    "early": datetime(2020, 1, 1, tzinfo=UTC),
    "late": datetime(2020, 1, 2, tzinfo=UTC),
    "list": [1, {"a": 2}],
    "same": [1.0, {"a": 2}],
    "third": 1 / 3,
}


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("null + 1", 1),
        ("null + null", None),
        ('null + "a"', "a"),
        ('1 + 2 + "a" + 1 + 2', "3a12"),
        ('"1" ++ "2"', 3),
        ('"a" + 0.1 + 0.2', "a0.10.2"),
        ("true + 1", "true1"),
        ("true ++ 1", 2),
        ("1.1 * 1.1", 1.21),
        ("1 / 3", 0.3333333333333333),
        ("1 / 3 * 3", 1),
        ("(1 / 3) * 3", 1),
        ("9007199254740993 + 1", 9007199254740994),
        ("9007199254740993 * 3", 27021597764222979),
        ("0.5 + 0.5", 1),
        ("-7 % 3", -1),
        ("7.5 % 2", 1.5),
        ("null * 5", 0),
        ("1.late - 1.early", 86_400_000),
        ("1.early - 1", 1577836799999),
        ('"5" = 5', True),
        ('"5.0" = 5', True),
        ('"five" = 5', False),
        ('"5" = "5.0"', False),
        ('null = ""', False),
        ("null = 1.missing", True),
        ("true = 1", False),
        ("1.list = 1.same", True),
        ("1.early = 1.early", True),
        ("1.early < 1.late", True),
        ('1.early < "2020-01-01T00:00:01Z"', True),
        ('1.early >= "nonsense"', False),
        ('10 < "9"', False),
        ('"a" < 1', False),
        ("null < 1", True),
        ("1.list > 1", False),
        ('"" | 0 | "last"', "last"),
        ('"first" | "never"', "first"),
        ('1 & "" & 2', ""),
        ("!1.missing", True),
        ("!emptyarray", False),
    ],
)
def test_operators(
    evaluate: Callable[..., object], expression: str, value: object
) -> None:
    result = evaluate("{{" + expression + "}}", BUNDLE)

    assert result == value
    assert type(result) is type(value)


@pytest.mark.parametrize("expression", ['"a" - 1', "1 / 0", "1 % 0", "1.list * 2"])
def test_what_cannot_be_calculated_is_a_data_error(
    evaluate: Callable[..., object], expression: str
) -> None:
    with pytest.raises(DataError):
        evaluate("{{" + expression + "}}", BUNDLE)


def test_a_logical_operator_stops_at_the_operand_that_decides(
    evaluate: Callable[..., object],
) -> None:
    assert evaluate("{{1 | 1 / 0}}") == 1
    assert evaluate("{{0 & 1 / 0}}") == 0
    assert evaluate("{{if(true; 1; 1 / 0)}}") == 1
    assert evaluate("{{ifempty(1; 1 / 0)}}") == 1
    assert evaluate("{{switch(1; 1; 2; 1 / 0; 3)}}") == 2

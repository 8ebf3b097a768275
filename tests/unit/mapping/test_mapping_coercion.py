"""How a mapped value becomes what its field asks for."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from trunkline.errors import BundleValidationError
from trunkline.mapping import ERASE, IGNORE, coerce

DATE = datetime(2016, 6, 20, 17, 26, 44, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "kind", "expected"),
    [
        ({"a": [1]}, "any", {"a": [1]}),
        ("a", "array", ["a"]),
        ([1], "array", [1]),
        ({"a": 1}, "array", [{"a": 1}]),
        (0, "boolean", True),
        ("false", "boolean", False),
        ("", "boolean", False),
        ("no", "boolean", True),
        ({}, "boolean", True),
        (False, "boolean", False),
        ("é", "buffer", b"\xc3\xa9"),
        (True, "buffer", b"true"),
        (5, "buffer", b"5"),
        (DATE, "buffer", b"2016-06-20T17:26:44.000Z"),
        (b"x", "buffer", b"x"),
        ({"a": 1}, "collection", {"a": 1}),
        (1466443604000, "date", DATE),
        (DATE, "date", DATE),
        ("5", "number", 5),
        (" 1.50 ", "number", 1.5),
        ("-1e3", "number", -1000),
        ("9007199254740993", "number", 9007199254740993),
        (2.5, "number", 2.5),
        ("12345678901234567.89", "number", Decimal("12345678901234567.89")),
        ("7.0", "integer", 7),
        (7.0, "integer", 7),
        ([1, {"a": 1}, {"b": 2}], "text", '1,{"a":1},{"b":2}'),
        ({"a": 1}, "text", '{"a":1}'),
        (True, "text", "true"),
        (b"Make", "text", "Make"),
        (1.0, "text", "1"),
        ("9:05", "time", "09:05:00"),
        ("5:26:44 PM", "time", "17:26:44"),
        (DATE, "time", "17:26:44"),
    ],
)
def test_a_value_becomes_the_kind(value: object, kind: str, expected: object) -> None:
    result = coerce(value, kind)

    assert result == expected
    assert type(result) is type(expected)


@pytest.mark.parametrize("value", [None, IGNORE, ERASE])
@pytest.mark.parametrize("kind", ["text", "number", "array", "boolean", "date"])
def test_empty_stays_empty(value: object, kind: str) -> None:
    assert coerce(value, kind) is value


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        ([], "buffer"),
        ({}, "buffer"),
        ("{}", "collection"),
        ([], "collection"),
        ("soon", "date"),
        ("31.2.2020", "date"),
        ("2020-01", "date"),
        (True, "date"),
        ([], "date"),
        (10**30, "date"),
        ("100 units", "number"),
        ("", "number"),
        ("1,5", "number"),
        ("NaN", "number"),
        ("1e999999", "number"),
        (True, "number"),
        ({}, "number"),
        (float("nan"), "number"),
        (1.5, "integer"),
        (b"\xff", "text"),
        ("noon", "time"),
        ("25:00", "time"),
        ("13:00 PM", "time"),
        (5, "time"),
    ],
)
def test_what_does_not_fit_is_a_validation_error(value: object, kind: str) -> None:
    with pytest.raises(BundleValidationError):
        coerce(value, kind)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2016-06-20T17:26:44.5Z", "2016-06-20T17:26:44.500+00:00"),
        ("2016-06-20T17:26", "2016-06-20T15:26:00+00:00"),
        ("2016-06-20", "2016-06-19T22:00:00+00:00"),
        ("2016-06-20 17:26:44 GMT+02:00", "2016-06-20T15:26:44+00:00"),
        ("2016-06-20 17:26:44 +0200", "2016-06-20T15:26:44+00:00"),
        ("2016-06-20 17:26:44-05:00", "2016-06-20T22:26:44+00:00"),
        ("2016/06/20 5:26 PM", "2016-06-20T15:26:00+00:00"),
        ("06/20/2016 17:26", "2016-06-20T15:26:00+00:00"),
        ("06/20/2016 12:26 AM", "2016-06-19T22:26:00+00:00"),
        ("20.6.2016", "2016-06-19T22:00:00+00:00"),
        ("20.6.2016 19:26:44+02:00", "2016-06-20T17:26:44+00:00"),
        ("2016-06-20 24:00", "2016-06-20T22:00:00+00:00"),
    ],
)
def test_a_date_is_read_from_the_accepted_texts(text: str, moment: str) -> None:
    read = coerce(text, "date", timezone="Europe/Prague")

    assert read == datetime.fromisoformat(moment)


def test_a_kind_that_does_not_exist_is_a_fault_of_the_caller() -> None:
    with pytest.raises(ValueError, match="There is no kind 'txt'"):
        coerce("x", "txt")

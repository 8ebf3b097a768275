"""Filters: every operator, alternatives, and values of the wrong type."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from trunkline.errors import DataError, TemplateError
from trunkline.mapping import OPERATORS, Scope, compile_filter

BUNDLE = {
    "text": "Hello World",
    "n": 10,
    "tags": ["x", "Y", 3],
    "date": datetime(2020, 6, 1, 12, 30, tzinfo=UTC),
    "empty": "",
    "none": [],
    "zero": 0,
    "no": False,
}
COMPARISONS = ("equal", "notequal", "greater", "less", "greaterorequal", "lessorequal")
SMALLER, SAME, GREATER = (
    {"notequal", "less", "lessorequal"},
    {"equal", "greaterorequal", "lessorequal"},
    {"notequal", "greater", "greaterorequal"},
)


@pytest.fixture
def holds(scope_of: Callable[..., Scope]) -> Callable[..., bool]:
    def run(a: object, o: str, b: object = None, *, timezone: str = "UTC") -> bool:
        spec = {"name": "", "conditions": [[{"a": a, "o": o, "b": b}]]}
        verdict = compile_filter(spec).passes(scope_of(BUNDLE, timezone=timezone))
        assert verdict.warnings == ()
        return verdict.passed

    return run


@pytest.mark.parametrize(
    ("a", "o", "b", "expected"),
    [
        ("{{1.text}}", "exist", None, True),
        ("{{1.zero}}", "exist", None, True),
        ("{{1.no}}", "exist", None, True),
        ("{{1.empty}}", "exist", None, False),
        ("{{1.none}}", "exist", None, False),
        ("{{1.missing}}", "exist", None, False),
        ("{{1.missing}}", "notexist", None, True),
        ("{{1.text}}", "notexist", None, False),
        ("{{1.text}}", "text:equal", "Hello World", True),
        ("{{1.text}}", "text:equal", "hello world", False),
        ("{{1.text}}", "text:equal:ci", "hello world", True),
        ("{{1.text}}", "text:notequal", "hello world", True),
        ("{{1.text}}", "text:notequal:ci", "hello world", False),
        ("{{1.text}}", "text:contain", "lo W", True),
        ("{{1.text}}", "text:contain", "LO", False),
        ("{{1.text}}", "text:contain:ci", "LO", True),
        ("{{1.text}}", "text:notcontain", "LO", True),
        ("{{1.text}}", "text:notcontain:ci", "LO", False),
        ("{{1.text}}", "text:startwith", "Hello", True),
        ("{{1.text}}", "text:startwith:ci", "hello", True),
        ("{{1.text}}", "text:notstartwith", "hello", True),
        ("{{1.text}}", "text:notstartwith:ci", "hello", False),
        ("{{1.text}}", "text:endwith", "World", True),
        ("{{1.text}}", "text:endwith:ci", "WORLD", True),
        ("{{1.text}}", "text:notendwith", "WORLD", True),
        ("{{1.text}}", "text:notendwith:ci", "WORLD", False),
        ("{{1.text}}", "text:pattern", "W[a-z]+d", True),
        ("{{1.text}}", "text:pattern", "^World", False),
        ("{{1.text}}", "text:pattern:ci", "^HELLO", True),
        ("{{1.text}}", "text:pattern", "/^HELLO/i", True),
        ("{{1.text}}", "text:notpattern", "^World", True),
        ("{{1.text}}", "text:notpattern:ci", "^hello", False),
        ("{{1.n}}", "text:equal", "10", True),
        ("{{1.missing}}", "text:equal", "", True),
        ("{{1.tags}}", "array:contain", "x", True),
        ("{{1.tags}}", "array:contain", "y", False),
        ("{{1.tags}}", "array:contain", "3", True),
        ("{{1.tags}}", "array:contain:ci", "y", True),
        ("{{1.tags}}", "array:notcontain", "y", True),
        ("{{1.tags}}", "array:notcontain:ci", "y", False),
        ("{{1.missing}}", "array:notcontain", "y", True),
        ("{{1.no}}", "boolean:equal", "false", True),
        ("{{1.no}}", "boolean:equal", "{{true}}", False),
        ("{{1.no}}", "boolean:notequal", "{{true}}", True),
        ("{{1.missing}}", "boolean:equal", "{{false}}", True),
    ],
)
def test_an_operator_holds_or_not(
    holds: Callable[..., bool], a: str, o: str, b: object, expected: object
) -> None:
    assert holds(a, o, b) is expected


@pytest.mark.parametrize("name", COMPARISONS)
@pytest.mark.parametrize(
    ("group", "a", "b", "true_for"),
    [
        ("number", "{{1.n}}", "10.0", SAME),
        ("number", "{{1.n}}", "9", GREATER),
        ("number", "0.3", "{{0.1 + 0.2}}", SAME),
        ("number", "9", "10", SMALLER),
        ("date", "{{1.date}}", "2020-06-01T14:30:00+02:00", SAME),
        ("date", "{{1.date}}", "2020-06-02", SMALLER),
        ("date", "06/20/2016 5:26 PM", "20.6.2016 17:25", GREATER),
        ("time", "9:05", "09:05:00", SAME),
        ("time", "9:05", "10:00", SMALLER),
        ("time", "{{1.date}}", "12:29", GREATER),
        ("semver", "1.10.0", "1.9.9", GREATER),
        ("semver", "v1.2", "1.2.0", SAME),
        ("semver", "1.0.0-beta.2", "1.0.0-beta.10", SMALLER),
        ("semver", "1.0.0-rc.1", "1.0.0", SMALLER),
        ("semver", "1.0.0-alpha.beta", "1.0.0-alpha.1", GREATER),
        ("semver", "1.0.0+build", "1.0.0", SAME),
        ("array", "{{1.tags}}", "3", SAME),
        ("array", "{{1.none}}", "1", SMALLER),
    ],
)
def test_a_comparison_holds_or_not(
    holds: Callable[..., bool],
    name: str,
    group: str,
    a: str,
    b: str,
    true_for: set[str],
) -> None:
    assert holds(a, f"{group}:{name}", b) is (name in true_for)


def test_times_of_day_are_those_of_the_scenario_s_zone(
    holds: Callable[..., bool],
) -> None:
    assert holds("{{1.date}}", "time:equal", "14:30", timezone="Europe/Prague")


def test_every_documented_operator_is_known() -> None:
    groups = [operator.group for operator in OPERATORS.values()]

    assert {group: groups.count(group) for group in groups} == {
        "existence": 2,
        "text": 20,
        "number": 6,
        "date": 6,
        "time": 6,
        "semver": 6,
        "array": 10,
        "boolean": 2,
    }
    assert [name for name, found in OPERATORS.items() if found.unary] == [
        "exist",
        "notexist",
    ]


@pytest.mark.parametrize("spec", [None, {}, {"conditions": []}, {"conditions": [[]]}])
def test_a_filter_without_conditions_lets_all_pass(
    scope_of: Callable[..., Scope], spec: dict[str, object] | None
) -> None:
    assert compile_filter(spec).passes(scope_of()) == (True, ())


def test_alternatives_are_tried_until_one_row_holds(
    scope_of: Callable[..., Scope],
) -> None:
    big = {"a": "{{1.n}}", "o": "number:greater", "b": 5}
    red = {"a": "{{1.tag}}", "o": "text:equal", "b": "red"}
    compiled = compile_filter({"name": "Big or red", "conditions": [[big, red], [red]]})

    assert compiled.name == "Big or red"
    assert compiled.passes(scope_of({"n": 9, "tag": "red"})).passed
    assert compiled.passes(scope_of({"n": 1, "tag": "red"})).passed
    assert not compiled.passes(scope_of({"n": 9, "tag": "blue"})).passed
    assert {found.path for found in compiled.references} == {("n",), ("tag",)}


@pytest.mark.parametrize(
    ("a", "o", "b", "warning"),
    [
        ("many", "number:greater", "5", "The text 'many' cannot be used as a number"),
        ("{{1.missing}}", "number:less", "5", "An empty value cannot be used"),
        ("{{1.tags}}", "date:less", "2020-01-01", "array cannot be used as a date"),
        ("noon", "time:less", "12:00", "'noon' cannot be used as a time"),
        ("one", "semver:equal", "1.0.0", "'one' cannot be used as a version"),
    ],
)
def test_a_value_of_the_wrong_type_fails_its_condition_with_a_warning(
    scope_of: Callable[..., Scope], a: str, o: str, b: str, warning: str
) -> None:
    spec = {"conditions": [[{"a": a, "o": o, "b": b}]]}

    verdict = compile_filter(spec).passes(scope_of(BUNDLE))

    assert not verdict.passed
    assert warning in verdict.warnings[0]


@pytest.mark.parametrize(
    ("operator", "nearest"),
    [
        ("text:startswith", "text:startwith"),
        ("text:notEqual", "text:notequal"),
        ("number:greaterthan", "number:greater"),
    ],
)
def test_an_unknown_operator_is_refused_with_the_nearest(
    operator: str, nearest: str
) -> None:
    with pytest.raises(TemplateError, match=rf"Did you mean {nearest}\?"):
        compile_filter({"conditions": [[{"a": "x", "o": operator, "b": "y"}]]})


@pytest.mark.parametrize(
    "conditions", ["x", ["x"], [["x"]], [[{"a": "x"}]], [[{"a": "{{", "o": "exist"}]]]
)
def test_a_filter_of_another_shape_is_refused(conditions: object) -> None:
    with pytest.raises(TemplateError):
        compile_filter({"conditions": conditions})


def test_a_pattern_that_re2_cannot_run_is_explained(
    scope_of: Callable[..., Scope],
) -> None:
    spec = {"conditions": [[{"a": "x", "o": "text:pattern", "b": "x(?=y)"}]]}

    with pytest.raises(DataError, match="uses a lookahead, which RE2 does not support"):
        compile_filter(spec).passes(scope_of())

"""Templates as trees: what is kept, left out, joined and referred to."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from trunkline.errors import BudgetError, DataError
from trunkline.mapping import (
    ERASE,
    IGNORE,
    Reference,
    compile_template,
    describe,
    render_text,
)

DATE = datetime(2018, 10, 1, 7, 32, 5, 678_000, tzinfo=UTC)


def test_a_tree_keeps_its_shape_and_its_values_their_types(
    evaluate: Callable[..., object],
) -> None:
    source = {
        "n": "{{1.n}}",
        "literal": [1, None, True, 2.5, "plain"],
        "{{key}}": "as it is",
        "deep": {"date": "{{1.date}}", "text": "on {{1.date}}"},
    }

    assert evaluate(source, {"n": 5, "date": DATE}) == {
        "n": 5,
        "literal": [1, None, True, 2.5, "plain"],
        "{{key}}": "as it is",
        "deep": {"date": DATE, "text": "on 2018-10-01T07:32:05.678Z"},
    }


def test_what_is_ignored_is_left_out(evaluate: Callable[..., object]) -> None:
    assert evaluate({"a": "{{ignore}}", "b": 1}) == {"b": 1}
    assert evaluate(["{{ignore}}", 1]) == [1]
    assert evaluate({"a": '{{if(1.x; "set"; ignore)}}'}, {"x": ""}) == {}
    assert evaluate("{{ignore}}") is IGNORE
    assert evaluate("<{{ignore}}>") == "<>"


def test_what_is_erased_says_so(evaluate: Callable[..., object]) -> None:
    assert evaluate({"a": "{{erase}}"}) == {"a": ERASE}
    assert evaluate("{{ifempty(1.x; erase)}}", {"x": ""}) is ERASE


def test_functions_and_operators_see_null_where_a_value_is_ignored(
    evaluate: Callable[..., object],
) -> None:
    assert evaluate("{{add(emptyarray; ignore; erase)}}") == [None, None]
    assert evaluate("{{add(emptyarray; if(false; 1; ignore))}}") == [None]
    assert evaluate("{{ignore = null}}") is True


def test_a_mix_of_text_and_expressions_is_text(evaluate: Callable[..., object]) -> None:
    bundle = {"n": 5, "f": 49.2, "e": 1e21, "list": [1, [2, None], {"a": True}]}

    assert evaluate("{{1.n}}{{1.f}}", bundle) == "549.2"
    assert evaluate("a {{1.missing}} b", bundle) == "a  b"
    assert evaluate(" {{1.e}}", bundle) == " 1000000000000000000000"
    assert evaluate("-{{1.list}}", bundle) == '-1,2,,{"a":true}'


def test_an_error_names_the_field_and_the_function(
    evaluate: Callable[..., object],
) -> None:
    source = {"contact": {"born": "{{parseDate(1.born)}}"}}

    with pytest.raises(DataError) as caught:
        evaluate(source, {"born": "soon"})

    assert str(caught.value) == (
        "Failed to map 'contact.born': Function 'parseDate' finished with an error: "
        "'soon' is not a valid date."
    )


def test_the_references_of_a_template_are_known_before_it_runs() -> None:
    template = compile_template(
        {"a": "{{1.user.`First Name`}}", "b": ["x {{if(2.ok; -3.rows[2].id; `4`)}}"]}
    )

    assert template.references == {
        Reference(module=1, path=("user", "First Name"), position=2),
        Reference(module=2, path=("ok",), position=7),
        Reference(module=3, path=("rows", 2, "id"), position=14),
        Reference(module=4, path=(), position=28),
    }


def test_a_computed_index_ends_a_reference_and_has_its_own() -> None:
    template = compile_template("{{1.rows[2.n].id + 1.first[].x}}")

    assert {(found.module, found.path) for found in template.references} == {
        (1, ("rows",)),
        (2, ("n",)),
        (1, ("first", 1, "x")),
    }


@pytest.mark.parametrize(
    ("source", "is_constant"),
    [
        ("text", True),
        ({"a": [1, "b"]}, True),
        ('{{upper("a") + 1}}', True),
        ("{{now}}", False),
        ("{{1.x}}", False),
        ({"a": "{{uuid}}"}, False),
        ('{{parseDate("2020-01-01")}}', False),
    ],
)
def test_a_template_knows_whether_it_is_constant(
    source: object, *, is_constant: bool
) -> None:
    assert compile_template(source).is_constant is is_constant


def test_each_evaluation_gives_arrays_of_its_own(
    evaluate: Callable[..., object],
) -> None:
    template = compile_template({"a": "{{emptyarray}}", "b": [1]})
    one, other = (evaluate({"a": "{{emptyarray}}", "b": [1]}) for _ in range(2))

    assert one == other
    assert one is not other
    assert not template.is_constant


def test_a_tree_nested_too_deeply_is_refused() -> None:
    source: object = "x"
    for _ in range(70):
        source = [source]

    with pytest.raises(Exception, match="nested more than 64 levels"):
        compile_template(source)


def test_data_nested_too_deeply_is_an_error_of_ours(
    evaluate: Callable[..., object],
) -> None:
    deep: object = 1
    for _ in range(5_000):
        deep = [deep]

    with pytest.raises(BudgetError, match="nested too deeply"):
        evaluate("{{toString(1.x)}}", {"x": deep})
    with pytest.raises(BudgetError, match="nested too deeply"):
        evaluate("{{1.x = 1.y}}", {"x": deep, "y": [deep]})


@pytest.mark.parametrize(
    ("value", "kind", "text"),
    [
        (None, "empty", ""),
        (IGNORE, "empty", ""),
        ("a", "text", "a"),
        (True, "boolean", "true"),
        (5, "number", "5"),
        (5.0, "number", "5"),
        (1e-7, "number", "0.0000001"),
        (DATE, "date", "2018-10-01T07:32:05.678Z"),
        (
            {"d": DATE, "é": 1.5},
            "collection",
            '{"d":"2018-10-01T07:32:05.678Z","é":1.5}',
        ),
        ([1, "a", DATE], "array", "1,a,2018-10-01T07:32:05.678Z"),
        (b"Make", "buffer", "Make"),
    ],
)
def test_a_value_has_a_kind_and_a_text(value: object, kind: str, text: str) -> None:
    assert (describe(value), render_text(value)) == (kind, text)

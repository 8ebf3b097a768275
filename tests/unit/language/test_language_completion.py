"""Completion, hover and signatures while a template is being typed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trunkline.mapping import compile_template
from trunkline.mapping.language import (
    Context,
    complete,
    diagnose,
    explain,
    signature_at,
)
from unit.language.test_language_pieces import BROKEN


def labels(template: str, context: Context) -> list[str]:
    """The candidates at the mark `|`."""
    offset = template.index("|")
    found = complete(template.replace("|", ""), offset, context)
    return [candidate.label for candidate in found.candidates]


@pytest.mark.parametrize(
    ("template", "first"),
    [
        ("{{1.|", ["email", "response", "segments"]),
        ("{{1.em|", ["email", "segments"]),
        ("{{1.response.data.|", ["nps", "What else?"]),
        ("{{1.response.data.`What|", ["What else?"]),
        ("{{1.response.tags.|", ["name"]),
        ("{{1.response.tags[1].|", ["name"]),
        ("{{1.segments[1.response.data.nps].|", ["name"]),
        ("{{upper(1.response.|", ["uuid", "data", "tags"]),
        ("{{`1`.|", ["email", "response", "segments"]),
        ("a {{1.x}} b|", []),
        ('{{"1.|', []),
        ("{{12.|", []),
        ("{{7.|", []),
        ("{{1.email.|", []),
    ],
)
def test_after_a_dot_the_fields_that_are_known_there(
    template: str, first: list[str], context: Context
) -> None:
    assert labels(template, context) == first


def test_at_an_empty_place_the_nearest_module_comes_first(context: Context) -> None:
    found = labels("{{|", context)
    assert found[:2] == ["12", "1"]
    assert {"now", "true", "upper"} <= set(found)


def test_the_same_beginning_is_the_best_fit(context: Context) -> None:
    assert labels("{{up|", context)[0] == "upper"
    assert labels("{{UP|", context)[0] == "upper"
    assert labels("{{fdt|", context)[0] == "formatDate"


def test_what_is_inserted_replaces_the_word_around_the_cursor(
    context: Context,
) -> None:
    found = complete("{{1.emotion}}", 6, context)
    assert (found.position, found.length) == (4, 7)


def test_names_with_blanks_are_inserted_in_backticks(context: Context) -> None:
    template = "{{1.response.data."
    found = complete(template, len(template), context)
    inserted = [candidate.insert for candidate in found.candidates]
    assert inserted == ["nps", "`What else?`"]


def test_every_candidate_makes_a_template_that_compiles(context: Context) -> None:
    for start in ("{{1.", "{{1.response.data.", "{{"):
        for one in complete(start, len(start), context).candidates:
            if one.kind in ("field", "keyword", "variable"):
                compile_template(f"{start}{one.insert}}}}}")


def test_a_function_is_inserted_with_the_cursor_between_its_brackets(
    context: Context,
) -> None:
    upper = complete("{{upp", 5, context).candidates[0]
    assert (upper.insert, upper.insert[: upper.cursor]) == ("upper()", "upper(")
    assert upper.detail == "upper(text)"
    assert upper.help


@pytest.mark.parametrize(
    ("template", "at", "line"),
    [
        ("{{upper(1.email)}}", "upper", "upper(text)"),
        ("{{upper(1.email)}}", "1", "Module 1: Watch Completed Survey"),
        ("{{upper(1.email)}}", "email", "Email address"),
        ("{{1.response.data.nps}}", "nps", '"9"'),
        ("{{emptystring}}", "emptystring", "A text without characters."),
        ("{{1.nothing}}", "nothing", "This field is not among those that are known."),
    ],
)
def test_a_word_is_explained_where_it_stands(
    template: str, at: str, line: str, context: Context
) -> None:
    found = explain(template, template.index(at), context)
    assert found is not None
    assert (found.position, found.length) == (template.index(at), len(at))
    assert line in found.lines


@pytest.mark.parametrize(
    ("template", "name", "argument"),
    [
        ("{{upper(|", "upper", 0),
        ("{{if(1; |", "if", 1),
        ("{{if(upper(1); lower(2); |", "if", 2),
        ("{{if(upper(|", "upper", 0),
        ('{{replace("a;b"; 1|', "replace", 1),
    ],
)
def test_the_argument_being_typed_is_known(
    template: str, name: str, argument: int
) -> None:
    found = signature_at(template.replace("|", ""), template.index("|"))
    assert found is not None
    assert (found.name, found.argument) == (name, argument)


def test_outside_of_functions_there_is_no_signature() -> None:
    assert signature_at("{{1.a", 5) is None
    assert signature_at("upper(", 6) is None


@given(BROKEN, st.integers(-5, 100))
def test_nothing_that_is_typed_breaks_the_service(text: str, offset: int) -> None:
    context = Context()
    found = complete(text, offset, context)
    assert 0 <= found.position <= found.position + found.length <= len(text)
    explain(text, offset, context)
    signature_at(text, offset)
    for one in diagnose(text, context):
        assert one.line >= 1
        assert one.column >= 1
        assert one.message

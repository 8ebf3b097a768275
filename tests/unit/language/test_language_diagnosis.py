"""Diagnosis: all faults of a template, each where it stands."""

import pytest
from hypothesis import given

from trunkline.errors import TemplateError
from trunkline.mapping import compile_template
from trunkline.mapping.language import Context, Severity, diagnose
from unit.language.test_language_pieces import BROKEN


@pytest.mark.parametrize(
    ("template", "place", "suggestion", "said"),
    [
        ("{{3.a}}", "3", None, "Before it run: 1, 12."),
        ("{{1.emial}}", "emial", "email", "Did you mean email?"),
        ("{{1.segments.nmae}}", "nmae", "name", "no field 'nmae'"),
        ("{{1.segments[2].nmae}}", "nmae", "name", "no field 'nmae'"),
        ("{{uper(1.email)}}", "uper", "upper", "Unknown function 'uper'"),
        ("{{upper(nwo)}}", "nwo", "now", "Unknown word 'nwo'"),
        ("{{upper()}}", "upper()", None, "takes 1 argument, not 0: upper(text)"),
        ("{{if(1;2;3;4)}}", "if(1;2;3;4)", None, "takes 2 to 3 arguments, not 4"),
        ("{{1 +}}", "}}", None, "A value is missing"),
        ("{{1.email", "{{1.email", None, "has no }}"),
        ('{{upper("a}}', '"a}}', None, "has no partner"),
    ],
)
def test_a_fault_is_named_where_it_stands(
    template: str, place: str, suggestion: str | None, said: str, context: Context
) -> None:
    [found] = diagnose(template, context)
    assert template[found.position : found.position + found.length] == place
    assert found.suggestion == suggestion
    assert said in found.message


@pytest.mark.parametrize(
    "template",
    [
        "plain",
        "{{1.email}}",
        "{{1.response.anything.at.all}}",
        "{{1.__IMTLENGTH__}} {{1.segments.__IMTINDEX__}}",
        "{{12.whatever[3].there}}",
        "{{var.input.limit}}",
        "{{`1`}}",
        "{{1.segments[1.response.data.nps].name}}",
    ],
)
def test_what_may_be_right_is_left_alone(template: str, context: Context) -> None:
    assert diagnose(template, context) == []


def test_one_broken_expression_does_not_hide_the_others(context: Context) -> None:
    template = "{{1 +}}\n{{uper(1)}}\n  {{3.a}} {{1.emial}}"
    found = diagnose(template, context)
    assert [(one.line, one.column) for one in found] == [
        (1, 6),
        (2, 3),
        (3, 5),
        (3, 15),
    ]
    assert [one.severity for one in found] == [*[Severity.ERROR] * 3, Severity.WARNING]


def test_a_nested_fault_is_found_behind_another(context: Context) -> None:
    found = diagnose("{{if(foo(1); upper(bar); 9.x)}}", context)
    assert len(found) == 3


def test_a_template_that_is_too_long_is_refused_at_once(context: Context) -> None:
    [found] = diagnose("x" * 70_000, context)
    assert "65,536" in found.message


@given(BROKEN)
def test_errors_are_what_the_compiler_refuses(text: str) -> None:
    """The same check: what has no error compiles, and what has one does not."""
    faults = diagnose(text, Context(open_=True))
    try:
        compile_template(text)
    except TemplateError:
        assert any(one.severity is Severity.ERROR for one in faults)
    else:
        assert faults == []

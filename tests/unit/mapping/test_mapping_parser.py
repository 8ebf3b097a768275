"""The grammar: what is read, and how faults are told."""

from collections.abc import Callable

import pytest

from trunkline.errors import TemplateError
from trunkline.mapping import compile_template

BUNDLE = {
    "a": {"b": 1, "First Name": "Ada", "and": "et", "naïve": "n"},
    "rows": [{"x": 1}, {"x": 2}],
    "n": 4,
}


@pytest.mark.parametrize(
    ("template", "value"),
    [
        ("no expression, only { and }}", "no expression, only { and }}"),
        ("{{}}", None),
        ("{{ 1.a.b }}", 1),
        ("{{1.a.`First Name`}}", "Ada"),
        ("{{1.a.and}}", "et"),
        ("{{1.a.naïve}}", "n"),
        ("{{1.rows.x}}", 1),
        ("{{1.rows[1 + 1].x}}", 2),
        ('{{1.rows["2"].x}}', 2),
        ("{{1.rows[0].x}}", None),
        ("{{1.n[1]}}", None),
        ("{{`1`.n}}", 4),
        ("{{`1`}}", BUNDLE),
        ("{{2.n}}", None),
        ("{{'it''s'}}", "it's"),
        ('{{"}}"}}', "}}"),
        ('{{"two\nlines"}}', "two\nlines"),
        ('{{if(\n  1.n > 3;\n  "many";\n  "few"\n)}}', "many"),
        ("{{-1.n + 5}}", 1),
        ("{{5 - -3}}", 8),
        ("{{!1.n}}", False),
        ("{{!!1.n}}", True),
        ("{{1.n = 4 and 1.a.b = 1 or false}}", True),
        ("{{10 - 4 - 3}}", 3),
        ("{{2 * (3 + 4)}}", 14),
        ("{{var.input.limit}}", 3),
        ("{{var.scenario.name}}", "Answers"),
        ("{{var.input[1]}}", None),
        ('{{get(var; "input.limit")}}', 3),
        ("{{var.nothing.here}}", None),
        ("{{scenarioID}}", 7),
        ("{{executionId}}", "run-1"),
        ("{{timestamp}}", 1714979289),
        ("{{random}}", 0.5),
        ("{{uuid}}", "5f0f3c0e-8a56-4c8c-9f0a-0e6a3f6f1d55"),
        ("{{emptyarray}}", []),
        ("{{9007199254740993}}", 9007199254740993),
        ("{{0.5}}", 0.5),
    ],
)
def test_the_grammar_reads(
    evaluate: Callable[..., object], template: str, value: object
) -> None:
    assert evaluate(template, BUNDLE) == value


@pytest.mark.parametrize(
    ("template", "message", "position", "length"),
    [
        ("{{1.a", "Unclosed expression at position 0", 0, 5),
        ("x {{if(1; 2}}", "Unclosed function at position 4: if(", 4, 3),
        ("{{if(1;", "Unclosed function at position 2", 2, 3),
        ("{{(1 + 2}}", "Unclosed bracket at position 2", 2, 1),
        ("{{1.rows[2}}", "Unclosed index at position 8", 8, 1),
        ('{{lower("abc)}}', "Unclosed text at position 8", 8, 7),
        ("{{1.`First Name}}", "Unclosed field name at position 4", 4, 13),
        ("{{1 + * 2}}", "Operator next to operator at position 6", 6, 1),
        ("{{1 +}}", "A value is missing at position 5", 5, 2),
        ("{{1 2}}", "Unexpected 2 at position 4", 4, 1),
        ("{{1.a.}}", "A field name is missing after the dot", 5, 1),
        ("{{1.rows.0}}", "begins with a digit: write it in backticks, `0`", 9, 1),
        ("{{lower(1.a, 1.b)}}", "arguments are separated by semicolons", 11, 1),
        ("{{“x”}}", "texts need straight quotes", 2, 1),
        ("{{1.a # 2}}", "Unexpected # at position 6", 6, 1),
        (
            '{{lowr("x")}}',
            "Unknown function 'lowr' at position 2. Did you mean lower",
            2,
            4,
        ),
        ('{{LOWER("x")}}', "Did you mean lower", 2, 5),
        ("{{toNumber(1)}}", "Use parseNumber", 2, 8),
        ("{{now()}}", "now is a word: write it without brackets", 2, 3),
        ("{{lower}}", "needs brackets", 2, 5),
        ("{{sort(1.rows; desc)}}", 'Texts need quotes: "desc"', 15, 4),
        ("{{emptystrng}}", "Did you mean emptystring", 2, 10),
        ("{{customer.name}}", "Unknown word 'customer' at position 2. A module", 2, 13),
        ("{{1.}}", "A field name is missing after the dot", 3, 1),
        ("{{lower()}}", "takes 1 argument, not 0: lower", 2, 7),
        ("{{lower(1; 2)}}", "takes 1 argument, not 2", 2, 11),
        ("{{substring(1)}}", "takes 2 to 3 arguments, not 1", 2, 12),
        ("{{switch(1)}}", "takes at least 3 arguments, not 1", 2, 9),
        ("{{" + "9" * 400 + "}}", "too many digits", 2, 400),
    ],
)
def test_a_fault_is_told_with_its_place(
    template: str, message: str, position: int, length: int
) -> None:
    with pytest.raises(TemplateError) as caught:
        compile_template(template)

    assert message in str(caught.value)
    assert (caught.value.position, caught.value.length) == (position, length)


def test_a_fault_in_a_tree_names_the_field() -> None:
    with pytest.raises(TemplateError, match=r"Field 'people\.2\.name': Unclosed"):
        compile_template({"people": ["x", {"name": "{{"}]})


def test_brackets_may_be_nested_64_deep_and_no_deeper(
    evaluate: Callable[..., object],
) -> None:
    assert evaluate("{{" + "(" * 64 + "1" + ")" * 64 + "}}") == 1
    with pytest.raises(TemplateError, match="more than 64 levels"):
        compile_template("{{" + "(" * 65 + "1" + ")" * 65 + "}}")


def test_nesting_beyond_what_python_can_stack_is_refused_too() -> None:
    deep = "abs(0 | 1 & 1 = 1 & 0 < 1 + 0 * " * 64 + "1" + ")" * 64

    with pytest.raises(TemplateError, match="nested"):
        compile_template("{{" + deep * 2 + "}}")


def test_a_source_of_more_than_64_kilobytes_is_refused() -> None:
    with pytest.raises(TemplateError, match="at most 65,536"):
        compile_template("{{1}}" + " " * 65_536)


@pytest.mark.parametrize(
    ("chain", "value"),
    [
        ("+".join(["1"] * 10_000), 10_000),
        ("&".join(["1"] * 10_000), 1),
        ("+".join(['"a"'] * 10_000), "a" * 10_000),
        ("-" * 10_000 + "1", 1),
        ("!" * 10_001 + "1", False),
        ("1*1+" * 10_000 + "1", 10_001),
    ],
)
def test_a_long_chain_of_operators_is_no_deep_one(
    evaluate: Callable[..., object], chain: str, value: object
) -> None:
    assert evaluate("{{" + chain + "}}") == value

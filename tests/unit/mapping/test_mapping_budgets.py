"""Budgets: what would be too much is refused before it is done."""

from collections.abc import Callable
from time import process_time

import pytest

from trunkline.errors import BudgetError, DataError, TrunklineError

MEGABYTE = "x" * 1_000_000
LONG = list(range(60_000))


@pytest.mark.parametrize(
    ("template", "bundle"),
    [
        ("{{1.x}}" * 6, {"x": MEGABYTE}),
        ("{{" + " + ".join(["1.x"] * 6) + "}}", {"x": MEGABYTE}),
        ('{{replace(1.x; "x"; 1.x)}}', {"x": "x" * 10_000}),
        ('{{replace(1.x; "/x/g"; 1.x)}}', {"x": "x" * 10_000}),
        ('{{replace(1.x; "/x*/"; "$&$&$&$&$&$&")}}', {"x": MEGABYTE}),
        ("{{join(1.x; 1.sep)}}", {"x": ["a"] * 100, "sep": "-" * 100_000}),
        ("{{join(1.x)}}", {"x": [MEGABYTE] * 6}),
        ("{{1.x}}!", {"x": [{"a": MEGABYTE}] * 100}),
        ("{{toString(1.x)}}", {"x": [[MEGABYTE] * 10] * 10_000}),
        ("{{merge(1.x; 1.x)}}", {"x": LONG}),
        ("{{merge(" + "; ".join(["1.x"] * 1_000) + ")}}", {"x": LONG}),
        ("{{flatten(1.x; 3)}}", {"x": [LONG, LONG]}),
        ('{{split(1.x; "x")}}', {"x": MEGABYTE}),
        ("{{sort(1.x)}}", {"x": LONG * 2}),
        ("{{9" + " * 99999999999" * 200 + "}}", {}),
        ("{{deduplicate(1.x)}}", {"x": [{"a": MEGABYTE}] * 90_000}),
        ('{{sort(1.x; "asc"; "b")}}', {"x": [{"b": {"a": MEGABYTE}}] * 900}),
        ("{{addWeekDays(now; 999999999)}}", {}),
    ],
)
def test_too_much_is_refused_and_costs_little(
    evaluate: Callable[..., object], template: str, bundle: object
) -> None:
    began = process_time()

    with pytest.raises(BudgetError):
        evaluate(template, bundle)
    assert process_time() - began < 2


@pytest.mark.parametrize(
    "expression",
    [
        "power(10; 999999999)",
        "power(0; 0)",
        'parseNumber("1e999999")',
        "formatNumber(1; 999999)",
        "formatNumber(123456; 0; 1.long; 1.long)",
        "parseNumber(1.long)",
        "addYears(now; 99999)",
        "addDays(now; 99999999999)",
        "setHour(now; 1000000000000)",
        'parseDate("99999999999999999"; "x")',
        "formatDate(now; 1.long)",
        'replace("a"; 1.pattern; "")',
        'toBinary(1.long; "base64")',
    ],
)
def test_extremes_are_refused_by_name(
    evaluate: Callable[..., object], expression: str
) -> None:
    bundle = {"long": "Y" * 5_001, "pattern": "/" + "a" * 5_000 + "/"}

    with pytest.raises(
        DataError, match=r"^Function '\w+' finished with an error: ['\w]"
    ):
        evaluate("{{" + expression + "}}", bundle)


def test_a_hostile_pattern_ends_soon(evaluate: Callable[..., object]) -> None:
    began = process_time()

    result = evaluate('{{replace(1.x; "/(a+)+$/"; "")}}', {"x": "a" * 50_000 + "!"})

    assert result == "a" * 50_000 + "!"
    assert process_time() - began < 2


@pytest.mark.parametrize(
    ("pattern", "reason"),
    [
        ("/a(?=b)/", "a lookahead"),
        ("/a(?!b)/", "a lookahead"),
        ("/(?<=a)b/", "a lookbehind"),
        ("/(?<!a)b/", "a lookbehind"),
        (r"/(a)\1/", "a back reference"),
        ("/a++/", "a possessive quantifier"),
        ("/[/", r"cannot be read: missing \]"),
    ],
)
def test_a_pattern_that_re2_cannot_run_is_explained(
    evaluate: Callable[..., object], pattern: str, reason: str
) -> None:
    with pytest.raises(DataError, match=reason):
        evaluate('{{replace("aab"; 1.p; "")}}', {"p": pattern})


@pytest.mark.parametrize("sign", ["<!--", "<!--<b>", "<script>", "<br ", "<", "</"])
def test_hostile_markup_is_stripped_in_one_pass(
    evaluate: Callable[..., object], sign: str
) -> None:
    began = process_time()

    evaluate("{{stripHTML(1.x)}}", {"x": sign * 100_000})

    assert process_time() - began < 2


def test_every_evaluation_has_a_budget_of_its_own(
    evaluate: Callable[..., object],
) -> None:
    for _ in range(10):
        assert evaluate("{{upper(1.x)}}", {"x": MEGABYTE}) == MEGABYTE.upper()


def test_an_error_in_a_budget_stays_one_of_ours(
    evaluate: Callable[..., object],
) -> None:
    with pytest.raises(TrunklineError, match="Failed to map 'body'"):
        evaluate({"body": "{{1.x}}" * 6}, {"x": MEGABYTE})

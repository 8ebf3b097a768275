"""`trunkline eval`: values, types, explanations, and faults with their place."""

import json

import pytest

from fakes.terminal import Terminal

pytest_plugins = ["fakes.terminals"]

BUNDLE = json.dumps({"1": {"email": "Ada@Mail.Example", "at": "2026-01-20T10:15:00Z"}})


@pytest.mark.parametrize(
    ("template", "value", "kind"),
    [
        ("plain", "plain", "text"),
        ("{{lower(1.email)}}", "ada@mail.example", "text"),
        ("{{1 + 2}}", 3, "number"),
        ("{{0.1 + 0.2}}", 0.3, "number"),
        ("{{1.missing}}", None, "empty"),
        ("{{ignore}}", None, "empty"),
        ("{{1 = 1}}", True, "boolean"),
        ("{{split('a,b'; ',')}}", ["a", "b"], "array"),
        (
            "{{parseDate('2026-01-20'; 'YYYY-MM-DD')}}",
            "2026-01-20T00:00:00.000Z",
            "date",
        ),
        ("{{formatDate(1.at; 'DD.MM.YYYY')}} ok", "20.01.2026 ok", "text"),
    ],
)
def test_a_template_gives_a_value_and_its_type(
    template: str, value: object, kind: str, terminal: Terminal
) -> None:
    evaluated = terminal.run("eval", template, "--bundle", "-", given=BUNDLE)

    assert evaluated.json() == {"value": value, "type": kind}


def test_dates_are_shown_in_the_time_zone_asked_for(terminal: Terminal) -> None:
    template = "{{formatDate(1.at; 'HH:mm')}}"
    shown = terminal.run(
        "eval", template, "--bundle", "-", "--timezone", "Asia/Tokyo", given=BUNDLE
    )

    assert shown.json()["value"] == "19:15"


def test_explain_names_references_and_functions_with_their_help(
    terminal: Terminal,
) -> None:
    explained = terminal.run(
        *("eval", "{{upper(trim(1.email))}} {{length(1.`two words`)}} {{trim(' ')}}"),
        *("--explain", "--bundle", "-"),
        given=BUNDLE,
    ).json()

    assert explained["references"] == [
        {"reference": "1.email", "value": "Ada@Mail.Example", "type": "text"},
        {"reference": "1.`two words`", "value": None, "type": "empty"},
    ]
    names = [function["name"] for function in explained["functions"]]
    assert names == ["upper", "trim", "length"]
    assert all(function["help"] for function in explained["functions"])


@pytest.mark.parametrize(
    ("template", "marked"),
    [
        ("ab {{foo(1.a)}}", "     ^^^"),
        ("{{upper(1.a}}", "  ^^^^^^"),
        ("first\n{{bar()}} last", "  ^^^"),
        ("\x1b {{baz()}}", "         ^^^"),
    ],
)
def test_a_fault_is_pointed_at(template: str, marked: str, terminal: Terminal) -> None:
    wrong = terminal.run("eval", template)
    sentence, line, caret = wrong.err.splitlines()

    assert (wrong.code, wrong.out) == (1, "")
    assert sentence.endswith((".", "?"))
    assert "\x1b" not in line
    assert caret == f"  {marked}"


def test_a_value_that_does_not_fit_is_one_sentence(terminal: Terminal) -> None:
    terminal.run("eval", "{{parseNumber('abc')}}").refuses(1, "abc")


@pytest.mark.parametrize(
    ("bundle", "word"),
    [("{", "line 1"), ("[]", "module number"), ('{"a": 1}', "module number")],
)
def test_a_bundle_file_that_is_none_is_wrong_usage(
    bundle: str, word: str, terminal: Terminal
) -> None:
    terminal.run("eval", "x", "--bundle", "-", given=bundle).refuses(2, word)


def test_a_time_zone_that_does_not_exist_is_wrong_usage(terminal: Terminal) -> None:
    terminal.run("eval", "x", "--timezone", "Mars/Olympus").refuses(2, "Mars/Olympus")

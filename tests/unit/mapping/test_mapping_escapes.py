"""Nobody gets out: data stays data, and names that are none are refused."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from trunkline.errors import DataError, TemplateError
from trunkline.mapping import Scope, compile_template
from trunkline.mapping.values import json_text
from unit.mapping.attempts import BUNDLE, attempt
from unit.mapping.escapes import EXPRESSIONS, TEXTS

_TESTS = Path(__file__).parents[2]


def test_there_are_attempts_enough() -> None:
    assert len({*EXPRESSIONS}) + len(TEXTS) >= 300


@pytest.mark.parametrize("expression", EXPRESSIONS)
def test_an_attempt_gives_nothing_or_is_refused(
    scope_of: Callable[..., Scope], expression: str
) -> None:
    found = attempt(expression, scope_of(BUNDLE))
    if isinstance(found, TemplateError | DataError):
        assert str(found)
    else:
        shown = json_text(found)
        assert not any(
            sign in shown for sign in ("<class", "<built", "<function", "0x")
        )


@pytest.mark.parametrize("text", TEXTS)
def test_a_text_of_a_respondent_stays_the_text(
    scope_of: Callable[..., Scope], text: str
) -> None:
    scope = scope_of({"x": text})
    assert compile_template("{{1.x}}").evaluate(scope) == text
    assert compile_template("<{{1.x}}>").evaluate(scope) == f"<{text}>"
    assert compile_template('{{trim(1.x) + ""}}').evaluate(scope) == text.strip()


def test_nothing_is_executed_imported_or_opened() -> None:
    """An audit hook of Python's own watches all attempts in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "unit.mapping.attempts"],
        cwd=_TESTS,
        capture_output=True,
        check=False,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == ["seen:", "0", "then:", "1"]

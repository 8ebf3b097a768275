"""Runs every attempt to escape under an audit hook: `python -m unit.mapping.attempts`.

It prints how many forbidden events it saw, and how many when one was caused on purpose.
"""

import sys
from datetime import UTC, datetime

from trunkline.errors import DataError, TemplateError
from trunkline.mapping import Scope, compile_template
from unit.mapping.escapes import EXPRESSIONS, TEXTS

BUNDLE = {"x": "text", "list": [{"a": 1}, "b"], "number": 5}
_NOW = datetime(2026, 3, 5, tzinfo=UTC)
_FORBIDDEN = ("exec", "compile", "import", "open", "os.", "subprocess.", "socket.")


def attempt(expression: str, scope: Scope) -> object:
    """What an expression gives, or the error that refuses it."""
    try:
        return compile_template("{{" + expression + "}}").evaluate(scope)
    except (TemplateError, DataError) as error:
        return error


def attempt_all() -> None:
    scope = Scope(
        {1: BUNDLE},
        clock=lambda: _NOW,
        random=lambda: 0.5,
        uuid=lambda: "5f0f3c0e-8a56-4c8c-9f0a-0e6a3f6f1d55",
    )
    for expression in (*EXPRESSIONS, *TEXTS):
        attempt(expression, scope)


def main() -> None:
    attempt_all()  # what is loaded at first use is loaded now
    seen: list[str] = []

    def watch(event: str, _arguments: object) -> None:
        if event.startswith(_FORBIDDEN):
            seen.append(event)

    sys.addaudithook(watch)
    attempt_all()
    during = len(seen)
    eval("1")  # noqa: S307 - shows that the hook sees it
    sys.stdout.write(f"seen: {during} then: {int('exec' in seen)}")


if __name__ == "__main__":
    main()

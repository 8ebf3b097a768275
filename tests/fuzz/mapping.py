"""Coverage-guided fuzzing of the mapping language: `make fuzz`.

An input is a template, and behind a zero byte the JSON of a bundle. Whatever it is,
compiling and evaluating it gives a value or one of our errors, and the language service
has something to say of it.
"""

import json
import sys
from datetime import UTC, datetime

import atheris

with atheris.instrument_imports(include=["trunkline.mapping"]):
    from trunkline.errors import TrunklineError
    from trunkline.mapping import Scope, compile_template, describe
    from trunkline.mapping.language import (
        Context,
        complete,
        diagnose,
        explain,
        pieces,
        signature_at,
    )

_NOW = datetime(2026, 3, 5, 14, 30, tzinfo=UTC)


def fuzz(data: bytes) -> None:
    source, _, bundle = data.partition(b"\0")
    template = source.decode(errors="surrogateescape")
    _look_at(template)
    try:
        value = compile_template(template).evaluate(_scope(bundle))
    except TrunklineError:
        return
    describe(value)


def _look_at(template: str) -> None:
    context, offset = Context(open_=True), len(template) // 2
    diagnose(template, context)
    complete(template, offset, context)
    explain(template, offset, context)
    signature_at(template, offset)
    if "".join(piece.text for piece in pieces(template)) != template:
        raise AssertionError(template)


def _scope(bundle: bytes) -> Scope:
    try:
        value = json.loads(bundle)
    except (ValueError, RecursionError):
        value = {"a": [1, "2", None, {"b": "x"}], "t": "2026-03-05 14:30"}
    return Scope(
        {1: value},
        {"input": value},
        clock=lambda: _NOW,
        random=lambda: 0.5,
        uuid=lambda: "5f0f3c0e-8a56-4c8c-9f0a-0e6a3f6f1d55",
        timezone="Europe/Prague",
    )


def main() -> None:
    atheris.Setup(sys.argv, fuzz)
    atheris.Fuzz()


if __name__ == "__main__":
    main()

"""Composes a text out of texts and mapped values."""

import json
from typing import Annotated, Any

import re2
from pydantic import BeforeValidator, Field

from trunkline.apps.tools.toolbox import app
from trunkline.sdk import DataError, Input, Output


def as_text(value: object) -> object:
    """Any value as the text that it is shown as."""
    match value:
        case None:
            return ""
        case bool() | list() | dict():
            return json.dumps(value, ensure_ascii=False, default=str)
        case _:
            return str(value)


class Case(Input):
    """An input that is looked for, and the output it gives."""

    pattern: str = Field(title="Pattern")
    output: Any = Field(default=None, title="Output")


class Switch(Input):
    """The input, and what is given for which."""

    input: Annotated[str, BeforeValidator(as_text)] = Field(title="Input")
    cases: list[Case] = Field(title="Cases")
    use_patterns: bool = Field(
        default=False,
        title="Use regular expressions to match",
        description="Otherwise the input has to be the same as the pattern.",
    )
    otherwise: Any = Field(default=None, title="Else")


class Switched(Output):
    """The output of the case that matched."""

    output: Any = Field(default=None, title="Output")


class ComposeAString(Input):
    """The text, with mapped values anywhere in it."""

    value: Annotated[str, BeforeValidator(as_text)] = Field(
        title="Text",
        description="Enter (map) the text. What is mapped becomes a part of it.",
    )


class Composed(Output):
    """The text as it became."""

    value: str = Field(title="Text")


@app.transformer("Compose a string")
async def compose_a_string(fields: ComposeAString) -> Composed:
    """Composes a text, to be mapped as one value further on."""
    return Composed(value=fields.value)


@app.transformer("Switch")
async def switch(fields: Switch) -> Switched:
    """Gives the output of the first case whose pattern the input matches."""
    for case in fields.cases:
        if _matches(case.pattern, fields):
            return Switched(output=case.output)
    return Switched(output=fields.otherwise)


def _matches(pattern: str, fields: Switch) -> bool:
    if not fields.use_patterns:
        return pattern == fields.input
    try:
        return re2.search(pattern, fields.input) is not None
    except re2.error as error:
        raise DataError(f"{pattern!r} is no regular expression: {error}.") from None

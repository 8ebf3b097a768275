"""Composes a text out of texts and mapped values."""

import json
from typing import Annotated

from pydantic import BeforeValidator, Field

from trunkline.apps.tools.toolbox import app
from trunkline.sdk import Input, Output


def _text(value: object) -> object:
    """Any value as the text that it is shown as."""
    match value:
        case None:
            return ""
        case bool() | list() | dict():
            return json.dumps(value, ensure_ascii=False, default=str)
        case _:
            return str(value)


class ComposeAString(Input):
    """The text, with mapped values anywhere in it."""

    value: Annotated[str, BeforeValidator(_text)] = Field(
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

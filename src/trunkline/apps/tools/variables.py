"""Variables: values under names of one's own, to be mapped further on."""

import re
from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field

from trunkline.apps.tools.toolbox import app
from trunkline.sdk import Free, Input, Pairs

_LONGEST_NAME = 128
# A name is mapped as {{3.name}}, or as {{3.`any name`}} between backticks.
_UNMAPPABLE = re.compile(r"[`{}\x00-\x1f\x7f]")


def _named(name: str) -> str:
    if not name.strip():
        raise ValueError("A variable needs a name.")
    if name != name.strip():
        raise ValueError(f"The name {name!r} begins or ends with a blank. Remove it.")
    if len(name) > _LONGEST_NAME:
        raise ValueError(f"A name has at most {_LONGEST_NAME} characters.")
    if _UNMAPPABLE.search(name):
        raise ValueError(
            f"The name {name!r} could not be mapped: a name has no backticks, braces "
            "or line breaks."
        )
    if name.startswith("__IMT"):
        raise ValueError(
            f"The name {name!r} is one of the platform's own. Choose another."
        )
    return name


def _once(value: object) -> object:
    """Refuses two values for one name, of which one would be lost."""
    records = value if isinstance(value, list) else []
    names = [record.get("name") for record in records if isinstance(record, Mapping)]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise ValueError(f"The name {twice!r} is used twice. Rename one of them.")
    return value


def _all_named(variables: dict[str, Any]) -> dict[str, Any]:
    for name in variables:
        _named(name)
    return variables


Name = Annotated[str, AfterValidator(_named)]
Variables = Annotated[Pairs, AfterValidator(_all_named), BeforeValidator(_once)]


class SetAVariable(Input):
    """A name and a value."""

    name: Name = Field(title="Variable name")
    value: Any = Field(default=None, title="Variable value")


class SetMultipleVariables(Input):
    """Names and values."""

    variables: Variables = Field(
        title="Variables",
        min_length=1,
        description="Enter the name and enter (map) the value of each variable.",
    )


@app.transformer("Set a variable")
async def set_a_variable(fields: SetAVariable) -> Free:
    """Gives a value a name of its own; the bundle has one field of that name."""
    return Free.model_validate({fields.name: fields.value})


@app.transformer("Set multiple variables")
async def set_multiple_variables(fields: SetMultipleVariables) -> Free:
    """Gives values names of their own; the bundle has one field for each."""
    return Free.model_validate(fields.variables)

"""Variables: values under names of one's own, to be mapped further on."""

import re
from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field

from trunkline.apps.tools.toolbox import app
from trunkline.sdk import Counters, Free, Input, Output, Pairs, Variables

_LONGEST_NAME = 128
_COUNTER = "counter "
"""What counters are called among variables, whose names have no blank at the end."""
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


Lifetime = Annotated[
    Literal["roundtrip", "execution"],
    Field(
        title="Variable lifetime",
        description="One cycle, or one execution.",
    ),
]
Name = Annotated[str, AfterValidator(_named)]
Values = Annotated[Pairs, AfterValidator(_all_named), BeforeValidator(_once)]


class SetAVariable(Input):
    """A name and a value."""

    name: Name = Field(title="Variable name")
    value: Any = Field(default=None, title="Variable value")
    scope: Lifetime = "roundtrip"


class SetMultipleVariables(Input):
    """Names and values."""

    variables: Values = Field(
        title="Variables",
        min_length=1,
        description="Enter the name and enter (map) the value of each variable.",
    )
    scope: Lifetime = "roundtrip"


class GetAVariable(Input):
    """The name under which a value was set."""

    name: Name = Field(title="Variable name")


class GetMultipleVariables(Input):
    """The names under which values were set."""

    names: list[Name] = Field(title="Variable names", min_length=1)


class IncrementFunction(Input):
    """When the number begins anew."""

    reset: Literal["run", "execution", "scenario"] = Field(
        default="execution",
        title="Reset a value",
        description="After one cycle (run), after one execution, or never: then the "
        "number belongs to the scenario, whose executions count on together.",
    )
    name: str = Field(
        default="",
        title="Counter",
        description="Increments of one name count together.",
    )


class Counted(Output):
    """The number as it became."""

    i: int = Field(title="i")


class Got(Output):
    """The value that was set, or nothing."""

    value: Any = Field(default=None, title="Value")


@app.transformer("Set a variable")
async def set_a_variable(fields: SetAVariable, variables: Variables) -> Free:
    """Gives a value a name of its own; the bundle has one field of that name.

    Whatever comes later in the same cycle or execution can get it, on any route.
    """
    variables.set(fields.name, fields.value, lasting=_lasts(fields.scope))
    return Free.model_validate({fields.name: fields.value})


@app.transformer("Set multiple variables")
async def set_multiple_variables(
    fields: SetMultipleVariables, variables: Variables
) -> Free:
    """Gives values names of their own; the bundle has one field for each."""
    for name, value in fields.variables.items():
        variables.set(name, value, lasting=_lasts(fields.scope))
    return Free.model_validate(fields.variables)


@app.transformer("Get a variable")
async def get_a_variable(fields: GetAVariable, variables: Variables) -> Got:
    """Gives the value that was last set under a name, while it lives."""
    return Got(value=variables.get(fields.name))


@app.transformer("Get multiple variables")
async def get_multiple_variables(
    fields: GetMultipleVariables, variables: Variables
) -> Free:
    """Gives the values that were last set; the bundle has one field for each name."""
    return Free.model_validate({name: variables.get(name) for name in fields.names})


@app.transformer("Increment function")
async def increment_function(
    fields: IncrementFunction, variables: Variables, counters: Counters
) -> Counted:
    """Counts the bundles that come by."""
    if fields.reset == "scenario":
        return Counted(i=await counters.next(fields.name))
    name = f"{_COUNTER}{fields.name}"
    number = variables.get(name, 0) + 1
    variables.set(name, number, lasting=_lasts(fields.reset))
    return Counted(i=number)


def _lasts(lifetime: str) -> bool:
    """Whether a value outlives the cycle."""
    return lifetime == "execution"

"""Scenarios: scenarios that call one another; the engine does their work."""

from collections.abc import AsyncIterator, Mapping
from typing import Annotated, Any

from pydantic import Field

from trunkline.sdk import (
    App,
    Dropdown,
    Free,
    Further,
    FurtherField,
    Input,
    Option,
    Output,
    Pairs,
    Scenarios,
)

app = App(
    key="scenarios",
    title="Scenarios",
    description="Lets scenarios call one another.",
)


@app.options
async def callable_scenarios(scenarios: Scenarios) -> AsyncIterator[Option]:
    """The scenarios that can be called."""
    for name in await scenarios.names():
        yield Option(name, name)


@app.further_fields
async def inputs(
    scenarios: Scenarios, fields: Mapping[str, Any]
) -> AsyncIterator[FurtherField]:
    """The inputs that the scenario declares."""
    for field in await scenarios.inputs(str(fields["scenario"])):
        yield field


class CallAScenario(Input):
    """Which scenario, with which inputs, and whether to wait for what it returns."""

    scenario: Annotated[str, Dropdown(callable_scenarios)] = Field(
        title="Scenario",
        description="Select (or map the name of) an active scenario that runs on "
        "demand.",
    )
    data: Annotated[Pairs, Further(inputs, on=("scenario",))] = Field(
        default_factory=dict,
        title="Inputs",
        description="Map the value of each input that the scenario declares.",
    )
    wait: bool = Field(
        default=True,
        title="Wait until the execution ends",
        description="Otherwise it goes on at once, and what the scenario returns "
        "cannot be mapped.",
    )


class Called(Output):
    """The execution that was begun, and what it returned."""

    execution: str = Field(title="Execution")
    data: Any = Field(default=None, title="Returned data")


class ReturnData(Input):
    """What whoever called the scenario gets."""

    data: Pairs = Field(
        default_factory=dict,
        title="Outputs",
        description="Enter the name and map the value of each output.",
    )


@app.caller("Call a scenario")
async def call_a_scenario(fields: CallAScenario) -> Called:
    """Begins an execution of another scenario, and waits for what it returns.

    Meanwhile it costs no memory, and a restart does not disturb it.
    """
    raise NotImplementedError


@app.returner("Return data")
async def return_data(fields: ReturnData) -> Free:
    """Gives data to whoever called the scenario, when the execution ends."""
    return Free.model_validate(fields.data)

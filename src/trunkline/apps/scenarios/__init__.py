"""Scenarios: scenarios that call one another; the engine does their work."""

from typing import Any

from pydantic import Field

from trunkline.sdk import App, Free, Input, Output, Pairs

app = App(
    key="scenarios",
    title="Scenarios",
    description="Lets scenarios call one another.",
)


class CallAScenario(Input):
    """Which scenario, with which inputs, and whether to wait for what it returns."""

    scenario: str = Field(
        title="Scenario",
        description="Enter the name of an active scenario that runs on demand.",
    )
    data: Pairs = Field(
        default_factory=dict,
        title="Inputs",
        description="Enter the name and map the value of each input that the scenario "
        "declares.",
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

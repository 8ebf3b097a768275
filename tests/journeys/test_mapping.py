"""Mapped values on their way into modules: words, conversions, refusals, warnings."""

import json
from typing import Any

from fakes.serving import Client, Listener, scenario, survey


def request(url: str, **mapped: object) -> dict[str, Any]:
    fields = {"url": url, "method": "POST", **mapped}
    return {"id": 2, "module": "http.make_a_request", "map": fields}


async def run_one(api: Client, *modules: dict[str, Any]) -> Any:  # noqa: ANN401 - the execution
    address = await api.listening(scenario(*modules))
    await api.deliver(address, survey())
    await api.settled(1)
    (execution,) = await api.executions()
    return execution


async def test_an_expression_knows_its_scenario_and_its_execution(
    api: Client, listener: Listener
) -> None:
    body = {
        "name": "{{scenarioName}}",
        "same": "{{var.scenario.name}}",
        "execution": "{{executionId}}",
        "also": "{{var.scenario.executionId}}",
        "began": "{{triggerTimestamp <= now}}",
        "consumed": "{{operationsConsumed}}",
    }
    execution = await run_one(api, request(listener.address, body=body))
    (received,) = listener.requests
    seen = json.loads(received.body)
    assert seen["name"] == seen["same"] == execution["scenario"]
    assert seen["execution"] == seen["also"] == execution["id"]
    assert seen["began"] is True
    assert seen["consumed"] == 2


async def test_a_value_becomes_what_its_field_asks_for(
    api: Client, listener: Listener
) -> None:
    parts = f'{{{{split("{listener.address}/a b";" ")}}}}'
    execution = await run_one(
        api,
        request(
            parts,
            stop_on_http_error="{{false}}",
            parse_response="{{0}}",  # any number counts as true in a field
            body="x",
        ),
    )
    assert execution["state"] == "done"
    assert execution["history"][1]["input"]["url"] == f"{listener.address}/a,b"
    assert execution["history"][1]["input"]["parse_response"] is True


async def test_a_value_that_does_not_fit_is_named_with_its_field_and_kind(
    api: Client, listener: Listener
) -> None:
    execution = await run_one(
        api, request(listener.address, headers="{{1.email}}", body="x")
    )
    assert execution["state"] == "incomplete"
    assert execution["error"]["type"] == "BundleValidationError"
    said = execution["error"]["message"]
    assert said.startswith("Make a request: Headers: ")
    assert "(the value is text)" in said
    assert listener.requests == []


async def test_a_condition_that_cannot_be_judged_holds_the_bundle_and_says_why(
    api: Client, listener: Listener
) -> None:
    conditions = [[{"a": "{{1.email}}", "o": "number:greater", "b": 5}]]
    module = request(listener.address) | {"filter": {"conditions": conditions}}
    execution = await run_one(api, module)
    _, filtered = execution["history"]
    assert filtered["state"] == "filtered"
    [warning] = filtered["warnings"]
    assert warning.startswith("number:greater: The text")
    assert listener.requests == []

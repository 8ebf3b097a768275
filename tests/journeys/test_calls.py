"""Scenarios that take inputs, call one another and return data."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import ClientSession, web

from fakes.serving import SECRET, Client, Listener, eventually, scenario, survey
from trunkline.server import serving
from trunkline.settings import Settings

INPUTS = [
    {"name": "who", "type": "text", "required": True, "label": "Who"},
    {"name": "times", "type": "integer", "default": 2},
]
GREETING = {
    "id": 1,
    "module": "scenarios.return_data",
    "map": {"data": {"greeting": "{{var.input.who}} x {{var.input.times + 1}}"}},
}


def greeter(*more: dict[str, Any], name: str = "Greeter") -> dict[str, Any]:
    return {"name": name, "inputs": INPUTS, "flow": [GREETING, *more]}


def caller(
    callee: str = "Greeter", name: str = "Caller", *, wait: bool = True, **data: object
) -> dict[str, Any]:
    call = {
        "id": 1,
        "module": "scenarios.call_a_scenario",
        "map": {"scenario": callee, "data": data, "wait": wait},
    }
    word = {
        "id": 2,
        "module": "tools.set_a_variable",
        "map": {"name": "said", "value": "{{1.data.greeting}}"},
    }
    return {"name": name, "flow": [call, word]}


async def test_inputs_are_converted_defaulted_and_refused_by_name(api: Client) -> None:
    await api.post("/scenarios", greeter())

    ran = await api.post("/scenarios/Greeter/run", {"input": {"who": "Ada"}})
    assert ran["history"][0]["output"] == [{"greeting": "Ada x 3"}]
    ran = await api.post(
        "/scenarios/Greeter/run", {"input": {"who": "Ada", "times": "4"}}
    )
    assert ran["history"][0]["output"] == [{"greeting": "Ada x 5"}]
    for wrong, said in (
        ({}, "The input 'Who' is missing."),
        ({"who": "a", "times": "x"}, "The input 'times'"),
        ({"who": "a", "whom": 1}, "There is no input 'whom'."),
    ):
        answer = await api.call("POST", "/scenarios/Greeter/run", json={"input": wrong})
        assert answer.status == 422, wrong
        assert said in answer.json()["detail"]


async def test_a_caller_waits_and_maps_what_was_returned(api: Client) -> None:
    await api.add_scenario(greeter())
    await api.post("/scenarios", caller(who="Ada"))

    ran = await eventually_ended(api, await begun(api, "Caller"))

    assert ran["state"] == "done"
    assert ran["history"][1]["output"] == [{"said": "Ada x 3"}]
    called = ran["history"][0]["output"][0]["execution"]
    child = await api.get(f"/executions/{called}")
    assert (child["origin"], child["state"]) == ("scenario", "done")


async def test_a_caller_that_does_not_wait_goes_on_at_once(api: Client) -> None:
    await api.add_scenario(greeter())
    await api.post("/scenarios", caller(who="Ada", wait=False))

    ran = await eventually_ended(api, await begun(api, "Caller"))

    assert ran["history"][1]["output"] == [{"said": None}]


async def test_what_fails_in_the_callee_fails_the_call_and_can_be_handled(
    api: Client, listener: Listener
) -> None:
    listener.answer = lambda _: web.Response(status=400)
    broken = {
        "id": 7,
        "module": "http.make_a_request",
        "map": {"url": listener.address},
    }
    callee = greeter(broken) | {"settings": {"dlq": False}}
    await api.add_scenario(callee)
    handled = caller(who="Ada")
    handled["flow"][0]["on_error"] = [
        {"id": 3, "module": "flow.resume", "map": {"data": "{{1.error.message}}"}}
    ]
    handled["flow"][1]["map"]["value"] = "{{1.data}}"
    await api.post("/scenarios", handled)

    ran = await eventually_ended(api, await begun(api, "Caller"))

    assert ran["state"] == "done"
    assert "The scenario 'Greeter' failed" in ran["history"][-1]["output"][0]["said"]


async def test_what_cannot_be_called_is_said(api: Client) -> None:
    await api.post("/scenarios", greeter(name="Inactive"))
    for callee, said in (("Nobody", "no scenario named"), ("Inactive", "active")):
        await api.post("/scenarios", caller(callee, name=f"To {callee}", who="a"))
        ran = await api.post(f"/scenarios/To%20{callee}/run", {})
        assert ran["error"]["type"] == "InvalidConfigurationError"
        assert said in ran["error"]["message"]


async def test_scenarios_that_call_one_another_in_a_circle_are_stopped(
    api: Client,
) -> None:
    circle = caller("Circle", name="Circle")
    await api.add_scenario(circle)
    first = await begun(api, "Circle")

    ran = await eventually_ended(api, first)

    assert ran["state"] == "failed"
    assert "circle" in ran["error"]["message"]
    assert len(await api.get("/executions?limit=100")) == 21


async def test_a_caller_that_sleeps_survives_a_restart(
    settings: Settings,
) -> None:
    nap = {"id": 5, "module": "tools.sleep", "map": {"seconds": 1}}
    async with opened(settings) as api:
        await api.add_scenario(greeter(nap))
        await api.post("/scenarios", caller(who="Ada"))
        id_ = await begun(api, "Caller")
        await eventually(
            lambda: api.get("/executions?limit=9"), lambda seen: len(seen) == 2
        )
    async with opened(settings) as api:
        ran = await eventually_ended(api, id_)

    assert ran["history"][1]["output"] == [{"said": "Ada x 3"}]


@asynccontextmanager
async def opened(settings: Settings) -> AsyncIterator[Client]:
    async with serving(settings) as running, ClientSession() as session:
        yield Client(session, running.address, running.token)


async def begun(api: Client, name: str) -> str:
    answer = await api.post(f"/scenarios/{name}/run?wait=false", {})
    return str(answer["id"])


async def eventually_ended(api: Client, id_: str) -> Any:  # noqa: ANN401 - the execution
    return await eventually(
        lambda: api.get(f"/executions/{id_}"),
        lambda seen: seen["state"] not in ("queued", "running"),
    )


async def test_a_scenario_that_triggers_itself_is_stopped_after_some_hops(
    api: Client,
) -> None:
    address = await api.add_webhook()
    again = {
        "id": 2,
        "module": "http.make_a_request",
        "map": {
            "url": address,
            "method": "POST",
            "headers": {"Authorization": f"Bearer {SECRET}"},
            "body": survey("r{{uuid}}"),
        },
    }
    await api.add_scenario(scenario(again))
    await api.deliver(address, survey())

    balance = await api.settled(21)

    assert balance["executions"] == {"done": 20, "incomplete": 1}
    (stopped,) = await api.get("/executions?state=incomplete")
    assert "triggers itself" in stopped["error"]["message"]

"""Deliveries on their way through scenarios: order, gates, branches, many bundles."""

from typing import Any

from aiohttp import web

from fakes.serving import Client, Listener, eventually, scenario, survey
from trunkline.apps.refiner.sandbox import SandboxSettings
from trunkline.apps.refiner.sandbox import running as running_sandbox


def word(id_: int, value: str, **more: Any) -> dict[str, Any]:  # noqa: ANN401 - keys of a module
    """A module that sets one variable."""
    return {
        "id": id_,
        "module": "tools.set_a_variable",
        "map": {"name": "word", "value": value},
        **more,
    }


def gate(a: str, operator: str, b: object = None) -> dict[str, Any]:
    return {"name": "gate", "conditions": [[{"a": a, "o": operator, "b": b}]]}


def call(id_: int, url: str, **more: Any) -> dict[str, Any]:  # noqa: ANN401 - keys of a module
    """A module that posts which module it is, and who answered."""
    body = {"module": id_, "who": "{{1.display_name}}"}
    return {
        "id": id_,
        "module": "http.make_a_request",
        "map": {"url": url, "method": "POST", "body": body},
        **more,
    }


def states(execution: dict[str, Any]) -> list[tuple[int, str]]:
    return [(one["module_id"], one["state"]) for one in execution["history"]]


async def run_one(api: Client, *modules: dict[str, Any]) -> Any:  # noqa: ANN401 - the execution
    """Sends one survey through these modules and returns its execution."""
    address = await api.listening(scenario(*modules))
    await api.deliver(address, survey())
    await api.settled(1)
    (execution,) = await api.executions()
    return execution


async def test_each_operation_is_shown_with_input_output_and_time(api: Client) -> None:
    execution = await run_one(api, word(2, "Hello {{1.display_name}}"))

    trigger, variable = execution["history"]
    assert trigger["output"][0]["response"]["data"] == {
        "nps": "9",
        "reason": "Fast support",
    }
    assert variable["input"] == {"name": "word", "value": "Hello Ada Example"}
    assert variable["output"] == [{"word": "Hello Ada Example"}]
    assert variable["label"] == "Set a variable"
    assert variable["duration_ms"] >= 0
    assert variable["attempts"] == 1


async def test_a_filter_stops_a_bundle_and_says_so(api: Client) -> None:
    closed = gate("{{1.response.data.nps}}", "number:less", 7)
    execution = await run_one(api, word(2, "a", filter=closed), word(3, "b"))

    assert execution["state"] == "done"
    assert states(execution) == [(1, "done"), (2, "filtered")]


async def test_a_condition_that_cannot_be_judged_fails_and_warns(api: Client) -> None:
    odd = gate("{{1.response.data.reason}}", "number:greater", 7)
    execution = await run_one(api, word(2, "a", filter=odd))

    (filtered,) = [one for one in execution["history"] if one["state"] == "filtered"]
    assert "number" in filtered["warnings"][0]


async def test_every_route_that_lets_a_bundle_pass_is_taken_in_order(
    api: Client, listener: Listener
) -> None:
    high = gate("{{1.response.data.nps}}", "number:greaterorequal", 9)
    low = gate("{{1.response.data.nps}}", "number:less", 9)
    router = {
        "id": 2,
        "module": "flow.router",
        "routes": [
            {"flow": [call(3, listener.address, filter=high)]},
            {"flow": [call(4, listener.address, filter=low)]},
            {"flow": [call(5, listener.address)]},
            {"fallback": True, "flow": [call(6, listener.address)]},
        ],
    }
    await run_one(api, router)

    assert [one.body for one in listener.requests] == [
        b'{"module":3,"who":"Ada Example"}',
        b'{"module":5,"who":"Ada Example"}',
    ]


async def test_the_fallback_is_taken_when_no_other_route_was(
    api: Client, listener: Listener
) -> None:
    closed = gate("{{1.response.data.nps}}", "number:less", 0)
    router = {
        "id": 2,
        "module": "flow.router",
        "routes": [
            {"fallback": True, "flow": [call(3, listener.address)]},
            {"flow": [call(4, listener.address, filter=closed)]},
        ],
    }
    await run_one(api, router)

    assert [one.body for one in listener.requests] == [
        b'{"module":3,"who":"Ada Example"}'
    ]


async def test_a_failing_module_leaves_the_execution_incomplete_with_error_and_input(
    api: Client, listener: Listener
) -> None:
    listener.answer = lambda _: web.json_response({"error": "no such plan"}, status=422)
    execution = await run_one(api, call(2, listener.address), word(3, "never"))

    assert execution["state"] == "incomplete"
    assert execution["error"]["type"] == "DataError"
    assert "no such plan" in execution["error"]["message"]
    assert execution["error"]["module_id"] == 2
    (failed,) = [one for one in execution["history"] if one["state"] == "failed"]
    assert failed["input"]["body"] == {"module": 2, "who": "Ada Example"}
    (delivery,) = await api.get("/webhooks/hook/deliveries")
    assert (delivery["state"], delivery["outcome"]) == ("held", "incomplete")


async def test_a_mapped_value_of_the_wrong_kind_is_refused_before_it_is_sent(
    api: Client, listener: Listener
) -> None:
    wrong = call(2, listener.address)
    wrong["map"]["method"] = "{{1.display_name}}"
    execution = await run_one(api, wrong)

    assert execution["error"]["type"] == "BundleValidationError"
    assert "Method" in execution["error"]["message"]
    assert listener.requests == []


async def test_a_dead_delivery_can_be_replayed_once_the_cause_is_mended(
    api: Client, listener: Listener
) -> None:
    listener.answer = lambda _: web.Response(status=500)
    document = scenario(call(2, listener.address)) | {"settings": {"dlq": False}}
    await api.deliver(await api.listening(document), survey())
    await api.settled(1)
    listener.answer = lambda _: web.json_response({})
    (dead,) = await api.get("/webhooks/hook/deliveries")
    assert (dead["state"], dead["outcome"]) == ("dead", "failed")
    await api.post("/scenarios/Answers/activate")

    await api.post(f"/deliveries/{dead['id']}/replay")

    async def deliveries() -> Any:  # noqa: ANN401 - JSON
        return await api.get("/webhooks/hook/deliveries")

    (delivery,) = await eventually(
        deliveries, lambda found: found[0]["state"] == "done"
    )
    assert delivery["id"] == dead["id"]
    assert len(await api.executions()) == 2


async def test_a_call_with_an_effect_carries_a_key_that_no_other_call_has(
    api: Client, listener: Listener
) -> None:
    await run_one(api, call(2, listener.address), call(3, listener.address))

    sent = [
        {name.lower(): value for name, value in one.headers.items()}
        for one in listener.requests
    ]
    assert len({headers["idempotency-key"] for headers in sent}) == 2


async def test_executions_run_side_by_side_unless_asked_otherwise(
    api: Client, listener: Listener
) -> None:
    address = await api.listening(scenario(call(2, listener.address)))
    for number in range(20):
        await api.deliver(address, survey(f"response-{number}"))

    balance = await api.settled(20)
    assert balance["executions"] == {"done": 20}
    assert len(listener.requests) == 20


async def test_every_contact_of_a_search_goes_through_the_rest_of_the_flow(
    api: Client, listener: Listener
) -> None:
    async with running_sandbox(SandboxSettings(contacts=7)) as sandbox:
        await api.post(
            "/connections",
            {
                "name": "My Refiner",
                "app": "refiner",
                "fields": {"api_key": SandboxSettings().key},
                "base_url": sandbox.url,
            },
        )
        search = {
            "id": 1,
            "module": "refiner.list_contacts",
            "connection": "My Refiner",
            "map": {"limit": 5},
        }
        flow = [search, call(2, listener.address), word(3, "{{2.statusCode}}")]
        await api.post("/scenarios", {"name": "Contacts", "flow": flow})

        execution = await api.post("/scenarios/Contacts/run", {})

    assert execution["state"] == "done"
    assert len(listener.requests) == 5
    (listed,) = [one for one in execution["history"] if one["module_id"] == 1]
    assert listed["bundles"] == 5
    assert len({one["uuid"] for one in listed["output"]}) == 5
    assert [one["path"] for one in execution["history"] if one["module_id"] == 3] == [
        "1",
        "2",
        "3",
        "4",
        "5",
    ]


async def test_each_execution_runs_the_version_it_began_with(
    api: Client, listener: Listener
) -> None:
    address = await api.listening(scenario(call(2, listener.address)))
    await api.deliver(address, survey("first"))
    await api.post("/scenarios", scenario(word(2, "second")))
    await api.deliver(address, survey("second"))

    await api.settled(2)
    modules = [
        [one["module"] for one in execution["history"]]
        for execution in await api.executions()
    ]
    trigger = "refiner.watch_completed_survey"
    assert modules == [
        [trigger, "http.make_a_request"],
        [trigger, "tools.set_a_variable"],
    ]


async def test_answers_of_a_survey_are_never_evaluated(
    api: Client, listener: Listener
) -> None:
    hostile = "{{1.email}} {{uuid}} {{upper(1.email)}}"
    address = await api.listening(scenario(call(2, listener.address)))

    await api.deliver(address, survey(display_name=hostile))

    await api.settled(1)
    assert hostile.encode() in listener.requests[0].body


async def test_of_a_confidential_scenario_it_stays_that_it_ran_and_no_more(
    api: Client, listener: Listener
) -> None:
    document = scenario(call(2, listener.address), word(3, "{{1.email}}"))
    document["settings"] = {"confidential": True}
    address = await api.listening(document)
    await api.deliver(address, survey(email="canary@example.com"))
    await api.settled(1)

    (execution,) = await api.executions()
    assert states(execution) == [(1, "done"), (2, "done"), (3, "done")]
    (delivery,) = await api.get("/webhooks/hook/deliveries")
    shown = await api.get(f"/deliveries/{delivery['id']}")
    assert "canary@example.com" not in f"{execution}{shown}"
    replayed = await api.call("POST", f"/deliveries/{delivery['id']}/replay")
    assert (replayed.status, "confidential" in replayed.text) == (409, True)

"""Pinned bundles, which stand in for modules in runs by hand."""

from typing import Any

import pytest
from aiohttp import ClientSession, web

from fakes.hand_runs import (
    asks,
    paths,
    repeater,
    run_again,
    run_once,
    saved,
    told,
    until_done,
    variable,
)
from fakes.serving import Client, Listener, on_disk, scenario, survey
from trunkline.server import serving
from trunkline.settings import Settings


async def test_a_pinned_module_gives_its_bundles_and_is_not_run(api: Client) -> None:
    async with Listener() as listener:
        await saved(api, asks(1, listener, "one"), variable(2, "{{1.data.who}}"))
        pinned = {"bundles": [{"data": {"who": "Ada"}}]}
        made = (await api.call("PUT", "/scenarios/Hand/pins/1", json=pinned)).json()
        assert (made["module"], made["bundles"]) == (1, pinned["bundles"])
        assert [one["module"] for one in await api.get("/scenarios/Hand/pins")] == [1]
        run = await run_once(api)
        assert listener.requests == []
        assert told(run) == [(1, "done", "pinned"), (2, "done", None)]
        assert run["history"][1]["output"] == [{"word": "Ada"}]
        dry = await api.post("/scenarios/Hand/rehearse", {})
        assert [one["pinned"] for one in dry["operations"]] == [True, False]
        assert dry["operations"][1]["output"] == [{"word": "Ada"}]
        assert listener.requests == []
        gone = await api.call("DELETE", "/scenarios/Hand/pins/1")
        assert gone.status == 204
        await run_once(api)
        assert paths(listener) == ["/one"]


async def test_live_runs_and_reruns_know_nothing_of_pins(api: Client) -> None:
    async with Listener() as listener:
        address = await api.listening(scenario(asks(2, listener, "live")))
        pinned = {"bundles": [{"data": "pinned"}]}
        await api.call("PUT", "/scenarios/Answers/pins/2", json=pinned)
        await api.deliver(address, survey())
        await api.settled(1)
        assert paths(listener) == ["/live"]
        [run] = await api.executions()
        assert [one["stood_in"] for one in run["history"]] == [None, None]
        await run_again(api, run)
        shown = await api.get("/scenarios/Answers")
    assert len(listener.requests) == 2
    assert "pinned" not in str(shown["document"])


async def test_a_pinned_trigger_needs_no_delivery(api: Client) -> None:
    await api.listening(
        scenario(variable(2, "{{1.display_name}}, {{1.__IMTLENGTH__}}"))
    )
    pinned = {"bundles": [{"display_name": "Ada"}, {"display_name": "Bob"}]}
    await api.call("PUT", "/scenarios/Answers/pins/1", json=pinned)
    run = await api.post("/scenarios/Answers/run", {})
    assert [one["output"] for one in run["history"]] == [
        pinned["bundles"],
        [{"word": "Ada, 2"}],
        [{"word": "Bob, 2"}],
    ]


async def test_run_again_it_begins_with_the_same_once_more(api: Client) -> None:
    await api.listening(scenario(variable(2, "{{1.display_name}}"), variable(3, "x")))
    pinned = {"bundles": [{"display_name": "Ada"}]}
    await api.call("PUT", "/scenarios/Answers/pins/1", json=pinned)
    first = await api.post("/scenarios/Answers/run", {})
    await api.call("DELETE", "/scenarios/Answers/pins/1")
    second = await api.post("/scenarios/Answers/run", {"start": {"module": 3}})
    for one in (first, second):
        seen = await run_again(api, one)
        assert told(seen) == told(one)
        assert seen["history"][1]["output"] == [{"word": "Ada"}]
    refused = await api.call("GET", f"/executions/{first['id']}/test")
    assert "stood in for some of its modules" in refused.text


async def test_what_a_module_gave_in_an_execution_is_pinned(api: Client) -> None:
    await saved(api, repeater(3), variable(2, "{{1.i}}"))
    run = await run_once(api)
    chosen = {"execution": run["id"]}
    made = (await api.call("PUT", "/scenarios/Hand/pins/1", json=chosen)).json()
    assert [one["i"] for one in made["bundles"]] == [1, 2, 3]
    two = {"bundles": made["bundles"][:2]}
    await api.call("PUT", "/scenarios/Hand/pins/1", json=two)
    again = await run_once(api)
    assert [o["path"] for o in again["history"] if o["module_id"] == 2] == ["1", "2"]


async def test_a_run_keeps_the_pins_that_it_began_with(
    api: Client, settings: Settings
) -> None:
    await saved(api, variable(1, "a"), variable(2, "{{1.word}}"))
    pinned = {"bundles": [{"word": "pinned"}]}
    await api.call("PUT", "/scenarios/Hand/pins/1", json=pinned)
    run = await run_once(api)
    await api.call("DELETE", "/scenarios/Hand/pins/1")
    shown = await api.get(f"/executions/{run['id']}")
    assert shown["history"][0]["stood_in"] == "pinned"
    assert on_disk(settings.data, "SELECT count(*) FROM pins") == [(0,)]


async def test_a_run_from_a_module_goes_on_when_it_is_resumed(
    api: Client, listener: Listener
) -> None:
    await saved(
        api, asks(1, listener, "one"), variable(2, "x"), asks(3, listener, "three")
    )
    await run_once(api)
    pinned = {"bundles": [{"word": "pinned"}]}
    await api.call("PUT", "/scenarios/Hand/pins/2", json=pinned)
    listener.answer = lambda _: web.Response(status=400)
    stopped = await run_once(api, 2)
    assert stopped["state"] == "incomplete"
    await api.call("DELETE", "/scenarios/Hand/pins/2")
    listener.answer = lambda _: web.json_response({})
    await api.post(f"/executions/{stopped['id']}/resume", {})
    seen = await until_done(api, stopped)
    assert paths(listener) == ["/one", "/three", "/three", "/three"]
    assert seen["history"][1]["output"] == pinned["bundles"]


async def test_a_restart_finds_what_was_taken_over_and_pinned(
    settings: Settings, listener: Listener
) -> None:
    sleeps = {"id": 3, "module": "tools.sleep", "map": {"seconds": 1}}
    flow = (
        asks(1, listener, "one"),
        variable(2, "x"),
        sleeps,
        asks(4, listener, "{{2.word}}"),
    )
    async with ClientSession() as session:
        async with serving(settings) as server:
            api = Client(session, server.address, server.token)
            await saved(api, *flow)
            await until_done(api, await run_once(api))
            pinned = {"bundles": [{"word": "pinned"}]}
            await api.call("PUT", "/scenarios/Hand/pins/2", json=pinned)
            path = "/scenarios/Hand/run?wait=false"
            begun = await api.post(path, {"start": {"module": 2}})
        async with serving(settings) as server:
            api = Client(session, server.address, server.token)
            await until_done(api, begun)
    assert paths(listener) == ["/one", "/x", "/pinned"]


@pytest.mark.parametrize(
    ("module", "bundles", "said"),
    [
        (9, [{}], "has no module 9"),
        (2, [{}, {}], "gives one bundle always; pin one"),
        (3, [{}], "gives no bundles that could be pinned"),
        (1, [{}] * 101, "At most 100 bundles"),
    ],
)
async def test_what_cannot_be_pinned_is_said(
    module: int, bundles: list[Any], said: str, api: Client
) -> None:
    router = {
        "id": 3,
        "module": "flow.router",
        "routes": [{"flow": [variable(4, "x")]}],
    }
    await saved(api, repeater(1), variable(2, "x"), router)
    path = f"/scenarios/Hand/pins/{module}"
    refused = await api.call("PUT", path, json={"bundles": bundles})
    assert refused.status in (404, 422)
    assert said in refused.text
    missing = await api.call("DELETE", "/scenarios/Hand/pins/2")
    assert (missing.status, "Module 2 is not pinned" in missing.text) == (404, True)


async def test_a_scenario_is_removed_with_all_that_its_runs_have_left(
    api: Client, settings: Settings
) -> None:
    await api.post("/data-stores", {"name": "people"})
    fields = {"data_store": "people", "key": "ada", "data": {"score": 9}}
    adds = {"id": 2, "module": "datastore.add_replace_a_record", "map": fields}
    await saved(api, variable(1, "a"), adds)
    await api.call("PUT", "/scenarios/Hand/pins/1", json={"bundles": [{"word": "p"}]})
    await run_once(api)
    await run_once(api, 2)
    gone = await api.call("DELETE", "/scenarios/Hand")
    assert gone.status == 204, gone.text
    for table in ("executions", "receipts", "pins", "stand_ins"):
        assert on_disk(settings.data, f"SELECT count(*) FROM {table}") == [(0,)]  # noqa: S608 - names of ours

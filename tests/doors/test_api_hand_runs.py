"""Runs by hand: from a module on, and with pinned bundles."""

from typing import Any

import pytest
from aiohttp import ClientSession, web

from fakes.serving import Client, Listener, eventually, on_disk, scenario, survey
from trunkline.server import serving
from trunkline.settings import Settings

Module = dict[str, Any]


def _asks(id_: int, listener: Listener, path: str, **more: object) -> Module:
    """A module that calls the listener at a path."""
    fields = {"url": f"{listener.address}/{path}", "method": "POST", "body": "x"}
    return {"id": id_, "module": "http.make_a_request", "map": fields, **more}


def _word(id_: int, value: str, **more: object) -> Module:
    fields = {"name": "word", "value": value}
    return {"id": id_, "module": "tools.set_a_variable", "map": fields, **more}


def _repeater(repeats: int) -> Module:
    fields = {"start": 1, "repeats": repeats, "step": 1}
    return {"id": 1, "module": "flow.repeater", "map": fields}


async def _saved(api: Client, *flow: Module, **more: object) -> None:
    await api.post("/scenarios", {"name": "Hand", "flow": [*flow], **more})


async def _run(api: Client, start: int | None = None, **more: object) -> Any:  # noqa: ANN401 - an execution
    asked = more if start is None else more | {"start": {"module": start}}
    return await api.post("/scenarios/Hand/run", asked)


async def _again(api: Client, execution: Any) -> Any:  # noqa: ANN401 - the same
    """The execution run once more, when it is done."""
    begun = await api.post(f"/executions/{execution['id']}/rerun")
    return await _done(api, {"id": begun["execution"]})


async def _done(api: Client, execution: Any) -> Any:  # noqa: ANN401 - the same
    path = f"/executions/{execution['id']}"
    return await eventually(
        lambda: api.get(path), lambda seen: bool(seen["state"] == "done")
    )


def _told(execution: Any) -> list[tuple[int, str, str | None]]:  # noqa: ANN401 - the same
    return [(o["module_id"], o["state"], o["stood_in"]) for o in execution["history"]]


def _paths(listener: Listener) -> list[str]:
    return [one.path for one in listener.requests]


async def test_a_run_from_a_module_takes_over_what_lies_before(api: Client) -> None:
    async with Listener() as listener:
        await _saved(
            api,
            _asks(1, listener, "one"),
            _asks(2, listener, "two/{{1.statusCode}}"),
            _asks(3, listener, "three"),
        )
        first = await _run(api)
        run = await _run(api, 2)
        assert _paths(listener) == ["/one", "/two/200", "/three", "/two/200", "/three"]
    assert run["state"] == "done"
    assert run["start"] == {"module": 2, "execution": first["id"]}
    assert _told(run) == [
        (1, "done", "taken over"),
        (2, "done", None),
        (3, "done", None),
    ]
    assert run["history"][0]["output"] == first["history"][0]["output"]
    assert [one["stood_in"] for one in run["modules"]] == ["taken over", None, None]


async def test_it_begins_with_the_execution_that_was_chosen(api: Client) -> None:
    given = [{"name": "who"}]
    await _saved(
        api, _word(1, "{{var.input.who}}"), _word(2, "is {{1.word}}"), inputs=given
    )
    ada = await _run(api, input={"who": "Ada"})
    await _run(api, input={"who": "Bob"})
    for chosen, word in ((None, "is Bob"), (ada["id"], "is Ada")):
        start = {"module": 2, "execution": chosen}
        run = await api.post("/scenarios/Hand/run", {"start": start})
        assert run["history"][-1]["output"] == [{"word": word}]


async def test_a_delivery_is_taken_over_and_stays_as_it_is(
    api: Client,
) -> None:
    address = await api.listening(scenario(_word(2, "{{1.display_name}}")))
    await api.deliver(address, survey(display_name="Ada"))
    before = await api.settled(1)
    run = await api.post("/scenarios/Answers/run", {"start": {"module": 2}})
    assert _told(run) == [(1, "done", "taken over"), (2, "done", None)]
    assert run["history"][1]["output"] == [{"word": "Ada"}]
    assert run["delivery"] is None
    assert (await api.get("/balance"))["states"] == before["states"]


async def test_every_bundle_of_a_loop_comes_again_and_is_gathered_anew(
    api: Client,
) -> None:
    gathers = {
        "id": 4,
        "module": "tools.text_aggregator",
        "aggregate": {"source": 1},
        "map": {"value": "{{3.word}}", "row_separator": ","},
    }
    async with Listener() as listener:
        await _saved(
            api,
            _repeater(3),
            _asks(2, listener, "{{1.i}}"),
            _word(3, "{{1.i}}"),
            gathers,
            _word(5, "{{4.text}}"),
        )
        await _run(api)
        run = await _run(api, 3)
        assert len(listener.requests) == 3
        last = await _run(api, 5)
    assert run["history"][-1]["output"] == [{"word": "1,2,3"}]
    assert last["history"][-1]["output"] == [{"word": "1,2,3"}]
    ran = [(o["module_id"], o["path"]) for o in run["history"] if not o["stood_in"]]
    assert ran == [(3, "1"), (3, "2"), (3, "3"), (4, ""), (5, "")]
    assert [o["module_id"] for o in last["history"] if not o["stood_in"]] == [5]


async def test_other_routes_do_not_run(api: Client) -> None:
    async with Listener() as listener:
        routes = [
            {"flow": [_asks(3, listener, "other")]},
            {"flow": [_word(4, "x"), _asks(5, listener, "mine")]},
        ]
        router = {"id": 2, "module": "flow.router", "routes": routes}
        await _saved(api, _word(1, "w"), router)
        await _run(api)
        run = await _run(api, 5)
        assert _paths(listener) == ["/other", "/mine", "/mine"]
    assert _told(run) == [
        (1, "done", "taken over"),
        (4, "done", "taken over"),
        (5, "done", None),
    ]


async def test_a_fallback_takes_what_no_other_route_would(api: Client) -> None:
    small = {"conditions": [[{"a": "{{1.i}}", "o": "number:less", "b": 3}]]}
    routes = [
        {"flow": [_word(3, "small", filter=small)]},
        {"fallback": True, "flow": [_word(4, "{{1.i}}")]},
    ]
    await _saved(
        api, _repeater(4), {"id": 2, "module": "flow.router", "routes": routes}
    )
    await _run(api)
    run = await _run(api, 4)
    outputs = [o["output"] for o in run["history"] if o["module_id"] == 4]
    assert outputs == [[{"word": 3}], [{"word": 4}]]


async def test_bundles_of_another_branch_do_not_come_along(api: Client) -> None:
    first = {"conditions": [[{"a": "{{1.i}}", "o": "number:less", "b": 2}]]}
    routes = [{"condition": first, "flow": [_word(3, "yes")]}, {"flow": []}]
    flow = (
        _repeater(2),
        {"id": 2, "module": "flow.if_else", "routes": routes},
        {"id": 4, "module": "flow.merge", "map": {"outputs": {"i": "{{1.i}}"}}},
        _word(5, "{{4.i}}"),
    )
    await _saved(api, *flow)
    source = await _run(api)
    run = await _run(api, 3)
    ran = [(o["module_id"], o["path"]) for o in run["history"] if not o["stood_in"]]
    assert ran == [(3, "1"), (4, "1"), (5, "1")]
    start = {"module": 5, "execution": source["id"]}
    whole = await api.post("/scenarios/Hand/run", {"start": start})
    ran = [(o["module_id"], o["path"]) for o in whole["history"] if not o["stood_in"]]
    assert ran == [(5, "1"), (5, "2")]


async def test_what_failed_before_a_module_does_not_come_as_far(api: Client) -> None:
    fails = "{{if(1.i = 2; parseNumber('none'); 1.i)}}"
    await _saved(api, _repeater(3), _word(2, fails), _word(3, "{{2.word}}"))
    before = await _run(api)
    assert before["state"] == "incomplete"
    run = await _run(api, 3)
    assert run["state"] == "done"
    ran = [o["path"] for o in run["history"] if o["module_id"] == 3]
    assert ran == ["1", "3"]


async def test_an_error_route_is_gone_along_again(api: Client) -> None:
    resumes = {"id": 4, "module": "flow.resume", "map": {"word": "mended"}}
    failing = _word(2, "{{parseNumber('none')}}", on_error=[_word(3, "x"), resumes])
    await _saved(api, _word(1, "w"), failing, _word(5, "{{2.word}}"))
    await _run(api)
    for start, ran in ((3, [3, 4, 5]), (5, [5])):
        run = await _run(api, start)
        assert run["history"][-1]["output"] == [{"word": "mended"}]
        assert [o["module_id"] for o in run["history"] if not o["stood_in"]] == ran


@pytest.mark.parametrize(
    ("start", "said"),
    [
        ({"module": 1}, "Module 1 is the first one"),
        ({"module": 9}, "has no module 9"),
        ({"module": 2, "execution": "none"}, "There is no execution none"),
        ({"module": 3}, "Module 2, which lies before module 3, did not run"),
    ],
)
async def test_where_a_run_cannot_begin_it_is_said(
    start: Module, said: str, api: Client
) -> None:
    await _saved(api, _word(1, "a"))
    await _run(api)
    await _saved(api, _word(1, "a"), _word(2, "b"), _word(3, "c"))
    refused = await api.call("POST", "/scenarios/Hand/run", json={"start": start})
    assert refused.status in (404, 409, 422)
    assert said in refused.text


async def test_before_the_first_execution_nothing_can_be_taken_over(
    api: Client,
) -> None:
    await _saved(api, _word(1, "a"), _word(2, "b"))
    asked = {"start": {"module": 2}}
    refused = await api.call("POST", "/scenarios/Hand/run", json=asked)
    assert refused.status == 404
    assert "No execution of the scenario has ended yet" in refused.text


async def test_a_confidential_scenario_cannot_begin_in_its_midst(api: Client) -> None:
    settings = {"confidential": True}
    await _saved(api, _word(1, "a"), _word(2, "b"), settings=settings)
    await _run(api)
    asked = {"start": {"module": 2}}
    refused = await api.call("POST", "/scenarios/Hand/run", json=asked)
    assert refused.status == 409
    assert "confidential" in refused.text


async def test_a_pinned_module_gives_its_bundles_and_is_not_run(api: Client) -> None:
    async with Listener() as listener:
        await _saved(api, _asks(1, listener, "one"), _word(2, "{{1.data.who}}"))
        pinned = {"bundles": [{"data": {"who": "Ada"}}]}
        made = (await api.call("PUT", "/scenarios/Hand/pins/1", json=pinned)).json()
        assert (made["module"], made["bundles"]) == (1, pinned["bundles"])
        assert [one["module"] for one in await api.get("/scenarios/Hand/pins")] == [1]
        run = await _run(api)
        assert listener.requests == []
        assert _told(run) == [(1, "done", "pinned"), (2, "done", None)]
        assert run["history"][1]["output"] == [{"word": "Ada"}]
        dry = await api.post("/scenarios/Hand/rehearse", {})
        assert [one["pinned"] for one in dry["operations"]] == [True, False]
        assert dry["operations"][1]["output"] == [{"word": "Ada"}]
        assert listener.requests == []
        gone = await api.call("DELETE", "/scenarios/Hand/pins/1")
        assert gone.status == 204
        await _run(api)
        assert _paths(listener) == ["/one"]


async def test_live_runs_and_reruns_know_nothing_of_pins(api: Client) -> None:
    async with Listener() as listener:
        address = await api.listening(scenario(_asks(2, listener, "live")))
        pinned = {"bundles": [{"data": "pinned"}]}
        await api.call("PUT", "/scenarios/Answers/pins/2", json=pinned)
        await api.deliver(address, survey())
        await api.settled(1)
        assert _paths(listener) == ["/live"]
        [run] = await api.executions()
        assert [one["stood_in"] for one in run["history"]] == [None, None]
        await _again(api, run)
        shown = await api.get("/scenarios/Answers")
    assert len(listener.requests) == 2
    assert "pinned" not in str(shown["document"])


async def test_a_pinned_trigger_needs_no_delivery(api: Client) -> None:
    await api.listening(scenario(_word(2, "{{1.display_name}}, {{1.__IMTLENGTH__}}")))
    pinned = {"bundles": [{"display_name": "Ada"}, {"display_name": "Bob"}]}
    await api.call("PUT", "/scenarios/Answers/pins/1", json=pinned)
    run = await api.post("/scenarios/Answers/run", {})
    assert [one["output"] for one in run["history"]] == [
        pinned["bundles"],
        [{"word": "Ada, 2"}],
        [{"word": "Bob, 2"}],
    ]


async def test_run_again_it_begins_with_the_same_once_more(api: Client) -> None:
    await api.listening(scenario(_word(2, "{{1.display_name}}"), _word(3, "x")))
    pinned = {"bundles": [{"display_name": "Ada"}]}
    await api.call("PUT", "/scenarios/Answers/pins/1", json=pinned)
    first = await api.post("/scenarios/Answers/run", {})
    await api.call("DELETE", "/scenarios/Answers/pins/1")
    second = await api.post("/scenarios/Answers/run", {"start": {"module": 3}})
    for one in (first, second):
        seen = await _again(api, one)
        assert _told(seen) == _told(one)
        assert seen["history"][1]["output"] == [{"word": "Ada"}]
    refused = await api.call("GET", f"/executions/{first['id']}/test")
    assert "stood in for some of its modules" in refused.text


async def test_what_a_module_gave_in_an_execution_is_pinned(api: Client) -> None:
    await _saved(api, _repeater(3), _word(2, "{{1.i}}"))
    run = await _run(api)
    chosen = {"execution": run["id"]}
    made = (await api.call("PUT", "/scenarios/Hand/pins/1", json=chosen)).json()
    assert [one["i"] for one in made["bundles"]] == [1, 2, 3]
    two = {"bundles": made["bundles"][:2]}
    await api.call("PUT", "/scenarios/Hand/pins/1", json=two)
    again = await _run(api)
    assert [o["path"] for o in again["history"] if o["module_id"] == 2] == ["1", "2"]


async def test_a_run_keeps_the_pins_that_it_began_with(
    api: Client, settings: Settings
) -> None:
    await _saved(api, _word(1, "a"), _word(2, "{{1.word}}"))
    pinned = {"bundles": [{"word": "pinned"}]}
    await api.call("PUT", "/scenarios/Hand/pins/1", json=pinned)
    run = await _run(api)
    await api.call("DELETE", "/scenarios/Hand/pins/1")
    shown = await api.get(f"/executions/{run['id']}")
    assert shown["history"][0]["stood_in"] == "pinned"
    assert on_disk(settings.data, "SELECT count(*) FROM pins") == [(0,)]


async def test_a_run_from_a_module_goes_on_when_it_is_resumed(
    api: Client, listener: Listener
) -> None:
    await _saved(
        api, _asks(1, listener, "one"), _word(2, "x"), _asks(3, listener, "three")
    )
    await _run(api)
    pinned = {"bundles": [{"word": "pinned"}]}
    await api.call("PUT", "/scenarios/Hand/pins/2", json=pinned)
    listener.answer = lambda _: web.Response(status=400)
    stopped = await _run(api, 2)
    assert stopped["state"] == "incomplete"
    await api.call("DELETE", "/scenarios/Hand/pins/2")
    listener.answer = lambda _: web.json_response({})
    await api.post(f"/executions/{stopped['id']}/resume", {})
    seen = await _done(api, stopped)
    assert _paths(listener) == ["/one", "/three", "/three", "/three"]
    assert seen["history"][1]["output"] == pinned["bundles"]


async def test_a_restart_finds_what_was_taken_over_and_pinned(
    settings: Settings, listener: Listener
) -> None:
    sleeps = {"id": 3, "module": "tools.sleep", "map": {"seconds": 1}}
    flow = (
        _asks(1, listener, "one"),
        _word(2, "x"),
        sleeps,
        _asks(4, listener, "{{2.word}}"),
    )
    async with ClientSession() as session:
        async with serving(settings) as server:
            api = Client(session, server.address, server.token)
            await _saved(api, *flow)
            await _done(api, await _run(api))
            pinned = {"bundles": [{"word": "pinned"}]}
            await api.call("PUT", "/scenarios/Hand/pins/2", json=pinned)
            path = "/scenarios/Hand/run?wait=false"
            begun = await api.post(path, {"start": {"module": 2}})
        async with serving(settings) as server:
            api = Client(session, server.address, server.token)
            await _done(api, begun)
    assert _paths(listener) == ["/one", "/x", "/pinned"]


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
    router = {"id": 3, "module": "flow.router", "routes": [{"flow": [_word(4, "x")]}]}
    await _saved(api, _repeater(1), _word(2, "x"), router)
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
    await _saved(api, _word(1, "a"), adds)
    await api.call("PUT", "/scenarios/Hand/pins/1", json={"bundles": [{"word": "p"}]})
    await _run(api)
    await _run(api, 2)
    gone = await api.call("DELETE", "/scenarios/Hand")
    assert gone.status == 204, gone.text
    for table in ("executions", "receipts", "pins", "stand_ins"):
        assert on_disk(settings.data, f"SELECT count(*) FROM {table}") == [(0,)]  # noqa: S608 - names of ours

"""Runs by hand from a module on, with what an earlier execution did before it."""

import pytest

from fakes.hand_runs import (
    Module,
    asks,
    paths,
    repeater,
    run_once,
    saved,
    told,
    variable,
)
from fakes.serving import Client, Listener, scenario, survey


async def test_a_run_from_a_module_takes_over_what_lies_before(api: Client) -> None:
    async with Listener() as listener:
        await saved(
            api,
            asks(1, listener, "one"),
            asks(2, listener, "two/{{1.statusCode}}"),
            asks(3, listener, "three"),
        )
        first = await run_once(api)
        run = await run_once(api, 2)
        assert paths(listener) == ["/one", "/two/200", "/three", "/two/200", "/three"]
    assert run["state"] == "done"
    assert run["start"] == {"module": 2, "execution": first["id"]}
    assert told(run) == [
        (1, "done", "taken over"),
        (2, "done", None),
        (3, "done", None),
    ]
    assert run["history"][0]["output"] == first["history"][0]["output"]
    assert [one["stood_in"] for one in run["modules"]] == ["taken over", None, None]


async def test_it_begins_with_the_execution_that_was_chosen(api: Client) -> None:
    given = [{"name": "who"}]
    await saved(
        api,
        variable(1, "{{var.input.who}}"),
        variable(2, "is {{1.word}}"),
        inputs=given,
    )
    ada = await run_once(api, input={"who": "Ada"})
    await run_once(api, input={"who": "Bob"})
    for chosen, word in ((None, "is Bob"), (ada["id"], "is Ada")):
        start = {"module": 2, "execution": chosen}
        run = await api.post("/scenarios/Hand/run", {"start": start})
        assert run["history"][-1]["output"] == [{"word": word}]


async def test_a_delivery_is_taken_over_and_stays_as_it_is(
    api: Client,
) -> None:
    address = await api.listening(scenario(variable(2, "{{1.display_name}}")))
    await api.deliver(address, survey(display_name="Ada"))
    before = await api.settled(1)
    run = await api.post("/scenarios/Answers/run", {"start": {"module": 2}})
    assert told(run) == [(1, "done", "taken over"), (2, "done", None)]
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
        await saved(
            api,
            repeater(3),
            asks(2, listener, "{{1.i}}"),
            variable(3, "{{1.i}}"),
            gathers,
            variable(5, "{{4.text}}"),
        )
        await run_once(api)
        run = await run_once(api, 3)
        assert len(listener.requests) == 3
        last = await run_once(api, 5)
    assert run["history"][-1]["output"] == [{"word": "1,2,3"}]
    assert last["history"][-1]["output"] == [{"word": "1,2,3"}]
    ran = [(o["module_id"], o["path"]) for o in run["history"] if not o["stood_in"]]
    assert ran == [(3, "1"), (3, "2"), (3, "3"), (4, ""), (5, "")]
    assert [o["module_id"] for o in last["history"] if not o["stood_in"]] == [5]


async def test_other_routes_do_not_run(api: Client) -> None:
    async with Listener() as listener:
        routes = [
            {"flow": [asks(3, listener, "other")]},
            {"flow": [variable(4, "x"), asks(5, listener, "mine")]},
        ]
        router = {"id": 2, "module": "flow.router", "routes": routes}
        await saved(api, variable(1, "w"), router)
        await run_once(api)
        run = await run_once(api, 5)
        assert paths(listener) == ["/other", "/mine", "/mine"]
    assert told(run) == [
        (1, "done", "taken over"),
        (4, "done", "taken over"),
        (5, "done", None),
    ]


async def test_a_fallback_takes_what_no_other_route_would(api: Client) -> None:
    small = {"conditions": [[{"a": "{{1.i}}", "o": "number:less", "b": 3}]]}
    routes = [
        {"flow": [variable(3, "small", filter=small)]},
        {"fallback": True, "flow": [variable(4, "{{1.i}}")]},
    ]
    await saved(api, repeater(4), {"id": 2, "module": "flow.router", "routes": routes})
    await run_once(api)
    run = await run_once(api, 4)
    outputs = [o["output"] for o in run["history"] if o["module_id"] == 4]
    assert outputs == [[{"word": 3}], [{"word": 4}]]


async def test_bundles_of_another_branch_do_not_come_along(api: Client) -> None:
    first = {"conditions": [[{"a": "{{1.i}}", "o": "number:less", "b": 2}]]}
    routes = [{"condition": first, "flow": [variable(3, "yes")]}, {"flow": []}]
    flow = (
        repeater(2),
        {"id": 2, "module": "flow.if_else", "routes": routes},
        {"id": 4, "module": "flow.merge", "map": {"outputs": {"i": "{{1.i}}"}}},
        variable(5, "{{4.i}}"),
    )
    await saved(api, *flow)
    source = await run_once(api)
    run = await run_once(api, 3)
    ran = [(o["module_id"], o["path"]) for o in run["history"] if not o["stood_in"]]
    assert ran == [(3, "1"), (4, "1"), (5, "1")]
    start = {"module": 5, "execution": source["id"]}
    whole = await api.post("/scenarios/Hand/run", {"start": start})
    ran = [(o["module_id"], o["path"]) for o in whole["history"] if not o["stood_in"]]
    assert ran == [(5, "1"), (5, "2")]


async def test_what_failed_before_a_module_does_not_come_as_far(api: Client) -> None:
    fails = "{{if(1.i = 2; parseNumber('none'); 1.i)}}"
    await saved(api, repeater(3), variable(2, fails), variable(3, "{{2.word}}"))
    before = await run_once(api)
    assert before["state"] == "incomplete"
    run = await run_once(api, 3)
    assert run["state"] == "done"
    ran = [o["path"] for o in run["history"] if o["module_id"] == 3]
    assert ran == ["1", "3"]


async def test_an_error_route_is_gone_along_again(api: Client) -> None:
    resumes = {"id": 4, "module": "flow.resume", "map": {"word": "mended"}}
    failing = variable(
        2, "{{parseNumber('none')}}", on_error=[variable(3, "x"), resumes]
    )
    await saved(api, variable(1, "w"), failing, variable(5, "{{2.word}}"))
    await run_once(api)
    for start, ran in ((3, [3, 4, 5]), (5, [5])):
        run = await run_once(api, start)
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
    await saved(api, variable(1, "a"))
    await run_once(api)
    await saved(api, variable(1, "a"), variable(2, "b"), variable(3, "c"))
    refused = await api.call("POST", "/scenarios/Hand/run", json={"start": start})
    assert refused.status in (404, 409, 422)
    assert said in refused.text


async def test_before_the_first_execution_nothing_can_be_taken_over(
    api: Client,
) -> None:
    await saved(api, variable(1, "a"), variable(2, "b"))
    asked = {"start": {"module": 2}}
    refused = await api.call("POST", "/scenarios/Hand/run", json=asked)
    assert refused.status == 404
    assert "No execution of the scenario has ended yet" in refused.text


async def test_a_confidential_scenario_cannot_begin_in_its_midst(api: Client) -> None:
    settings = {"confidential": True}
    await saved(api, variable(1, "a"), variable(2, "b"), settings=settings)
    await run_once(api)
    asked = {"start": {"module": 2}}
    refused = await api.call("POST", "/scenarios/Hand/run", json=asked)
    assert refused.status == 409
    assert "confidential" in refused.text

"""Variables and counters: how long they live, and that each number is given once."""

import asyncio
from pathlib import Path
from typing import Any

from aiohttp import ClientSession

from fakes.hand_runs import Module, repeater
from fakes.serving import Client, scenario, survey
from trunkline.server import serving
from trunkline.settings import Settings


def count(id_: int, reset: str, name: str = "") -> Module:
    fields = {"reset": reset, "name": name}
    return {"id": id_, "module": "tools.increment_function", "map": fields}


async def numbers(api: Client, name: str, module: int = 2) -> list[int]:
    """What a module counted in one run by hand."""
    ran = await api.post(f"/scenarios/{name}/run", {})
    return given(ran, module)


def given(execution: Any, module: int) -> list[int]:  # noqa: ANN401 - an execution
    return [
        bundle["i"]
        for one in execution["history"]
        if one["module_id"] == module
        for bundle in one["output"]
    ]


async def saved(api: Client, name: str, *flow: Module, **settings: object) -> None:
    await api.post("/scenarios", {"name": name, "flow": [*flow], "settings": settings})


async def test_a_counter_that_is_never_reset_counts_on_in_each_execution(
    api: Client,
) -> None:
    flow = repeater(2), count(2, "scenario"), count(3, "scenario", "other")
    await saved(api, "One", *flow)
    await saved(api, "Two", *flow)
    assert await numbers(api, "One") == [1, 2]
    assert await numbers(api, "One") == [3, 4]
    assert await numbers(api, "Two") == [1, 2]
    told = [{"name": "", "value": 4}, {"name": "other", "value": 4}]
    assert await api.get("/scenarios/One/counters") == told


async def test_executions_side_by_side_get_each_number_once(api: Client) -> None:
    address = await api.listening(scenario(count(2, "scenario")))
    events = [survey(f"event-{number}") for number in range(20)]
    await asyncio.gather(*(api.deliver(address, event) for event in events))
    await api.settled(len(events))
    got = sorted(number for ran in await api.executions() for number in given(ran, 2))
    assert got == [*range(1, len(events) + 1)]


async def test_a_counter_outlives_the_server(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path)
    for number in (1, 2):
        async with serving(settings) as running, ClientSession() as session:
            api = Client(session, running.address, running.token)
            if number == 1:
                await saved(api, "Counts", repeater(1), count(2, "scenario"))
            assert await numbers(api, "Counts") == [number]


async def test_a_counter_begins_anew_when_a_person_resets_it(api: Client) -> None:
    await saved(api, "Counts", repeater(3), count(2, "scenario", "a b/c"))
    assert await numbers(api, "Counts") == [1, 2, 3]
    path = "/scenarios/Counts/counters?counter=a%20b%2Fc"
    assert (await api.call("DELETE", path)).status == 204
    assert (await api.call("DELETE", path)).status == 404
    assert await api.get("/scenarios/Counts/counters") == []
    assert await numbers(api, "Counts") == [1, 2, 3]


async def test_cycles_begin_anew_what_lasts_for_a_cycle(api: Client) -> None:
    def variable(id_: int, name: str, scope: str) -> Module:
        fields = {"name": name, "value": "{{1.i}}", "scope": scope}
        return {"id": id_, "module": "tools.set_a_variable", "map": fields}

    def known(id_: int, name: str) -> Module:
        return {"id": id_, "module": "tools.get_a_variable", "map": {"name": name}}

    await saved(
        api,
        "Cycles",
        repeater(2),
        known(2, "passing"),
        known(3, "lasting"),
        variable(4, "passing", "roundtrip"),
        variable(5, "lasting", "execution"),
        count(6, "run", "passing"),
        count(7, "execution", "lasting"),
        roundtrips=2,
    )
    ran = await api.post("/scenarios/Cycles/run", {})
    values = {
        module: [
            bundle.get("value")
            for one in ran["history"]
            if one["module_id"] == module
            for bundle in one["output"]
        ]
        for module in (2, 3)
    }
    assert values == {2: [None, 1, None, 1], 3: [None, 1, 2, 1]}
    assert given(ran, 6) == [1, 2, 1, 2]
    assert given(ran, 7) == [1, 2, 3, 4]


async def test_a_dry_run_tells_the_next_numbers_and_uses_none_of_them(
    api: Client,
) -> None:
    await saved(api, "Counts", repeater(2), count(2, "scenario"))
    assert await numbers(api, "Counts") == [1, 2]
    dry = await api.post("/scenarios/Counts/rehearse", {})
    told = given({"history": dry["operations"]}, 2)
    assert told == [3, 4]
    assert await numbers(api, "Counts") == [3, 4]


async def test_on_a_draft_past_executions_get_the_numbers_that_they_had(
    api: Client,
) -> None:
    await saved(api, "Counts", repeater(2), count(2, "scenario"))
    for _ in range(2):
        await numbers(api, "Counts")
    document = (await api.get("/scenarios/Counts"))["document"]
    compared = await api.post("/scenarios/Counts/compare", {"document": document})
    assert [one["differences"] for one in compared] == [[], []]

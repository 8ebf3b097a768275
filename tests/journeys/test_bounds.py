"""Executions that do a lot, or too much."""

import asyncio

from fakes.serving import Client
from journeys.test_loops import gate, repeater, run, text


async def test_an_execution_that_does_too_much_is_stopped_in_words(api: Client) -> None:
    ran = await run(api, repeater(1, 100), text(2, "x"), max_operations=50)

    assert ran["state"] == "failed"
    assert ran["error"]["type"] == "OperationsLimitExceededError"
    assert "max_operations" in ran["error"]["message"]
    assert ran["operations"] == 51


async def test_an_execution_whose_bundles_grow_too_large_is_stopped_in_words(
    api: Client,
) -> None:
    """60 kB and sixteen times as much are more than 1 MB; neither is alone."""
    once, more = text(1, "x" * 60_000, "a"), text(2, "{{1.a}}" * 16, "b")
    ran = await run(api, once, more, max_megabytes=1)

    assert ran["state"] == "failed"
    assert ran["error"]["type"] == "MemoryLimitExceededError"
    assert "max_megabytes" in ran["error"]["message"]
    assert ran["error"]["module_id"] == 2


async def test_of_a_long_execution_some_operations_are_kept_and_all_are_counted(
    api: Client,
) -> None:
    total = {
        "id": 4,
        "module": "tools.numeric_aggregator",
        "aggregate": {"source": 1},
        "map": {"value": "{{3.n}}", "fn": "sum"},
    }
    odd = gate("{{2.i % 2}}", "number:equal", 1)
    word = text(3, "{{2.i}}", "n", filter=odd)
    ran = await run(api, repeater(1, 3), repeater(2, 1000), word, total)

    assert ran["operations"] == 1 + 3 + 3000 + 1
    counts = {one["module_id"]: one for one in ran["modules"]}
    assert counts[3]["states"] == {"done": 1500, "filtered": 1500}
    assert counts[2]["bundles"] == 3000
    last = await api.get(f"/executions/{ran['id']}/operations?module=4")
    shown = await api.get(f"/executions/{ran['id']}/operations/{last[0]['number']}")
    assert shown["output"] == [{"result": 750_000}]


async def test_an_execution_that_runs_too_long_is_ended_in_words(api: Client) -> None:
    async def say_nothing(
        reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        await reader.read()  # until the caller gives up
        writer.close()

    silent = await asyncio.start_server(say_nothing, "127.0.0.1", 0)
    async with silent:
        host, port = silent.sockets[0].getsockname()
        call = {
            "id": 1,
            "module": "http.make_a_request",
            "map": {"url": f"http://{host}:{port}/"},
        }
        ran = await run(api, call, max_seconds=1)

    assert ran["state"] == "failed"
    assert ran["error"]["type"] == "ScenarioTimeoutError"
    assert "max_seconds" in ran["error"]["message"]

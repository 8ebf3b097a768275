"""Executions over HTTP: found, looked into, run again, stopped."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import web

from fakes.serving import Client, Listener, eventually, scenario, survey


@asynccontextmanager
async def _silence() -> AsyncIterator[tuple[str, asyncio.Event]]:
    """A service that takes a request and never answers; tells when it has one."""
    asked, over = asyncio.Event(), asyncio.Event()

    async def take(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readline()
        asked.set()
        await over.wait()
        writer.close()

    server = await asyncio.start_server(take, "127.0.0.1", 0)
    host, port = server.sockets[0].getsockname()
    async with server:
        yield f"http://{host}:{port}/", asked
        over.set()


def _calling(address: str) -> dict[str, Any]:
    call = {"id": 2, "module": "http.make_a_request", "map": {"url": address}}
    return scenario(call)


async def test_an_execution_that_runs_can_be_stopped(api: Client) -> None:
    async with _silence() as (address, asked):
        hook = await api.listening(_calling(address))
        await api.deliver(hook, survey())
        await asked.wait()
        [running] = await api.get("/executions?state=running")
        stopped = await api.post(f"/executions/{running['id']}/cancel")
        assert stopped["state"] == "cancelled"
        again = await api.call("POST", f"/executions/{running['id']}/cancel")
        assert again.status == 409
    assert (await api.get("/balance"))["states"] == {"cancelled": 1}


async def test_an_execution_that_waits_in_line_can_be_stopped(api: Client) -> None:
    async with _silence() as (address, asked):
        document = _calling(address) | {"settings": {"sequential": True}}
        hook = await api.listening(document)
        for number in range(2):
            await api.deliver(hook, survey(str(number)))
        await asked.wait()
        [waiting] = await api.get("/executions?state=queued")
        await api.post(f"/executions/{waiting['id']}/cancel")
        [running] = await api.get("/executions?state=running")
        await api.post(f"/executions/{running['id']}/cancel")
    assert (await api.get("/balance"))["states"] == {"cancelled": 2}


async def test_an_execution_runs_again_on_the_current_version(
    api: Client, listener: Listener
) -> None:
    hook = await api.listening(_calling(f"{listener.address}/old"))
    await api.deliver(hook, survey())
    await api.settled(1)
    await api.post("/scenarios", _calling(f"{listener.address}/new"))
    [first] = await api.executions()
    begun = await api.post(f"/executions/{first['id']}/rerun")
    await eventually(
        lambda: api.get(f"/executions/{begun['execution']}"),
        lambda seen: seen["state"] == "done",
    )
    assert [one.path for one in listener.requests] == ["/old", "/new"]


async def test_operations_are_listed_in_parts_and_shown_one_by_one(
    api: Client,
) -> None:
    hook = await api.listening()
    await api.deliver(hook, survey())
    await api.settled(1)
    [execution] = await api.get("/executions")
    path = f"/executions/{execution['id']}"
    shown = await api.get(f"{path}?history=false")
    assert (shown["history"], shown["version"]) == (None, 1)
    assert [(one["module_id"], one["states"]) for one in shown["modules"]] == [
        (1, {"done": 1}),
        (2, {"done": 1}),
    ]
    first = await api.get(f"{path}/operations?limit=1")
    rest = await api.get(f"{path}/operations?after={first[0]['number']}")
    assert [one["module_id"] for one in first + rest] == [1, 2]
    last = await api.get(f"{path}/operations/{rest[0]['number']}")
    assert last["output"] == [{"who": survey()["display_name"]}]
    assert (await api.call("GET", f"{path}/operations/99")).status == 404


async def test_executions_are_found_by_scenario_state_and_text(api: Client) -> None:
    await api.listening(_calling("http://127.0.0.1:1/"))
    await api.post("/scenarios/Answers/run?wait=true", {"input": survey()})
    [failed] = await api.get("/executions?text=ConnectionError")
    assert failed["state"] == "incomplete"
    for query in (f"scenario={failed['scenario_id']}", f"text={failed['id'][:20]}"):
        assert [one["id"] for one in await api.get(f"/executions?{query}")] == [
            failed["id"]
        ]
    for query in ("text=nothing%25", "scenario=Other", "state=done"):
        assert await api.get(f"/executions?{query}") == []


async def test_a_run_by_hand_need_not_be_waited_for(api: Client) -> None:
    await api.listening()
    begun = await api.post("/scenarios/Answers/run?wait=false", {"input": survey()})
    assert begun["state"] in ("queued", "running", "done")
    await eventually(
        lambda: api.get(f"/executions/{begun['id']}"),
        lambda seen: seen["state"] == "done",
    )


async def test_a_refused_call_is_shown_with_its_answer_and_without_the_key(
    api: Client, listener: Listener
) -> None:
    key = "an-invented-api-key-0123456789"
    listener.answer = lambda _: web.json_response({"project_name": "Testing"})
    await api.post(
        "/connections",
        {
            "name": "mine",
            "app": "refiner",
            "fields": {"api_key": key},
            "base_url": listener.address,
        },
    )
    listener.answer = lambda _: web.json_response(
        {"message": f"{key} may not", "long": "x" * 20_000}, status=403
    )
    event = {"user_id": "ada", "event_name": "Asked"}
    call = {"id": 2, "module": "refiner.track_an_event", "connection": "mine"}
    await api.listening(scenario(call | {"map": event}))
    run = await api.post("/scenarios/Answers/run", {"input": survey()})
    shown = await api.call("GET", f"/executions/{run['id']}/operations/2")
    exchange = shown.json()["error"]["exchange"]
    assert exchange["request"]["method"] == "POST"
    assert exchange["request"]["url"].endswith("/v1/track-event")
    assert '"ada"' in exchange["request"]["body"]
    assert exchange["request"]["headers"]["authorization"] == "***"
    assert exchange["response"]["status"] == 403
    assert "*** may not" in exchange["response"]["body"]
    assert exchange["response"]["body"].endswith("more characters)")
    assert key not in shown.text
    assert "exchange" not in run["error"]

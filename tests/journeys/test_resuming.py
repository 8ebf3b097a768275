"""Executions that stopped, were mended, and went on: each thing once, and whole."""

import json
from collections.abc import Callable
from typing import Any

from aiohttp import web

from fakes.serving import Client, Listener, Received, eventually

Module = dict[str, Any]


def repeater(id_: int, repeats: int) -> Module:
    return {
        "id": id_,
        "module": "flow.repeater",
        "map": {"start": 1, "repeats": repeats, "step": 1},
    }


def effect(id_: int, listener: Listener, n: str, **more: Any) -> Module:  # noqa: ANN401 - keys of a module
    body = {"step": id_, "n": n}
    fields = {"url": f"{listener.address}/effects", "method": "POST", "body": body}
    return {"id": id_, "module": "http.make_a_request", "map": fields, **more}


def gathered(id_: int, source: int, n: str) -> Module:
    return {
        "id": id_,
        "module": "flow.array_aggregator",
        "aggregate": {"source": source},
        "map": {"n": n},
    }


def refusing(*refused: tuple[int, int]) -> Callable[[Received], web.Response]:
    """Answers of a target that refuses some numbers in some steps."""

    def answer(received: Received) -> web.Response:
        body = json.loads(received.body)
        status = 400 if (body["step"], body["n"]) in refused else 200
        return web.json_response({}, status=status)

    return answer


def effects(listener: Listener, step: int) -> list[int]:
    """The numbers that a step has sent, refused ones among them."""
    bodies = [json.loads(one.body) for one in listener.requests if one.body]
    return [one["n"] for one in bodies if one["step"] == step]


async def run(api: Client, *flow: Module, **settings: object) -> Any:  # noqa: ANN401 - the execution
    document = {"name": "Stops", "flow": [*flow], "settings": settings}
    await api.post("/scenarios", document)
    return await api.post("/scenarios/Stops/run", {})


async def resumed(api: Client, execution: str) -> Any:  # noqa: ANN401 - the execution
    await api.post(f"/executions/{execution}/resume", {})

    def rests(seen: Any) -> bool:  # noqa: ANN401 - an execution
        return seen["state"] not in ("queued", "running")

    return await eventually(lambda: api.get(f"/executions/{execution}"), rests)


async def test_an_aggregator_waits_for_a_bundle_that_stopped_in_a_loop_within_its_own(
    api: Client, listener: Listener
) -> None:
    listener.answer = refusing((3, 21))
    ran = await run(
        api,
        repeater(1, 2),
        repeater(2, 2),
        effect(3, listener, "{{1.i * 10 + 2.i}}"),
        gathered(4, 1, "{{2.i}}"),
        effect(5, listener, "{{length(4.array)}}"),
        dlq=True,
    )
    assert ran["state"] == "incomplete"
    assert effects(listener, 5) == []

    listener.answer = refusing()
    assert (await resumed(api, ran["id"]))["state"] == "done"
    assert effects(listener, 3) == [11, 12, 21, 22, 21]
    assert effects(listener, 5) == [4]


async def test_a_failure_leaves_the_bundles_that_stopped_before_it_to_be_resumed_too(
    api: Client, listener: Listener
) -> None:
    listener.answer = refusing((2, 1), (4, 2))
    kept = [{"id": 3, "module": "flow.break", "map": {"retry": False}}]
    ran = await run(
        api,
        repeater(1, 3),
        effect(2, listener, "{{1.i}}", on_error=kept),
        effect(4, listener, "{{1.i}}"),
        dlq=False,
    )
    assert ran["state"] == "failed"
    stops = [(one["module_id"], one["path"]) for one in ran["stops"]]
    assert stops == [(2, "1"), (4, "2")]

    listener.answer = refusing()
    assert (await resumed(api, ran["id"]))["state"] == "done"
    assert effects(listener, 2) == [1, 2, 1, 3]
    assert effects(listener, 4) == [2, 1, 2, 3]


async def test_a_search_that_failed_half_way_gives_the_same_bundles_when_resumed(
    api: Client, listener: Listener
) -> None:
    refused = refusing((5, 2))

    def answer(received: Received) -> web.Response:
        if received.method == "POST":
            return refused(received)
        if len(listener.requests) > 2:
            return web.json_response({}, status=400)
        return web.json_response(
            {
                "project_name": "Testing",
                "items": [{"uuid": "one"}, {"uuid": "two"}],
                "pagination": {"next_page_cursor": "2"},
            }
        )

    listener.answer = answer
    mine = {"name": "mine", "app": "refiner", "fields": {"api_key": "an-invented-key"}}
    await api.post("/connections", mine | {"base_url": listener.address})
    search = {
        "id": 1,
        "module": "refiner.list_contacts",
        "connection": "mine",
        "on_error": [{"id": 3, "module": "flow.ignore"}],
    }
    ran = await run(
        api,
        repeater(9, 1),
        search,
        gathered(4, 1, "{{1.uuid}}"),
        effect(5, listener, "{{length(4.array)}}"),
        dlq=True,
    )
    assert (ran["state"], effects(listener, 5)) == ("incomplete", [2])

    refused = refusing()
    assert (await resumed(api, ran["id"]))["state"] == "done"
    assert effects(listener, 5) == [2, 2]

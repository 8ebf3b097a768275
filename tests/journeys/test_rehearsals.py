"""What a scenario would do: dry runs, drafts on old executions, and test files."""

import json
from pathlib import Path
from typing import Any

from aiohttp import web

from fakes.serving import Client, Listener, scenario, survey
from fakes.terminal import Terminal
from trunkline.model.scenario_text import as_yaml


def calls(address: str) -> list[dict[str, Any]]:
    """A module that reads, and one that changes something."""
    read = {
        "id": 2,
        "module": "http.make_a_request",
        "map": {"url": f"{address}/people/{{{{1.uuid}}}}"},
    }
    write = {
        "id": 3,
        "module": "http.make_a_request",
        "map": {
            "url": f"{address}/notes",
            "method": "POST",
            "body": {"who": "{{1.email}}", "plan": "{{2.data.plan}}"},
        },
    }
    word = {
        "id": 4,
        "module": "tools.set_a_variable",
        "map": {"name": "plan", "value": "{{upper(2.data.plan)}}"},
    }
    return [read, write, word]


def plan(listener: Listener) -> None:
    listener.answer = lambda _: web.json_response({"plan": "pro"})


def by_module(rehearsed: dict[str, Any]) -> dict[int, Any]:
    return {one["module_id"]: one for one in rehearsed["operations"]}


async def test_a_dry_run_reads_and_shows_what_it_would_send(
    api: Client, listener: Listener
) -> None:
    plan(listener)
    await api.add_webhook()
    await api.post("/scenarios", scenario(*calls(listener.address)))

    found = await api.post("/scenarios/Answers/rehearse", {"input": survey()})

    assert found["state"] == "done"
    done = by_module(found)
    assert done[4]["output"] == [{"plan": "PRO"}]
    request = done[3]["request"]
    assert request["method"] == "POST"
    assert json.loads(request["body"]) == {"who": survey()["email"], "plan": "pro"}
    assert [one.method for one in listener.requests] == ["GET"]
    assert await api.get("/executions") == []


async def test_a_draft_is_rehearsed_on_a_delivery_without_touching_what_is_live(
    api: Client, listener: Listener
) -> None:
    plan(listener)
    address = await api.listening()
    await api.deliver(address, survey())
    await api.settled(1)
    (delivery,) = await api.get("/webhooks/hook/deliveries")
    draft = scenario(*calls(listener.address))

    trial = {"document": draft, "delivery": delivery["id"]}
    found = await api.post("/scenarios/Answers/rehearse", trial)

    assert found["state"] == "done"
    assert len(await api.get("/executions")) == 1
    assert (await api.get("/scenarios/Answers"))["version"] == 1


async def test_a_draft_on_old_executions_shows_what_differs_and_asks_nobody(
    api: Client, listener: Listener
) -> None:
    plan(listener)
    flow = calls(listener.address)
    address = await api.listening(scenario(*flow))
    for number in range(2):
        await api.deliver(address, survey(f"r{number}"))
    await api.settled(2)
    asked = len(listener.requests)

    same = {"document": scenario(*flow), "executions": 5}
    assert [
        one["differences"] for one in await api.post("/scenarios/Answers/compare", same)
    ] == [[], []]
    flow[1]["map"]["body"]["who"] = "{{upper(1.email)}}"
    draft = {"document": scenario(*flow[:2]), "executions": 5}
    found = await api.post("/scenarios/Answers/compare", draft)

    assert len(listener.requests) == asked
    for one in found:
        changed, gone = one["differences"]
        assert changed["module_id"] == 3
        assert changed["before"]["input"]["body"]["who"] == survey()["email"]
        assert changed["after"]["input"]["body"]["who"] == survey()["email"].upper()
        assert (gone["module_id"], gone["after"]) == (4, None)


async def test_an_execution_becomes_a_test_that_passes_offline_and_fails_on_a_change(
    api: Client, listener: Listener, tmp_path: Path
) -> None:
    terminal = Terminal(tmp_path)
    plan(listener)
    document = scenario(*calls(listener.address))
    address = await api.listening(document)
    await api.deliver(address, survey())
    await api.settled(1)
    (ran,) = await api.get("/executions")

    text = (await api.get(f"/executions/{ran['id']}/test"))["text"]

    assert survey()["email"] not in text
    assert survey()["display_name"] not in text
    file = tmp_path / "answers.test.yaml"
    file.write_text(text)
    (tmp_path / "Answers.yaml").write_text(as_yaml(document))
    asked = len(listener.requests)
    assert terminal.run("scenario", "test", str(file)).code == 0
    document["flow"][3]["map"]["value"] = "{{2.data.plan}}"
    (tmp_path / "Answers.yaml").write_text(as_yaml(document))
    failed = terminal.run("scenario", "test", str(file))
    assert failed.code == 1
    assert "PRO" in failed.out
    assert len(listener.requests) == asked

    assert terminal.run("scenario", "test", str(file), "--update").code == 0
    assert terminal.run("scenario", "test", str(file)).code == 0

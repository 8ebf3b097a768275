"""Scenario files through the API: saved, refused with a sentence, switched, run."""

import json
from io import BytesIO
from typing import Any

from aiohttp import web

from fakes.serving import Client, Listener, scenario, survey

WORD = {
    "id": 2,
    "module": "tools.set_a_variable",
    "map": {"name": "who", "value": "{{1.display_name}}"},
}
ROUTER = {"id": 2, "module": "flow.router"}


def _asks(listener: Listener, **fields: object) -> dict[str, Any]:
    """A module that calls the listener."""
    mapped = {"url": f"{listener.address}/{{{{1.email}}}}", **fields}
    return {"id": 2, "module": "http.make_a_request", "map": mapped}


def _nested(depth: int) -> dict[str, Any]:
    """Routers within routers; the innermost has a route to a plain module."""
    inner: dict[str, Any] = WORD | {"id": depth + 2, "map": {"name": "x"}}
    for number in range(depth + 1, 1, -1):
        inner = {"id": number, "module": "flow.router", "routes": [{"flow": [inner]}]}
    return inner


FAULTS: dict[str, tuple[dict[str, Any], str]] = {
    "unknown module": (
        WORD | {"module": "tools.set_variable"},
        "There is no module 'tools.set_variable'; did you mean 'tools.set_a_variable'?",
    ),
    "missing mandatory field": (
        WORD | {"map": {"value": "x"}},
        "Variable name is mandatory (map: name).",
    ),
    "unknown field": (
        WORD | {"map": {"name": "x", "valeu": "y"}},
        "There is no field 'valeu' (did you mean 'value'?).",
    ),
    "constant that does not fit": (
        {"id": 2, "module": "http.make_a_request", "map": {"url": "x", "method": "GO"}},
        "Field method",
    ),
    "template that is none": (
        WORD | {"map": {"name": "x", "value": "{{upper(1.email}}"}},
        "Field 'value'",
    ),
    "unknown function": (
        WORD | {"map": {"name": "x", "value": "{{uper(1.email)}}"}},
        "uper",
    ),
    "reference to itself": (
        WORD | {"map": {"name": "x", "value": "{{2.who}}"}},
        "Field 'value': Module 2 does not run before this one. Before it run: 1.",
    ),
    "reference to nothing": (
        WORD | {"map": {"name": "x", "value": "{{9.who}}"}},
        "Module 9 does not run before this one.",
    ),
    "connection missing": (
        {"id": 2, "module": "refiner.list_contacts"},
        "The connection is missing (connection: NAME).",
    ),
    "unknown connection": (
        {"id": 2, "module": "refiner.list_contacts", "connection": "mine"},
        "There is no connection named 'mine'",
    ),
    "doubled id": (WORD | {"id": 1}, "Two modules have the id 1."),
    "two triggers": (
        {"id": 2, "module": "refiner.watch_completed_survey", "webhook": "hook"},
        "A trigger can only be the first module.",
    ),
    "webhook on an action": (
        WORD | {"webhook": "hook"},
        "Only an instant trigger has a webhook.",
    ),
    "routes on an action": (
        WORD | {"routes": [{"flow": []}]},
        "Only a router has routes.",
    ),
    "router without routes": (ROUTER, "A router needs at least one route."),
    "two fallbacks": (
        ROUTER | {"routes": [{"flow": [], "fallback": True}] * 2},
        "Module 2 (flow.router): It has more than one fallback.",
    ),
    "unknown operator": (
        WORD | {"filter": {"conditions": [[{"a": "1", "o": "number:bigger"}]]}},
        "number:bigger",
    ),
    "filter that looks ahead": (
        WORD | {"filter": {"conditions": [[{"a": "{{7.x}}", "o": "exist"}]]}},
        "The filter: Module 7 does not run before this one.",
    ),
    "unknown key": (WORD | {"conection": "mine"}, "conection"),
    "too deep": (_nested(60), "nested"),
}

NO_FILES: dict[str, tuple[str, str]] = {
    "empty": ("", "begins with `name:` and `flow:`"),
    "a list": ("- 1", "begins with `name:` and `flow:`"),
    "a text": ("hello", "begins with `name:` and `flow:`"),
    "not YAML": ("name: [", "not valid YAML"),
    "a NUL": ("name: \0", "not valid YAML"),
    "a tab for a blank": ("name: x\nflow:\n\t- id: 1", "not valid YAML"),
    "a number that is none": ("name: !!int abc\nflow: []", "not valid YAML"),
    "a date that is none": ("name: !!timestamp x\nflow: []", "not valid YAML"),
    "5,000 digits": (f"name: {'1' * 5000}\nflow: []", "not valid YAML"),
    "a Python object": ("name: !!python/object/apply:os.getcwd []", "not valid YAML"),
    "depth": ("[" * 5000, "not valid YAML"),
    "no flow": ("name: x", "flow: Field required"),
    "no name": ("flow: []", "name: Field required"),
    "blank name": ("name: ' '\nflow: []", "needs a name"),
    "empty flow": ("name: x\nflow: []", "The flow is empty"),
    "unknown zone": (
        "name: x\nflow: []\nsettings: {timezone: Europe/Atlantis}",
        "'Europe/Atlantis' is not a time zone",
    ),
    "bytes": (
        "name: x\nflow: [{id: 1, module: a.b, map: {x: !!binary gA==}}]",
        "bytes",
    ),
    "aliases": (
        "a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\nname: x\nflow: [*c, *c]",
        "aliases (*name) are not supported",
    ),
    "6 MB": (f"name: {'x' * 6_000_000}", "larger than 5 MB"),
    "1,000 modules": (
        "name: x\nflow:\n"
        + "".join(
            f"- {{id: {n}, module: tools.set_a_variable, map: {{name: x}}}}\n"
            for n in range(1, 1001)
        ),
        "modules",
    ),
}


async def _refused(api: Client, text: str, status: int = 422) -> str:
    answer = await api.call("POST", "/scenarios", data=BytesIO(text.encode()))
    assert answer.status == status, answer.text
    assert answer.headers["Content-Type"] == "application/problem+json"
    return str(answer.json()["detail"])


async def test_a_fault_in_a_scenario_is_named_with_its_place(api: Client) -> None:
    await api.add_webhook()
    for fault, (module, sentence) in FAULTS.items():
        said = await _refused(api, json.dumps(scenario(module)))
        assert sentence in said, fault
        assert await api.get("/scenarios") == []


async def test_what_is_no_scenario_file_is_refused_with_a_sentence(
    api: Client,
) -> None:
    for fault, (text, sentence) in NO_FILES.items():
        said = await _refused(api, text)
        assert sentence in said, fault
        assert await api.get("/scenarios") == []


async def test_all_faults_are_told_at_once(api: Client) -> None:
    said = await _refused(api, json.dumps(scenario(WORD | {"map": {"valeu": 1}})))
    assert "There is no webhook named 'hook'" in said
    assert "Variable name is mandatory" in said
    assert "There is no field 'valeu'" in said


async def test_a_webhook_must_exist_and_fit_its_module(api: Client) -> None:
    await api.add_webhook("answers")
    said = await _refused(api, json.dumps(scenario(webhook="answer")))
    assert "no webhook named 'answer' (did you mean 'answers'?)" in said
    trigger = {"id": 1, "module": "refiner.watch_user_entered_segment"}
    other = {"name": "x", "flow": [trigger | {"webhook": "answers"}]}
    said = await _refused(api, json.dumps(other))
    assert "is for refiner.watch_completed_survey" in said
    said = await _refused(api, json.dumps({"name": "x", "flow": [trigger]}))
    assert "The webhook is missing (webhook: NAME)." in said


async def test_yaml_and_json_say_the_same(api: Client) -> None:
    yaml = """
name: By hand
flow:
  - id: 1
    module: tools.set_a_variable
    map: {name: when, value: 2026-01-02}
"""
    assert (await api.call("POST", "/scenarios", data=yaml.encode())).status == 201
    shown = await api.get("/scenarios/By%20hand")
    again = await api.post("/scenarios", shown["document"])
    assert again["document"] == shown["document"]
    assert [shown["version"], again["version"]] == [1, 2]
    assert shown["document"]["flow"][0]["map"]["value"] == "2026-01-02"
    schema = await api.get("/scenarios/schema")
    assert {"name", "flow"} <= schema["properties"].keys()


async def test_a_webhook_feeds_one_scenario_only(api: Client) -> None:
    address = await api.listening()
    await api.post("/scenarios", scenario(name="Second"))
    answer = await api.call("POST", "/scenarios/Second/activate")
    assert answer.status == 409
    assert "A webhook feeds one scenario" in answer.json()["detail"]
    await api.deliver(address, survey())
    await api.settled(1)
    assert [one["scenario"] for one in await api.executions()] == ["Answers"]
    await api.post("/scenarios/Answers/deactivate")
    await api.post("/scenarios/Second/activate")
    await api.deliver(address, survey("another"))
    await api.settled(2)
    assert (await api.executions())[-1]["scenario"] == "Second"


async def test_a_new_version_of_an_active_scenario_takes_effect_at_once(
    api: Client,
) -> None:
    address = await api.listening()
    for number in (1, 2, 3):
        word = WORD | {"map": {"name": "version", "value": number}}
        saved = await api.post("/scenarios", scenario(word))
        assert (saved["active"], saved["version"]) == (True, number + 1)
        await api.deliver(address, survey(f"response-{number}"))
    await api.settled(3)
    outputs = [one["history"][-1]["output"] for one in await api.executions()]
    assert outputs == [[{"version": 1}], [{"version": 2}], [{"version": 3}]]


async def test_a_new_version_that_is_refused_changes_nothing(api: Client) -> None:
    address = await api.listening()
    other = await api.add_webhook("other")
    await api.add_scenario(scenario(name="Second", webhook="other"))
    moved = scenario(name="Second", webhook="hook")
    answer = await api.call("POST", "/scenarios", json=moved)
    assert answer.status == 409
    shown = await api.get("/scenarios/Second")
    assert (shown["version"], shown["webhook"]) == (1, "other")
    for number, where in enumerate((address, other)):
        await api.deliver(where, survey(f"response-{number}"))
    await api.settled(2)
    ran = [one["scenario"] for one in await api.executions()]
    assert ran == ["Answers", "Second"]


async def test_a_new_version_that_leaves_its_webhook_hears_it_no_more(
    api: Client,
) -> None:
    address = await api.listening()
    word = WORD | {"map": {"name": "x"}}
    await api.post("/scenarios", {"name": "Answers", "flow": [word]})
    assert (await api.deliver(address, survey())).status == 410
    other = await api.add_webhook("other")
    await api.post("/scenarios", scenario(webhook="other"))
    assert (await api.deliver(other, survey())).status == 200
    assert (await api.deliver(address, survey("another"))).status == 410


async def test_a_scenario_runs_by_hand_on_a_body_of_its_own(api: Client) -> None:
    await api.add_webhook()
    await api.post("/scenarios", scenario())
    ran = await api.post("/scenarios/Answers/run", {"input": survey()})
    assert ran["state"] == "done"
    assert ran["history"][-1]["output"] == [{"who": "Ada Example"}]
    answer = await api.call("POST", "/scenarios/Answers/run", json={})
    assert answer.status == 422
    assert "begins with a webhook" in answer.json()["detail"]
    failed = await api.post("/scenarios/Answers/run", {"input": {"uuid": 7}})
    assert failed["state"] == "failed"
    assert failed["error"]["type"] == "BundleValidationError"
    answer = await api.call("POST", "/scenarios/Nope/run", json={})
    assert answer.status == 404


async def test_a_module_runs_by_itself_a_bundle_a_line(
    api: Client, listener: Listener
) -> None:
    pages: list[dict[str, Any]] = [
        {"items": [{"uuid": f"c-{n}"} for n in range(3)], "next": "two"},
        {"items": [{"uuid": "c-3"}], "next": None},
    ]

    def answer(_: object) -> web.Response:
        if len(listener.requests) == 1:
            return web.json_response({"project_name": "Testing"})
        page = pages[min(len(listener.requests), 3) - 2]
        paging = {"next_page_cursor": page["next"]}
        return web.json_response({"items": page["items"], "pagination": paging})

    listener.answer = answer
    key = {"fields": {"api_key": "an-invented-api-key"}, "app": "refiner"}
    await api.post("/connections", {"name": "mine", "base_url": listener.address} | key)
    asked = {"connection": "mine", "fields": {"limit": 1000}}
    run = "/modules/refiner.list_contacts/run"
    ran = await api.call("POST", run, json=asked)
    assert ran.headers["Content-Type"].startswith("application/x-ndjson")
    lines = [json.loads(line) for line in ran.text.splitlines()]
    assert [line["uuid"] for line in lines] == ["c-0", "c-1", "c-2", "c-3"]


async def test_an_error_in_mid_stream_is_the_last_line(
    api: Client, listener: Listener
) -> None:
    def answer(_: object) -> web.Response:
        match len(listener.requests):
            case 1:
                return web.json_response({"project_name": "Testing"})
            case 2:
                paging = {"next_page_cursor": "two"}
                items = [{"uuid": "c-0"}, {"uuid": "c-1"}]
                return web.json_response({"items": items, "pagination": paging})
        return web.json_response({"message": "no more"}, status=422)

    listener.answer = answer
    key = {"fields": {"api_key": "an-invented-api-key"}, "app": "refiner"}
    await api.post("/connections", {"name": "mine", "base_url": listener.address} | key)
    asked = {"connection": "mine", "fields": {"limit": 1000}}
    run = "/modules/refiner.list_contacts/run"
    ran = await api.call("POST", run, json=asked)
    assert ran.status == 200
    *contacts, last = [json.loads(line) for line in ran.text.splitlines()]
    assert [one["uuid"] for one in contacts] == ["c-0", "c-1"]
    assert last["$error"]["type"] == "DataError"
    assert "no more" in last["$error"]["message"]
    first = await api.call("POST", run, json=asked)
    assert (first.status, first.json()["title"]) == (502, "DataError")


async def test_a_module_is_refused_by_name_before_it_runs(
    api: Client, listener: Listener
) -> None:
    listener.answer = lambda _: web.json_response({"project_name": "Testing"})
    key = {"fields": {"api_key": "an-invented-api-key"}, "app": "refiner"}
    await api.post("/connections", {"name": "mine", "base_url": listener.address} | key)

    async def refused(name: str, status: int, **asked: object) -> str:
        answer = await api.call("POST", f"/modules/{name}/run", json=asked)
        assert answer.status == status, answer.text
        return str(answer.json()["detail"])

    assert "no module" in await refused("tools.nope", 404)
    assert "in a scenario only" in await refused("flow.router", 422)
    assert "in a scenario only" in await refused("refiner.watch_completed_survey", 422)
    assert "needs a connection" in await refused("refiner.list_contacts", 422)
    assert "Variable name" in await refused("tools.set_a_variable", 422, fields={})
    lost = await refused("refiner.list_contacts", 422, connection="nope")
    assert "There is no connection named 'nope'" in lost
    url = {"url": "/x"}
    other = await refused("http.make_a_request", 422, connection="mine", fields=url)
    assert "is for the app refiner, not for http" in other
    assert len(listener.requests) == 1


async def test_a_dropdown_is_filled_by_the_service(
    api: Client, listener: Listener
) -> None:
    def answer(_: object) -> web.Response:
        items = [{"uuid": "s-1", "name": "All Users"}]
        told = {"project_name": "T", "items": items, "pagination": {}}
        return web.json_response(told)

    listener.answer = answer
    key = {"fields": {"api_key": "an-invented-api-key"}, "app": "refiner"}
    await api.post("/connections", {"name": "mine", "base_url": listener.address} | key)
    field = "/modules/refiner.list_contacts/fields/segment_uuid/options"
    assert await api.get(f"{field}?connection=mine") == [
        {"value": "s-1", "label": "All Users"}
    ]
    assert (await api.call("GET", field)).status == 422
    wrong = "/modules/refiner.list_contacts/fields/limit/options?connection=mine"
    assert (await api.call("GET", wrong)).status == 404


async def test_an_action_in_a_scenario_reaches_its_service(
    api: Client, listener: Listener
) -> None:
    address = await api.listening(scenario(_asks(listener, method="POST", body="hi")))
    await api.deliver(address, survey())
    await api.settled(1)
    (received,) = listener.requests
    assert (received.method, received.body) == ("POST", b"hi")
    (execution,) = await api.executions()
    assert execution["history"][-1]["output"][0]["statusCode"] == 200

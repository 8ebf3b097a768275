"""Every route of the API: what it gives, what it refuses, and how it says so."""

from typing import Any
from urllib.parse import urlsplit

import pytest
from aiohttp import web

from fakes.serving import (
    SECRET,
    Answer,
    Client,
    Listener,
    Received,
    eventually,
    exchange,
    scenario,
    segment,
    survey,
)

HOSTILE = (
    "two words",
    "a/b/c",
    "../../etc/passwd",
    "č š ž 数 🙂",
    "'; DROP TABLE webhooks; --",
    "<script>alert(1)</script>",
    "{{1.token}}",
    "%2e%2e%2f",
    "a?b=c#d&e",
    '"quoted" \\ back',
    "x" * 200,
)
UNUSABLE = ("", " ", "line\nbreak", "nul\x00inside", "\x1b[31m", "\ud800", "x" * 201)


def _problem(answer: Answer, status: int) -> str:
    """The sentence of a problem, which must be one as RFC 9457 has it."""
    assert answer.status == status, answer.text
    assert answer.headers["Content-Type"] == "application/problem+json"
    problem = answer.json()
    assert problem.keys() == {"type", "title", "status", "detail"}
    assert problem["status"] == status
    assert "Traceback" not in problem["detail"]
    return str(problem["detail"])


def _project(_: Received) -> web.Response:
    return web.json_response({"project_name": "Testing", "items": []})


async def _connect(api: Client, listener: Listener, name: str = "mine") -> None:
    listener.answer = _project
    fields = {"api_key": "an-invented-api-key"}
    asked = {"name": name, "app": "refiner", "fields": fields}
    await api.post("/connections", asked | {"base_url": listener.address})


async def test_every_route_but_health_asks_for_the_token(api: Client) -> None:
    document = await api.get(f"{api.address}/api/openapi.json")
    closed = [
        (method.upper(), path)
        for path, methods in document["paths"].items()
        for method in methods
        if path not in ("/health", "/api/v1/session", "/api/v1/session/first")
    ]
    assert len(closed) >= 50
    for method, path in closed:
        for token in ("", "wrong", api.token[:-1], "é"):
            whole = api.address + path
            answer = await api.call(method, whole, token=token)
            assert "Authorization: Bearer TOKEN" in _problem(answer, 401)
            assert answer.headers["WWW-Authenticate"] == "Bearer"
    alive = await api.call("GET", f"{api.address}/health", token="")
    assert (alive.status, alive.json()["status"]) == (200, "ok")


async def test_without_the_token_no_body_is_waited_for(api: Client) -> None:
    parsed = urlsplit(api.address)
    for path in ("/api/v1/webhooks", "/api/v1/scenarios"):
        head = (
            f"POST {path} HTTP/1.1\r\nHost: {parsed.netloc}\r\n"
            "Content-Type: application/json\r\nContent-Length: 1000000\r\n"
            "Connection: close\r\n\r\n"
        )
        said = await exchange(api.address, head.encode() + b"{", seconds=2)
        assert said.startswith(b"HTTP/1.1 401 ")


async def test_a_body_beyond_all_measure_is_refused_before_it_is_read(
    api: Client,
) -> None:
    parsed = urlsplit(api.address)
    head = (
        f"POST /api/v1/scenarios HTTP/1.1\r\nHost: {parsed.netloc}\r\n"
        f"Authorization: Bearer {api.token}\r\n"
        "Content-Length: 1000000000\r\nConnection: close\r\n\r\n"
    )
    said = await exchange(api.address, head.encode() + b"{", seconds=2)
    assert said.startswith(b"HTTP/1.1 413 ")


async def test_apps_are_listed_with_their_modules_and_fields(api: Client) -> None:
    apps = {app["key"]: app for app in await api.get("/apps")}
    assert {"flow", "http", "refiner", "tools"} <= apps.keys()
    assert apps["refiner"] == await api.get("/apps/refiner")
    modules = {one["name"]: one for one in apps["refiner"]["modules"]}
    limit = next(
        field
        for field in modules["refiner.list_contacts"]["fields"]
        if field["name"] == "limit"
    )
    assert (limit["label"], limit["mandatory"]) == ("Limit", False)
    said = _problem(await api.call("GET", "/apps/refinr"), 404)
    assert "did you mean 'refiner'?" in said


async def test_a_connection_lives_from_its_test_to_its_removal(
    api: Client, listener: Listener
) -> None:
    await _connect(api, listener)
    (shown,) = await api.get("/connections")
    assert shown == await api.get("/connections/mine")
    assert (shown["label"], shown["app"]) == ("Testing", "refiner")
    tested = await api.post("/connections/mine/test")
    assert tested["tested_at"] >= shown["tested_at"]
    assert (await api.call("DELETE", "/connections/mine")).status == 204
    for method, path in (
        ("GET", "/connections/mine"),
        ("DELETE", "/connections/mine"),
        ("POST", "/connections/mine/test"),
    ):
        assert "'mine'" in _problem(await api.call(method, path), 404)


async def test_a_connection_is_refused_with_what_is_wrong_about_it(
    api: Client, listener: Listener
) -> None:
    async def refused(status: int, **asked: object) -> str:
        whole = {"name": "mine", "app": "refiner", "base_url": listener.address}
        return _problem(
            await api.call("POST", "/connections", json=whole | asked), status
        )

    key = {"api_key": "an-invented-api-key"}
    assert "api_key" in await refused(422)
    assert "needs a name" in await refused(422, name=" ", fields=key)
    assert "did you mean 'refiner'?" in await refused(404, app="refinr", fields=key)
    assert "no connections" in await refused(422, app="tools", fields=key)
    assert "http://" in await refused(422, base_url="ftp://x", fields=key)
    assert "10.0.0.1" in await refused(422, base_url="http://10.0.0.1", fields=key)
    listener.answer = lambda _: web.json_response({"error": "no"}, status=401)
    assert "does not accept the API key" in await refused(502, fields=key)
    assert await api.get("/connections") == []
    await _connect(api, listener)
    assert "exists already" in await refused(409, fields=key)


async def test_a_connection_in_use_stays(api: Client, listener: Listener) -> None:
    await _connect(api, listener)
    await api.add_webhook()
    listing = {"id": 2, "module": "refiner.list_contacts", "connection": "mine"}
    await api.post("/scenarios", scenario(listing))
    said = _problem(await api.call("DELETE", "/connections/mine"), 409)
    assert "is used by Answers" in said


async def test_a_webhook_shows_its_secret_once_and_its_balance_always(
    api: Client,
) -> None:
    made = await api.post(
        "/webhooks", {"name": "hook", "module": "refiner.watch_completed_survey"}
    )
    assert len(made["secret"]) >= 32
    shown = await api.get("/webhooks/hook")
    assert shown == made | {"secret": None}
    assert await api.get("/webhooks") == [shown]
    await api.add_scenario(scenario())
    await api.deliver(made["address"], survey(), secret=made["secret"])
    await api.settled(1)
    counted = (await api.get("/webhooks/hook"))["deliveries"]
    assert counted == {"accepted": 1, "done": 1}


async def test_a_webhook_is_refused_with_what_is_wrong_about_it(api: Client) -> None:
    async def refused(status: int, **asked: object) -> str:
        whole = {"name": "hook", "module": "refiner.watch_completed_survey"} | asked
        return _problem(await api.call("POST", "/webhooks", json=whole), status)

    assert "needs a name" in await refused(422, name="")
    assert "did you mean" in await refused(404, module="refiner.watch_complete_survey")
    assert "not an instant trigger" in await refused(422, module="http.make_a_request")
    assert "when_inactive" in await refused(422, when_inactive="lose")
    assert "open" in await refused(422, open=True, secret="a-secret-not-needed")
    await api.add_webhook()
    assert "exists already" in await refused(409)


async def test_a_delivery_is_shown_and_replayed(api: Client) -> None:
    address = await api.listening()
    await api.deliver(f"{address}?a=b", survey())
    await api.settled(1)
    (listed,) = await api.get("/webhooks/hook/deliveries")
    shown = await api.get(f"/deliveries/{listed['id']}")
    assert shown["method"] == "POST"
    assert '"triggered_event":"Completed Survey"' in shown["body"]
    replayed = await api.post(f"/deliveries/{listed['id']}/replay")

    async def again() -> Any:  # noqa: ANN401 - an execution
        return await api.get(f"/executions/{replayed['execution']}")

    execution = await eventually(again, lambda seen: bool(seen["state"] == "done"))
    assert execution["delivery"] == listed["id"]
    assert (await api.get("/balance"))["executions"] == {"done": 2}
    await api.post("/scenarios/Answers/deactivate")
    path = f"/deliveries/{listed['id']}/replay"
    assert "activate one first" in _problem(await api.call("POST", path), 409)
    assert "nope" in _problem(await api.call("GET", "/deliveries/nope"), 404)
    assert "nope" in _problem(await api.call("POST", "/deliveries/nope/replay"), 404)


async def test_lists_are_paged_and_filtered(api: Client) -> None:
    address = await api.listening()
    for number in range(5):
        await api.deliver(address, survey(f"response-{number}"))
    await api.deliver(address, b"not json")
    await api.settled(6)
    for path, size in (("/webhooks/hook/deliveries", 6), ("/executions", 5)):
        whole = await api.get(path)
        first = await api.get(f"{path}?limit=2")
        rest = await api.get(f"{path}?before={first[-1]['id']}")
        assert first + rest == whole
        assert len(whole) == size
        assert [one["id"] for one in whole] == sorted(
            (one["id"] for one in whole), reverse=True
        )
        for wrong in ("limit=0", "limit=1001", "limit=x", "state=nope"):
            assert _problem(await api.call("GET", f"{path}?{wrong}"), 422)
    (dead,) = await api.get("/webhooks/hook/deliveries?state=dead")
    assert dead["outcome"] == "unparsable"
    assert len(await api.get("/executions?scenario=Answers&state=done")) == 5
    assert await api.get("/executions?scenario=Other") == []
    for path in ("/executions/nope", "/webhooks/nope/deliveries"):
        assert "nope" in _problem(await api.call("GET", path), 404)


async def test_doctor_balance_and_metrics_agree(api: Client) -> None:
    address = await api.listening()
    await api.deliver(address, survey())
    await api.settled(1)
    checks = {check["name"]: check for check in await api.get("/doctor")}
    assert checks["durability"]["found"].startswith("journal_mode=wal, synchronous=2")
    assert checks["balance"]["found"] == "1 accepted = 1 done"
    assert all(check["well"] for name, check in checks.items() if name != "disk")
    metrics = await api.call("GET", "/metrics")
    assert metrics.headers["Content-Type"].startswith("text/plain")
    assert "trunkline_accepted_deliveries 1.0" in metrics.text
    assert 'trunkline_deliveries{state="done"} 1.0' in metrics.text
    assert 'trunkline_executions{state="done"} 1.0' in metrics.text


async def test_any_name_can_be_given_shown_and_used(
    api: Client, listener: Listener
) -> None:
    for name in HOSTILE:
        await _connect(api, listener, name)
        address = await api.add_webhook(name)
        await api.add_scenario(scenario(name=name, webhook=name))
        assert (await api.deliver(address, survey())).status == 200
        part = segment(name)
        for kind in ("connections", "webhooks", "scenarios"):
            assert (await api.get(f"/{kind}/{part}"))["name"] == name
        assert len(await api.get(f"/webhooks/{part}/deliveries")) == 1
        assert (await api.post(f"/connections/{part}/test"))["label"] == "Testing"
        assert len(await api.get(f"/executions?scenario={part}")) == 1
        await api.post(f"/scenarios/{part}/deactivate")
        assert (await api.call("DELETE", f"/connections/{part}")).status == 204
    assert (await api.settled(len(HOSTILE)))["executions"] == {"done": len(HOSTILE)}


async def test_a_name_that_could_not_be_shown_or_asked_for_is_refused(
    api: Client, listener: Listener
) -> None:
    listener.answer = _project
    key = {"app": "refiner", "fields": {"api_key": "an-invented-api-key"}}
    hook = {"module": "refiner.watch_completed_survey"}
    flow = [{"id": 1, "module": "tools.set_a_variable", "map": {"name": "x"}}]
    for name in UNUSABLE:
        for path, body in (
            ("/connections", {"base_url": listener.address, **key}),
            ("/webhooks", hook),
            ("/scenarios", {"flow": flow}),
        ):
            answer = await api.call("POST", path, json={"name": name, **body})
            said = _problem(answer, 422)
            assert "name" in said or "surrogate" in said, (path, name)
            assert await api.get(path) == []


@pytest.mark.parametrize("kind", ["connections", "webhooks", "scenarios"])
async def test_names_that_nothing_has_are_not_found(api: Client, kind: str) -> None:
    for name in HOSTILE:
        answer = await api.call("GET", f"/{kind}/{segment(name)}")
        assert "There is no" in _problem(answer, 404)


async def test_requests_that_are_none_are_refused_with_their_place(
    api: Client,
) -> None:
    json = {"Content-Type": "application/json"}
    for path in ("/webhooks", "/connections", "/modules/tools.set_a_variable/run"):
        for body in (b"{nope", b"", b"[]", b"7", b"\xff", b'{"name": 7}'):
            answer = await api.call("POST", path, data=body, headers=json)
            if not path.startswith("/modules") or body != b'{"name": 7}':
                _problem(answer, 400 if body == b"\xff" else 422)
    assert _problem(await api.call("GET", "/nope"), 404)
    refused = await api.call("DELETE", "/apps")
    assert _problem(refused, 405)
    assert refused.headers["Allow"] == "GET"


async def test_half_a_surrogate_pair_is_refused_wherever_it_is_put(
    api: Client,
) -> None:
    half = "\ud800"
    hook = {"name": half, "module": "refiner.watch_completed_survey"}
    word = {"fields": {"name": "x", "value": half}}
    tool = {"id": 1, "module": "tools.set_a_variable", "map": {"name": "x"}}
    await api.post("/scenarios", {"name": "by hand", "flow": [tool]})
    for path, body in (
        ("/webhooks", hook),
        ("/connections", {"name": half, "app": "refiner", "fields": {}}),
        ("/modules/tools.set_a_variable/run", word),
        ("/scenarios/by%20hand/run", {"input": half}),
        ("/scenarios", {"name": half, "flow": [tool]}),
        ("/scenarios", {"name": "x", "flow": [tool | {"map": word["fields"]}]}),
    ):
        assert _problem(await api.call("POST", path, json=body), 422)
    assert [one["name"] for one in await api.get("/scenarios")] == ["by hand"]


async def test_the_secret_given_is_the_one_that_opens(api: Client) -> None:
    address = await api.add_webhook(when_inactive="queue")
    assert (await api.deliver(address, survey(), secret=SECRET)).status == 200

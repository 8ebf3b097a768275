"""No secret leaves: a service repeats them all, nothing that we keep or say does."""

import json
import os
import subprocess
import sys
from base64 import b64encode
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote, quote_plus

import pytest
from aiohttp import ClientSession, web

from fakes.faulty_server import FaultyServer
from fakes.serving import (
    Answer,
    Client,
    Listener,
    Received,
    eventually,
    scenario,
    segment,
    survey,
)
from trunkline.store.owner import OwnerNote, read_owner

API_KEY = "canary-Refiner/key+with=signs&more"
TOKEN = 'canary-token/"quoted"\\+%=~x'
PASSWORD = "canary-pass wörd/+?"
HEADER = "canary-header/key==&plus+"
SECRET = "canary-webhook/secret+=%"
STATUSES = (200, 400, 401, 500)


@dataclass(frozen=True, slots=True)
class Recording(Client):
    """A client that keeps every answer it has got."""

    answers: list[Answer] = field(default_factory=list)

    async def call(self, method: str, path: str, **more: Any) -> Answer:  # noqa: ANN401 - see Client
        # By name, since `super()` does not work in a class with slots.
        answer = await Client.call(self, method, path, **more)
        self.answers.append(answer)
        return answer


@contextmanager
def _process(folder: Path, log: Path) -> Iterator[subprocess.Popen[bytes]]:
    """The server as it is run in earnest, logging all it can."""
    command = [sys.executable, "-m", "trunkline", "serve", "--port", "0"]
    options = ["--data", str(folder), "--allow-host", "127.0.0.1"]
    environment = {**os.environ, "TRUNKLINE_LOG_LEVEL": "debug"}
    with log.open("wb") as out:
        process = subprocess.Popen(  # noqa: S603 - our own program
            [*command, *options],
            stdout=out,
            stderr=out,
            cwd=folder.parent,
            env=environment,
        )
        try:
            yield process
        finally:
            process.terminate()
            process.wait(20)


@asynccontextmanager
async def _running(tmp_path: Path) -> AsyncIterator[tuple[Recording, Path]]:
    """A client of a server process, and the folder with all that it leaves behind."""
    folder = tmp_path / "data"
    folder.mkdir()

    async def owner() -> OwnerNote | None:
        note = read_owner(folder)
        return note if note and note.address else None

    with _process(folder, tmp_path / "log"):
        note = await eventually(owner, seconds=20)
        assert note is not None
        assert note.address is not None
        assert note.token is not None
        async with ClientSession() as session:
            yield Recording(session, note.address, note.token), folder


def _echo(received: Received) -> web.Response:
    """Repeats the credentials in every place and spelling; the path says the status."""
    shown = received.headers.get("Authorization") or received.headers["X-Api-Key"]
    secret = shown.partition(" ")[2] or shown
    told = {
        "project_name": f"of {shown}",
        "message": f"You sent {shown}",
        "errors": {secret: [secret]},
        "quoted": [quote(secret), quote_plus(secret), quote(secret, safe="")],
        "encoded": [b64encode(secret.encode()).decode(), json.dumps(secret)],
    }
    last = received.path.rpartition("/")[2].partition("?")[0]
    status = int(last) if last.isdigit() else 200
    headers = {"X-Echo": shown, "X-Request-Id": quote(secret)}
    if received.path.startswith("/text"):
        return web.Response(text=f"You sent {shown}", status=status, headers=headers)
    return web.json_response(told, status=status, headers=headers)


async def _connect(api: Client, listener: Listener) -> None:
    bearer = {"host": listener.address, "secret": TOKEN}
    basic = bearer | {"scheme": "basic", "user": "ada", "secret": PASSWORD}
    header = bearer | {"scheme": "header", "secret": HEADER}
    for name, app, fields in (
        ("refiner", "refiner", {"api_key": API_KEY}),
        ("bearer", "http", bearer),
        ("basic", "http", basic),
        ("header", "http", header),
    ):
        asked = {"name": name, "app": app, "fields": fields}
        base = {"base_url": listener.address} if app == "refiner" else {}
        await api.post("/connections", asked | base)
        await api.post(f"/connections/{name}/test")


def _calls() -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Connection, module and fields of every call to be made."""
    for status in STATUSES:
        for kind in ("json", "text"):
            path = {"url": f"/{kind}/{status}", "method": "POST"}
            yield "refiner", "refiner.make_an_api_call", path
            for connection in ("bearer", "basic", "header"):
                yield connection, "http.make_a_request", path
        given_on = {"url": f"/json/{status}", "method": "POST"}
        kept = given_on | {"stop_on_http_error": False}
        yield "bearer", "http.make_a_request", kept


async def _run_everything(api: Client) -> int:
    """Each call by itself and in a scenario; returns how many executions that were."""
    executions = 0
    for connection, module, fields in _calls():
        alone = {"connection": connection, "fields": fields}
        await api.call("POST", f"/modules/{module}/run", json=alone)
        placed = {"id": 1, "module": module, "connection": connection, "map": fields}
        name = f"{connection} {executions}"
        await api.post("/scenarios", {"name": name, "flow": [placed]})
        await api.post(f"/scenarios/{segment(name)}/run", {})
        executions += 1
    return executions


async def _go_wrong(api: Client) -> None:
    """What ends in an error of ours, or in a fault that is logged with a traceback."""
    key = {"api_key": f"{API_KEY}\n"}
    for fields in (key, {"api_key": [API_KEY]}, {"key": API_KEY}, {}):
        asked = {"name": "wrong", "app": "refiner", "fields": fields}
        await api.call("POST", "/connections", json=asked)
    for fields in ({"host": "no host at all", "secret": TOKEN}, {"secret": TOKEN}):
        asked = {"name": "wrong", "app": "http", "fields": fields}
        await api.call("POST", "/connections", json=asked)
    half = {"fields": {"name": "x", "value": "\ud800"}}
    await api.call("POST", "/modules/tools.set_a_variable/run", json=half)
    await api.call("POST", "/scenarios", data=b"name: !!int abc\nflow: []")
    await api.call("GET", "/connections", token=f"{api.token}x")


async def _look_at_everything(api: Client) -> None:
    for path in ("apps", "connections", "webhooks", "scenarios", "doctor", "balance"):
        await api.get(f"/{path}")
    await api.call("GET", "/metrics")
    await api.call("GET", f"{api.address}/api/openapi.json")
    for listed, each in (
        ("/connections", "/connections"),
        ("/webhooks", "/webhooks"),
        ("/scenarios", "/scenarios"),
    ):
        for one in await api.get(listed):
            await api.get(f"{each}/{segment(one['name'])}")
    for one in await api.get("/webhooks/hook/deliveries?limit=1000"):
        await api.get(f"/deliveries/{one['id']}")


def _spellings(secret: str) -> set[bytes]:
    """A secret raw, escaped, URL-encoded, and in base64 wherever it may begin."""
    texts = {
        secret,
        json.dumps(secret)[1:-1],
        json.dumps(secret, ensure_ascii=False)[1:-1],
        quote(secret),
        quote(secret, safe=""),
        quote_plus(secret),
    }
    raw = secret.encode()
    # The signs at either end also depend on what stands beside the secret.
    shifted = {b64encode(b"x" * shift + raw)[4:-4] for shift in range(3)}
    return {text.encode() for text in texts} | shifted


def _finds(artefacts: dict[str, bytes], secrets: dict[str, str]) -> list[str]:
    return [
        f"{name} in {where}"
        for name, secret in secrets.items()
        for where, content in artefacts.items()
        if any(spelling in content for spelling in _spellings(secret))
    ]


async def test_secrets_are_in_no_log_answer_metric_or_file(
    tmp_path: Path, listener: Listener
) -> None:
    listener.answer = _echo
    async with _running(tmp_path) as (api, folder):
        await _connect(api, listener)
        address = await api.add_webhook(secret=SECRET)
        # The one answer that is meant to show it.
        assert SECRET in api.answers.pop().text
        await api.add_scenario(scenario())
        for secret in (SECRET, f"{SECRET}x", SECRET):
            await api.deliver(address, survey(), secret=secret)
        ran = await _run_everything(api)
        await _go_wrong(api)
        await api.settled(2)
        ended = await api.executions()
        await _look_at_everything(api)
        while_open = {file.name: file.read_bytes() for file in folder.iterdir()}
    artefacts = {
        "the log": (tmp_path / "log").read_bytes(),
        **{f"answer {n}": one.body for n, one in enumerate(api.answers)},
        **{
            f"headers {n}": repr(one.headers).encode()
            for n, one in enumerate(api.answers)
        },
        **{f"{name} while open": content for name, content in while_open.items()},
        **{file.name: file.read_bytes() for file in folder.iterdir()},
    }
    # The owner's note is how the command line finds the token; nobody else can read it.
    del artefacts["owner.json while open"]
    secrets = {
        "the API key": API_KEY,
        "the token": TOKEN,
        "the password": PASSWORD,
        "the header's key": HEADER,
        "the webhook's secret": SECRET,
        "the API's own token": api.token,
    }
    assert _finds(artefacts, secrets) == []
    # All this has happened, and the search does find what is there.
    assert len(ended) == ran + 1
    assert {one["state"] for one in ended} == {"done", "failed"}
    assert len(listener.requests) >= 2 * ran
    assert b"***" in artefacts["trunkline.db"]
    assert _finds({"x": b64encode(f"ada:{PASSWORD}".encode())}, secrets) == [
        "the password in x"
    ]


@pytest.mark.parametrize("app", ["refiner", "http"])
async def test_a_call_that_tries_to_leave_its_origin_sends_nothing(
    api: Client, listener: Listener, app: str
) -> None:
    listener.answer = lambda _: web.json_response({"project_name": "Testing"})
    fields = {
        "refiner": {"api_key": API_KEY},
        "http": {"host": listener.address, "secret": TOKEN},
    }[app]
    module = {"refiner": "refiner.make_an_api_call", "http": "http.make_a_request"}[app]
    asked: dict[str, Any] = {"name": "mine", "app": app, "fields": fields}
    if app == "refiner":
        asked["base_url"] = f"{listener.address}/v1"
    await api.post("/connections", asked)
    seen = len(listener.requests)
    async with FaultyServer() as foreign:
        host = f"127.0.0.1:{foreign.port}"
        ways = [
            f"http://{host}/steal",
            f"//{host}/steal",
            f"/\\{host}/steal",
            f"\\\\{host}\\steal",
            f"@{host}/steal",
            f"http:{host}/steal",
            "/../steal",
            "/%2e%2e/steal",
            "/x#@" + host,
            f"/ http://{host}",
            f"/x\r\nHost: {host}",
        ]
        for number, url in enumerate(ways):
            mapped = {"id": 2, "module": module, "connection": "mine"}
            word = {"id": 1, "module": "tools.set_a_variable"}
            flow = [
                word | {"map": {"name": "url", "value": url}},
                mapped | {"map": {"url": "{{1.url}}"}},
            ]
            name = f"way {number}"
            await api.post("/scenarios", {"name": name, "flow": flow})
            ran = await api.post(f"/scenarios/{segment(name)}/run", {})
            assert ran["state"] == "incomplete", url
            assert ran["error"]["type"] == "ForeignOriginError", url
            assert "nothing was sent" in ran["error"]["message"]
        assert foreign.connections == 0
    assert len(listener.requests) == seen

"""Who comes in, by what, and what they may do there."""

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import pytest
from aiohttp import ClientSession, CookieJar
from fastapi.routing import APIRoute
from prometheus_client import CollectorRegistry

from fakes.serving import Answer, Client
from trunkline.api.app import create_api
from trunkline.api.gate import OPEN, PREFIX
from trunkline.model.access import Permission
from trunkline.server import Running

PASSWORD = "three unrelated words"
OWNER = {"name": "Ada", "password": PASSWORD}


@dataclass(frozen=True, slots=True)
class Browser:
    """Keeps cookies and says where its requests come from, as browsers do."""

    client: Client

    async def call(self, method: str, path: str, **more: Any) -> Answer:  # noqa: ANN401 - aiohttp types them
        headers = {"sec-fetch-site": "same-origin", **more.pop("headers", {})}
        return await self.client.call(method, path, token="", headers=headers, **more)


@pytest.fixture
async def browser(server: Running) -> AsyncIterator[Browser]:
    async with ClientSession(cookie_jar=CookieJar(unsafe=True)) as session:
        yield Browser(Client(session, server.address, ""))


async def _owner(server: Running, browser: Browser) -> None:
    first = OWNER | {"code": server.first_code}
    made = await browser.call("POST", "/session/first", json=first)
    assert made.status == 201, made.text


async def _session(browser: Browser) -> Any:  # noqa: ANN401 - any JSON value
    return (await browser.call("GET", "/session")).json()


async def test_the_code_from_the_console_makes_the_owner_once(
    server: Running, browser: Browser
) -> None:
    assert await _session(browser) == {
        "name": None,
        "permissions": [],
        "awaits_owner": True,
    }
    await _owner(server, browser)
    entered = await _session(browser)
    assert (entered["name"], entered["awaits_owner"]) == ("Ada", False)
    again = OWNER | {"code": server.first_code, "name": "Eve"}
    assert (await browser.call("POST", "/session/first", json=again)).status == 409
    names = [one["name"] for one in (await browser.call("GET", "/users")).json()]
    assert names == ["Ada"]


@pytest.mark.parametrize("code", ["", "AAAA-AAAA-AAAA", "é" * 14])
async def test_another_code_makes_nobody(
    code: str, server: Running, browser: Browser
) -> None:
    answer = await browser.call("POST", "/session/first", json=OWNER | {"code": code})
    assert (answer.status, server.first_code is not None) == (403, True)
    assert (await _session(browser))["name"] is None


async def test_codes_cannot_be_tried_at_any_speed(browser: Browser) -> None:
    statuses = [
        (
            await browser.call("POST", "/session/first", json=OWNER | {"code": "x"})
        ).status
        for _ in range(6)
    ]
    assert statuses == [403] * 5 + [429]


async def test_a_session_lasts_until_one_leaves(
    server: Running, browser: Browser
) -> None:
    await _owner(server, browser)
    assert (await browser.call("GET", "/scenarios")).status == 200
    assert (await browser.call("DELETE", "/session")).status == 204
    assert (await browser.call("GET", "/scenarios")).status == 401
    assert (await browser.call("POST", "/session", json=OWNER)).status == 200
    assert (await browser.call("GET", "/scenarios")).status == 200


async def test_a_session_outlives_the_server_and_its_cookie_is_kept_as_a_digest(
    server: Running, browser: Browser
) -> None:
    await _owner(server, browser)
    jar = browser.client.session.cookie_jar
    [cookie] = [one for one in jar if one.key == "trunkline_session"]
    assert (cookie["httponly"], cookie["samesite"]) == (True, "strict")
    file = (server.services.access._store.folder / "trunkline.db").read_bytes()
    log = server.services.access._store.folder / "trunkline.db-wal"
    assert cookie.value.encode() not in file + log.read_bytes()
    assert PASSWORD.encode() not in file + log.read_bytes()


async def test_wrong_passwords_are_refused_alike_and_ever_more_slowly(
    server: Running, browser: Browser
) -> None:
    await _owner(server, browser)
    unknown = await browser.call(
        "POST", "/session", json={"name": "Nobody", "password": PASSWORD}
    )
    wrong = [
        await browser.call("POST", "/session", json=OWNER | {"password": "wrong words"})
        for _ in range(6)
    ]
    assert [one.status for one in wrong] == [401] * 5 + [429]
    assert unknown.text == wrong[0].text
    assert int(wrong[-1].headers["Retry-After"]) >= 1


@pytest.mark.parametrize("password", ["", "short", "x" * 1001])
async def test_a_password_must_be_one(
    password: str, server: Running, browser: Browser
) -> None:
    first = OWNER | {"code": server.first_code, "password": password}
    answer = await browser.call("POST", "/session/first", json=first)
    assert answer.status == 422
    assert (await _session(browser))["awaits_owner"]


@pytest.mark.parametrize(
    "headers",
    [
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"origin": "https://elsewhere.example"},
        {"origin": "null"},
    ],
)
async def test_pages_of_other_sites_change_nothing(
    headers: dict[str, str], server: Running, browser: Browser
) -> None:
    await _owner(server, browser)
    name = {"name": "From elsewhere"}
    answer = await browser.call("POST", "/tokens", json=name, headers=headers)
    assert answer.status == 403
    assert (await browser.call("GET", "/tokens")).json() == []


@pytest.mark.parametrize(
    "host", ["elsewhere.example", "localhost.elsewhere.example", "["]
)
async def test_a_strangers_name_is_not_answered(host: str, api: Client) -> None:
    for path in ("/", "/api/v1/session", "/api/openapi.json"):
        answer = await api.call("GET", api.address + path, headers={"host": host})
        assert answer.status == 421
        assert "TRUNKLINE_HOSTS" in answer.text


async def test_addresses_and_localhost_are_answered(api: Client) -> None:
    port = api.address.rpartition(":")[2]
    for host in (f"localhost:{port}", f"127.0.0.1:{port}", "192.168.7.8", "[::1]:80"):
        answer = await api.call("GET", "/session", headers={"host": host})
        assert answer.status == 200, host


async def test_a_token_opens_the_api_until_it_is_removed(
    server: Running, browser: Browser
) -> None:
    await _owner(server, browser)
    made = (await browser.call("POST", "/tokens", json={"name": "Nightly"})).json()
    program = browser.client
    for path, status in (("/scenarios", 200), ("/tokens", 403), ("/users", 403)):
        answer = await program.call("GET", path, token=made["token"])
        assert answer.status == status
    [listed] = (await browser.call("GET", "/tokens")).json()
    assert (listed["token"], listed["used_at"] is not None) == (None, True)
    await browser.call("DELETE", f"/tokens/{made['id']}")
    assert (await program.call("GET", "/scenarios", token=made["token"])).status == 401


async def test_a_reading_token_changes_nothing(
    server: Running, browser: Browser
) -> None:
    await _owner(server, browser)
    asked = {"name": "Reader", "read_only": True}
    token = (await browser.call("POST", "/tokens", json=asked)).json()["token"]
    program = browser.client
    assert (await program.call("GET", "/webhooks", token=token)).status == 200
    refused = await program.call(
        "POST", "/webhooks", token=token, json={"name": "a", "module": "b.c"}
    )
    assert refused.status == 403
    assert (await program.call("GET", "/backups/saved", token=token)).status == 200
    for method, path in (("POST", ""), ("GET", "/any.zip"), ("DELETE", "/any.zip")):
        saved = await program.call(method, f"/backups/saved{path}", token=token)
        assert saved.status == 403, method


async def test_users_are_added_and_removed_but_never_the_last(
    server: Running, browser: Browser
) -> None:
    await _owner(server, browser)
    other = {"name": "Grace / Hopper", "password": PASSWORD}
    assert (await browser.call("POST", "/users", json=other)).status == 201
    assert (await browser.call("POST", "/users", json=other)).status == 409
    removed = await browser.call("DELETE", "/users/Grace%20%2F%20Hopper")
    assert removed.status == 204
    assert (await browser.call("DELETE", "/users/Ada")).status == 409


async def test_another_password_ends_the_sessions_of_the_old_one(
    server: Running, browser: Browser
) -> None:
    await _owner(server, browser)
    new = {"password": "quite other words"}
    changed = await browser.call("PUT", "/users/Ada/password", json=new)
    assert changed.status == 204
    assert (await browser.call("GET", "/users")).status == 401
    assert (await browser.call("POST", "/session", json=OWNER | new)).status == 200


def test_every_route_says_what_it_asks_for(server: Running) -> None:
    app = create_api(server.services, "", CollectorRegistry(), secure=False)
    for route in app.routes:
        if isinstance(route, APIRoute) and route.path.startswith(PREFIX):
            asked = {
                getattr(one.call, "permission", None)
                for one in route.dependant.dependencies
            }
            declared = asked & set(Permission)
            assert declared or route.path in OPEN, route.path
            changes = not (route.methods or set()) <= {"GET", "HEAD"}
            pure = route.path in (
                f"{PREFIX}/scenarios/check",
                f"{PREFIX}/templates/explain",
            )
            if changes and not pure and route.path not in OPEN:
                assert declared & {Permission.CHANGE, Permission.OWN}, route.path


async def test_news_tell_what_changed_and_can_be_taken_up_again(api: Client) -> None:
    first = await _news(api, None)
    assert set(first[1]) >= {"executions", "scenarios", "webhooks"}
    await api.add_webhook("one")
    second = await _news(api, first[0])
    assert second[1] == ["webhooks"]
    assert (await _news(api, "of-another-process"))[1] == first[1]


async def _news(api: Client, mark: str | None) -> tuple[str, list[str]]:
    """The first event that a follower hears: its mark, and its topics."""
    headers = {"Authorization": f"Bearer {api.token}"}
    if mark is not None:
        headers["Last-Event-ID"] = mark
    url = f"{api.address}/api/v1/events"
    async with api.session.get(url, headers=headers) as answer:
        lines: list[str] = []
        while len(lines) < 3:
            line = (await answer.content.readline()).decode().strip()
            lines += [line] if line and not line.startswith(":") else []
        data = lines[2].removeprefix("data: ")
        return lines[0].removeprefix("id: "), json.loads(data)["topics"]

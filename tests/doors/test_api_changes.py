"""Connections and webhooks, changed and removed over HTTP."""

from collections.abc import Sequence

import pytest
from aiohttp import ClientSession, web
from sqlalchemy import Connection

from fakes.serving import Client, Listener, Received, scenario, survey
from trunkline.server import serving
from trunkline.services import scores
from trunkline.settings import Settings
from trunkline.store.activity import read_bodies

SECOND = "another-invented-secret"


def _only(key: str) -> object:
    """A service that knows one key."""

    def answer(request: Received) -> web.Response:
        if request.headers["Authorization"] != f"Bearer {key}":
            return web.json_response({"message": "unknown key"}, status=401)
        return web.json_response({"project_name": f"Project {len(key)}"})

    return answer


async def _connect(api: Client, listener: Listener, key: str) -> str:
    listener.answer = _only(key)  # type: ignore[assignment]
    made = await api.post(
        "/connections",
        {
            "name": "mine",
            "app": "refiner",
            "fields": {"api_key": key},
            "base_url": listener.address,
        },
    )
    return str(made["id"])


async def test_a_connection_takes_other_values_once_the_service_accepts_them(
    api: Client, listener: Listener
) -> None:
    id_ = await _connect(api, listener, "first-key")
    fields = {"fields": {"api_key": "second-key"}}
    refused = await api.call("PATCH", f"/connections/{id_}", json=fields)
    assert refused.status == 502
    assert (await api.post(f"/connections/{id_}/test"))["label"] == ("Project 9")
    listener.answer = _only("second-key")  # type: ignore[assignment]
    changed = await api.call("PATCH", f"/connections/{id_}", json=fields)
    assert changed.json()["label"] == "Project 10"
    assert (await api.post(f"/connections/{id_}/test"))["label"] == ("Project 10")


async def test_a_connection_says_who_uses_it(api: Client, listener: Listener) -> None:
    id_ = await _connect(api, listener, "first-key")
    event = {
        "id": 2,
        "module": "refiner.track_an_event",
        "connection": "mine",
        "map": {"user_id": "a", "event_name": "b"},
    }
    await api.listening(scenario(event))
    assert (await api.get(f"/connections/{id_}"))["used_by"] == ["Answers"]
    assert (await api.call("DELETE", f"/connections/{id_}")).status == 409


async def test_another_secret_is_shown_once_and_made_where_none_is_given(
    api: Client,
) -> None:
    await api.listening()
    changed = await api.call("PUT", "/webhooks/hook/secret", json={"secret": SECOND})
    assert changed.json()["secret"] == SECOND
    assert (await api.get("/webhooks/hook"))["secret"] is None
    made = await api.call("PUT", "/webhooks/hook/secret", json={})
    assert len(made.json()["secret"]) >= 32


async def test_deliveries_wait_once_a_webhook_is_told_to_queue(api: Client) -> None:
    hook = await api.add_webhook()
    assert (await api.deliver(hook, survey("a"))).status == 410
    changed = await api.call("PATCH", "/webhooks/hook", json={"when_inactive": "queue"})
    assert changed.json()["when_inactive"] == "queue"
    assert (await api.deliver(hook, survey("b"))).status == 200


async def test_a_webhook_is_removed_while_it_is_new_and_unused(api: Client) -> None:
    await api.listening()
    assert (await api.call("DELETE", "/webhooks/hook")).status == 409
    address = await api.add_webhook("other", when_inactive="queue")
    await api.deliver(address, survey())
    assert (await api.call("DELETE", "/webhooks/other")).status == 409
    unused = await api.add_webhook("unused")
    assert (await api.call("DELETE", "/webhooks/unused")).status == 204
    assert (await api.deliver(unused, survey())).status == 401


async def test_deliveries_are_found_by_what_they_hold(api: Client) -> None:
    hook = await api.listening()
    for word in ("alpha", "beta", "50%"):
        await api.deliver(hook, survey(word))
    await api.settled(3)
    for word, uuid in (("beta", "beta"), ("50%25", "50%")):
        [found] = await api.get(f"/webhooks/hook/deliveries?text={word}")
        shown = await api.get(f"/deliveries/{found['id']}")
        assert f'"{uuid}"' in shown["body"]
    assert await api.get("/webhooks/hook/deliveries?text=9%25") == []


async def test_activity_counts_what_arrived_and_ran(api: Client) -> None:
    hook = await api.listening()
    await api.deliver(hook, survey())
    await api.settled(1)
    stretches = await api.get("/activity?hours=24")
    assert len(stretches) == 48
    assert sum(one["deliveries"] for one in stretches) == 1
    assert sum(one["done"] for one in stretches) == 1


async def test_scores_are_what_people_answered_and_each_answer_counts_once(
    api: Client,
) -> None:
    hook = await api.listening()
    for number, nps in enumerate(("10", "9", "7", "0", "eleven", "11")):
        body = survey(str(number))
        body["response"]["data"] = {"nps": nps, "csat_support": 2, "reason": "9"}
        await api.deliver(hook, body)
        await api.deliver(hook, body)
    await api.settled(12)
    csat, nps_score = await api.get("/scores")
    assert (nps_score["name"], nps_score["kind"]) == ("nps", "nps")
    assert (nps_score["count"], nps_score["value"]) == (4, 25.0)
    assert (csat["name"], csat["count"], csat["value"]) == ("csat_support", 6, 100.0)
    assert len(csat["days"]) == 1


async def test_each_answer_is_read_once_for_the_scores(
    api: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[str] = []

    def noting(connection: Connection, ids: Sequence[str]) -> dict[str, bytes]:
        read.extend(ids)
        return read_bodies(connection, ids)

    monkeypatch.setattr(scores, "read_bodies", noting)
    hook = await api.listening()
    for number in (1, 2):
        await api.deliver(hook, survey(str(number)))
        await api.settled(number)
        for _ in range(2):
            assert (await api.get("/scores"))[0]["count"] == number
    assert len(read) == len(set(read)) == 2


async def test_what_a_confidential_scenario_was_told_is_in_no_score_once_it_is_wiped(
    api: Client,
) -> None:
    hook = await api.listening(scenario() | {"settings": {"confidential": True}})
    await api.deliver(hook, survey())
    await api.get("/scores")
    await api.settled(1)
    assert await api.get("/scores") == []


async def test_what_is_held_is_stored_and_runs_in_order_when_it_is_released(
    api: Client,
) -> None:
    hook = await api.listening(scenario() | {"settings": {"sequential": True}})
    held = await api.post("/webhooks/hook/hold")
    assert await api.post("/webhooks/hook/hold") == held
    assert held["held"]
    for number in range(5):
        await api.deliver(hook, survey(str(number)))
    await api.deliver(hook, survey("0"))
    await api.deliver(hook, b"no JSON")
    balance = await api.get("/balance")
    assert balance["states"] == {"held": 5, "done": 1, "dead": 1}
    assert await api.get("/executions") == []
    released = await api.post("/webhooks/hook/release")
    assert not released["held"]
    await api.settled(7)
    executions = await api.get("/executions")
    assert [one["state"] for one in executions] == ["done"] * 5
    started = [one["started_at"] for one in reversed(executions)]
    assert started == sorted(started)


async def test_a_held_webhook_takes_deliveries_that_nobody_listens_to(
    api: Client,
) -> None:
    hook = await api.add_webhook()
    await api.post("/webhooks/hook/hold")
    assert (await api.deliver(hook, survey())).status == 200
    await api.post("/webhooks/hook/release")
    assert (await api.get("/balance"))["states"] == {"waiting": 1}
    assert (await api.deliver(hook, survey("b"))).status == 410
    await api.add_scenario(scenario())
    await api.settled(1)


async def test_a_hold_outlives_the_server(settings: Settings) -> None:
    async with ClientSession() as session:
        async with serving(settings) as running:
            first = Client(session, running.address, running.token)
            await first.listening()
            await first.post("/webhooks/hook/hold")
        async with serving(settings) as running:
            again = Client(session, running.address, running.token)
            assert (await again.get("/webhooks/hook"))["held"]

"""What a delivery's answer promises: stored first, run once, counted always."""

import asyncio
import random
import sqlite3
from typing import Any

from fakes.serving import SECRET, Client, on_disk, scenario, survey
from trunkline.settings import Settings


async def test_a_delivery_is_on_disk_at_the_moment_of_its_answer(
    api: Client, settings: Settings
) -> None:
    address = await api.listening()
    for number in range(20):
        answer = await api.deliver(address, survey(f"response-{number}"))
        rows = on_disk(settings.data, "SELECT body FROM payloads ORDER BY delivery_id")
        assert (answer.status, answer.text) == (200, "Accepted")
        assert f'"response-{number}"'.encode() in rows[-1][0]
        assert len(rows) == number + 1


async def test_no_answer_comes_while_the_disk_cannot_be_written(
    api: Client, settings: Settings
) -> None:
    address = await api.listening()
    other = sqlite3.connect(settings.data / "trunkline.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    sending = asyncio.create_task(api.deliver(address, survey()))
    done, _ = await asyncio.wait([sending], timeout=0.3)
    assert not done
    other.close()
    assert (await sending).status == 200


async def test_each_event_runs_once_however_often_and_in_whatever_order_it_comes(
    api: Client,
) -> None:
    address = await api.listening()
    sendings = [survey(f"response-{number % 200}") for number in range(1000)]
    random.Random(7).shuffle(sendings)  # noqa: S311 - an order, not a secret
    gate = asyncio.Semaphore(50)

    async def send(body: dict[str, Any]) -> int:
        async with gate:
            return (await api.deliver(address, body)).status

    statuses = await asyncio.gather(*map(send, sendings))
    balance = await api.settled(1000)
    assert set(statuses) == {200}
    assert balance["executions"] == {"done": 200}
    assert balance["outcomes"] == {"duplicate": 800}
    assert balance["accepted"] == sum(balance["states"].values())


async def test_a_duplicate_names_the_delivery_that_came_first(api: Client) -> None:
    address = await api.listening()
    for _ in range(2):
        await api.deliver(address, survey())
    later, first = await api.get("/webhooks/hook/deliveries")
    assert (later["state"], later["outcome"]) == ("done", "duplicate")
    assert later["reason"] == f"The same as {first['id']}."


async def test_events_that_are_not_watched_are_kept_ignored_and_counted(
    api: Client,
) -> None:
    address = await api.listening()
    for event in ("Saw Survey", "Something New", None, 7, {"a": 1}):
        answer = await api.deliver(address, survey(triggered_event=event))
        assert answer.status == 200
    assert (await api.deliver(address, [1, 2])).status == 200
    balance = await api.settled(6)
    assert balance["outcomes"] == {"ignored": 6}
    assert balance["executions"] == {}
    newest = (await api.get("/webhooks/hook/deliveries"))[-1]
    assert newest["event"] == "Saw Survey"
    assert "Watch Completed Survey watches Completed Survey" in newest["reason"]


async def test_without_a_listening_scenario_the_sender_hears_so(api: Client) -> None:
    address = await api.add_webhook()
    answer = await api.deliver(address, survey())
    assert (answer.status, answer.text) == (
        410,
        "There is no scenario listening for this webhook.",
    )
    await api.add_scenario(scenario())
    assert (await api.deliver(address, survey())).status == 200
    await api.post("/scenarios/Answers/deactivate")
    assert (await api.deliver(address, survey("another"))).status == 410
    assert (await api.settled(1))["states"] == {"done": 1}


async def test_a_queueing_webhook_keeps_deliveries_until_a_scenario_listens(
    api: Client,
) -> None:
    address = await api.add_webhook(when_inactive="queue")
    for number in range(5):
        answer = await api.deliver(address, survey(f"response-{number}"))
        assert answer.status == 200
    assert (await api.deliver(address, survey("response-0"))).status == 200
    assert (await api.get("/balance"))["states"] == {"waiting": 5, "done": 1}
    await api.add_scenario(scenario())
    balance = await api.settled(6)
    assert balance["executions"] == {"done": 5}
    taken = [one["delivery"] for one in await api.executions()]
    assert taken == sorted(taken)


async def test_stored_requests_hold_no_credentials(
    api: Client, settings: Settings
) -> None:
    address = await api.listening()
    carrying = {
        "Cookie": "session=canary-one",
        "Proxy-Authorization": "Basic canary-two",
        "X-Api-Key": "canary-three",
        "x-make-apikey": "canary-four",
        "X-Forwarded-Authorization": f"Bearer {SECRET}",
    }
    sent = {**carrying, "X-Kept": "kept"}
    await api.deliver(f"{address}?source=refiner", survey(), headers=sent)
    (listed,) = await api.get("/webhooks/hook/deliveries")
    shown = await api.get(f"/deliveries/{listed['id']}")
    assert shown["headers"]["x-kept"] == "kept"
    assert shown["query"] == {"source": "refiner"}
    (stored,) = on_disk(settings.data, "SELECT headers, body FROM payloads")
    assert "canary" not in stored[0]
    assert SECRET not in stored[0]


async def test_the_body_is_kept_byte_for_byte(api: Client, settings: Settings) -> None:
    address = await api.listening()
    body = b'\xef\xbb\xbf{"caf\xe9":\x00 "\\ud800"}'
    await api.deliver(address, body)
    assert on_disk(settings.data, "SELECT body FROM payloads") == [(body,)]

"""Two secrets are valid while one takes the place of the other."""

from collections.abc import AsyncIterator

import pytest
from aiohttp import ClientSession

from fakes.clock import SetClock
from fakes.serving import SECRET, Client, on_disk, survey
from trunkline.apps.refiner.webhook import RefinerWebhook
from trunkline.errors import DeliveryRefusedError
from trunkline.sdk import Delivery
from trunkline.server import serving
from trunkline.settings import Settings

NEXT = "another-invented-secret"
LAST = "a-third-invented-secret"
HOUR = 3600.0


@pytest.fixture
def clock() -> SetClock:
    return SetClock()


@pytest.fixture
async def api(settings: Settings, clock: SetClock) -> AsyncIterator[Client]:
    async with serving(settings, clock) as running, ClientSession() as session:
        yield Client(session, running.address, running.token)


async def _rotate(api: Client, secret: str, **more: object) -> str | None:
    asked = {"secret": secret, **more}
    answer = await api.call("PUT", "/webhooks/hook/secret", json=asked)
    assert answer.status == 200, answer.text
    until: str | None = answer.json()["old_secret_until"]
    return until


async def _opening(api: Client, address: str) -> set[str]:
    """Which of the three secrets open the webhook."""
    return {
        secret
        for secret in (SECRET, NEXT, LAST)
        if (await api.deliver(address, survey(), secret=secret)).status == 200
    }


async def test_the_old_secret_stays_valid_for_a_day_beside_the_new_one(
    api: Client, clock: SetClock
) -> None:
    address = await api.listening()
    assert await _rotate(api, NEXT) is not None
    assert await _opening(api, address) == {SECRET, NEXT}
    clock.ahead = 23.9 * HOUR
    assert await _opening(api, address) == {SECRET, NEXT}
    clock.ahead = 24.1 * HOUR
    assert await _opening(api, address) == {NEXT}
    assert (await api.get("/webhooks/hook"))["old_secret_until"] is None


async def test_the_time_is_chosen_and_no_time_ends_the_old_secret_at_once(
    api: Client, clock: SetClock
) -> None:
    address = await api.listening()
    await _rotate(api, NEXT, keep_old_hours=1)
    clock.ahead = 2 * HOUR
    assert await _opening(api, address) == {NEXT}
    assert await _rotate(api, LAST, keep_old_hours=0) is None
    assert await _opening(api, address) == {LAST}


async def test_of_three_secrets_the_oldest_ends(api: Client) -> None:
    address = await api.listening()
    await _rotate(api, NEXT)
    await _rotate(api, LAST)
    assert await _opening(api, address) == {NEXT, LAST}


async def test_the_old_secret_is_ended_by_hand_and_a_second_time_changes_nothing(
    api: Client, settings: Settings
) -> None:
    address = await api.listening()
    await _rotate(api, NEXT)
    for _ in range(2):
        ended = await api.call("DELETE", "/webhooks/hook/secret/old")
        assert (ended.status, ended.json()["old_secret_until"]) == (200, None)
        assert await _opening(api, address) == {NEXT}
    query = "SELECT sealed_old_secret, old_secret_until FROM webhooks"
    assert on_disk(settings.data, query) == [(None, None)]


async def test_a_webhook_that_opens_or_was_open_has_no_old_secret(api: Client) -> None:
    address = await api.listening()
    assert await _rotate(api, "", open=True) is None
    assert (await api.deliver(address, survey(), secret="")).status == 200
    assert await _rotate(api, NEXT) is None
    assert (await api.deliver(address, survey(), secret="")).status == 401


async def test_both_secrets_survive_a_restart_and_one_whose_time_is_over_is_erased(
    settings: Settings, clock: SetClock
) -> None:
    async def opening() -> set[str]:
        async with serving(settings, clock) as running, ClientSession() as session:
            api = Client(session, running.address, running.token)
            path = (await api.get("/webhooks/hook"))["address"].partition("/hooks/")[2]
            return await _opening(api, f"{running.address}/hooks/{path}")

    async with serving(settings, clock) as running, ClientSession() as session:
        api = Client(session, running.address, running.token)
        await api.listening()
        await _rotate(api, NEXT)
    assert await opening() == {SECRET, NEXT}
    clock.ahead = 25 * HOUR
    assert await opening() == {NEXT}
    query = "SELECT sealed_old_secret FROM webhooks"
    assert on_disk(settings.data, query) == [(None,)]


async def test_signatures_of_both_secrets_are_known(
    api: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def verify(delivery: Delivery, secret: str) -> None:
        if delivery.headers.get("x-signed-with") != secret:
            raise DeliveryRefusedError("The signature does not fit.")

    monkeypatch.setattr(RefinerWebhook, "signed", True)
    monkeypatch.setattr(RefinerWebhook, "verify", verify)
    address = await api.listening()
    await _rotate(api, NEXT)
    for secret, status in ((SECRET, 200), (NEXT, 200), (LAST, 401)):
        signed = {"x-signed-with": secret}
        answer = await api.deliver(address, survey(), secret="", headers=signed)
        assert answer.status == status, secret


async def test_a_time_that_is_none_is_refused(api: Client) -> None:
    await api.listening()
    for hours in (-1, 721, "soon"):
        asked = {"keep_old_hours": hours}
        answer = await api.call("PUT", "/webhooks/hook/secret", json=asked)
        assert answer.status == 422, hours

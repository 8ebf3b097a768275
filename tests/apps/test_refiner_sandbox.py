"""The Refiner app and the sandbox, which know of one another only by HTTP."""

from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
from pytest_httpserver import HTTPServer

from trunkline.apps.refiner import ApiKey, RefinerWebhook, app
from trunkline.apps.refiner.contacts import ListContacts, list_contacts
from trunkline.apps.refiner.dropdowns import segments, surveys
from trunkline.apps.refiner.people import (
    IdentifyAUser,
    TrackAnEvent,
    identify_a_user,
    track_an_event,
)
from trunkline.apps.refiner.sandbox.server import Running, running
from trunkline.apps.refiner.sandbox.settings import SandboxSettings
from trunkline.apps.refiner.triggers import (
    watch_completed_survey,
    watch_user_entered_segment,
)
from trunkline.sdk import (
    AccountValidationError,
    Api,
    ApiCall,
    DataError,
    Delivery,
    Option,
)

PEOPLE = 1200
OTHER_KEY = "sandbox-key-ffffffffffffffffffffffffffffffff"

OpenApi = Callable[..., Api]


@pytest.fixture
async def sandbox() -> AsyncIterator[Running]:
    async with running(SandboxSettings(contacts=PEOPLE, rate_limits=False)) as sandbox:
        yield sandbox


@pytest.fixture
def connection(sandbox: Running) -> ApiKey:
    return ApiKey.model_validate({"api_key": sandbox.sandbox.settings.key})


@pytest.fixture
def api(sandbox: Running, connection: ApiKey, open_api: OpenApi) -> Api:
    return open_api(app, connection, sandbox.url)


async def offered(options: AsyncIterator[Option]) -> dict[str, str]:
    return {option.label: option.value async for option in options}


async def test_the_key_opens_its_project_and_no_other_key_does(
    api: Api, sandbox: Running, connection: ApiKey, open_api: OpenApi
) -> None:
    other = ApiKey.model_validate({"api_key": OTHER_KEY})

    assert await connection.test(api)
    with pytest.raises(AccountValidationError) as caught:
        await other.test(open_api(app, other, sandbox.url))
    assert caught.value.status == 404


async def test_a_contact_that_is_not_there_is_not_a_wrong_key(api: Api) -> None:
    with pytest.raises(DataError) as caught:
        await api.get("/v1/contact", params={"id": "nobody"})

    assert caught.value.status == 404


async def test_an_identified_user_is_found_again_with_its_traits(api: Api) -> None:
    for job in ("Engineer", "Director"):
        identified = await identify_a_user(
            api,
            IdentifyAUser(
                user_id="ada",
                additional_data={"email": "ada@example.com", "job_title": job},
                account_id="acme-1",
                account_data={"name": "Acme Ltd"},
            ),
        )

    contact = await api.get("/v1/contact", params={"id": "ada"})

    assert contact["uuid"] == identified.contact_uuid
    assert contact["attributes"]["job_title"] == "Director"
    assert contact["account"]["remote_id"] == "acme-1"


async def test_an_event_is_tracked(api: Api) -> None:
    tracked = await track_an_event(api, TrackAnEvent(user_id="ada", event_name="Paid"))

    assert tracked.message == "ok"


@pytest.mark.parametrize("order", ["first_seen_at", "display_name", "email"])
async def test_all_contacts_are_listed_once(api: Api, order: str) -> None:
    fields = ListContacts.model_validate({"order_by": order, "limit": 10_000})

    listed = [contact.uuid async for contact in list_contacts(api, fields)]

    assert len(listed) == len(set(listed)) == PEOPLE


async def test_a_segment_lists_its_members(api: Api) -> None:
    chosen = (await offered(segments(api)))["Beta testers"]
    fields = ListContacts(segment_uuid=chosen, limit=10_000)

    listed = [contact async for contact in list_contacts(api, fields)]

    assert 0 < len(listed) < PEOPLE
    assert all(chosen in {s.uuid for s in contact.segments} for contact in listed)


async def test_any_call_can_be_made(api: Api) -> None:
    call = ApiCall(url="/v1/contacts", query_string={"page_length": "8"})

    result = await app.modules["make_an_api_call"].run(api=api, fields=call)

    assert result.status_code == 200
    assert len(result.body["items"]) == 8


async def receive(
    sandbox: Running, api: Api, httpserver: HTTPServer, *events: str
) -> Callable[[], Any]:
    """Adds a webhook to the sandbox; the result waits for what it has sent."""
    httpserver.expect_request("/hook").respond_with_data("OK")
    await api.request(
        "POST",
        "/integrations/webhooks",
        headers={"Accept": "application/json"},
        json={"name": "Ours", "events": events, "url": httpserver.url_for("/hook")},
    )

    async def received() -> Delivery:
        await sandbox.sandbox.sender.settled()
        [(request, _)] = httpserver.log
        return Delivery(body=request.data, payload=request.get_json())

    return received


async def test_a_completed_survey_reaches_its_trigger(
    sandbox: Running, api: Api, httpserver: HTTPServer
) -> None:
    received = await receive(sandbox, api, httpserver, "Completed Survey")
    survey = (await offered(surveys(api)))["Quarterly NPS"]
    answers = {"nps": 9, "reason": "Fast support"}
    await api.post("/v1/responses", json={"id": "ada", "form_uuid": survey, **answers})

    delivery = await received()
    [bundle] = [each async for each in watch_completed_survey(delivery)]

    watched = app.modules["watch_completed_survey"].events or frozenset()
    assert RefinerWebhook.event(delivery) in watched
    assert RefinerWebhook.dedupe_key(delivery)
    assert bundle.values["remote_id"] == "ada"
    assert str(bundle.values["response"]["data"]["nps"]) == "9"
    assert bundle.values["form"]["uuid"] == survey


async def test_an_entered_segment_reaches_its_trigger(
    sandbox: Running, api: Api, httpserver: HTTPServer
) -> None:
    await identify_a_user(api, IdentifyAUser(user_id="ada"))
    event = sandbox.sandbox.settings.behaviour.segment_event
    received = await receive(sandbox, api, httpserver, event)
    segment = (await offered(segments(api)))["Beta testers"]
    await api.post("/v1/sync-segment", json={"id": "ada", "segment_uuid": segment})

    delivery = await received()
    [bundle] = [each async for each in watch_user_entered_segment(delivery)]

    watched = app.modules["watch_user_entered_segment"].events or frozenset()
    assert RefinerWebhook.event(delivery) in watched
    assert segment in (RefinerWebhook.dedupe_key(delivery) or "")
    assert segment in {each["uuid"] for each in bundle.values["segments"]}

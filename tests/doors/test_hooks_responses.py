"""Webhooks that answer with what the scenario says."""

from typing import Any

import pytest
from aiohttp import web

from fakes.serving import Client, Listener, scenario, survey
from trunkline.settings import Settings


def response(id_: int, **fields: object) -> dict[str, Any]:
    return {"id": id_, "module": "flow.webhook_response", "map": fields}


async def test_the_caller_gets_status_headers_and_body_of_the_scenario(
    api: Client,
) -> None:
    said = response(
        2,
        status=303,
        body="Thank you, {{1.display_name}}",
        headers={"Location": "https://example.org/{{1.response.data.nps}}"},
    )
    address = await api.listening(scenario(said))

    answer = await api.deliver(address, survey(), allow_redirects=False)

    assert answer.status == 303
    assert answer.text == "Thank you, Ada Example"
    assert answer.headers["location"] == "https://example.org/9"
    assert answer.headers["content-type"].startswith("text/plain")


async def test_a_collection_is_answered_as_json_and_only_the_first_answer_counts(
    api: Client,
) -> None:
    address = await api.listening(
        scenario(response(2, body="{{1.response.data}}"), response(3, body="late"))
    )

    answer = await api.deliver(address, survey())

    assert answer.json() == {"nps": "9", "reason": "Fast support"}
    assert answer.headers["content-type"] == "application/json"


async def test_a_scenario_that_fails_before_it_answers_says_500(
    api: Client, listener: Listener
) -> None:
    listener.answer = lambda _: web.Response(status=400)
    call = {
        "id": 2,
        "module": "http.make_a_request",
        "map": {"url": listener.address},
    }
    address = await api.listening(scenario(call, response(3)))

    answer = await api.deliver(address, survey())

    assert (answer.status, answer.text) == (500, "Scenario failed to complete.")


async def test_a_scenario_that_ends_without_an_answer_has_accepted(
    api: Client,
) -> None:
    closed = {"conditions": [[{"a": "1", "o": "text:equal", "b": "2"}]]}
    address = await api.listening(scenario(response(2) | {"filter": closed}))

    answer = await api.deliver(address, survey())

    assert (answer.status, answer.text) == (200, "Accepted")


class TestImpatient:
    """With a server that does not let callers wait for long."""

    @pytest.fixture
    def settings(self, settings: Settings) -> Settings:
        return settings.model_copy(update={"response_seconds": 0.05})

    async def test_who_waits_too_long_hears_that_it_was_accepted(
        self, api: Client
    ) -> None:
        sleep = {"id": 2, "module": "tools.sleep", "map": {"seconds": 600}}
        address = await api.listening(scenario(sleep, response(3)))

        answer = await api.deliver(address, survey())

        assert (answer.status, answer.text) == (200, "Accepted")


async def test_a_caller_that_waits_is_refused_where_no_more_may_begin(
    api: Client,
) -> None:
    bound = {"type": "immediately", "max_runs_per_minute": 1}
    address = await api.listening(scenario(response(2)) | {"schedule": bound})
    statuses = [
        (await api.deliver(address, survey(f"r{number}"))).status for number in range(5)
    ]

    assert set(statuses) <= {200, 429}
    assert 429 in statuses
    accepted = (await api.settled(statuses.count(200)))["accepted"]
    assert accepted == statuses.count(200)

"""List Contacts: what is asked, how far it reads, what it tells."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from pydantic import ValidationError
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from trunkline.apps.refiner import app
from trunkline.apps.refiner.contacts import ListContacts, list_contacts
from trunkline.apps.refiner.dropdowns import segments, surveys
from trunkline.sdk import Api, DataError


def listing(records: list[dict[str, Any]]) -> Callable[[Request], Response]:
    """A list with a cursor, as Refiner pages it."""

    def answer(request: Request) -> Response:
        start = int(request.args.get("page_cursor", "c0")[1:])
        end = start + int(request.args["page_length"])
        cursor = f"c{end}" if end < len(records) else None
        return Response(
            json.dumps(
                {
                    "items": records[start:end],
                    "pagination": {"next_page_cursor": cursor},
                }
            ),
            content_type="application/json",
        )

    return answer


def people(count: int) -> list[dict[str, Any]]:
    return [{"uuid": f"contact-{number}"} for number in range(count)]


def asked(httpserver: HTTPServer) -> list[dict[str, str]]:
    return [request.args.to_dict() for request, _ in httpserver.log]


@pytest.fixture
def contacts(httpserver: HTTPServer) -> HTTPServer:
    httpserver.expect_request("/v1/contacts", method="GET").respond_with_handler(
        listing(people(2500))
    )
    return httpserver


async def test_the_choices_go_under_refiners_names(
    contacts: HTTPServer, refiner: Api
) -> None:
    fields = ListContacts(
        order_by="email", from_uuid="form-1", segment_uuid="segment-1", limit=3
    )

    found = [contact.uuid async for contact in list_contacts(refiner, fields)]

    assert found == ["contact-0", "contact-1", "contact-2"]
    assert asked(contacts) == [
        {
            "order_by": "email",
            "form_uuid": "form-1",
            "segment_uuid": "segment-1",
            "page_length": "3",
        }
    ]


async def test_a_hundred_are_listed_where_nothing_else_is_said(
    contacts: HTTPServer, refiner: Api
) -> None:
    found = [contact async for contact in list_contacts(refiner, ListContacts())]

    assert len(found) == 100
    assert asked(contacts) == [{"page_length": "100"}]


@pytest.mark.parametrize(
    ("limit", "count", "pages"),
    [(1000, 1000, 1), (1001, 1001, 2), (2000, 2000, 2), (100_000, 2500, 3)],
)
async def test_no_page_is_fetched_that_the_limit_does_not_need(
    contacts: HTTPServer, refiner: Api, limit: int, count: int, pages: int
) -> None:
    fields = ListContacts(limit=limit)

    found = [contact.uuid async for contact in list_contacts(refiner, fields)]

    assert found == [person["uuid"] for person in people(count)]
    assert [page["page_length"] for page in asked(contacts)] == ["1000"] * pages


async def test_pages_are_fetched_as_they_are_read(
    contacts: HTTPServer, refiner: Api
) -> None:
    listed = list_contacts(refiner, ListContacts(limit=2500))

    await anext(aiter(listed))

    assert len(contacts.log) == 1


async def test_an_empty_project_lists_nothing(
    httpserver: HTTPServer, refiner: Api
) -> None:
    httpserver.expect_request("/v1/contacts").respond_with_handler(listing([]))

    assert [each async for each in list_contacts(refiner, ListContacts())] == []


async def test_a_contact_keeps_all_that_refiner_says_of_it(
    httpserver: HTTPServer, refiner: Api
) -> None:
    sample = app.modules["list_contacts"].sample
    told = {**(sample or {}), "last_tracking_event_at": None}
    httpserver.expect_request("/v1/contacts").respond_with_handler(listing([told]))

    [contact] = [each async for each in list_contacts(refiner, ListContacts())]

    assert contact.model_dump(exclude_unset=True) == told
    assert contact.attributes["seats"] == "12"
    assert contact.account
    assert contact.account.remote_id == "acme-1"


async def test_what_php_writes_for_nothing_is_read_as_nothing(
    httpserver: HTTPServer, refiner: Api
) -> None:
    bare = {"uuid": "1", "remote_id": 7, "attributes": [], "segments": None}
    httpserver.expect_request("/v1/contacts").respond_with_handler(
        listing([{**bare, "account": []}])
    )

    [contact] = [each async for each in list_contacts(refiner, ListContacts())]

    assert contact.model_dump(exclude_unset=True) == {
        "uuid": "1",
        "remote_id": "7",
        "attributes": {},
        "segments": [],
        "account": None,
    }


async def test_a_contact_without_its_uuid_is_refused(
    httpserver: HTTPServer, refiner: Api
) -> None:
    httpserver.expect_request("/v1/contacts").respond_with_handler(
        listing([{"email": "ada@example.com"}])
    )

    with pytest.raises(DataError, match="uuid"):
        await anext(aiter(list_contacts(refiner, ListContacts())))


@pytest.mark.parametrize(
    "wrong", [{"limit": 0}, {"limit": -1}, {"limit": "many"}, {"order_by": "shoe size"}]
)
def test_what_cannot_be_listed_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        ListContacts.model_validate(wrong)


def test_an_order_may_be_mapped_by_its_label_and_blanks_are_no_choice() -> None:
    fields = ListContacts.model_validate(
        {"order_by": "Display Name", "from_uuid": "", "segment_uuid": " ", "limit": "5"}
    )

    assert fields.params() == {
        "order_by": "display_name",
        "form_uuid": None,
        "segment_uuid": None,
    }
    assert ListContacts.model_validate({"order_by": ""}).order_by is None


async def test_the_dropdowns_offer_all_surveys_and_segments_by_name(
    httpserver: HTTPServer, refiner: Api
) -> None:
    for path in ("/v1/forms", "/v1/segments"):
        for page, name in ((1, "Quarterly NPS"), (2, None)):
            httpserver.expect_oneshot_request(
                path, query_string={"page": str(page), "page_length": "1000"}
            ).respond_with_json(
                {
                    "items": [{"uuid": f"u{page}", "name": name}, {"name": "broken"}],
                    "pagination": {"current_page": page, "last_page": 2},
                }
            )

    dropdowns = app.modules["list_contacts"].dropdowns

    assert dropdowns == {"from_uuid": surveys, "segment_uuid": segments}
    for source in dropdowns.values():
        offered = [(option.value, option.label) async for option in source(refiner)]
        assert offered == [("u1", "Quarterly NPS"), ("u2", "u2")]
    httpserver.check()

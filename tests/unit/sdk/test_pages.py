"""Lists come page by page, when asked for, and to an end."""

import json
from collections.abc import Callable
from contextlib import aclosing
from typing import Any

import pytest
from pydantic import BaseModel, SecretStr

from fakes.faulty_server import FaultyServer, Reply, reply
from trunkline.sdk import (
    Api,
    Channel,
    CursorPages,
    DataError,
    ForeignOriginError,
    LinkPages,
    MaxResultsExceededError,
    OffsetPages,
    PageNumberPages,
    Pages,
    QueryAuth,
)

Open = Callable[..., Channel]
CURSOR = CursorPages(items="items", next="pagination.next", size_param="size", size=50)


class Record(BaseModel):
    id: int


def page(body: object, **headers: str) -> Reply:
    headers["content-type"] = "application/json"
    return reply(200, json.dumps(body), **headers)


def cursor_page(*ids: int, to: object = None) -> Reply:
    return page({"items": [{"id": i} for i in ids], "pagination": {"next": to}})


def paths(server: FaultyServer) -> list[str]:
    return [request.split(b" ")[1].decode() for request in server.requests]


async def walk(api: Api, pages: Pages, **settings: Any) -> list[Any]:  # noqa: ANN401 - as pages() has them
    records = api.pages("/list", pages=pages, **settings)
    return [record["id"] async for record in records]


@pytest.fixture
def api(open_channel: Open) -> Api:
    return Api(open_channel())


async def test_cursors_are_followed_and_filters_repeated(
    api: Api, server: FaultyServer
) -> None:
    server.says(cursor_page(1, 2, to="b c"), cursor_page(3, to=None))
    assert await walk(api, CURSOR, params={"state": "new"}) == [1, 2, 3]
    assert paths(server) == [
        "/v1/list?size=50&state=new",
        "/v1/list?size=50&state=new&cursor=b+c",
    ]


@pytest.mark.parametrize(
    "answer", [reply(204), page({"items": None}), page({"items": []})]
)
async def test_an_empty_list_is_one(
    answer: Reply, api: Api, server: FaultyServer
) -> None:
    server.says(answer)
    assert await walk(api, CURSOR) == []


@pytest.mark.parametrize("end", [None, "", False])
async def test_a_list_ends_where_no_cursor_is_given(
    end: object, api: Api, server: FaultyServer
) -> None:
    server.says(cursor_page(1, to=end))
    assert await walk(api, CURSOR) == [1]


async def test_page_numbers_go_to_the_last_page(api: Api, server: FaultyServer) -> None:
    server.says(*(page({"items": [{"id": i}], "last": "3"}) for i in (1, 2, 3)))
    assert await walk(api, PageNumberPages(items="items", last="last")) == [1, 2, 3]
    assert paths(server) == [f"/v1/list?page={number}" for number in (1, 2, 3)]


async def test_without_a_last_page_a_page_that_is_not_full_is_the_last(
    api: Api, server: FaultyServer
) -> None:
    server.says(page([{"id": 1}, {"id": 2}]), page([{"id": 3}]))
    pages = PageNumberPages(size_param="per_page", size=2)
    assert await walk(api, pages) == [1, 2, 3]


async def test_offsets_count_records(api: Api, server: FaultyServer) -> None:
    server.says(page([{"id": 1}, {"id": 2}]), page([{"id": 3}]))
    assert await walk(api, OffsetPages(size=2)) == [1, 2, 3]
    assert paths(server) == ["/v1/list?limit=2&offset=0", "/v1/list?limit=2&offset=2"]


async def test_offsets_go_to_the_total(api: Api, server: FaultyServer) -> None:
    server.says(*(page({"n": 2, "items": [{"id": i}]}) for i in (1, 2)))
    assert await walk(api, OffsetPages(items="items", total="n")) == [1, 2]


async def test_links_are_followed(api: Api, server: FaultyServer) -> None:
    first = f'<{server.url}/v1/list?at=9&q=%26>; title="a, b"; rel="last next"'
    server.says(
        page([{"id": 1}], Link=f"</v1/x>; rel=prev, {first}"), page([{"id": 2}])
    )
    assert await walk(api, LinkPages(), params={"q": "&"}) == [1, 2]
    assert paths(server) == ["/v1/list?q=%26", "/v1/list?at=9&q=%26"]


async def test_a_relative_link_is_followed_and_keys_in_it_are_ours(
    open_channel: Open, server: FaultyServer
) -> None:
    api = Api(open_channel(auth=QueryAuth("key", SecretStr("canary-key"))))
    link = "<?at=9&key=canary-key>; rel=next"
    server.says(page([{"id": 1}], Link=link), page([{"id": 2}]))
    assert await walk(api, LinkPages()) == [1, 2]
    assert paths(server)[1] == "/v1/list?at=9&key=canary-key"


@pytest.mark.parametrize(
    "link", ["http://evil.example/v1/list", "//evil.example/", "/v2/list", "/v1/../x"]
)
async def test_a_link_does_not_lead_away(
    link: str, api: Api, server: FaultyServer
) -> None:
    server.says(page([{"id": 1}], Link=f"<{link}>; rel=next"))
    with pytest.raises(ForeignOriginError):
        await walk(api, LinkPages())
    assert len(server.requests) == 1


async def test_no_page_is_fetched_that_nobody_asks_for(
    api: Api, server: FaultyServer
) -> None:
    server.says(cursor_page(1, 2, to="b"), cursor_page(3))
    records = api.pages("/list", pages=CURSOR)
    assert server.requests == []
    async with aclosing(records):
        assert [(await anext(records))["id"], (await anext(records))["id"]] == [1, 2]
    assert len(server.requests) == 1


@pytest.mark.parametrize(("limit", "size"), [(None, 50), (7, 7), (500, 50), (0, 1)])
async def test_no_larger_page_is_asked_for_than_is_taken(
    limit: int | None, size: int, api: Api, server: FaultyServer
) -> None:
    server.says(cursor_page(1))
    await walk(api, CURSOR, limit=limit)
    assert paths(server) == [f"/v1/list?size={size}"]


async def test_records_become_models(api: Api, server: FaultyServer) -> None:
    server.says(cursor_page(1))
    records = api.pages("/list", pages=CURSOR, into=Record)
    assert [record async for record in records] == [Record(id=1)]


async def test_a_record_that_does_not_fit_is_an_error(
    api: Api, server: FaultyServer
) -> None:
    server.says(page({"items": [{"id": "x"}]}))
    with pytest.raises(DataError, match="not what Record describes: id"):
        await anext(api.pages("/list", pages=CURSOR, into=Record))


async def test_the_app_says_how_its_lists_are_paged(
    open_channel: Open, server: FaultyServer
) -> None:
    server.says(cursor_page(1))
    records = Api(open_channel(pages=CURSOR)).pages("/list")
    assert [record async for record in records] == [{"id": 1}]
    with pytest.raises(TypeError, match="how lists are paged"):
        await anext(Api(open_channel()).pages("/list"))


async def test_a_few_empty_pages_are_passed_over(
    api: Api, server: FaultyServer
) -> None:
    server.says(cursor_page(to="b"), cursor_page(to="c"), cursor_page(3))
    assert await walk(api, CURSOR) == [3]


def empty_pages(pages: int) -> list[Reply]:
    return [cursor_page(to=f"c{number}") for number in range(pages)]


ENDLESS = {
    "the same cursor": [cursor_page(1, to="b"), cursor_page(2, to="b")],
    "cursors in a circle": [cursor_page(1, to="b"), cursor_page(2, to="c")] * 2,
    "the same page": [cursor_page(1, to="b"), cursor_page(1, to="c")],
    "empty pages": empty_pages(20),
    "no list": [page({"items": {"id": 1}})],
    "a web page": [reply(body="<html>", Content_Type="text/html")],
    "broken JSON": [reply(body='{"items": [', Content_Type="application/json")],
}


@pytest.mark.parametrize("replies", ENDLESS.values(), ids=ENDLESS)
async def test_a_list_that_is_none_or_has_no_end_is_an_error(
    replies: list[Reply], api: Api, server: FaultyServer
) -> None:
    server.says(*replies)
    with pytest.raises(DataError, match=r"\.$"):
        await walk(api, CURSOR)
    assert len(server.requests) <= 12


@pytest.mark.parametrize(
    "pages",
    [
        PageNumberPages(items="items", size_param="n", size=1, max_pages=5),
        PageNumberPages(items="items", last="last", max_pages=5),
        OffsetPages(items="items", size=1, max_pages=5),
        OffsetPages(items="items", total="last", max_pages=5),
        CursorPages(items="items", next="next", max_pages=5),
    ],
)
async def test_a_list_is_read_up_to_its_most_pages(
    pages: Pages, api: Api, server: FaultyServer
) -> None:
    server.says(
        *(page({"items": [{"id": i}], "last": 99, "next": i + 1}) for i in range(20))
    )
    with pytest.raises(MaxResultsExceededError, match="after 5 pages"):
        await walk(api, pages)
    assert len(server.requests) <= 6


async def test_the_same_page_under_another_number_is_noticed(
    api: Api, server: FaultyServer
) -> None:
    """As from a service that ignores the page's number."""
    server.says(page({"items": [{"id": 1}], "last": 9}))
    with pytest.raises(DataError, match="the same records as a page before it"):
        await walk(api, PageNumberPages(items="items", last="last"))
    assert len(server.requests) == 2

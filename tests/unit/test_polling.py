"""Polling triggers take each record once, oldest first, whatever lists do meanwhile."""

from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import Any, Literal

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from trunkline.engine.polling import News, find_news, first_position
from trunkline.errors import ConnectionError as Unreachable
from trunkline.errors import DataError, MaxResultsExceededError
from trunkline.model.position import Position
from trunkline.sdk import CursorPages, PageNumberPages, Pages, Watch
from trunkline.sdk.answer import Answer

Record = dict[str, Any]
Order = Literal["asc", "desc", "unordered"]

START = Position(scenario_id="s", module_id=1)
NUMBERED = PageNumberPages(items="items", last="last")
CURSOR = CursorPages(items="items", next="next", param="after")
NOW = 1_790_000_000_900


def watching(order: Order, kind: Literal["date", "id"] = "id") -> Watch:
    mark = None if order == "unordered" else "at"
    return Watch(unique="key", mark=mark, kind=kind, order=order)


def record(key: str, at: object = 0) -> Record:
    return {"key": key, "at": at}


async def listed(*records: Record) -> AsyncIterator[Record]:
    for one in records:
        yield one


@dataclass(slots=True)
class Service:
    """A list in pages of two; what happens to it between two of them can be told."""

    order: Order
    records: list[Record] = field(default_factory=list)
    between: Iterator[object] = field(default_factory=lambda: iter(()))

    def adding(self, *keys: str, at: object) -> Iterator[None]:
        """Adds one of them each time a page is read."""
        for key in keys:
            self.add(key, at=at)
            yield

    def add(self, *keys: str, at: object) -> None:
        new = [record(key, at) for key in keys]
        if self.order == "desc":
            self.records[:0] = reversed(new)
        else:
            self.records += new

    async def fetch(
        self, params: Mapping[str, Any], *, url: str | None = None
    ) -> Answer:
        assert url is None
        next(self.between, None)
        if "after" in params:
            return self._after(params["after"])
        begins = 2 * (params.get("page", 1) - 1)
        last = (len(self.records) + 1) // 2
        found = self.records[begins : begins + 2]
        return answer({"items": found, "last": last, "next": self._next(found)})

    def _after(self, cursor: str) -> Answer:
        """Cursors are places in order, which stay when their records are removed."""
        at = [int(one["key"]) for one in self.records]
        begins = next(
            (i for i, key in enumerate(at) if key < int(cursor)), len(self.records)
        )
        found = self.records[begins : begins + 2]
        return answer({"items": found, "next": self._next(found)})

    def _next(self, found: list[Record]) -> str | None:
        return None if not found else str(found[-1]["key"])

    async def look(
        self, position: Position, *, limit: int = 100, pages: Pages = NUMBERED
    ) -> News:
        async with aclosing(pages.walk(self.fetch, {})) as results:
            return await find_news(results, watching(self.order), position, limit)


def answer(value: object) -> Answer:
    return Answer(
        status=200, headers={}, body=msgspec.json.encode(value), url="http://list"
    )


def keys(news: News) -> list[str]:
    return [one["key"] for one in news.bundles]


async def drained(service: Service, limit: int, position: Position = START) -> str:
    """What cycle after cycle takes, until nothing is left."""
    taken: list[str] = []
    more = True
    while more:
        news = await service.look(position, limit=limit)
        taken += keys(news)
        position, more = news.position, news.more
    return "".join(taken)


@pytest.mark.parametrize("order", ["asc", "desc"])
@pytest.mark.parametrize("limit", [1, 2, 3, 100])
async def test_a_limit_takes_the_oldest_and_the_rest_in_later_cycles(
    order: Order, limit: int
) -> None:
    service = Service(order)
    for at, key in enumerate("abcdefg"):
        service.add(key, at=at)
    assert await drained(service, limit) == "abcdefg"


@pytest.mark.parametrize("order", ["asc", "desc", "unordered"])
@pytest.mark.parametrize("limit", [1, 2, 100])
async def test_records_with_equal_marks_are_taken_once_each(
    order: Order, limit: int
) -> None:
    service = Service(order)
    service.add(*"abcde", at=7)
    assert await drained(service, limit) == "abcde"
    service.add("f", at=7)
    news = await service.look(replace(START, mark=7, ties=tuple("abcde")))
    assert keys(news) == ["f"]


@pytest.mark.parametrize("order", ["asc", "desc", "unordered"])
async def test_a_list_without_news_changes_nothing(order: Order) -> None:
    service = Service(order)
    assert await service.look(START) == News([], START, more=False)
    service.add(*"ab", at=1)
    behind = (await service.look(START)).position
    again = await service.look(behind)
    assert (again.bundles, again.more) == ([], False)
    assert set(again.position.ties) == set(behind.ties)


async def test_a_list_that_is_newest_first_is_read_to_its_first_old_record() -> None:
    seen = []

    async def results() -> AsyncIterator[Record]:
        for at in (5, 4, 3, 2, 1):
            seen.append(at)
            yield record(str(at), at)

    at_three = replace(START, mark=3, ties=("3",))
    assert keys(await find_news(results(), watching("desc"), at_three, 9)) == ["4", "5"]
    assert seen == [5, 4, 3, 2]


async def test_numbers_written_as_texts_are_compared_as_numbers() -> None:
    service = Service("asc")
    for at in ("9", "10", "11"):
        service.add(at, at=at)
    assert keys(await service.look(replace(START, mark=9, ties=("9",)))) == ["10", "11"]


async def test_ids_of_which_some_happen_to_be_digits_compare_as_texts() -> None:
    service = Service("asc")
    for at in ("507f1f", "507100", "5a0000"):
        service.add(at, at=at)
    behind = replace(START, mark="507000", ties=())
    assert len(keys(await service.look(behind))) == 3


async def test_a_record_without_its_mark_or_key_is_an_error() -> None:
    with pytest.raises(DataError, match="'at'"):
        await find_news(listed({"key": "a"}), watching("desc"), START, 9)
    with pytest.raises(DataError, match="'key'"):
        await find_news(listed({"at": 1}), watching("unordered"), START, 9)


async def test_a_record_that_left_an_unordered_list_and_came_back_is_not_news() -> None:
    service = Service("unordered", [record("a"), record("b")])
    position = (await service.look(START)).position
    service.records = [record("b")]
    position = (await service.look(position)).position
    service.records = [record("a"), record("b"), record("c")]
    assert keys(await service.look(position)) == ["c"]


async def test_an_unordered_list_longer_than_what_is_remembered_repeats_nothing() -> (
    None
):
    watch = watching("unordered")
    many = [record(str(number)) for number in range(12_000)]
    position = await first_position(listed(*many), watch, START, NOW)
    for limit in (1, 100):
        news = await find_news(listed(*many), watch, position, limit)
        assert news.bundles == []
        position = news.position


# How lists are read while they change: 0 missed, 0 twice.


@pytest.mark.parametrize("limit", [1, 2, 3, 100])
async def test_records_inserted_while_a_list_is_read_come_once(limit: int) -> None:
    service = Service("desc")
    for at, key in enumerate("abcdef"):
        service.add(key, at=at)
    service.between = service.adding(*"ghij", at=9)
    news = await service.look(START, limit=limit)
    service.between = _spent(service.between)
    rest = await drained(service, limit, news.position)
    assert "".join(keys(news)) + rest == "abcdefghij"


async def test_records_appended_while_a_list_is_read_come_once() -> None:
    service = Service("asc")
    for at, key in enumerate("abcd"):
        service.add(key, at=at)
    service.between = service.adding(*"efg", at=9)
    news = await service.look(START, limit=3)
    service.between = _spent(service.between)
    rest = await drained(service, 3, news.position)
    assert "".join(keys(news)) + rest == "abcdefg"


async def test_records_removed_while_cursors_are_followed_hide_none() -> None:
    service = Service("desc")
    for at in range(1, 7):
        service.add(str(at), at=at)
    service.between = _removing(service)
    news = await service.look(START, pages=CURSOR)
    assert {"1", "2", "3", "4"} <= set(keys(news))


def _removing(service: Service) -> Iterator[None]:
    """The newest two, one before the second page and one before the third."""
    yield
    service.records.pop(0)
    yield
    service.records.pop(0)
    yield


def _spent(changes: Iterator[object]) -> Iterator[object]:
    """Nothing, after what was still to happen has."""
    for _ in changes:
        pass
    return iter(())


@pytest.mark.parametrize("pages", [NUMBERED, CURSOR])
async def test_a_page_that_comes_twice_ends_the_look_and_moves_nothing(
    pages: Pages,
) -> None:
    async def fetch(params: Mapping[str, Any], *, url: str | None = None) -> Answer:
        assert url is None
        same = [record("2", 2), record("1", 1)]
        return answer({"items": same, "last": 9, "next": f"x{len(params)}"})

    with pytest.raises(DataError, match="no end"):
        async with aclosing(pages.walk(fetch, {})) as results:
            await find_news(results, watching("desc"), START, 9)


async def test_a_list_that_never_ends_is_given_up() -> None:
    pages = PageNumberPages(items="items", last="last", max_pages=50)

    async def fetch(params: Mapping[str, Any], *, url: str | None = None) -> Answer:
        assert url is None
        at = -int(params["page"])
        return answer({"items": [record(str(at), at)], "last": 10**9})

    with pytest.raises(MaxResultsExceededError, match="50 pages"):
        async with aclosing(pages.walk(fetch, {})) as results:
            await find_news(results, watching("desc"), START, 9)


async def test_an_empty_page_amid_others_ends_nothing() -> None:
    pages = {1: [record("d", 4)], 2: [], 3: [record("c", 3)]}

    async def fetch(params: Mapping[str, Any], *, url: str | None = None) -> Answer:
        assert url is None
        return answer({"items": pages[params["page"]], "last": 3})

    async with aclosing(NUMBERED.walk(fetch, {})) as results:
        assert keys(await find_news(results, watching("desc"), START, 9)) == ["c", "d"]


async def test_a_cursor_that_expires_fails_the_look_and_the_next_one_takes_all() -> (
    None
):
    service = Service("desc")
    for at in range(1, 6):
        service.add(str(at), at=at)

    def expire() -> Iterator[None]:
        yield
        raise Unreachable("410")

    service.between = expire()
    with pytest.raises(Unreachable):
        await service.look(START)
    service.between = iter(())
    assert keys(await service.look(START)) == ["1", "2", "3", "4", "5"]


steps = st.lists(
    st.tuples(st.integers(0, 3), st.integers(0, 1), st.integers(1, 5), st.booleans()),
    min_size=1,
    max_size=12,
)


@settings(max_examples=150, deadline=None)
@given(order=st.sampled_from(["asc", "desc"]), steps=steps)
async def test_whatever_is_added_and_when_each_record_is_taken_once_and_in_order(
    order: Order, steps: list[tuple[int, int, int, bool]]
) -> None:
    """Each step adds records before a look or during it, perhaps a tick later."""
    service, position, at = Service(order), START, 0
    taken: list[Record] = []
    added = 0
    for number, tick, limit, during in steps:
        at += tick
        new = [str(added + one) for one in range(number)]
        added += number
        if during:
            service.between = service.adding(*new, at=at)
        else:
            service.add(*new, at=at)
        news = await service.look(position, limit=limit)
        taken += news.bundles
        position = news.position
        service.between = _spent(service.between)
    news = await service.look(position, limit=10_000)
    taken += news.bundles

    assert sorted(int(one["key"]) for one in taken) == list(range(added))
    assert [one["at"] for one in taken] == sorted(one["at"] for one in taken)


# Where a trigger begins.


@pytest.mark.parametrize("kind", ["id", "date"])
async def test_from_now_on_means_behind_all_that_a_service_lists(
    kind: Literal["id", "date"],
) -> None:
    marks = [1_789_999_990, 1_789_999_995, 1_789_999_995]
    watch = watching("desc", kind)
    there = [record(key, at) for key, at in zip("abc", marks, strict=True)][::-1]
    began = await first_position(listed(*there), watch, START, NOW)
    assert (began.mark, set(began.ties)) == (1_789_999_995, {"b", "c"})
    late = record("d", 1_789_999_995)
    assert keys(await find_news(listed(late, *there), watch, began, 9)) == ["d"]


async def test_from_now_on_in_an_empty_list_is_from_its_first_record() -> None:
    began = await first_position(listed(), watching("desc"), START, NOW)
    assert keys(
        await find_news(listed(record("a", 1)), watching("desc"), began, 9)
    ) == ["a"]


async def test_a_date_that_knows_no_parts_of_a_second_is_not_missed() -> None:
    watch = watching("asc", "date")
    began = await first_position(listed(), watch, START, NOW)
    created_now = record("a", NOW // 1000)
    assert keys(await find_news(listed(created_now), watch, began, 9)) == ["a"]


async def test_from_now_on_behind_the_greatest_id_of_a_list_that_is_oldest_first() -> (
    None
):
    there = [record("a", 8), record("b", 9), record("c", 10)]
    began = await first_position(listed(*there), watching("asc"), START, NOW)
    assert (began.mark, began.ties) == (10, ("c",))

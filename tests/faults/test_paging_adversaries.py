"""Lists that lie, shift or never end: no record is missed, and none taken twice."""

import json
from collections.abc import Sequence
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any

import pytest
from msgspec.structs import replace

from fakes.clock import FakeTime
from fakes.faulty_server import FaultyServer, Reply, reply
from faults.figures import Figures
from trunkline.engine import polling
from trunkline.engine.polling import News, find_news
from trunkline.errors import ModuleError
from trunkline.model.position import Position
from trunkline.sdk import Api, Channel, CursorPages, HttpClient, NoAuth, Watch

_HARNESS = "Paging adversaries"
_MOST_PAGES, _MOST_LOOKS = 30, 10
_PAGES = CursorPages(items="items", next="next", max_pages=_MOST_PAGES)
_WATCH = Watch(unique="key", mark="at", kind="id", order="desc")
_START = Position(scenario_id="s", module_id=1)


def page(keys: str, to: str | None = None, *, at: int | None = None) -> Reply:
    """Records named by letters, the later the newer, or all equally new."""
    items = [{"key": key, "at": ord(key) if at is None else at} for key in keys]
    return reply(
        200, json.dumps({"items": items, "next": to}), Content_Type="application/json"
    )


def pages(*of: str, at: int | None = None) -> list[Reply]:
    """A list as it should be: each page names the next one."""
    named = [*(f"c{number}" for number in range(1, len(of))), None]
    return [page(keys, to, at=at) for keys, to in zip(of, named, strict=True)]


@dataclass(frozen=True, slots=True)
class Adversary:
    """What is answered to the first look, what to later ones, and what there was.

    `fails` says that the first look takes nothing, since it cannot be trusted.
    """

    first: Sequence[Reply]
    then: Sequence[Reply] = tuple(pages("fe", "dc", "ba"))
    there: str = "abcdef"
    fails: bool = False


ADVERSARIES = {
    "a page that comes twice": Adversary(pages("fe", "fe", "dc", "ba"), fails=True),
    "the same cursor again": Adversary([page("fe", "x"), page("dc", "x")], fails=True),
    "cursors in a circle": Adversary(
        [page("fe", "x"), page("dc", "y"), page("ba", "x")], fails=True
    ),
    "a cursor that expires": Adversary([page("fe", "x"), reply(410)], fails=True),
    "a connection that breaks in the midst": Adversary(
        [page("fe", "x"), *[Reply(then="close")] * 4], fails=True
    ),
    "half a page": Adversary(
        [
            page("fe", "x"),
            reply(200, '{"items": [{"ke', Content_Type="application/json"),
        ],
        fails=True,
    ),
    "records inserted meanwhile": Adversary(
        pages("fe", "ed", "cb", "a"), pages("gf", "ed", "cb", "a"), there="abcdefg"
    ),
    "records removed meanwhile": Adversary(
        pages("fe", "cb", "a"), pages("fe", "cb", "a"), there="abcef"
    ),
    "equally new records": Adversary(
        pages("fe", "dc", "ba", at=7), pages("fe", "dc", "ba", at=7)
    ),
    "an empty page amid others": Adversary(pages("fe", "", "dc", "ba")),
    "empty pages without an end": Adversary(
        [page("", f"c{number}") for number in range(40)], fails=True
    ),
    "pages without an end": Adversary(
        [page(chr(900 - number), f"c{number}") for number in range(40)], fails=True
    ),
    "more than was asked for": Adversary(pages("fedcba")),
}


async def taken(server: FaultyServer, api: Api, adversary: Adversary) -> str:
    """What is taken in the end, of two at a time."""
    position, found, looks = _START, "", 0
    server.says(*adversary.first)
    more = True
    while more and looks < _MOST_LOOKS:
        looks += 1
        try:
            news = await look(api, position)
        except ModuleError:
            assert adversary.fails
            assert looks == 1
        else:
            assert looks > 1 or not adversary.fails, "it was believed"
            found += "".join(one["key"] for one in news.bundles)
            position, more = news.position, news.more or looks == 1
        server.says(*adversary.then)
    return found


async def look(api: Api, position: Position) -> News:
    async with aclosing(api.pages("/list", pages=_PAGES)) as results:
        return await find_news(results, _WATCH, position, 2)


async def met(adversary: Adversary) -> tuple[str, int]:
    """What was taken, and how many pages were asked for at most in one look."""
    time, http = FakeTime(), HttpClient(allow_hosts=["127.0.0.1"])
    async with FaultyServer() as server:
        channel = Channel(http, server.url, NoAuth(), sleep=time.sleep)
        try:
            return await taken(server, Api(channel), adversary), len(server.requests)
        finally:
            await http.close()


@pytest.mark.parametrize("adversary", ADVERSARIES.values(), ids=ADVERSARIES)
async def test_each_record_is_taken_once(adversary: Adversary) -> None:
    found, requests = await met(adversary)
    assert sorted(found) == sorted(adversary.there)
    assert requests <= _MOST_PAGES + 5 * len(adversary.then)


@pytest.mark.figure
async def test_no_adversary_makes_it_miss_or_repeat_a_record(figures: Figures) -> None:
    wrong = [
        name
        for name, one in ADVERSARIES.items()
        if sorted((await met(one))[0]) != sorted(one.there)
    ]
    assert wrong == []
    number = len(ADVERSARIES)
    figures.record(
        _HARNESS,
        promise="a polling trigger takes each record once, whatever a list does",
        done=f"{number} lists that repeat, shift, break off, lie or have no end, each "
        "over HTTP, until nothing is left to take",
        found=f"{number} of {number}: 0 records missed, 0 taken twice, every endless "
        "list was stopped",
    )


@pytest.mark.figure
async def test_the_adversaries_catch_a_trigger_that_forgets_equal_marks(
    monkeypatch: pytest.MonkeyPatch, figures: Figures
) -> None:
    defect = "of equally new records, those that were taken are not remembered"
    advanced = polling._advanced

    def without_ties(position: Position, watch: Watch, bundles: list[Any]) -> Position:
        return replace(advanced(position, watch, bundles), ties=())

    monkeypatch.setattr(polling, "_advanced", without_ties)
    found, _ = await met(ADVERSARIES["equally new records"])
    assert sorted(found) != sorted("abcdef")
    figures.caught(_HARNESS, defect)

"""Whatever a service does wrong, a call ends as the table says, and in time."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from fakes.clock import FakeTime
from fakes.faulty_server import FaultyServer, Reply, reply
from faults.figures import Figures
from faults.upstream import FAULTS, STATUSES, End, Fault, Kind
from trunkline.apps.http import app as http_app
from trunkline.apps.http.request import MakeARequest, make_a_request
from trunkline.apps.refiner import app as refiner_app
from trunkline.apps.refiner.contacts import ListContacts, list_contacts
from trunkline.apps.refiner.people import (
    IdentifyAUser,
    TrackAnEvent,
    identify_a_user,
    track_an_event,
)
from trunkline.engine.backoff import waits_for
from trunkline.errors import ModuleError
from trunkline.sdk import Api, Channel, Deadlines, HttpClient, NoAuth, retry

_HARNESS = "Upstream faults"
_BRIEF = Deadlines(connect=1, idle=0.3, total=0.6)
_PATIENCE = 4 * _BRIEF.total + 20
"""Seconds after which a call hangs: it has four tries, and this machine is busy."""
_LONGEST_CALL, _MOST_CALLS = 120.0, 12

Use = Callable[[Api, str], Awaitable[object]]


async def _list(api: Api, _: str) -> object:
    return [one.uuid async for one in list_contacts(api, ListContacts(limit=100))]


async def _identify(api: Api, _: str) -> object:
    return (await identify_a_user(api, IdentifyAUser(user_id="u"))).contact_uuid


async def _track(api: Api, _: str) -> object:
    return (
        await track_an_event(api, TrackAnEvent(user_id="u", event_name="e"))
    ).message


def _request(**fields: Any) -> Use:  # noqa: ANN401 - fields of the module
    async def use(api: Api, url: str) -> object:
        answer = await make_a_request(api, MakeARequest(url=url + "/x", **fields))
        return answer.status_code

    return use


def _json(value: object) -> Reply:
    return reply(200, json.dumps(value), Content_Type="application/json")


def _page(*uuids: str, following: str | None) -> Reply:
    items = [{"uuid": uuid} for uuid in uuids]
    return _json({"items": items, "pagination": {"next_page_cursor": following}})


_PAGES = (
    _page("a", "b", following="2"),
    _page("c", "d", following="3"),
    _page("e", following=None),
)


@dataclass(frozen=True, slots=True)
class Place:
    """A module's use, what it is answered, and before which answer the fault comes."""

    name: str
    kind: Kind
    use: Use
    answers: tuple[Reply, ...]
    gives: object
    at: int = 0
    is_raw: bool = False
    """It passes on what it is answered, whatever that means."""


_CONTACTS = Place("", Kind.READ, _list, _PAGES, ["a", "b", "c", "d", "e"])
_OK = _json({"message": "ok", "contact_uuid": "ok"})
_HTTP = Place("", Kind.READ, _request(), (_OK,), 200, is_raw=True)
PLACES = [
    *(
        replace(_CONTACTS, name=f"the {name} page", at=at)
        for at, name in enumerate(("first", "second", "last"))
    ),
    Place("Identify a User", Kind.HARMLESS, _identify, (_OK,), "ok"),
    Place("Track an Event", Kind.WRITE, _track, (_OK,), "ok"),
    replace(_HTTP, name="GET"),
    replace(
        _HTTP,
        name="a repeatable POST",
        kind=Kind.HARMLESS,
        use=_request(method="POST", body="x", repeatable=True),
    ),
    replace(_HTTP, name="POST", kind=Kind.WRITE, use=_request(method="POST", body="x")),
]


@dataclass(slots=True)
class World:
    """One faulty server, its time, and a module's way to it."""

    server: FaultyServer
    time: FakeTime
    api: Api

    @staticmethod
    @asynccontextmanager
    async def of(place: Place, fault: Fault) -> AsyncIterator["World"]:
        time = ReturningTime()
        deadlines = _BRIEF if fault.waits else Deadlines()
        http = HttpClient(allow_hosts=["127.0.0.1"], deadlines=deadlines)
        app = http_app if place.is_raw else refiner_app
        async with FaultyServer(clock=time.monotonic) as server:
            time.server = server
            channel = Channel(
                http,
                None if place.is_raw else server.url,
                NoAuth(),
                explain=app.explain,
                pages=app.pages,
                title=app.title,
                clock=time.clock,
                monotonic=time.monotonic,
                random=time.random,
                sleep=time.sleep,
            )
            try:
                yield World(server, time, Api(channel))
            finally:
                await http.close()


@dataclass(slots=True)
class ReturningTime(FakeTime):
    """Whoever had left is back when somebody has waited."""

    server: FaultyServer = field(default_factory=FaultyServer)

    async def sleep(self, seconds: float) -> None:
        await FakeTime.sleep(self, seconds)
        await self.server.come()


@dataclass(frozen=True, slots=True)
class Seen:
    """How a call ended, how often it was sent, and the seconds it took (not ours)."""

    end: End
    calls: int
    took: float
    whole: bool = True


async def meet(place: Place, fault: Fault, *, lasting: bool = False) -> Seen:
    """One use of a module, which meets the fault once, or again and again."""
    async with World.of(place, fault) as world:
        server, began = world.server, world.time.now
        answers = [*place.answers]
        told = _told(fault.reply, server.url)
        if told.then == "leave":
            _leave_before(server, answers, place.at)
        elif lasting or fault.lasts:
            answers[place.at :] = [told]
        else:
            answers.insert(place.at, told)
        server.says(*answers)
        calls = len(place.answers)
        try:
            async with asyncio.timeout(_PATIENCE):
                given = await place.use(world.api, server.url)
        except ModuleError as error:
            end = End.LATER if waits_for({"type": error.type}, kept=True) else End.MEND
            whole = True
        else:
            again = len(server.requests) > calls or bool(world.time.slept)
            end = End.AGAIN if again else End.THROUGH
            whole = given == place.gives
        return Seen(end, len(server.requests) - place.at, world.time.now - began, whole)


def _leave_before(server: FaultyServer, answers: list[Reply], at: int) -> None:
    """The server is gone when the request comes that the fault is for."""
    if at == 0:
        server.leave()
    else:
        answers[at - 1] = replace(answers[at - 1], then="leave")


def _told(told: Reply, url: str) -> Reply:
    return replace(told, data=told.data.replace(b"SELF", url.encode()))


def expected(place: Place, fault: Fault) -> End:
    by_content = fault.parsed is not None and not place.is_raw
    return (fault.parsed if by_content and fault.parsed else fault.ends)[place.kind]


async def differences(places: list[Place], faults: dict[str, Fault]) -> list[str]:
    """Where what is seen is not what the table says; all cases side by side."""
    cases = [(place, name) for place in places for name in faults]
    seen = await asyncio.gather(*(meet(place, faults[name]) for place, name in cases))
    return [
        f"{place.name}, {name}: {one}, the table says it {wanted}"
        for (place, name), one in zip(cases, seen, strict=True)
        if (wanted := expected(place, faults[name])) is not one.end or not one.whole
    ]


@pytest.mark.figure
async def test_a_fault_that_comes_once_ends_as_the_table_says(figures: Figures) -> None:
    assert await differences(PLACES, FAULTS) == []
    cases = len(PLACES) * len(FAULTS)
    figures.record(
        _HARNESS,
        promise="whatever a service does wrong, a call is made again, given up or left "
        "to a person as it should be, and does not hang",
        done=f"{len(FAULTS)} faults of connections, statuses and contents, once each, "
        f"in {len(PLACES)} places (first, middle and last page; reads and writes)",
        found=f"{cases} of {cases} ended as the table says, none hung",
    )


@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.name)
async def test_a_fault_that_stays_is_given_up_in_time(place: Place) -> None:
    faults = [fault for fault in FAULTS.values() if fault.reply.then != "leave"]
    seen = await asyncio.gather(*(meet(place, one, lasting=True) for one in faults))
    lasting = {End.AGAIN: End.LATER}
    wanted = [lasting.get(end, end) for end in (expected(place, f) for f in faults)]
    assert [one.end for one in seen] == wanted
    assert max(one.calls for one in seen) <= _MOST_CALLS
    assert max(one.took for one in seen) <= _LONGEST_CALL


def _whatever_it_is(_error: ModuleError, *, harmless: bool) -> bool:
    return harmless or True


def _never(_error: ModuleError, *, harmless: bool) -> bool:
    return harmless and False


@pytest.mark.figure
@pytest.mark.parametrize(
    ("defect", "may_repeat"),
    [("repeats whatever failed", _whatever_it_is), ("repeats nothing", _never)],
)
async def test_the_table_catches_a_client_with_a_defect(
    monkeypatch: pytest.MonkeyPatch,
    figures: Figures,
    defect: str,
    may_repeat: Callable[..., bool],
) -> None:
    monkeypatch.setattr(retry, "_may_repeat", may_repeat)
    found = await differences(PLACES, STATUSES)
    assert found
    figures.caught(_HARNESS, defect)

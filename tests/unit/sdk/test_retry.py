"""When a call is made again, and what waits meanwhile."""

import asyncio
from collections.abc import Callable
from email.utils import formatdate
from typing import Protocol

import pytest

from fakes.faulty_server import FaultyServer, Reply, reply
from trunkline.sdk import (
    Api,
    Channel,
    ConnectionError,  # noqa: A004 - Make's name
    Deadlines,
    HttpClient,
    ModuleError,
    ModuleTimeoutError,
    Rate,
    RateLimitError,
)
from trunkline.sdk.retry import retry_after

Open = Callable[..., Channel]
OK = reply(body="done")
CUT = Reply(then="close")


class Time(Protocol):
    now: float
    slept: list[float]

    def clock(self) -> float: ...


@pytest.mark.parametrize("status", [429, 502, 503, 504, 408])
async def test_a_read_is_tried_again(
    status: int, server: FaultyServer, open_channel: Open
) -> None:
    server.says(reply(status), reply(status), reply(status), OK)
    api = Api(open_channel())
    assert (await api.request("GET", "/x")).text == "done"
    assert api.tries == 4


async def test_four_tries_are_the_most(
    server: FaultyServer, open_channel: Open, fake_time: Time
) -> None:
    server.says(reply(503))
    with pytest.raises(ConnectionError):
        await Api(open_channel()).request("GET", "/x")
    assert len(server.requests) == 4
    assert fake_time.slept == [0.25, 0.5, 1.0]


@pytest.mark.parametrize("answer", [reply(503), reply(504), CUT])
@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
async def test_a_write_that_may_have_happened_is_not_made_again(
    method: str, answer: Reply, server: FaultyServer, open_channel: Open
) -> None:
    server.says(answer, OK)
    api = Api(open_channel(idempotency_header="Idempotency-Key"))
    with pytest.raises(ConnectionError):
        await api.request(method, "/x")
    assert (len(server.requests), api.tries) == (1, 1)


async def test_a_write_that_timed_out_is_not_made_again(
    server: FaultyServer, open_channel: Open
) -> None:
    http = HttpClient(allow_hosts=["127.0.0.1"], deadlines=Deadlines(idle=0.05))
    server.says(Reply(then="hang"))
    with pytest.raises(ModuleTimeoutError):
        await Api(open_channel(http=http)).post("/x")
    await http.close()
    assert len(server.requests) == 1


@pytest.mark.parametrize("answer", [reply(503), CUT])
async def test_a_write_that_can_be_repeated_is_made_again(
    answer: Reply, server: FaultyServer, open_channel: Open
) -> None:
    server.says(answer, OK)
    assert await Api(open_channel(), repeatable=True).post("/x") == "done"


async def test_a_single_call_can_be_declared_repeatable(
    server: FaultyServer, open_channel: Open
) -> None:
    server.says(CUT, OK)
    assert (await Api(open_channel()).request("POST", "/x", repeatable=True)).ok


async def test_a_write_under_a_key_is_made_again_under_the_same_key(
    server: FaultyServer, open_channel: Open
) -> None:
    server.says(CUT, OK)
    await Api(open_channel(idempotency_header="X-Key"), key="run-3").post("/x")
    assert [b"x-key: run-3\r\n" in request for request in server.requests] == [True] * 2


async def test_a_write_that_never_left_is_made_again(
    open_channel: Open, fake_time: Time
) -> None:
    api = Api(open_channel(base_url="http://127.0.0.1:1"))
    with pytest.raises(ConnectionError):
        await api.post("/x")
    assert (api.tries, len(fake_time.slept)) == (4, 3)


@pytest.mark.parametrize("status", [400, 401, 404, 409, 413, 500, 501, 507])
async def test_a_refusal_is_final(
    status: int, server: FaultyServer, open_channel: Open
) -> None:
    server.says(reply(status), OK)
    with pytest.raises(ModuleError) as caught:
        await Api(open_channel(), repeatable=True).request("GET", "/x")
    assert (len(server.requests), caught.value.status) == (1, status)


@pytest.mark.parametrize("form", ["seconds", "date"])
async def test_no_call_leaves_inside_the_window_that_the_service_asked_for(
    form: str, server: FaultyServer, open_channel: Open, fake_time: Time
) -> None:
    asked = "20" if form == "seconds" else formatdate(fake_time.clock() + 20)
    server.says(reply(429, Retry_After=asked), OK)
    channel = open_channel()
    began = fake_time.now

    await Api(channel).post("/first")
    channel.pause(channel.base.origin(), 20)  # type: ignore[union-attr]
    again = fake_time.now
    await asyncio.gather(*(Api(channel).post(f"/{number}") for number in range(5)))

    assert server.arrivals[1] >= began + 20
    assert min(server.arrivals[2:]) >= again + 20


async def test_a_pause_of_one_host_leaves_others_alone(
    server: FaultyServer, open_channel: Open, fake_time: Time
) -> None:
    server.says(reply(429, Retry_After="1000"), OK)
    channel = open_channel(base_url=None)
    async with FaultyServer() as other:
        other.says(OK)
        with pytest.raises(RateLimitError):
            await Api(channel).request("GET", server.url + "/x")
        assert (await Api(channel).request("GET", other.url + "/x")).ok
    assert fake_time.slept == []


@pytest.mark.parametrize(
    ("status", "kind"), [(429, RateLimitError), (503, ConnectionError)]
)
async def test_a_long_wait_is_given_back_instead_of_slept(
    status: int,
    kind: type[ModuleError],
    server: FaultyServer,
    open_channel: Open,
    fake_time: Time,
) -> None:
    server.says(reply(status, Retry_After="300"), OK)
    channel = open_channel()
    with pytest.raises(kind) as caught:
        await Api(channel).request("GET", "/x")
    assert (caught.value.retry_after, fake_time.slept) == (300, [])

    fake_time.now += 100
    with pytest.raises(RateLimitError, match="200 seconds are left") as later:
        await Api(channel).post("/y")
    assert later.value.retry_after == 200

    fake_time.now += 200
    assert await Api(channel).post("/z") == "done"


async def test_a_pause_lasts_an_hour_at_most(
    server: FaultyServer, open_channel: Open, fake_time: Time
) -> None:
    server.says(reply(429, Retry_After="999999999"), OK)
    channel = open_channel()
    with pytest.raises(RateLimitError):
        await Api(channel).post("/x")
    fake_time.now += 3600
    assert await Api(channel).post("/x") == "done"


async def test_a_call_takes_two_minutes_at_most(
    server: FaultyServer, open_channel: Open, fake_time: Time
) -> None:
    """A try that begins now may take 40 seconds, so none begins after 80."""
    server.says(reply(429, Retry_After="30"))
    began = fake_time.now
    with pytest.raises(RateLimitError):
        await Api(open_channel()).post("/x")
    assert fake_time.now - began <= 80
    assert len(server.requests) == 3


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("0", 0),
        (" 7 ", 7),
        ("1.5", 1.5),
        ("Thu, 01 Jan 1970 00:01:40 GMT", 90),
        ("Thu, 01 Jan 1970 00:01:40 -0000", 90),
        ("Thu, 01 Jan 1970 00:00:00 GMT", 0),
        *((text, None) for text in ("", "soon", "-5", "inf", "nan", "1e999", "1 min")),
    ],
)
def test_retry_after_is_read_where_it_is_legible(
    header: str, seconds: float | None
) -> None:
    assert retry_after({"retry-after": header}, now=10) == seconds


async def test_no_more_calls_leave_than_the_budget_allows(
    server: FaultyServer, open_channel: Open
) -> None:
    """Twenty at once, at ten in 0.2 seconds, need a second window for the last."""
    server.says(OK)
    channel = open_channel(rate=Rate(calls=10, seconds=0.2))
    loop = asyncio.get_running_loop()
    began = loop.time()
    await asyncio.gather(*(Api(channel).request("GET", "/x") for _ in range(20)))
    assert loop.time() - began >= 0.2 * (20 - 1) / 10 - 0.02

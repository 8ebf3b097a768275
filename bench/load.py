"""The load generator, a process of its own: `python -m bench.load PLAN`, PLAN in JSON.

A closed loop keeps every connection busy until the count or the time is over; with a
`rate` it is an open loop, which sends when it is time to, whatever comes back. What
finds no free connection before the time is over is not sent. It prints its outcome as
JSON.
"""

import asyncio
import subprocess
import sys
import threading
import time
from collections import Counter, deque
from typing import Protocol

import msgspec
import uvloop

from bench.latency import Latency, due
from bench.process import ROOT, BenchError
from bench.survey import SurveyRequest, event_id
from bench.wire import message_length

_HEAD_START_SECONDS = 0.05
_PATIENCE_SECONDS = 30


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """What to send where: `count` requests in `seconds` seconds at most."""

    port: int
    path: str
    run: int
    count: int
    seconds: float
    secret: str = ""
    connections: int = 64
    rate: float | None = None
    size: int = 0
    """Bytes of a body, where they are to be more than Refiner's sample has."""


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """What came back. Times are of the machine's monotonic clock, in seconds.

    `start` is the first sending, or where an open loop's schedule begins; `lag` is how
    late that schedule was served; `busy` is the generator's own share of one core.
    `refused` are the requests, by their index, whose answer was not 200.
    """

    sent: int
    statuses: dict[str, int]
    refused: list[int]
    start: float
    end: float
    latency: Latency
    lag: Latency
    busy: float

    @property
    def per_second(self) -> float:
        return self.sent / (self.end - self.start)


class Loop(Protocol):
    """Who decides what is sent next."""

    def answered(self, sender: "Sender", status: str) -> None: ...

    def broken(self, error: Exception | None) -> None: ...


class Sender(asyncio.Protocol):
    """One kept-alive connection with at most one request under way."""

    def __init__(self, loop: Loop) -> None:
        self._loop = loop
        self._received = b""
        self.index = 0
        self.since = 0.0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        self.transport = transport

    def send(self, request: bytes, index: int, since: float) -> None:
        self.index = index
        self.since = since
        self.transport.write(request)

    def data_received(self, data: bytes) -> None:
        self._received = received = self._received + data
        length = message_length(received)
        if length is not None and len(received) >= length:
            self._received = b""
            self._loop.answered(self, received[9:12].decode())

    def connection_lost(self, exc: Exception | None) -> None:
        self._loop.broken(exc)


class _Sending:
    """What both loops share: numbered requests, and the book of their answers."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.over = asyncio.get_running_loop().create_future()
        self.sent = 0
        self.statuses = Counter[str]()
        self.refused: list[int] = []
        self.latencies: list[float] = []
        self.lags: list[float] = []
        self.start = self.end = 0.0
        self._request = SurveyRequest(plan.path, plan.secret, plan.port, plan.size)

    def broken(self, error: Exception | None) -> None:
        if not self.over.done():
            self.over.set_exception(
                ConnectionError(f"The server closed a connection: {error}")
            )

    def _send(self, sender: Sender, index: int, since: float) -> None:
        self.sent += 1
        id_ = event_id(self.plan.run, index)
        sender.send(self._request.with_id(id_), index, since)

    def _note(self, sender: Sender, status: str) -> None:
        self.end = time.monotonic()
        self.latencies.append(self.end - sender.since)
        self.statuses[status] += 1
        if status != "200":
            self.refused.append(sender.index)

    def _finish_if(self, *, finished: bool) -> None:
        if finished and not self.over.done():
            self.over.set_result(None)


class ClosedLoop(_Sending):
    """Each answer makes room for the next request."""

    def begin(self, senders: list[Sender]) -> None:
        self.start = time.monotonic()
        self._deadline = self.start + self.plan.seconds
        for sender in senders[: self.plan.count]:
            self._send(sender, self.sent, time.monotonic())

    def answered(self, sender: Sender, status: str) -> None:
        self._note(sender, status)
        if self.sent < self.plan.count and self.end < self._deadline:
            self._send(sender, self.sent, time.monotonic())
        else:
            self._finish_if(finished=len(self.latencies) == self.sent)


class OpenLoop(_Sending):
    """Requests go out on schedule; without a free connection they wait, and count."""

    def begin(self, senders: list[Sender]) -> None:
        self._rate = self.plan.rate or 1.0
        self._idle = senders
        self._waiting = deque[int]()
        self.start = time.monotonic() + _HEAD_START_SECONDS
        threading.Thread(
            target=self._keep_time, args=(asyncio.get_running_loop(),), daemon=True
        ).start()

    def answered(self, sender: Sender, status: str) -> None:
        self._note(sender, status)
        if self._waiting and not self._time_is_over:
            self._send_due(sender, self._waiting.popleft())
        else:
            self._idle.append(sender)
            self._finish()

    def _keep_time(self, loop: asyncio.AbstractEventLoop) -> None:
        """A thread of its own, since an event loop's timers count in milliseconds."""
        for index in range(self.plan.count):
            ahead = due(self.start, self._rate, index) - time.monotonic()
            if ahead > 0:
                time.sleep(ahead)
            loop.call_soon_threadsafe(self._fire, index)

    def _fire(self, index: int) -> None:
        self.lags.append(time.monotonic() - due(self.start, self._rate, index))
        if self._idle and not self._time_is_over:
            self._send_due(self._idle.pop(), index)
        else:
            self._waiting.append(index)
            self._finish()

    @property
    def _time_is_over(self) -> bool:
        return time.monotonic() > self.start + self.plan.seconds

    def _finish(self) -> None:
        """All is answered that was sent, and no more will be."""
        left = len(self._waiting) if self._time_is_over else 0
        self._finish_if(finished=len(self.latencies) + left == self.plan.count)

    def _send_due(self, sender: Sender, index: int) -> None:
        self._send(sender, index, due(self.start, self._rate, index))


def generate(plan: Plan) -> Outcome:
    """Runs the generator in a process of its own, and returns when it is done.

    Raises:
        BenchError: it failed.
    """
    done = subprocess.run(  # noqa: S603 - our own command
        [sys.executable, "-m", "bench.load", msgspec.json.encode(plan).decode()],
        capture_output=True,
        cwd=ROOT,
        check=False,
        timeout=plan.seconds + 2 * _PATIENCE_SECONDS,
    )
    if done.returncode:
        raise BenchError(f"Load generator: {done.stderr.decode()[-500:]}")
    return msgspec.json.decode(done.stdout, type=Outcome)


async def run(plan: Plan) -> Outcome:
    """Sends it all and waits for every answer.

    Raises:
        ConnectionError: the server closed a connection.
        TimeoutError: answers were missing half a minute after the plan's time.
    """
    sending = ClosedLoop(plan) if plan.rate is None else OpenLoop(plan)
    async with asyncio.timeout(plan.seconds + _PATIENCE_SECONDS):
        senders = [await _connect(sending) for _ in range(plan.connections)]
        busy, began = time.process_time(), time.monotonic()
        sending.begin(senders)
        await sending.over
    return Outcome(
        sent=sending.sent,
        statuses=dict(sending.statuses),
        refused=sending.refused,
        start=sending.start,
        end=sending.end,
        latency=Latency.of(sending.latencies),
        lag=Latency.of(sending.lags),
        busy=(time.process_time() - busy) / (time.monotonic() - began),
    )


async def _connect(sending: ClosedLoop | OpenLoop) -> Sender:
    loop = asyncio.get_running_loop()
    _, sender = await loop.create_connection(
        lambda: Sender(sending), "127.0.0.1", sending.plan.port
    )
    return sender


def main() -> None:
    plan = msgspec.json.decode(sys.argv[1], type=Plan)
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        outcome = runner.run(run(plan))
    print(msgspec.json.encode(outcome).decode())


if __name__ == "__main__":
    main()

"""The sink, a process of its own: answers every POST and remembers when it came.

`python -m bench.sink` prints its port. A POST is remembered by the `id` in its body;
`GET /count/RUN` and `GET /arrivals/RUN` tell of one run of the load generator.
"""

import asyncio
import re
import time
from collections import defaultdict

import msgspec
import uvloop

from bench.survey import run_and_index
from bench.wire import HEAD_END, answer, message_length

_ID = re.compile(rb'"id"\s*:\s*"([0-9a-f-]{36})"')
_NAMELESS = (-1, -1)
_THANKS = answer(b'{"ok":true}')


class Count(msgspec.Struct, frozen=True):
    """How much of a run has come: every POST, and different ids among them."""

    received: int
    unique: int


class Arrivals(msgspec.Struct):
    """What has come of a run: the first time of each index, and all POSTs."""

    received: int = 0
    times: dict[int, float] = {}


class Ledger:
    """Everything that arrived, by run."""

    def __init__(self) -> None:
        self._runs: defaultdict[int, Arrivals] = defaultdict(Arrivals)

    def note(self, request: bytes) -> None:
        now = time.monotonic()
        found = _ID.search(request)
        run, index = run_and_index(found[1].decode()) if found else _NAMELESS
        arrivals = self._runs[run]
        arrivals.received += 1
        arrivals.times.setdefault(index, now)

    def tell(self, target: str) -> bytes:
        _, question, run = target.split("/")
        arrivals = self._runs[int(run)]
        if question == "arrivals":
            return msgspec.json.encode(arrivals)
        return msgspec.json.encode(Count(arrivals.received, len(arrivals.times)))


class SinkProtocol(asyncio.Protocol):
    """HTTP, as much as one needs to answer known clients."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._received = b""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._received += data
        length = message_length(self._received)
        while length is not None and len(self._received) >= length:
            request, self._received = self._received[:length], self._received[length:]
            self._transport.write(self._reply(request))
            length = message_length(self._received)

    def _reply(self, request: bytes) -> bytes:
        if request.startswith(b"POST "):
            self._ledger.note(request[request.index(HEAD_END) :])
            return _THANKS
        return answer(self._ledger.tell(request.split(b" ", 2)[1].decode()))


async def serve() -> None:
    ledger = Ledger()
    loop = asyncio.get_running_loop()
    server = await loop.create_server(
        lambda: SinkProtocol(ledger), "127.0.0.1", 0, backlog=1024
    )
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


def main() -> None:
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(serve())


if __name__ == "__main__":
    main()

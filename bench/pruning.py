"""What pruning a long history costs those who deliver meanwhile.

`python -m bench.pruning [EXECUTIONS]` fills a folder, prunes nearly all of it while
deliveries are appended, and tells how long they waited with and without it.
"""

import asyncio
import os
import sys
import tempfile
import time
from pathlib import Path

from msgspec import Struct

from trunkline.engine.retention import Retention
from trunkline.model.clock import SystemClock
from trunkline.model.delivery import Payload, StoredDelivery
from trunkline.model.execution import Execution, Operation
from trunkline.model.ids import Ids
from trunkline.model.retention import Bounds
from trunkline.model.size import as_size
from trunkline.model.states import (
    DeliveryState,
    ExecutionState,
    InactivePolicy,
    OperationState,
)
from trunkline.model.webhook import StoredWebhook
from trunkline.store.entry import Entry
from trunkline.store.owner import OwnerNote
from trunkline.store.scenarios import save_version
from trunkline.store.sizes import measure_file
from trunkline.store.store import Store
from trunkline.store.webhooks import add_webhook

_BODY = b"x" * 2000
_OPERATIONS = 4
_GAP = 0.005
_GROUP = 500
_CALM_SECONDS = 5.0


class Figures(Struct):
    """Milliseconds that appended deliveries waited for the disk."""

    median: float
    p99: float
    longest: float
    number: int

    def __str__(self) -> str:
        return (
            f"median {self.median:.1f} ms, p99 {self.p99:.1f} ms, "
            f"longest {self.longest:.1f} ms of {self.number}"
        )


class Bench:
    """A folder with a history, and somebody who delivers."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._clock = SystemClock()
        self._ids = Ids(self._clock)

    async def fill(self, executions: int) -> None:
        hook = StoredWebhook(
            id="hook",
            name="hook",
            module="refiner.watch_completed_survey",
            token=self._ids.new(),
            secret=None,
            when_inactive=InactivePolicy.QUEUE,
            created_at=1,
        )
        await self._store.write(add_webhook, self._store.vault, hook)
        await self._store.write(
            save_version,
            scenario_id="scenario",
            version_id="version",
            name="Bench",
            content='{"name": "Bench", "flow": []}',
            now=1,
        )
        for _ in range(0, executions, _GROUP):
            entries = [self._entry() for _ in range(_GROUP)]
            await asyncio.gather(*map(self._store.append, entries))

    async def deliver(self, over: asyncio.Event) -> Figures:
        """Appends a delivery every few milliseconds until it is over."""
        waits: list[float] = []
        while not over.is_set():
            began = time.perf_counter()
            await self._store.append(self._entry())
            waits.append((time.perf_counter() - began) * 1000)
            await asyncio.sleep(_GAP)
        waits.sort()
        p99 = waits[int(len(waits) * 0.99)]
        return Figures(waits[len(waits) // 2], p99, waits[-1], len(waits))

    async def prune(self, keep: int) -> str:
        retention = Retention(
            self._store, self._clock, Bounds(days=0, executions=keep, seen_days=0)
        )
        began = time.perf_counter()
        await retention.prune()
        seconds = time.perf_counter() - began
        gone = retention.progress.pruned
        return f"{gone.executions:,} executions pruned in {seconds:.1f} s"

    async def size(self) -> str:
        file = await self._store.read(measure_file)
        return as_size(file.pages * file.page_bytes)

    def _entry(self) -> Entry:
        id_, now = self._ids.new(), self._clock.millis()
        return Entry(
            delivery=StoredDelivery(
                id=id_,
                webhook_id="hook",
                received_at=now,
                size=len(_BODY),
                state=DeliveryState.DONE,
            ),
            payload=Payload(body=_BODY, method="POST", query={}, headers={}),
            dedupe_key=id_,
            execution=Execution(
                id=id_,
                scenario_id="scenario",
                version_id="version",
                delivery_id=id_,
                created_at=now,
                state=ExecutionState.DONE,
                ended_at=now,
            ),
            operations=tuple(_operation(id_, n) for n in range(1, _OPERATIONS + 1)),
        )


def _operation(id_: str, number: int) -> Operation:
    return Operation(
        execution_id=id_,
        module_id=number,
        path="",
        number=number,
        state=OperationState.DONE,
        started_at=1,
        output="y" * 400,
    )


async def main(executions: int) -> None:
    with tempfile.TemporaryDirectory(dir=Path.cwd()) as home:
        store = Store(Path(home))
        store.open(OwnerNote(pid=os.getpid()))
        bench = Bench(store)
        await bench.fill(executions)
        print(f"{executions:,} executions: {await bench.size()}")
        over = asyncio.Event()
        asyncio.get_running_loop().call_later(_CALM_SECONDS, over.set)
        print(f"in calm:  {await bench.deliver(over)}")
        over = asyncio.Event()
        delivering = asyncio.create_task(bench.deliver(over))
        said = await bench.prune(executions // 100)
        over.set()
        print(f"pruning:  {await delivering}")
        print(f"{said}; the file has {await bench.size()}")
        store.close()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000))

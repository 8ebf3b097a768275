"""A history made to measure: executions that ended so many days ago."""

from typing import Any

from fakes.serving import on_disk
from fakes.storing import Folder
from trunkline.engine.retention import Progress, Retention
from trunkline.model.delivery import Payload
from trunkline.model.execution import KeptBundle
from trunkline.model.retention import Bounds
from trunkline.model.states import DeliveryState, ExecutionState, Outcome
from trunkline.store.balance import count_balance
from trunkline.store.entry import Entry
from trunkline.store.scenarios import save_version
from trunkline.store.webhooks import count_deliveries

DAY = 86_400_000
NOW = 400 * DAY


class Clock:
    """A clock that stands, but for what a test lets pass or how it sets the time."""

    def __init__(self) -> None:
        self.now = NOW
        self._passed = 0.0

    def millis(self) -> int:
        return self.now

    def monotonic(self) -> float:
        return self._passed

    def let_pass(self, days: float) -> None:
        self.now += int(days * DAY)
        self._passed += days * DAY / 1000


class History:
    """A folder in which executions have ended so many days ago."""

    def __init__(self, folder: Folder) -> None:
        self.folder = folder
        self.clock = Clock()
        self._made = 0
        self.restart()

    async def add(
        self,
        days: float = 0,
        *,
        state: ExecutionState = ExecutionState.DONE,
        delivery: DeliveryState = DeliveryState.DONE,
        body: bytes = b"{}",
        operations: int = 2,
        bundles: int = 0,
        **run: Any,  # noqa: ANN401 - fields of an execution
    ) -> str:
        """A delivery with its execution; returns the id of both."""
        moment = NOW - int(days * DAY)
        id_ = self._id(moment)
        facts = {"id": id_, "state": state, "created_at": moment, "ended_at": moment}
        if state in (ExecutionState.QUEUED, ExecutionState.RUNNING):
            facts["ended_at"] = None
        entry = self.folder.delivery(
            id_,
            id=id_,
            received_at=moment,
            size=len(body),
            state=delivery,
            run=facts | run,
        )
        assert entry.execution
        made = [
            self.folder.operation(entry.execution, number + 1)
            for number in range(operations)
        ]
        kept = [
            KeptBundle(
                execution_id=id_, module_id=1, path="", position=place, data="{}"
            )
            for place in range(bundles)
        ]
        payload = Payload(body=body, method="POST", query={}, headers={})
        await self.folder.together(
            Entry(
                delivery=entry.delivery,
                payload=payload,
                dedupe_key=id_,
                execution=entry.execution,
                operations=tuple(made),
                bundles=tuple(kept),
            )
        )
        return id_

    async def add_ignored(self, days: float) -> str:
        """A delivery that started nothing."""
        moment = NOW - int(days * DAY)
        id_ = self._id(moment)
        entry = self.folder.delivery(
            id=id_,
            received_at=moment,
            state=DeliveryState.DONE,
            outcome=Outcome.IGNORED,
        )
        await self.folder.together(
            Entry(delivery=entry.delivery, payload=entry.payload)
        )
        return id_

    async def keep(self, keep: str) -> None:
        content = f'{{"name": "Answers", "flow": [], "settings": {{"keep": {keep}}}}}'
        await self.folder.store.write(
            save_version,
            scenario_id="scenario",
            version_id=self._id(NOW),
            name="Answers",
            content=content,
            now=NOW,
        )

    async def prune(self, bounds: Bounds) -> Retention:
        self._retention.bounds = bounds
        self._retention.progress = Progress()
        await self._retention.prune()
        return self._retention

    def restart(self) -> None:
        """From now on another life of the server prunes."""
        self._retention = Retention(self.folder.store, self.clock, Bounds())

    def executions(self) -> list[str]:
        return self._ids_of("executions")

    def deliveries(self) -> list[str]:
        return self._ids_of("deliveries")

    def count(self, table: str) -> int:
        query = f"SELECT count(*) FROM {table}"  # noqa: S608 - the test's own text
        return int(on_disk(self.folder.store.folder, query)[0][0])

    async def balance(self) -> tuple[int, dict[str, int]]:
        """What was accepted, and the states."""
        counts = await self.folder.store.read(count_deliveries)
        accepted = (await self.folder.store.read(count_balance)).accepted
        states = dict(counts.get("hook", {"accepted": 0}))
        assert states.pop("accepted") == accepted
        assert accepted == sum(n for name, n in states.items() if ":" not in name)
        return accepted, states

    def _id(self, moment: int) -> str:
        self._made += 1
        return f"{moment:012x}{self._made:020x}"

    def _ids_of(self, table: str) -> list[str]:
        query = f"SELECT id FROM {table} ORDER BY id"  # noqa: S608 - the same
        return [row[0] for row in on_disk(self.folder.store.folder, query)]

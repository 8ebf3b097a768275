"""Records for a store under test, and a way to have them committed together."""

import asyncio
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection

from trunkline.model.delivery import Payload, StoredDelivery
from trunkline.model.execution import Execution, Operation
from trunkline.model.states import (
    DeliveryState,
    ExecutionState,
    InactivePolicy,
    OperationState,
)
from trunkline.model.webhook import StoredWebhook
from trunkline.store.entry import Entry
from trunkline.store.store import Store


@dataclass(slots=True)
class Folder:
    """An open store, and records that refer to what is in it."""

    store: Store
    made: list[str] = field(default_factory=list)

    def _id(self) -> str:
        self.made.append(f"id-{len(self.made):04d}")
        return self.made[-1]

    def delivery(
        self,
        key: str | None = None,
        *,
        run: Mapping[str, Any] | None = None,
        **changes: Any,  # noqa: ANN401 - a record's fields
    ) -> Entry:
        """A delivery with its execution, as the intake would append it.

        `run` changes the execution, `changes` the delivery.
        """
        facts: dict[str, Any] = {
            "id": self._id(),
            "webhook_id": "hook",
            "received_at": 1,
            "size": 2,
            "state": DeliveryState.WAITING,
        }
        stored = StoredDelivery(**facts | changes)
        return Entry(
            delivery=stored,
            payload=Payload(body=b"{}", method="POST", query={}, headers={}),
            dedupe_key=key,
            execution=self.execution(delivery_id=stored.id, **(run or {})),
        )

    def execution(self, **changes: Any) -> Execution:  # noqa: ANN401 - a record's fields
        return Execution(
            **{
                "id": self._id(),
                "scenario_id": "scenario",
                "version_id": "version",
                "delivery_id": None,
                "created_at": 1,
                "state": ExecutionState.QUEUED,
                **changes,
            }
        )

    async def together(self, *works: Entry | Callable[[Connection], Any]) -> list[Any]:
        """What became of each, when all of them are in one commit."""
        entered, gate = threading.Event(), threading.Event()

        def hold(_: Connection) -> None:
            entered.set()
            gate.wait(5)

        first = asyncio.ensure_future(self.store.write(hold))
        await asyncio.to_thread(entered.wait, 5)
        pending = [
            self.store.append(work)
            if isinstance(work, Entry)
            else asyncio.ensure_future(self.store.write(work))
            for work in works
        ]
        await asyncio.sleep(0)
        gate.set()
        await first
        return await asyncio.gather(*pending, return_exceptions=True)

    def operation(self, execution: Execution, number: int = 1) -> Operation:
        return Operation(
            execution_id=execution.id,
            module_id=number,
            path="",
            number=number,
            state=OperationState.DONE,
            started_at=1,
        )


def webhook(**changes: Any) -> StoredWebhook:  # noqa: ANN401 - a record's fields
    return StoredWebhook(
        **{
            "id": "hook",
            "name": "hook",
            "module": "refiner.watch_completed_survey",
            "token": "a-token",
            "secret": "a-secret",
            "when_inactive": InactivePolicy.REJECT,
            "created_at": 1,
            **changes,
        }
    )

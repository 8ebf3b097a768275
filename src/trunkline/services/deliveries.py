"""Deliveries: what a webhook received, and running it again."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from trunkline.engine.engine import Engine
from trunkline.errors import ConflictError
from trunkline.model.clock import as_text
from trunkline.model.delivery import Payload, StoredDelivery
from trunkline.model.execution import Execution
from trunkline.model.states import Origin, Outcome
from trunkline.services.webhooks import Webhooks
from trunkline.store.deliveries import find_delivery, list_deliveries
from trunkline.store.scenarios import list_scenarios
from trunkline.store.store import Store


@dataclass(frozen=True, slots=True)
class DeliveryView:
    """One delivery; `body` and `headers` only where one is shown alone."""

    id: str
    received_at: str | None
    state: str
    outcome: str | None
    reason: str | None
    event: str | None
    size: int
    method: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, str] = field(default_factory=dict)
    body: str | None = None


class Deliveries:
    """The use cases around what webhooks received."""

    def __init__(self, store: Store, engine: Engine, webhooks: Webhooks) -> None:
        self._store = store
        self._engine = engine
        self._webhooks = webhooks

    async def of(
        self,
        name: str,
        *,
        limit: int = 50,
        before: str | None = None,
        state: str | None = None,
        text: str | None = None,
    ) -> list[DeliveryView]:
        """The latest deliveries of a webhook, newest first.

        `text` is looked for in the bodies, of the latest 10,000 that are left.

        Raises:
            NotFoundError: there is no such webhook.
        """
        webhook = self._webhooks.find(name)
        found = await self._store.read(
            list_deliveries,
            webhook.id,
            limit=limit,
            before=before,
            state=state,
            text=text,
        )
        return [_delivery_view(one) for one in found]

    async def show(self, id_: str) -> DeliveryView:
        """One delivery with the request as it came.

        Raises:
            NotFoundError: there is none.
        """
        stored, payload = await self._store.read(find_delivery, id_)
        return _delivery_view(stored, payload)

    async def replay(self, id_: str) -> str:
        """Runs a delivery again, as a new execution of the scenario that listens now.

        Returns:
            The id of the execution.

        Raises:
            NotFoundError: there is no such delivery.
            ConflictError: no active scenario listens to its webhook, or what it
                started is incomplete and can go on.
        """
        stored, payload = await self._store.read(find_delivery, id_)
        if stored.size and not payload.body:
            raise ConflictError(
                "Nothing was kept of this delivery, since its scenario is confidential."
            )
        if stored.outcome is Outcome.INCOMPLETE:
            raise ConflictError(
                f"{stored.reason} Resume it, so that what is done is not done again; "
                "or discard it first."
            )
        for scenario in await self._store.read(list_scenarios):
            if scenario.active and scenario.webhook_id == stored.webhook_id:
                execution = Execution(
                    id=self._engine.ids.new(),
                    origin=Origin.PERSON,
                    scenario_id=scenario.id,
                    version_id=scenario.version_id,
                    delivery_id=stored.id,
                    created_at=self._engine.clock.millis(),
                )
                await self._engine.orders.queue(execution)
                return execution.id
        raise ConflictError(
            "No active scenario listens to this delivery's webhook; activate one first."
        )


def _delivery_view(
    stored: StoredDelivery, payload: Payload | None = None
) -> DeliveryView:
    return DeliveryView(
        id=stored.id,
        received_at=as_text(stored.received_at),
        state=stored.state.value,
        outcome=stored.outcome.value if stored.outcome else None,
        reason=stored.reason,
        event=stored.event,
        size=stored.size,
        method=payload.method if payload else None,
        headers=payload.headers if payload else {},
        query=payload.query if payload else {},
        body=payload.body.decode(errors="replace") if payload else None,
    )

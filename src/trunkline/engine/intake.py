"""Takes deliveries in: recognised, stored, and only then acknowledged."""

from contextlib import suppress

import structlog
from msgspec import Struct
from msgspec.structs import replace

from trunkline.engine.bundle import decode
from trunkline.engine.catalog import Catalog
from trunkline.engine.dispatch import Dispatch
from trunkline.engine.pace import Paces
from trunkline.engine.roster import Listener, Roster
from trunkline.engine.sources import hops_of
from trunkline.engine.worker import Worker
from trunkline.errors import (
    DeliveryRefusedError,
    LoopError,
    NobodyListensError,
    TooManyDeliveriesError,
)
from trunkline.model.clock import Clock
from trunkline.model.delivery import Payload, StoredDelivery
from trunkline.model.execution import Execution
from trunkline.model.ids import Ids
from trunkline.model.states import DeliveryState, InactivePolicy, Outcome
from trunkline.model.webhook import StoredWebhook
from trunkline.sdk import Delivery
from trunkline.store.entry import Entry
from trunkline.store.executions import Claimed
from trunkline.store.store import Store

_MOST_HOPS = 20

log = structlog.get_logger()


class Recognised(Struct, frozen=True):
    """What a delivery turned out to be, before anything of it is stored."""

    delivery: Delivery
    state: DeliveryState
    outcome: Outcome | None = None
    reason: str | None = None
    event: str | None = None
    dedupe_key: str | None = None


class Intake:
    """The way from a request to a stored delivery and, at once, its execution."""

    def __init__(
        self,
        store: Store,
        catalog: Catalog,
        roster: Roster,
        dispatch: Dispatch,
        worker: Worker,
        clock: Clock,
        ids: Ids,
        paces: Paces,
    ) -> None:
        self._store = store
        self._catalog = catalog
        self._roster = roster
        self._dispatch = dispatch
        self._worker = worker
        self._clock = clock
        self._ids = ids
        self._paces = paces
        self.held = set[str]()
        """Webhooks whose deliveries are stored and held. It is asked when a delivery
        is put into the journal, since its body may have taken a while to come."""

    def is_signed(self, webhook: StoredWebhook) -> bool:
        """Whether deliveries are proved by a signature instead of a bearer token."""
        declared = self._catalog.module(webhook.module).webhook
        return declared is not None and declared.signed

    async def accept(self, webhook: StoredWebhook, payload: Payload) -> str:
        """Stores a delivery; when this returns its id, it is on disk.

        Raises:
            DeliveryRefusedError: its signature does not fit.
            LoopError: too many executions led to it.
            NobodyListensError: no active scenario watches the webhook, and its owner
                chose to have such deliveries refused.
            TooManyDeliveriesError: the caller waits for an answer, and the scenario may
                begin no more in this minute; nothing was stored.
            StorageFullError: nothing was stored.
            StorageUnavailableError: nothing was stored.
        """
        if hops_of(payload) > _MOST_HOPS:
            raise LoopError(
                f"{_MOST_HOPS} executions have led to this delivery, one after "
                "another; this looks like a scenario that triggers itself."
            )
        listener = self._listener(webhook)
        found = self.recognise(webhook, payload)
        self._verify(webhook, found.delivery)
        if webhook.id in self.held and found.state is DeliveryState.WAITING:
            held = replace(found, state=DeliveryState.HELD)
            return await self._store_only(webhook, payload, held)
        if listener is None or found.state is not DeliveryState.WAITING:
            return await self._store_only(webhook, payload, found)
        if not self._paces.admits(listener.scenario_id, listener.compiled):
            if listener.compiled.responds:
                raise TooManyDeliveriesError("Too many requests")
            stored_id = await self._store_only(webhook, payload, found)
            self._paces.wait(listener.scenario_id)
            return stored_id
        owned = listener.compiled.unbound and await self._dispatch.reserve(wait=True)
        started = False
        try:
            listener = self._listener(webhook)  # it may have changed meanwhile
            if listener is None:
                return await self._store_only(webhook, payload, found)
            stored = self._stored(webhook, payload, found)
            started = await self._store_and_run(
                listener,
                stored,
                payload,
                found,
                owned=owned and listener.compiled.unbound,
            )
        finally:
            if owned and not started:
                self._dispatch.release()
        return stored.id

    def _listener(self, webhook: StoredWebhook) -> Listener | None:
        listener = self._roster.listener(webhook.id)
        held = webhook.id in self.held or self._roster.waits(webhook.id)
        refuses = webhook.when_inactive is InactivePolicy.REJECT and not held
        if listener is None and refuses:
            raise NobodyListensError("There is no scenario listening for this webhook.")
        return listener

    async def _store_only(
        self, webhook: StoredWebhook, payload: Payload, found: Recognised
    ) -> str:
        stored = self._stored(webhook, payload, found)
        await self._store.append(
            Entry(delivery=stored, payload=payload, dedupe_key=found.dedupe_key)
        )
        return stored.id

    def _verify(self, webhook: StoredWebhook, delivery: Delivery) -> None:
        declared = self._catalog.module(webhook.module).webhook
        if declared is None or not declared.signed or webhook.secret is None:
            return
        *old, last = reversed(webhook.secrets(self._clock.millis()))
        for secret in old:
            with suppress(DeliveryRefusedError):
                declared.verify(delivery, secret)
                return
        declared.verify(delivery, last)

    def recognise(self, webhook: StoredWebhook, payload: Payload) -> Recognised:
        """What the webhook's module says of a request; total, whatever was sent."""
        fault: str | None = None
        try:
            values = decode(payload.body)
        except ValueError as error:
            values, fault = None, f"The body is not JSON: {error}"
        delivery = Delivery(
            body=payload.body,
            payload=values,
            method=payload.method,
            headers=payload.headers,
            query=payload.query,
        )
        if fault is not None:
            return Recognised(delivery, DeliveryState.DEAD, Outcome.UNPARSABLE, fault)
        return self._of_module(webhook.module, delivery)

    def _of_module(self, name: str, delivery: Delivery) -> Recognised:
        module = self._catalog.module(name)
        if module.webhook is None:
            return Recognised(delivery, DeliveryState.WAITING)
        event = module.webhook.event(delivery)
        if module.events is not None and event not in module.events:
            watched = ", ".join(sorted(module.events))
            return Recognised(
                delivery,
                DeliveryState.DONE,
                Outcome.IGNORED,
                f"The event is {event or 'missing'}; {module.label} watches {watched}.",
                event,
            )
        return Recognised(
            delivery,
            DeliveryState.WAITING,
            event=event,
            dedupe_key=module.webhook.dedupe_key(delivery),
        )

    def _stored(
        self, webhook: StoredWebhook, payload: Payload, found: Recognised
    ) -> StoredDelivery:
        return StoredDelivery(
            id=self._ids.new(),
            webhook_id=webhook.id,
            received_at=self._clock.millis(),
            size=len(payload.body),
            state=found.state,
            outcome=found.outcome,
            reason=found.reason,
            event=found.event,
        )

    async def _store_and_run(
        self,
        listener: Listener,
        stored: StoredDelivery,
        payload: Payload,
        found: Recognised,
        *,
        owned: bool,
    ) -> bool:
        """One entry holds the delivery and its execution; with a slot, it is ours.

        Returns:
            Whether it runs already.
        """
        execution = self._execution(listener, stored)
        if owned:
            execution = execution.claimed_by(self._dispatch.owner, stored.received_at)
            stored = replace(stored, state=DeliveryState.RUNNING)
        entry = Entry(
            delivery=stored,
            payload=payload,
            dedupe_key=found.dedupe_key,
            execution=execution,
        )
        receipt = await self._store.append(entry)
        if receipt.duplicate_of is not None:
            return False
        if listener.compiled.responds:
            self._worker.responses.expect(stored.id)
        if owned:
            claimed = Claimed(execution=execution, payload=payload)
            self._worker.start(claimed, found.delivery)
        else:
            self._dispatch.wake()
        return owned

    def _execution(self, listener: Listener, stored: StoredDelivery) -> Execution:
        """The execution that a delivery starts bears the delivery's id.

        So executions in a line are ordered as their deliveries arrived.
        """
        return Execution(
            id=stored.id,
            scenario_id=listener.scenario_id,
            version_id=listener.version_id,
            delivery_id=stored.id,
            created_at=stored.received_at,
            order_key=(listener.scenario_id if listener.compiled.sequential else None),
        )

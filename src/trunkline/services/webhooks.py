"""Webhooks: addresses of ours, who may knock, and what was received."""

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from trunkline.engine.catalog import Catalog
from trunkline.engine.engine import Engine
from trunkline.errors import ConflictError, NotFoundError, UsageError
from trunkline.model.clock import as_text
from trunkline.model.delivery import Payload, StoredDelivery
from trunkline.model.execution import Execution
from trunkline.model.states import InactivePolicy, Origin, Outcome
from trunkline.model.webhook import StoredWebhook, digest
from trunkline.sdk import Kind
from trunkline.services.names import check_name
from trunkline.services.uses import scenarios_using_webhook
from trunkline.store.deliveries import find_delivery, list_deliveries
from trunkline.store.scenarios import list_scenarios
from trunkline.store.store import Store
from trunkline.store.webhooks import (
    add_webhook,
    change_webhook,
    count_deliveries,
    hold_webhook,
    list_webhooks,
    release_webhook,
    remove_webhook,
)

_TOKEN_BYTES = 32
_SENDABLE = re.compile(r"[\x21-\x7e]{8,}")


@dataclass(frozen=True, slots=True)
class WebhookView:
    """A webhook with its address and its balance: `accepted` = sum of the states."""

    id: str
    name: str
    module: str
    address: str
    has_secret: bool
    when_inactive: str
    held: bool
    created_at: str | None
    deliveries: Mapping[str, int]
    scenario: str | None = None
    """The active scenario that listens."""

    secret: str | None = None
    """Given once, when the webhook is made or its secret is changed."""


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


class Webhooks:
    """The use cases around webhooks; also the book in which the hooks door looks."""

    def __init__(self, store: Store, catalog: Catalog, engine: Engine) -> None:
        self._store = store
        self._catalog = catalog
        self._engine = engine
        self._book: dict[bytes, StoredWebhook] = {}
        self.base = ""

    async def open_book(self) -> None:
        """Reads all webhooks, so that a request finds its own without the store."""
        stored = await self._store.read(list_webhooks, self._store.vault)
        self._book = {digest(one.token): one for one in stored}
        self._engine.intake.held.update(one.id for one in stored if one.held)

    def by_token(self, token: str) -> StoredWebhook | None:
        return self._book.get(digest(token))

    async def add(
        self,
        name: str,
        module: str,
        *,
        secret: str | None,
        open_to_all: bool = False,
        when_inactive: InactivePolicy = InactivePolicy.REJECT,
    ) -> WebhookView:
        """Makes a webhook; its secret is made too, unless one is given.

        Raises:
            UsageError: the module is no instant trigger, or the secret is too weak.
            ConflictError: the name is taken.
        """
        self._check(name, module)
        if open_to_all and secret:
            raise UsageError("A webhook is open or has a secret; choose one of them.")
        chosen = None if open_to_all else secret or secrets.token_urlsafe(24)
        stored = StoredWebhook(
            id=self._engine.ids.new(),
            name=name,
            module=module,
            token=secrets.token_urlsafe(_TOKEN_BYTES),
            secret=_checked_secret(chosen),
            when_inactive=when_inactive,
            created_at=self._engine.clock.millis(),
        )
        await self._store.write(add_webhook, self._store.vault, stored)
        self._book[digest(stored.token)] = stored
        self._engine.news.tell("webhooks")
        return self._view(stored, {}, secret=chosen)

    async def change(self, ref: str, *, when_inactive: InactivePolicy) -> WebhookView:
        """Says what happens to deliveries while no active scenario listens.

        Raises:
            NotFoundError: there is no such webhook.
        """
        await self._change(replace(self._find(ref), when_inactive=when_inactive))
        return await self.show(ref)

    async def hold(self, ref: str) -> WebhookView:
        """Stores what arrives from now on, and lets nothing of it run.

        Raises:
            NotFoundError: there is no such webhook.
        """
        stored = self._find(ref)
        await self._store.write(hold_webhook, stored.id, self._engine.clock.millis())
        self._engine.intake.held.add(stored.id)
        self._enter(replace(stored, held=True))
        return await self.show(ref)

    async def release(self, ref: str) -> WebhookView:
        """Lets what was held run, in the order of its arrival.

        Where no active scenario listens it waits for one.

        Raises:
            NotFoundError: there is no such webhook.
        """
        stored = self._find(ref)
        self._engine.intake.held.discard(stored.id)
        self._enter(replace(stored, held=False))
        await self._store.write(release_webhook, stored.id)
        await self._engine.take_up(stored.id)
        return await self.show(ref)

    async def change_secret(
        self, ref: str, secret: str | None, *, open_to_all: bool = False
    ) -> WebhookView:
        """Gives a webhook another secret, made unless one is given; the old one ends.

        Raises:
            NotFoundError: there is no such webhook.
            UsageError: the secret is too weak.
        """
        chosen = None if open_to_all else secret or secrets.token_urlsafe(24)
        await self._change(replace(self._find(ref), secret=_checked_secret(chosen)))
        return replace(await self.show(ref), secret=chosen)

    async def remove(self, ref: str) -> None:
        """Removes a webhook that has received nothing.

        Raises:
            NotFoundError: there is no such webhook.
            ConflictError: it has received deliveries, or a scenario uses it.
        """
        stored = self._find(ref)
        used = await scenarios_using_webhook(self._store, stored.name)
        if used:
            raise ConflictError(
                f"The webhook {stored.name!r} is used by {', '.join(used)}; give these "
                "scenarios another one first."
            )
        await self._store.write(remove_webhook, stored.id)
        del self._book[digest(stored.token)]
        self._engine.news.tell("webhooks")

    async def all(self) -> list[WebhookView]:
        counts = await self._store.read(count_deliveries)
        listening = await self._listening()
        listed = sorted(self._book.values(), key=lambda one: one.name)
        return [
            self._view(one, counts.get(one.id, {}), listening.get(one.id))
            for one in listed
        ]

    async def show(self, ref: str) -> WebhookView:
        """One webhook.

        Raises:
            NotFoundError: there is none of that id or name.
        """
        stored = self._find(ref)
        counts = await self._store.read(count_deliveries)
        listening = await self._listening()
        return self._view(stored, counts.get(stored.id, {}), listening.get(stored.id))

    async def deliveries(
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
        webhook = self._find(name)
        found = await self._store.read(
            list_deliveries,
            webhook.id,
            limit=limit,
            before=before,
            state=state,
            text=text,
        )
        return [_delivery_view(one) for one in found]

    async def delivery(self, id_: str) -> DeliveryView:
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
                await self._engine.queue(execution)
                return execution.id
        raise ConflictError(
            "No active scenario listens to this delivery's webhook; activate one first."
        )

    def _check(self, name: str, module: str) -> None:
        check_name("webhook", name)
        if self._catalog.module(module).kind is not Kind.INSTANT_TRIGGER:
            raise UsageError(
                f"{module} is not an instant trigger, so no webhook can feed it. "
                "`trunkline app show APP` lists those of an app."
            )
        if self._named(name) is not None:
            raise ConflictError(
                f"A webhook named {name!r} exists already; choose another name."
            )

    def _named(self, name: str) -> StoredWebhook | None:
        return next((one for one in self._book.values() if one.name == name), None)

    async def _change(self, changed: StoredWebhook) -> None:
        await self._store.write(change_webhook, self._store.vault, changed)
        self._enter(changed)

    def _enter(self, changed: StoredWebhook) -> None:
        """From now on requests meet the webhook as it is now."""
        self._book[digest(changed.token)] = changed
        self._engine.news.tell("webhooks")
        self._engine.news.tell("deliveries")

    async def _listening(self) -> dict[str, str]:
        """The name of the active scenario for each webhook's id that has one."""
        return {
            one.webhook_id: one.name
            for one in await self._store.read(list_scenarios)
            if one.active and one.webhook_id
        }

    def _find(self, ref: str) -> StoredWebhook:
        known = (one for one in self._book.values() if one.id == ref)
        stored = next(known, None) or self._named(ref)
        if stored is None:
            raise NotFoundError(
                f"There is no webhook named {ref!r}. `trunkline webhook list` shows "
                "those there are."
            )
        return stored

    def _view(
        self,
        stored: StoredWebhook,
        counts: Mapping[str, int],
        scenario: str | None = None,
        secret: str | None = None,
    ) -> WebhookView:
        return WebhookView(
            id=stored.id,
            name=stored.name,
            module=stored.module,
            address=f"{self.base}{stored.path}",
            has_secret=stored.secret is not None,
            when_inactive=stored.when_inactive.value,
            held=stored.held,
            created_at=as_text(stored.created_at),
            deliveries=counts or {"accepted": 0},
            scenario=scenario,
            secret=secret,
        )


def _checked_secret(secret: str | None) -> str | None:
    if secret is not None and not _SENDABLE.fullmatch(secret):
        raise UsageError(
            "A webhook's secret needs at least 8 characters, all of them ASCII and "
            "none of them blank, since it travels in an HTTP header."
        )
    return secret


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

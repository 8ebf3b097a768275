"""Webhooks: addresses of ours, who may knock, and what was received."""

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace

from trunkline.engine.catalog import Catalog
from trunkline.engine.engine import Engine
from trunkline.errors import ConflictError, NotFoundError, UsageError
from trunkline.model.clock import HOUR, as_text
from trunkline.model.states import InactivePolicy
from trunkline.model.webhook import StoredWebhook, digest
from trunkline.sdk import Kind
from trunkline.services.names import check_name
from trunkline.services.uses import scenarios_using_webhook
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

    old_secret_until: str | None = None
    """When the secret before the present one ends, while both are valid."""

    secret: str | None = None
    """Given once, when the webhook is made or its secret is changed."""


class Webhooks:
    """The use cases around webhooks; also the book in which the hooks door looks."""

    def __init__(self, store: Store, catalog: Catalog, engine: Engine) -> None:
        self._store = store
        self._catalog = catalog
        self._engine = engine
        self._book: dict[bytes, StoredWebhook] = {}
        self.base = ""

    async def open_book(self) -> None:
        """Reads all webhooks, so that a request finds its own without the store.

        Old secrets whose time is over are erased.
        """
        stored = await self._store.read(list_webhooks, self._store.vault)
        self._book = {digest(one.token): one for one in stored}
        for one in stored:
            if one.old_secret and not one.is_rotating(self._engine.clock.millis()):
                await self._change(_without_old(one))
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
        await self._change(replace(self.find(ref), when_inactive=when_inactive))
        return await self.show(ref)

    async def hold(self, ref: str) -> WebhookView:
        """Stores what arrives from now on, and lets nothing of it run.

        Raises:
            NotFoundError: there is no such webhook.
        """
        stored = self.find(ref)
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
        stored = self.find(ref)
        self._engine.intake.held.discard(stored.id)
        self._enter(replace(stored, held=False))
        await self._store.write(release_webhook, stored.id)
        await self._engine.take_up(stored.id)
        return await self.show(ref)

    async def change_secret(
        self,
        ref: str,
        secret: str | None,
        *,
        keep_old_hours: float = 0,
        open_to_all: bool = False,
    ) -> WebhookView:
        """Gives a webhook another secret, made unless one is given.

        The one before it stays valid for so many hours, so that the service can be
        told in between without losing anything. No more than two are valid: one that
        is older ends.

        Raises:
            NotFoundError: there is no such webhook.
            UsageError: the secret is too weak.
        """
        chosen = None if open_to_all else secret or secrets.token_urlsafe(24)
        stored = self.find(ref)
        changed = replace(_without_old(stored), secret=_checked_secret(chosen))
        if chosen and stored.secret and keep_old_hours:
            until = self._engine.clock.millis() + int(keep_old_hours * HOUR)
            changed = replace(changed, old_secret=stored.secret, old_secret_until=until)
        await self._change(changed)
        return replace(await self.show(ref), secret=chosen)

    async def end_old_secret(self, ref: str) -> WebhookView:
        """From now on only the present secret opens the webhook.

        Raises:
            NotFoundError: there is no such webhook.
        """
        await self._change(_without_old(self.find(ref)))
        return await self.show(ref)

    async def remove(self, ref: str) -> None:
        """Removes a webhook that has received nothing.

        Raises:
            NotFoundError: there is no such webhook.
            ConflictError: it has received deliveries, or a scenario uses it.
        """
        stored = self.find(ref)
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
        stored = self.find(ref)
        counts = await self._store.read(count_deliveries)
        listening = await self._listening()
        return self._view(stored, counts.get(stored.id, {}), listening.get(stored.id))

    def find(self, ref: str) -> StoredWebhook:
        """The webhook of that id or name, with its secrets.

        Raises:
            NotFoundError: there is none.
        """
        known = (one for one in self._book.values() if one.id == ref)
        stored = next(known, None) or self._named(ref)
        if stored is None:
            raise NotFoundError(
                f"There is no webhook named {ref!r}. `trunkline webhook list` shows "
                "those there are."
            )
        return stored

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
            old_secret_until=(
                as_text(stored.old_secret_until)
                if stored.is_rotating(self._engine.clock.millis())
                else None
            ),
            secret=secret,
        )


def _without_old(stored: StoredWebhook) -> StoredWebhook:
    return replace(stored, old_secret=None, old_secret_until=None)


def _checked_secret(secret: str | None) -> str | None:
    if secret is not None and not _SENDABLE.fullmatch(secret):
        raise UsageError(
            "A webhook's secret needs at least 8 characters, all of them ASCII and "
            "none of them blank, since it travels in an HTTP header."
        )
    return secret

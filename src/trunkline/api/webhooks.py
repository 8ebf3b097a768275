"""Webhooks and their deliveries over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from trunkline.api.bounds import Limit
from trunkline.api.visitors import CHANGE, READ
from trunkline.model.states import DeliveryState, InactivePolicy
from trunkline.services import Services
from trunkline.services.deliveries import Deliveries, DeliveryView
from trunkline.services.gaps import LONGEST_REPORT, GapReport, Gaps
from trunkline.services.webhooks import Webhooks, WebhookView


class NewWebhook(BaseModel):
    """A webhook's name and module; without a secret one is made."""

    name: str
    module: str
    secret: str | None = None
    open: bool = False
    when_inactive: InactivePolicy = InactivePolicy.REJECT


class ChangedWebhook(BaseModel):
    """What happens to deliveries while no active scenario listens."""

    when_inactive: InactivePolicy


class NewSecret(BaseModel):
    """Another secret, made where none is given.

    The one before it stays valid for `keep_old_hours`, so that nothing is refused
    while the service is told; 0 ends it at once.
    """

    secret: str | None = None
    open: bool = False
    keep_old_hours: float = Field(default=24, ge=0, le=30 * 24)


class Replayed(BaseModel):
    """The execution that runs a delivery again."""

    execution: str


def routes(services: Services) -> APIRouter:
    router = APIRouter(tags=["webhooks"], dependencies=[READ])
    _add_deliveries(router, services.deliveries)
    _add_gaps(router, services.gaps)
    _add_secrets(router, services.webhooks)
    _add_webhooks(router, services.webhooks)
    return router


def _add_webhooks(router: APIRouter, webhooks: Webhooks) -> None:

    @router.get("/webhooks")
    async def list_webhooks() -> list[WebhookView]:
        return await webhooks.all()

    @router.post("/webhooks", status_code=201, dependencies=[CHANGE])
    async def add_webhook(new: NewWebhook) -> WebhookView:
        """The only answer that shows the secret."""
        return await webhooks.add(
            new.name,
            new.module,
            secret=new.secret,
            open_to_all=new.open,
            when_inactive=new.when_inactive,
        )

    @router.post("/webhooks/{name:path}/hold", dependencies=[CHANGE])
    async def hold_webhook(name: str) -> WebhookView:
        """What arrives from now on is stored, and nothing of it runs."""
        return await webhooks.hold(name)

    @router.post("/webhooks/{name:path}/release", dependencies=[CHANGE])
    async def release_webhook(name: str) -> WebhookView:
        """Lets what was held run, in the order of its arrival."""
        return await webhooks.release(name)

    @router.patch("/webhooks/{name:path}", dependencies=[CHANGE])
    async def change_webhook(name: str, changed: ChangedWebhook) -> WebhookView:
        return await webhooks.change(name, when_inactive=changed.when_inactive)

    @router.delete("/webhooks/{name:path}", status_code=204, dependencies=[CHANGE])
    async def remove_webhook(name: str) -> None:
        """Removes a webhook that has received nothing."""
        await webhooks.remove(name)

    @router.get("/webhooks/{name:path}")
    async def show_webhook(name: str) -> WebhookView:
        return await webhooks.show(name)


def _add_gaps(router: APIRouter, gaps: Gaps) -> None:
    @router.get("/webhooks/{name:path}/gaps")
    async def report_gaps(
        name: str, days: Annotated[int, Query(ge=1, le=LONGEST_REPORT)] = 28
    ) -> GapReport:
        """Where deliveries may be missing: silences, refusals, and outages."""
        return await gaps.report(name, days)


def _add_secrets(router: APIRouter, webhooks: Webhooks) -> None:
    @router.put("/webhooks/{name:path}/secret", dependencies=[CHANGE])
    async def change_secret(name: str, new: NewSecret) -> WebhookView:
        """Two secrets are valid for a while; the answer shows the new one, once."""
        return await webhooks.change_secret(
            name,
            new.secret,
            keep_old_hours=new.keep_old_hours,
            open_to_all=new.open,
        )

    @router.delete("/webhooks/{name:path}/secret/old", dependencies=[CHANGE])
    async def end_old_secret(name: str) -> WebhookView:
        """From now on only the present secret opens the webhook."""
        return await webhooks.end_old_secret(name)


def _add_deliveries(router: APIRouter, deliveries: Deliveries) -> None:
    @router.get("/webhooks/{name:path}/deliveries")
    async def list_deliveries(
        name: str,
        limit: Limit = 50,
        before: str | None = None,
        state: DeliveryState | None = None,
        text: str | None = None,
    ) -> list[DeliveryView]:
        """Newest first; `text` is an id, or part of a body."""
        return await deliveries.of(
            name, limit=limit, before=before, state=state, text=text
        )

    @router.get("/deliveries/{id_}")
    async def show_delivery(id_: str) -> DeliveryView:
        return await deliveries.show(id_)

    @router.post("/deliveries/{id_}/replay", status_code=202, dependencies=[CHANGE])
    async def replay_delivery(id_: str) -> Replayed:
        return Replayed(execution=await deliveries.replay(id_))

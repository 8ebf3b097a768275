"""Webhooks and their deliveries over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel

from trunkline.model.states import DeliveryState, InactivePolicy
from trunkline.services import Services
from trunkline.services.webhooks import DeliveryView, WebhookView

Limit = Annotated[int, Query(ge=1, le=1000)]


class NewWebhook(BaseModel):
    """A webhook's name and module; without a secret one is made."""

    name: str
    module: str
    secret: str | None = None
    open: bool = False
    when_inactive: InactivePolicy = InactivePolicy.REJECT


class Replayed(BaseModel):
    """The execution that runs a delivery again."""

    execution: str


def routes(services: Services) -> APIRouter:
    router = APIRouter(tags=["webhooks"])

    @router.get("/webhooks")
    async def list_webhooks() -> list[WebhookView]:
        return await services.webhooks.all()

    @router.post("/webhooks", status_code=201)
    async def add_webhook(new: NewWebhook) -> WebhookView:
        """The only answer that shows the secret."""
        return await services.webhooks.add(
            new.name,
            new.module,
            secret=new.secret,
            open_to_all=new.open,
            when_inactive=new.when_inactive,
        )

    @router.get("/webhooks/{name:path}/deliveries")
    async def list_deliveries(
        name: str,
        limit: Limit = 50,
        before: str | None = None,
        state: DeliveryState | None = None,
    ) -> list[DeliveryView]:
        return await services.webhooks.deliveries(
            name, limit=limit, before=before, state=state
        )

    @router.get("/webhooks/{name:path}")
    async def show_webhook(name: str) -> WebhookView:
        return await services.webhooks.show(name)

    @router.get("/deliveries/{id_}")
    async def show_delivery(id_: str) -> DeliveryView:
        return await services.webhooks.delivery(id_)

    @router.post("/deliveries/{id_}/replay", status_code=202)
    async def replay_delivery(id_: str) -> Replayed:
        return Replayed(execution=await services.webhooks.replay(id_))

    return router

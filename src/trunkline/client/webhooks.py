"""The part of the client that is about webhooks and what they received."""

from trunkline.client.calls import Calls, Record, quoted
from trunkline.client.records import (
    DeliveryView,
    GapReport,
    Replayed,
    WebhookView,
)


class WebhookCalls(Calls):
    """What a client can do with webhooks."""

    async def webhooks(self) -> list[WebhookView]:
        found: list[WebhookView] = await self._records("webhooks")
        return found

    async def add_webhook(self, new: Record) -> WebhookView:
        found: WebhookView = await self._call("POST", "webhooks", json=new)
        return found

    async def change_secret(self, webhook: str, new: Record) -> WebhookView:
        """Gives a webhook another secret; the old one stays valid for a while."""
        path = f"webhooks/{quoted(webhook)}/secret"
        found: WebhookView = await self._call("PUT", path, json=new)
        return found

    async def end_old_secret(self, webhook: str) -> WebhookView:
        path = f"webhooks/{quoted(webhook)}/secret/old"
        found: WebhookView = await self._call("DELETE", path)
        return found

    async def webhook_gaps(self, webhook: str, days: int) -> GapReport:
        """Where deliveries may be missing in the last days."""
        path = f"webhooks/{quoted(webhook)}/gaps"
        found: GapReport = await self._call("GET", path, params={"days": str(days)})
        return found

    async def deliveries(
        self, webhook: str, limit: int, state: str | None = None
    ) -> list[DeliveryView]:
        path = f"webhooks/{quoted(webhook)}/deliveries"
        found: list[DeliveryView] = await self._records(path, limit=limit, state=state)
        return found

    async def delivery(self, id_: str) -> DeliveryView:
        found: DeliveryView = await self._call("GET", f"deliveries/{quoted(id_)}")
        return found

    async def replay(self, id_: str) -> Replayed:
        found: Replayed = await self._call("POST", f"deliveries/{quoted(id_)}/replay")
        return found

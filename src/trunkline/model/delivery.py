"""A request that a webhook received."""

from collections.abc import Mapping

from msgspec import Struct

from trunkline.model.clock import Millis
from trunkline.model.states import DeliveryState, Outcome


class StoredDelivery(Struct, frozen=True, kw_only=True):
    """What is known of a delivery besides its payload."""

    id: str
    webhook_id: str
    received_at: Millis
    size: int
    state: DeliveryState
    outcome: Outcome | None = None
    reason: str | None = None
    event: str | None = None


class Payload(Struct, frozen=True, kw_only=True):
    """The request itself, byte for byte, without credentials in its headers."""

    body: bytes
    method: str
    query: Mapping[str, str]
    headers: Mapping[str, str]

"""A stored webhook."""

import hashlib
from dataclasses import dataclass

from trunkline.model.clock import Millis
from trunkline.model.states import InactivePolicy


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredWebhook:
    """An address of ours and who may knock.

    `secret` is `None` for a webhook that its owner chose to leave open. `token` is
    the unguessable part of the address; both are sealed at rest. While it is `held`,
    deliveries are stored and nothing runs.
    """

    id: str
    name: str
    module: str
    token: str
    secret: str | None
    when_inactive: InactivePolicy
    created_at: Millis
    held: bool = False

    @property
    def path(self) -> str:
        return f"/hooks/{self.token}"


def digest(text: str | bytes) -> bytes:
    """A fixed-length stand-in for a token or a secret, to look up and compare."""
    return hashlib.sha256(text.encode() if isinstance(text, str) else text).digest()

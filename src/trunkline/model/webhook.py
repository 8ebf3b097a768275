"""A stored webhook."""

import hashlib
from dataclasses import dataclass

from trunkline.model.clock import Millis
from trunkline.model.states import InactivePolicy


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredWebhook:
    """An address of ours and who may knock.

    `secret` is `None` for a webhook that its owner chose to leave open. `old_secret`
    is the one before it, valid beside it until `old_secret_until`. `token` is the
    unguessable part of the address; all three are sealed at rest. While it is `held`,
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
    old_secret: str | None = None
    old_secret_until: Millis | None = None

    @property
    def path(self) -> str:
        return f"/hooks/{self.token}"

    def is_rotating(self, now: Millis) -> bool:
        """Whether the secret before the present one is valid too."""
        return (self.old_secret_until or 0) > now

    def secrets(self, now: Millis) -> tuple[str, ...]:
        """Those that open it now, the present one first; none where it is open."""
        valid = (self.secret, self.old_secret if self.is_rotating(now) else None)
        return tuple(secret for secret in valid if secret is not None)


def digest(text: str | bytes) -> bytes:
    """A fixed-length stand-in for a token or a secret, to look up and compare."""
    return hashlib.sha256(text.encode() if isinstance(text, str) else text).digest()

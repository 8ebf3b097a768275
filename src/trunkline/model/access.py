"""Who may enter, and what they may do."""

from dataclasses import dataclass
from enum import StrEnum

from trunkline.model.clock import Millis


class Permission(StrEnum):
    """What a route asks for; each is declared where the route is."""

    READ = "read"
    """See everything but secrets."""

    CHANGE = "change"
    """Make, change, run and remove."""

    OWN = "own"
    """Decide who else may enter."""


ALL_PERMISSIONS = frozenset(Permission)


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    """Somebody who enters with a name and a password."""

    id: str
    name: str
    password_hash: str
    created_at: Millis


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """One browser's stay; `id` is the digest of what its cookie holds."""

    id: str
    user_id: str
    created_at: Millis
    seen_at: Millis


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiToken:
    """What a program shows instead of a password; `digest` stands for it."""

    id: str
    name: str
    user_id: str
    digest: str
    read_only: bool
    created_at: Millis
    used_at: Millis | None = None

    @property
    def permissions(self) -> frozenset[Permission]:
        if self.read_only:
            return frozenset({Permission.READ})
        return frozenset({Permission.READ, Permission.CHANGE})


@dataclass(frozen=True, slots=True, kw_only=True)
class Visitor:
    """Whoever makes a request: a user in a browser, a program, or this machine."""

    name: str
    permissions: frozenset[Permission]
    user_id: str | None = None

"""Ways in which a connection shows who it is."""

from base64 import b64encode
from dataclasses import dataclass
from typing import Protocol

from pydantic import SecretStr


class Auth(Protocol):
    """Adds credentials to a request."""

    def headers(self) -> dict[str, str]:
        """The headers to send."""

    def params(self) -> dict[str, str]:
        """The query parameters to send."""


@dataclass(frozen=True, slots=True)
class NoAuth:
    """Sends no credentials."""

    def headers(self) -> dict[str, str]:
        return {}

    def params(self) -> dict[str, str]:
        return {}


@dataclass(frozen=True, slots=True)
class BearerAuth(NoAuth):
    """`Authorization: Bearer TOKEN`."""

    token: SecretStr

    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token.get_secret_value()}"}


@dataclass(frozen=True, slots=True)
class BasicAuth(NoAuth):
    """HTTP Basic authentication."""

    user: str
    password: SecretStr

    def headers(self) -> dict[str, str]:
        pair = f"{self.user}:{self.password.get_secret_value()}".encode()
        return {"Authorization": f"Basic {b64encode(pair).decode()}"}


@dataclass(frozen=True, slots=True)
class HeaderAuth(NoAuth):
    """A key in a header of its own, such as `X-Api-Key`."""

    name: str
    key: SecretStr

    def headers(self) -> dict[str, str]:
        return {self.name: self.key.get_secret_value()}


@dataclass(frozen=True, slots=True)
class QueryAuth(NoAuth):
    """A key in the query string."""

    name: str
    key: SecretStr

    def params(self) -> dict[str, str]:
        return {self.name: self.key.get_secret_value()}

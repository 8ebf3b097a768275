"""Stored, tested credentials of one app."""

from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict, SecretStr

from trunkline.sdk.auth import Auth, NoAuth

if TYPE_CHECKING:
    from trunkline.sdk.api import Api


class Connection(BaseModel):
    """The fields a person fills in under *Create a connection*.

    Secret fields are `SecretStr`: they are encrypted at rest and masked everywhere.
    The docstring of a subclass says where in the service the values are found.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)

    def auth(self) -> Auth:
        """How calls made with this connection authenticate."""
        return NoAuth()

    async def test(self, api: "Api") -> str:
        """Calls the service and returns the account's label.

        Raises:
            ModuleError: the service does not accept these values.
        """
        raise NotImplementedError

    def base_url(self) -> str | None:
        """The address calls are bound to, where the app leaves it to the connection."""
        return None

    def secrets(self) -> frozenset[str]:
        """The values that must never be seen."""
        return frozenset(
            value.get_secret_value()
            for _, value in self
            if isinstance(value, SecretStr) and value.get_secret_value()
        )

"""Credentials for a service without an app, bound to one host."""

import re
from typing import Literal, Self
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, field_validator, model_validator

from trunkline.apps.http.web import app
from trunkline.sdk import (
    AccountValidationError,
    Api,
    Auth,
    BasicAuth,
    BearerAuth,
    Connection,
    HeaderAuth,
    ModuleError,
)

_HEADER_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_VISIBLE = re.compile(r"[\x21-\x7e]([\x20-\x7e]*[\x21-\x7e])?")


@app.connection
class Credential(Connection):
    """A token, a user name with password, or a key in a header of its own.

    It is sent to the host given here and to no other.
    """

    host: str = Field(
        title="Host",
        description="Enter the address that the credentials are for, such as "
        "https://api.example.com. They are sent nowhere else.",
    )
    scheme: Literal["bearer", "basic", "header"] = Field(
        default="bearer",
        title="Kind",
        description="bearer: a token in the Authorization header. basic: a user name "
        "and a password. header: a key in a header of its own.",
    )
    secret: SecretStr = Field(
        title="Token, password or key", description="It is stored encrypted."
    )
    user: str | None = Field(
        default=None, title="User name", description="For basic only."
    )
    header_name: str = Field(
        default="X-Api-Key", title="Header", description="For header only."
    )
    test_path: str = Field(
        default="/",
        title="Path to test with",
        description="Enter a path that is read to test the connection, best one that "
        "asks for the credentials.",
    )

    @field_validator("host")
    @classmethod
    def _origin(cls, host: str) -> str:
        """`api.example.com` and `https://api.example.com/` mean the same."""
        parts = urlsplit(host if "://" in host else f"https://{host}")
        if parts.scheme not in ("http", "https") or not _names_a_host(parts.netloc):
            raise ValueError("Give a host such as https://api.example.com.")
        if parts.path not in ("", "/") or parts.query or parts.fragment:
            raise ValueError(
                "Give the host alone, without a path; the path belongs to the request."
            )
        return f"{parts.scheme}://{parts.netloc.lower()}"

    @model_validator(mode="after")
    def _is_complete(self) -> Self:
        if self.scheme == "basic" and not self.user:
            raise ValueError("basic needs a user name.")
        if self.scheme == "header" and not _HEADER_NAME.fullmatch(self.header_name):
            raise ValueError("The header's name has signs that headers cannot have.")
        fits_a_header = _VISIBLE.fullmatch(self.secret.get_secret_value())
        if self.scheme != "basic" and not fits_a_header:
            raise ValueError(
                "The token or key is empty or has signs that cannot be sent, such as "
                "a line break. Copy it again."
            )
        return self

    def base_url(self) -> str:
        """The origin that calls are bound to."""
        return self.host

    def auth(self) -> Auth:
        """The way of the chosen kind."""
        match self.scheme:
            case "bearer":
                return BearerAuth(self.secret)
            case "basic":
                return BasicAuth(self.user or "", self.secret)
            case "header":
                return HeaderAuth(self.header_name, self.secret)

    async def test(self, api: Api) -> str:
        """Asks the host; any answer but one that refuses the credentials will do."""
        try:
            await api.request("GET", self.test_path)
        except AccountValidationError:
            raise
        except ModuleError as error:
            if error.status is None:
                raise
        return urlsplit(self.host).netloc


def _names_a_host(netloc: str) -> bool:
    """Whether it is a host, with or without a port, and no more than that."""
    try:
        port = urlsplit(f"//{netloc}").port
    except ValueError:
        return False
    return bool(re.fullmatch(r"[\w.-]+(:\d+)?|\[[0-9a-fA-F:.]+\](:\d+)?", netloc)) and (
        port != 0
    )

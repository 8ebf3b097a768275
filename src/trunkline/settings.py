"""Settings from `TRUNKLINE_*` variables or `trunkline.toml`, read once."""

import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    SecretStr,
    field_validator,
    model_validator,
)

DEFAULT_FOLDER = Path("trunkline-data")
_FILE = Path("trunkline.toml")
_PREFIX = "TRUNKLINE_"


class Settings(BaseModel):
    """What an operator can set.

    What is given goes before the environment, and the environment before the file.
    """

    model_config = ConfigDict(extra="forbid")

    data: Path = Field(
        default=DEFAULT_FOLDER, description="The folder that holds everything."
    )
    host: str = Field(default="127.0.0.1", description="The address to listen on.")
    port: int = Field(
        default=8787, ge=0, le=65535, description="The port; 0 picks one."
    )
    public_url: str | None = Field(
        default=None,
        description="How services reach this server, such as https://hooks.example.org.",
    )
    hosts: tuple[str, ...] = Field(
        default=(),
        description="Names by which browsers reach this server, besides localhost "
        "and that of public_url; separated by commas.",
    )
    allow_hosts: tuple[str, ...] = Field(
        default=(),
        description="Private hosts that modules may call, separated by commas.",
    )
    key: SecretStr | None = Field(
        default=None, description="Key(s) of the secrets, instead of the key file."
    )
    migrate: Literal["auto", "ask"] = Field(
        default="auto",
        description="Whether an older folder is migrated at start, or is refused "
        "until `trunkline migrate` was run.",
    )
    slots: int = Field(
        default=1024, ge=1, description="How many executions run at the same time."
    )
    largest_body: int = Field(
        default=5 * 1024 * 1024, ge=1, description="Bytes of a delivery, at most."
    )
    header_seconds: float = Field(
        default=10, gt=0, description="How long a request's headers may take."
    )
    body_seconds: float = Field(
        default=30, gt=0, description="How long a delivery's body may take."
    )
    hook_rate: float = Field(
        default=20_000,
        gt=0,
        allow_inf_nan=False,
        description="Deliveries per second that one webhook may receive.",
    )
    response_seconds: float = Field(
        default=180,
        gt=0,
        allow_inf_nan=False,
        description="How long the caller of a webhook waits for a scenario's answer.",
    )
    keep_days: int = Field(
        default=30, ge=0, le=36_500, description="Days of history that are kept."
    )
    keep_executions: int = Field(
        default=100_000,
        ge=0,
        le=10**9,
        description="Executions that are kept of each scenario.",
    )
    keep_bytes: int = Field(
        default=0,
        ge=0,
        le=10**15,
        description="Bytes of history that are kept of each scenario.",
    )
    keep_seen_days: int = Field(
        default=90,
        ge=0,
        le=36_500,
        description="Days in which a repeated delivery is known, at least.",
    )
    grace_seconds: float = Field(
        default=20, ge=0, description="How long a stop waits for running operations."
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        default="info", description="How much to log."
    )

    @property
    def is_https(self) -> bool:
        """Whether browsers reach this server over https."""
        return (self.public_url or "").startswith("https://")

    @field_validator("allow_hosts", "hosts", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        if isinstance(value, str):
            return tuple(part.strip() for part in value.split(",") if part.strip())
        return value

    @model_validator(mode="before")
    @classmethod
    def _read(cls, given: Mapping[str, Any]) -> dict[str, Any]:
        environment = {
            name: os.environ[f"{_PREFIX}{name.upper()}"]
            for name in cls.model_fields
            if f"{_PREFIX}{name.upper()}" in os.environ
        }
        return {**_read_file(), **environment, **given}


def _read_file() -> dict[str, Any]:
    try:
        return tomllib.loads(_FILE.read_text())
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        raise ValueError(f"{_FILE} cannot be read: {error}") from error

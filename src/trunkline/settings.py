"""Settings from `TRUNKLINE_*` variables or `trunkline.toml`, read once."""

from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import (
    BaseSettings,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

DEFAULT_FOLDER = Path("trunkline-data")


class Settings(BaseSettings):
    """What an operator can set; the environment goes before the file."""

    model_config = SettingsConfigDict(
        env_prefix="TRUNKLINE_", toml_file="trunkline.toml", extra="forbid"
    )

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
    allow_hosts: Annotated[tuple[str, ...], NoDecode] = Field(
        default=(),
        description="Private hosts that modules may call, separated by commas.",
    )
    key: SecretStr | None = Field(
        default=None, description="Key(s) of the secrets, instead of the key file."
    )
    slots: int = Field(
        default=256, ge=1, description="How many executions run at the same time."
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
    grace_seconds: float = Field(
        default=20, ge=0, description="How long a stop waits for running operations."
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        default="info", description="How much to log."
    )

    @field_validator("allow_hosts", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        if isinstance(value, str):
            return tuple(part.strip() for part in value.split(",") if part.strip())
        return value

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - the base's signature
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - the same
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        toml = TomlConfigSettingsSource(settings_cls)
        return init_settings, env_settings, toml

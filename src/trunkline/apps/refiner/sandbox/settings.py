"""What a person decides when starting a sandbox."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from .behaviour import Behaviour

DEFAULT_KEY = "sandbox-key-0123456789abcdef0123456789abcdef"


@dataclass(frozen=True, slots=True, kw_only=True)
class SandboxSettings:
    """The key, the folder, what to fill it with, and how to behave."""

    key: str = DEFAULT_KEY
    data: Path | None = None  # a folder; none keeps everything in memory
    contacts: int = 0
    responses: int = 0
    seed: int = 1
    # The invented history ends here, so that the same seed gives the same data on
    # any day.
    until: datetime = datetime(2026, 11, 1, tzinfo=UTC)
    behaviour: Behaviour = field(default_factory=Behaviour)
    rate_limits: bool = True

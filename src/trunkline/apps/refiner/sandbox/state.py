"""What one running sandbox is made of."""

from dataclasses import dataclass

from starlette.requests import Request

from .faults import Faults
from .limits import Limits
from .sender import Sender
from .settings import SandboxSettings
from .store.database import Database


@dataclass(frozen=True, slots=True, kw_only=True)
class Sandbox:
    """The parts that requests work on; one per application."""

    settings: SandboxSettings
    database: Database
    faults: Faults
    limits: Limits
    sender: Sender


def sandbox_of(request: Request) -> Sandbox:
    sandbox: Sandbox = request.app.state.sandbox
    return sandbox

"""How a failing operation is told to what lies above it, and to people."""

from collections.abc import Mapping

from trunkline.engine.bundle import decode, encode
from trunkline.errors import ModuleError, TrunklineError, UnexpectedError
from trunkline.model.clock import Millis
from trunkline.model.execution import Operation
from trunkline.sdk import Module


class HandBack(Exception):  # noqa: N818 - not an error: the execution goes on later
    """The execution goes back to the queue, due at a moment in ms since 1970."""

    def __init__(self, due_at: Millis = 0) -> None:
        super().__init__(due_at)
        self.due_at = due_at


class OperationFailed(Exception):  # noqa: N818 - carries an error to whoever reacts
    """An operation failed and was recorded; `facts` are its error as JSON values."""

    def __init__(self, module_id: int, path: str, facts: Mapping[str, object]) -> None:
        super().__init__(facts)
        self.module_id = module_id
        self.path = path
        self.facts = facts
        self.final = False
        """A directive says that this is the end: it is not tried again by itself."""

    @property
    def described(self) -> str:
        return encode(self.facts)

    @property
    def retry_after(self) -> float:
        """The seconds that the service asked us to wait."""
        asked = self.facts.get("retry_after")
        return float(asked) if isinstance(asked, int | float) else 0.0


def recorded_failure(operation: Operation) -> OperationFailed:
    """The failure of an operation that an earlier attempt recorded."""
    facts = decode(operation.error or "{}")
    facts.pop("exchange", None)
    return OperationFailed(operation.module_id, operation.path, facts)


def describe(module_id: int, module: Module, error: Exception) -> dict[str, object]:
    """An error as JSON values, as history and error routes show it."""
    known = as_module_error(module, error)
    facts = {
        "type": known.type,
        "message": str(known),
        "module_id": module_id,
        "module": module.name,
        "status": known.status,
        "detail": known.detail,
        "retry_after": known.retry_after,
        "unsure": known.unsure or None,
    }
    return {name: value for name, value in facts.items() if value is not None}


def as_module_error(module: Module, error: Exception) -> ModuleError:
    """What a module raised, under one of the names that people know."""
    if isinstance(error, ModuleError):
        return error
    if isinstance(error, TrunklineError):
        return UnexpectedError(str(error))
    return UnexpectedError(
        f"{module.label} failed with {type(error).__name__}: {error}. This is a fault "
        f"in the app {module.app}, not in your scenario; please report it."
    )

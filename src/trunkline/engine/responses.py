"""Callers of webhooks that wait for what the scenario has to say."""

import asyncio
from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from trunkline.engine.bundle import encode
from trunkline.model.execution import Execution
from trunkline.model.states import ExecutionState


class Response(Struct, frozen=True):
    """An answer over HTTP."""

    status: int
    headers: Mapping[str, str]
    body: bytes


FAILED = Response(500, {}, b"Scenario failed to complete.")
"""What a caller hears when the scenario fails before it has answered (2.2 [sure])."""

_UNWELL = frozenset(
    {ExecutionState.FAILED, ExecutionState.INCOMPLETE, ExecutionState.CANCELLED}
)


class Responses:
    """Who waits for which execution; the first answer counts, later ones go nowhere."""

    def __init__(self) -> None:
        self._waiting: dict[str, asyncio.Future[Response | None]] = {}

    def expect(self, execution_id: str) -> None:
        """Lets `wait` be asked for an execution that is about to begin."""
        self._waiting[execution_id] = asyncio.get_running_loop().create_future()

    def awaits(self, execution_id: str) -> bool:
        """Whether an answer was expected."""
        return execution_id in self._waiting

    async def wait(self, execution_id: str, seconds: float) -> Response | None:
        """The answer; None where there is none in time, or none was expected."""
        future = self._waiting.get(execution_id)
        if future is None:
            return None
        try:
            async with asyncio.timeout(seconds):
                return await future
        except TimeoutError:
            return None
        finally:
            self._waiting.pop(execution_id, None)

    def give(self, execution_id: str, given: Mapping[str, Any]) -> None:
        """Answers with what the responder module was given."""
        self._settle(execution_id, _response(given))

    def end(self, execution: Execution) -> None:
        """The execution has ended, so that no answer will come any more."""
        unwell = execution.state in _UNWELL
        self._settle(execution.id, FAILED if unwell else None)

    def _settle(self, execution_id: str, response: Response | None) -> None:
        future = self._waiting.get(execution_id)
        if future is not None and not future.done():
            future.set_result(response)


def _response(given: Mapping[str, Any]) -> Response:
    body = given["body"]
    is_text = isinstance(body, str)
    kind = "text/plain; charset=utf-8" if is_text else "application/json"
    headers = {name.lower(): str(value) for name, value in given["headers"].items()}
    return Response(
        given["status"],
        {"content-type": kind, **headers},
        (body if is_text else encode(body)).encode(),
    )

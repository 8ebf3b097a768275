"""How one scenario calls another, and sleeps until it has ended."""

from typing import Any

from trunkline.engine.bundle import decode, encode
from trunkline.engine.failures import HandBack
from trunkline.engine.starts import Starts
from trunkline.engine.steps import Step
from trunkline.engine.tasks import Bundles, Task
from trunkline.errors import (
    InvalidConfigurationError,
    RuntimeError,  # noqa: A004 - Make's name, see errors.py
)
from trunkline.model.call import Call
from trunkline.model.clock import NEVER
from trunkline.model.states import OperationState

_DEEPEST = 20
"""Scenarios that may call one another in a row."""


class Calls(Starts):
    """What begins executions of other scenarios."""

    async def call(self, step: Step, bundles: Bundles, path: str) -> Any:  # noqa: ANN401 - any JSON value
        """Begins an execution of another scenario; its caller sleeps until it ends.

        Raises:
            OperationFailed: it cannot be begun, or it failed.
            HandBack: it is under way.
        """
        recalled = self._recall(step, path)
        if recalled is not None:
            return decode(recalled.output or "null")
        await self._before_reaching_out()
        known = self._past.calls.get((step.id, path))
        if known is not None and not known.ended:
            raise HandBack(NEVER)
        task = self._begin(step, bundles, path)
        try:
            await self._prepare(task)
            output = await self._called(task, known)
            text = encode(output)
        except HandBack:
            self._unbegin()
            raise
        except Exception as error:  # noqa: BLE001 - whatever it is, it is recorded
            self._fail(task, error)
        self._record(task, OperationState.DONE, output=text)
        return output

    async def _called(self, task: Task, known: Call | None) -> dict[str, Any]:
        fields: Any = task.fields
        if known is not None:
            if known.error is not None:
                raise RuntimeError(
                    f"The scenario {fields.scenario!r} failed: "
                    f"{decode(known.error)['message']}"
                )
            return {"execution": known.child_id, "data": decode(known.output or "null")}
        if self._past.depth >= _DEEPEST:
            raise InvalidConfigurationError(
                f"{_DEEPEST} scenarios have called one another; this looks like a "
                "circle."
            )
        child = await self._outside.begin(fields.scenario, fields.data)
        call = Call(
            child_id=child.id,
            parent_id=self._execution,
            module_id=task.step.id,
            path=task.path,
            depth=self._past.depth + 1,
        )
        self._journal.call(child, call)
        if fields.wait:
            raise HandBack(NEVER)
        return {"execution": child.id}

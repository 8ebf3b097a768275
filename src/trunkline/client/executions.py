"""The part of the client that is about executions."""

from trunkline.client.calls import Calls, Record, quoted
from trunkline.client.records import (
    Begun,
    Bulk,
    ExecutionView,
    OperationLine,
    OperationView,
    SavedTest,
)


class ExecutionCalls(Calls):
    """What a client can do with executions."""

    async def execution_as_test(self, id_: str) -> str:
        found: SavedTest = await self._call("GET", f"executions/{quoted(id_)}/test")
        return found["text"]

    async def executions(
        self, limit: int, scenario: str | None = None, state: str | None = None
    ) -> list[ExecutionView]:
        found: list[ExecutionView] = await self._records(
            "executions", limit=limit, scenario=scenario, state=state
        )
        return found

    async def execution(self, id_: str, *, history: bool = True) -> ExecutionView:
        """One execution, with its first operations where `history` is asked for."""
        asked = {} if history else {"history": "false"}
        found: ExecutionView = await self._call(
            "GET", f"executions/{quoted(id_)}", params=asked
        )
        return found

    async def operations(
        self, id_: str, *, after: int = 0, limit: int = 500
    ) -> list[OperationLine]:
        """Operations in the order in which they ran, behind the number `after`."""
        path = f"executions/{quoted(id_)}/operations"
        found: list[OperationLine] = await self._records(path, after=after, limit=limit)
        return found

    async def operation(self, id_: str, number: int) -> OperationView:
        found: OperationView = await self._call(
            "GET", f"executions/{quoted(id_)}/operations/{number}"
        )
        return found

    async def rerun(self, id_: str) -> Begun:
        found: Begun = await self._call("POST", f"executions/{quoted(id_)}/rerun")
        return found

    async def resume(self, id_: str, how: Record) -> Begun:
        """Lets an incomplete or failed execution go on; `how` is a `Resumption`."""
        path = f"executions/{quoted(id_)}/resume"
        found: Begun = await self._call("POST", path, json=how)
        return found

    async def resume_many(self, chosen: Record, how: Record) -> Bulk:
        """Lets incomplete `executions` go on, or all, perhaps of a `scenario`."""
        found: Bulk = await self._call(
            "POST", "executions/resume", json={**chosen, "how": how}
        )
        return found

    async def discard(self, id_: str) -> ExecutionView:
        """Gives an incomplete execution up."""
        found: ExecutionView = await self._call(
            "POST", f"executions/{quoted(id_)}/discard"
        )
        return found

    async def discard_many(self, chosen: Record) -> Bulk:
        """Gives incomplete `executions` up, or all, perhaps of a `scenario`."""
        found: Bulk = await self._call("POST", "executions/discard", json=chosen)
        return found

    async def cancel(self, id_: str) -> ExecutionView:
        found: ExecutionView = await self._call(
            "POST", f"executions/{quoted(id_)}/cancel"
        )
        return found

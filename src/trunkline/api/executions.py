"""Executions over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel

from trunkline.api.bounds import After, Counted, Limit, Number
from trunkline.api.visitors import CHANGE, READ
from trunkline.model.states import ExecutionState
from trunkline.services import Services
from trunkline.services.executions import Executions, ExecutionView
from trunkline.services.history import OperationLine, OperationView
from trunkline.services.incomplete import Bulk, Incomplete, Resumption
from trunkline.services.rehearsals import Rehearsals


class Chosen(BaseModel):
    """Which incomplete executions are meant.

    Those of `executions`; or all, or all of one scenario (its name or id).
    """

    executions: list[str] | None = None
    scenario: str | None = None


class ResumeMany(Chosen):
    """Which are to go on, and how."""

    how: Resumption = Resumption()


class SavedTest(BaseModel):
    """The text of a scenario test, to be kept beside the scenario's file."""

    text: str


class Begun(BaseModel):
    """An execution that was begun."""

    execution: str


def routes(services: Services) -> APIRouter:
    router = APIRouter(prefix="/executions", tags=["executions"], dependencies=[READ])
    _add_reading(router, services.executions)
    _add_bulk(router, services.executions.incomplete)
    _add_actions(router, services.executions)
    _add_tests(router, services.rehearsals)
    return router


def _add_reading(router: APIRouter, executions: Executions) -> None:
    @router.get("")
    async def list_executions(
        limit: Limit = 50,
        before: str | None = None,
        scenario: str | None = None,
        state: ExecutionState | None = None,
        text: str | None = None,
    ) -> list[ExecutionView]:
        """Newest first; `before` is the id of the last one already seen.

        `scenario` is a name or an id; `text` the beginning of an id, the id of a
        delivery, or part of an error.
        """
        return await executions.latest(
            limit=limit, before=before, scenario=scenario, state=state, text=text
        )

    @router.get("/{id_}")
    async def show_execution(
        id_: str,
        *,
        history: Annotated[
            bool, Query(description="With the first 1,000 operations in full.")
        ] = True,
    ) -> ExecutionView:
        return await executions.show(id_, history=history)

    @router.get("/{id_}/operations")
    async def list_operations(
        id_: str, after: After = 0, limit: Limit = 500, module: Counted | None = None
    ) -> list[OperationLine]:
        """In the order in which they ran; `after` is the last number already seen."""
        return await executions.history.operations(
            id_, after=after, limit=limit, module=module
        )

    @router.get("/{id_}/operations/{number}")
    async def show_operation(id_: str, number: Number) -> OperationView:
        return await executions.history.operation(id_, number)


def _add_bulk(router: APIRouter, incomplete: Incomplete) -> None:
    async def chosen(which: Chosen) -> list[str]:
        if which.executions is not None:
            return which.executions
        return await incomplete.all_of(which.scenario)

    @router.post("/resume", dependencies=[CHANGE])
    async def resume_executions(which: ResumeMany) -> Bulk:
        """Incomplete executions go on, each as far as it can."""
        return await incomplete.resume_many(await chosen(which), which.how)

    @router.post("/discard", dependencies=[CHANGE])
    async def discard_executions(which: Chosen) -> Bulk:
        """Gives incomplete executions up."""
        return await incomplete.discard_many(await chosen(which))


def _add_tests(router: APIRouter, rehearsals: Rehearsals) -> None:
    @router.get("/{id_}/test")
    async def save_as_test(id_: str) -> SavedTest:
        """The execution as a test file in YAML, without personal data."""
        return SavedTest(text=await rehearsals.save_as_test(id_))


def _add_actions(router: APIRouter, executions: Executions) -> None:
    @router.post("/{id_}/rerun", status_code=202, dependencies=[CHANGE])
    async def rerun_execution(id_: str) -> Begun:
        """On the same input, with the scenario's current version."""
        return Begun(execution=await executions.rerun(id_))

    @router.post("/{id_}/resume", status_code=202, dependencies=[CHANGE])
    async def resume_execution(id_: str, how: Resumption | None = None) -> Begun:
        """An incomplete or failed execution goes on; what is done is not done again."""
        begun = await executions.incomplete.resume(id_, how or Resumption())
        return Begun(execution=begun)

    @router.post("/{id_}/discard", dependencies=[CHANGE])
    async def discard_execution(id_: str) -> ExecutionView:
        """Gives an incomplete execution up; what it did stays in history."""
        await executions.incomplete.discard(id_)
        return await executions.show(id_, history=False)

    @router.post("/{id_}/cancel", dependencies=[CHANGE])
    async def cancel_execution(id_: str) -> ExecutionView:
        return await executions.cancel(id_)

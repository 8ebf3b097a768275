"""Executions over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Query

from trunkline.model.states import ExecutionState
from trunkline.services import Services
from trunkline.services.executions import ExecutionView

Limit = Annotated[int, Query(ge=1, le=1000)]


def routes(services: Services) -> APIRouter:
    router = APIRouter(prefix="/executions", tags=["executions"])

    @router.get("")
    async def list_executions(
        limit: Limit = 50,
        before: str | None = None,
        scenario: str | None = None,
        state: ExecutionState | None = None,
    ) -> list[ExecutionView]:
        return await services.executions.latest(
            limit=limit, before=before, scenario=scenario, state=state
        )

    @router.get("/{id_}")
    async def show_execution(id_: str) -> ExecutionView:
        return await services.executions.show(id_)

    return router

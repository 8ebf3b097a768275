"""Scenarios over HTTP."""

from typing import Any

from fastapi import APIRouter, Request
from pydantic import BaseModel

from trunkline.services import Services
from trunkline.services.executions import ExecutionView
from trunkline.services.scenarios import ScenarioView


class ByHand(BaseModel):
    """The input of a run by hand: what a webhook would have received."""

    input: Any = None


def routes(services: Services) -> APIRouter:
    router = APIRouter(prefix="/scenarios", tags=["scenarios"])

    @router.get("")
    async def list_scenarios() -> list[ScenarioView]:
        return await services.scenarios.all()

    @router.post("", status_code=201)
    async def save_scenario(request: Request) -> ScenarioView:
        """Takes a scenario file as it is, in YAML or JSON."""
        text = (await request.body()).decode(errors="replace")
        return await services.scenarios.add_text(text)

    @router.get("/schema")
    async def scenario_schema() -> dict[str, Any]:
        """The JSON Schema of scenario files."""
        return services.scenarios.schema()

    @router.post("/{name:path}/activate")
    async def activate_scenario(name: str) -> ScenarioView:
        return await services.scenarios.activate(name)

    @router.post("/{name:path}/deactivate")
    async def deactivate_scenario(name: str) -> ScenarioView:
        return await services.scenarios.deactivate(name)

    @router.post("/{name:path}/run")
    async def run_scenario(name: str, by_hand: ByHand) -> ExecutionView:
        """Answers when the execution has ended."""
        execution = await services.scenarios.run(name, by_hand.input)
        return await services.executions.show(execution)

    @router.get("/{name:path}")
    async def show_scenario(name: str) -> ScenarioView:
        return await services.scenarios.show(name)

    return router

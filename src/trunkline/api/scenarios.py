"""Scenarios over HTTP; wherever one is named, its id does as well."""

from typing import Annotated, Any

from fastapi import APIRouter, Header, Query, Request, Response
from pydantic import BaseModel

from trunkline.api.bounds import Counted, Number
from trunkline.api.visitors import CHANGE, READ
from trunkline.errors import UsageError
from trunkline.model.problem import Problem
from trunkline.services import Services
from trunkline.services.beginnings import (
    Beginning,
    Beginnings,
    BeginningView,
    Choice,
    Expectation,
)
from trunkline.services.executions import ExecutionView
from trunkline.services.hand_runs import Start
from trunkline.services.rehearsals import (
    Draft,
    Rehearsals,
    RehearsalView,
    ReplayedExecution,
    Trial,
)
from trunkline.services.scenarios import ScenarioView
from trunkline.services.schedules import Outlook
from trunkline.services.versions import Comparison, VersionView

Document = dict[str, Any]
"""A scenario file as values."""


class Planned(BaseModel):
    """A schedule as a scenario file holds it, and the scenario's time zone."""

    schedule: dict[str, Any]
    timezone: str = "UTC"


class ByHand(BaseModel):
    """The input of a run by hand: what a webhook would have received, or the inputs.

    With `start` it begins at a module, with what an execution has done before it.
    """

    input: Any = None
    start: Start | None = None


def routes(services: Services) -> APIRouter:
    router = APIRouter(prefix="/scenarios", tags=["scenarios"], dependencies=[READ])
    _add_fixed(router, services)
    _add_versions(router, services)
    _add_beginnings(router, services.beginnings)
    _add_actions(router, services)
    _add_rehearsals(router, services.rehearsals)
    _add_rest(router, services)
    return router


def _add_fixed(router: APIRouter, services: Services) -> None:
    @router.get("")
    async def list_scenarios() -> list[ScenarioView]:
        return await services.scenarios.all()

    @router.post("", status_code=201, dependencies=[CHANGE])
    async def save_scenario(request: Request) -> ScenarioView:
        """Takes a scenario file as it is, in YAML or JSON."""
        text = (await request.body()).decode(errors="replace")
        return await services.scenarios.add_text(text)

    @router.get("/schema")
    async def scenario_schema() -> dict[str, Any]:
        """The JSON Schema of scenario files."""
        return services.scenarios.schema()

    @router.post("/check")
    async def check_scenario(document: Document) -> list[Problem]:
        """What is wrong with a scenario that is not saved, and what is doubtful."""
        return await services.scenarios.check(document)

    @router.post("/outlook")
    async def schedule_outlook(planned: Planned) -> Outlook:
        """The next five times of a schedule that is not saved, or its faults."""
        return services.schedules.outlook(planned.schedule, planned.timezone)


def _add_beginnings(router: APIRouter, beginnings: Beginnings) -> None:
    @router.get("/{name:path}/beginning")
    async def show_beginning(name: str) -> BeginningView:
        """How far the scenario's polling trigger has come."""
        return await beginnings.show(name)

    @router.put("/{name:path}/beginning", dependencies=[CHANGE])
    async def choose_beginning(name: str, beginning: Beginning) -> BeginningView:
        """Lets the trigger go on from another place; records may come again."""
        return await beginnings.choose(name, beginning)

    @router.post("/{name:path}/beginning/expect")
    async def expect_beginning(name: str, beginning: Beginning) -> Expectation:
        """How many records the trigger would take if it began there."""
        return await beginnings.expect(name, beginning)

    @router.get("/{name:path}/beginning/choices")
    async def beginning_choices(name: str) -> list[Choice]:
        """The latest records, to choose one to begin from."""
        return await beginnings.choices(name)


def _add_versions(router: APIRouter, services: Services) -> None:
    @router.get("/{name:path}/versions")
    async def list_versions(name: str) -> list[VersionView]:
        return await services.versions.all(name)

    @router.get("/{name:path}/versions/{number}")
    async def show_version(name: str, number: Number) -> VersionView:
        return await services.versions.show(name, number)

    @router.get("/{name:path}/versions/{number}/diff")
    async def compare_versions(
        name: str, number: Number, before: Counted
    ) -> Comparison:
        """What changed from the version `before`, as lines of a unified diff."""
        return await services.versions.compare(name, before, number)

    @router.post("/{name:path}/versions/{number}/restore", dependencies=[CHANGE])
    async def restore_version(name: str, number: Number) -> ScenarioView:
        """Saves the version as the newest one."""
        return await services.versions.restore(name, number)


def _add_actions(router: APIRouter, services: Services) -> None:
    @router.post("/{name:path}/activate", dependencies=[CHANGE])
    async def activate_scenario(name: str) -> ScenarioView:
        return await services.scenarios.activate(name)

    @router.post("/{name:path}/deactivate", dependencies=[CHANGE])
    async def deactivate_scenario(name: str) -> ScenarioView:
        return await services.scenarios.deactivate(name)

    @router.post("/{name:path}/run", dependencies=[CHANGE])
    async def run_scenario(
        name: str,
        by_hand: ByHand,
        *,
        wait: Annotated[bool, Query(description="Answer when it has ended.")] = True,
    ) -> ExecutionView:
        """Once, by hand; pinned modules give their pinned bundles, and do not run."""
        run = services.hand_runs.run if wait else services.hand_runs.begin
        execution = await run(name, by_hand.input, by_hand.start)
        return await services.executions.show(execution, history=wait)


def _add_rehearsals(router: APIRouter, rehearsals: Rehearsals) -> None:
    @router.post("/{name:path}/rehearse", dependencies=[CHANGE])
    async def rehearse_scenario(name: str, trial: Trial) -> RehearsalView:
        """A dry run: what reads is done, what would change anything is shown."""
        return await rehearsals.rehearse(name, trial)

    @router.post("/{name:path}/compare")
    async def compare_scenario(name: str, draft: Draft) -> list[ReplayedExecution]:
        """What the latest executions would have done on a draft; nothing is asked."""
        return await rehearsals.compare(name, draft)


def _add_rest(router: APIRouter, services: Services) -> None:
    @router.get("/{name:path}")
    async def show_scenario(name: str, response: Response) -> ScenarioView:
        """The `ETag` is the version's number; `If-Match` takes it when saving."""
        found = await services.scenarios.show(name)
        response.headers["etag"] = f'"{found.version}"'
        return found

    @router.put("/{name:path}", dependencies=[CHANGE])
    async def change_scenario(
        name: str,
        document: Document,
        response: Response,
        if_match: Annotated[str | None, Header()] = None,
    ) -> ScenarioView:
        """Saves a new version, perhaps under another name."""
        saved = await services.scenarios.change(
            name, document, expected=_version(if_match)
        )
        response.headers["etag"] = f'"{saved.version}"'
        return saved

    @router.delete("/{name:path}", status_code=204, dependencies=[CHANGE])
    async def remove_scenario(name: str) -> None:
        """Removes an inactive scenario with its versions and its history."""
        await services.scenarios.remove(name)


def _version(etag: str | None) -> int | None:
    if etag is None or etag.strip() == "*":
        return None
    number = etag.strip().removeprefix("W/").strip('"')
    # Python refuses to read a number of thousands of digits.
    if not number.isdecimal() or len(number) > len(str(2**31)):
        raise UsageError("If-Match takes the ETag of a scenario.")
    return int(number)

"""A scenario is edited, renamed and switched off and on while it runs."""

import asyncio
from collections import defaultdict
from dataclasses import dataclass
from typing import Any

import pytest

from fakes.serving import Client, Listener, eventually, segment, survey
from faults.figures import Figures, sizes
from trunkline.engine.operations import Operations
from trunkline.engine.roster import Listener as Hearing
from trunkline.engine.roster import Roster
from trunkline.engine.steps import CompiledScenario, Step
from trunkline.engine.tasks import Bundles

_HARNESS = "Edits while running"
_RUNS_OF_AN_EDIT = 20
_QUICK = 160
_STEPS = (2, 3, 4)


def edition(number: int, address: str, *, name: str) -> dict[str, Any]:
    """A version whose steps all say which one it is."""
    first = {"id": 1, "module": "refiner.watch_completed_survey", "webhook": "hook"}
    said = "{{1.response.uuid}} " + str(number)
    calls = [
        {
            "id": id_,
            "module": "http.make_a_request",
            "map": {"url": f"{address}/", "method": "POST", "body": f"{said} {id_}"},
        }
        for id_ in _STEPS
    ]
    return {"name": name, "flow": [first, *calls]}


@dataclass(slots=True)
class Editor:
    """Somebody who saves, renames and switches a scenario; how often that was."""

    api: Client
    address: str
    edits: int = 0
    name: str = "Edited 0"

    async def edit(self) -> None:
        self.edits += 1
        renamed = f"Edited {self.edits // 5}"
        version = edition(self.edits, self.address, name=renamed)
        saved = await self.api.call("PUT", self._path, json=version)
        assert saved.status == 200, saved.text
        self.name = renamed
        if self.edits % 5 == 0:
            await self.api.post(f"{self._path}/deactivate")
            await self.api.post(f"{self._path}/activate")

    @property
    def _path(self) -> str:
        return f"/scenarios/{segment(self.name)}"


async def run_edited(api: Client, listener: Listener, runs: int) -> list[str]:
    """Which events did not have each step of one version, once and in order."""
    hook = await api.add_webhook(when_inactive="queue")
    await api.add_scenario(edition(0, listener.address, name="Edited 0"))
    editor = Editor(api, listener.address)
    for first in range(0, runs, _RUNS_OF_AN_EDIT):
        sent = [
            asyncio.create_task(api.deliver(hook, survey(f"event-{number}")))
            for number in range(first, first + _RUNS_OF_AN_EDIT)
        ]
        # Once one is answered, it runs; the others are about to.
        await asyncio.wait(sent, return_when=asyncio.FIRST_COMPLETED)
        await editor.edit()
        assert {one.status for one in await asyncio.gather(*sent)} == {200}
    await eventually(
        lambda: api.get("/balance"),
        lambda seen: seen["states"] == {"done": runs},
        seconds=60,
    )
    met: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for request in listener.requests:
        event, version, step = request.body.decode().split()
        met[event].append((version, step))
    assert len(met) == runs
    return [event for event, steps in met.items() if not _is_whole(steps)]


def _is_whole(steps: list[tuple[str, str]]) -> bool:
    """Whether all steps were there, once and in order, of one version."""
    in_order = [step for _, step in steps] == [*map(str, _STEPS)]
    return in_order and len({version for version, _ in steps}) == 1


@pytest.mark.parametrize("runs", sizes("TRUNKLINE_RUNS", quick=_QUICK, full=1000))
async def test_each_run_ends_on_the_version_with_which_it_began(
    api: Client, listener: Listener, figures: Figures, runs: int
) -> None:
    assert await run_edited(api, listener, runs) == []
    figures.record(
        _HARNESS,
        promise="an execution ends on the version with which it began",
        done=f"{runs:,} deliveries while the scenario is saved, renamed and switched "
        f"off and on, {runs // _RUNS_OF_AN_EDIT} times",
        found=f"{runs:,} of {runs:,} done, each by the steps of one version, 0 mixed",
    )


@pytest.mark.figure
async def test_a_server_that_goes_on_with_the_newest_version_is_caught(
    api: Client,
    listener: Listener,
    figures: Figures,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    newest: list[CompiledScenario] = []
    edited = asyncio.Event()
    listen, perform = Roster.listen, Operations.perform

    def noting(roster: Roster, webhook_id: str, hearing: Hearing) -> None:
        newest.append(hearing.compiled)
        if len(newest) > 1:
            edited.set()
        listen(roster, webhook_id, hearing)

    async def of_newest(
        operations: Operations, step: Step, bundles: Bundles, path: str
    ) -> object:
        if step.id == _STEPS[-1]:
            await edited.wait()  # however quick the machine is
        now: Step | None = newest[-1].first
        while now is not None and now.id != step.id:
            now = now.next
        return await perform(operations, now or step, bundles, path)

    monkeypatch.setattr(Roster, "listen", noting)
    monkeypatch.setattr(Operations, "perform", of_newest)
    assert await run_edited(api, listener, _QUICK)
    figures.caught(_HARNESS, "each step is of the version that is current by then")

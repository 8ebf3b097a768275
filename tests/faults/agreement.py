"""Runs random scenarios, and compares what they did with what the reference says.

A program of its own, since a process that forks must have one thread:
`python -m faults.agreement --seeds 60 [--first N] [--kills] [--defect NAME]`.
"""

import argparse
import asyncio
import gc
import json
import random
import sys
import tempfile
import time
from collections import Counter
from contextlib import redirect_stdout
from dataclasses import asdict, dataclass, field
from functools import partial
from itertools import zip_longest
from pathlib import Path
from typing import Any

import structlog
import yaml

from fakes.ledger import Ledger, mend
from faults.crash_points import Points
from faults.defects import DEFECTS
from faults.house import House, opened
from faults.lives import Life, Tell, live, rehearse
from faults.random_scenarios import scenario
from faults.reference import Effect, Reference
from trunkline.errors import TrunklineError
from trunkline.services.executions import ExecutionView
from trunkline.services.incomplete import Resumption


@dataclass(slots=True, kw_only=True)
class Report:
    """What was compared; `disagreements` tell each seed with its scenario."""

    seeds: int = 0
    effects: int = 0
    killed: int = 0
    states: dict[str, int] = field(default_factory=dict)
    seconds: float = 0.0
    failing: list[int] = field(default_factory=list)
    disagreements: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        return (
            f"{self.seeds - len(self.failing)} of {self.seeds} random scenarios agree, "
            f"{self.effects} effects, {self.killed} killed, first ends {self.states} "
            f"({self.seconds:.1f} s)"
        )


@dataclass(frozen=True, slots=True)
class Expected:
    """What the reference says of a scenario: its first end, and then its last."""

    states: list[str]
    first: list[Effect]
    effects: list[Effect]
    aggregates: dict[str, list[int | None]]


def expected(document: dict[str, Any]) -> Expected:
    """The run with a target that refuses, and its resumption once that is mended."""
    reference = Reference(document)
    states = [reference.run()]
    first = [*reference.effects]
    if states[0] != "done":
        reference.mended = True
        states.append(reference.run())
    aggregates = {
        f"{id_}:{path}": values for (id_, path), values in reference.aggregates.items()
    }
    return Expected(states, first, reference.effects, aggregates)


class Agreement:
    """One folder in which seed after seed is run."""

    def __init__(
        self,
        folder: Path,
        ledger: Ledger,
        defect: str | None,
        *,
        until_found: bool,
    ) -> None:
        self._folder = folder
        self._ledger = ledger
        self._defect = DEFECTS[defect] if defect else None
        self._until_found = until_found
        self.report = Report()

    @property
    def _found(self) -> bool:
        return self._until_found and bool(self.report.failing)

    def run(self, first: int, seeds: int, *, kills: bool) -> Report:
        """Compares as many seeds; with `kills` each dies at a point by chance."""
        began = time.monotonic()
        numbers = range(first, first + seeds)
        if kills:
            rehearse(self._prepare)
            gc.collect()
            gc.freeze()
            for seed in numbers:
                if self._found:
                    break
                self._killed(seed)
        else:
            asyncio.run(self._side_by_side(numbers))
        self.report.seconds = time.monotonic() - began
        return self.report

    async def _prepare(self, _tell: Tell) -> None:
        async with opened(self._folder) as house:
            warm = self._document(0) | {"name": "Warm"}
            await house.services.scenarios.add_values(warm)
            await house.services.hand_runs.run("Warm")

    def _document(self, seed: int) -> dict[str, Any]:
        text = json.dumps(scenario(seed)).replace("LEDGER", self._ledger.url)
        document: dict[str, Any] = json.loads(text)
        return document

    async def _side_by_side(self, numbers: range) -> None:
        if self._defect:
            self._defect()
        async with opened(self._folder) as house:
            for seed in numbers:
                if self._found:
                    break
                await self._undisturbed(house, seed)

    async def _undisturbed(self, house: House, seed: int) -> None:
        self._ledger.refuse()
        told: list[tuple[str, str]] = []

        def tell(word: str, meaning: str) -> None:
            told.append((word, meaning))

        try:
            await _whole_life(house, self._document(seed), tell)
        except (TimeoutError, TrunklineError) as error:
            tell("failed", repr(error))
        self._judge(seed, Life(killed=False, told=tuple(told)), in_order=True)

    def _killed(self, seed: int) -> None:
        document = self._document(seed)
        chance = random.Random(seed)  # noqa: S311 - repeatable on purpose
        likely = 40 + 25 * len(expected(document).effects)
        self._ledger.refuse()
        first = live(partial(self._life, document, chance.randint(1, likely)))
        last = live(partial(self._life, document, 0))
        self.report.killed += first.killed
        told = Life(first.killed, (*first.told, *last.told))
        self._judge(seed, told, in_order=False)

    async def _life(self, document: dict[str, Any], kill_at: int, tell: Tell) -> None:
        if self._defect:
            self._defect()
        points = Points(kill_at, lambda _word, _name: None)
        points.tap()
        async with opened(self._folder) as house:
            await house.settle()
            points.armed = True
            await _whole_life(house, document, tell)

    def _judge(self, seed: int, life: Life, *, in_order: bool) -> None:
        whole = expected(self._document(seed))
        arrived = [
            Effect(module, path, one.body["n"])
            for one in self._ledger.arrivals()
            for _, module, path in [one.operation]
        ]
        self._ledger.turn_the_page()
        faults = [f"failed: {text}" for text in life.all("failed")]
        faults += _compare(whole, arrived, life, in_order=in_order)
        self.report.seeds += 1
        self.report.effects += len(arrived)
        state = whole.states[0]
        self.report.states[state] = self.report.states.get(state, 0) + 1
        if faults:
            self.report.failing.append(seed)
            text = yaml.safe_dump(scenario(seed), sort_keys=False)
            listed = "\n".join(faults)
            self.report.disagreements.append(f"seed {seed}: {listed}\n{text}")


def _compare(
    whole: Expected, arrived: list[Effect], life: Life, *, in_order: bool
) -> list[str]:
    faults: list[str] = []

    def same(what: str, found: object, wanted: object) -> None:
        if found != wanted:
            faults.append(f"{what}: {found}, the reference says {wanted}")

    if in_order:
        pairs = zip_longest(arrived, whole.effects)
        apart = next((pair for pair in pairs if pair[0] != pair[1]), (None, None))
        same("effect", *apart)
        same("states", life.all("state"), whole.states)
    else:
        same("effects", set(arrived), set(whole.effects))
        most = max(Counter(arrived).values(), default=0)
        if most > 1 + life.killed:
            faults.append(f"an effect came {most} times")
        if not set(life.all("state")[:-1]) <= set(whole.states):
            faults.append(f"states {life.all('state')}, not {whole.states}")
        same("last state", life.all("state")[-1:], ["done"])
    found = json.loads((life.all("aggregates") or ["{}"])[-1])
    same("aggregates", found, whole.aggregates)
    return faults


async def _whole_life(house: House, document: dict[str, Any], tell: Tell) -> None:
    """Runs a scenario; where it does not come through, mends the target and resumes.

    Whatever an earlier life has done of that is not done again.
    """
    services, name = house.services, document["name"]
    if name not in {one.name for one in await services.scenarios.all()}:
        await services.scenarios.add_values(document)
    if not await services.executions.latest(scenario=name):
        await services.hand_runs.run(name)
    await house.settle()
    (begun,) = await services.executions.latest(scenario=name)
    tell("state", begun.state)
    if begun.state != "done":
        mend(document_url(document))
        await services.executions.incomplete.resume(begun.id, Resumption())
        await house.settle()
    ended = await services.executions.show(begun.id)
    if begun.state != "done":
        tell("state", ended.state)
    tell("aggregates", json.dumps(_aggregates(ended, document)))


def document_url(document: dict[str, Any]) -> str:
    """Where a scenario's ledger is; one without effects never needs to know."""
    text = json.dumps(document)
    end = text.index("/entries")
    return text[text.rindex('"', 0, end) + 1 : end]


def _aggregates(
    execution: ExecutionView, document: dict[str, Any]
) -> dict[str, list[Any]]:
    gathering = set(_gathering(document["flow"]))
    return {
        f"{one.module_id}:{one.path}": [
            bundle.get("result", bundle.get("__IMTAGGLENGTH__"))
            for bundle in one.output or []
        ]
        for one in execution.history or []
        if one.module_id in gathering and one.state == "done"
    }


def _gathering(flow: list[dict[str, Any]]) -> list[int]:
    return [
        id_
        for placed in flow
        for id_ in [
            *([placed["id"]] if "aggregate" in placed else []),
            *(
                id_
                for route in placed.get("routes", ())
                for id_ in _gathering(route["flow"])
            ),
        ]
    ]


def main() -> None:
    # A traceback with its local variables takes seconds to draw.
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.dev.ConsoleRenderer(
                exception_formatter=structlog.dev.plain_traceback
            ),
        ]
    )
    parser = argparse.ArgumentParser()
    parser.add_argument("--seeds", type=int, default=60)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--kills", action="store_true")
    parser.add_argument("--defect", choices=DEFECTS)
    parser.add_argument("--until-found", action="store_true")
    options = parser.parse_args()
    with (
        redirect_stdout(sys.stderr),
        tempfile.TemporaryDirectory() as home,
        Ledger() as ledger,
    ):
        agreement = Agreement(
            Path(home) / "data", ledger, options.defect, until_found=options.until_found
        )
        report = agreement.run(options.first, options.seeds, kills=options.kills)
    sys.stdout.write(json.dumps({**asdict(report), "line": str(report)}))


if __name__ == "__main__":
    main()

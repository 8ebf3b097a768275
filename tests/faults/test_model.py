"""Whatever is done in whatever order, states are those of a model, and add up."""

import asyncio
import random
from collections import Counter
from pathlib import Path

import pytest

from fakes.clock import StandingClock
from fakes.ledger import Ledger, mend
from fakes.serving import on_disk
from faults.figures import Figures, sizes
from faults.house import House, opened
from faults.lives import prepare
from faults.model import INTERVAL, TRIES, Model
from faults.workloads import Workload, completed_survey
from trunkline.engine.bundle import decode
from trunkline.engine.endings import Stops
from trunkline.engine.ends import Ends
from trunkline.engine.journal import Journal
from trunkline.engine.operations import Operations
from trunkline.engine.run import Halt
from trunkline.errors import ConflictError
from trunkline.services.incomplete import Resumption

_HARNESS = "Model of all states"
_STEPS = 50
_TRIES = """
    SELECT tries FROM stops JOIN executions AS e ON e.id = execution_id
    WHERE e.state = 'incomplete'
"""
_STEPS_OF_ALL = (
    *("post", "post", "repeat", "by_hand", "refuse", "mend", "resume", "discard"),
    *("cancel", "activate", "deactivate", "restart", "forward"),
)
_BODY = {"event": "{{1.response.uuid}}", "step": 2, "n": 0, "modulus": 1, "refused": 0}
_PATIENCE = {"retry": True, "count": TRIES, "interval": INTERVAL / 60}
_WORKLOAD = Workload(
    flow=(
        {"id": 1, "module": "refiner.watch_completed_survey", "webhook": "survey"},
        {
            "id": 2,
            "module": "http.make_a_request",
            "map": {"url": "LEDGER/entries", "method": "POST", "body": _BODY},
            "on_error": [{"id": 3, "module": "flow.break", "map": _PATIENCE}],
        },
    ),
    effects=1,
)


class Sequence:
    """One model beside one server, and the chance that leads both."""

    def __init__(self, seed: int, folder: Path, ledger: Ledger) -> None:
        self._chance = random.Random(seed)  # noqa: S311 - repeatable on purpose
        self._folder = folder
        self._ledger = ledger
        self._model = Model()
        self._clock = StandingClock()
        self._ids: dict[str, str] = {}
        self._path = ""
        self.done: list[str] = []

    async def go(self, steps: int) -> None:
        def tell(word: str, meaning: str) -> None:
            self._path = meaning if word == "path" else self._path

        await prepare(_WORKLOAD, self._folder, self._ledger.url, tell)
        mend(self._ledger.url)
        while len(self.done) < steps:
            async with opened(self._folder, self._clock) as house:
                while len(self.done) < steps:
                    step = self._chance.choice(_STEPS_OF_ALL)
                    self.done.append(step)
                    if step == "restart":
                        break
                    await getattr(self, f"_{step}")(house)
                    await self._compare(house)

    async def _post(self, house: House) -> None:
        await self._deliver(house, f"event-{len(self.done)}")

    async def _repeat(self, house: House) -> None:
        if self._model.events:
            await self._deliver(house, self._chance.choice(sorted(self._model.events)))

    async def _deliver(self, house: House, event: str) -> None:
        self._model.post(event)
        await house.deliver(self._path, completed_survey(event), lambda: None)

    async def _by_hand(self, house: House) -> None:
        name = f"hand-{len(self.done)}"
        self._model.by_hand(name)
        body = completed_survey(name)
        await house.services.hand_runs.run("Fault", decode(body))

    async def _refuse(self, _: House) -> None:
        self._model.refuses = True
        self._ledger.refuse()

    async def _mend(self, _: House) -> None:
        self._model.refuses = False
        mend(self._ledger.url)

    async def _resume(self, house: House) -> None:
        for name, id_ in await self._some(house):
            self._model.resume(name)
            await house.services.executions.incomplete.resume(id_, Resumption())

    async def _discard(self, house: House) -> None:
        for name, id_ in await self._some(house):
            self._model.discard(name)
            await house.services.executions.incomplete.discard(id_)

    async def _cancel(self, house: House) -> None:
        """Of what has ended nothing is left to cancel."""
        for one in await house.services.executions.latest(limit=1):
            with pytest.raises(ConflictError):
                await house.services.executions.cancel(one.id)

    async def _activate(self, house: House) -> None:
        self._model.activate()
        await house.services.scenarios.activate("Fault")

    async def _deactivate(self, house: House) -> None:
        self._model.active = False
        await house.services.scenarios.deactivate("Fault")

    async def _forward(self, house: House) -> None:
        self._clock.ahead += INTERVAL + 5
        self._model.forward(INTERVAL + 5)
        house.services.executions.incomplete._engine.timer.wake()

    async def _some(self, house: House) -> list[tuple[str, str]]:
        """An incomplete execution by chance, by its name in the model and its id."""
        names = self._model.incomplete()
        if not names:
            return []
        name = self._chance.choice(names)
        for one in await house.services.executions.latest(limit=1000):
            shown = await house.services.executions.show(one.id)
            sent = next((op for op in shown.history or [] if op.module_id == 2), None)
            if sent and sent.input and sent.input["body"]["event"] == name:
                return [(name, one.id)]
        return []

    async def _compare(self, house: House) -> None:
        wanted = (self._model.deliveries(), self._model.executions())
        for _ in range(2000):
            balance = await house.services.health.balance()
            found = (Counter(balance.states), Counter(balance.executions))
            assert balance.holds, self.done
            if (
                +found[0],
                +found[1],
            ) == wanted and self._tries() == self._model.tries():
                return
            await asyncio.sleep(0.002)
        pytest.fail(f"{self.done}: {found}, the model says {wanted}")

    def _tries(self) -> list[int]:
        """How often what is incomplete was tried: one that is due has yet to be."""
        return sorted(tries for (tries,) in on_disk(self._folder, _TRIES))


@pytest.mark.timeout(1800)
@pytest.mark.parametrize("number", sizes("TRUNKLINE_SEQUENCES", quick=4, full=200))
async def test_states_are_those_of_the_model_after_each_step(
    tmp_path: Path, figures: Figures, number: int
) -> None:
    with Ledger() as ledger:
        for seed in range(number):
            await Sequence(seed, tmp_path / str(seed), ledger).go(_STEPS)
    figures.record(
        _HARNESS,
        promise="every accepted delivery is in exactly one named state; they add up",
        done=f"{number} sequences of {_STEPS} random steps (deliver, repeat, refuse, "
        "mend, resume, discard, switch, restart, let time pass) beside a dictionary",
        found=f"{number * _STEPS:,} of {number * _STEPS:,} states are the model's",
        seeds=f"0 to {number - 1}",
    )


@pytest.mark.figure
async def test_the_model_catches_a_server_that_fails_what_was_resumed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, figures: Figures
) -> None:
    finish = Ends.finish

    async def never(
        ends: Ends,
        journal: Journal,
        operations: Operations,
        halts: list[Halt],
        stops: Stops,
    ) -> None:
        if stops:
            await ends.fail(journal, operations, "{}", [])
        else:
            await finish(ends, journal, operations, halts, stops)

    async def go() -> None:
        for seed in range(4):
            await Sequence(seed, tmp_path / str(seed), ledger).go(_STEPS)

    monkeypatch.setattr(Ends, "finish", never)
    missed = pytest.raises(pytest.fail.Exception, match="the model says")
    with Ledger() as ledger, missed:
        await go()
    figures.caught(_HARNESS, "what was resumed fails")

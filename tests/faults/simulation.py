"""Lives of a server, drawn from a seed with all that befalls it.

Deliveries arrive, some of them twice; the process dies, the disk is full, the target
fails, clocks jump, and whatever is ready runs in any order. Then the world is mended,
and all that was accepted must come to its end, as the invariants say.
"""

import asyncio
import functools
import hashlib
import random
import shutil
import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from functools import partial
from itertools import combinations
from pathlib import Path

from faults.invariants import Evidence, Violation
from faults.lives import fill
from faults.sim_fate import CHAOS, Death, Fate, fate_of
from faults.sim_house import SimHouse
from faults.sim_loop import PowerFailure, SimLoop
from faults.sim_store import SimDisk, SimStore
from faults.sim_world import ADDRESS, SimClock, Target
from faults.workloads import SECRET, WORKLOADS, Workload, completed_survey
from trunkline.errors import ConflictError, StorageFullError
from trunkline.model.clock import Millis
from trunkline.services import Services
from trunkline.services.incomplete import Resumption
from trunkline.store.scenarios import list_scenarios

_MENDED = 2 * CHAOS
_LONG = 200.0
"""Seconds after which the schedule ends."""

_TOO_LONG = 6 * 3600.0
_INTERVAL = 60
_ROUNDED = 3
"""Milliseconds, one for each time that a clock can be set back in a life."""

_UNFINISHED = ("queued", "running", "waiting", "incomplete")
_TICK = {
    "name": "Tick",
    "flow": [
        {
            "id": 1,
            "module": "tools.set_a_variable",
            "map": {"name": "n", "value": "1"},
        }
    ],
    "schedule": {"type": "indefinitely", "interval": _INTERVAL},
}


@dataclass(slots=True)
class Outcome:
    """What became of a seed; `digest` is that of all that happened, in its order."""

    seed: int
    digest: str
    violations: list[Violation]
    deaths: int
    effects: int
    seconds: float


class Simulations:
    """Folders prepared for each workload, in which seeds are lived."""

    def __init__(self, home: Path) -> None:
        self._home = home

    def run(self, seed: int) -> Outcome:
        fate = fate_of(seed)
        template, path = self._template(fate.workload)
        folder = self._home / f"seed-{seed}"
        shutil.copytree(template, folder)
        try:
            return _Simulation(seed, fate, folder, path).run()
        finally:
            shutil.rmtree(folder)

    @functools.cache  # noqa: B019 - it lives as long as the program
    def _template(self, name: str) -> tuple[Path, str]:
        """A folder with the workload's scenario and one that runs by the clock."""
        folder = self._home / name
        empty = Fate(name, (), (), (), (), 0.0)
        seed = int.from_bytes(name.encode())  # no two templates have the same ids
        path = _Simulation(seed, empty, folder, "").prepare(WORKLOADS[name])
        return folder, path


class _Simulation:
    """One seed's server, from its first life to its last."""

    def __init__(self, seed: int, fate: Fate, folder: Path, path: str) -> None:
        self._seed = seed
        self._fate = fate
        self._folder = folder
        self._path = path
        self._chance = random.Random(seed)  # noqa: S311 - repeatable on purpose
        self._loop = SimLoop(self._chance)
        self._clock = SimClock(self._loop)
        self._digest = hashlib.blake2b(digest_size=16)
        self._target = Target(self._chance, fate.likely, self._note, self._is_done)
        self._workload = WORKLOADS[fate.workload]
        self._answered: set[str] = set()
        self._deaths = 0
        self._jumps = [*fate.jumps]
        self._store: SimStore | None = None

    def prepare(self, workload: Workload) -> str:
        """Fills a new folder; returns the webhook's path."""

        async def fill_new() -> str:
            house = await self._start(None)
            services = house.house.services
            path = await fill(services, workload, ADDRESS)
            await services.scenarios.add_values(_TICK)
            await services.scenarios.activate("Tick")
            await asyncio.sleep(_INTERVAL / 2)  # its first run is over by then
            await _settled(services)
            for scenario in await house.engine.store.read(list_scenarios):
                await house.engine.roster.version(scenario.version_id)
            await house.stop()
            return path

        with closing(self._loop):
            return self._loop.run_until_complete(fill_new())

    def run(self) -> Outcome:
        random.seed(self._seed)  # that of callers who wait before they try again
        deaths = iter(self._fate.deaths)
        violations: list[Violation] = []
        try:
            while not self._survives(next(deaths, None)):
                pass
        except Exception as error:  # noqa: BLE001 - it is what the seed has shown
            violations = [Violation("failed", repr(error))]
        violations += [
            *self._target.violations,
            *self._evidence().violations(),
            *self._schedule_violations(),
        ]
        return Outcome(
            self._seed,
            self._digest.hexdigest(),
            violations,
            self._deaths,
            len(self._target.arrivals),
            self._loop.time(),
        )

    def _survives(self, death: Death | None) -> bool:
        """One life; false where it ended before its work did."""
        self._loop = SimLoop(self._chance, self._loop.time())
        self._clock.loop = self._loop
        try:
            self._loop.run_until_complete(self._live(death))
        except PowerFailure:
            self._note("the power fails")
            self._deaths += 1
            return False
        except StorageFullError:
            self._note("no start on a full disk")
            self._loop.run_until_complete(asyncio.sleep(5))
            return False
        finally:
            if self._store is not None:
                self._store.perish()
            self._loop.bury()
        return True

    async def _live(self, death: Death | None) -> None:
        house = await self._start(death)
        async with asyncio.TaskGroup() as world:
            for senders in self._senders():
                world.create_task(self._send(house, senders))
            world.create_task(self._let_clocks_jump())
            repairing = world.create_task(self._repair(house.house.services))
            world.create_task(self._finish(house.house.services, repairing))
        await house.stop()

    async def _start(self, death: Death | None) -> SimHouse:
        disk = SimDisk(
            self._chance,
            self._fate.is_full,
            before=lambda number: self._dies(death, "before", number),
            after=lambda number: self._dies(death, "after", number),
        )
        self._target.calls = 0
        self._target.called = lambda number: self._dies(death, "call", number)
        self._target.forget_pauses()
        return await SimHouse.start(
            self._folder, disk, self._clock, self._target.send, opened=self._remember
        )

    def _remember(self, store: SimStore) -> None:
        self._store = store

    def _dies(self, death: Death | None, moment: str, number: int) -> None:
        if moment != "call":
            self._note(f"{moment} commit {number}")
        if death != Death(moment, number):
            return
        if moment == "call":
            self._loop.call_later(self._chance.uniform(0, 4), self._loop.lose_power)
        elif self._store is not None:
            self._store.writer.perish()
            self._loop.lose_power()

    def _senders(self) -> list[list[tuple[float, str]]]:
        """Who sends what: all side by side, unless their order counts."""
        left = [one for one in self._fate.sent if one[1] not in self._answered]
        return [left] if self._workload.in_order else [[one] for one in left]

    async def _send(self, house: SimHouse, sent: list[tuple[float, str]]) -> None:
        """Sends events one after another, each again until it is answered with 200."""
        for at, event in sent:
            await asyncio.sleep(max(0.0, at - self._loop.time()))
            body, answered = completed_survey(event), partial(self._answered.add, event)
            while True:
                status = await house.house.deliver(self._path, body, answered)
                self._note(f"{event} got {status}")
                if status == 200:
                    break
                await asyncio.sleep(self._chance.uniform(1, 20))

    async def _let_clocks_jump(self) -> None:
        while self._jumps:
            at, by = self._jumps[0]
            await asyncio.sleep(max(0.0, at - self._loop.time()))
            self._jumps.pop(0)
            self._clock.ahead += by
            self._note(f"the clock jumps by {by} ms")

    async def _repair(self, services: Services) -> None:
        """Mends the target, and lets what is incomplete go on, for ever."""
        await asyncio.sleep(max(0.0, _MENDED - self._loop.time()))
        self._target.mended, self._target.likely = True, 0.0
        incomplete = services.executions.incomplete
        while True:
            for id_ in await incomplete.all_of(None):
                with suppress(ConflictError):  # it goes on already
                    await incomplete.resume(id_, Resumption())
            await asyncio.sleep(60)

    async def _finish(
        self, services: Services, repairing: "asyncio.Task[None]"
    ) -> None:
        await asyncio.sleep(max(0.0, _LONG - self._loop.time()))
        await services.scenarios.deactivate("Tick")
        await _settled(services)
        repairing.cancel()

    def _note(self, what: str) -> None:
        self._digest.update(f"{self._loop.time():.6f} {what}\n".encode())

    def _is_done(self, key: str) -> bool:
        execution, module, path = key.split(":")
        query = (
            "SELECT 1 FROM operations WHERE state = 'done' AND execution_id = ? "
            "AND module_id = ? AND path = ?"
        )
        with self._reading() as database:
            found = database.execute(query, (execution, int(module), path)).fetchone()
        return found is not None

    def _reading(self) -> "closing[sqlite3.Connection]":
        file = f"file:{self._folder / 'trunkline.db'}?mode=ro"
        return closing(sqlite3.connect(file, uri=True))

    def _evidence(self) -> Evidence:
        events = self._fate.events
        return Evidence(
            folder=self._folder,
            answered=self._answered,
            arrivals=self._target.arrivals,
            crashes=self._deaths,
            floor=len(events),
            effects=self._workload.effects,
            canaries=(SECRET,),
            recorded=self._workload.data_store is not None,
            whole=self._workload.whole,
            order=events if self._workload.in_order else (),
        )

    def _schedule_violations(self) -> Iterator[Violation]:
        """Each due time is one of the schedule's, and began one execution.

        Where a clock is set back and that is noticed, the interval goes on from there.
        """
        query = "SELECT created_at FROM executions WHERE origin = 'schedule'"
        with self._reading() as database:
            due = Counter(moment for (moment,) in database.execute(query))
        if not due:
            yield Violation("idle", "nothing ran by the clock")
        jumps = [by for _, by in self._fate.jumps]
        first, interval = min(due, default=0), _INTERVAL * 1000
        shifts = [sum(some) for some in _some_of(jumps)]
        apart = {one - other for one in shifts for other in shifts}
        for moment, times in due.items():
            if times > 1 + sum(by < 0 for by in jumps):
                yield Violation("repeated", f"{moment} was due, and ran {times} times")
            off = {(moment - first - by + _ROUNDED) % interval for by in apart}
            if min(off) > 2 * _ROUNDED:
                yield Violation("astray", f"{moment} was never due")


def _some_of(jumps: list[Millis]) -> Iterator[tuple[Millis, ...]]:
    """Every choice of them, since not each is noticed by itself.

    One that happens while nobody serves is not; of two close together their sum is.
    """
    for number in range(len(jumps) + 1):
        yield from combinations(jumps, number)


async def _settled(services: Services) -> None:
    """Returns when nothing is left to run.

    Raises:
        TimeoutError: something is unfinished after hours.
    """
    async with asyncio.timeout(_TOO_LONG):
        while True:
            balance = await services.health.balance()
            states = (balance.states, balance.executions)
            if not any(of.get(state) for of in states for state in _UNFINISHED):
                return
            await asyncio.sleep(30)

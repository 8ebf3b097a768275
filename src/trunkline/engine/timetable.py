"""When scenarios with a schedule run."""

from dataclasses import dataclass

from trunkline.engine.backoff import PASSING
from trunkline.engine.bundle import decode
from trunkline.engine.dispatch import Dispatch
from trunkline.engine.pace import Release
from trunkline.engine.schedule import latest_due, next_due
from trunkline.engine.steps import CompiledScenario
from trunkline.model.clock import Clock, Millis
from trunkline.model.execution import Execution
from trunkline.model.ids import Ids
from trunkline.model.scenario import StoredScenario
from trunkline.model.schedule import Schedule
from trunkline.model.states import Origin
from trunkline.store.schedules import advance, fire, is_under_way, plan, planned, unplan
from trunkline.store.store import Store

PAUSE: Millis = 20 * 60_000
"""How long a schedule pauses when a service cannot be reached (4.2 [sure])."""

_UNTIMED = frozenset({"immediately", "on-demand"})


@dataclass(slots=True)
class Entry:
    """An active scenario, and when it runs next."""

    scenario_id: str
    version_id: str
    compiled: CompiledScenario
    anchor: Millis
    next_at: Millis | None
    blocked: bool = False
    """Whether it waits for its last run to end: runs of a schedule never overlap."""
    paused: bool = False
    """Whether due times are left out, which is not written down yet."""


class Timetable:
    """Starts each scenario at its due times, each of them once.

    A due time is written off in the transaction that starts its execution. Of those
    that passed while no server ran, the latest is made up for.
    """

    def __init__(
        self,
        store: Store,
        dispatch: Dispatch,
        clock: Clock,
        ids: Ids,
        *,
        release: Release,
    ) -> None:
        self._store = store
        self._dispatch = dispatch
        self._clock = clock
        self._ids = ids
        self._release = release
        self._entries: dict[str, Entry] = {}

    async def enlist(
        self, scenario: StoredScenario, compiled: CompiledScenario, *, anew: bool
    ) -> None:
        """Plans an active scenario; what was planned before a restart still holds.

        `anew` says that it was switched on, or has another version: an interval counts
        from now.
        """
        self._entries.pop(scenario.id, None)
        if compiled.schedule.type in _UNTIMED:
            await self._store.write(unplan, scenario.id)
            return
        known = (await self._store.read(planned)).get(scenario.id)
        if known is None or anew:
            anchor = self._clock.millis()
            following = self._next(compiled, anchor - 1, anchor)
            await self._store.write(plan, scenario.id, anchor, following)
            known = anchor, following
        self._entries[scenario.id] = Entry(
            scenario.id, scenario.version_id, compiled, *known
        )

    async def dismiss(self, scenario_id: str) -> None:
        """The scenario was switched off."""
        self._entries.pop(scenario_id, None)
        await self._store.write(unplan, scenario_id)

    async def set_back(self, by: Millis) -> None:
        """The clock was set back: an interval is time that passed, and goes on.

        Times on the wall stay as they are, since each of them is due once.
        """
        for entry in self._entries.values():
            if entry.next_at is None or not _is_counted(entry.compiled.schedule):
                continue
            entry.anchor -= by
            following = self._next(entry.compiled, entry.next_at - by - 1, entry.anchor)
            entry.next_at = following
            await self._store.write(plan, entry.scenario_id, entry.anchor, following)

    def planned_for(self, scenario_id: str) -> Entry | None:
        """The plan of an active scenario that has one."""
        return self._entries.get(scenario_id)

    def ended(self, execution: Execution) -> None:
        """An execution has ended: the next one may start, or had better wait."""
        entry = self._entries.get(execution.scenario_id)
        if entry is None:
            return
        entry.blocked = False
        if execution.origin is Origin.SCHEDULE and _is_passing(execution.error):
            until = self._clock.millis() + PAUSE
            entry.next_at = self._next(entry.compiled, until, entry.anchor)
            entry.paused = True

    async def next_due(self) -> Millis | None:
        due = [
            entry.next_at
            for entry in self._entries.values()
            if entry.next_at is not None and not entry.blocked
        ]
        return min(due, default=None)

    async def act(self, now: Millis) -> None:
        for entry in [*self._entries.values()]:
            if entry.paused:
                entry.paused = False
                await self._store.write(
                    plan, entry.scenario_id, entry.anchor, entry.next_at
                )
            if entry.next_at is not None and entry.next_at <= now:
                await self._run(entry, entry.next_at, now)

    async def _run(self, entry: Entry, due: Millis, now: Millis) -> None:
        if await self._store.read(is_under_way, entry.scenario_id):
            entry.blocked = True
            return
        following = self._next(entry.compiled, now, entry.anchor)
        if entry.compiled.instant:
            fired = await self._store.write(advance, entry.scenario_id, due, following)
            if fired:
                await self._release(entry.scenario_id, entry.compiled.release)
        else:
            missed = latest_due(
                entry.compiled.schedule,
                due - 1,
                now,
                entry.compiled.timezone,
                anchor=entry.anchor,
            )
            execution = self._execution(entry, missed or due)
            await self._store.write(fire, execution, due, following)
        entry.next_at = following
        self._dispatch.wake()

    def _execution(self, entry: Entry, due: Millis) -> Execution:
        """An execution whose beginning is told by its due time."""
        return Execution(
            id=self._ids.new(),
            scenario_id=entry.scenario_id,
            version_id=entry.version_id,
            delivery_id=None,
            created_at=due,
            order_key=entry.scenario_id if entry.compiled.sequential else None,
            origin=Origin.SCHEDULE,
        )

    @staticmethod
    def _next(
        compiled: CompiledScenario, after: Millis, anchor: Millis
    ) -> Millis | None:
        return next_due(compiled.schedule, after, compiled.timezone, anchor=anchor)


def _is_counted(schedule: Schedule) -> bool:
    """Whether its due times count from its activation, not from a time on the wall."""
    if schedule.type != "indefinitely":
        return False
    begins = schedule.between is not None and schedule.between[0] is not None
    return not begins and all(one.time is None for one in schedule.restrict)


def _is_passing(error: str | None) -> bool:
    return error is not None and decode(error).get("type") in PASSING

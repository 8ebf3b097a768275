"""Schedules: when a scenario runs next, and when one that is not saved would."""

from dataclasses import dataclass
from zoneinfo import available_timezones

from pydantic import TypeAdapter, ValidationError

from trunkline.engine.engine import Engine
from trunkline.engine.schedule import next_times
from trunkline.errors import UsageError
from trunkline.model.clock import as_text
from trunkline.model.schedule import Schedule
from trunkline.model.schedule_faults import schedule_faults
from trunkline.sdk.webhook import explain

_SHOWN = 5
_adapter = TypeAdapter(Schedule)


@dataclass(frozen=True, slots=True)
class ScheduleFaultView:
    """What keeps a schedule from being used; `key` is like `time` or `interval`."""

    key: str
    message: str


@dataclass(frozen=True, slots=True)
class Outlook:
    """The next five times of a schedule, or what is wrong with it."""

    times: list[str]
    faults: list[ScheduleFaultView]


class Schedules:
    """The use cases around schedules."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def outlook(self, values: object, timezone: str) -> Outlook:
        """When a schedule would run if its scenario were switched on now.

        Raises:
            UsageError: it is no schedule at all.
        """
        try:
            schedule = _adapter.validate_python(values)
        except ValidationError as error:
            raise UsageError(f"This is no schedule: {explain(error)}.") from error
        zones = available_timezones()
        faults = [
            ScheduleFaultView(one.key, one.message)
            for one in schedule_faults(schedule, zones)
        ]
        if timezone not in zones:
            faults.append(
                ScheduleFaultView("timezone", f"{timezone!r} is no time zone.")
            )
        if faults:
            return Outlook([], faults)
        now = self._engine.clock.millis()
        times = next_times(schedule, now - 1, timezone, anchor=now, count=_SHOWN)
        return Outlook([_text(moment) for moment in times], [])

    def upcoming(self, scenario_id: str, *, count: int = _SHOWN) -> list[str]:
        """The next times of an active scenario; none without a schedule."""
        entry = self._engine.timetable.planned_for(scenario_id)
        if entry is None or entry.next_at is None:
            return []
        compiled = entry.compiled
        following = next_times(
            compiled.schedule,
            entry.next_at,
            compiled.timezone,
            anchor=entry.anchor,
            count=count - 1,
        )
        return [_text(moment) for moment in (entry.next_at, *following)]


def _text(moment: int) -> str:
    return as_text(moment) or ""

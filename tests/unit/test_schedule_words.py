"""Schedules in words."""

import re
from pathlib import Path
from typing import Any
from zoneinfo import available_timezones

import pytest
import yaml
from pydantic import TypeAdapter

from trunkline.model.schedule import Schedule
from trunkline.model.schedule_faults import schedule_faults
from trunkline.model.schedule_words import in_words

read = TypeAdapter(Schedule).validate_python

PRAGUE = "Europe/Prague"
WEEK = {"type": "weekly", "days": [5, 1], "time": "08:00"}


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"type": "immediately"}, "Immediately as data arrives"),
        (
            {"type": "immediately", "max_runs_per_minute": 9},
            "Immediately as data arrives, at most 9 a minute",
        ),
        ({"type": "indefinitely"}, "Every 15 minutes"),
        ({"type": "indefinitely", "interval": 60}, "Every minute"),
        ({"type": "indefinitely", "interval": 90}, "Every 90 seconds"),
        ({"type": "indefinitely", "interval": 7200}, "Every 2 hours"),
        ({"type": "indefinitely", "interval": 86_400}, "Every day"),
        (
            {"type": "once", "date": "2026-12-24T06:00"},
            "Once on 2026-12-24 at 06:00, Europe/Prague",
        ),
        ({"type": "daily", "time": "06:00"}, "Every day at 06:00, Europe/Prague"),
        (
            {"type": "daily", "time": ["06:00", "12:00", "18:00"]},
            "Every day at 06:00, 12:00 and 18:00, Europe/Prague",
        ),
        (WEEK, "Mondays and Fridays at 08:00, Europe/Prague"),
        (WEEK | {"days": [0]}, "Sundays at 08:00, Europe/Prague"),
        (WEEK | {"timezone": "UTC"}, "Mondays and Fridays at 08:00, UTC"),
        (
            {"type": "monthly", "days": [22, 1, 11], "time": "06:00"},
            "Monthly on the 1st, 11th and 22nd at 06:00, Europe/Prague",
        ),
        (
            {"type": "yearly", "months": [12, 1], "days": [3], "time": "06:00"},
            "The 3rd of January and December at 06:00, Europe/Prague",
        ),
        ({"type": "on-demand"}, "On demand"),
        (
            {
                "type": "indefinitely",
                "interval": 3600,
                "between": ["2026-12-01", None],
                "restrict": [{"days": [1]}],
            },
            "Every hour, within a window, from 2026-12-01, Europe/Prague",
        ),
    ],
)
def test_a_schedule_is_said_as_a_person_would(
    values: dict[str, Any], words: str
) -> None:
    assert in_words(read(values), PRAGUE) == words


def test_every_schedule_in_the_guide_is_sound() -> None:
    guide = Path(__file__).parents[2] / "docs" / "guides" / "schedules.md"
    blocks = re.findall(r"```yaml\n(.*?)```", guide.read_text(), re.DOTALL)
    schedules = [read(yaml.safe_load(block)["schedule"]) for block in blocks]
    assert len({one.type for one in schedules}) == 8
    for one in schedules:
        assert schedule_faults(one, available_timezones()) == ()
        assert in_words(one, PRAGUE)

"""Schedules and beginnings on the command line."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from fakes.terminal import KEY, Terminal

pytest_plugins = ["fakes.terminals"]

WORD = {"module": "tools.set_a_variable", "map": {"name": "who", "value": "x"}}
WATCH = {"id": 1, "module": "refiner.watch_responses", "connection": "My Refiner"}


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a sandbox with responses."""
    terminal = Terminal(tmp_path_factory.mktemp("sandbox"))
    size = ("--contacts", "9", "--responses", "9")
    with terminal.running("sandbox", "--port", "0", "--key", KEY, *size) as started:
        yield started.address


def _save(served: Terminal, name: str, **more: Any) -> None:  # noqa: ANN401 - parts of a scenario
    document = {"name": name, "flow": [{"id": 1, **WORD}], **more}
    saved = served.run("scenario", "add", "-", given=json.dumps(document))
    assert saved.code == 0, saved.err


@pytest.fixture
def watched(served: Terminal) -> Terminal:
    """A terminal whose folder has the scenario "Watched", with a polling trigger."""
    every_quarter = {"type": "indefinitely", "interval": 900}
    flow = [WATCH, {"id": 2, **WORD}]
    _save(served, "Watched", flow=flow, schedule=every_quarter)
    return served


def test_show_tells_the_schedule_in_words_and_the_next_five_times(
    served: Terminal,
) -> None:
    weekly = {"type": "weekly", "days": [1, 5], "time": "08:00"}
    zone = {"timezone": "Europe/Prague"}
    _save(served, "Weekly", schedule=weekly, settings=zone)
    before = served.run("scenario", "show", "Weekly").out
    assert "Mondays and Fridays at 08:00, Europe/Prague" in before
    assert "Next" not in before
    served.run("scenario", "activate", "Weekly")

    record = served.run("scenario", "show", "Weekly", "--json").json()
    shown = served.run("scenario", "show", "Weekly").out
    assert len(record["next_runs"]) == 5
    assert all(moment in shown for moment in record["next_runs"])


def test_list_tells_what_runs_next(served: Terminal) -> None:
    _save(served, "Daily", schedule={"type": "daily", "time": "06:00"})
    _save(served, "Idle")
    served.run("scenario", "activate", "Daily")
    (daily,) = (
        one
        for one in served.run("scenario", "list", "--json").json()
        if one["name"] == "Daily"
    )
    listed = served.run("scenario", "list").out
    assert "Next" in listed
    assert daily["next_runs"][0] in listed
    assert "On demand" in listed


def test_a_schedule_that_is_wrong_is_refused_by_its_key(served: Terminal) -> None:
    document = {"name": "Wrong", "flow": [{"id": 1, **WORD}]}
    document["schedule"] = {"type": "indefinitely", "interval": 5}  # type: ignore[assignment]
    refused = served.run("scenario", "add", "-", given=json.dumps(document))
    assert refused.code == 2
    assert "`interval` is in seconds, from 60" in refused.err


def test_a_beginning_is_looked_at_expected_and_chosen(watched: Terminal) -> None:
    def asks(*arguments: str) -> str:
        ended = watched.run("scenario", "beginning", "Watched", *arguments)
        assert ended.code == 0, ended.err
        return ended.out

    assert "not looked yet; it will begin from now on" in asks()
    everything = asks("--from", "all", "--expect")
    assert "It would take " in everything
    assert "The first: {" in everything
    assert "0 records" in asks("--from", "2999-01-01", "--expect")
    assert "0 records" in asks("--from", "now", "--expect")
    assert "not looked yet" in asks()  # nothing was chosen so far

    choices = json.loads(asks("--from", "record", "--json"))
    chosen = choices[1]
    assert chosen["key"] in asks("--from", "record")
    two = asks("--from", "record", "--at", chosen["key"], "--expect")
    assert "It would take 2 records." in two
    assert chosen["mark"] in asks("--from", "record", "--at", chosen["key"])
    assert "Moved" in asks()
    assert "not taken before" in asks("--from", "all")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("Watched", "--expect"), "--from now, all, record or a date"),
        (("Watched", "--from", "all", "--at", "x"), "--at goes with"),
        (("Watched", "--from", "soon"), "'soon' is no date"),
        (("Nobody",), "no scenario"),
    ],
)
def test_what_makes_no_sense_is_refused_in_a_sentence(
    watched: Terminal, arguments: tuple[str, ...], words: str
) -> None:
    ended = watched.run("scenario", "beginning", *arguments)
    assert ended.code != 0
    assert words in ended.err
    assert "Traceback" not in ended.err


def test_a_scenario_without_a_polling_trigger_has_no_beginning(
    served: Terminal,
) -> None:
    _save(served, "Plain")
    refused = served.run("scenario", "beginning", "Plain")
    assert refused.code == 2
    assert "does not begin with a trigger" in refused.err

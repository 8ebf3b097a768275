"""Runs from a module, and pins, on the command line."""

import json
from pathlib import Path

import pytest

from fakes.terminal import Terminal

pytest_plugins = ["fakes.terminals"]


def _variable(id_: int, value: str) -> dict[str, object]:
    fields = {"name": "word", "value": value}
    return {"id": id_, "module": "tools.set_a_variable", "map": fields}


@pytest.fixture
def saved(terminal: Terminal, tmp_path: Path) -> Terminal:
    """A scenario of two variables, which has run once."""
    file = tmp_path / "hand.json"
    flow = [_variable(1, "a"), _variable(2, "is {{1.word}}")]
    file.write_text(json.dumps({"name": "Hand", "flow": flow}))
    assert terminal.run("scenario", "add", str(file)).code == 0
    assert terminal.run("scenario", "run", "Hand").code == 0
    return terminal


def test_a_scenario_is_run_from_a_module(saved: Terminal) -> None:
    ran = saved.run("scenario", "run", "Hand", "--from", "2", "--json").json()
    told = [(one["module_id"], one["stood_in"]) for one in ran["history"]]
    assert told == [(1, "taken over"), (2, None)]
    first = ran["start"]["execution"]
    chosen = ("--from", "2", "--execution", first, "--json")
    again = saved.run("scenario", "run", "Hand", *chosen).json()
    assert again["start"] == {"module": 2, "execution": first}
    alone = saved.run("scenario", "run", "Hand", "--execution", first)
    assert alone.code == 2
    assert "give both" in alone.err


def test_samples_are_pinned_listed_and_unpinned(
    saved: Terminal, tmp_path: Path
) -> None:
    file = tmp_path / "bundles.json"
    file.write_text('[{"word": "pinned"}]')
    pinned = saved.run("scenario", "pin", "Hand", "1", "--file", str(file))
    assert (pinned.code, "gives 1 pinned" in pinned.out) == (0, True)
    [pin] = saved.run("scenario", "pins", "Hand", "--json").json()
    assert (pin["module"], pin["bundles"]) == (1, [{"word": "pinned"}])
    ran = saved.run("scenario", "run", "Hand", "--json").json()
    assert ran["history"][1]["output"] == [{"word": "is pinned"}]
    given = ("--execution", ran["id"])
    assert saved.run("scenario", "pin", "Hand", "2", *given).code == 0
    for module in ("1", "2"):
        assert saved.run("scenario", "unpin", "Hand", module).code == 0
    assert "No module of this scenario" in saved.run("scenario", "pins", "Hand").out
    missing = saved.run("scenario", "pin", "Hand", "1")
    assert (missing.code, "Give either" in missing.err) == (2, True)
    file.write_text("{}")
    no_array = saved.run("scenario", "pin", "Hand", "1", "--file", str(file))
    assert (no_array.code, "an array of bundles" in no_array.err) == (2, True)

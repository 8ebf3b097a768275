"""`trunkline prune` and the sizes that `trunkline doctor` tells."""

import json
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from fakes.house import house
from fakes.terminal import Terminal


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which a scenario ran five times."""
    terminal = Terminal(tmp_path_factory.mktemp("ran"))
    word = {"name": "word", "value": "hello"}
    flow = [{"id": 1, "module": "tools.set_a_variable", "map": word}]
    document = {"name": "Words", "flow": flow}
    (terminal.folder / "words.json").write_text(json.dumps(document))
    with house(terminal.folder / "data") as running:
        running.call("POST", "/scenarios", document)
        for _ in range(5):
            running.call("POST", "/scenarios/Words/run", {})
    return terminal.folder


@pytest.fixture
def ran(template: Path, tmp_path: Path) -> Terminal:
    """A terminal in a copy of that folder."""
    shutil.copytree(template, tmp_path / "ran")
    return Terminal(tmp_path / "ran")


def _kept(terminal: Terminal) -> int:
    return len(terminal.run("execution", "list", "--json").json())


def test_what_is_beyond_the_bounds_is_pruned_when_asked(ran: Terminal) -> None:
    assert ran.run("prune").out == "Pruned: 0 executions, 0 deliveries, 0 B.\n"
    asked = ran.run("prune", "--json", TRUNKLINE_KEEP_EXECUTIONS="2")
    assert asked.json()["executions"] == 3
    assert _kept(ran) == 2


def test_a_server_that_owns_the_folder_prunes_by_its_own_settings(
    ran: Terminal,
) -> None:
    with ran.running("serve", "--port", "0"):
        asked = ran.run("prune", TRUNKLINE_KEEP_EXECUTIONS="1")
        assert asked.out.startswith("Pruned: 0 executions")
    assert _kept(ran) == 5


def test_a_scenario_file_says_what_is_kept(ran: Terminal) -> None:
    document = json.loads((ran.folder / "words.json").read_text())
    document["settings"] = {"keep": {"executions": 1}}
    (ran.folder / "words.json").write_text(json.dumps(document))
    assert ran.run("scenario", "add", "words.json").code == 0
    assert ran.run("prune").out.startswith("Pruned: 4 executions")
    document["settings"] = {"keep": {"weeks": 1}}
    (ran.folder / "words.json").write_text(json.dumps(document))
    refused = ran.run("scenario", "add", "words.json")
    assert refused.code == 2
    assert "weeks" in refused.err
    document["settings"] = {"keep": {"days": -1}}
    (ran.folder / "words.json").write_text(json.dumps(document))
    assert "between 0" in ran.run("scenario", "add", "words.json").err


def test_sizes_are_told_by_scenario(ran: Terminal) -> None:
    found = ran.run("doctor", "--sizes", "--json").json()
    (scenario,) = found["scenarios"]
    assert (scenario["executions"], scenario["operations"]) == (5, 5)
    assert scenario["exact"]
    assert found["file_bytes"] > 0
    assert found["keep"] == {
        "days": 30,
        "executions": 100_000,
        "bytes": 0,
        "seen_days": 90,
    }
    said = ran.run("doctor", "--sizes").out
    assert "30 days, 100,000 executions" in said
    assert "Words" in said


def test_a_folder_from_before_learns_to_shrink_by_being_compacted(
    ran: Terminal,
) -> None:
    _forget_how_to_shrink(ran.folder / "data" / "trunkline.db")
    doctor = ran.run("doctor")
    assert doctor.code == 1
    assert "trunkline prune --compact" in doctor.out
    compacted = ran.run("prune", "--compact")
    assert compacted.code == 0
    assert "deliveries wait meanwhile" in compacted.err
    assert ran.run("doctor").code == 0
    assert _kept(ran) == 5


def _forget_how_to_shrink(file: Path) -> None:
    with closing(sqlite3.connect(file, isolation_level=None)) as opened:
        opened.execute("PRAGMA journal_mode = delete")
        opened.execute("PRAGMA auto_vacuum = 0")
        opened.execute("VACUUM")

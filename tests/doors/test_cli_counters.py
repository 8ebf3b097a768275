"""Counters on the command line."""

import json
from pathlib import Path

from fakes.terminal import Terminal

pytest_plugins = ["fakes.terminals"]


def test_counters_are_listed_and_begin_anew(terminal: Terminal, tmp_path: Path) -> None:
    file = tmp_path / "counts.json"
    counts = {"reset": "scenario", "name": "answers"}
    flow = [
        {"id": 1, "module": "tools.increment_function", "map": counts},
        {"id": 2, "module": "tools.increment_function", "map": {"reset": "scenario"}},
    ]
    file.write_text(json.dumps({"name": "Counts", "flow": flow}))
    assert terminal.run("scenario", "add", str(file)).code == 0
    asked = "scenario", "counters", "Counts"
    assert "No counter of this scenario" in terminal.run(*asked).out
    assert terminal.run("scenario", "run", "Counts").code == 0
    told = [{"name": "", "value": 1}, {"name": "answers", "value": 1}]
    assert terminal.run(*asked, "--json").json() == told
    assert "(without a name)" in terminal.run(*asked).out
    assert "begins anew" in terminal.run(*asked, "--reset", "").out
    assert terminal.run(*asked, "--json").json() == told[1:]
    again = terminal.run(*asked, "--reset", "")
    assert (again.code, "no counter" in again.err) == (1, True)

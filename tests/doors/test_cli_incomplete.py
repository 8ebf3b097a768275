"""`trunkline incomplete`, `execution rerun`, and stops in `execution show`."""

import json
import os
import pty
import subprocess
import sys

import pytest

from fakes.terminal import Terminal

pytest_plugins = ["fakes.terminals"]

MENDED = {"start": 1, "repeats": 2, "step": 1}


def save(terminal: Terminal, repeats: object, name: str = "Counts") -> None:
    """A scenario whose second module fails where it is to repeat a word."""
    word = {"name": "text", "value": repeats}
    repeated = {"start": 1, "repeats": "{{1.text}}", "step": 1}
    flow = [
        {"id": 1, "module": "tools.set_a_variable", "map": word},
        {"id": 2, "module": "flow.repeater", "map": repeated},
        {
            "id": 3,
            "module": "tools.compose_a_string",
            "map": {"value": "{{2.i}}"},
        },
    ]
    file = terminal.folder / "counts.json"
    file.write_text(json.dumps({"name": name, "flow": flow}))
    assert terminal.run("scenario", "add", "counts.json").code == 0


def stopped(terminal: Terminal, name: str = "Counts") -> str:
    """Runs the scenario, which stops; returns the execution's id."""
    terminal.run("scenario", "run", name)
    (newest, *_) = terminal.run("execution", "list", "--json", "--limit", "1").json()
    assert newest["state"] == "incomplete"
    return str(newest["id"])


def state_of(terminal: Terminal, id_: str) -> str:
    """The state of an execution, once it has ended or stopped."""
    while True:
        found = terminal.run("execution", "show", id_, "--json").json()
        if found["state"] not in ("queued", "running"):
            return str(found["state"])


@pytest.fixture
def one(kept: Terminal) -> tuple[Terminal, str]:
    """A served folder in which an execution is incomplete."""
    save(kept, "often")
    return kept, stopped(kept)


def test_stops_are_listed_and_shown(one: tuple[Terminal, str]) -> None:
    terminal, id_ = one
    (stop,) = terminal.run("incomplete", "list", "--json").json()
    assert (stop["execution"], stop["scenario"]) == (id_, "Counts")
    assert (stop["module_id"], stop["label"]) == (2, "Repeater")
    assert stop["error"]["type"] == "BundleValidationError"
    assert (stop["tries"], stop["retry_at"]) == (0, None)
    said = terminal.run("incomplete", "list", "--scenario", "Counts").out
    for word in (id_, "2 Repeater", "BundleValidationError", "by hand"):
        assert word in said
    shown = terminal.run("execution", "show", id_).out
    assert "Stopped at module 2 Repeater with BundleValidationError" in shown
    assert "waits for you" in shown


def test_where_nothing_is_incomplete_it_says_so(kept: Terminal) -> None:
    found = kept.run("incomplete", "list")
    assert found.out == "There are no incomplete executions.\n"
    assert kept.run("incomplete", "resolve", "--all").out.startswith("0 resumed")
    assert kept.run("incomplete", "discard", "--all").out.startswith("0 discarded")


def test_it_goes_on_with_another_input(one: tuple[Terminal, str]) -> None:
    terminal, id_ = one
    edit = ("--module", "2", "--input", "-")
    given = json.dumps(MENDED)
    resolved = terminal.run("incomplete", "resolve", id_, *edit, given=given)
    assert resolved.code == 0, resolved.err
    assert f"Execution {id_} goes on" in resolved.out
    assert state_of(terminal, id_) == "done"
    found = terminal.run("execution", "show", id_, "--json").json()
    assert [one["module_id"] for one in found["history"]].count(3) == 2
    assert [one["module_id"] for one in found["history"]].count(1) == 1


def test_it_goes_on_with_the_current_version(one: tuple[Terminal, str]) -> None:
    terminal, id_ = one
    again = terminal.run("incomplete", "resolve", id_, "--json")
    assert again.json() == {"execution": id_}
    assert state_of(terminal, id_) == "incomplete"
    save(terminal, 1)
    anew = terminal.run(
        *("incomplete", "resolve", id_, "--from", "start"),
        *("--current-version", "--json"),
    ).json()["execution"]
    assert anew != id_
    assert state_of(terminal, anew) == "done"
    assert state_of(terminal, id_) == "cancelled"


def test_an_execution_is_rerun_anew_or_from_where_it_failed(
    one: tuple[Terminal, str],
) -> None:
    terminal, id_ = one
    failed = terminal.run("execution", "rerun", id_, "--from", "failed", "--json")
    assert failed.json() == {"execution": id_}
    assert state_of(terminal, id_) == "incomplete"
    save(terminal, 1)
    said = terminal.run("execution", "rerun", id_, "--current-version").out
    assert f"Execution {id_} runs anew as " in said
    anew = said.split("runs anew as ")[1].partition(";")[0]
    assert state_of(terminal, anew) == "done"
    terminal.run("execution", "rerun", "nobody").refuses(1, "no execution")
    terminal.run("execution", "rerun", anew, "--from", "failed").refuses(1, "done")


def test_many_go_on_or_are_given_up_and_who_cannot_is_named(
    one: tuple[Terminal, str],
) -> None:
    terminal, first = one
    second = stopped(terminal)
    save(terminal, "often", name="Other")
    third = stopped(terminal, "Other")
    done = terminal.run("incomplete", "discard", first, "nobody", "--yes")
    assert done.code == 1
    assert done.out == "1 discarded, 1 could not be.\n"
    assert done.err.startswith("nobody: There is no execution nobody.")
    resumed = terminal.run("incomplete", "resolve", "--scenario", "Counts", "--json")
    assert resumed.json() == {"done": 1, "refused": []}
    assert state_of(terminal, second) == "incomplete"
    all_ = terminal.run("incomplete", "discard", "--all", "--yes", "--json")
    assert all_.json() == {"done": 2, "refused": []}
    assert state_of(terminal, third) == "cancelled"


def test_nobody_is_there_to_be_asked_before_many_are_discarded(
    one: tuple[Terminal, str],
) -> None:
    terminal, id_ = one
    terminal.run("incomplete", "discard", "--all").refuses(2, "--yes")
    assert state_of(terminal, id_) == "incomplete"
    assert terminal.run("incomplete", "discard", id_).code == 0


@pytest.mark.parametrize(("answer", "code"), [("n", 1), ("y", 0)])
def test_a_person_is_asked_before_many_are_discarded(
    one: tuple[Terminal, str], answer: str, code: int
) -> None:
    terminal, id_ = one
    ours, theirs = pty.openpty()
    os.write(ours, f"{answer}\n".encode())
    asked = subprocess.run(
        (sys.executable, "-m", "trunkline", "incomplete", "discard", "--all"),
        cwd=terminal.folder,
        env={**os.environ, "TRUNKLINE_DATA": "data"},
        stdin=theirs,
        capture_output=True,
        timeout=60,
        check=False,
    )
    os.close(ours)
    os.close(theirs)
    assert b"Discard 1 incomplete execution, for good?" in asked.stdout
    assert asked.returncode == code
    assert state_of(terminal, id_) == ("cancelled" if code == 0 else "incomplete")


@pytest.mark.parametrize(
    "arguments",
    [
        ("resolve",),
        ("discard",),
        ("resolve", "an-id", "--all"),
        ("discard", "an-id", "--scenario", "Counts"),
        ("resolve", "an-id", "--module", "2"),
        ("resolve", "an-id", "another", "--module", "2", "--input", "counts.json"),
        ("resolve", "an-id", "--module", "2", "--input", "nowhere.json"),
        ("resolve", "an-id", "--from", "middle"),
        ("list", "--nonsense"),
    ],
)
def test_what_makes_no_sense_is_wrong_usage(
    terminal: Terminal, arguments: tuple[str, ...]
) -> None:
    (terminal.folder / "counts.json").write_text(json.dumps(MENDED))
    terminal.run("incomplete", *arguments).refuses(2)


def test_an_input_that_does_not_fit_is_wrong_usage(one: tuple[Terminal, str]) -> None:
    terminal, id_ = one
    edit = ("--module", "2", "--input", "-")
    asked = terminal.run("incomplete", "resolve", id_, *edit, given="{}")
    asked.refuses(2, "Repeats: Field required")
    assert state_of(terminal, id_) == "incomplete"


def test_without_a_server_it_goes_on_once_there_is_one(terminal: Terminal) -> None:
    save(terminal, "often")
    id_ = stopped(terminal)
    assert "goes on once one does" in terminal.run("incomplete", "resolve", id_).out
    assert state_of(terminal, id_) == "incomplete"

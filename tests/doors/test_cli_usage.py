"""How the command line is called, and how it says no: sentences and exit codes."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from fakes.terminal import Terminal

pytest_plugins = ["fakes.terminals"]

COMMANDS = (
    (),
    ("demo",),
    ("serve",),
    ("sandbox",),
    ("connection",),
    ("connection", "add"),
    ("webhook", "add"),
    ("webhook", "deliveries"),
    ("scenario", "run"),
    ("run",),
    ("execution", "show"),
    ("eval",),
    ("app", "show"),
    ("doctor",),
)


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_every_command_explains_itself(
    command: tuple[str, ...], terminal: Terminal
) -> None:
    helped = terminal.run(*command, "--help")

    assert (helped.code, helped.err) == (0, "")
    assert " ".join(("Usage: trunkline", *command)) in helped.out
    assert not (terminal.folder / "data").exists()


def test_the_version_is_told(terminal: Terminal) -> None:
    assert terminal.run("--version").out == "0.1.0\n"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("bogus",), ("bogus", "trunkline --help")),
        (("connection", "bogus"), ("trunkline connection --help",)),
        (("connection", "add"), ("NAME", "trunkline connection add --help")),
        (("connection", "list", "--bogus"), ("--bogus",)),
        (("execution", "list", "--limit", "many"), ("--limit", "many")),
        (("run", "refiner.list_contacts", "--limit", "0"), ("--limit",)),
        (("run", "list_contacts"), ("APP.MODULE",)),
        (("serve", "--port", "70000"), ("--port",)),
        (("scenario", "export", "x", "--format", "make"), ("--format", "trunkline")),
        (("scenario", "add", "missing.yaml"), ("Cannot read missing.yaml",)),
        (("scenario", "run", "x", "--input", "."), ("Cannot read .",)),
        (
            (
                "webhook",
                "add",
                "x",
                "--module",
                "a.b",
                "--open",
                "--secret",
                "12345678",
            ),
            ("--open", "--secret"),
        ),
    ],
    ids=lambda part: " ".join(part) if isinstance(part, tuple) else None,
)
def test_wrong_usage_ends_with_2_and_one_sentence(
    arguments: tuple[str, ...], words: tuple[str, ...], terminal: Terminal
) -> None:
    terminal.run(*arguments).refuses(2, *words)


def test_a_wrong_setting_is_named(terminal: Terminal) -> None:
    terminal.run("connection", "list", TRUNKLINE_PORT="x").refuses(2, "port")


def test_a_settings_file_that_cannot_be_read_is_named(terminal: Terminal) -> None:
    (terminal.folder / "trunkline.toml").write_text("port = = 1")

    terminal.run("doctor").refuses(2, "trunkline.toml")


def test_a_file_that_is_no_text_is_named(terminal: Terminal) -> None:
    (terminal.folder / "binary").write_bytes(b"\xff\xfe\x00")

    terminal.run("scenario", "add", "binary").refuses(2, "binary", "UTF-8")


def test_a_data_folder_that_is_none_is_named(terminal: Terminal) -> None:
    (terminal.folder / "file").write_text("")

    terminal.run("doctor", "--data", "file").refuses(1, "file")


def test_a_wrong_key_is_one_sentence(terminal: Terminal) -> None:
    assert terminal.run("doctor").code == 0
    key = terminal.folder / "data" / "key"
    key.write_text("not a key")

    terminal.run("doctor").refuses(1)


def test_who_hangs_up_early_gets_no_complaint(terminal: Terminal) -> None:
    """As in `trunkline app list --json | head -1`, with a pipe nobody reads."""
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run(
        (sys.executable, "-m", "trunkline", "app", "list", "--json"),
        cwd=terminal.folder,
        stdout=writing,
        stderr=subprocess.PIPE,
        timeout=60,
        check=False,
    )
    os.close(writing)

    assert (done.returncode, done.stderr) == (1, b"")


def test_without_a_server_a_command_opens_the_folder_itself(
    terminal: Terminal, tmp_path: Path
) -> None:
    data = str(tmp_path / "elsewhere")
    made = terminal.run(
        *("webhook", "add", "Answers", "--data", data),
        *("--module", "refiner.watch_completed_survey", "--json"),
    ).json()
    listed = terminal.run("webhook", "list", "--json", TRUNKLINE_DATA=data).json()

    assert [webhook["address"] for webhook in listed] == [made["address"]]
    assert made["address"].startswith("http://127.0.0.1:8787/hooks/")
    assert not (terminal.folder / "data").exists()


def test_doctor_finds_a_folder_that_others_can_read(terminal: Terminal) -> None:
    assert terminal.run("doctor").out.endswith("All is well.\n")
    (terminal.folder / "data").chmod(0o755)

    found = terminal.run("doctor")

    assert found.code == 1
    assert "Not well: folder." in found.out

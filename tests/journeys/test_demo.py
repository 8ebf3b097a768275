"""`trunkline demo`: the main job end to end, and nothing left behind."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from fakes.terminal import Terminal

pytest_plugins = ["fakes.terminals"]


def test_the_demo_finds_every_effect_within_20_seconds(terminal: Terminal) -> None:
    begun = time.monotonic()
    story = terminal.run("demo", "--json").json()

    assert time.monotonic() - begun < 20
    assert story["well"]
    assert all(finding["well"] for finding in story["findings"])
    detractors = {person["name"] for person in story["detractors"]}
    marked = {name for name, told in story["events"].items() if "Detractor" in told}
    assert marked == detractors == {"Bela", "Dario", "Femi", "Hana"}
    assert sorted(post["nps"] for post in story["posts"]) == [0, 3, 5, 6]
    assert story["balance"]["accepted"] == sum(story["balance"]["states"].values())
    assert {one["state"] for one in story["executions"]} == {"done"}
    assert len(story["matches"]) == len(story["contacts"]) == 10


def test_the_demo_tells_what_it_does_and_leaves_nothing(terminal: Terminal) -> None:
    told = terminal.run("demo", TMPDIR=str(terminal.folder))

    assert (told.code, told.err) == (0, "")
    for words in (
        "The connection has been established",
        "Integrations > Webhook",
        "Secret Auth-Token",
        "Bundle > Body > items",
        "Everything is there",
    ):
        assert words in told.out
    assert list(terminal.folder.iterdir()) == []


@pytest.fixture
def _heard() -> Iterator[None]:
    """Ctrl+C is heard by what is started, although it may be ignored by who runs us."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("_heard")
def test_ctrl_c_ends_the_demo_and_its_sandbox(tmp_path: Path) -> None:
    demo = subprocess.Popen(
        (sys.executable, "-m", "trunkline", "demo"),
        env={**os.environ, "TMPDIR": str(tmp_path)},
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert demo.stdout
    first = demo.stdout.readline().decode()
    address = next(word.rstrip(",") for word in first.split() if "://" in word)
    assert _listens(address)
    demo.send_signal(signal.SIGINT)
    _, err = demo.communicate(timeout=30)

    assert (demo.returncode, err) == (1, b"Interrupted.\n")
    assert not _listens(address)
    assert list(tmp_path.iterdir()) == []


def _listens(address: str) -> bool:
    host, _, port = address.removeprefix("http://").partition(":")
    with socket.socket() as knocking:
        return knocking.connect_ex((host, int(port))) == 0

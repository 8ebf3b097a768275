"""Fixtures, as a plugin for test files: terminals, a sandbox, and a served folder."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from fakes.terminal import KEY, Terminal, connect


@pytest.fixture
def terminal(tmp_path: Path) -> Terminal:
    """A terminal in an empty folder; nobody serves it."""
    return Terminal(tmp_path)


@pytest.fixture
def kept(terminal: Terminal) -> Iterator[Terminal]:
    """A terminal in an empty folder that is served."""
    with terminal.running("serve", "--port", "0", "--allow-host", "127.0.0.1"):
        yield terminal


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a sandbox with 30 contacts."""
    terminal = Terminal(tmp_path_factory.mktemp("sandbox"))
    with terminal.running(
        "sandbox", "--port", "0", "--key", KEY, "--contacts", "30"
    ) as started:
        yield started.address


@pytest.fixture(scope="module")
def served(
    tmp_path_factory: pytest.TempPathFactory, sandbox: str
) -> Iterator[Terminal]:
    """A terminal whose folder is served, with the connection "My Refiner"."""
    terminal = Terminal(tmp_path_factory.mktemp("served"))
    with terminal.running("serve", "--port", "0", "--allow-host", "127.0.0.1"):
        connect(terminal, sandbox)
        yield terminal

"""The `trunkline` command in processes of its own: run to its end, or kept running."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

KEY = "an-invented-key-0123456789abcdef"
_COMMAND = (sys.executable, "-m", "trunkline")
_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Ended:
    """A command that has ended."""

    code: int
    out: str
    err: str

    def json(self) -> Any:  # noqa: ANN401 - any JSON value
        assert self.code == 0, self.err
        return json.loads(self.out)

    def refuses(self, code: int, *words: str) -> None:
        """Asserts that it failed with one sentence on stderr that has these words."""
        assert self.code == code, (self.out, self.err)
        assert self.out == ""
        assert "Traceback" not in self.err
        assert self.err.count("\n") == 1, self.err
        for word in words:
            assert word in self.err


@dataclass(frozen=True, slots=True)
class Terminal:
    """A terminal in a folder; commands run there work on `folder / "data"`."""

    folder: Path

    def run(self, *arguments: str, given: str = "", **environment: str) -> Ended:
        done = subprocess.run(  # noqa: S603 - the command under test
            (*_COMMAND, *arguments),
            cwd=self.folder,
            env=self._environment(environment),
            input=given.encode(),
            capture_output=True,
            timeout=_SECONDS,
            check=False,
        )
        return Ended(done.returncode, done.stdout.decode(), done.stderr.decode())

    @contextmanager
    def running(self, *arguments: str) -> Iterator["Started"]:
        """A command that announces an address and goes on until the block ends."""
        process = subprocess.Popen(  # noqa: S603 - the command under test
            (*_COMMAND, *arguments),
            cwd=self.folder,
            env=self._environment({}),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        try:
            assert process.stdout
            line = process.stdout.readline().decode()
            yield Started(process, line)
        finally:
            process.kill()
            process.communicate()

    def _environment(self, more: dict[str, str]) -> dict[str, str]:
        kept = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith("TRUNKLINE_")
        }
        return {**kept, "TRUNKLINE_DATA": "data", **more}


@dataclass(frozen=True, slots=True)
class Started:
    """A command that goes on, and the line it announced itself with."""

    process: subprocess.Popen[bytes]
    line: str

    @property
    def address(self) -> str:
        return next(word for word in self.line.split() if "://" in word).rstrip(",")

    def stop(self, number: int = signal.SIGTERM) -> Ended:
        self.process.send_signal(number)
        out, err = self.process.communicate(timeout=_SECONDS)
        return Ended(self.process.returncode, out.decode(), err.decode())


def connect(terminal: Terminal, sandbox: str) -> None:
    added = terminal.run(
        *("connection", "add", "My Refiner", "--app", "refiner"),
        *("--set", "api_key=@-", "--base-url", sandbox),
        given=KEY + "\n",
    )
    assert added.code == 0, added.err

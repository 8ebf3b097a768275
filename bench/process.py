"""Processes that are measured: started, read from /proc, and ended."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import TypeVar

ROOT = Path(__file__).parent.parent
_TICKS = os.sysconf("SC_CLK_TCK")
_STOP_SECONDS = 30

Value = TypeVar("Value")


class BenchError(Exception):
    """Something did not come out as it must; no figure of this run counts."""


class Child:
    """A process of ours, whose complaints are kept in a file."""

    def __init__(
        self,
        arguments: Sequence[str],
        log: Path,
        environment: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        self.log = log
        self.name = " ".join(arguments[:2])
        with log.open("ab") as errors:
            self._process = subprocess.Popen(  # noqa: S603 - our own commands
                [sys.executable, "-m", *arguments],
                cwd=ROOT,
                env={**os.environ, **environment},
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
            )

    @property
    def pid(self) -> int:
        return self._process.pid

    def first_line(self) -> str:
        """The first line it prints, which says where it listens."""
        assert self._process.stdout
        line = self._process.stdout.readline().strip()
        if not line:
            raise BenchError(f"{self.name} did not start: {self.complaint()}")
        return line

    def complaint(self) -> str:
        return self.log.read_text(errors="replace")[-2000:] or "it said nothing"

    def check_alive(self) -> None:
        """Raises BenchError if it has ended."""
        if self._process.poll() is not None:
            raise BenchError(f"{self.name} ended by itself: {self.complaint()}")

    def stop(self) -> None:
        """Ends it with SIGTERM, and by force if that does not help."""
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGTERM)
            try:
                self._process.wait(_STOP_SECONDS)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        if self._process.stdout:
            self._process.stdout.close()

    def cpu_seconds(self) -> float:
        """User and system time of all its threads, so far."""
        stat = Path(f"/proc/{self.pid}/stat").read_text()
        after_name = stat.rpartition(")")[2].split()
        return (int(after_name[11]) + int(after_name[12])) / _TICKS

    def resident_mb(self) -> float:
        return memory_mb(self.pid, "VmRSS")

    def peak_mb(self) -> float:
        return memory_mb(self.pid, "VmHWM")


def memory_mb(pid: int, name: str) -> float:
    """What /proc tells of a process's memory, such as its peak, `VmHWM`."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith(f"{name}:"):
            return int(line.split()[1]) / 1024
    raise BenchError(f"/proc does not tell {name}; the benchmark needs Linux.")


def wait_for(
    what: str, probe: Callable[[], Value | None], seconds: float, pause: float = 0.01
) -> Value:
    """What `probe` finds in the end.

    Raises:
        BenchError: it found nothing for so many seconds.
    """
    deadline = time.monotonic() + seconds
    while (found := probe()) is None:
        if time.monotonic() > deadline:
            raise BenchError(f"Waited {seconds:g} s for {what}, in vain.")
        time.sleep(pause)
    return found

"""A long list: every contact of the sandbox through `trunkline run`."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.process import ROOT, BenchError, Child
from bench.report import Figure, Result
from bench.stage import Stage

_KEY = "a-key-of-the-benchmarks-own-sandbox"
_ALLOWED = ("--allow-host", "127.0.0.1")
_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Listing:
    """One command that prints a contact a line.

    `per_second` counts from the first that came to the last, `first` is how long the
    command took until then.
    """

    per_second: float
    first: float
    peak_mb: float


def contact_list(stage: Stage) -> Result:
    """*List Contacts* beside a loop that fetches the same pages and decodes them."""
    count = stage.pace.contacts
    with _sandbox(stage.folder, count) as url:
        data = _connected_folder(stage.folder, url)
        arguments = ["trunkline", "run", "refiner.list_contacts", "--data", str(data)]
        arguments += [*_ALLOWED, "--connection", "sandbox", "--limit"]
        ours = _listing([*arguments, str(count)], count)
        bare = _listing(["bench.pages", url, _KEY], count)
    return Result(
        name="contacts",
        title=f"List Contacts over {count:,}",
        beside="a bare loop over the same pages",
        figures=[
            _figure("contacts", "/s", ours.per_second, bare.per_second),
            _figure("first contact after", "s", ours.first, bare.first),
            _figure("memory, peak of the client", "MB", ours.peak_mb, bare.peak_mb),
        ],
    )


def _figure(name: str, unit: str, ours: float, bare: float) -> Figure:
    return Figure(name=name, unit=unit, ours=ours, beside=bare)


@contextmanager
def _sandbox(folder: Path, contacts: int) -> Iterator[str]:
    """A Refiner with so many contacts, at this address."""
    options = ["--key", _KEY, "--contacts", str(contacts), "--no-rate-limits"]
    sandbox = Child(
        ["trunkline.apps.refiner.sandbox", *options], folder / "sandbox.log"
    )
    try:
        yield sandbox.first_line().split()[-1]
    finally:
        sandbox.stop()


def _connected_folder(folder: Path, url: str) -> Path:
    """A data folder with one connection, to the sandbox."""
    data = folder / "listing-data"
    arguments = [
        "connection",
        "add",
        "sandbox",
        "--app",
        "refiner",
        "--data",
        str(data),
    ]
    arguments += [*_ALLOWED, "--base-url", url, "--set", f"api_key={_KEY}"]
    done = subprocess.run(  # noqa: S603 - our own command
        [sys.executable, "-m", "trunkline", *arguments],
        capture_output=True,
        check=False,
        cwd=ROOT,
        timeout=60,
    )
    if done.returncode:
        raise BenchError(f"No connection was made: {done.stderr.decode()[-500:]}")
    return data


def _listing(arguments: list[str], expected: int) -> Listing:
    """Runs a command to its end and counts the lines it prints.

    Raises:
        BenchError: it failed, or printed another number of them.
    """
    began = time.monotonic()
    process = subprocess.Popen(  # noqa: S603 - our own commands
        [sys.executable, "-m", *arguments], cwd=ROOT, stdout=subprocess.PIPE
    )
    assert process.stdout
    with process.stdout as output:
        came = list(_timed_lines(output.fileno()))
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    lines = sum(count for _, count in came)
    if process.returncode or lines != expected:
        raise BenchError(
            f"{' '.join(arguments[:3])} printed {lines} of {expected} contacts and "
            f"ended with {process.returncode}."
        )
    (first, with_first), (last, _) = came[0], came[-1]
    return Listing(
        per_second=(lines - with_first) / (last - first),
        first=first - began,
        peak_mb=usage.ru_maxrss / 1024,
    )


def _timed_lines(output: int) -> Iterator[tuple[float, int]]:
    """When something was read, and how many lines were in it."""
    while chunk := os.read(output, _CHUNK):
        yield time.monotonic(), chunk.count(b"\n")

"""Backups are made under load; what is restored from them does nothing unasked."""

import asyncio
import resource
import shutil
import subprocess
import sys
import urllib.request
import zipfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from bench.latency import percentile

from fakes.ledger import Ledger
from fakes.serving import on_disk
from faults.figures import Figures, sizes
from faults.flood import stored
from faults.loader import Loader
from faults.process import Server, defective, furnish, until
from faults.workloads import API_KEY, SECRET, TRIGGER, Workload, entry
from trunkline.errors import TrunklineError
from trunkline.store.backup import read_manifest
from trunkline.store.copying import find_damage, open_to_read
from trunkline.store.restore import restore

QUICK = 2
RATE = 100.0
LONGEST_WAIT = 0.250
"""Seconds. One machine in its bad moments stops for longer, backups or not."""
_HARNESS = "Backups while running"

_ONE_STEP = Workload(flow=(TRIGGER, entry(2)), effects=1, connection=True)
_BETWEEN = 100
"""Answers from one backup to the next."""
_BURST = 8
_SESSION = "canary-session-5d2f"


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    server = Server(tmp_path / "data")
    server.start()
    yield server
    server.kill()


def _trunkline(*arguments: str | Path) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-m", "trunkline", *arguments],
        capture_output=True,
        text=True,
        check=False,
    )


def _save(server: Server, file: Path) -> None:
    saved = _trunkline("backup", file, "--data", server.folder)
    assert saved.returncode == 0, saved.stderr


def _save_at_once(server: Server, file: Path) -> None:
    """As the command does, without the time it takes to start."""
    request = urllib.request.Request(  # noqa: S310 - loopback
        f"{server.address}/api/v1/backups",
        method="POST",
        headers={"Authorization": f"Bearer {server.token}"},
    )
    with urllib.request.urlopen(request) as answer:  # noqa: S310 - the same
        file.write_bytes(answer.read())


def _restored(server: Server, backup: Path, folder: Path) -> Server:
    restore(backup, folder, key_file=server.folder / "key")
    return Server(folder)


@pytest.mark.alone
@pytest.mark.timeout(900)
@pytest.mark.parametrize("number", sizes("TRUNKLINE_BACKUPS", quick=QUICK, full=30))
async def test_a_backup_under_load_holds_all_that_was_answered_before_it(
    server: Server, tmp_path: Path, figures: Figures, number: int
) -> None:
    saved = await _save_under_load(server, tmp_path, number)
    assert saved.statuses == {200}
    assert not saved.faults
    if number > QUICK:
        assert saved.p99 <= LONGEST_WAIT
    figures.record(
        _HARNESS,
        promise="a backup holds every delivery that was answered before it began",
        done=f"{number} backups at {RATE:.0f} deliveries/s, one for each {_BETWEEN} "
        "answers, each restored and examined",
        found=f"{number} of {number} restore undamaged and hold all that was answered"
        f"; p99 of {saved.answered:,} answers meanwhile {saved.p99 * 1000:.0f} ms, the "
        f"slowest {saved.slowest * 1000:.0f} ms",
    )


@pytest.mark.figure
@pytest.mark.timeout(600)
async def test_the_backups_catch_a_server_that_saves_less(
    tmp_path: Path, figures: Figures
) -> None:
    defect = "backs_up_less"
    server = defective(tmp_path / "data", defect)
    server.start()
    try:
        saved = await _save_under_load(server, tmp_path, QUICK)
    finally:
        server.kill()
    assert saved.faults
    figures.caught(_HARNESS, defect)


@dataclass(frozen=True, slots=True)
class Saved:
    """What was wrong with backups, and how deliveries were answered meanwhile."""

    faults: list[str]
    statuses: set[int]
    answered: int
    p99: float
    slowest: float


async def _save_under_load(server: Server, folder: Path, number: int) -> Saved:
    """Examines only afterwards, so that nothing slows the answers but the server."""
    loader, stop = Loader(RATE), asyncio.Event()
    made: dict[Path, set[str]] = {}
    with Ledger() as ledger:
        url = server.address + furnish(server, _ONE_STEP, ledger.url)
        sending = asyncio.create_task(loader.send(url, lambda: not stop.is_set()))
        for count in range(number):
            file = folder / f"{count}.zip"
            await asyncio.to_thread(_wait_for, loader, _BETWEEN * (count + 1))
            made[file] = {*loader.answered}
            await asyncio.to_thread(_save_at_once, server, file)
        stop.set()
        await sending
    return Saved(
        [fault for file in made for fault in _examine(server, file, made[file])],
        {*loader.statuses},
        len(loader.answered),
        percentile(sorted(loader.seconds), 99),
        loader.slowest,
    )


def _wait_for(loader: Loader, answers: int) -> None:
    until(lambda: len(loader.answered) >= answers, f"{answers} are answered")


def _examine(server: Server, backup: Path, answered: set[str]) -> list[str]:
    """Restores a backup; what is wrong with it."""
    folder = backup.with_suffix("")
    try:
        restore(backup, folder, key_file=server.folder / "key")
    except TrunklineError as error:
        return [str(error)]
    with closing(open_to_read(folder / "trunkline.db")) as database:
        faults = [*find_damage(database)]
        ((accepted, in_states),) = database.execute(
            "SELECT (SELECT count(*) FROM payloads), (SELECT count(*) FROM deliveries)"
        ).fetchall()
    told = read_manifest(backup).counts["deliveries"]
    if not accepted == in_states == told:
        faults.append(f"{accepted} accepted, {in_states} in states, {told} are told of")
    missing = answered - stored(folder).keys()
    shutil.rmtree(folder)
    return faults + [f"{event} is missing" for event in missing]


async def test_no_secret_is_in_a_backup(server: Server, tmp_path: Path) -> None:
    with Ledger() as ledger:
        url = server.address + furnish(server, _ONE_STEP, ledger.url)
        assert await Loader(RATE).post(url, "event") == 200
    server.call("POST", "/users", {"name": "Ada", "password": "three unrelated words"})
    server.stop()
    _add_session(server)
    server.start()
    _save(server, tmp_path / "saved.zip")
    with zipfile.ZipFile(tmp_path / "saved.zip") as opened:
        content = b"".join(opened.read(name) for name in opened.namelist())
    key = (server.folder / "key").read_text().strip()
    for canary in (SECRET, API_KEY, _SESSION, key, server.token):
        assert canary.encode() not in content, canary
    assert b"event" in content


def _add_session(server: Server) -> None:
    from sqlalchemy import text  # noqa: PLC0415 - for this alone

    from trunkline.store.database import upkeep  # noqa: PLC0415 - the same

    with upkeep(server.folder / "trunkline.db").begin() as connection:
        connection.execute(
            text("INSERT INTO sessions SELECT :id, id, 1, 1 FROM users"),
            {"id": _SESSION},
        )


@pytest.mark.parametrize("choice", ["run", "cancel"])
async def test_a_restored_server_has_no_effect_until_a_person_confirms(
    server: Server, tmp_path: Path, choice: str
) -> None:
    with Ledger(delay=0.4) as ledger:
        path = furnish(server, _ONE_STEP, ledger.url, sequential=True)
        loader = Loader(RATE)
        for number in range(_BURST):
            assert await loader.post(server.address + path, f"event-{number}") == 200
        await asyncio.to_thread(_save_at_once, server, tmp_path / "saved.zip")
        await asyncio.to_thread(server.settle, _BURST)
        server.stop()
        ledger.turn_the_page()
        other = _restored(server, tmp_path / "saved.zip", tmp_path / "other")
        try:
            review = await _wait_in_review(other, path)
            assert ledger.arrivals() == []
            done = other.call("POST", "/review/confirm", {"unfinished": choice})
            assert done[{"run": "run", "cancel": "cancelled"}[choice]] == review
            await asyncio.to_thread(other.settle, _BURST + 2)
            assert other.stop() == 0
        finally:
            other.kill()
        events = {one.body["event"] for one in ledger.arrivals()}
        assert {"late-0", "late-1"} <= events
        assert len(events) == 2 + (review if choice == "run" else 0)
    cancelled = "SELECT count(*) FROM executions WHERE state = 'cancelled'"
    expected = 0 if choice == "run" else review
    assert on_disk(other.folder, cancelled) == [(expected,)]


async def _wait_in_review(other: Server, path: str) -> int:
    """Two lives in review, each with a delivery; how many executions wait."""
    for life in range(2):
        await asyncio.to_thread(other.start)
        assert await Loader(RATE).post(other.address + path, f"late-{life}") == 200
        states = other.call("GET", "/balance")
        assert states["states"]["waiting"] > life
        assert "running" not in states["executions"]
        checks: list[dict[str, Any]] = other.call("GET", "/doctor")
        assert [one["name"] for one in checks if not one["well"]] == ["review"]
        if not life:
            assert other.stop() == 0
    assert "in review" in other.log.read_text()
    review = other.call("GET", "/review")
    assert review["pending"]
    assert review["unfinished"] > 0
    return int(review["unfinished"])


async def test_on_a_full_disk_the_server_says_so_and_leaves_no_half_file(
    server: Server, tmp_path: Path
) -> None:
    with Ledger() as ledger:
        url = server.address + furnish(server, _ONE_STEP, ledger.url)
        assert await Loader(RATE).post(url, "event") == 200
        await asyncio.to_thread(server.settle, 1)
    assert server._process is not None
    pid, unlimited = server._process.pid, (resource.RLIM_INFINITY,) * 2
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (20_000, resource.RLIM_INFINITY))
    refused = _trunkline("backup", tmp_path / "saved.zip", "--data", server.folder)
    resource.prlimit(pid, resource.RLIMIT_FSIZE, unlimited)
    assert refused.returncode == 1
    assert "was not made" in refused.stderr
    assert "Traceback" not in refused.stderr
    assert list((server.folder / "backups").iterdir()) == []
    assert not (tmp_path / "saved.zip").exists()
    _save(server, tmp_path / "saved.zip")
    until(lambda: not list((server.folder / "backups").iterdir()), "it is tidied up")

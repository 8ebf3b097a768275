"""The disk is full, or somebody else holds the database."""

import asyncio
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from fakes.ledger import Ledger
from faults.figures import Figures
from faults.invariants import BUSY_TOLERANCE, Evidence, Violation
from faults.loader import Loader
from faults.process import Server, defective, furnish, until
from faults.workloads import SECRET, TRIGGER, Workload, entry

_ONE_STEP = Workload(flow=(TRIGGER, entry(2)), effects=1)
_TWO_STEPS = Workload(flow=(TRIGGER, entry(2), entry(3)), effects=2)
_BURST = 8
_LONGEST_ANSWER = 20.0
"""Seconds: ten by design, as many for a busy machine."""
_HARNESS = "Locked database"


class Disk:
    """The disk of a cramped server."""

    def __init__(self, folder: Path) -> None:
        self._database = folder / "data" / "trunkline.db"
        self.folder = folder / "disk"
        self.folder.mkdir()

    def fill(self) -> None:
        """Leaves no page for anything new."""
        file = f"file:{self._database}?mode=ro"
        with closing(sqlite3.connect(file, uri=True)) as opened:
            (pages,) = opened.execute("PRAGMA page_count").fetchone()
        (self.folder / "pages").write_text(str(pages))

    def fail_after(self, transactions: int) -> None:
        """Lets so many transactions through, and then none."""
        (self.folder / "writes").write_text(str(transactions))

    def make_room(self) -> None:
        for file in self.folder.iterdir():
            file.unlink()


@pytest.fixture
def disk(tmp_path: Path) -> Disk:
    return Disk(tmp_path)


@pytest.fixture
def server(tmp_path: Path, disk: Disk) -> Iterator[Server]:
    server = Server(
        tmp_path / "data",
        program="faults.cramped",
        environment={"TRUNKLINE_TEST_DISK": str(disk.folder), "TRUNKLINE_SLOTS": "2"},
    )
    server.start()
    yield server
    server.kill()


@pytest.fixture
def plain(tmp_path: Path) -> Iterator[Server]:
    """A server that does not look at its disk before it writes."""
    server = Server(tmp_path / "data")
    server.start()
    yield server
    server.kill()


@pytest.fixture
def loader() -> Loader:
    return Loader(rate=50)


def proof(server: Server, ledger: Ledger, loader: Loader, effects: int) -> Evidence:
    return Evidence(
        folder=server.folder,
        answered=set(loader.answered),
        arrivals=ledger.arrivals(),
        crashes=0,
        floor=len(set(loader.answered)),
        effects=effects,
        canaries=(SECRET,),
        tolerance=BUSY_TOLERANCE,
    )


async def fill_with_deliveries(loader: Loader, url: str) -> int:
    """Sends until the disk is full; the status that said so."""
    for number in range(500):
        status = await loader.post(url, f"filling-{number}")
        if status != 200:
            return status
    raise AssertionError("the disk never became full")


async def test_on_a_full_disk_it_refuses_and_goes_on_by_itself_when_there_is_room(
    server: Server, disk: Disk, loader: Loader
) -> None:
    with Ledger() as ledger:
        url = server.address + furnish(server, _ONE_STEP, ledger.url)
        assert await loader.post(url, "before") == 200
        disk.fill()
        assert await fill_with_deliveries(loader, url) == 507
        assert [await loader.post(url, f"full-{n}") for n in range(5)] == [507] * 5
        assert server.call("GET", "/balance")["accepted"] == len(loader.answered)
        disk.make_room()
        await loader.send_again(url)
        server.settle(accepted=len(loader.answered))
        assert loader.unanswered == []
        assert server.stop() == 0
        assert proof(server, ledger, loader, effects=1).violations() == []


async def test_executions_wait_for_room_on_a_full_disk_and_then_finish(
    server: Server, disk: Disk, loader: Loader
) -> None:
    with Ledger(delay=1.0, seed=4) as ledger:
        url = server.address + furnish(server, _TWO_STEPS, ledger.url)
        for number in range(_BURST):
            assert await loader.post(url, f"burst-{number}") == 200
        disk.fill()
        await fill_with_deliveries(loader, url)
        await asyncio.to_thread(
            until, lambda: "journal waits" in server.log.read_text(), "one waits"
        )
        disk.make_room()
        await loader.send_again(url)
        await asyncio.to_thread(server.settle, len(loader.answered))
        assert server.stop() == 0
        assert proof(server, ledger, loader, effects=2).violations() == []


async def test_claims_go_on_after_writing_failed_between_an_answer_and_a_claim(
    server: Server, disk: Disk, loader: Loader
) -> None:
    with Ledger() as ledger:
        path = furnish(server, _ONE_STEP, ledger.url, sequential=True)
        server.settle()
        disk.fail_after(transactions=1)
        assert await loader.post(server.address + path, "accepted") == 200
        assert await loader.post(server.address + path, "refused") == 503
        assert ledger.arrivals() == []
        disk.make_room()
        await loader.send_again(server.address + path)
        server.settle(accepted=2)
        assert server.stop() == 0
        assert proof(server, ledger, loader, effects=1).violations() == []


@pytest.mark.timeout(180)
@pytest.mark.parametrize("seconds", [1, 5])
async def test_while_another_process_holds_the_database_deliveries_wait(
    plain: Server, loader: Loader, seconds: int
) -> None:
    assert await hold(plain, loader, seconds) == []
    assert set(loader.statuses) <= {200, 503}


@pytest.mark.long
@pytest.mark.timeout(180)
async def test_a_database_that_is_held_for_long_refuses_before_senders_give_up(
    plain: Server, loader: Loader, figures: Figures
) -> None:
    assert await hold(plain, loader, 30) == []
    assert set(loader.statuses) <= {200, 503}
    assert loader.slowest <= _LONGEST_ANSWER
    figures.record(
        _HARNESS,
        promise="nothing is answered that is not stored, and answers do not wait long",
        done="another process holds the database for 30 s, "
        f"at {loader.rate:.0f} deliveries/s",
        found=f"{loader.statuses[503]:,} were refused with 503 within "
        f"{loader.slowest:.1f} s and taken when they came again, 0 answered lost",
    )


@pytest.mark.long
@pytest.mark.timeout(300)
async def test_a_server_that_tries_each_alone_is_caught(
    plain: Server, loader: Loader, figures: Figures
) -> None:
    defect = "tries_each_alone"
    server = defective(plain.folder.with_name("other"), defect)
    server.start()
    try:
        await hold(server, loader, 30)
    finally:
        server.kill()
    assert loader.slowest > _LONGEST_ANSWER
    figures.caught(_HARNESS, defect)


async def hold(server: Server, loader: Loader, seconds: float) -> list[Violation]:
    """Deliveries while another process holds the database, and again after it."""
    with Ledger() as ledger:
        url = server.address + furnish(server, _ONE_STEP, ledger.url)
        server.settle()
        loop = asyncio.get_running_loop()
        end = loop.time() + seconds
        with locked(server) as lock:
            sending = asyncio.create_task(loader.send(url, lambda: loop.time() < end))
            await asyncio.wait([sending], timeout=seconds)
            assert 200 not in loader.statuses
            assert server.call("GET", "/balance")["accepted"] == 0
            lock.execute("ROLLBACK")
        await sending
        await loader.send_again(url)
        server.settle(accepted=len(loader.answered))
        assert loader.unanswered == []
        assert server.stop() == 0
        return proof(server, ledger, loader, effects=1).violations()


@contextmanager
def locked(server: Server) -> Iterator[sqlite3.Connection]:
    """The database, of which nobody else can change anything."""
    lock = sqlite3.connect(
        server.folder / "trunkline.db", isolation_level=None, timeout=5
    )
    with closing(lock):
        lock.execute("BEGIN IMMEDIATE")
        yield lock

"""The log moves into the database file while the writer goes on."""

import asyncio
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from msgspec.structs import replace

from fakes.serving import eventually
from fakes.storing import Folder
from trunkline.model.delivery import Payload
from trunkline.store import checkpointer
from trunkline.store.checkpointer import Checkpointer

_BODY = b"x" * 20_000


async def _write(folder: Folder, number: int = 20) -> None:
    payload = Payload(body=_BODY, method="POST", query={}, headers={})
    entries = [replace(folder.delivery(), payload=payload) for _ in range(number)]
    await asyncio.gather(*map(folder.store.append, entries))


async def test_what_is_in_the_log_is_moved_without_the_writer(
    folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checkpointer, "_CHECKPOINT_AFTER", 20)
    file = folder.store.folder / "trunkline.db"
    await _write(folder)

    async def size() -> int:
        return file.stat().st_size

    await eventually(size, lambda now: now > 20 * len(_BODY))


async def _no_longer_grows(folder: Folder) -> None:
    """Sooner or later writing makes the log no longer."""
    log = folder.store.folder / "trunkline.db-wal"

    async def growth() -> int:
        before = log.stat().st_size
        await _write(folder)
        return log.stat().st_size - before

    await eventually(growth, lambda grown: grown == 0)


async def test_a_log_that_was_moved_begins_anew(
    folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checkpointer, "_CHECKPOINT_AFTER", 20)
    await _no_longer_grows(folder)


@pytest.mark.parametrize("longest", [1000, 30], ids=["thread", "writer"])
async def test_one_who_reads_for_long_holds_the_log_up_and_nothing_else(
    folder: Folder, monkeypatch: pytest.MonkeyPatch, longest: int
) -> None:
    """The log grows while its old end is read; deliveries are taken all the same."""
    monkeypatch.setattr(checkpointer, "_CHECKPOINT_AFTER", 20)
    monkeypatch.setattr(checkpointer, "_LONGEST_LOG", longest)
    log = folder.store.folder / "trunkline.db-wal"
    count = "SELECT count(*) FROM deliveries"
    with closing(sqlite3.connect(folder.store.folder / "trunkline.db")) as reader:
        reader.execute("BEGIN")
        assert reader.execute(count).fetchone() == (0,)
        for _ in range(5):
            before = log.stat().st_size
            await _write(folder)
            assert log.stat().st_size > before
        assert reader.execute(count).fetchone() == (0,)
    await _no_longer_grows(folder)
    with closing(sqlite3.connect(folder.store.folder / "trunkline.db")) as reader:
        ((stored,),) = reader.execute(count).fetchall()
    assert stored >= 120


class _Log:
    """A database whose log one connection writes and a checkpointer moves."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self.passes = 0
        self.by_writer = 0
        self._writer = self._connect()
        self._writer.execute("PRAGMA journal_mode = wal")
        self._writer.execute("PRAGMA wal_autocheckpoint = 0")
        self._writer.execute("CREATE TABLE numbers (number INTEGER)")
        self.checkpointer = Checkpointer(self._traced)
        self.checkpointer.start()

    def commit(self) -> None:
        self._writer.execute("INSERT INTO numbers VALUES (1)")
        self.checkpointer.committed()

    def work(self) -> None:
        self.commit()
        self.checkpointer.keep_up(1)

    def size(self) -> int:
        return self._file.with_name(f"{self._file.name}-wal").stat().st_size

    async def passes_after_wanting(self) -> int:
        """How many there were, once the thread has done what it was asked for."""

        async def seen() -> bool:
            return not self.checkpointer._wanted.is_set()

        for _ in range(2):  # it sees the second wish after it has done the first
            self.checkpointer.want()
            await eventually(seen)
        return self.passes

    def close(self) -> None:
        self.checkpointer.close()
        self._writer.close()

    def _traced(self) -> sqlite3.Connection:
        connection = self._connect()
        connection.set_trace_callback(self._count)
        return connection

    def _count(self, statement: str) -> None:
        if "wal_checkpoint" in statement:
            self.passes += 1
            self.by_writer += threading.current_thread() is threading.main_thread()

    def _connect(self) -> sqlite3.Connection:
        return sqlite3.connect(
            self._file, isolation_level=None, check_same_thread=False
        )


@pytest.fixture
def log(tmp_path: Path) -> Iterator[_Log]:
    with closing(_Log(tmp_path / "numbers.db")) as log:
        yield log


async def test_while_all_of_the_log_is_moved_no_checkpoint_begins(log: _Log) -> None:
    """A commit that lets the log begin anew in that moment could be lost."""
    log.commit()
    log.checkpointer.move()
    assert log.passes == 1

    assert await log.passes_after_wanting() == 1
    log.commit()  # it may have been under way when all was moved
    assert await log.passes_after_wanting() == 1

    log.commit()

    async def passes() -> int:
        return await log.passes_after_wanting()

    await eventually(passes, lambda number: number > 1)


async def test_the_thread_moves_nearly_all_and_the_writer_the_rest(
    log: _Log, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checkpointer, "_CHECKPOINT_AFTER", 20)
    for _ in range(20):
        assert log.passes == 0
        log.work()

    async def passes() -> int:
        return log.passes

    await eventually(passes, lambda number: number == 1)
    assert log.by_writer == 0

    async def by_writer() -> int:
        log.work()
        return log.by_writer

    await eventually(by_writer, lambda number: number == 1)
    length = log.size()
    log.work()
    assert log.size() == length


async def test_the_writer_waits_for_the_thread_until_the_log_is_long(
    log: _Log, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Checkpointer, "want", lambda _: None)
    monkeypatch.setattr(checkpointer, "_LONGEST_LOG", 30)
    for _ in range(30):
        log.work()
    assert log.by_writer == 0
    log.work()
    assert log.by_writer == 1

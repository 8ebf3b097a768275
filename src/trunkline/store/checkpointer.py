"""Moves what is in the write-ahead log into the database file, beside the writer."""

import os
import sqlite3
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

_PASSES = 4
"""The first pass copies nearly all; the next ones catch up with the writer."""

_LEAST_BETWEEN = 2
"""Commits that have to follow a pass that moved all, before another one begins.

SQLite before 3.51.3 can lose commits where a checkpoint begins while a commit lets the
log begin anew (its documentation calls it the WAL-reset bug). A commit does so only if
all of the log was moved before. The first of these commits may have been under way when
the pass ended; the second one was not, so that behind it there is something to move,
and until that is moved the log cannot begin anew.
"""

_LONGEST_LOG = 64 * 1024 * 1024


class Checkpointer:
    """A thread that checkpoints when it is told that there is enough to move.

    The writer would otherwise stop for it, and does only where the log gets very long.
    Nobody else checkpoints: SQLite does nothing by itself.
    """

    def __init__(self, connect: Callable[[], sqlite3.Connection], log: Path) -> None:
        self._connect = connect
        self._log = log
        self._wanted = threading.Event()
        self._passing = threading.Lock()
        self._over = False
        self._commits = 0
        self._not_before = 0
        self._thread = threading.Thread(
            target=self._work, name="checkpointer", daemon=True
        )

    def start(self) -> None:
        self._connection = self._connect()
        self._thread.start()

    def close(self) -> None:
        if self._thread.is_alive():
            self._over = True
            self._wanted.set()
            self._thread.join()
            self._connection.close()

    def want(self) -> None:
        """Asks for a checkpoint, soon."""
        self._wanted.set()

    # By the writer, while it commits nothing

    def committed(self) -> None:
        """Something was committed, and is in the log."""
        self._commits += 1

    def keep_up(self) -> None:
        """Asks for a checkpoint; where the log is very long, it is done at once."""
        with suppress(OSError):
            if self._log.stat().st_size > _LONGEST_LOG:
                self.move()
                return
        self.want()

    def move(self) -> None:
        """Moves the whole log, as far as nobody still reads in it."""
        with self._passing, suppress(sqlite3.Error):
            self._catch_up()

    def meanwhile(self, run: Callable[[], None]) -> None:
        """Runs what checkpoints by itself."""
        with self._passing:
            run()
            self._rest()

    # By the thread

    def _work(self) -> None:
        _give_way()
        while True:
            self._wanted.wait()
            if self._over:
                return
            self._wanted.clear()
            # What goes wrong, the writer will meet, too, and tell.
            with self._passing, suppress(sqlite3.Error):
                if self._commits >= self._not_before:
                    self._catch_up()

    def _catch_up(self) -> None:
        for _ in range(_PASSES):
            query = self._connection.execute("PRAGMA wal_checkpoint(PASSIVE)")
            _, in_log, moved = query.fetchone()
            if moved == in_log:
                self._rest()
                return

    def _rest(self) -> None:
        self._not_before = self._commits + _LEAST_BETWEEN


def _give_way() -> None:
    """Lets this thread push no other off its processor when it wakes up.

    It gets as much time as before, only not in the midst of another's. Elsewhere than
    on Linux it does nothing.
    """
    with suppress(AttributeError, OSError):
        os.sched_setscheduler(0, os.SCHED_BATCH, os.sched_param(0))

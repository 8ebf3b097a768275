"""Moves what is in the write-ahead log into the database file, beside the writer."""

import os
import sqlite3
import threading
from collections.abc import Callable
from contextlib import suppress

_CHECKPOINT_AFTER = 1000
"""Pieces of work, which make some ten megabytes of log."""

_LONGEST_LOG = 8000
"""Pieces of work after which the writer no longer waits for the thread."""

_LEAST_BETWEEN = 2
"""Commits that have to follow a pass that moved all, before another one begins.

SQLite before 3.51.3 can lose commits where a checkpoint begins while a commit lets the
log begin anew (its documentation calls it the WAL-reset bug). A commit does so only if
all of the log was moved before. The first of these commits may have been under way when
the pass ended; the second one was not, so that behind it there is something to move,
and until that is moved the log cannot begin anew.
"""


class Checkpointer:
    """A thread that checkpoints when there is enough to move.

    The writer goes on meanwhile, and moves the little that it has added by then itself:
    with all of it moved, the log begins anew. Nobody else checkpoints: SQLite does
    nothing by itself.
    """

    def __init__(self, connect: Callable[[], sqlite3.Connection]) -> None:
        self._connect = connect
        self._wanted = threading.Event()
        self._passing = threading.Lock()
        self._over = False
        self._unmoved = 0
        self._nearly_moved = False
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

    def keep_up(self, written: int) -> None:
        """So many pieces of work were written; now and then the log is moved for it."""
        before = self._unmoved
        self._unmoved += written
        if self._nearly_moved or self._unmoved > _LONGEST_LOG:
            self.move()
        elif before < _CHECKPOINT_AFTER <= self._unmoved:
            self.want()

    def move(self) -> None:
        """Moves the whole log, as far as nobody still reads in it."""
        with self._passing, suppress(sqlite3.Error):
            self._pass()
        self._unmoved = 0
        self._nearly_moved = False

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
                    self._pass()
            self._nearly_moved = True

    def _pass(self) -> None:
        query = self._connection.execute("PRAGMA wal_checkpoint(PASSIVE)")
        _, in_log, moved = query.fetchone()
        if moved == in_log:
            self._rest()

    def _rest(self) -> None:
        self._not_before = self._commits + _LEAST_BETWEEN


def _give_way() -> None:
    """Lets this thread push no other off its processor when it wakes up.

    It gets as much time as before, only not in the midst of another's. Elsewhere than
    on Linux it does nothing.
    """
    with suppress(AttributeError, OSError):
        os.sched_setscheduler(0, os.SCHED_BATCH, os.sched_param(0))

"""Moves what is in the write-ahead log into the database file, beside the writer."""

import sqlite3
import threading
from collections.abc import Callable
from contextlib import suppress

_PASSES = 4
"""The first pass copies nearly all; the next ones catch up with the writer."""


class Checkpointer:
    """A thread that checkpoints when it is told that there is enough to move.

    The writer would otherwise stop for it. Only when a pass has caught up does the log
    begin anew; the writer's own checkpoint, at a longer log, is the last resort.
    """

    def __init__(self, connect: Callable[[], sqlite3.Connection]) -> None:
        self._connect = connect
        self._wanted = threading.Event()
        self._over = False
        self._thread = threading.Thread(
            target=self._work, name="checkpointer", daemon=True
        )

    def start(self) -> None:
        self._thread.start()

    def close(self) -> None:
        if self._thread.is_alive():
            self._over = True
            self._wanted.set()
            self._thread.join()

    def want(self) -> None:
        """Asks for a checkpoint, soon."""
        self._wanted.set()

    def _work(self) -> None:
        connection = self._connect()
        try:
            while True:
                self._wanted.wait()
                if self._over:
                    return
                self._wanted.clear()
                with suppress(sqlite3.Error):  # the writer will meet it, and tell
                    _catch_up(connection)
        finally:
            connection.close()


def _catch_up(connection: sqlite3.Connection) -> None:
    for _ in range(_PASSES):
        query = connection.execute("PRAGMA wal_checkpoint(PASSIVE)")
        _, in_log, moved = query.fetchone()
        if moved == in_log:
            return

"""Points at which a process can die: around each statement, commit, call and ack."""

import os
import signal
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Self

import pytest

from trunkline.sdk import HttpClient

_patch = pytest.MonkeyPatch()
"""Never undone: the process dies with what was patched."""


class Points:
    """Counts the points that are reached, and kills the process at one of them."""

    def __init__(self, kill_at: int, tell: Callable[[str, str], None]) -> None:
        self.armed = False
        self._kill_at = kill_at
        self._tell = tell
        self._reached = 0
        self._lock = threading.Lock()

    def reach(self, name: str) -> None:
        if not self.armed:
            return
        with self._lock:
            self._reached += 1
            self._tell("point", name)
            if self._reached == self._kill_at:
                os.kill(os.getpid(), signal.SIGKILL)
                threading.Event().wait()

    def tap(self) -> None:
        """Reaches a point before and after whatever leaves this process a mark."""
        self._tap_database()
        self._tap_calls()

    @contextmanager
    def _around(self, what: str) -> Iterator[None]:
        self.reach(f"before {what}")
        yield
        self.reach(f"after {what}")

    def _tap_database(self) -> None:
        """At the driver, below whatever speaks to it; readers leave no mark."""
        around = self._around

        class Cursor(sqlite3.Cursor):
            def execute(self, sql: str, /, *values: Any) -> Self:  # noqa: ANN401 - the driver's
                with around(_first_words(sql)):
                    return super().execute(sql, *values)

            def executemany(self, sql: str, /, *values: Any) -> Self:  # noqa: ANN401 - the driver's
                with around(_first_words(sql)):
                    return super().executemany(sql, *values)

        class Connection(sqlite3.Connection):
            def cursor(self) -> sqlite3.Cursor:  # type: ignore[override]
                return super().cursor(Cursor)

            def execute(self, sql: str, /, *values: Any) -> sqlite3.Cursor:  # noqa: ANN401 - the driver's
                return self.cursor().execute(sql, *values)

            def commit(self) -> None:
                with around("COMMIT"):
                    super().commit()

        connect = sqlite3.connect

        def tapped(file: object, **named: Any) -> sqlite3.Connection:  # noqa: ANN401 - passed on
            kind = sqlite3.Connection if named.get("uri") else Connection
            return connect(str(file), factory=kind, **named)

        _patch.setattr(sqlite3, "connect", tapped)

    def _tap_calls(self) -> None:
        send = HttpClient.send

        async def tapped(client: HttpClient, *args: Any, **named: Any) -> Any:  # noqa: ANN401 - passed on
            with self._around("a call"):
                return await send(client, *args, **named)

        _patch.setattr(HttpClient, "send", tapped)


def _first_words(statement: str) -> str:
    return " ".join(statement.split()[:3])

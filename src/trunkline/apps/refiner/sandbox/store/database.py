"""The one connection to SQLite, and what happened while it changed things."""

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import msgspec

from trunkline.apps.refiner.sandbox import times
from trunkline.apps.refiner.sandbox.behaviour import Behaviour
from trunkline.apps.refiner.sandbox.errors import SandboxError

FILE = "sandbox.db"
SCHEMA = 1

Argument = str | int | float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Occurrence:
    """Something webhooks may be told of; it has been committed."""

    event: str
    contact_id: int
    response_id: int | None = None


Listener = Callable[[Sequence[Occurrence]], None]


class Database:
    """Rows in and out, in transactions; used from the event loop's thread only."""

    def __init__(
        self, folder: Path | None, behaviour: Behaviour, clock: times.Clock
    ) -> None:
        self.behaviour = behaviour
        self.clock = clock
        self.listener: Listener = lambda _: None
        self._occurrences: list[Occurrence] = []
        self._moment = ""
        self._connection = _connected(folder)
        self.is_new = _prepared(self._connection)

    def now(self) -> str:
        """The present; within a transaction always the same moment."""
        return self._moment or times.iso(self.clock())

    def row(self, sql: str, *arguments: Argument) -> sqlite3.Row | None:
        found: sqlite3.Row | None = self._connection.execute(sql, arguments).fetchone()
        return found

    def rows(self, sql: str, *arguments: Argument) -> list[sqlite3.Row]:
        return self._connection.execute(sql, arguments).fetchall()

    def number(self, sql: str, *arguments: Argument) -> int:
        return int(self._connection.execute(sql, arguments).fetchone()[0] or 0)

    def run(self, sql: str, *arguments: Argument) -> int:
        """How many rows the statement changed."""
        return self._connection.execute(sql, arguments).rowcount

    def insert(self, table: str, **columns: Argument) -> int:
        """The new row's id."""
        names = ", ".join(columns)
        marks = ", ".join("?" * len(columns))
        sql = f"INSERT INTO {table} ({names}) VALUES ({marks})"  # noqa: S608 - own names
        identifier = self._connection.execute(sql, tuple(columns.values())).lastrowid
        return identifier or 0

    def fill(self, sql: str, rows: Iterator[Sequence[Argument]]) -> None:
        self._connection.executemany(sql, rows)

    @contextmanager
    def unindexed(self) -> Iterator[None]:
        """Indexes are made once at the end, which many new rows are faster with."""
        indexes = self.rows(
            "SELECT name, sql FROM sqlite_master"
            " WHERE type = 'index' AND sql IS NOT NULL ORDER BY name"
        )
        for index in indexes:
            self.run(f"DROP INDEX {index['name']}")
        yield
        for index in indexes:
            self.run(index["sql"])

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing; the listener hears what occurred once it is committed."""
        self._moment = self.now()
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            yield
            self._connection.execute("COMMIT")
        except BaseException:
            self._occurrences.clear()
            self._connection.execute("ROLLBACK")
            raise
        finally:
            self._moment = ""
        occurred, self._occurrences = self._occurrences, []
        if occurred:
            self.listener(occurred)

    def occurred(
        self, event: str, contact_id: int, response_id: int | None = None
    ) -> None:
        self._occurrences.append(
            Occurrence(event=event, contact_id=contact_id, response_id=response_id)
        )

    def close(self) -> None:
        self._connection.close()


def encoded(value: object) -> str:
    return msgspec.json.encode(value).decode()


def _connected(folder: Path | None) -> sqlite3.Connection:
    try:
        if folder:
            folder.mkdir(parents=True, exist_ok=True)
        place = folder / FILE if folder else ":memory:"
        connection = sqlite3.connect(
            place, isolation_level=None, check_same_thread=False
        )
        connection.row_factory = sqlite3.Row
        for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON"):
            connection.execute(f"PRAGMA {pragma}")
    except (OSError, sqlite3.Error) as error:
        raise SandboxError(
            f"The data folder {folder} cannot be used: {error}"
        ) from error
    return connection


def _prepared(connection: sqlite3.Connection) -> bool:
    """Whether the database was empty and has now been given its tables."""
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    if version not in (0, SCHEMA):
        raise SandboxError(
            "The data folder was written by another version of the sandbox; "
            "choose an empty one."
        )
    if version == 0:
        connection.executescript(Path(__file__).with_name("schema.sql").read_text())
        connection.execute(f"PRAGMA user_version={SCHEMA}")
    return bool(version == 0)

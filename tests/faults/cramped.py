"""`trunkline` on a disk that can be made small, and then large again.

`TRUNKLINE_TEST_DISK` names a folder. While it has a file `pages`, the database does
not grow beyond the pages named there. While it has a file `writes`, so many
transactions are let through, and none after them.
"""

import os
import sqlite3
import sys
from pathlib import Path
from typing import Any, Self

from trunkline.__main__ import main

_UNLIMITED = 1_073_741_823
_DISK = Path(os.environ["TRUNKLINE_TEST_DISK"])
_PAGES = _DISK / "pages"
_WRITES = _DISK / "writes"
_connect = sqlite3.connect


class Cursor(sqlite3.Cursor):
    """Looks at the disk before each transaction."""

    def execute(self, sql: str, /, *values: Any) -> Self:  # noqa: ANN401 - the driver's
        if sql.startswith("BEGIN"):
            _squeeze(self.connection)
        return super().execute(sql, *values)


class Connection(sqlite3.Connection):
    """The connection that writes."""

    def cursor(self) -> sqlite3.Cursor:  # type: ignore[override]
        return super().cursor(Cursor)

    def execute(self, sql: str, /, *values: Any) -> sqlite3.Cursor:  # noqa: ANN401 - the driver's
        return self.cursor().execute(sql, *values)


def connect(file: object, **named: Any) -> sqlite3.Connection:  # noqa: ANN401 - passed on
    kind = sqlite3.Connection if named.get("uri") else Connection
    return _connect(str(file), factory=kind, **named)


def _squeeze(connection: sqlite3.Connection) -> None:
    pages = int(_PAGES.read_text()) if _PAGES.exists() else _UNLIMITED
    connection.execute(f"PRAGMA max_page_count = {pages}")
    connection.execute(f"PRAGMA query_only = {int(_is_read_only())}")


def _is_read_only() -> bool:
    if not _WRITES.exists():
        return False
    left = int(_WRITES.read_text())
    _WRITES.write_text(str(left - 1))
    return left <= 0


if __name__ == "__main__":
    sqlite3.connect = connect  # type: ignore[assignment]
    sys.exit(main())

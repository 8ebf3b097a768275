"""`trunkline` on a disk that can be made small, and then large again.

`TRUNKLINE_TEST_DISK` names a folder. While it has a file `pages`, the database does
not grow beyond the pages named there. While it has a file `writes`, so many
transactions are let through, and none after them.
"""

import os
import sqlite3
import sys
from pathlib import Path

from sqlalchemy import Connection, Engine, event
from sqlalchemy.pool import StaticPool

from trunkline.__main__ import main

_UNLIMITED = 1_073_741_823
_DISK = Path(os.environ["TRUNKLINE_TEST_DISK"])
_PAGES = _DISK / "pages"
_WRITES = _DISK / "writes"


@event.listens_for(Engine, "begin")
def squeeze(connection: Connection) -> None:
    if isinstance(connection.engine.pool, StaticPool):
        driver = connection.connection.driver_connection
        assert isinstance(driver, sqlite3.Connection)
        pages = int(_PAGES.read_text()) if _PAGES.exists() else _UNLIMITED
        driver.execute(f"PRAGMA max_page_count = {pages}")
        driver.execute(f"PRAGMA query_only = {int(_is_read_only())}")


def _is_read_only() -> bool:
    if not _WRITES.exists():
        return False
    left = int(_WRITES.read_text())
    _WRITES.write_text(str(left - 1))
    return left <= 0


if __name__ == "__main__":
    sys.exit(main())

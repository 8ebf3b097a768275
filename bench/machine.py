"""The machine that figures belong to."""

import os
import platform
import sqlite3
import statistics
import tempfile
import time
from pathlib import Path

import msgspec

_SYNCS = 200


class Machine(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody needs to compare figures; times in milliseconds."""

    cores: int
    load: float
    python: str
    sqlite: str
    fsync_ms: float

    @classmethod
    def here(cls, folder: Path) -> "Machine":
        return cls(
            cores=len(os.sched_getaffinity(0)),
            load=os.getloadavg()[0],
            python=platform.python_version(),
            sqlite=sqlite3.sqlite_version,
            fsync_ms=_fsync_ms(folder),
        )

    def __str__(self) -> str:
        return (
            f"{self.cores} cores (load {self.load:.1f} before), Python {self.python}, "
            f"SQLite {self.sqlite}, fsync {self.fsync_ms:.2f} ms"
        )


def _fsync_ms(folder: Path) -> float:
    """The median of appending 4 KiB to a file and syncing it."""
    times = []
    with tempfile.TemporaryFile(dir=folder) as file:
        for _ in range(_SYNCS):
            file.write(bytes(4096))
            file.flush()
            began = time.perf_counter()
            os.fdatasync(file)
            times.append(time.perf_counter() - began)
    return statistics.median(times) * 1000

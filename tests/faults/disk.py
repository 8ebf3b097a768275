"""Watches what a process does to its disk, and lets calls of it fail: see `disk.c`."""

import ctypes
import shutil
import struct
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import IntFlag
from functools import cached_property
from pathlib import Path

COMPILER = shutil.which("cc") or shutil.which("gcc")
NO_COMPILER = "the disk is watched by a shim in C, and here is no compiler (cc, gcc)"

_SHARED_MEMORY = Path("/dev/shm")  # noqa: S108 - whatever is there is removed
MEMORY = _SHARED_MEMORY if _SHARED_MEMORY.is_dir() else None
"""Where folders cost no time, if there is such a place."""

_HEAD = struct.Struct("<BHQI")
_SOURCE = Path(__file__).with_name("disk.c")


class Kind(IntFlag):
    """Kinds of calls that can fail."""

    WRITE = 1
    SYNC = 2
    CUT = 4
    NAME = 8


@dataclass(frozen=True, slots=True)
class Record:
    """Something that was done to a file, or a mark; `disk.c` names the kinds.

    `place` is where a write began, the length that was cut to, or a sync's number.
    """

    kind: str
    name: str
    place: int
    content: bytes


@dataclass(frozen=True)
class Shim:
    """The built library; a process that is to be watched is started with it."""

    library: Path

    @classmethod
    def build(cls, home: Path) -> "Shim":
        """Compiles it into a folder that exists."""
        assert COMPILER, NO_COMPILER
        library = home / "disk.so"
        flags = ("-shared", "-fPIC", "-O1", "-Wall", "-Wextra", "-Werror")
        ends = ("-o", library, _SOURCE, "-ldl", "-pthread")
        subprocess.run([COMPILER, *flags, *ends], check=True)  # noqa: S603 - our own source
        return cls(library)

    def environment(
        self, folder: Path | None = None, log: Path | None = None
    ) -> Mapping[str, str]:
        """What a process is started with; `folder` is watched from the beginning."""
        where = {"LD_PRELOAD": str(self.library)}
        if folder is not None:
            where["TRUNKLINE_TEST_DISK"] = str(folder)
        if log is not None:
            where["TRUNKLINE_TEST_DISK_LOG"] = str(log)
        return where


class Disk:
    """The shim that this process was started with."""

    @cached_property
    def _shim(self) -> ctypes.CDLL:
        return ctypes.CDLL(None)

    def watch(self, folder: Path, log: Path | None) -> None:
        """Writes down from now on what is done to a folder."""
        self._shim.disk_watch(bytes(folder), bytes(log) if log else None)

    def mark(self, text: str) -> None:
        """Puts a mark between what is written down."""
        self._shim.disk_mark(text.encode())

    def fail(
        self, at: int, kinds: Kind, error: int, *, ever: bool, short: bool = False
    ) -> None:
        """Lets the call `at` of these kinds fail, and with `ever` all after it.

        `short` writes half of what a failing write was given; 0 lets none fail.
        """
        at_ = ctypes.c_long(at)
        self._shim.disk_fail(at_, int(kinds), error, int(ever), int(short))

    @property
    def failed(self) -> int:
        """How many calls failed since they were told to."""
        return int(self._shim.disk_failed())


def read_log(file: Path) -> Iterator[Record]:
    """What was written down, in its order."""
    log, at = file.read_bytes(), 0
    while at < len(log):
        kind, named, place, length = _HEAD.unpack_from(log, at)
        at += _HEAD.size
        name, at = log[at : at + named].decode(), at + named
        yield Record(chr(kind), name, place, log[at : at + length])
        at += length

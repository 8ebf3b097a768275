"""Who owns a data folder: a lock that dies with its holder, and a note beside it."""

import fcntl
import json
import os
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO

from trunkline.errors import FolderInUseError

_TRIES = 5
_BETWEEN_TRIES = 0.02


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnerNote:
    """What the owner lets others on this machine know, in a file of mode 0600.

    `address` and `token` let the command line talk to the server; both are missing
    while a command that serves nobody owns the folder for a moment.
    """

    pid: int
    address: str | None = None
    token: str | None = None


class Ownership:
    """The exclusive right to write to a folder, held until `release`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock: IO[str] | None = None

    def take(self, note: OwnerNote) -> None:
        """Takes the folder.

        Raises:
            FolderInUseError: somebody else has it.
        """
        lock = _open_private(self._folder / "owner.lock")
        if not _locked(lock):
            lock.close()
            raise FolderInUseError(_name_owner(self._folder))
        self._lock = lock
        self.announce(note)

    def announce(self, note: OwnerNote) -> None:
        """Writes the note anew, in one step, so that no reader sees half of it."""
        draft = self._folder / "owner.json.new"
        draft.unlink(missing_ok=True)
        with _open_private(draft) as opened:
            json.dump(asdict(note), opened)
        draft.replace(self._folder / "owner.json")

    def release(self) -> None:
        if self._lock is not None:
            with suppress(OSError):  # without the lock it is nobody's note
                (self._folder / "owner.json").unlink(missing_ok=True)
            self._lock.close()
            self._lock = None


def read_owner(folder: Path) -> OwnerNote | None:
    """The note of the folder's living owner, if it has one."""
    try:
        with (folder / "owner.lock").open() as lock:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return _read_note(folder)
    except FileNotFoundError:
        pass
    return None


def _locked(lock: IO[str]) -> bool:
    """Takes the lock, unless an owner has it; who only looks for one has it briefly."""
    for _ in range(_TRIES):
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            time.sleep(_BETWEEN_TRIES)
        else:
            return True
    return False


def _open_private(file: Path) -> IO[str]:
    return os.fdopen(os.open(file, os.O_RDWR | os.O_CREAT, 0o600), "r+")


def _read_note(folder: Path) -> OwnerNote | None:
    try:
        note: Mapping[str, object] = json.loads((folder / "owner.json").read_text())
        return OwnerNote(**note)  # type: ignore[arg-type]
    except (OSError, ValueError, TypeError):
        return None


def _name_owner(folder: Path) -> str:
    note = _read_note(folder)
    owner = "another process" if note is None else f"process {note.pid}"
    served = f", which serves {note.address}" if note and note.address else ""
    return (
        f"The folder {folder} is in use by {owner}{served}. "
        "Stop that one first, or choose another folder with --data."
    )

"""What a disk or a database says when it cannot, as an error of ours."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy.exc import DBAPIError

from trunkline.errors import (
    LeaseLostError,
    StorageFullError,
    StorageUnavailableError,
    TrunklineError,
)
from trunkline.store.incoming import LOST_LEASE

_COMPLAINTS = (OSError, sqlite3.Error, DBAPIError)


def of_writing(error: Exception) -> Exception:
    """The error of ours that fits what was said of a piece of writing, if one does."""
    complaint = _complaint(error)
    if not isinstance(complaint, sqlite3.Error):
        return error
    text = str(complaint)
    if text == LOST_LEASE:
        return LeaseLostError("The execution belongs to another worker now.")
    if is_full(complaint):
        return StorageFullError(
            "The disk that holds the data folder is full. Nothing was answered that "
            "was not stored; make room and the work goes on by itself."
        )
    if "locked" in text or "disk I/O" in text or "readonly" in text:
        return StorageUnavailableError(f"The store cannot write at present: {text}.")
    return error


@contextmanager
def opening(folder: Path) -> Iterator[None]:
    """Tells in a sentence why a folder cannot be opened.

    Raises:
        StorageFullError: there is no room for what a start writes.
        StorageUnavailableError: what is there cannot be read or written.
    """
    try:
        yield
    except _COMPLAINTS as error:
        raise _of_opening(folder, error) from error


def _of_opening(folder: Path, error: Exception) -> TrunklineError:
    complaint = _complaint(error)
    if is_full(complaint):
        return StorageFullError(
            f"The disk that holds {folder} is full. Make room, and start again."
        )
    said = complaint.strerror if isinstance(complaint, OSError) else str(complaint)
    return StorageUnavailableError(
        f"The folder {folder} cannot be opened: {said}. Look whether its disk is well "
        "and this user may write there, and start again."
    )


def is_full(complaint: Exception) -> bool:
    text = str(complaint)
    return "is full" in text or "No space left" in text


def _complaint(error: Exception) -> Exception:
    if isinstance(error, DBAPIError) and isinstance(error.orig, Exception):
        return error.orig
    return error

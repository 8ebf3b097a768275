"""The log moves into the database file while the writer goes on."""

import asyncio

import pytest
from msgspec.structs import replace

from fakes.serving import eventually
from fakes.storing import Folder
from trunkline.model.delivery import Payload
from trunkline.store import writer

_BODY = b"x" * 20_000


async def _write(folder: Folder, number: int = 20) -> None:
    payload = Payload(body=_BODY, method="POST", query={}, headers={})
    entries = [replace(folder.delivery(), payload=payload) for _ in range(number)]
    await asyncio.gather(*map(folder.store.append, entries))


async def test_what_is_in_the_log_is_moved_without_the_writer(
    folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writer, "_CHECKPOINT_AFTER", 20)
    file = folder.store.folder / "trunkline.db"
    await _write(folder)

    async def size() -> int:
        return file.stat().st_size

    await eventually(size, lambda now: now > 20 * len(_BODY))


async def test_a_log_that_was_moved_begins_anew(
    folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Sooner or later writing makes the log no longer."""
    monkeypatch.setattr(writer, "_CHECKPOINT_AFTER", 20)
    log = folder.store.folder / "trunkline.db-wal"

    async def growth() -> int:
        before = log.stat().st_size
        await _write(folder)
        return log.stat().st_size - before

    await eventually(growth, lambda grown: grown == 0)

"""What is received is not kept, or not as it should be."""

import asyncio
import base64
import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from http import HTTPStatus
from itertools import count
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from faults.defects.catalogue import DEFECTS, defect, patch
from trunkline.apps.refiner.webhook import RefinerWebhook
from trunkline.hooks.refusal import Refusal
from trunkline.sdk import Delivery
from trunkline.store import (
    backup,
    complaints,
    counters,
    entry,
    records,
    vault,
    writer,
)
from trunkline.store.copying import copy_database
from trunkline.store.database import WRITER_PRAGMAS
from trunkline.store.entry import Entry, Receipt
from trunkline.store.store import Store
from trunkline.store.writer import Writer, _Pending


@defect
def ack_before_commit() -> None:
    """The delivery is answered while it is still on its way to the disk."""
    append = Store.append

    def at_once(store: Store, entry: Entry) -> "asyncio.Future[Receipt]":
        written = append(store, entry)
        if entry.delivery is None:
            return written
        answered = asyncio.get_running_loop().create_future()
        answered.set_result(Receipt())
        return answered

    patch.setattr(Store, "append", at_once)


def weak_sync(level: int) -> Callable[[], None]:
    """Commits do not wait for the disk (0 is OFF, 1 is NORMAL)."""

    def weaken() -> None:
        patch.setitem(WRITER_PRAGMAS, "synchronous", level)

    return weaken


@defect
def failed_commit_counts() -> None:
    """What could not be written is taken for written."""
    commit = Writer._commit

    def careless(writer: Writer, connection: Connection, group: list[_Pending]) -> None:
        commit(writer, connection, group)
        for one in group:
            if one.error is not None and isinstance(one.work, Entry):
                one.error, one.result = None, Receipt()

    patch.setattr(Writer, "_commit", careless)


@defect
def unexplained_start() -> None:
    """A start that the disk does not allow ends with whatever was raised."""
    patch.setattr(complaints, "_COMPLAINTS", ())


@defect
def key_in_two_steps() -> None:
    """The key's file is there before the key is in it."""

    def make(file: Path) -> None:
        file.touch(0o600)
        file.write_text(base64.b64encode(os.urandom(32)).decode())

    patch.setattr(vault, "_make_key", make)


@defect
def no_dedupe() -> None:
    """The same event, sent twice, counts twice."""

    def none(_delivery: Delivery) -> None:
        return None

    patch.setattr(RefinerWebhook, "dedupe_key", none)


@defect
def two_transactions() -> None:
    """A delivery is committed by itself, and its execution after it."""
    append = Store.append

    def twice(store: Store, entry: Entry) -> "asyncio.Future[Receipt]":
        if entry.delivery is None or entry.execution is None:
            return append(store, entry)
        return asyncio.ensure_future(_one_by_one(store, entry))

    async def _one_by_one(store: Store, entry: Entry) -> Receipt:
        alone = Entry(
            delivery=entry.delivery, payload=entry.payload, dedupe_key=entry.dedupe_key
        )
        receipt = await append(store, alone)
        if receipt.duplicate_of is None:
            await append(store, Entry(execution=entry.execution))
        return receipt

    patch.setattr(Store, "append", twice)


@defect
def writes_not_known_again() -> None:
    """What was written before a crash is written once more after it."""

    def nothing(_connection: object, _author: object) -> None:
        return None

    for module in (counters, records):
        patch.setattr(module, "find_receipt", nothing)
        patch.setattr(module, "sign", lambda *_: None)


@defect
def writes_never_settled() -> None:
    """What was written by an execution that came through may still be taken back."""
    patch.setattr(entry, "let_writes_stand", lambda *_: None)


@defect
def forgets_some() -> None:
    """One delivery in a hundred is answered and never written."""
    append = Store.append
    number = count(1)

    def most(store: Store, entry: Entry) -> "asyncio.Future[Receipt]":
        if entry.delivery is None or next(number) % 100:
            return append(store, entry)
        forgotten = asyncio.get_running_loop().create_future()
        forgotten.set_result(Receipt())
        return forgotten

    patch.setattr(Store, "append", most)


@defect
def commits_late() -> None:
    """The delivery is answered a fifth of a second before it goes to the disk."""
    append = Store.append

    def later(store: Store, entry: Entry) -> "asyncio.Future[Receipt]":
        if entry.delivery is None:
            return append(store, entry)
        loop = asyncio.get_running_loop()
        loop.call_later(0.2, append, store, entry)
        answered = loop.create_future()
        answered.set_result(Receipt())
        return answered

    patch.setattr(Store, "append", later)


@defect
def backs_up_less() -> None:
    """A backup leaves out one delivery in sixteen."""

    def copy(source: Path, target: Path) -> None:
        copy_database(source, target)
        with closing(sqlite3.connect(target)) as copied, copied:
            copied.execute("DELETE FROM payloads WHERE delivery_id LIKE '%0'")
            copied.execute("DELETE FROM deliveries WHERE id LIKE '%0'")

    patch.setattr(backup, "copy_database", copy)


@defect
def accepts_what_it_refuses() -> None:
    """Whoever comes too often is told that it was accepted."""
    init = Refusal.__init__

    def accept(refusal: Refusal, status: int, *args: Any) -> None:  # noqa: ANN401 - passed on
        init(refusal, 200 if status == HTTPStatus.TOO_MANY_REQUESTS else status, *args)

    patch.setattr(Refusal, "__init__", accept)


@defect
def tries_each_alone() -> None:
    """Whatever keeps a group from being written, each piece is tried by itself."""
    patch.setattr(writer, "_is_everybodys", lambda _error: False)


DEFECTS["synchronous_off"] = weak_sync(0)
DEFECTS["synchronous_normal"] = weak_sync(1)

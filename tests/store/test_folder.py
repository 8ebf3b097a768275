"""The folder: one owner, kept private, with the settings that durability rests on."""

import asyncio
import json
import os
import sqlite3
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import Connection

from fakes.serving import on_disk
from fakes.storing import Folder
from trunkline.errors import (
    FolderInUseError,
    NewerFolderError,
    StorageUnavailableError,
    UsageError,
)
from trunkline.model.balance import Balance
from trunkline.store.balance import count_balance
from trunkline.store.database import READER_PRAGMAS, WRITER_PRAGMAS, check_pragmas
from trunkline.store.entry import Receipt
from trunkline.store.owner import OwnerNote, read_owner
from trunkline.store.store import Store

NOTE = OwnerNote(pid=4242, address="http://127.0.0.1:8787", token="a-token")


def _mode(file: Path) -> int:
    return stat.S_IMODE(file.stat().st_mode)


def _settings(connection: Connection, names: list[str]) -> dict[str, object]:
    return {
        name: connection.exec_driver_sql(f"PRAGMA {name}").scalar_one()
        for name in names
    }


async def test_every_connection_has_the_settings_it_should(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.open(NOTE)
    written = await store.write(_settings, list(WRITER_PRAGMAS))
    assert written == WRITER_PRAGMAS
    assert (written["journal_mode"], written["synchronous"]) == ("wal", 2)
    database = store._database
    readers = [database.read() for _ in range(4)]
    for reader in readers:
        assert _settings(reader, list(READER_PRAGMAS)) == READER_PRAGMAS
        with pytest.raises(Exception, match="readonly"):
            reader.exec_driver_sql("DELETE FROM facts")
        reader.close()
    store.close()


def test_a_setting_that_did_not_take_is_refused() -> None:
    connection = sqlite3.connect(":memory:")
    for wanted in ({"journal_mode": "wal"}, {"synchronous": 9}, {"foreign_keys": 1}):
        with pytest.raises(StorageUnavailableError, match=next(iter(wanted))):
            check_pragmas(connection, wanted)
    connection.close()


async def test_all_that_a_reader_asks_for_is_of_one_moment(folder: Folder) -> None:
    store, loop = folder.store, asyncio.get_running_loop()

    def read(connection: Connection) -> list[Balance]:
        before = count_balance(connection)
        asyncio.run_coroutine_threadsafe(
            folder.together(folder.delivery()), loop
        ).result()
        return [before, count_balance(connection)]

    before, after = await store.read(read)
    assert before == after
    assert (await store.read(count_balance)).accepted == before.accepted + 1


def test_a_second_owner_is_refused_and_told_who_has_it(tmp_path: Path) -> None:
    first = Store(tmp_path)
    first.open(NOTE)
    with pytest.raises(FolderInUseError) as refused:
        Store(tmp_path).open(OwnerNote(pid=1))
    said = str(refused.value)
    assert "process 4242, which serves http://127.0.0.1:8787" in said
    assert "choose another folder with --data" in said
    assert "a-token" not in said
    # The refused one took nothing away from the owner.
    assert read_owner(tmp_path) == NOTE
    first.close()
    assert read_owner(tmp_path) is None
    second = Store(tmp_path)
    second.open(NOTE)
    second.close()


def test_a_second_process_is_refused_too(tmp_path: Path) -> None:
    first = Store(tmp_path)
    first.open(NOTE)
    code = (
        "import sys; from pathlib import Path;"
        "from trunkline.store.owner import *; from trunkline.store.store import *;"
        "Store(Path(sys.argv[1])).open(OwnerNote(pid=1))"
    )
    ran = subprocess.run(  # noqa: S603 - our own interpreter
        [sys.executable, "-c", code, str(tmp_path)],
        capture_output=True,
        text=True,
        check=False,
    )
    first.close()
    assert ran.returncode == 1
    assert "FolderInUseError" in ran.stderr
    assert "process 4242" in ran.stderr


def test_a_note_that_its_writer_left_behind_names_no_owner(tmp_path: Path) -> None:
    (tmp_path / "owner.json").write_text(json.dumps({"pid": 1}))
    (tmp_path / "owner.lock").touch()
    assert read_owner(tmp_path) is None
    assert read_owner(tmp_path / "nowhere") is None


def test_the_folder_its_key_and_its_note_are_private(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        store = Store(tmp_path / "deep" / "data")
        store.open(NOTE)
        store.announce(NOTE)
    finally:
        os.umask(before)
    assert _mode(store.folder) == 0o700
    for name in ("key", "owner.json", "owner.lock"):
        assert _mode(store.folder / name) == 0o600, name
    store.close()


@pytest.mark.parametrize("name", ["trunkline.db", "owner.lock", "owner.json.new"])
def test_a_folder_that_cannot_be_opened_is_refused_with_a_sentence_and_let_go(
    tmp_path: Path, name: str
) -> None:
    (tmp_path / name).mkdir()
    with pytest.raises(StorageUnavailableError, match=r"opened: .*start again"):
        Store(tmp_path).open(NOTE)
    (tmp_path / name).rmdir()
    store = Store(tmp_path)
    store.open(NOTE)
    store.close()


def test_a_file_that_is_no_database_is_refused_with_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "trunkline.db").write_bytes(b"not a database" * 100)
    with pytest.raises(StorageUnavailableError, match="file is not a database"):
        Store(tmp_path).open(NOTE)


def test_a_folder_of_a_newer_version_is_refused_and_left_alone(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.open(NOTE)
    store.close()
    file = sqlite3.connect(tmp_path / "trunkline.db")
    file.execute("UPDATE facts SET value = '999' WHERE key = 'schema'")
    file.execute("DROP TABLE bundles")
    file.commit()
    file.close()
    with pytest.raises(NewerFolderError, match="schema 999"):
        Store(tmp_path).open(NOTE)
    tables = on_disk(tmp_path, "SELECT name FROM sqlite_master WHERE name = 'bundles'")
    assert tables == []
    assert read_owner(tmp_path) is None


async def test_what_was_asked_for_before_the_close_is_on_disk_after_it(
    folder: Folder,
) -> None:
    pending = [folder.store.append(folder.delivery()) for _ in range(1000)]
    folder.store.close()
    assert await asyncio.gather(*pending) == [Receipt()] * 1000
    rows = on_disk(folder.store.folder, "SELECT count(*) FROM deliveries")
    assert rows == [(1000,)]


def test_a_path_that_is_no_folder_is_refused_with_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(UsageError, match="not a folder"):
        Store(tmp_path / "file")

"""Folders of other versions: changed whole or not at all, with a way back."""

import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from threading import Barrier
from typing import Any, NamedTuple

import pytest
from alembic import op
from sqlalchemy import Engine, event

from fakes.schemas import NEXT, NEXT_REVISION, build, fill, rows, structure
from fakes.storing import Folder, webhook
from trunkline.errors import (
    FolderInUseError,
    MigrationError,
    NewerFolderError,
    OlderFolderError,
    StorageFullError,
    UsageError,
)
from trunkline.store import schema
from trunkline.store.database import Database, read_schema
from trunkline.store.migrations import revisions
from trunkline.store.migrations.migrate import migrate, rehearse
from trunkline.store.migrations.revisions import Revision, known
from trunkline.store.owner import OwnerNote
from trunkline.store.scenarios import save_version
from trunkline.store.store import Store
from trunkline.store.tables import SCHEMA_VERSION
from trunkline.store.webhooks import add_webhook

NOTE = OwnerNote(pid=1)


class _Power(Exception):  # noqa: N818 - it is no error of anybody's
    """The power is cut."""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """The database of a folder with the schema of this version and rows everywhere."""
    (tmp_path / "data").mkdir()
    file = tmp_path / "data" / "trunkline.db"
    build(file, SCHEMA_VERSION)
    fill(file)
    return file


@pytest.fixture
def grow(monkeypatch: pytest.MonkeyPatch) -> Callable[[Revision], None]:
    """Lets the program know one revision more."""

    def grow(revision: Revision) -> None:
        longer = [*known(), revision]
        monkeypatch.setattr(revisions, "known", lambda: longer)
        monkeypatch.setattr(schema, "SCHEMA_VERSION", revision.number)

    return grow


@pytest.fixture
def grown(grow: Callable[[Revision], None]) -> None:
    grow(NEXT_REVISION)


def _open(file: Path, **how: Any) -> None:  # noqa: ANN401 - the store's options
    store = Store(file.parent, **how)
    store.open(NOTE)
    store.close()


def _left(file: Path) -> list[str]:
    return sorted(one.name for one in (file.parent / "backups").glob("*"))


def test_the_revisions_lead_to_the_tables_of_this_version(tmp_path: Path) -> None:
    assert [one.number for one in known()] == [*range(1, SCHEMA_VERSION + 1)]
    build(tmp_path / "migrated.db", SCHEMA_VERSION)
    made = Database(tmp_path / "made.db")
    made.prepare()
    made.close()
    assert read_schema(tmp_path / "made.db") == SCHEMA_VERSION
    assert structure(tmp_path / "migrated.db") == structure(tmp_path / "made.db")


def test_every_revision_can_be_undone_and_done_again(tmp_path: Path) -> None:
    file = tmp_path / "trunkline.db"
    for number in range(2, SCHEMA_VERSION + 1):
        file.unlink(missing_ok=True)
        build(file, number - 1)
        fill(file)
        before, shape = rows(file), structure(file)
        migrate(file, number)
        migrate(file, number - 1)
        assert (rows(file), structure(file)) == (before, shape)


def test_a_folder_of_the_first_schema_is_opened_with_all_its_rows(
    tmp_path: Path,
) -> None:
    file = tmp_path / "trunkline.db"
    build(file, 1)
    fill(file)
    before = rows(file)
    _open(file)
    after = rows(file)
    assert read_schema(file) == SCHEMA_VERSION
    for table, kept in before.items():
        assert len(after[table]) == len(kept) + (table == "facts"), table


@pytest.mark.usefixtures("grown")
def test_an_older_folder_is_changed_at_start_after_a_backup(file: Path) -> None:
    before = rows(file)
    _open(file)
    after = rows(file)
    assert read_schema(file) == NEXT
    assert [(*row, None) for row in before["webhooks"]] == after["webhooks"]
    assert [(*row, 1) for row in before["executions"]] == after["executions"]
    assert after["payloads"] == before["payloads"]
    (name,) = _left(file)
    backup = file.parent / "backups" / name
    assert name.startswith(f"before-schema-{NEXT}-")
    assert (read_schema(backup), rows(backup)) == (SCHEMA_VERSION, before)
    assert backup.stat().st_mode & 0o077 == 0


@pytest.mark.usefixtures("grown")
async def test_a_changed_folder_takes_deliveries_at_once(tmp_path: Path) -> None:
    file = tmp_path / "trunkline.db"
    build(file, SCHEMA_VERSION)
    store = Store(file.parent)
    store.open(NOTE)
    await store.write(add_webhook, store.vault, webhook())
    named = {"scenario_id": "scenario", "version_id": "version", "name": "Answers"}
    await store.write(save_version, **named, content="{}", now=1)
    await store.append(Folder(store).delivery())
    store.close()
    assert len(rows(file)["executions"]) == 1


@pytest.mark.usefixtures("grown")
def test_the_way_back_gives_the_older_folder_with_its_own_backup(file: Path) -> None:
    before, shape = rows(file), structure(file)
    migrate(file, NEXT)
    assert rehearse(file, SCHEMA_VERSION) == ["Back: Labels"]
    assert read_schema(file) == NEXT
    migrate(file, SCHEMA_VERSION)
    assert (rows(file), structure(file)) == (before, shape)
    assert len(_left(file)) == 2


@pytest.mark.usefixtures("grown")
def test_what_is_there_already_is_not_done_again(file: Path) -> None:
    assert migrate(file, SCHEMA_VERSION) is None
    assert _left(file) == []
    for number in (0, NEXT + 1):
        with pytest.raises(UsageError, match=f"no schema {number}"):
            migrate(file, number)


@contextmanager
def _power_cut(after: int) -> Iterator[list[str]]:
    """Cuts the power after so many statements that write; collects those that ran."""
    ran: list[str] = []

    def look(_: object, __: object, statement: str, *___: object) -> None:
        if statement.lstrip().startswith(("PRAGMA", "SELECT", "BEGIN")):
            return
        ran.append(statement)
        if len(ran) == after:
            raise _Power

    event.listen(Engine, "after_cursor_execute", look)
    try:
        yield ran
    except _Power:
        pass
    finally:
        event.remove(Engine, "after_cursor_execute", look)


@pytest.mark.usefixtures("grown")
def test_cut_after_any_statement_the_schema_is_whole_and_no_row_is_lost(
    file: Path, tmp_path: Path
) -> None:
    golden, before, old = tmp_path / "golden.db", rows(file), structure(file)
    shutil.copy(file, golden)
    with _power_cut(after=0) as all_of_them:
        migrate(file, NEXT)
    after, new = rows(file), structure(file)
    assert sum("INSERT INTO facts" in one for one in all_of_them) == 2
    for number in range(1, len(all_of_them) + 1):
        shutil.copy(golden, file)
        with _power_cut(number):
            migrate(file, NEXT)
        assert (structure(file), rows(file)) == (old, before), number
        assert read_schema(file) == SCHEMA_VERSION
        if number % 10 == 0:
            migrate(file, NEXT)
            assert (structure(file), rows(file)) == (new, after), number


@pytest.mark.usefixtures("grown")
def test_of_two_starters_one_changes_the_folder_and_the_other_is_refused(
    file: Path,
) -> None:
    both, done = Barrier(2), Barrier(2)

    def start(_: int) -> bool:
        store = Store(file.parent)
        both.wait(10)
        try:
            store.open(NOTE)
        except FolderInUseError:
            return False
        finally:
            done.wait(10)
        store.close()
        return True

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(start, range(2))) == [False, True]
    assert read_schema(file) == NEXT
    assert len(_left(file)) == 1


@pytest.mark.usefixtures("grown")
def test_who_wants_to_be_asked_is_asked(file: Path) -> None:
    before = file.read_bytes()
    with pytest.raises(OlderFolderError, match="Run `trunkline migrate`"):
        _open(file, may_migrate=False)
    assert (file.read_bytes(), _left(file)) == (before, [])


def test_a_newer_folder_is_refused_without_a_backup(file: Path) -> None:
    newer = sorted(rows(file))
    with Database(file).writing.begin() as connection:
        connection.exec_driver_sql(
            "UPDATE facts SET value = '999' WHERE key = 'schema'"
        )
    with pytest.raises(NewerFolderError, match="schema 999"):
        _open(file)
    assert (sorted(rows(file)), _left(file)) == (newer, [])


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("DELETE FROM bundles WHERE position = 1", "bundles had 3 rows and has 2"),
        ("UPDATE payloads SET delivery_id = 'gone' || rowid", "refers to nothing"),
        ("ALTER TABLE missing ADD COLUMN x", "no such table: missing"),
    ],
)
def test_a_step_that_does_harm_is_found_on_the_copy(
    file: Path, grow: Callable[[Revision], None], statement: str, words: str
) -> None:
    grow(replace(NEXT_REVISION, upgrade=lambda: op.execute(statement)))
    before = rows(file)
    with pytest.raises(MigrationError, match=words) as failed:
        _open(file)
    assert "Nothing was changed" in str(failed.value)
    assert (rows(file), read_schema(file)) == (before, SCHEMA_VERSION)
    assert _left(file) == []


class _Usage(NamedTuple):
    total: int
    used: int
    free: int


@pytest.mark.usefixtures("grown")
def test_without_room_nothing_is_begun(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: _Usage(10, 5, 5))
    with pytest.raises(StorageFullError, match="must be free"):
        _open(file)
    assert (read_schema(file), _left(file)) == (SCHEMA_VERSION, [])


def test_an_ordinary_start_loads_nothing_of_it(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from trunkline.server import serving;"
        "from trunkline.store.owner import *; from trunkline.store.store import *\n"
        "for _ in range(2):\n"
        "    store = Store(Path(sys.argv[1])); store.open(OwnerNote(pid=1))\n"
        "    store.close()\n"
        "print(sorted({'alembic', 'mako', 'zipfile'} & sys.modules.keys()))"
    )
    ran = subprocess.run(  # noqa: S603 - our own interpreter
        [sys.executable, "-c", code, str(tmp_path)],
        capture_output=True,
        text=True,
        check=True,
    )
    assert "alembic" not in ran.stdout
    assert "mako" not in ran.stdout

"""Backups that stay on the server's disk: made, listed, taken away, removed."""

import shutil
import threading
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from aiohttp import ClientSession

from fakes.serving import Client, eventually, on_disk, survey
from trunkline.server import serving
from trunkline.services import backups
from trunkline.settings import Settings
from trunkline.store.backup import Progress, save_backup
from trunkline.store.restore import restore


@pytest.fixture
def gate(monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """Backups begin when it is opened."""
    gate = threading.Event()

    def held(file: Path, made_at: int, progress: Progress) -> Path:
        gate.wait(30)
        return save_backup(file, made_at, progress)

    monkeypatch.setattr(backups, "save_backup", held)
    yield gate
    gate.set()


async def _made(api: Client) -> Any:  # noqa: ANN401 - JSON
    """What is on the disk, once none is under way."""
    return await eventually(
        lambda: api.get("/backups/saved"),
        lambda seen: not seen["progress"]["under_way"],
    )


async def test_a_backup_stays_on_the_disk_and_is_taken_away_as_it_lies_there(
    api: Client, settings: Settings
) -> None:
    address = await api.listening()
    await api.deliver(address, survey())
    await api.settled(1)
    begun = await api.call("POST", "/backups/saved")
    assert begun.status == 202
    found = await _made(api)
    [one] = found["backups"]
    file = Path(found["folder"]) / one["name"]
    assert file.parent == settings.data.absolute() / "backups"
    assert (one["bytes"], one["trouble"]) == (file.stat().st_size, None)
    assert one["holds"] == {"scenarios": 1, "deliveries": 1, "executions": 1}
    assert file.stat().st_mode & 0o077 == 0
    taken = await api.call("GET", f"/backups/saved/{one['name']}")
    assert taken.body == file.read_bytes()
    assert one["name"] in taken.headers["content-disposition"]


async def test_what_was_saved_is_restored(
    api: Client, settings: Settings, tmp_path: Path
) -> None:
    await api.listening()
    await api.post("/backups/saved")
    found = await _made(api)
    file = Path(found["folder"]) / found["backups"][0]["name"]
    restore(file, tmp_path / "other", key_file=settings.data / "key")
    assert on_disk(tmp_path / "other", "SELECT name FROM webhooks") == [("hook",)]


async def test_a_second_click_begins_no_second_backup(
    api: Client, gate: threading.Event
) -> None:
    for _ in range(3):
        assert (await api.post("/backups/saved"))["progress"]["under_way"]
    gate.set()
    assert len((await _made(api))["backups"]) == 1
    await api.post("/backups/saved")
    assert len((await _made(api))["backups"]) == 2


async def test_a_backup_under_way_is_made_whole_when_the_server_stops(
    settings: Settings, gate: threading.Event
) -> None:
    async with serving(settings) as running, ClientSession() as session:
        await Client(session, running.address, running.token).post("/backups/saved")
        threading.Timer(0.2, gate.set).start()
    [file] = (settings.data / "backups").glob("*")
    with zipfile.ZipFile(file) as opened:
        assert opened.testzip() is None


class _Usage(NamedTuple):
    total: int
    used: int
    free: int


async def test_without_room_it_is_said_why_none_was_made(
    api: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: _Usage(10, 5, 5))
    await api.post("/backups/saved")
    found = await _made(api)
    assert "must be free" in found["progress"]["trouble"]
    assert found["backups"] == []


async def test_one_that_is_damaged_or_of_another_key_is_listed_with_what_is_wrong(
    api: Client, settings: Settings
) -> None:
    await api.post("/backups/saved")
    folder = Path((await _made(api))["folder"])
    (folder / "backup-20200101T000000.000000Z.zip").write_bytes(b"no zip")
    async with (
        serving(Settings(data=settings.data.parent / "other")) as other,
        ClientSession() as session,
    ):
        stranger = Client(session, other.address, other.token)
        await stranger.post("/backups/saved")
        theirs = await _made(stranger)
    strange = Path(theirs["folder"]) / theirs["backups"][0]["name"]
    shutil.copy(strange, folder)
    troubles = [one["trouble"] for one in (await _made(api))["backups"]]
    assert sorted(map(bool, troubles)) == [False, True, True]
    assert "sealed with the key" in str(troubles)
    assert "damaged" in str(troubles)


async def test_it_is_removed_once_and_names_of_other_files_are_none_of_it(
    api: Client, settings: Settings
) -> None:
    await api.post("/backups/saved")
    [one] = (await _made(api))["backups"]
    for name in ("..%2Fkey", "%2e%2e%2fkey", "making.zip", "backup-*.zip", "x" * 300):
        assert (await api.call("GET", f"/backups/saved/{name}")).status == 404
        assert (await api.call("DELETE", f"/backups/saved/{name}")).status == 404
    assert (settings.data / "key").exists()
    for status in (204, 404):
        gone = await api.call("DELETE", f"/backups/saved/{one['name']}")
        assert gone.status == status
    assert (await _made(api))["backups"] == []

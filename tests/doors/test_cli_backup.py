"""`trunkline backup`, `restore` and `migrate`, as people run them."""

import json
import shutil
import zipfile
from pathlib import Path

import pytest

from fakes.serving import on_disk
from fakes.terminal import Terminal

pytest_plugins = ["fakes.terminals"]

PASSWORD = "three unrelated words\n"


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with data in which there is a user, and a backup of it."""
    terminal = Terminal(tmp_path_factory.mktemp("prepared"))
    assert terminal.run("user", "add", "Ada", given=PASSWORD).code == 0
    assert terminal.run("backup", "saved.zip").code == 0
    return terminal.folder


@pytest.fixture
def saved(terminal: Terminal, prepared: Path) -> Terminal:
    """A terminal whose folder has a user, and a backup of it in `saved.zip`."""
    shutil.copytree(prepared, terminal.folder, dirs_exist_ok=True)
    return terminal


def _elsewhere(*more: str) -> tuple[str, ...]:
    return ("restore", "saved.zip", "--data", "other", *more)


def _users(folder: Path) -> list[str]:
    return [name for (name,) in on_disk(folder, "SELECT name FROM users ORDER BY 1")]


def _key(terminal: Terminal) -> str:
    return (terminal.folder / "data" / "key").read_text().strip()


def test_a_backup_is_one_private_file_and_the_key_is_not_in_it(
    kept: Terminal,
) -> None:
    assert kept.run("user", "add", "Ada", given=PASSWORD).code == 0
    made = kept.run("backup", "saved.zip")
    assert made.code == 0, made.err
    assert "0 deliveries and 0 executions to saved.zip" in made.out
    assert "The key is not in it: keep the file data/key" in made.out
    assert "Sessions were left out" in made.out
    file = kept.folder / "saved.zip"
    assert file.stat().st_mode & 0o077 == 0
    with zipfile.ZipFile(file) as opened:
        assert opened.testzip() is None
        assert opened.namelist() == ["manifest.json", "trunkline.db"]
        manifest = json.loads(opened.read("manifest.json"))
        content = b"".join(opened.read(name) for name in opened.namelist())
    assert manifest["counts"]["users"] == 1
    assert _key(kept).encode() not in content
    assert list((kept.folder / "data" / "backups").iterdir()) == []
    kept.run("backup", "saved.zip").refuses(2, "exists already")


def test_the_backup_restored_with_its_key_waits_until_it_is_confirmed(
    saved: Terminal,
) -> None:
    restored = saved.run(*_elsewhere("--key-file", "data/key"))
    assert restored.code == 0, restored.err
    assert "Nothing runs yet: 0 unfinished executions wait" in restored.out
    key = saved.folder / "other" / "key"
    assert key.read_text().strip() == _key(saved)
    assert key.stat().st_mode & 0o077 == 0
    assert _users(saved.folder / "other") == ["Ada"]
    unwell = saved.run("doctor", "--data", "other")
    assert unwell.code == 1
    assert "Not well: review." in unwell.out
    confirmed = saved.run("restore", "--confirm", "--data", "other")
    assert confirmed.out == "Confirmed. 0 executions go on, 0 were cancelled.\n"
    again = saved.run("restore", "--confirm", "--data", "other")
    again.refuses(1, "nothing to confirm")


def test_without_its_key_nothing_is_restored(saved: Terminal) -> None:
    saved.run(*_elsewhere()).refuses(1, "sealed with the key", "--key-file")
    other = "A" * 43 + "="
    refused = saved.run(*_elsewhere(), TRUNKLINE_KEY=other)
    refused.refuses(1, "not at hand")
    missing = saved.run(*_elsewhere("--key-file", "nowhere"))
    missing.refuses(2, "no key file nowhere")
    assert not (saved.folder / "other" / "trunkline.db").exists()
    assert not (saved.folder / "other" / "key").exists()
    given = saved.run(*_elsewhere(), TRUNKLINE_KEY=_key(saved))
    assert given.code == 0, given.err


def test_a_folder_that_holds_something_is_replaced_only_when_told(
    saved: Terminal,
) -> None:
    assert saved.run("user", "add", "Grace", given=PASSWORD).code == 0
    saved.run("restore", "saved.zip").refuses(1, "not empty", "--replace")
    assert _users(saved.folder / "data") == ["Ada", "Grace"]
    replaced = saved.run("restore", "saved.zip", "--replace")
    assert replaced.code == 0, replaced.err
    assert _users(saved.folder / "data") == ["Ada"]
    (aside,) = (saved.folder / "data" / "replaced").iterdir()
    assert f"is kept in {aside.relative_to(saved.folder)}" in replaced.out
    assert _users(aside) == ["Ada", "Grace"]


def test_a_served_folder_is_left_alone(saved: Terminal) -> None:
    with saved.running("serve", "--port", "0"):
        saved.run("restore", "saved.zip", "--replace").refuses(1, "in use by process")
        saved.run("migrate").refuses(1, "in use by process")


def test_what_is_no_backup_or_a_damaged_one_is_refused(saved: Terminal) -> None:
    file, folder = saved.folder / "saved.zip", saved.folder
    with zipfile.ZipFile(file) as opened:
        begin = opened.getinfo("trunkline.db").header_offset
    whole = file.read_bytes()
    file.write_bytes(whole[: len(whole) // 2])
    saved.run(*_elsewhere()).refuses(2, "not a backup")
    middle = begin + 200
    file.write_bytes(whole[:middle] + b"damaged!" + whole[middle + 8 :])
    saved.run(*_elsewhere("--key-file", "data/key")).refuses(2, "damaged")
    shutil.copy(folder / "data" / "trunkline.db", file)
    saved.run(*_elsewhere()).refuses(2, "not a backup")
    saved.run("restore", "nowhere.zip").refuses(2, "no file")
    saved.run("restore").refuses(2, "--confirm")
    assert [one.name for one in (folder / "other").glob("trunkline*")] == []


def test_a_backup_of_a_newer_version_is_refused(saved: Terminal) -> None:
    newer = saved.folder / "newer.zip"
    with (
        zipfile.ZipFile(saved.folder / "saved.zip") as old,
        zipfile.ZipFile(newer, "w") as new,
    ):
        manifest = json.loads(old.read("manifest.json")) | {"schema": 999}
        new.writestr("manifest.json", json.dumps(manifest))
        new.writestr("trunkline.db", old.read("trunkline.db"))
    refused = saved.run("restore", "newer.zip", "--data", "other")
    refused.refuses(1, "newer", "schema 999")


def test_a_restore_that_was_broken_off_is_not_taken_for_an_empty_folder(
    saved: Terminal,
) -> None:
    data = saved.folder / "data"
    (data / "trunkline.db").replace(data / "trunkline.db.restored")
    saved.run("user", "list").refuses(1, "broken off", "--replace")
    assert saved.run("restore", "saved.zip", "--replace").code == 0
    assert _users(saved.folder / "data") == ["Ada"]


def test_on_a_full_disk_no_half_backup_is_left(saved: Terminal) -> None:
    draft = saved.folder / ".second.zip.part"
    draft.symlink_to("/dev/full")
    saved.run("backup", "second.zip").refuses(1, "the disk is full", "Make room")
    assert sorted(one.name for one in saved.folder.iterdir()) == ["data", "saved.zip"]


def test_a_folder_of_this_version_has_nothing_to_migrate(saved: Terminal) -> None:
    assert "nothing to do" in saved.run("migrate", "--check").out
    assert "nothing to do" in saved.run("migrate").out
    saved.run("migrate", "--to", "999").refuses(2, "no schema 999")
    saved.run("migrate", "--to", "1", "--back").refuses(2, "either --to or --back")
    saved.run("migrate", "--data", "nowhere").refuses(1, "no data in nowhere")
    assert not (saved.folder / "nowhere").exists()


def test_backups_on_the_servers_disk_are_made_listed_copied_and_removed(
    terminal: Terminal,
) -> None:
    assert "There are none yet" in terminal.run("backups", "list").out
    made = terminal.run("backups", "add")
    assert (made.code, "Saved backup-" in made.out) == (0, True)
    [saved] = terminal.run("backups", "list", "--json").json()
    assert saved["trouble"] is None
    assert "0 executions" in terminal.run("backups", "list").out
    copied = terminal.run("backups", "get", saved["name"], "copy.zip")
    assert (copied.code, "Copied to copy.zip" in copied.out) == (0, True)
    again = terminal.run("backups", "get", saved["name"], "copy.zip")
    assert (again.code, "exists already" in again.err) == (2, True)
    restored = terminal.run(
        *("restore", "copy.zip", "--data", "other", "--key-file", "data/key")
    )
    assert restored.code == 0, restored.err
    assert terminal.run("backups", "remove", saved["name"]).code == 0
    missing = terminal.run("backups", "remove", saved["name"])
    assert (missing.code, "no backup named" in missing.err) == (1, True)

"""The vault: values open where they belong, with the keys that sealed them."""

import base64
import os
import sqlite3
from pathlib import Path

import pytest

from fakes.serving import on_disk
from fakes.storing import Folder, webhook
from trunkline.errors import KeyMismatchError
from trunkline.store.owner import OwnerNote
from trunkline.store.store import Store
from trunkline.store.vault import Key, Vault, read_keys
from trunkline.store.webhooks import add_webhook, list_webhooks

PLACE = "connections:sealed_values:one"


def _key() -> Key:
    return Key.of(os.urandom(32))


def _text(key: Key) -> str:
    return base64.b64encode(key.material).decode()


def test_a_value_opens_where_it_was_sealed_and_is_never_sealed_the_same_way() -> None:
    vault = Vault(_key())
    sealed = {vault.seal("ž a canary", PLACE) for _ in range(100)}
    assert len(sealed) == 100
    assert {vault.open(value, PLACE) for value in sealed} == {"ž a canary"}
    assert not any("canary" in value for value in sealed)


def test_a_value_moved_or_damaged_does_not_open() -> None:
    vault = Vault(_key())
    sealed = vault.seal("a canary", PLACE)
    key_id, _, encoded = sealed.partition(":")
    raw = bytearray(base64.b64decode(encoded))
    raw[-1] ^= 1
    for value, place in (
        (sealed, "connections:sealed_values:two"),
        (sealed, "webhooks:sealed_secret:one"),
        (f"{key_id}:{base64.b64encode(raw).decode()}", PLACE),
        (f"{key_id}:{encoded[:10]}", PLACE),
        (f"{key_id}:{encoded[:-5]}", PLACE),
        (f"{key_id}:", PLACE),
        (f"{key_id}:*not base64*", PLACE),
    ):
        with pytest.raises(KeyMismatchError, match="damaged or moved"):
            vault.open(value, place)


def test_another_key_is_told_apart_from_damage() -> None:
    sealed = Vault(_key()).seal("a canary", PLACE)
    with pytest.raises(KeyMismatchError, match="Put the key file that belongs"):
        Vault(_key()).open(sealed, PLACE)


def test_a_ring_opens_what_any_of_its_keys_has_sealed_and_seals_with_the_first(
    tmp_path: Path,
) -> None:
    old, new = _key(), _key()
    sealed = Vault(old).seal("a canary", PLACE)
    for ring in (
        Vault(new, old),
        read_keys(tmp_path / "key", f"{_text(new)},{_text(old)}"),
    ):
        assert ring.open(sealed, PLACE) == "a canary"
        again = ring.seal("a canary", PLACE)
        assert Vault(new).open(again, PLACE) == "a canary"
    assert not (tmp_path / "key").exists()


@pytest.mark.parametrize(
    "content",
    [b"", b"\n", b"short", b"\xff\xfe", base64.b64encode(b"x" * 31), b"%" * 44],
)
def test_a_key_file_that_holds_no_key_is_refused_with_a_sentence(
    tmp_path: Path, content: bytes
) -> None:
    (tmp_path / "key").write_bytes(content)
    with pytest.raises(KeyMismatchError, match="key"):
        Store(tmp_path).open(OwnerNote(pid=1))


def test_a_key_that_was_half_written_when_the_power_failed_is_made_anew(
    tmp_path: Path,
) -> None:
    (tmp_path / "key.new").write_bytes(b"half")
    vault = read_keys(tmp_path / "key")
    assert [file.name for file in tmp_path.iterdir()] == ["key"]
    assert (tmp_path / "key").stat().st_mode & 0o777 == 0o600
    assert read_keys(tmp_path / "key").open(vault.seal("a word", PLACE), PLACE)


def test_a_folder_refuses_a_key_that_is_not_its_own(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.open(OwnerNote(pid=1))
    store.close()
    with pytest.raises(KeyMismatchError, match="Put the key file that belongs"):
        Store(tmp_path, key=_text(_key())).open(OwnerNote(pid=1))
    own = (tmp_path / "key").read_text().strip()
    ring = Store(tmp_path, key=f"{_text(_key())},{own}")
    ring.open(OwnerNote(pid=1))
    ring.close()


async def test_a_secret_moved_to_another_row_does_not_open(folder: Folder) -> None:
    store = folder.store
    other = webhook(id="other", name="other", secret="another-secret")
    await store.write(add_webhook, store.vault, other)
    file = sqlite3.connect(store.folder / "trunkline.db")
    file.execute(
        "UPDATE webhooks SET sealed_secret ="
        " (SELECT sealed_secret FROM webhooks WHERE id = 'other') WHERE id = 'hook'"
    )
    file.commit()
    file.close()
    with pytest.raises(KeyMismatchError, match="webhooks:sealed_secret:hook"):
        await store.read(list_webhooks, store.vault)


async def test_what_is_sealed_is_not_in_the_file_in_clear(folder: Folder) -> None:
    (row,) = on_disk(
        folder.store.folder, "SELECT sealed_token, sealed_secret FROM webhooks"
    )
    assert not any("a-token" in value or "a-secret" in value for value in row)
    for file in folder.store.folder.iterdir():
        assert b"a-secret" not in file.read_bytes(), file.name

"""Secrets at rest: AES-256-GCM, each value bound to the place where it is kept."""

import base64
import hashlib
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import Connection

from trunkline.errors import KeyMismatchError
from trunkline.store.copying import sync
from trunkline.store.facts import find_fact, note_fact

_KEY_BYTES = 32
_NONCE_BYTES = 12


@dataclass(frozen=True, slots=True)
class Key:
    """One key; its id is shown with each value it sealed, and tells nothing of it."""

    id: str
    material: bytes

    @classmethod
    def of(cls, material: bytes) -> "Key":
        fingerprint = hashlib.sha256(b"trunkline key id" + material).hexdigest()
        return cls(fingerprint[:12], material)


class Vault:
    """Seals and opens values with a ring of keys; the first one seals.

    A sealed value reads `KEY_ID:BASE64(nonce + ciphertext)`. The place
    (`table:column:row`) is authenticated with it, so that a value moved to another
    row or column does not open.
    """

    def __init__(self, *keys: Key) -> None:
        self._sealing = keys[0]
        self._ciphers: Mapping[str, AESGCM] = {
            key.id: AESGCM(key.material) for key in keys
        }

    def seal(self, clear: str, place: str) -> str:
        nonce = os.urandom(_NONCE_BYTES)
        cipher = self._ciphers[self._sealing.id]
        sealed = nonce + cipher.encrypt(nonce, clear.encode(), place.encode())
        return f"{self._sealing.id}:{base64.b64encode(sealed).decode()}"

    def knows(self, key_id: str) -> bool:
        """Whether it opens what was sealed with that key."""
        return key_id in self._ciphers

    def open(self, value: str, place: str) -> str:
        """The value in clear.

        Raises:
            KeyMismatchError: it was sealed with another key, or for another place.
        """
        key_id, _, encoded = value.partition(":")
        cipher = self._ciphers.get(key_id)
        if cipher is None:
            raise KeyMismatchError(
                f"A secret was sealed with the key {key_id}, which is not at hand. "
                "Put the key file that belongs to this folder back, or set "
                "TRUNKLINE_KEY to its content."
            )
        try:
            sealed = base64.b64decode(encoded, validate=True)
            nonce, ciphertext = sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:]
            return cipher.decrypt(nonce, ciphertext, place.encode()).decode()
        except (InvalidTag, ValueError) as error:
            raise KeyMismatchError(
                f"The secret at {place} was damaged or moved there from elsewhere."
            ) from error


def read_keys(file: Path, given: str | None = None) -> Vault:
    """The vault of a folder; its key file is made, with mode 0600, at first use.

    `given` takes the file's place: one or more keys in base64, separated by commas,
    the sealing one first.

    Raises:
        KeyMismatchError: the text is not a key.
    """
    if given:
        return Vault(*map(_decode, given.split(",")))
    if not file.exists():
        _make_key(file)
    return _read_file(file)


def _make_key(file: Path) -> None:
    """In one step: a power failure leaves a whole key, or none."""
    draft = file.with_name(file.name + ".new")
    draft.unlink(missing_ok=True)
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as opened:
        opened.write(base64.b64encode(os.urandom(_KEY_BYTES)).decode() + "\n")
    sync(draft)
    draft.rename(file)
    sync(file.parent)


def _read_file(file: Path) -> Vault:
    lines = file.read_text(errors="replace").split()
    if not lines:
        raise KeyMismatchError(
            f"The key file {file} is empty. Put the key that belongs to this folder "
            "back; if the folder holds nothing yet, remove the file."
        )
    return Vault(*map(_decode, lines))


def check_key(connection: Connection, vault: Vault) -> None:
    """Seals a word at first use and opens it at every later one.

    Raises:
        KeyMismatchError: the key at hand is not the one this folder was sealed with.
    """
    word = find_fact(connection, "key_check")
    if word is None:
        sealed = vault.seal("trunkline", "facts:value:key_check")
        note_fact(connection, "key_check", sealed)
    else:
        vault.open(word, "facts:value:key_check")


def _decode(text: str) -> Key:
    try:
        material = base64.b64decode(text.strip(), validate=True)
    except ValueError:
        material = b""
    if len(material) != _KEY_BYTES:
        raise KeyMismatchError(
            f"A key must be {_KEY_BYTES} bytes in base64; this text is not one."
        )
    return Key.of(material)

"""Functions between texts and bytes: encodings and hashes."""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Callable, Mapping
from typing import Final, TypeVar

from trunkline.errors import DataError
from trunkline.mapping.functions.registry import Shelf
from trunkline.mapping.values import render_text

function = Shelf("Text and binary")

Of = TypeVar("Of")
To = TypeVar("To")


@function("base64(text or buffer)")
def to_base64(value: object) -> str:
    """The value in Base64.

    {{base64("Ada")}} = "QWRh"
    """
    return base64.b64encode(_bytes(value)).decode()


@function("toBinary(value; [encoding])")
def to_binary(value: object, encoding: object = "utf8") -> bytes:
    """The value as a buffer; the encoding is utf8, ascii, hex, base64 or binary.

    {{toString(toBinary("QWRh"; "base64"))}} = "Ada"
    """
    if isinstance(value, bytes):
        return value
    return _decoder(encoding or "utf8", _BYTES_OF)(render_text(value))


@function("toString(value)")
def to_string(value: object) -> str:
    """The value as text.

    {{toString(1.tags)}} = "nps,csat"
    """
    return render_text(value)


@function("md5(text)")
def md5(value: object) -> str:
    """The MD5 hash in hexadecimal; for old services, not for secrets.

    {{md5("Ada")}} = "1a382809b7c03f686e12dd15677c5497"
    """
    return hashlib.md5(_bytes(value), usedforsecurity=False).hexdigest()


@function("sha1(text; [output encoding]; [key]; [key encoding])")
def sha1(
    value: object, output: object = "hex", key: object = "", kind: object = "text"
) -> str:
    """The SHA-1 hash, or with a key the HMAC.

    {{sha1("Ada")}} = "5c3cb098d52deb3f67e97b7fba960c4cf6880461"
    """
    return _hash("sha1", value, output, key, kind)


@function("sha256(text; [output encoding]; [key]; [key encoding])")
def sha256(
    value: object, output: object = "hex", key: object = "", kind: object = "text"
) -> str:
    """The SHA-256 hash, or with a key the HMAC.

    {{sha256("Ada"; "base64")}} = "maVjqy9uIelpmPn93Sorq4K3CsAZV5UCuNf8ADL/Yrs="
    """
    return _hash("sha256", value, output, key, kind)


@function("sha512(text; [output encoding]; [key]; [key encoding])")
def sha512(
    value: object, output: object = "hex", key: object = "", kind: object = "text"
) -> str:
    """The SHA-512 hash, or with a key the HMAC.

    {{left(sha512("Ada"; "hex"; "key"); 16)}} = "c2b9c0479f52f3bd"
    """
    return _hash("sha512", value, output, key, kind)


def _hash(
    algorithm: str, value: object, output: object, key: object, kind: object
) -> str:
    data, secret = _bytes(value), _key(key, kind)
    if secret:
        digest = hmac.new(secret, data, algorithm).digest()
    else:
        digest = hashlib.new(algorithm, data, usedforsecurity=False).digest()
    return _decoder(output or "hex", _TEXT_OF)(digest)


def _key(key: object, kind: object) -> bytes:
    if isinstance(key, bytes):
        return key
    return _decoder(kind or "text", _BYTES_OF)(render_text(key))


def _bytes(value: object) -> bytes:
    return value if isinstance(value, bytes) else _utf8(render_text(value))


def _utf8(text: str) -> bytes:
    return text.encode(errors="replace")


def _unhex(text: str) -> bytes:
    try:
        return bytes.fromhex(text)
    except ValueError:
        raise DataError(f"'{text[:40]}' is not hexadecimal.") from None


def _unbase64(text: str) -> bytes:
    """Base64 with or without padding, also in its URL form."""
    plain = "".join(text.split()).rstrip("=").translate(_URL_SAFE)
    try:
        return base64.b64decode(plain + "=" * (-len(plain) % 4), validate=True)
    except (binascii.Error, ValueError):
        raise DataError(f"'{text[:40]}' is not Base64.") from None


def _latin1(text: str) -> bytes:
    return text.encode("latin-1", errors="replace")


def _decoder(
    encoding: object, known: Mapping[str, Callable[[Of], To]]
) -> Callable[[Of], To]:
    name = render_text(encoding).lower().replace("-", "")
    if name not in known:
        raise DataError(
            f"The encoding '{name[:40]}' is unknown; there are {', '.join(known)}."
        )
    return known[name]


_URL_SAFE: Final = str.maketrans("-_", "+/")
_BYTES_OF: Final[Mapping[str, Callable[[str], bytes]]] = {
    "text": _utf8,
    "utf8": _utf8,
    "ascii": lambda text: text.encode("ascii", errors="replace"),
    "hex": _unhex,
    "base64": _unbase64,
    "binary": _latin1,
    "latin1": _latin1,
}
_TEXT_OF: Final[Mapping[str, Callable[[bytes], str]]] = {
    "hex": lambda digest: digest.hex(),
    "base64": lambda digest: base64.b64encode(digest).decode(),
    "latin1": lambda digest: digest.decode("latin-1"),
    "binary": lambda digest: digest.decode("latin-1"),
}

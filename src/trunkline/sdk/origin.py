"""Keeps a call on the origin that its connection is bound to."""

from functools import lru_cache
from unicodedata import normalize
from urllib.parse import unquote

from yarl import URL

from trunkline.errors import ForeignOriginError

_MOST_ENCODINGS = 5


@lru_cache(maxsize=4096)
def bind(base: URL, path: str) -> URL:
    """The address of `path`, which begins with a slash, below `base`.

    Raises:
        ForeignOriginError: the path leads, or might lead, anywhere else.
    """
    _check_path(base, path)
    try:
        target = URL(str(base).rstrip("/") + path)
    except ValueError:
        raise _leaves(base, "it cannot be read") from None
    if not is_below(base, target):
        raise _leaves(base, "it leads elsewhere")
    return target


def is_below(base: URL, target: URL) -> bool:
    """Whether an address has the base's scheme, host, port and path prefix."""
    prefix = base.raw_path.rstrip("/")
    return (
        target.raw_user is None
        and target.raw_password is None
        and target.origin() == base.origin()
        and (target.raw_path == prefix or target.raw_path.startswith(prefix + "/"))
    )


def _check_path(base: URL, path: str) -> None:
    """Looks at the path in every spelling that a server might decode it to."""
    if "#" in path:
        raise _leaves(base, "it has a '#'; write %23 if you mean that sign")
    _check_signs(base, path)
    spelled = path.partition("?")[0]
    for _ in range(_MOST_ENCODINGS):
        _check_segments(base, spelled)
        try:
            decoded = unquote(spelled, errors="strict")
        except UnicodeDecodeError:
            raise _leaves(base, "its percent signs do not spell UTF-8") from None
        if decoded == spelled:
            return
        spelled = decoded
    raise _leaves(base, "it is percent-encoded over and over")


def _check_signs(base: URL, path: str) -> None:
    if any(sign.isspace() or not sign.isprintable() for sign in path):
        raise _leaves(base, "it holds white space or control characters")


def _check_segments(base: URL, path: str) -> None:
    plain = normalize("NFKC", path)
    if not plain.startswith("/") or plain.startswith("//"):
        raise _leaves(base, "it does not begin with exactly one '/'")
    if "\\" in plain or any(ord(sign) < ord(" ") for sign in plain):
        raise _leaves(base, "it holds a backslash or control characters")
    if any(part.partition(";")[0] in (".", "..") for part in plain.split("/")):
        raise _leaves(base, "it has a '.' or '..' between its slashes")


def _leaves(base: URL, why: str) -> ForeignOriginError:
    return ForeignOriginError(
        f"The path was refused because {why}; nothing was sent. Calls of this "
        f"connection stay below {base.origin()}{base.raw_path.rstrip('/')}: give a "
        "path such as /contacts."
    )

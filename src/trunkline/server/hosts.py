"""The names by which this server may be asked."""

from collections.abc import Iterable
from ipaddress import ip_address
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.types import Scope


class Hosts:
    """Refuses requests that were sent to a stranger's name.

    A page of another site can let its own name point to this machine, and its scripts
    would then speak to us as if we were that site. It cannot do so with an address,
    nor with a name that we are told is ours.
    """

    def __init__(self, names: Iterable[str], public_url: str | None) -> None:
        public = urlsplit(public_url or "").hostname
        self._names = {name.lower() for name in (*names, public) if name}

    def knows(self, scope: Scope) -> bool:
        """Whether the request names us; programs that name nobody are no browsers."""
        host = Headers(scope=scope).get("host")
        if host is None:
            return True
        try:
            name = (urlsplit(f"//{host}").hostname or "").rstrip(".")
        except ValueError:
            return False
        return (
            name == "localhost"
            or name.endswith(".localhost")
            or name in self._names
            or _is_address(name)
        )


def _is_address(name: str) -> bool:
    try:
        ip_address(name)
    except ValueError:
        return False
    return True

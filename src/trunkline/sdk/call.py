"""One request, checked and ready to leave as often as it has to."""

from collections.abc import Mapping

from msgspec import Struct
from yarl import URL

from trunkline.errors import InvalidConfigurationError
from trunkline.sdk.answer import Json
from trunkline.sdk.channel import Channel
from trunkline.sdk.http import callable_url
from trunkline.sdk.origin import bind
from trunkline.sdk.payload import Fields, checked_headers, encode, pairs

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


class Call(Struct, frozen=True):
    """What goes over the wire; its text is what people see of it, without a query.

    `harmless` says that sending it twice does nothing that sending it once did not.
    """

    method: str
    url: URL
    headers: Mapping[str, str]
    data: bytes | None
    harmless: bool

    def __str__(self) -> str:
        return f"{self.method} {self.url.path}"


class Wish(Struct, frozen=True, kw_only=True):
    """What a module asked for; at most one of `json`, `form` and `body` is given."""

    method: str
    path: str
    params: Fields | None = None
    headers: Mapping[str, str] | None = None
    json: Json = None
    form: Fields | None = None
    body: Json = None


def prepare(
    wish: Wish, channel: Channel, *, key: str | None, repeatable: bool | None
) -> Call:
    """Adds address, credentials and idempotency key.

    The key alone makes a call harmless, unless `repeatable` says otherwise.

    Raises:
        ForeignOriginError: the path leaves the connection's address.
        InvalidConfigurationError: a header or parameter is not the module's to set.
        DataError: the body cannot be written as JSON.
    """
    method = wish.method.upper()
    data, kind = encode(json=wish.json, form=wish.form, body=wish.body)
    headers = checked_headers(wish.headers, reserved=channel.credential_headers)
    if kind is not None:
        headers.setdefault("content-type", kind)
    headers.update(channel.credential_headers)
    harmless = bool(repeatable) or method in SAFE_METHODS
    if key is not None and channel.idempotency_header is not None:
        headers.setdefault(channel.idempotency_header.lower(), key)
        harmless = harmless or repeatable is None
    return Call(method, _address(wish, channel), headers, data, harmless)


def _address(wish: Wish, channel: Channel) -> URL:
    """The whole address, query included."""
    base = channel.base
    url = callable_url(wish.path) if base is None else bind(base, wish.path)
    own = pairs(wish.params)
    taken = channel.credential_params
    if not own and not taken:
        return url
    if not taken.keys().isdisjoint({*url.query, *dict(own)}):
        raise InvalidConfigurationError(
            f"The parameter {' or '.join(taken)} cannot be set here: the connection "
            "adds it. Remove it."
        )
    return url.extend_query([*own, *taken.items()])

"""A request to a webhook, read in one pass over its headers."""

from dataclasses import dataclass
from urllib.parse import parse_qsl

from starlette.types import Receive, Scope

from trunkline.hooks.refusal import Refusal
from trunkline.model.delivery import Payload

# Headers that may carry credentials are not stored with a delivery.
_CREDENTIALS = frozenset(
    {
        b"authorization",
        b"cookie",
        b"proxy-authorization",
        b"x-api-key",
        b"x-make-apikey",
    }
)


@dataclass(slots=True)
class HookRequest:
    """What a request says before its body: `secret` is its bearer token, if one."""

    method: str
    query: bytes
    kept: dict[str, str]
    secret: bytes
    length: int
    encoded: bool

    @classmethod
    def of(cls, scope: Scope) -> "HookRequest":
        kept: dict[str, str] = {}
        shown: list[bytes] = []
        length = 0
        encoded = False
        for name, value in scope["headers"]:
            if name == b"authorization":
                shown.append(value)
            elif name not in _CREDENTIALS:
                kept[name.decode("latin-1")] = value.decode("latin-1")
            if name == b"content-length":
                length = int(value) if value.isdigit() else 0
            elif name == b"content-encoding":
                encoded = True
        secret = _bearer(shown)
        return cls(
            method=scope["method"],
            query=scope["query_string"],
            kept=_without(secret.decode("latin-1"), kept),
            secret=secret,
            length=length,
            encoded=encoded,
        )

    async def payload(self, receive: Receive, largest: int) -> Payload:
        """The whole request, its body read as far as it is allowed to be large.

        Raises:
            Refusal: the body is compressed, too large, or was cut off.
        """
        if self.encoded:
            raise Refusal(415, "encoding", "Send the body without Content-Encoding.")
        if self.length > largest:
            raise _too_large(largest)
        query = self.query.decode("latin-1")
        return Payload(
            body=await _body(receive, largest),
            method=self.method,
            query=dict(parse_qsl(query)) if query else {},
            headers=self.kept,
        )


def _bearer(shown: list[bytes]) -> bytes:
    """The bearer token, if exactly one was sent."""
    if len(shown) != 1:
        return b""
    scheme, _, token = shown[0].partition(b" ")
    return token if scheme.lower() == b"bearer" else b""


def _without(secret: str, kept: dict[str, str]) -> dict[str, str]:
    """Proxies repeat the secret under names of their own."""
    if not secret or secret not in "\n".join(kept.values()):
        return kept
    return {name: value for name, value in kept.items() if secret not in value}


async def _body(receive: Receive, largest: int) -> bytes:
    parts: list[bytes] = []
    size = 0
    more = True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise Refusal(400, "cut", "The connection was closed in mid-body.")
        part = message.get("body", b"")
        size += len(part)
        if size > largest:
            raise _too_large(largest)
        parts.append(part)
        more = message.get("more_body", False)
    return parts[0] if len(parts) == 1 else b"".join(parts)


def _too_large(largest: int) -> Refusal:
    return Refusal(
        413,
        "too_large",
        f"The body is larger than {largest:,} bytes.",
        {"connection": "close"},
    )

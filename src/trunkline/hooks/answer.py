"""The answer to a knock, in one piece where the server can send it so."""

from collections.abc import Callable, Mapping

from starlette.types import Scope, Send

Headers = list[tuple[bytes, bytes]]
WholeAnswer = Callable[[int, Headers, bytes], None]

EXTENSION = "trunkline.whole_answer"
"""The ASGI extension with which a server sends head and body in one piece."""


async def answer(
    scope: Scope,
    send: Send,
    status: int,
    said: str | bytes,
    headers: Mapping[str, str] | None = None,
) -> None:
    """Answers in one piece where the server offers it; a text unless told otherwise."""
    body = said.encode() if isinstance(said, str) else said
    fields = [(b"content-length", str(len(body)).encode())]
    if headers:
        fields += [(name.encode(), value.encode()) for name, value in headers.items()]
    if not headers or "content-type" not in headers:
        fields.append((b"content-type", b"text/plain; charset=utf-8"))
    whole: WholeAnswer | None = scope.get("extensions", {}).get(EXTENSION)
    if whole is not None:
        whole(status, fields, body)
        return
    await send({"type": "http.response.start", "status": status, "headers": fields})
    await send({"type": "http.response.body", "body": body})

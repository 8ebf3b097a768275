"""`/hooks/TOKEN`, as a plain ASGI application: the shortest way to the journal."""

import asyncio
import hmac
from collections.abc import Iterable, Mapping
from urllib.parse import parse_qsl

import structlog
from starlette.types import Receive, Scope, Send

from trunkline.errors import (
    DeliveryRefusedError,
    NobodyListensError,
    StorageFullError,
    StorageUnavailableError,
)
from trunkline.hooks.limits import Limits, Rates
from trunkline.hooks.refusal import Refusal, Tally
from trunkline.model.delivery import Payload
from trunkline.model.webhook import StoredWebhook, digest
from trunkline.services import Services

PREFIX = "/hooks/"
_METHODS = frozenset({"POST", "PUT", "PATCH"})

# Headers that may carry credentials are not stored with a delivery.
_NOT_KEPT = frozenset(
    {
        b"authorization",
        b"cookie",
        b"proxy-authorization",
        b"x-api-key",
        b"x-make-apikey",
    }
)

log = structlog.get_logger()


class HooksDoor:
    """Answers 200 only when the delivery is on disk."""

    def __init__(self, services: Services, limits: Limits, tally: Tally) -> None:
        self._webhooks = services.webhooks
        self._intake = services.engine.intake
        self._limits = limits
        self._rates = Rates(limits, services.engine.clock)
        self._tally = tally

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            webhook = self._admit(scope)
            payload = await self._read(scope, receive)
            await self._store(webhook, payload)
        except Refusal as refusal:
            self._tally.count(refusal.reason)
            await _answer(send, refusal.status, str(refusal), refusal.headers)
        else:
            await _answer(send, 200, "Accepted")

    def _admit(self, scope: Scope) -> StoredWebhook:
        """The webhook that was meant, if its secret came along.

        An unknown address and a wrong secret get the same answer, so that nobody can
        find out which addresses exist.
        """
        webhook = self._webhooks.by_token(scope["path"][len(PREFIX) :])
        shown = _shown_secret(scope["headers"])
        expected = webhook.secret if webhook is not None else None
        fits = hmac.compare_digest(digest(shown), digest(expected or ""))
        is_open = webhook is not None and (
            webhook.secret is None or self._intake.is_signed(webhook)
        )
        if webhook is None or not (is_open or (fits and expected)):
            raise _unknown()
        if scope["method"] not in _METHODS:
            raise Refusal(
                405,
                "method",
                "Send deliveries with POST.",
                {"allow": ", ".join(sorted(_METHODS))},
            )
        self._rates.spend(webhook.id)
        return webhook

    async def _read(self, scope: Scope, receive: Receive) -> Payload:
        headers = scope["headers"]
        if any(name == b"content-encoding" for name, _ in headers):
            raise Refusal(415, "encoding", "Send the body without Content-Encoding.")
        declared = next((v for k, v in headers if k == b"content-length"), b"")
        if declared.isdigit() and int(declared) > self._limits.largest_body:
            raise self._too_large()
        try:
            async with asyncio.timeout(self._limits.body_seconds):
                body = await self._body(receive)
        except TimeoutError:
            raise Refusal(
                408,
                "slow_body",
                f"The body took longer than {self._limits.body_seconds:g} seconds.",
                {"connection": "close"},
            ) from None
        return Payload(
            body=body,
            method=scope["method"],
            query=dict(parse_qsl(scope["query_string"].decode("latin-1"))),
            headers=_kept_headers(headers),
        )

    async def _body(self, receive: Receive) -> bytes:
        message = await receive()
        body: bytes = message.get("body", b"")
        if not message.get("more_body"):
            self._check_size(len(body))
            return body
        parts = [body]
        size = len(body)
        while message.get("more_body"):
            message = await receive()
            if message["type"] == "http.disconnect":
                raise Refusal(400, "cut", "The connection was closed in mid-body.")
            parts.append(message.get("body", b""))
            size += len(parts[-1])
            self._check_size(size)
        return b"".join(parts)

    def _check_size(self, size: int) -> None:
        if size > self._limits.largest_body:
            raise self._too_large()

    def _too_large(self) -> Refusal:
        return Refusal(
            413,
            "too_large",
            f"The body is larger than {self._limits.largest_body:,} bytes.",
            {"connection": "close"},
        )

    async def _store(self, webhook: StoredWebhook, payload: Payload) -> None:
        try:
            await self._intake.accept(webhook, payload)
        except NobodyListensError as error:
            raise Refusal(410, "nobody_listens", str(error)) from None
        except DeliveryRefusedError:
            raise _unknown() from None
        except StorageFullError as error:
            log.error("delivery refused", reason=str(error))  # noqa: TRY400 - said
            raise Refusal(
                507, "disk_full", "No space is left to store it.", {"retry-after": "30"}
            ) from None
        except StorageUnavailableError as error:
            log.error("delivery refused", reason=str(error))  # noqa: TRY400 - said
            raise Refusal(
                503, "storage", "It cannot be stored now.", {"retry-after": "5"}
            ) from None


def _unknown() -> Refusal:
    return Refusal(
        401,
        "unknown_or_wrong_secret",
        "There is no webhook at this address, or its secret is missing or "
        "wrong. Send it as: Authorization: Bearer SECRET.",
    )


def _shown_secret(headers: Iterable[tuple[bytes, bytes]]) -> bytes:
    """The bearer token, if exactly one was sent."""
    shown = [value for name, value in headers if name == b"authorization"]
    if len(shown) != 1:
        return b""
    scheme, _, token = shown[0].partition(b" ")
    return token if scheme.lower() == b"bearer" else b""


def _kept_headers(headers: Iterable[tuple[bytes, bytes]]) -> dict[str, str]:
    return {
        name.decode("latin-1"): value.decode("latin-1")
        for name, value in headers
        if name not in _NOT_KEPT
    }


async def _answer(
    send: Send, status: int, text: str, headers: Mapping[str, str] | None = None
) -> None:
    body = text.encode()
    more = [(name.encode(), value.encode()) for name, value in (headers or {}).items()]
    await send(
        {
            "type": "http.response.start",
            "status": status,
            "headers": [
                (b"content-type", b"text/plain; charset=utf-8"),
                (b"content-length", str(len(body)).encode()),
                *more,
            ],
        }
    )
    await send({"type": "http.response.body", "body": body})

"""Replaces a connection's secrets wherever an answer or an error repeats them."""

import json
import re
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Iterable
from urllib.parse import quote, quote_plus

from trunkline.errors import ModuleError
from trunkline.sdk.answer import Answer

MASKED = "***"
# Shorter ones would blank out innocent words, and are guessed anyhow.
_SHORTEST = 6

_PERCENT = re.compile("%[0-9A-F]{2}")


class Mask:
    """Knows the secrets of one connection in every spelling a service may use."""

    __slots__ = ("_bytes", "_texts")

    def __init__(self, secrets: Iterable[str]) -> None:
        spelled = {
            spelling
            for secret in secrets
            if len(secret) >= _SHORTEST
            for spelling in _spellings(secret)
        }
        # The longest first, so that a part never leaves the rest of a whole behind.
        self._texts = sorted(spelled, key=len, reverse=True)
        self._bytes = [text.encode("utf-8", "surrogatepass") for text in self._texts]

    def text(self, text: str) -> str:
        """The text without secrets."""
        for secret in self._texts:
            text = text.replace(secret, MASKED)
        return text

    def answer(self, answer: Answer) -> Answer:
        """The answer without secrets in address, headers and body."""
        if not self._texts:
            return answer
        body = answer.body
        for secret in self._bytes:
            body = body.replace(secret, MASKED.encode())
        headers = {name: self.text(value) for name, value in answer.headers.items()}
        return Answer(answer.status, headers, body, self.text(answer.url))

    def error(self, error: ModuleError) -> ModuleError:
        """The same error, its texts without secrets."""
        error.args = tuple(
            self.text(part) if isinstance(part, str) else part for part in error.args
        )
        if error.detail is not None:
            error.detail = self.text(error.detail)
        return error


def _spellings(secret: str) -> set[str]:
    """The secret raw, in base64, URL-encoded and as part of a JSON text."""
    raw = secret.encode("utf-8", "surrogatepass")
    escaped = {json.dumps(secret, ensure_ascii=to)[1:-1] for to in (True, False)}
    quoted = {quote(secret, safe=""), quote(secret), quote_plus(secret)}
    return {
        secret,
        b64encode(raw).decode(),
        b64encode(raw).decode().rstrip("="),
        urlsafe_b64encode(raw).decode(),
        urlsafe_b64encode(raw).decode().rstrip("="),
        *escaped,
        *(text.replace("/", "\\/") for text in escaped),  # as PHP writes it
        *quoted,
        *(_lower_percent(text) for text in quoted),
    }


def _lower_percent(quoted: str) -> str:
    return _PERCENT.sub(lambda sign: sign[0].lower(), quoted)

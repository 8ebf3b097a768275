"""Three ways to send the API key, and the odd answers to a wrong one (1.1, 1.2)."""

import base64
import binascii
import hmac
import re

from starlette.requests import Request

from trunkline.apps.refiner.sandbox.behaviour import Behaviour
from trunkline.apps.refiner.sandbox.parameters import Parameters

_SHAPE = re.compile(r"[A-Za-z0-9_-]+", re.ASCII)


def sent_key(request: Request, parameters: Parameters) -> str:
    """Bearer or Basic header, else `api_key` in the URL or body; empty if none."""
    scheme, _, credentials = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        return credentials.strip()
    if scheme.lower() == "basic":
        return _user(credentials.strip())
    value = parameters.values.get("api_key")
    return value if isinstance(value, str) else ""


def is_good(key: str, behaviour: Behaviour) -> bool:
    """Whether the key could be one at all."""
    long_enough = len(key) >= behaviour.minimum_key_length
    return long_enough and _SHAPE.fullmatch(key) is not None


def refusal(
    sent: str, key: str, behaviour: Behaviour
) -> tuple[int, dict[str, str]] | None:
    """Status and body for a key that is not good, exactly as probed."""
    if len(sent) < behaviour.minimum_key_length:
        return 401, {"error": "No API key found in headers"}
    if not _SHAPE.fullmatch(sent):
        return 401, {"error": "API key does not look valid"}
    if not hmac.compare_digest(sent, key):
        body = {"message": "API key not valid or does not exist"}
        return behaviour.unknown_key_status, body
    return None


def _user(credentials: str) -> str:
    try:
        text = base64.b64decode(credentials, validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        return ""
    return text.partition(":")[0]

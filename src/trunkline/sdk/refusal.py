"""What an answer with an error status means, in our words and the service's."""

from collections.abc import Iterator
from http import HTTPStatus

from trunkline.errors import (
    AccountValidationError,
    ConnectionError,  # noqa: A004 - Make's name, see errors.py
    DataError,
    DuplicateDataError,
    MaxFileSizeExceededError,
    ModuleError,
    ModuleTimeoutError,
    OutOfSpaceError,
    RateLimitError,
    RuntimeError,  # noqa: A004 - Make's name, see errors.py
)
from trunkline.sdk.answer import Answer, Json

_LONGEST_DETAIL = 300
_KEYS = ("message", "error", "errors", "error_description", "detail", "title")

_ASK_AGAIN = "Try again later."
_CREDENTIALS = "Check the connection's credentials and what they are allowed to do."
_MEANINGS: dict[int, tuple[type[ModuleError], str]] = {
    400: (DataError, "Check the values of the module's fields."),
    401: (AccountValidationError, _CREDENTIALS),
    403: (AccountValidationError, _CREDENTIALS),
    404: (DataError, "It was not found: check the ID or the path."),
    408: (ModuleTimeoutError, _ASK_AGAIN),
    409: (DuplicateDataError, "Such a record is there already, or changed meanwhile."),
    413: (MaxFileSizeExceededError, "Send less at a time."),
    422: (DataError, "Check the values of the module's fields."),
    429: (RateLimitError, "It asks us to slow down. " + _ASK_AGAIN),
    502: (ConnectionError, _ASK_AGAIN),
    503: (ConnectionError, _ASK_AGAIN),
    504: (ConnectionError, _ASK_AGAIN),
    507: (OutOfSpaceError, "Make room in the service, then try again."),
}
_OTHER = (RuntimeError, "See what the service says about it.")


def refusal(answer: Answer, call: str, title: str) -> ModuleError:
    """The error that an answer stands for; `call` is its method and path."""
    kind, advice = _MEANINGS.get(answer.status, _OTHER)
    detail = own_message(answer)
    said = f": {detail}" if detail else ""
    if said and said[-1] not in ".!?…":
        said += "."
    return kind(
        f"{call}: {title} answered {_status(answer.status)}{said or '.'} {advice}",
        status=answer.status,
        detail=detail,
    )


def own_message(answer: Answer) -> str | None:
    """What the service itself says went wrong, in at most 300 characters."""
    content = answer.content
    if isinstance(content, str):
        is_page = "html" in answer.headers.get("content-type", "")
        found = "" if is_page else content
    else:
        found = "; ".join(dict.fromkeys(_messages(content)))
    said = " ".join(found.split())
    if len(said) > _LONGEST_DETAIL:
        said = said[: _LONGEST_DETAIL - 1] + "…"
    return said or None


def _messages(content: Json) -> Iterator[str]:
    """The texts below the keys under which services put them."""
    if isinstance(content, dict):
        for key in _KEYS:
            if key in content:
                yield from _texts(content[key])
    elif isinstance(content, list):
        for part in content:
            yield from _messages(part)


def _texts(value: Json) -> Iterator[str]:
    """A message, a list of them, or lists of them by field."""
    match value:
        case str():
            yield value
        case list():
            for part in value:
                yield from _texts(part)
        case dict():
            inner = list(_messages(value))
            yield from inner or _texts_by_field(value)
        case _:
            return


def _texts_by_field(value: dict[str, Json]) -> Iterator[str]:
    for field, part in value.items():
        for text in _texts(part):
            yield f"{field}: {text}"


def _status(status: int) -> str:
    try:
        return f"{status} {HTTPStatus(status).phrase}"
    except ValueError:
        return str(status)

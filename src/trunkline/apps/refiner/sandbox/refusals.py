"""What becomes of an error: JSON under /v1, a page or JSON elsewhere."""

from collections.abc import Mapping

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from .api import answers
from .errors import NotThereError, WrongInputError
from .failing import API
from .pages import rendering
from .state import sandbox_of


async def wrong_input(request: Request, error: Exception) -> Response:
    if not isinstance(error, WrongInputError):
        raise error
    if _is_api(request):
        return answers.wrong_input(error, sandbox_of(request).settings.behaviour)
    return _told(request, error.sentence, 422)


async def not_there(request: Request, error: Exception) -> Response:
    if not isinstance(error, NotThereError):
        raise error
    if _is_api(request):
        return answers.not_there(error, sandbox_of(request).settings.behaviour)
    return _told(request, f"{error}.", 404)


async def http_error(request: Request, error: Exception) -> Response:
    """An unknown path, a wrong method or too large a body."""
    if not isinstance(error, HTTPException):
        raise error
    return _told(request, error.detail, error.status_code, error.headers)


HANDLERS = {
    WrongInputError: wrong_input,
    NotThereError: not_there,
    HTTPException: http_error,
}


def _is_api(request: Request) -> bool:
    return request.url.path.startswith(API)


def _told(
    request: Request,
    sentence: str,
    status: int,
    headers: Mapping[str, str] | None = None,
) -> Response:
    if _is_api(request) or rendering.wants_json(request):
        return answers.json_response({"error": sentence}, status, headers)
    return rendering.page(request, "error.html", status, sentence=sentence)

"""Errors as RFC 9457 problems."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any, Final

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from trunkline import errors
from trunkline.model.problem import Problem

log = structlog.get_logger()

_STATUSES: Mapping[type[errors.TrunklineError], int] = {
    errors.NotEnteredError: 401,
    errors.ForbiddenError: 403,
    errors.NotFoundError: 404,
    errors.OutdatedError: 412,
    errors.ConflictError: 409,
    errors.UsageError: 422,
    errors.TemplateError: 422,
    errors.BundleValidationError: 422,
    errors.InvalidConfigurationError: 422,
    errors.TooManyAttemptsError: 429,
    errors.StorageFullError: 507,
    errors.StorageUnavailableError: 503,
    errors.ModuleError: 502,
}


PROBLEMS: Final[dict[int | str, dict[str, Any]]] = {
    "4XX": {
        "description": "A problem (RFC 9457): `detail` says what to do.",
        "content": {
            "application/problem+json": {
                "schema": {
                    "type": "object",
                    "required": ["type", "title", "status", "detail"],
                    "properties": {
                        "type": {"type": "string"},
                        "title": {"type": "string"},
                        "status": {"type": "integer"},
                        "detail": {"type": "string"},
                        "problems": {"type": "array", "items": {"type": "object"}},
                    },
                }
            }
        },
    }
}
"""What every route may answer, for the OpenAPI document."""


def explain_errors(app: FastAPI) -> None:
    """Lets every error leave as a problem, with a sentence and without a traceback."""
    app.add_exception_handler(errors.TrunklineError, _known)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(UnicodeEncodeError, _half)
    app.add_exception_handler(Exception, _unknown)


def problem(
    status: int, title: str, detail: str, problems: Sequence[Problem] = ()
) -> JSONResponse:
    content: dict[str, object] = {
        "type": "about:blank",
        "title": title,
        "status": status,
        "detail": detail,
    }
    if problems:
        content["problems"] = [asdict(one) for one in problems]
    return JSONResponse(content, status, media_type="application/problem+json")


def as_problem(error: errors.TrunklineError) -> JSONResponse:
    """The error as an answer; what is wrong with a scenario is told one by one."""
    status = next((s for kind, s in _STATUSES.items() if isinstance(error, kind)), 500)
    found = getattr(error, "problems", ())
    answer = problem(status, type(error).__name__, str(error), found)
    if isinstance(error, errors.NotEnteredError):
        answer.headers["www-authenticate"] = "Bearer"
    if isinstance(error, errors.TooManyAttemptsError):
        answer.headers["retry-after"] = str(error.retry_after)
    return answer


async def _known(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, errors.TrunklineError)  # noqa: S101 - registered for it
    return as_problem(error)


async def _invalid(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)  # noqa: S101 - registered for it
    faults = "; ".join(
        f"{'.'.join(map(str, fault['loc'][1:]))}: {fault['msg']}"
        for fault in error.errors()
    )
    return problem(422, "UsageError", f"The request is not complete: {faults}")


async def _http(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)  # noqa: S101 - registered for it
    answer = problem(error.status_code, "HTTPError", str(error.detail))
    answer.headers.update(error.headers or {})
    return answer


async def _half(_request: Request, _error: Exception) -> JSONResponse:
    return problem(
        422,
        "UsageError",
        "A text holds half of a surrogate pair (such as \\ud800), which is no "
        "character and cannot be stored. Remove it.",
    )


async def _unknown(request: Request, error: Exception) -> JSONResponse:
    log.error("request failed", path=request.url.path, exc_info=error)
    return problem(500, "UnexpectedError", "A fault in Trunkline; its log says more.")

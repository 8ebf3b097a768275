"""The log on stderr: readable on a terminal, JSON lines elsewhere, never secrets."""

import logging
import sys
from collections.abc import Callable
from typing import TypeAlias

import structlog
from structlog.types import EventDict, Processor, WrappedLogger

_SECRET = frozenset({"authorization", "key", "password", "secret", "token", "api_key"})

Step: TypeAlias = Callable[[WrappedLogger, str, EventDict], EventDict]


def log_everything(level: str) -> None:
    """The log of a server."""
    to_person = sys.stderr.isatty()
    final: list[Processor] = (
        [
            structlog.dev.ConsoleRenderer(
                exception_formatter=structlog.dev.plain_traceback
            )
        ]
        if to_person
        else [structlog.processors.format_exc_info, structlog.processors.JSONRenderer()]
    )
    _configure(_number(level), final)


def log_faults(level: str) -> None:
    """The log of a command: faults only, one line each, unless debugging is asked."""
    if _number(level) <= logging.DEBUG:
        log_everything(level)
    else:
        _configure(logging.ERROR, [_in_one_line, structlog.processors.JSONRenderer()])


def _configure(level: int, final: list[Processor]) -> None:
    shared: list[Processor] = [
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso"),
        _without_secrets,
    ]
    structlog.configure(
        processors=[*shared, *final],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=shared,
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *final],
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(formatter)
    # What libraries say about their own start and stop is of no use to an operator.
    logging.basicConfig(
        handlers=[handler], level=max(level, logging.WARNING), force=True
    )


def _without_secrets(_logger: WrappedLogger, _name: str, event: EventDict) -> EventDict:
    return {
        key: "***" if key.lower() in _SECRET else value for key, value in event.items()
    }


def _in_one_line(_logger: WrappedLogger, _name: str, event: EventDict) -> EventDict:
    fault = event.pop("exc_info", None)
    if isinstance(fault, BaseException):
        event["fault"] = f"{type(fault).__name__}: {fault}"
    return event


def _number(level: str) -> int:
    return logging.getLevelNamesMapping().get(level.upper(), logging.INFO)

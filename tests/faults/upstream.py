"""What a service can do wrong, and what has to become of it: a table."""

from dataclasses import dataclass
from email.utils import formatdate
from enum import StrEnum
from typing import Final

from fakes.clock import FakeTime
from fakes.faulty_server import Reply, reply


class Kind(StrEnum):
    """What a call does to a service."""

    READ = "read"
    HARMLESS = "a write that may be made twice"
    WRITE = "a write"


class End(StrEnum):
    """What becomes of a call that met a fault once."""

    THROUGH = "comes through"
    AGAIN = "is made again and comes through"
    LATER = "is given up, and its execution is tried again later"
    MEND = "is given up, and a person has to see to it"


Ends = dict[Kind, End]


def _ends(read: End, harmless: End, write: End) -> Ends:
    return {Kind.READ: read, Kind.HARMLESS: harmless, Kind.WRITE: write}


_BROKEN: Final = _ends(End.AGAIN, End.AGAIN, End.LATER)
"""It may have been carried out; a call that does something is made once."""
_UNSENT: Final = _ends(End.AGAIN, End.AGAIN, End.AGAIN)
"""It was certainly not carried out."""
_LATER: Final = _ends(End.LATER, End.LATER, End.LATER)
_REFUSED: Final = _ends(End.MEND, End.MEND, End.MEND)
_THROUGH: Final = _ends(End.THROUGH, End.THROUGH, End.THROUGH)


@dataclass(frozen=True, slots=True)
class Fault:
    """What a service answers, once, and the end of a call of each kind.

    `parsed` is the end where the answer's content is looked at, if that is another
    one: HTTP's own module passes on whatever is sound HTTP.
    """

    reply: Reply
    ends: Ends
    parsed: Ends | None = None
    waits: bool = False
    """It is noticed by a deadline."""
    lasts: bool = False
    """It is none if it comes once."""


def _raw(text: str, then: str) -> Reply:
    return Reply(text.replace("\n", "\r\n").encode(), then)


def _limited(asked: str | None = None, status: int = 429) -> Reply:
    return reply(status) if asked is None else reply(status, Retry_After=asked)


_HEAD = "HTTP/1.1 200 OK\n"
_JSON = _HEAD + "content-type: application/json\n"
_LONG_AGO = "Thu, 01 Jan 1970 00:00:00 GMT"
_SHORTLY = formatdate(FakeTime().clock() + 20, usegmt=True)

CONNECTIONS = {
    "refused": Fault(Reply(then="leave"), _UNSENT),
    "closed unanswered": Fault(Reply(then="close"), _BROKEN),
    "reset unanswered": Fault(Reply(then="reset"), _BROKEN),
    "closed in the status line": Fault(_raw("HTTP/1.1 20", "close"), _BROKEN),
    "closed in the head": Fault(_raw(_HEAD + "content-le", "close"), _BROKEN),
    "reset in the head": Fault(_raw(_HEAD + "content-le", "reset"), _BROKEN),
    "closed in the body": Fault(
        _raw(_JSON + 'content-length: 99\n\n{"a', "close"), _BROKEN
    ),
    "reset in the body": Fault(
        _raw(_JSON + 'content-length: 99\n\n{"a', "reset"), _BROKEN
    ),
    "closed in a chunk": Fault(
        _raw(_JSON + 'transfer-encoding: chunked\n\n9\n{"a', "close"), _BROKEN
    ),
    "a chunk of a wrong size": Fault(
        _raw(_JSON + "transfer-encoding: chunked\n\nzz\n{}", "close"), _BROKEN
    ),
    "silent": Fault(Reply(then="hang"), _BROKEN, waits=True),
    "silent in the head": Fault(_raw(_HEAD, "hang"), _BROKEN, waits=True),
    "silent in the body": Fault(
        _raw(_JSON + 'content-length: 99\n\n{"a', "hang"), _BROKEN, waits=True
    ),
    "a trickle": Fault(_raw(_JSON + "\n", "drip"), _BROKEN, waits=True),
    "not HTTP": Fault(_raw("SSH-2.0-OpenSSH_9.2\n\n", "close"), _BROKEN),
    "two lengths": Fault(
        _raw(_JSON + "content-length: 1\ncontent-length: 2\n\n{}", "close"), _BROKEN
    ),
    "a head without an end": Fault(
        _raw(_HEAD + f"x: {'a' * 20_000}\n\n", "close"), _BROKEN
    ),
    "not what gzip gives": Fault(
        _raw(_JSON + "content-encoding: gzip\ncontent-length: 2\n\n{}", "close"),
        _BROKEN,
    ),
}

STATUSES = {
    **{
        str(status): Fault(reply(status, '{"message": "no"}'), _REFUSED)
        for status in (400, 401, 403, 404, 409, 410, 413, 422, 500, 501)
    },
    **{str(status): Fault(reply(status), _BROKEN) for status in (408, 502, 503, 504)},
    "507": Fault(reply(507), _LATER),
    "429": Fault(_limited(), _UNSENT),
    "429 for seconds": Fault(_limited("20"), _UNSENT),
    "429 until a moment": Fault(_limited(_SHORTLY), _UNSENT),
    "429 until long ago": Fault(_limited(_LONG_AGO), _UNSENT),
    "429 for ever": Fault(_limited("999999999"), _LATER),
    "429 for who knows how long": Fault(_limited("after lunch"), _UNSENT),
    "429 for less than nothing": Fault(_limited("-5"), _UNSENT),
    "503 for seconds": Fault(_limited("20", 503), _BROKEN),
    "503 for hours": Fault(_limited("7200", 503), _LATER),
}

CONTENTS = {
    "a redirect in a circle": Fault(reply(301, Location="SELF"), _REFUSED, lasts=True),
    "a redirect elsewhere": Fault(
        reply(307, Location="http://127.0.0.1:1/"),
        _ends(End.AGAIN, End.MEND, End.MEND),
        _REFUSED,
    ),
    "a web page": Fault(
        reply(200, "<html>Welcome</html>", Content_Type="text/html"),
        _THROUGH,
        _REFUSED,
    ),
    "half of a JSON text": Fault(
        reply(200, '{"items": [{"uu', Content_Type="application/json"),
        _THROUGH,
        _REFUSED,
    ),
    "an unknown charset": Fault(
        reply(200, b"\xff\xfe{}", Content_Type="application/json; charset=klingon"),
        _THROUGH,
        _REFUSED,
    ),
    "another shape": Fault(
        reply(200, '["surprise"]', Content_Type="application/json"),
        _THROUGH,
        _REFUSED,
    ),
}

FAULTS = CONNECTIONS | STATUSES | CONTENTS

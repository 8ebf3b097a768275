"""What reaches the terminal: text without tricks, JSON, sentences, and progress."""

import asyncio
import json
import re
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

_TRICKS = (
    "\x7f-\x9f"  # DEL and C1, which terminals may take for commands
    "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"  # reorder what is read
    "\u2028\u2029"  # line ends for some
    "\ud800-\udfff"  # cannot be encoded
)
_IN_JSON = re.compile(f"[{_TRICKS}]")
_IN_TEXT = re.compile(f"[\x00-\x1f{_TRICKS}]")
_IN_BYTES = re.compile(
    rb"\x7f|\xc2[\x80-\x9f]|\xd8\x9c"
    rb"|\xe2\x80[\x8e\x8f\xa8-\xae]|\xe2\x81[\xa6-\xa9]"
)
_SECOND = 1.0
_REFRESH = 0.2


def visible(value: object) -> str:
    """A value from outside as one line in which nothing can steer the terminal."""
    return _IN_TEXT.sub(_escaped, str(value))


def complain(sentence: str) -> None:
    """Says on stderr what is wrong; lists within a message keep their lines."""
    lines = (_IN_TEXT.sub(_escaped, line) for line in sentence.split("\n"))
    sys.stderr.write("\n".join(lines) + "\n")


def say(sentence: str = "") -> None:
    """Says something on stdout, its lines kept."""
    lines = (_IN_TEXT.sub(_escaped, line) for line in sentence.split("\n"))
    sys.stdout.write("\n".join(lines) + "\n")


def print_json(value: object) -> None:
    """JSON for programs and people; what could steer a terminal stands in escapes."""
    text = json.dumps(value, ensure_ascii=False, indent=2)
    sys.stdout.write(_IN_JSON.sub(_escaped, text) + "\n")


def print_json_lines(lines: list[bytes]) -> None:
    """JSON texts as they came, one a line, out at once."""
    raw = b"".join(line + b"\n" for line in lines)
    sys.stdout.buffer.write(_IN_BYTES.sub(lambda found: _escaped_bytes(found[0]), raw))
    sys.stdout.buffer.flush()


@dataclass(slots=True)
class Work:
    """Something that takes time; `done` counts what came of it so far."""

    what: str
    done: int = 0

    def __str__(self) -> str:
        what = visible(self.what)
        return f"{what}: {self.done:,}" if self.done else what


@asynccontextmanager
async def patience(what: str, *, shown: bool = True) -> AsyncIterator[Work]:
    """Shows that work goes on, once it takes more than a second, to a person."""
    work = Work(what)
    if not (shown and sys.stderr.isatty()):
        yield work
        return
    waiting = asyncio.create_task(_show(work))
    try:
        yield work
    finally:
        waiting.cancel()
        await asyncio.wait({waiting})


async def _show(work: Work) -> None:
    await asyncio.sleep(_SECOND)
    from rich.console import Console  # noqa: PLC0415 - seldom needed, and slow to load
    from rich.progress import (  # noqa: PLC0415 - the same
        BarColumn,
        Progress,
        TextColumn,
        TimeElapsedColumn,
    )

    bar = Progress(
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        TimeElapsedColumn(),
        console=Console(stderr=True),
        transient=True,
    )
    with bar:
        task = bar.add_task(str(work), total=None)
        while True:
            await asyncio.sleep(_REFRESH)
            bar.update(task, description=str(work))


def _escaped(found: re.Match[str]) -> str:
    return f"\\u{ord(found[0]):04x}"


def _escaped_bytes(character: bytes) -> bytes:
    return f"\\u{ord(character.decode()):04x}".encode()

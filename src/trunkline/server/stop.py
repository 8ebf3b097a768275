"""SIGINT and SIGTERM, from the first moment of a server to its last."""

import asyncio
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Self

_SIGNALS = (signal.SIGINT, signal.SIGTERM)


class Stop:
    """Whether somebody asked to stop, and who is to be told."""

    def __init__(self) -> None:
        self._asked = False
        self._tell: Callable[[], None] | None = None

    @classmethod
    @contextmanager
    def by_signals(cls) -> Iterator[Self]:
        """Minds the signals for as long as the block lasts."""
        stop = cls()
        loop = asyncio.get_running_loop()
        for number in _SIGNALS:
            loop.add_signal_handler(number, stop.ask)
        try:
            yield stop
        finally:
            for number in _SIGNALS:
                loop.remove_signal_handler(number)

    def ask(self) -> None:
        self._asked = True
        if self._tell is not None:
            self._tell()

    def calls(self, tell: Callable[[], None]) -> None:
        """Names who is told, at once if somebody has asked already."""
        self._tell = tell
        if self._asked:
            tell()

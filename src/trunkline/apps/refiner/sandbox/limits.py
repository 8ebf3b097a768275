"""Counts requests per key and per contact in windows of a minute (1.4)."""

import math
from dataclasses import dataclass

from .behaviour import Behaviour
from .times import Clock

WINDOW = 60.0  # seconds, from a counter's first request
SWEEP = 10_000  # counters kept before those of past windows are dropped


@dataclass(slots=True)
class Window:
    """When it ends and how many requests it has seen."""

    ends: float
    count: int = 0


class Limits:
    """Says how long to wait, if at all."""

    def __init__(self, behaviour: Behaviour, clock: Clock) -> None:
        self._behaviour = behaviour
        self._clock = clock
        self._windows: dict[str, Window] = {}

    def wait(self, key: str, contact: str | None) -> int:
        """Whole seconds until the request may be made; 0 counts it as made."""
        allowed = {f"key {key}": self._behaviour.key_requests_per_minute}
        if contact:
            allowed[f"contact {contact}"] = self._behaviour.user_requests_per_minute
        now = self._clock().timestamp()
        windows = {name: self._window(name, now) for name in allowed}
        full = [
            window.ends - now
            for name, window in windows.items()
            if window.count >= allowed[name]
        ]
        if full:
            return max(1, math.ceil(max(full)))
        for window in windows.values():
            window.count += 1
        return 0

    def _window(self, name: str, now: float) -> Window:
        if len(self._windows) > SWEEP:
            self._windows = {n: w for n, w in self._windows.items() if w.ends > now}
        window = self._windows.get(name)
        if window is None or window.ends <= now:
            window = self._windows[name] = Window(now + WINDOW)
        return window

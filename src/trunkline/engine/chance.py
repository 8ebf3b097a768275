"""Chance that can be repeated."""

import uuid
from random import Random


class Chance:
    """Random values that stay the same when an operation has to be repeated."""

    __slots__ = ("_seed", "_source")

    def __init__(self, seed: str) -> None:
        self._seed = seed
        self._source: Random | None = None

    def random(self) -> float:
        return self._drawn().random()

    def uuid(self) -> str:
        return str(uuid.UUID(int=self._drawn().getrandbits(128), version=4))

    def _drawn(self) -> Random:
        if self._source is None:
            self._source = Random(self._seed)  # noqa: S311 - not for secrets
        return self._source

"""A list of texts that may be longer than memory."""

from array import array
from collections.abc import AsyncIterator, Iterable
from pathlib import Path
from tempfile import SpooledTemporaryFile

from trunkline.model.steps import keep_step

_IN_MEMORY = 1 << 20
"""Bytes kept in memory; beyond them, a file without a name takes all."""
_STRIDE = 256
"""Texts read before others get their turn."""


class Spool:
    """Texts without line breaks, such as JSON, in the order in which they came."""

    def __init__(self, folder: Path) -> None:
        self._file = SpooledTemporaryFile(_IN_MEMORY, dir=str(folder))  # noqa: SIM115 - closed by `close`
        self._end = 0
        self.places = array("Q")
        """Where each text begins."""

    def __len__(self) -> int:
        return len(self.places)

    def add(self, text: str) -> int:
        """Adds a text and returns its place."""
        place = self._end
        self._end += self._file.write(text.encode() + b"\n")
        self.places.append(place)
        return place

    async def read(self, places: Iterable[int] | None = None) -> AsyncIterator[bytes]:
        """The texts at some places, or all of them."""
        for number, place in enumerate(self.places if places is None else places, 1):
            self._file.seek(place)
            yield self._file.readline()
            if number % _STRIDE == 0:
                await keep_step()

    def close(self) -> None:
        self._file.close()

"""What an aggregator gathers until its source has given all."""

from array import array
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

from trunkline.engine.bundle import decode, encode, encode_fields
from trunkline.engine.spool import Spool
from trunkline.sdk import Input


class Gathering:
    """Filled forms in groups, each in the order in which they came."""

    def __init__(self, form: type[Input], folder: Path, *, grouped: bool) -> None:
        self._form = form
        self._spool = Spool(folder)
        self._grouped = grouped
        self._groups: dict[str, array[int]] = {}

    def add(self, fields: Input, key: object) -> None:
        """Takes a form in; those with an equal key make one group."""
        place = self._spool.add(encode_fields(fields))
        if self._grouped:
            self._groups.setdefault(encode(key), array("Q")).append(place)

    def __len__(self) -> int:
        return len(self._spool)

    def groups(self) -> list[tuple[Any, AsyncIterator[Input]]]:
        """The key of each group with its forms, by the order of first appearance.

        Without grouping there is one group; where nothing came, an empty one.
        """
        if not self._groups:
            return [(None, self._forms(None))]
        return [
            (decode(key), self._forms(places)) for key, places in self._groups.items()
        ]

    async def _forms(self, places: "array[int] | None") -> AsyncIterator[Input]:
        async for text in self._spool.read(places):
            yield self._form.model_validate_json(text)

    def close(self) -> None:
        self._spool.close()

"""What a scenario was before: its versions, compared and brought back."""

import difflib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from trunkline.model.clock import as_text
from trunkline.model.scenario_text import as_yaml
from trunkline.services.scenarios import Scenarios, ScenarioView
from trunkline.store.scenarios import (
    find_numbered_version,
    find_scenario,
    list_versions,
)
from trunkline.store.store import Store


@dataclass(frozen=True, slots=True)
class VersionView:
    """One version; `document` and `text` only where it is shown alone."""

    number: int
    created_at: str | None
    current: bool
    document: Mapping[str, Any] | None = None
    text: str | None = None


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two versions side by side, as the lines of a unified diff without its head."""

    before: int
    after: int
    lines: list[str]


class Versions:
    """The use cases around versions."""

    def __init__(self, store: Store, scenarios: Scenarios) -> None:
        self._store = store
        self._scenarios = scenarios

    async def all(self, ref: str) -> list[VersionView]:
        """A scenario's versions, newest first.

        Raises:
            NotFoundError: there is no such scenario.
        """
        scenario = await self._store.read(find_scenario, ref)
        return [
            VersionView(number, as_text(created_at), number == scenario.version)
            for number, created_at in await self._store.read(list_versions, scenario.id)
        ]

    async def show(self, ref: str, number: int) -> VersionView:
        """One version with its document, and as a file.

        Raises:
            NotFoundError: there is no such scenario or version.
        """
        listed = {one.number: one for one in await self.all(ref)}
        document = await self._document(ref, number)
        return VersionView(
            number,
            listed[number].created_at,
            listed[number].current,
            document,
            as_yaml(document),
        )

    async def compare(self, ref: str, before: int, after: int) -> Comparison:
        """What changed from one version to another.

        Raises:
            NotFoundError: there is no such scenario or version.
        """
        old = as_yaml(await self._document(ref, before)).splitlines()
        new = as_yaml(await self._document(ref, after)).splitlines()
        lines = list(difflib.unified_diff(old, new, lineterm=""))[2:]
        return Comparison(before, after, lines)

    async def restore(self, ref: str, number: int) -> ScenarioView:
        """Saves what a version says as the newest one; nothing is lost.

        Raises:
            NotFoundError: there is no such scenario or version.
            InvalidScenarioError: something it names is gone.
        """
        return await self._scenarios.change(ref, await self._document(ref, number))

    async def _document(self, ref: str, number: int) -> dict[str, Any]:
        scenario = await self._store.read(find_scenario, ref)
        content = await self._store.read(find_numbered_version, scenario.id, number)
        document: dict[str, Any] = json.loads(content)
        return document

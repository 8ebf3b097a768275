"""Which scenario listens to which webhook, compiled and at hand."""

from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from trunkline.engine.compile import CompiledScenario

_REMEMBERED_VERSIONS = 256


@dataclass(frozen=True, slots=True)
class Listener:
    """An active scenario in its current version."""

    scenario_id: str
    version_id: str
    compiled: CompiledScenario


class Roster:
    """Active scenarios by webhook, and compiled versions by id.

    `load` compiles a version that is not remembered.
    """

    def __init__(self, load: Callable[[str], Awaitable[CompiledScenario]]) -> None:
        self._load = load
        self._listeners: dict[str, Listener] = {}
        self._versions: OrderedDict[str, CompiledScenario] = OrderedDict()
        self.in_review = False
        """Nobody hears anything until a person has confirmed a restored folder."""

    def listener(self, webhook_id: str) -> Listener | None:
        return None if self.in_review else self._listeners.get(webhook_id)

    def webhooks(self) -> list[str]:
        """The webhooks to which somebody listens, or will after the review."""
        return list(self._listeners)

    def listen(self, webhook_id: str, listener: Listener) -> None:
        self._listeners[webhook_id] = listener
        self._remember(listener.version_id, listener.compiled)

    def leave(self, scenario_id: str) -> None:
        self._listeners = {
            webhook_id: listener
            for webhook_id, listener in self._listeners.items()
            if listener.scenario_id != scenario_id
        }

    async def version(self, version_id: str) -> CompiledScenario:
        compiled = self._versions.get(version_id)
        if compiled is None:
            compiled = await self._load(version_id)
            self._remember(version_id, compiled)
        return compiled

    def forget(self) -> None:
        """Forgets compiled versions, after the connections they name have changed."""
        self._versions.clear()

    def _remember(self, version_id: str, compiled: CompiledScenario) -> None:
        self._versions[version_id] = compiled
        if len(self._versions) > _REMEMBERED_VERSIONS:
            self._versions.popitem(last=False)

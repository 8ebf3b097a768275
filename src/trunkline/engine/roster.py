"""Which scenario listens to which webhook, compiled and at hand."""

from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from trunkline.engine.steps import CompiledScenario

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
        self._waiting: dict[str, str] = {}
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

    def waits(self, webhook_id: str) -> bool:
        """Whether deliveries wait for a scenario that was switched off by itself."""
        return self.in_review or webhook_id in self._waiting

    def shut_down(self, scenario_id: str) -> None:
        """The scenario hears nothing more, and what arrives waits for it."""
        for webhook_id, listener in self._listeners.items():
            if listener.scenario_id == scenario_id:
                self._waiting[webhook_id] = scenario_id
        self.leave(scenario_id)

    def keep_waiting(self, webhook_id: str, scenario_id: str) -> None:
        """What arrives waits for a scenario that was switched off in a former life."""
        self._waiting[webhook_id] = scenario_id

    def listens_again(self, scenario_id: str) -> None:
        """A person has looked after it."""
        self._waiting = {
            webhook_id: waiting
            for webhook_id, waiting in self._waiting.items()
            if waiting != scenario_id
        }

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

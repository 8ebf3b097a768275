"""The use cases: the one Python API that every door calls."""

from dataclasses import dataclass

from trunkline.engine.engine import Engine
from trunkline.services.apps import Apps
from trunkline.services.connections import Connections
from trunkline.services.executions import Executions
from trunkline.services.health import Health
from trunkline.services.language import Language
from trunkline.services.scenarios import Scenarios
from trunkline.services.webhooks import Webhooks
from trunkline.store.store import Store

__all__ = ["Services"]


@dataclass(frozen=True, slots=True)
class Services:
    """One object for each group of use cases."""

    apps: Apps
    connections: Connections
    webhooks: Webhooks
    scenarios: Scenarios
    executions: Executions
    language: Language
    health: Health
    engine: Engine

    @classmethod
    def over(cls, store: Store, engine: Engine) -> "Services":
        catalog = engine.catalog
        return cls(
            apps=Apps(catalog, engine.channels),
            connections=Connections(
                store, catalog, engine.channels, engine.clock, engine.ids
            ),
            webhooks=Webhooks(store, catalog, engine),
            scenarios=Scenarios(store, engine),
            executions=Executions(store, engine),
            language=Language(engine),
            health=Health(store, engine),
            engine=engine,
        )

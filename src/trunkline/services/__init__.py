"""The use cases: the one Python API that every door calls."""

from dataclasses import dataclass

from trunkline.engine.engine import Engine
from trunkline.engine.news import News
from trunkline.services.access import Access
from trunkline.services.activity import Activity
from trunkline.services.apps import Apps
from trunkline.services.backups import Backups
from trunkline.services.beginnings import Beginnings
from trunkline.services.connections import Connections
from trunkline.services.counters import Counters
from trunkline.services.datastores import DataStores
from trunkline.services.deliveries import Deliveries
from trunkline.services.executions import Executions
from trunkline.services.gaps import Gaps
from trunkline.services.hand_runs import HandRuns
from trunkline.services.health import Health
from trunkline.services.language import Language
from trunkline.services.pins import Pins
from trunkline.services.rehearsals import Rehearsals
from trunkline.services.scenarios import Scenarios
from trunkline.services.schedules import Schedules
from trunkline.services.scores import Scores
from trunkline.services.storage import Storage
from trunkline.services.tryout import Tryout
from trunkline.services.versions import Versions
from trunkline.services.webhooks import Webhooks
from trunkline.store.store import Store

__all__ = ["Services"]


@dataclass(frozen=True, slots=True)
class Services:
    """One object for each group of use cases."""

    apps: Apps
    connections: Connections
    data_stores: DataStores
    webhooks: Webhooks
    deliveries: Deliveries
    gaps: Gaps
    scenarios: Scenarios
    hand_runs: HandRuns
    pins: Pins
    counters: Counters
    schedules: Schedules
    beginnings: Beginnings
    rehearsals: Rehearsals
    executions: Executions
    versions: Versions
    language: Language
    health: Health
    storage: Storage
    activity: Activity
    scores: Scores
    access: Access
    tryout: Tryout
    backups: Backups
    engine: Engine

    @property
    def news(self) -> News:
        return self.engine.news

    @classmethod
    def over(cls, store: Store, engine: Engine) -> "Services":
        catalog = engine.catalog
        scenarios = Scenarios(store, engine)
        webhooks = Webhooks(store, catalog, engine)
        connections = Connections(
            store, catalog, engine.channels, engine.clock, engine.ids
        )
        return cls(
            apps=Apps(catalog, engine.channels, engine.records, engine.dialogs),
            connections=connections,
            data_stores=DataStores(store, engine),
            webhooks=webhooks,
            deliveries=Deliveries(store, engine, webhooks),
            gaps=Gaps(store, engine, webhooks),
            scenarios=scenarios,
            hand_runs=HandRuns(store, engine),
            pins=Pins(store, engine),
            counters=Counters(store, engine),
            schedules=Schedules(engine),
            beginnings=Beginnings(store, engine),
            rehearsals=Rehearsals(store, engine),
            executions=Executions(store, engine),
            versions=Versions(store, scenarios),
            language=Language(engine),
            health=Health(store, engine),
            storage=Storage(store, engine),
            activity=Activity(store, engine.clock),
            scores=Scores(store, catalog, engine.clock),
            access=Access(store, engine.clock, engine.ids),
            tryout=Tryout(store, engine, connections, webhooks, scenarios),
            backups=Backups(store, engine),
            engine=engine,
        )

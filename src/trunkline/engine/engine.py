"""Everything that runs scenarios, put together."""

import asyncio
from collections.abc import Iterable

import structlog

from trunkline.engine.attendance import Attendance
from trunkline.engine.breaker import Breaker
from trunkline.engine.bundle import encode
from trunkline.engine.catalog import Catalog
from trunkline.engine.channels import Channels
from trunkline.engine.compile import compile_scenario
from trunkline.engine.dialogs import Dialogs
from trunkline.engine.dispatch import LocalDispatch
from trunkline.engine.document import load_document
from trunkline.engine.inputs import filled_inputs
from trunkline.engine.intake import Intake
from trunkline.engine.news import News
from trunkline.engine.orders import Orders
from trunkline.engine.pace import Paces
from trunkline.engine.records import StoredRecords
from trunkline.engine.retention import Retention
from trunkline.engine.retries import Retries
from trunkline.engine.roster import Listener, Roster
from trunkline.engine.steps import CompiledScenario
from trunkline.engine.timer import Timer
from trunkline.engine.timetable import Timetable
from trunkline.engine.worker import Worker
from trunkline.errors import (
    InvalidConfigurationError,
    NotFoundError,
    TrunklineError,
)
from trunkline.model.clock import Clock, Millis
from trunkline.model.connection import StoredConnection
from trunkline.model.execution import Execution
from trunkline.model.ids import Ids
from trunkline.model.retention import Bounds
from trunkline.model.scenario import ScenarioDocument, StoredScenario
from trunkline.model.states import ExecutionState, Origin
from trunkline.sdk import HttpClient
from trunkline.store.connections import find_connection, list_connections
from trunkline.store.deliveries import latest_id
from trunkline.store.review import end_review, find_review
from trunkline.store.scenarios import find_scenario, find_version, list_scenarios
from trunkline.store.shutdowns import list_shutdowns
from trunkline.store.store import Store
from trunkline.store.waiting import take_up_waiting
from trunkline.store.webhooks import list_webhooks

log = structlog.get_logger()


_BOUNDS = Bounds()


class Engine:
    """Owns the parts that run; `start` and `stop` frame their lives."""

    def __init__(
        self,
        store: Store,
        catalog: Catalog,
        *,
        clock: Clock,
        ids: Ids,
        allow_hosts: Iterable[str],
        slots: int,
        bounds: Bounds = _BOUNDS,
    ) -> None:
        self.store = store
        self.catalog = catalog
        self.clock = clock
        self.ids = ids
        self.http = HttpClient(allow_hosts=allow_hosts)
        self.channels = Channels(catalog, self.http, self._connection, clock)
        self.dialogs = Dialogs(catalog, self.channels, store, self.records)
        self.roster = Roster(self._compile_version)
        self.dispatch = LocalDispatch(store, clock, owner=ids.new(), slots=slots)
        self.news = News()
        self.breaker = Breaker(store, self.roster, clock, self.news)
        self.worker = Worker(
            store,
            self.dispatch,
            self.roster,
            self.channels,
            clock,
            ended=self._ended,
            failed=self.breaker.failed,
            begin=self._begin_called,
        )
        release = self._release
        self.paces = Paces(clock, release=release, wake=self._wake_timer)
        self.timetable = Timetable(store, self.dispatch, clock, ids, release=release)
        self._retries = Retries(store, self.dispatch, self.news)
        duties = (self._retries, self.timetable, self.paces)
        self.timer = Timer(duties, clock, set_back=self._set_back)
        roster, dispatch, worker = self.roster, self.dispatch, self.worker
        self.intake = Intake(
            store, catalog, roster, dispatch, worker, clock, ids, self.paces
        )
        self.orders = Orders(store, dispatch, worker, roster, clock, ids, self.news)
        self.retention = Retention(store, clock, bounds)
        self.attendance = Attendance(store, clock)
        self._tasks: list[asyncio.Task[None]] = []

    def records(self) -> StoredRecords:
        """A way to the data stores for whoever is no operation."""
        return StoredRecords(self.store, self.clock)

    async def start(self) -> None:
        """Takes up what a former owner left, and begins to claim.

        A restored folder waits until a person has confirmed it.
        """
        self.ids.follow(await self.store.read(latest_id))
        self.roster.in_review = await self.store.read(find_review) is not None
        if self.roster.in_review:
            log.warning(
                "in review: this folder was restored from a backup; nothing runs, and "
                "deliveries wait, until it is confirmed: trunkline restore --confirm"
            )
            return
        await self._begin()

    async def confirm(self, *, cancel: bool) -> int:
        """Ends the review of a restored folder; what was unfinished runs or is over.

        Returns:
            How many executions were unfinished.

        Raises:
            ConflictError: there is no review.
        """
        unfinished = await self.store.write(
            end_review, cancel=cancel, now=self.clock.millis()
        )
        await self._begin()
        self.roster.in_review = False
        for webhook_id in self.roster.webhooks():
            await self.take_up(webhook_id)
        return unfinished

    async def _begin(self) -> None:
        recovered = await self.dispatch.recover()
        if recovered:
            log.info("executions taken up", number=recovered)
        for scenario in await self.store.read(list_scenarios):
            if scenario.active:
                await self._enlist(scenario)
        for shutdown in await self.store.read(list_shutdowns):
            if shutdown.webhook_id is not None:
                self.roster.keep_waiting(shutdown.webhook_id, shutdown.scenario_id)
        for work in (self.worker.work, self.worker.watch, self.retention.work):
            self._tasks.append(asyncio.create_task(work()))
        self.timer.start()

    async def stop(self, grace: float) -> None:
        """Finishes or hands back what is running, within `grace` seconds."""
        await self.timer.stop()
        for task in self._tasks:
            task.cancel()
        if self._tasks:
            await asyncio.wait(self._tasks)
        await self.worker.stop(grace)
        await self.http.close()

    async def compile(
        self, document: ScenarioDocument, *, thorough: bool = False
    ) -> CompiledScenario:
        """Checks a scenario against the connections and webhooks that exist.

        `thorough` looks at the fields that depend on others as well; that they have
        changed since stops no scenario that is saved.

        Raises:
            InvalidScenarioError: with everything that is wrong.
        """
        connections = await self.store.read(list_connections, self.store.vault)
        webhooks = await self.store.read(list_webhooks, self.store.vault)
        return compile_scenario(
            document,
            self.catalog,
            connections={one.name: one.app for one in connections},
            webhooks={one.name: one.module for one in webhooks},
            declared=await self.dialogs.declared(document) if thorough else {},
            returned=await self.dialogs.returned(document) if thorough else {},
        )

    async def switch_on(
        self, scenario: StoredScenario, compiled: CompiledScenario, *, anew: bool = True
    ) -> None:
        """Lets an active scenario hear its webhook, or run by its schedule.

        `anew` says that a person did it, and that it does not go on after a restart.
        """
        self.roster.leave(scenario.id)
        self.roster.listens_again(scenario.id)
        self.paces.enlist(scenario.id, compiled)
        self.dispatch.bounds.pop(scenario.id, None)
        if compiled.max_running:
            self.dispatch.bounds[scenario.id] = compiled.max_running
        await self.timetable.enlist(scenario, compiled, anew=anew)
        if scenario.webhook_id is not None:
            listener = Listener(scenario.id, scenario.version_id, compiled)
            self.roster.listen(scenario.webhook_id, listener)
            await self.take_up(scenario.webhook_id)
        self.timer.wake()

    async def switch_off(self, scenario_id: str) -> None:
        """The scenario hears nothing more, and its schedule ends."""
        self.roster.leave(scenario_id)
        self.paces.dismiss(scenario_id)
        await self.timetable.dismiss(scenario_id)

    async def take_up(self, webhook_id: str) -> None:
        """Lets run what waits behind a webhook, if an active scenario listens."""
        listener = self.roster.listener(webhook_id)
        if listener is None:
            return
        if self.paces.is_unbound(listener.scenario_id, listener.compiled):
            await self._release(listener.scenario_id, None)
        else:
            self.paces.wait(listener.scenario_id)

    async def _set_back(self, by: Millis) -> None:
        """The clock was set back."""
        await self._retries.set_back(by, self.clock.millis())
        await self.timetable.set_back(by)

    def _wake_timer(self) -> None:
        self.timer.wake()

    async def _release(self, scenario_id: str, most: int | None) -> int:
        """Lets deliveries run that wait for a scenario; returns how many."""
        if self.roster.in_review:
            return 0
        scenario = await self.store.read(find_scenario, scenario_id)
        compiled = await self.roster.version(scenario.version_id)
        taken = await self.store.write(
            take_up_waiting,
            scenario,
            sequential=compiled.sequential,
            now=self.clock.millis(),
            most=most,
        )
        self.dispatch.wake()
        return taken

    async def _begin_called(self, name: str, values: object) -> Execution:
        """An execution of a scenario that another one calls; it is not stored yet.

        Raises:
            InvalidConfigurationError: there is no such active scenario, or it does
                not run on demand.
            BundleValidationError: the inputs do not fit.
        """
        try:
            scenario = await self.store.read(find_scenario, name)
        except NotFoundError as error:
            raise InvalidConfigurationError(str(error)) from error
        compiled = await self.roster.version(scenario.version_id)
        if not scenario.active or compiled.schedule.type != "on-demand":
            raise InvalidConfigurationError(
                f"The scenario {scenario.name!r} cannot be called: it has to be active "
                "and to run on demand."
            )
        filled = filled_inputs(compiled.inputs, values)
        return Execution(
            id=self.ids.new(),
            scenario_id=scenario.id,
            version_id=scenario.version_id,
            delivery_id=None,
            created_at=self.clock.millis(),
            input=encode(filled),
            order_key=scenario.id if compiled.sequential else None,
            origin=Origin.SCENARIO,
        )

    def _ended(self, execution: Execution) -> None:
        self.worker.responses.end(execution)
        by_time = execution.delivery_id is None
        if by_time or execution.state is ExecutionState.INCOMPLETE:
            self.timetable.ended(execution)
            self.timer.wake()
        self.news.tell("executions")
        self.orders.ended(execution)

    async def _enlist(self, scenario: StoredScenario) -> None:
        try:
            compiled = await self.roster.version(scenario.version_id)
        except TrunklineError as error:
            log.error(  # noqa: TRY400 - the sentence says it all
                "scenario cannot run", scenario=scenario.name, reason=str(error)
            )
            return
        await self.switch_on(scenario, compiled, anew=False)

    async def _compile_version(self, version_id: str) -> CompiledScenario:
        content = await self.store.read(find_version, version_id)
        return await self.compile(load_document(content))

    async def _connection(self, name: str) -> StoredConnection:
        return await self.store.read(find_connection, self.store.vault, name)

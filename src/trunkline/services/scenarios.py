"""Scenarios: saved as versions, switched on and off, run by hand."""

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from trunkline.engine.compile import InvalidScenarioError
from trunkline.engine.document import (
    document_schema,
    dump_document,
    load_document,
    parse_document,
    read_document,
)
from trunkline.engine.engine import Engine
from trunkline.engine.steps import CompiledScenario
from trunkline.errors import ConflictError
from trunkline.model.clock import as_text
from trunkline.model.problem import Problem
from trunkline.model.scenario import ScenarioDocument, StoredScenario
from trunkline.model.schedule import Schedule
from trunkline.model.schedule_words import in_words
from trunkline.services.names import check_name
from trunkline.services.schedules import Schedules
from trunkline.store.pruning import remove_some_executions
from trunkline.store.scenarios import (
    find_scenario,
    list_scenarios,
    remove_scenario,
    replace_version,
    save_version,
    set_active,
)
from trunkline.store.shutdowns import Shutdown, list_shutdowns
from trunkline.store.store import Store
from trunkline.store.webhooks import list_webhooks


@dataclass(frozen=True, slots=True)
class ShutdownView:
    """When and why a scenario was switched off, and by which execution."""

    at: str | None
    reason: str
    execution: str | None


@dataclass(frozen=True, slots=True)
class ScenarioView:
    """A scenario in its current version; `warnings` are told when it is saved.

    `shutdown` says why it was switched off by itself, until it is switched on again;
    `next_runs` are the next times of its schedule, five where it is shown alone.
    `schedule` is the one that holds, `timezone` that of the scenario, and `plan` says
    both in words.
    """

    id: str
    name: str
    active: bool
    version: int
    webhook: str | None
    modules: list[str]
    created_at: str | None
    updated_at: str | None
    schedule: Schedule
    timezone: str
    plan: str
    shutdown: ShutdownView | None = None
    next_runs: list[str] = field(default_factory=list)
    document: Mapping[str, Any] | None = None
    warnings: list[Problem] = field(default_factory=list)


class Scenarios:
    """The use cases around scenarios."""

    def __init__(self, store: Store, engine: Engine) -> None:
        self._store = store
        self._engine = engine
        self._schedules = Schedules(engine)

    async def add_text(self, text: str) -> ScenarioView:
        """Saves a scenario file (YAML or JSON); see `add`."""
        return await self.add(await asyncio.to_thread(parse_document, text))

    async def add_values(self, values: object) -> ScenarioView:
        """Saves a scenario given as values; see `add`."""
        return await self.add(read_document(values))

    async def add(self, document: ScenarioDocument) -> ScenarioView:
        """Saves a scenario, as a new version where one of that name exists.

        An active scenario goes on with the new version; executions under way end on
        the one they began with.

        Raises:
            InvalidScenarioError: with everything that is wrong.
            ConflictError: it is active, and another one listens to its new webhook.
        """
        check_name("scenario", document.name)
        compiled = await self._engine.compile(document, thorough=True)
        await self._check_webhook_is_free(document.name, compiled.webhook)
        ids = self._engine.ids
        await self._store.write(
            save_version,
            scenario_id=ids.new(),
            version_id=ids.new(),
            name=document.name,
            content=dump_document(document),
            now=self._engine.clock.millis(),
        )
        saved = await self._find(document.name)
        if saved.active:
            await self._switch_on(saved, compiled)
        self._engine.news.tell("scenarios")
        shown = await self.show(saved.id)
        return replace(shown, warnings=list(compiled.warnings))

    async def change(
        self, ref: str, values: object, *, expected: int | None = None
    ) -> ScenarioView:
        """Saves a new version of a scenario that exists, perhaps with another name.

        `expected` is the number of the version that was changed.

        Raises:
            NotFoundError: there is no such scenario.
            OutdatedError: another version was saved meanwhile.
            InvalidScenarioError: with everything that is wrong.
            ConflictError: another scenario has the name, or listens to the webhook.
        """
        document = read_document(values)
        check_name("scenario", document.name)
        before = await self._find(ref)
        compiled = await self._engine.compile(document, thorough=True)
        await self._check_webhook_is_free(before.name, compiled.webhook)
        await self._store.write(
            replace_version,
            before.id,
            version_id=self._engine.ids.new(),
            name=document.name,
            content=dump_document(document),
            expected=expected,
            now=self._engine.clock.millis(),
        )
        saved = await self._find(before.id)
        if saved.active:
            await self._switch_on(saved, compiled)
        self._engine.news.tell("scenarios")
        shown = await self.show(before.id)
        return replace(shown, warnings=list(compiled.warnings))

    async def check(self, values: object) -> list[Problem]:
        """What is wrong with a scenario that is not saved, and what is doubtful.

        Raises:
            UsageError: it is no scenario at all.
        """
        try:
            document = read_document(values)
            compiled = await self._engine.compile(document, thorough=True)
        except InvalidScenarioError as error:
            return list(error.problems)
        return list(compiled.warnings)

    async def all(self) -> list[ScenarioView]:
        shutdowns = await self._shutdowns()
        return [
            replace(
                _view(one, shutdowns),
                next_runs=self._schedules.upcoming(one.id, count=1),
            )
            for one in await self._store.read(list_scenarios)
        ]

    async def show(self, name: str) -> ScenarioView:
        """One scenario with its document.

        Raises:
            NotFoundError: there is none of that name.
        """
        found = await self._find(name)
        shown = _view(found, await self._shutdowns(), whole=True)
        return replace(shown, next_runs=self._schedules.upcoming(found.id))

    async def _shutdowns(self) -> Mapping[str, Shutdown]:
        found = await self._store.read(list_shutdowns)
        return {one.scenario_id: one for one in found}

    async def activate(self, name: str) -> ScenarioView:
        """Lets a scenario hear its webhook.

        Raises:
            NotFoundError: there is none of that name.
            InvalidScenarioError: something it needs was removed since it was saved.
            ConflictError: another active scenario listens to its webhook.
        """
        found = await self._find(name)
        compiled = await self._engine.compile(load_document(found.content))
        await self._switch_on(found, compiled)
        self._engine.news.tell("scenarios")
        return await self.show(found.id)

    async def deactivate(self, name: str) -> ScenarioView:
        """Lets a scenario hear nothing more; what it has accepted still runs.

        Raises:
            NotFoundError: there is none of that name.
        """
        found = await self._find(name)
        await self._engine.switch_off(found.id)
        await self._store.write(
            set_active,
            found.id,
            active=False,
            webhook_id=found.webhook_id,
            now=self._engine.clock.millis(),
        )
        self._engine.news.tell("scenarios")
        return await self.show(found.id)

    async def remove(self, ref: str) -> None:
        """Removes an inactive scenario with its versions and all it has done.

        A long history goes in parts, so that deliveries do not wait for it.

        Raises:
            NotFoundError: there is no such scenario.
            ConflictError: it is active, or an execution of it is under way.
        """
        found = await self._find(ref)
        if found.active:
            raise ConflictError(
                f"The scenario {found.name!r} is active; deactivate it first."
            )
        while await self._store.write(remove_some_executions, found.id):
            pass
        await self._store.write(remove_scenario, found.id)
        self._engine.news.tell("scenarios")

    def schema(self) -> dict[str, Any]:
        """The JSON Schema of scenario files."""
        return document_schema()

    async def _switch_on(
        self, scenario: StoredScenario, compiled: CompiledScenario
    ) -> None:
        webhook_id = await self._webhook_id(compiled.webhook)
        await self._store.write(
            set_active,
            scenario.id,
            active=True,
            webhook_id=webhook_id,
            now=self._engine.clock.millis(),
        )
        await self._engine.switch_on(await self._find(scenario.id), compiled)

    async def _check_webhook_is_free(self, name: str, webhook: str | None) -> None:
        """An active scenario's new version is refused before it is stored."""
        webhook_id = await self._webhook_id(webhook)
        active = [one for one in await self._store.read(list_scenarios) if one.active]
        if webhook_id is None or all(one.name != name for one in active):
            return
        for other in active:
            if other.webhook_id == webhook_id and other.name != name:
                raise ConflictError(
                    f"The active scenario {other.name!r} listens to the webhook "
                    f"{webhook!r} already. A webhook feeds one scenario: deactivate "
                    "the other one, or add a webhook for this one."
                )

    async def _webhook_id(self, name: str | None) -> str | None:
        if name is None:
            return None
        stored = await self._store.read(list_webhooks, self._store.vault)
        return next(one.id for one in stored if one.name == name)

    async def _find(self, ref: str) -> StoredScenario:
        return await self._store.read(find_scenario, ref)


def _view(
    stored: StoredScenario, shutdowns: Mapping[str, Shutdown], *, whole: bool = False
) -> ScenarioView:
    document = load_document(stored.content)
    shutdown = shutdowns.get(stored.id)
    schedule, timezone = document.planned(), document.settings.timezone
    return ScenarioView(
        id=stored.id,
        name=stored.name,
        active=stored.active,
        version=stored.version,
        webhook=document.flow[0].webhook,
        modules=[placed.module for placed in document.modules()],
        created_at=as_text(stored.created_at),
        updated_at=as_text(stored.updated_at),
        schedule=schedule,
        timezone=timezone,
        plan=in_words(schedule, timezone),
        shutdown=None if shutdown is None else _shutdown(shutdown),
        document=json.loads(stored.content) if whole else None,
    )


def _shutdown(shutdown: Shutdown) -> ShutdownView:
    return ShutdownView(as_text(shutdown.at), shutdown.reason, shutdown.execution_id)

"""Scenario tests: files that say what a scenario does with what it is given.

A test holds the input and what the services answered, so that it needs no server, no
account and no network. Its clock stands still, and its chance repeats itself.
"""

import difflib
import json
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import yaml

from trunkline.engine.bundle import encode
from trunkline.engine.catalog import Catalog
from trunkline.engine.channels import Channels
from trunkline.engine.compile import compile_scenario
from trunkline.engine.document import parse_document
from trunkline.engine.inputs import filled_inputs
from trunkline.engine.rehearsal import Answer, Place, Rehearsed, rehearse
from trunkline.engine.sources import read_source
from trunkline.engine.steps import CompiledScenario
from trunkline.engine.tasks import Outside, Stopping
from trunkline.errors import InvalidConfigurationError, NotFoundError, UsageError
from trunkline.model.clock import Millis, as_text
from trunkline.model.connection import StoredConnection
from trunkline.model.data_store import Author
from trunkline.model.execution import Execution
from trunkline.model.scenario import ScenarioDocument
from trunkline.model.scenario_text import as_yaml
from trunkline.sdk import HttpClient, PassingCounters, Records

_KEYS = frozenset({"scenario", "at", "given", "answers", "expect"})


@dataclass(frozen=True, slots=True)
class StoppedClock:
    """Always the same time of day."""

    at: Millis

    def millis(self) -> Millis:
        return self.at

    def monotonic(self) -> float:
        return 0.0


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a test came to: the lines of a diff, none where all is as expected."""

    name: str
    scenario: str
    difference: list[str]

    @property
    def passed(self) -> bool:
        return not self.difference


async def as_test(
    document: ScenarioDocument,
    catalog: Catalog,
    *,
    at: Millis,
    given: object,
    answers: Mapping[Place, Answer],
) -> str:
    """The text of a test: what is given, and what the scenario does with it."""
    replayed = await _replay(document, catalog, at, given, answers)
    test = {
        "scenario": f"{document.name}.yaml",
        "at": as_text(at),
        "given": given,
        "answers": [_answer(place, one) for place, one in sorted(answers.items())],
        "expect": _came(replayed),
    }
    return as_yaml(test)


async def run_test(file: Path, catalog: Catalog) -> Verdict:
    """Replays a test against the scenario file that it names, which lies beside it.

    Raises:
        NotFoundError: the test or its scenario is not there.
        UsageError: one of them is not what it should be.
        InvalidScenarioError: the scenario has faults.
    """
    test, document, replayed = await _replayed(file, catalog)
    expected, came = as_yaml(test["expect"]), as_yaml(_came(replayed))
    lines = difflib.unified_diff(
        expected.splitlines(), came.splitlines(), "expected", "came", lineterm="", n=3
    )
    return Verdict(file.name, document.name, [*lines])


async def updated_test(file: Path, catalog: Catalog) -> str:
    """The text of a test that expects what its scenario does now.

    Raises:
        NotFoundError: the test or its scenario is not there.
        UsageError: one of them is not what it should be.
    """
    test, _document, replayed = await _replayed(file, catalog)
    return as_yaml(test | {"expect": _came(replayed)})


async def _replayed(
    file: Path, catalog: Catalog
) -> tuple[dict[str, Any], ScenarioDocument, Rehearsed]:
    """A test, the scenario that lies beside it, and what that does now."""
    test = _read_test(file)
    document = parse_document(_text_of(file.parent / test["scenario"]))
    replayed = await _replay(
        document,
        catalog,
        _moment(test.get("at")),
        test.get("given"),
        dict(map(_read_answer, test.get("answers") or [])),
    )
    return test, document, replayed


async def _replay(
    document: ScenarioDocument,
    catalog: Catalog,
    at: Millis,
    given: object,
    answers: Mapping[Place, Answer],
) -> Rehearsed:
    compiled = _compiled(document, catalog)
    source = None if given is None else read_source(None, encode(given))
    inputs = {} if compiled.instant else filled_inputs(compiled.inputs, given)
    execution = Execution(
        id="test",
        scenario_id="test",
        version_id="test",
        delivery_id=None,
        created_at=at,
    )
    with tempfile.TemporaryDirectory() as folder:
        outside = _nothing_outside(catalog, StoppedClock(at), Path(folder))
        return await rehearse(
            compiled,
            outside,
            execution,
            delivery=source,
            inputs=inputs,
            answers=answers,
        )


def _compiled(document: ScenarioDocument, catalog: Catalog) -> CompiledScenario:
    """A scenario whose connections and webhooks are taken to exist."""
    placed = [one for one in document.modules() if one.module in catalog.modules]
    return compile_scenario(
        document,
        catalog,
        connections={
            one.connection: catalog.modules[one.module].app
            for one in placed
            if one.connection is not None
        },
        webhooks={one.webhook: one.module for one in placed if one.webhook is not None},
    )


def _nothing_outside(catalog: Catalog, clock: StoppedClock, folder: Path) -> Outside:
    async def none(name: str, *_: object) -> Any:  # noqa: ANN401 - never returns
        raise InvalidConfigurationError(f"A test reaches nothing outside: {name}.")

    async def connection(name: str) -> StoredConnection:
        return await none(name)  # type: ignore[no-any-return]

    passing = PassingCounters()
    return Outside(
        channels=Channels(catalog, HttpClient(), connection, clock),
        clock=clock,
        stopping=Stopping(),
        folder=folder,
        records=_no_records,
        counters=lambda _scenario, _operation: passing,
        respond=lambda _id, _given: None,
        begin=none,
    )


def _no_records(_author: Author) -> Records:
    raise InvalidConfigurationError("A test has no data stores.")


def _came(replayed: Rehearsed) -> dict[str, Any]:
    """What a replay came to, as far as a test looks at it."""
    came: dict[str, Any] = {"state": replayed.state.value}
    if replayed.error is not None:
        came["error"] = json.loads(replayed.error)["type"]
    came["operations"] = [
        {
            "module": one.module_id,
            "path": one.path,
            "state": one.state.value,
            **({"input": json.loads(one.input)} if one.input else {}),
            **({"output": given} if (given := replayed.outputs(one)) else {}),
            **({"error": json.loads(one.error)["type"]} if one.error else {}),
        }
        for one in replayed.operations
    ]
    if replayed.unanswered:
        came["unanswered"] = [
            f"{module}:{path}" for module, path in replayed.unanswered
        ]
    return came


def _answer(place: Place, answer: Answer) -> dict[str, Any]:
    module, path = place
    told: dict[str, Any] = {"module": module, "path": path}
    if answer.error is not None:
        return {**told, "error": json.loads(answer.error)}
    return {**told, "bundles": [json.loads(one) for one in answer.bundles]}


def _read_answer(told: Mapping[str, Any]) -> tuple[Place, Answer]:
    error = told.get("error")
    return (int(told["module"]), str(told.get("path", ""))), Answer(
        bundles=tuple(encode(one) for one in told.get("bundles", ())),
        error=None if error is None else encode(error),
    )


def _read_test(file: Path) -> dict[str, Any]:
    try:
        test = yaml.safe_load(_text_of(file))
    except yaml.YAMLError as error:
        raise UsageError(f"{file} is not valid YAML: {error}") from error
    if not isinstance(test, dict) or not {"scenario", "expect"} <= test.keys() <= _KEYS:
        raise UsageError(
            f"{file} is no scenario test; one has the keys scenario and expect, and "
            "perhaps at, given and answers."
        )
    return test


def _text_of(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except OSError as error:
        raise NotFoundError(f"{file} cannot be read: {error.strerror}.") from error


def _moment(text: object) -> Millis:
    if text is None:
        return 0
    try:
        return int(datetime.fromisoformat(str(text)).timestamp() * 1000)
    except ValueError as error:
        raise UsageError(f"at: {text!r} is no date.") from error

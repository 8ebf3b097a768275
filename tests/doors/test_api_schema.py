"""Every operation of the API keeps to its OpenAPI document, whatever it is sent."""

import json
import urllib.request
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis.strategies import SearchStrategy, one_of
from schemathesis import APIOperation, Case, CheckContext, GenerationMode, Response
from schemathesis.checks import not_a_server_error
from schemathesis.config import SchemathesisConfig
from schemathesis.core.result import Ok
from schemathesis.schemas import BaseSchema
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from fakes.house import PASSWORD, House, house
from fakes.serving import survey

Operation = APIOperation[Any, Any, Any, Any]


@pytest.fixture
def running(tmp_path: Path) -> Iterator[House]:
    with house(tmp_path / "data") as made:
        yield made


def test_every_answer_is_one_that_the_document_promises(
    running: House, subtests: pytest.Subtests
) -> None:
    there = _furnish(running)
    # Not by `schemathesis.pytest`: it sets what nodes of pytest 9.2 no longer have.
    for operation in _operations(_document(running)):

        @settings(
            max_examples=20,
            derandomize=True,
            deadline=None,
            database=None,
            # Where there is no input, none is refused by the document.
            suppress_health_check=[HealthCheck.filter_too_much],
        )
        @given(case=_requests(operation, there))
        def answers(case: Case[Any]) -> None:
            checks = [not_a_server_error, _is_documented, response_schema_conformance]
            case.call_and_validate(checks=checks)

        with subtests.test(operation.label):
            answers()


def _furnish(running: House) -> Mapping[str, Mapping[str, str]]:
    """Makes one of everything; the names and ids, by the first part of their path."""
    running.call("POST", "/tryout")
    ran = running.call("POST", "/scenarios/Sandbox/run", {"input": survey()})
    running.call("POST", "/users", {"name": "Ada", "password": PASSWORD})
    module = "refiner.watch_completed_survey"
    hook = {"name": "hook", "module": module, "open": True, "when_inactive": "queue"}
    running.call("POST", "/data-stores", {"name": "store"})
    running.call("PUT", "/data-stores/store/record?key=ada", {"score": 9})
    delivery = urllib.request.Request(  # noqa: S310 - loopback
        running.call("POST", "/webhooks", hook)["address"],
        data=json.dumps(survey()).encode(),
        headers={"Content-Type": "application/json"},
    )
    urllib.request.urlopen(delivery).close()  # noqa: S310 - the same
    (received,) = running.call("GET", "/webhooks/hook/deliveries")
    return {
        "apps": {"key": "refiner"},
        "connections": {"name": "Sandbox"},
        "data-stores": {"name": "store"},
        "deliveries": {"id_": received["id"]},
        "executions": {"id_": ran["id"]},
        "modules": {"name": "refiner.track_an_event"},
        "scenarios": {"name": "Sandbox"},
        "users": {"name": "Ada"},
        "webhooks": {"name": "hook"},
    }


def _document(running: House) -> BaseSchema:
    config = SchemathesisConfig.from_dict(
        {
            "base-url": running.address,
            "headers": {"Authorization": f"Bearer {running.token}"},
            "request-timeout": 20,
            "seed": 1,
        }
    )
    url = f"{running.address}/api/openapi.json"
    return (
        schemathesis.openapi.from_url(url, config=config)
        # It never ends.
        .exclude(path="/api/v1/events")
        # Who guesses passwords is slowed down.
        .exclude(path="/api/v1/session", method=["POST", "DELETE"])
        .exclude(path="/api/v1/session/first")
        # Modules call whatever they are told to.
        .exclude(path="/api/v1/modules/{name}/run")
    )


def _operations(document: BaseSchema) -> list[Operation]:
    """All of them; what is there is looked at before it is removed."""
    found = []
    for one in document.get_all_operations():
        assert isinstance(one, Ok), one
        found.append(one.ok())
    assert len(found) >= 50
    return sorted(found, key=lambda one: one.method.upper() == "DELETE")


def _requests(
    operation: Operation, there: Mapping[str, Mapping[str, str]]
) -> SearchStrategy[Case[Any]]:
    """What the document allows and what it does not.

    Invented names and ids meet nothing but 404, so most of it is for what is there.
    """
    part = operation.path.removeprefix("/api/v1/").partition("/")[0]
    fixed: dict[str, object] = {
        name: value
        for name, value in there.get(part, {}).items()
        if f"{{{name}}}" in operation.path
    }
    choices: list[dict[str, object]] = [{}, fixed] if fixed else [{}]
    if "{number}" in operation.path:
        choices.append({**fixed, "number": 1})
    return one_of(
        [
            operation.as_strategy(generation_mode=mode, path_parameters=parameters)
            for mode in GenerationMode
            for parameters in choices
        ]
    )


def _is_documented(context: CheckContext, response: Response, case: Case[Any]) -> None:
    """A status and a type that the document names, or a problem of the request."""
    (kind, *_) = response.headers.get("content-type", [""])
    if kind == "application/problem+json" and 400 <= response.status_code < 500:
        return
    status_code_conformance(context, response, case)
    content_type_conformance(context, response, case)

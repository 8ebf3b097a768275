"""Every operation of the API keeps to its OpenAPI document, whatever it is sent."""

from collections.abc import Iterator

import pytest
import schemathesis
from hypothesis import given, settings
from schemathesis import Case, CheckContext, GenerationMode, Response
from schemathesis.checks import not_a_server_error
from schemathesis.config import SchemathesisConfig
from schemathesis.core.result import Ok
from schemathesis.schemas import BaseSchema
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from fakes.house import house


@pytest.fixture(scope="module")
def document(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BaseSchema]:
    with house(tmp_path_factory.mktemp("house") / "data") as running:
        config = SchemathesisConfig.from_dict(
            {
                "base-url": running.address,
                "headers": {"Authorization": f"Bearer {running.token}"},
                "request-timeout": 20,
                "seed": 1,
            }
        )
        loaded = schemathesis.openapi.from_url(
            f"{running.address}/api/openapi.json", config=config
        )
        yield (
            # It never ends.
            loaded.exclude(path="/api/v1/events")
            # These change who is there, or slow down whoever guesses.
            .exclude(path="/api/v1/session", method=["POST", "DELETE"])
            .exclude(path="/api/v1/session/first")
            # Modules call whatever address they are given.
            .exclude(path="/api/v1/modules/{name}/run")
        )


def documented(context: CheckContext, response: Response, case: Case) -> None:
    """A status and a type that the document names, or a problem of the request."""
    (kind, *_) = response.headers.get("content-type", [""])
    if kind == "application/problem+json" and 400 <= response.status_code < 500:
        return
    status_code_conformance(context, response, case)
    content_type_conformance(context, response, case)


@pytest.mark.parametrize("mode", GenerationMode)
def test_every_answer_is_one_that_the_document_promises(
    mode: GenerationMode, document: BaseSchema, subtests: pytest.Subtests
) -> None:
    # Not `schemathesis.pytest.from_fixture`, which sets what pytest 9.2 no longer has.
    for found in document.get_all_operations():
        assert isinstance(found, Ok)
        operation = found.ok()

        @settings(max_examples=15, derandomize=True, deadline=None, database=None)
        @given(case=operation.as_strategy(generation_mode=mode))
        def answers(case: Case) -> None:
            checks = [not_a_server_error, documented, response_schema_conformance]
            case.call_and_validate(checks=checks)

        with subtests.test(operation.label):
            answers()

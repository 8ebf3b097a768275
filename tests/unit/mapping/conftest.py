"""How the tests of the mapping language evaluate a template."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from trunkline.mapping import Scope, compile_template

NOW = datetime(2024, 5, 6, 7, 8, 9, tzinfo=UTC)


@pytest.fixture(scope="session")
def scope_of() -> Callable[..., Scope]:
    def build(bundle: object = None, *, timezone: str = "UTC") -> Scope:
        return Scope(
            {1: bundle},
            {"scenario": {"id": 7, "name": "Answers"}, "input": {"limit": 3}},
            clock=lambda: NOW,
            random=lambda: 0.5,
            uuid=lambda: "5f0f3c0e-8a56-4c8c-9f0a-0e6a3f6f1d55",
            execution_id="run-1",
            timezone=timezone,
        )

    return build


@pytest.fixture(scope="session")
def evaluate(scope_of: Callable[..., Scope]) -> Callable[..., object]:
    def run(
        template: object, bundle: object = None, *, timezone: str = "UTC"
    ) -> object:
        return compile_template(template).evaluate(scope_of(bundle, timezone=timezone))

    return run

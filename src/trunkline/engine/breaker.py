"""When a scenario that fails is switched off, so that it does no more harm."""

import structlog

from trunkline.engine.failures import OperationFailed
from trunkline.engine.news import News
from trunkline.engine.roster import Roster
from trunkline.engine.steps import CompiledScenario
from trunkline.model.clock import Clock
from trunkline.model.execution import Execution
from trunkline.model.states import Origin
from trunkline.store.shutdowns import failed_in_a_row, shut_down
from trunkline.store.store import Store

log = structlog.get_logger()

_AT_ONCE = frozenset(
    {
        "AccountValidationError",
        "InconsistencyError",
        "InvalidAccessTokenError",
        "InvalidConfigurationError",
        "MemoryLimitExceededError",
        "OperationsLimitExceededError",
    }
)
"""Errors that the next execution would meet as well (integrator-semantics 4.3)."""


class Breaker:
    """Switches scenarios off by Make's rules, but for one.

    Where a scenario keeps what failed as incomplete executions (`dlq`) and hears a
    webhook, it stays on: nothing is lost, and one bad answer must not hold up all
    others. What arrives behind a scenario that was switched off waits there.
    """

    def __init__(self, store: Store, roster: Roster, clock: Clock, news: News) -> None:
        self._store = store
        self._roster = roster
        self._clock = clock
        self._news = news

    async def failed(
        self,
        execution: Execution,
        scenario: CompiledScenario,
        failure: OperationFailed,
    ) -> None:
        """Takes note of an execution that failed for good."""
        instant = scenario.instant
        if execution.origin is Origin.PERSON or (instant and scenario.dlq):
            return
        most = (
            1 if instant or failure.facts["type"] in _AT_ONCE else scenario.max_errors
        )
        in_a_row = await self._store.read(failed_in_a_row, execution.scenario_id, most)
        if in_a_row < most:
            return
        reason = _reason(in_a_row, failure)
        log.warning("scenario switched off", scenario=scenario.name, reason=reason)
        await self._store.write(
            shut_down,
            execution.scenario_id,
            execution.id,
            reason,
            self._clock.millis(),
        )
        self._roster.shut_down(execution.scenario_id)
        self._news.tell("scenarios")


def _reason(in_a_row: int, failure: OperationFailed) -> str:
    times = "An execution" if in_a_row == 1 else f"{in_a_row} executions in a row"
    return f"{times} failed, the last with {failure.facts['type']}: " + str(
        failure.facts["message"]
    )

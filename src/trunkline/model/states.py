"""The named states of deliveries, executions and operations; they only move forward."""

from enum import StrEnum


class DeliveryState(StrEnum):
    """Where an accepted delivery is; every one is in exactly one of these."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    HELD = "held"
    DEAD = "dead"
    EXPIRED = "expired"
    CANCELLED = "cancelled"


class Outcome(StrEnum):
    """Why a delivery ended as it did, where `done` or `dead` alone would not tell."""

    IGNORED = "ignored"
    DUPLICATE = "duplicate"
    UNPARSABLE = "unparsable"
    FAILED = "failed"
    INCOMPLETE = "incomplete"


class ExecutionState(StrEnum):
    """Where an execution is."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    WARNING = "warning"
    FAILED = "failed"
    INCOMPLETE = "incomplete"
    CANCELLED = "cancelled"


UNDER_WAY = (ExecutionState.QUEUED, ExecutionState.RUNNING)


class Origin(StrEnum):
    """What began an execution."""

    WEBHOOK = "webhook"
    SCHEDULE = "schedule"
    PERSON = "person"
    SCENARIO = "scenario"


class OperationState(StrEnum):
    """How one operation ended."""

    DONE = "done"
    FILTERED = "filtered"
    FAILED = "failed"
    INTERRUPTED = "interrupted"


class InactivePolicy(StrEnum):
    """What a webhook does while no active scenario listens."""

    REJECT = "reject"
    QUEUE = "queue"

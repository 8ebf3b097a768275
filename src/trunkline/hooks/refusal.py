"""Refusals: loud, and counted."""

from collections.abc import Mapping

from prometheus_client import CollectorRegistry, Counter


class Refusal(Exception):  # noqa: N818 - an answer, not a fault
    """Why a request is not taken; the text is the body of the answer."""

    def __init__(
        self,
        status: int,
        reason: str,
        text: str,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(text)
        self.status = status
        self.reason = reason
        self.headers = headers or {}


class Tally:
    """Counts refused requests by reason, for `/metrics`."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._refused = Counter(
            "trunkline_refused_deliveries",
            "Requests to webhooks that were refused, by reason.",
            ["reason"],
            registry=registry,
        )

    def count(self, reason: str) -> None:
        self._refused.labels(reason).inc()

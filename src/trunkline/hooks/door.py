"""`/hooks/TOKEN`, as a plain ASGI application: the shortest way to the journal."""

import hmac

import structlog
from starlette.types import Receive, Scope, Send

from trunkline.errors import (
    DeliveryRefusedError,
    LoopError,
    NobodyListensError,
    StorageFullError,
    StorageUnavailableError,
    TooManyDeliveriesError,
)
from trunkline.hooks.answer import answer
from trunkline.hooks.limits import Limits, Rates
from trunkline.hooks.refusal import Refusal, Tally
from trunkline.hooks.request import HookRequest
from trunkline.model.clock import Millis
from trunkline.model.delivery import Payload
from trunkline.model.webhook import StoredWebhook, digest
from trunkline.services import Services

PREFIX = "/hooks/"
_METHODS = frozenset({"POST", "PUT", "PATCH"})

_NOTHING = bytes(32)
"""Stands for a secret that is not there; no text has this digest."""

log = structlog.get_logger()


class HooksDoor:
    """Answers 200 only when the delivery is on disk."""

    def __init__(self, services: Services, limits: Limits, tally: Tally) -> None:
        self._webhooks = services.webhooks
        self._intake = services.engine.intake
        self._news = services.engine.news
        self._attendance = services.engine.attendance
        self._responses = services.engine.worker.responses
        self._limits = limits
        self._clock = services.engine.clock
        self._rates = Rates(limits, self._clock)
        self._tally = tally

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = HookRequest.of(scope)
        webhook = self._webhooks.by_token(scope["path"][len(PREFIX) :])
        try:
            webhook = self._admitted(webhook, request)
            payload = await request.payload(receive, self._limits.largest_body)
            delivery = await self._store(webhook, payload)
        except Refusal as refusal:
            self._tally.count(refusal.reason)
            if webhook is not None:
                self._attendance.refused(webhook.id, refusal.reason)
            await answer(scope, send, refusal.status, str(refusal), refusal.headers)
        else:
            self._news.tell("deliveries")
            if self._responses.awaits(delivery):
                await self._answer(scope, send, delivery)
            else:
                await answer(scope, send, 200, "Accepted")

    async def _answer(self, scope: Scope, send: Send, delivery: str) -> None:
        """What the scenario says, where it does in time; else that it is stored."""
        said = await self._responses.wait(delivery, self._limits.response_seconds)
        if said is None:
            await answer(scope, send, 200, "Accepted")
        else:
            await answer(scope, send, said.status, said.body, said.headers)

    def _admitted(
        self, webhook: StoredWebhook | None, request: HookRequest
    ) -> StoredWebhook:
        """The webhook that was meant, if a secret of it came along.

        An unknown address and a wrong secret get the same answer, so that nobody can
        find out which addresses exist.
        """
        fits = _opens(webhook, request.secret, self._clock.millis())
        is_open = webhook is not None and (
            webhook.secret is None or self._intake.is_signed(webhook)
        )
        if webhook is None or not (is_open or fits):
            raise _unknown()
        if request.method not in _METHODS:
            raise Refusal(
                405,
                "method",
                "Send deliveries with POST.",
                {"allow": ", ".join(sorted(_METHODS))},
            )
        self._rates.spend(webhook.id)
        return webhook

    async def _store(self, webhook: StoredWebhook, payload: Payload) -> str:
        try:
            return await self._intake.accept(webhook, payload)
        except NobodyListensError as error:
            raise Refusal(410, "nobody_listens", str(error)) from None
        except LoopError as error:
            raise Refusal(508, "loop", str(error)) from None
        except TooManyDeliveriesError as error:
            raise Refusal(429, "pace", str(error), {"retry-after": "60"}) from None
        except DeliveryRefusedError:
            raise _unknown() from None
        except StorageFullError as error:
            log.error("delivery refused", reason=str(error))  # noqa: TRY400 - said
            raise Refusal(
                507, "disk_full", "No space is left to store it.", {"retry-after": "30"}
            ) from None
        except StorageUnavailableError as error:
            log.error("delivery refused", reason=str(error))  # noqa: TRY400 - said
            raise Refusal(
                503, "storage", "It cannot be stored now.", {"retry-after": "5"}
            ) from None


def _opens(webhook: StoredWebhook | None, shown: bytes, now: Millis) -> bool:
    """Whether one of the secrets that are valid now was shown.

    Two comparisons are always made, so that their time tells nothing.
    """
    present = old = _NOTHING
    if webhook is not None and webhook.secret is not None:
        present = digest(webhook.secret)
        if webhook.old_secret is not None and webhook.is_rotating(now):
            old = digest(webhook.old_secret)
    seen = digest(shown)
    fits = hmac.compare_digest(seen, present)
    return hmac.compare_digest(seen, old) | fits


def _unknown() -> Refusal:
    return Refusal(
        401,
        "unknown_or_wrong_secret",
        "There is no webhook at this address, or its secret is missing or "
        "wrong. Send it as: Authorization: Bearer SECRET.",
    )

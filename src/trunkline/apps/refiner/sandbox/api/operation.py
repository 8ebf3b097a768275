"""What every operation has in common: key, limits, parameters, answer."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from trunkline.apps.refiner.sandbox.behaviour import Behaviour
from trunkline.apps.refiner.sandbox.errors import WrongInputError
from trunkline.apps.refiner.sandbox.parameters import Parameters, read_parameters
from trunkline.apps.refiner.sandbox.state import Sandbox, sandbox_of
from trunkline.apps.refiner.sandbox.store.contacts import Identity
from trunkline.apps.refiner.sandbox.store.database import Database
from trunkline.apps.refiner.sandbox.store.paging import Paging

from . import keys
from .answers import json_response

LONGEST_PAGE = 1000  # (refiner-api 2.2 [sure])


@dataclass(frozen=True, slots=True)
class Call:
    """One authorised request."""

    sandbox: Sandbox
    parameters: Parameters

    @property
    def database(self) -> Database:
        return self.sandbox.database

    @property
    def behaviour(self) -> Behaviour:
        return self.sandbox.settings.behaviour

    @property
    def identity(self) -> Identity:
        """Who `id`, `email` and `uuid` mean."""
        return Identity(
            remote_id=self.parameters.text("id"),
            email=self.parameters.text("email"),
            uuid=self.parameters.text("uuid"),
            erases_email=self.parameters.values.get("email") == "",
        )

    @property
    def paging(self) -> Paging:
        length = self.parameters.whole("page_length", self.behaviour.page_length)
        if length > LONGEST_PAGE and self.behaviour.long_page == "refuse":
            raise WrongInputError("page_length", f"The maximum is {LONGEST_PAGE}.")
        page = self.parameters.whole("page", 1)
        if not (page and length):
            raise WrongInputError("page", "Pages and their length count from 1.")
        return Paging(
            page=page,
            length=min(length, LONGEST_PAGE),
            cursor=self.parameters.text("page_cursor"),
        )


Answer = bytes | dict[str, object]
Endpoint = Callable[[Request], Awaitable[Response]]


def operation(act: Callable[[Call], Answer]) -> Endpoint:
    """An endpoint that lets good keys do this."""

    async def endpoint(request: Request) -> Response:
        sandbox = sandbox_of(request)
        parameters = await read_parameters(request)
        refused = _refused(sandbox, request, parameters)
        if refused:
            return refused
        answer = act(Call(sandbox, parameters))
        body = answer if isinstance(answer, bytes) else msgspec.json.encode(answer)
        written = request.method == "POST"
        status = sandbox.settings.behaviour.write_status if written else 200
        return Response(body, status, media_type="application/json")

    return endpoint


def _refused(
    sandbox: Sandbox, request: Request, parameters: Parameters
) -> Response | None:
    settings = sandbox.settings
    sent = keys.sent_key(request, parameters)
    refusal = keys.refusal(sent, settings.key, settings.behaviour)
    if refusal:
        return json_response(refusal[1], refusal[0])
    wait = settings.rate_limits and sandbox.limits.wait(sent, _contact(parameters))
    if wait:
        body = {"error": "You are doing this too often."}
        return json_response(body, 429, {"Retry-After": str(wait)})
    return None


def _contact(parameters: Parameters) -> str | None:
    """Whom a request is about, for the limit per user (refiner-api 1.4)."""
    for name in ("id", "email", "uuid"):
        value = parameters.values.get(name)
        if value:
            return f"{name} {value}"
    return None

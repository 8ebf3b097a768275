"""Answers of the API that are not a success; shapes as `Behaviour` says (6)."""

from collections.abc import Mapping

import msgspec
from starlette.responses import Response

from trunkline.apps.refiner.sandbox.behaviour import Behaviour
from trunkline.apps.refiner.sandbox.errors import NotThereError, WrongInputError


def json_response(
    body: Mapping[str, object], status: int, headers: Mapping[str, str] | None = None
) -> Response:
    encoded = msgspec.json.encode(body)
    return Response(encoded, status, headers, media_type="application/json")


def wrong_input(error: WrongInputError, behaviour: Behaviour) -> Response:
    body: dict[str, object] = {"error": error.sentence}
    if behaviour.validation_body == "errors":
        errors = {error.parameter: [error.sentence]}
        body = {"message": error.sentence, "errors": errors}
    return json_response(body, behaviour.validation_status)


def not_there(error: NotThereError, behaviour: Behaviour) -> Response:
    return json_response({"error": str(error)}, behaviour.not_found_status)

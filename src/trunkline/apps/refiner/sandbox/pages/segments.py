"""Segments: listed and created."""

from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import Response

from trunkline.apps.refiner.sandbox import traits
from trunkline.apps.refiner.sandbox.parameters import Parameters, read_parameters
from trunkline.apps.refiner.sandbox.state import sandbox_of
from trunkline.apps.refiner.sandbox.store import segments
from trunkline.apps.refiner.sandbox.store.membership import OPERATORS, Rule

from .rendering import as_json, done, page, wants_json

_COUNTED = """
    SELECT s.uuid, s.name, s.rule IS NULL AS is_manual, s.rule,
        (SELECT count(*) FROM memberships m WHERE m.segment_id = s.id) AS contacts
    FROM segments s ORDER BY s.name, s.id
"""


async def listed(request: Request) -> Response:
    if wants_json(request):
        return as_json({"items": _items(request)})
    return _form(request, Parameters({}), {})


async def create(request: Request) -> Response:
    """A manual segment from `name`; with `trait` a data-driven one."""
    sent, database = await read_parameters(request), sandbox_of(request).database
    errors = _errors(sent)
    if errors:
        return _form(request, sent, errors)
    with database.transaction():
        segment = segments.create(database, sent.required("name"), _rule(sent))
    return done(request, "/segments", "segment-created", {"uuid": segment["uuid"]})


def _rule(sent: Parameters) -> Rule | None:
    trait = traits.slug(sent.text("trait") or "")
    operator = sent.choice("operator", OPERATORS, "is")
    return Rule(trait, operator, sent.text("value") or "") if trait else None


def _errors(sent: Parameters) -> dict[str, str]:
    errors = {}
    if not sent.text("name"):
        errors["name"] = "Enter a name for the segment."
    needs_value = (sent.text("operator") or "is") != "is_set"
    if sent.text("trait") and needs_value and not sent.text("value"):
        errors["value"] = "Enter the value to compare the trait with."
    return errors


def _items(request: Request) -> list[dict[str, object]]:
    rows = sandbox_of(request).database.rows(_COUNTED)
    return [dict(row) | {"is_manual": bool(row["is_manual"])} for row in rows]


def _form(request: Request, sent: Parameters, errors: Mapping[str, str]) -> Response:
    status = 422 if errors else 200
    if wants_json(request):
        return as_json({"errors": errors}, status)
    return page(
        request,
        "segments.html",
        status,
        segments=_items(request),
        operators=OPERATORS,
        sent=sent.values,
        errors=errors,
    )

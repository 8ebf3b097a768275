"""Surveys to answer, as a contact would in a product."""

import sqlite3
from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import Response

from trunkline.apps.refiner.sandbox import uuids
from trunkline.apps.refiner.sandbox.errors import WrongInputError
from trunkline.apps.refiner.sandbox.parameters import Parameters, read_parameters
from trunkline.apps.refiner.sandbox.state import sandbox_of
from trunkline.apps.refiner.sandbox.store import contacts, forms, responses
from trunkline.apps.refiner.sandbox.store.database import Database

from .rendering import as_json, done, page, wants_json

ACTIONS = ("complete", "partial", "see", "dismiss")


async def listed(request: Request) -> Response:
    surveys = [
        _described(form)
        for form in sandbox_of(request).database.rows(
            "SELECT * FROM forms WHERE archived_at IS NULL ORDER BY name, id"
        )
    ]
    if wants_json(request):
        return as_json({"items": surveys})
    return page(request, "surveys.html", surveys=surveys)


async def survey(request: Request) -> Response:
    form = forms.by_uuid(sandbox_of(request).database, request.path_params["uuid"])
    if wants_json(request):
        return as_json(_described(form))
    return _form(request, form, Parameters(request.query_params), {})


async def answer(request: Request) -> Response:
    """Do `action` with the survey as the contact that the fields name."""
    sent, database = await read_parameters(request), sandbox_of(request).database
    form = forms.by_uuid(database, request.path_params["uuid"])
    action = sent.choice("action", ACTIONS, "complete")
    if form["published_at"] is None or form["archived_at"] is not None:
        raise WrongInputError("form_uuid", "The survey is not published.")
    data = {key: value for key, value in sent.mapping("data").items() if value}
    errors = _errors(forms.config_of(form), action, data)
    if errors:
        return _form(request, form, sent, errors)
    with database.transaction():
        contact = _respondent(database, sent)
        uuid = _acted(database, contact, form, action, data)
    body = {"uuid": uuid, "contact_uuid": contact["uuid"]}
    return done(request, f"/contacts/{contact['uuid']}", "answered", body)


def _respondent(database: Database, sent: Parameters) -> sqlite3.Row:
    """The contact with a browser's cookie; without id or e-mail an anonymous one."""
    who = contacts.Identity(
        remote_id=sent.text("id"), email=sent.text("email"), uuid=sent.text("uuid")
    )
    if who.is_empty:
        return contacts.create(database, who, uuids.fresh())
    name = sent.text("name")
    contact = contacts.identify(database, who, {"name": name} if name else {})
    database.run(
        "UPDATE contacts SET cookie_uuid = ifnull(cookie_uuid, ?) WHERE id = ?",
        uuids.fresh(),
        contact["id"],
    )
    return contact


def _acted(
    database: Database,
    contact: sqlite3.Row,
    form: sqlite3.Row,
    action: str,
    data: Mapping[str, object],
) -> str:
    if action == "see":
        return responses.see(database, contact, form)
    if action == "dismiss":
        return responses.dismiss(database, contact, form)
    complete = action == "complete"
    return responses.answer(database, contact, form, data, complete=complete)


def _errors(
    config: forms.Config, action: str, data: Mapping[str, object]
) -> dict[str, str]:
    """What is wrong, by question."""
    if action not in {"complete", "partial"}:
        return {}
    errors = {
        question.identifier: "Choose one of the values offered."
        for question in config.form_elements
        if question.identifier in data and not _offered(question, data)
    }
    for question in config.form_elements:
        missing = question.required and question.identifier not in data
        if missing and action == "complete":
            errors[question.identifier] = "Answer this question to complete the survey."
    if action == "partial" and not data:
        errors[config.form_elements[0].identifier] = "Answer at least one question."
    return errors


def _offered(question: forms.Question, data: Mapping[str, object]) -> bool:
    value = data[question.identifier]
    if question.type in forms.SCALES:
        return str(value) in {str(score) for score in forms.SCALES[question.type]}
    if question.type in forms.CHOICES:
        chosen = value if isinstance(value, list) else [value]
        return all(choice in question.options for choice in chosen)
    return isinstance(value, str)


def _described(form: sqlite3.Row) -> dict[str, object]:
    state = "published" if form["published_at"] else "draft"
    return {
        "uuid": form["uuid"],
        "name": form["name"],
        "state": "archived" if form["archived_at"] else state,
        "questions": forms.config_of(form).form_elements,
    }


def _form(
    request: Request, form: sqlite3.Row, sent: Parameters, errors: Mapping[str, str]
) -> Response:
    status = 422 if errors else 200
    if wants_json(request):
        return as_json({"errors": errors}, status)
    return page(
        request,
        "survey.html",
        status,
        survey=_described(form),
        sent=sent.values,
        data=sent.mapping("data"),
        scales=forms.SCALES,
        errors=errors,
    )

"""Operations on contacts (refiner-api 3.3 to 3.7)."""

from collections.abc import Mapping

from trunkline.apps.refiner.sandbox.errors import WrongInputError
from trunkline.apps.refiner.sandbox.store import contacts, events, filters
from trunkline.apps.refiner.sandbox.store.paging import envelope

from .operation import Answer, Call

OWN = ("id", "email", "uuid", "api_key")


def identify(call: Call) -> Answer:
    """`POST /identify-user`: everything that has no meaning of its own is a trait."""
    sent = call.parameters.rest(OWN)
    if sent.get("account") and not isinstance(sent["account"], Mapping):
        raise WrongInputError("account", "The account field must be an object.")
    if call.identity.is_empty:
        raise WrongInputError("id", "The id or email field is required.")
    with call.database.transaction():
        contact = contacts.identify(call.database, call.identity, sent)
    return {"message": "ok", "contact_uuid": contact["uuid"]}


def track(call: Call) -> Answer:
    """`POST /track-event`: properties are not stored (refiner-api 3.4 [sure])."""
    name = call.parameters.required("event")
    with call.database.transaction():
        contact = contacts.reached(call.database, call.identity)
        events.record(call.database, contact, name)
        contacts.settle(call.database, contact["id"])
    return {"message": "ok"}


def listed(call: Call) -> Answer:
    """`GET /contacts`."""
    parameters = call.parameters
    order_by = parameters.choice("order_by", contacts.ORDERS, "first_seen_at")
    conditions = filters.of_contacts(
        parameters.text("form_uuid"),
        parameters.text("segment_uuid"),
        parameters.text("search"),
    )
    page = contacts.page(call.database, call.paging, order_by, conditions)
    return envelope(*page)


def get(call: Call) -> Answer:
    """`GET /contact`."""
    contact = contacts.found(call.database, call.identity)
    return contacts.shown(call.database, contact)


def delete(call: Call) -> Answer:
    """`DELETE /contact`."""
    with call.database.transaction():
        contacts.delete(call.database, contacts.found(call.database, call.identity))
    return {"message": "ok"}

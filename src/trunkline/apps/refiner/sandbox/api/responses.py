"""Operations on responses, and reports over them (refiner-api 3.8 to 3.11)."""

from collections.abc import Mapping

from trunkline.apps.refiner.sandbox import times
from trunkline.apps.refiner.sandbox.errors import WrongInputError
from trunkline.apps.refiner.sandbox.store import (
    contacts,
    forms,
    reporting,
    response_list,
    responses,
    tags,
)
from trunkline.apps.refiner.sandbox.store.filters import INCLUDED, Wanted
from trunkline.apps.refiner.sandbox.store.paging import envelope

from .operation import Answer, Call

MOST_TAGS = 20  # per call (refiner-api 5.7 [likely])
REPORT_DAYS = 7  # (refiner-api 3.11 [sure])

# Keys of `POST /responses` that are no answers (refiner-api 5.2).
RESERVED = (
    "id",
    "email",
    "uuid",
    "form_uuid",
    "date",
    "prevent_duplicates",
    "tags",
    "account",
    "api_key",
)


def listed(call: Call) -> Answer:
    """`GET /responses`."""
    wanted = _wanted(call)
    attributes = call.parameters.flag("with_attributes", default=False)
    page = response_list.page(call.database, wanted, call.paging, attributes=attributes)
    return envelope(*page)


def store(call: Call) -> Answer:
    """`POST /responses`."""
    form_uuid = call.parameters.required("form_uuid")
    brought = _brought(call)
    account = call.parameters.mapping("account")
    with call.database.transaction():
        form = forms.by_uuid(call.database, form_uuid)
        sent = {"account": account} if account else {}
        contact = contacts.identify(call.database, call.identity, sent)
        uuid = responses.store(call.database, contact, form, brought)
    return {"message": "ok", "uuid": uuid}


def tag(call: Call) -> Answer:
    """`POST /responses/tags`: adds, never takes away."""
    uuid, names = call.parameters.required("uuid"), _tags(call)
    if not names:
        raise WrongInputError("tags", "The tags field is required.")
    with call.database.transaction():
        tags.add(call.database, responses.by_uuid(call.database, uuid), names)
    return {"message": "ok"}


def report(call: Call) -> Answer:
    """`GET /reporting`: the last seven days if no range is given."""
    now = call.database.clock()
    wanted = _wanted(
        call,
        start=times.iso(times.days_before(now, REPORT_DAYS)),
        end=times.iso(times.end_of_day(now)),
    )
    kind = call.parameters.required("type")
    identifiers = call.parameters.texts("question_identifiers")
    return reporting.report(call.database, kind, wanted, identifiers)


def _wanted(call: Call, start: str | None = None, end: str | None = None) -> Wanted:
    include = call.parameters.choice("include", INCLUDED, "completed")
    return Wanted(
        include=include,
        form_uuids=_both(call, "form_uuid"),
        segment_uuids=_both(call, "segment_uuid"),
        tag_uuids=_both(call, "tag_uuid"),
        start=_moment(call, "date_range_start") or start,
        end=_moment(call, "date_range_end") or end,
        search=call.parameters.text("search"),
        response_data=_equals(call, "response_data"),
        contact_data=_equals(call, "contact_data"),
        account_data=_equals(call, "account_data"),
    )


def _both(call: Call, name: str) -> tuple[str, ...]:
    """`form_uuid` and `form_uuids[]` may both be sent."""
    return call.parameters.texts(name) + call.parameters.texts(f"{name}s")


def _equals(call: Call, name: str) -> Mapping[str, str]:
    return {key: str(value) for key, value in call.parameters.mapping(name).items()}


def _moment(call: Call, name: str) -> str | None:
    text = call.parameters.text(name)
    moment = text and times.read(text)
    if text and not moment:
        raise WrongInputError(name, f"The {name} is not a valid date.")
    return times.iso(moment) if moment else None


def _brought(call: Call) -> responses.Stored:
    return responses.Stored(
        data=call.parameters.rest(RESERVED),
        date=_moment(call, "date"),
        prevent_duplicates=call.parameters.flag("prevent_duplicates", default=True),
        tags=_tags(call),
    )


def _tags(call: Call) -> tuple[str, ...]:
    names = call.parameters.texts("tags")
    if len(names) > MOST_TAGS:
        raise WrongInputError("tags", f"At most {MOST_TAGS} tags may be sent.")
    return names

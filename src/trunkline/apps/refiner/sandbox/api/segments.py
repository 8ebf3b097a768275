"""Operations on segments (refiner-api 3.17 to 3.19)."""

from trunkline.apps.refiner.sandbox.store import contacts, segments

from .lists import sliced
from .operation import Answer, Call


def listed(call: Call) -> Answer:
    """`GET /segments`, by name; the only short list known to take a cursor."""
    rows = call.database.rows(segments.LISTED)
    items = [dict(row) | {"is_manual": bool(row["is_manual"])} for row in rows]
    return sliced(items, call.paging, cursor=True)


def add(call: Call) -> Answer:
    """`POST /sync-segment`: the contact is created if none matches."""
    uuid = call.parameters.required("segment_uuid")
    with call.database.transaction():
        segment = segments.manual(call.database, uuid)
        contact = contacts.reached(call.database, call.identity)
        segments.add(call.database, contact, segment)
    return _answer(call, contact["uuid"], uuid)


def remove(call: Call) -> Answer:
    """`DELETE /sync-segment`."""
    uuid = call.parameters.required("segment_uuid")
    with call.database.transaction():
        segment = segments.manual(call.database, uuid)
        contact = contacts.found(call.database, call.identity)
        segments.remove(call.database, contact, segment)
    return _answer(call, contact["uuid"], uuid)


def _answer(call: Call, contact_uuid: str, segment_uuid: str) -> Answer:
    answer: dict[str, object] = {
        "message": "ok",
        "contact_uuid": contact_uuid,
        "segment_uuid": segment_uuid,
    }
    if call.behaviour.segment_uid:
        answer["segment_uid"] = segment_uuid
    return answer

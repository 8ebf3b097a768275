"""What stood in for modules in executions that were begun by hand."""

from typing import Any

import msgspec
from sqlalchemy import Connection, insert, select

from trunkline.model.stand_ins import Course, StandIns
from trunkline.store.tables import stand_ins

_read_samples = msgspec.json.Decoder(dict[int, list[Any]]).decode
_read_course = msgspec.json.Decoder(Course).decode


def find_stand_ins(connection: Connection, execution_id: str) -> StandIns | None:
    """What stood in for modules in an execution; mostly nothing did."""
    row = connection.execute(
        select(stand_ins).where(stand_ins.c.execution_id == execution_id)
    ).one_or_none()
    if row is None:
        return None
    return StandIns(
        execution_id=row.execution_id,
        samples=_read_samples(row.samples),
        source_id=row.source_id,
        course=None if row.course is None else _read_course(row.course),
        operations=row.operations,
    )


def write_stand_ins(connection: Connection, what: StandIns) -> None:
    """Keeps what stands in for modules, with the execution."""
    course = what.course
    connection.execute(
        insert(stand_ins).values(
            execution_id=what.execution_id,
            samples=_text(what.samples),
            source_id=what.source_id,
            course=None if course is None else _text(course),
            operations=what.operations,
        )
    )


def _text(value: object) -> str:
    return msgspec.json.encode(value).decode()

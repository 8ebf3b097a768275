"""Scenarios and their versions, which never change."""

from typing import Any

from sqlalchemy import Connection, Row, Select, delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from trunkline.errors import ConflictError, NotFoundError, OutdatedError
from trunkline.model.clock import Millis
from trunkline.model.scenario import StoredScenario
from trunkline.store.shutdowns import forget_shutdown
from trunkline.store.tables import (
    counters,
    pins,
    positions,
    scenarios,
    schedules,
    versions,
)


def save_version(
    connection: Connection,
    *,
    scenario_id: str,
    version_id: str,
    name: str,
    content: str,
    now: Millis,
) -> int:
    """Stores a new version of the scenario of that name, which may be new itself.

    Returns:
        The number of the version, from 1.
    """
    known = connection.execute(
        select(scenarios.c.id).where(scenarios.c.name == name)
    ).scalar()
    if known is None:
        connection.execute(
            insert(scenarios).values(
                id=scenario_id,
                name=name,
                active=False,
                version_id=version_id,
                created_at=now,
                updated_at=now,
            )
        )
    return _add_version(connection, known or scenario_id, version_id, content, now)


def replace_version(
    connection: Connection,
    scenario_id: str,
    *,
    version_id: str,
    name: str,
    content: str,
    expected: int | None,
    now: Millis,
) -> int:
    """Stores a new version of a scenario that is known, perhaps under a new name.

    `expected` is the number of the version that was changed, where that matters.

    Returns:
        The number of the version.

    Raises:
        OutdatedError: the current version is another one than `expected`.
        ConflictError: another scenario has the name.
    """
    current = _last_number(connection, scenario_id)
    if expected is not None and expected != current:
        raise OutdatedError(
            f"Version {current} was saved meanwhile, and you changed version "
            f"{expected}. Look at what is new, then save again."
        )
    try:
        connection.execute(
            update(scenarios).where(scenarios.c.id == scenario_id).values(name=name)
        )
    except IntegrityError as error:
        raise ConflictError(
            f"A scenario named {name!r} exists already; choose another name."
        ) from error
    return _add_version(connection, scenario_id, version_id, content, now)


def _add_version(
    connection: Connection,
    scenario_id: str,
    version_id: str,
    content: str,
    now: Millis,
) -> int:
    number = _last_number(connection, scenario_id) + 1
    connection.execute(
        insert(versions).values(
            id=version_id,
            scenario_id=scenario_id,
            number=number,
            content=content,
            created_at=now,
        )
    )
    connection.execute(
        update(scenarios)
        .where(scenarios.c.id == scenario_id)
        .values(version_id=version_id, updated_at=now)
    )
    return number


def _last_number(connection: Connection, scenario_id: str) -> int:
    last = select(func.max(versions.c.number)).where(
        versions.c.scenario_id == scenario_id
    )
    return connection.scalar(last) or 0


def set_active(
    connection: Connection,
    scenario_id: str,
    *,
    active: bool,
    webhook_id: str | None,
    now: Millis,
) -> None:
    """Switches a scenario on or off; one that was switched off by itself is forgiven.

    Raises:
        ConflictError: another active scenario listens to the same webhook.
    """
    forget_shutdown(connection, scenario_id)
    try:
        connection.execute(
            update(scenarios)
            .where(scenarios.c.id == scenario_id)
            .values(active=active, webhook_id=webhook_id, updated_at=now)
        )
    except IntegrityError as error:
        raise ConflictError(
            "Another active scenario listens to this webhook. A webhook feeds one "
            "scenario: deactivate the other one, or add a webhook for this one."
        ) from error


def list_scenarios(connection: Connection) -> list[StoredScenario]:
    rows = connection.execute(_current().order_by(scenarios.c.name))
    return [_scenario(row) for row in rows]


def find_scenario(connection: Connection, ref: str) -> StoredScenario:
    """The scenario of that id or name.

    Raises:
        NotFoundError: there is none.
    """
    row = connection.execute(
        _current()
        .where((scenarios.c.id == ref) | (scenarios.c.name == ref))
        .order_by(scenarios.c.id != ref)
    ).first()
    if row is None:
        raise NotFoundError(
            f"There is no scenario named {ref!r}. `trunkline scenario list` shows "
            "those there are; `trunkline scenario add FILE` makes one."
        )
    return _scenario(row)


def find_version(connection: Connection, version_id: str) -> str:
    """The content of a version."""
    return str(
        connection.execute(
            select(versions.c.content).where(versions.c.id == version_id)
        ).scalar_one()
    )


def number_of_version(connection: Connection, version_id: str) -> int:
    """Which of its scenario's versions it is, from 1."""
    number = select(versions.c.number).where(versions.c.id == version_id)
    return int(connection.execute(number).scalar_one())


def remove_scenario(connection: Connection, scenario_id: str) -> None:
    """Removes a scenario without executions, and its versions."""
    forget_shutdown(connection, scenario_id)
    for table in (schedules, positions, pins, counters):
        connection.execute(delete(table).where(table.c.scenario_id == scenario_id))
    connection.execute(delete(versions).where(versions.c.scenario_id == scenario_id))
    connection.execute(delete(scenarios).where(scenarios.c.id == scenario_id))


def list_versions(connection: Connection, scenario_id: str) -> list[tuple[int, Millis]]:
    """The number of each version and when it was saved, newest first."""
    rows = connection.execute(
        select(versions.c.number, versions.c.created_at)
        .where(versions.c.scenario_id == scenario_id)
        .order_by(versions.c.number.desc())
    )
    return [(row.number, row.created_at) for row in rows]


def find_numbered_version(connection: Connection, scenario_id: str, number: int) -> str:
    """The content of a scenario's version.

    Raises:
        NotFoundError: it has no such version.
    """
    content = connection.scalar(
        select(versions.c.content).where(
            versions.c.scenario_id == scenario_id, versions.c.number == number
        )
    )
    if content is None:
        raise NotFoundError(f"The scenario has no version {number}.")
    return str(content)


def _current() -> Select[Any]:
    return select(scenarios, versions.c.number, versions.c.content).join(
        versions, versions.c.id == scenarios.c.version_id
    )


def _scenario(row: Row[tuple[object, ...]]) -> StoredScenario:
    return StoredScenario(
        id=row.id,
        name=row.name,
        active=row.active,
        version=row.number,
        version_id=row.version_id,
        content=row.content,
        webhook_id=row.webhook_id,
        created_at=row.created_at,
        updated_at=row.updated_at,
    )

"""Scenarios and their versions, which never change."""

from typing import Any

from sqlalchemy import Connection, Row, Select, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from trunkline.errors import ConflictError, NotFoundError
from trunkline.model.clock import Millis
from trunkline.model.scenario import StoredScenario
from trunkline.store.tables import scenarios, versions


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
    else:
        scenario_id = known
        connection.execute(
            update(scenarios)
            .where(scenarios.c.id == scenario_id)
            .values(version_id=version_id, updated_at=now)
        )
    number = 1 + (
        connection.scalar(
            select(func.max(versions.c.number)).where(
                versions.c.scenario_id == scenario_id
            )
        )
        or 0
    )
    connection.execute(
        insert(versions).values(
            id=version_id,
            scenario_id=scenario_id,
            number=number,
            content=content,
            created_at=now,
        )
    )
    return number


def set_active(
    connection: Connection,
    scenario_id: str,
    *,
    active: bool,
    webhook_id: str | None,
    now: Millis,
) -> None:
    """Switches a scenario on or off.

    Raises:
        ConflictError: another active scenario listens to the same webhook.
    """
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


def find_scenario(connection: Connection, name: str) -> StoredScenario:
    """The scenario of that name.

    Raises:
        NotFoundError: there is none.
    """
    row = connection.execute(_current().where(scenarios.c.name == name)).one_or_none()
    if row is None:
        raise NotFoundError(
            f"There is no scenario named {name!r}. `trunkline scenario list` shows "
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

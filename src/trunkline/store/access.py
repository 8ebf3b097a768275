"""Users, their sessions, and the tokens of programs."""

from sqlalchemy import Connection, delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from trunkline.errors import ConflictError
from trunkline.model.access import ApiToken, Session, User
from trunkline.model.clock import Millis
from trunkline.store.tables import api_tokens, sessions, users

# Users


def count_users(connection: Connection) -> int:
    return connection.scalar(select(func.count()).select_from(users)) or 0


def add_user(connection: Connection, user: User) -> None:
    """Stores a new user.

    Raises:
        ConflictError: the name is taken.
    """
    try:
        connection.execute(
            insert(users).values(
                id=user.id,
                name=user.name,
                password_hash=user.password_hash,
                created_at=user.created_at,
            )
        )
    except IntegrityError as error:
        raise ConflictError(
            f"A user named {user.name!r} exists already; choose another name."
        ) from error


def add_first_user(connection: Connection, user: User) -> bool:
    """Stores the owner; false where somebody else was quicker."""
    if count_users(connection):
        return False
    add_user(connection, user)
    return True


def list_users(connection: Connection) -> list[User]:
    rows = connection.execute(select(users).order_by(users.c.name))
    return [User(**row._mapping) for row in rows]  # noqa: SLF001 - public API of SQLAlchemy


def find_user(connection: Connection, name: str) -> User | None:
    row = connection.execute(select(users).where(users.c.name == name)).one_or_none()
    return None if row is None else User(**row._mapping)  # noqa: SLF001 - the same


def set_password(connection: Connection, user_id: str, password_hash: str) -> None:
    """Changes the password and ends the sessions that were entered with the old one."""
    connection.execute(
        update(users).where(users.c.id == user_id).values(password_hash=password_hash)
    )
    connection.execute(delete(sessions).where(sessions.c.user_id == user_id))


def remove_user(connection: Connection, user_id: str) -> None:
    """Removes a user with all sessions and tokens.

    Raises:
        ConflictError: it is the last one.
    """
    if count_users(connection) == 1:
        raise ConflictError(
            "This is the last user; without one nobody could enter. Add another one "
            "first."
        )
    connection.execute(delete(sessions).where(sessions.c.user_id == user_id))
    connection.execute(delete(api_tokens).where(api_tokens.c.user_id == user_id))
    connection.execute(delete(users).where(users.c.id == user_id))


# Sessions


def add_session(connection: Connection, session: Session) -> None:
    connection.execute(
        insert(sessions).values(
            id=session.id,
            user_id=session.user_id,
            created_at=session.created_at,
            seen_at=session.seen_at,
        )
    )


def find_session(connection: Connection, id_: str) -> tuple[Session, str] | None:
    """A session and the name of its user."""
    row = connection.execute(
        select(sessions, users.c.name)
        .join(users, users.c.id == sessions.c.user_id)
        .where(sessions.c.id == id_)
    ).one_or_none()
    if row is None:
        return None
    session = Session(
        id=row.id,
        user_id=row.user_id,
        created_at=row.created_at,
        seen_at=row.seen_at,
    )
    return session, row.name


def see_session(connection: Connection, id_: str, now: Millis) -> None:
    connection.execute(update(sessions).where(sessions.c.id == id_).values(seen_at=now))


def end_session(connection: Connection, id_: str) -> None:
    connection.execute(delete(sessions).where(sessions.c.id == id_))


def end_sessions_before(
    connection: Connection, *, created: Millis, seen: Millis
) -> None:
    """Ends the sessions that are too old, or were not used for too long."""
    connection.execute(
        delete(sessions).where(
            (sessions.c.created_at < created) | (sessions.c.seen_at < seen)
        )
    )


# Tokens of programs


def add_token(connection: Connection, token: ApiToken) -> None:
    """Stores a new token.

    Raises:
        ConflictError: the name is taken.
    """
    try:
        connection.execute(
            insert(api_tokens).values(
                id=token.id,
                name=token.name,
                user_id=token.user_id,
                digest=token.digest,
                read_only=token.read_only,
                created_at=token.created_at,
            )
        )
    except IntegrityError as error:
        raise ConflictError(
            f"A token named {token.name!r} exists already; choose another name."
        ) from error


def list_tokens(connection: Connection) -> list[ApiToken]:
    rows = connection.execute(select(api_tokens).order_by(api_tokens.c.name))
    return [ApiToken(**row._mapping) for row in rows]  # noqa: SLF001 - the same


def find_token(connection: Connection, digest: str) -> ApiToken | None:
    row = connection.execute(
        select(api_tokens).where(api_tokens.c.digest == digest)
    ).one_or_none()
    return None if row is None else ApiToken(**row._mapping)  # noqa: SLF001 - the same


def use_token(connection: Connection, id_: str, now: Millis) -> None:
    connection.execute(
        update(api_tokens).where(api_tokens.c.id == id_).values(used_at=now)
    )


def remove_token(connection: Connection, id_: str) -> bool:
    """Removes it; false where there was none."""
    result = connection.execute(delete(api_tokens).where(api_tokens.c.id == id_))
    return result.rowcount > 0

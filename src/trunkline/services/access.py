"""Entering: the owner first, then users by password and programs by token."""

import asyncio
import hmac
import secrets
from dataclasses import dataclass

from trunkline.errors import (
    ConflictError,
    ForbiddenError,
    NotEnteredError,
    NotFoundError,
)
from trunkline.model.access import (
    ALL_PERMISSIONS,
    ApiToken,
    Session,
    User,
    Visitor,
)
from trunkline.model.clock import Clock, as_text
from trunkline.model.ids import Ids
from trunkline.model.webhook import digest
from trunkline.services.names import check_name
from trunkline.services.passwords import Passwords, Patience
from trunkline.store import access as stored
from trunkline.store.store import Store

_DAY = 24 * 3600 * 1000
_LONGEST_STAY = 90 * _DAY
_LONGEST_ABSENCE = 14 * _DAY
_SEEN_EVERY = 60_000
"""Milliseconds between two notes that somebody is still there."""

_CODE_SIGNS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
TOKEN_PREFIX = "tl_"  # noqa: S105 - what tokens begin with, so that scanners find them


@dataclass(frozen=True, slots=True)
class UserView:
    """A user as others see them."""

    id: str
    name: str
    created_at: str | None


@dataclass(frozen=True, slots=True)
class TokenView:
    """A token of a program; `token` itself is shown once, when it is made."""

    id: str
    name: str
    read_only: bool
    created_at: str | None
    used_at: str | None
    token: str | None = None


@dataclass(frozen=True, slots=True)
class Entered:
    """A new session: what its cookie holds, and who it is."""

    cookie: str
    user: UserView


class Access:
    """The use cases of entering."""

    def __init__(self, store: Store, clock: Clock, ids: Ids) -> None:
        self._store = store
        self._clock = clock
        self._ids = ids
        self._passwords = Passwords()
        self._patience = Patience(clock)
        self._first_code: str | None = None

    # The owner

    async def open(self) -> str | None:
        """Makes the one-time code of a folder without users; `None` where there are.

        It lives as long as the process and is kept nowhere.
        """
        if await self._store.read(stored.count_users):
            return None
        signs = [secrets.choice(_CODE_SIGNS) for _ in range(12)]
        self._first_code = "-".join("".join(signs[i : i + 4]) for i in (0, 4, 8))
        return self._first_code

    @property
    def awaits_owner(self) -> bool:
        return self._first_code is not None

    async def enter_first(
        self, code: str, name: str, password: str, address: str
    ) -> Entered:
        """Makes the owner, with the code from the console.

        Raises:
            ConflictError: there is an owner already.
            ForbiddenError: the code is another one.
            UsageError: the name or the password cannot be used.
        """
        if self._first_code is None:
            raise ConflictError("The owner is known already; enter with a password.")
        self._patience.check(address)
        if not hmac.compare_digest(
            digest(code.strip().upper()), digest(self._first_code)
        ):
            self._patience.failed(address)
            raise ForbiddenError(
                "This is not the code. `trunkline serve` prints it when it starts."
            )
        user = await self._new_user(name, password)
        if not await self._store.write(stored.add_first_user, user):
            raise ConflictError("The owner is known already; enter with a password.")
        self._first_code = None
        return await self._stay(user)

    # Users

    async def enter(self, name: str, password: str, address: str) -> Entered:
        """Begins a session.

        Raises:
            NotEnteredError: there is no such user, or the password is another one.
            TooManyAttemptsError: say so, and when to come back.
        """
        who = f"{address} {name}"
        self._patience.check(who)
        user = await self._store.read(stored.find_user, name)
        if not await self._passwords.fits(
            user.password_hash if user else None, password
        ):
            self._patience.failed(who)
            raise NotEnteredError("The name or the password is not right.")
        assert user is not None  # noqa: S101 - without one no password fits
        self._patience.succeeded(who)
        return await self._stay(user)

    async def leave(self, cookie: str) -> None:
        """Ends a session."""
        await self._store.write(stored.end_session, _digest(cookie))

    async def users(self) -> list[UserView]:
        return [_user_view(one) for one in await self._store.read(stored.list_users)]

    async def add_user(self, name: str, password: str) -> UserView:
        """Makes a user.

        Raises:
            UsageError: the name or the password cannot be used.
            ConflictError: the name is taken.
        """
        user = await self._new_user(name, password)
        await self._store.write(stored.add_user, user)
        self._first_code = None
        return _user_view(user)

    async def set_password(self, name: str, password: str) -> None:
        """Gives a user another password and ends their sessions.

        Raises:
            NotFoundError: there is no such user.
            UsageError: the password cannot be used.
        """
        user = await self._find(name)
        hashed = await self._passwords.hashed(password)
        await self._store.write(stored.set_password, user.id, hashed)

    async def remove_user(self, name: str) -> None:
        """Removes a user, with sessions and tokens.

        Raises:
            NotFoundError: there is no such user.
            ConflictError: it is the last one.
        """
        user = await self._find(name)
        await self._store.write(stored.remove_user, user.id)

    # Programs

    async def tokens(self) -> list[TokenView]:
        return [_token_view(one) for one in await self._store.read(stored.list_tokens)]

    async def add_token(
        self, name: str, owner: Visitor, *, read_only: bool
    ) -> TokenView:
        """Makes a token; the only answer that shows it.

        Raises:
            UsageError: the name cannot be used.
            ConflictError: the name is taken.
            ForbiddenError: only a user can own a token.
        """
        check_name("token", name)
        if owner.user_id is None:
            raise ForbiddenError("Only a user who has entered can make a token.")
        shown = TOKEN_PREFIX + secrets.token_urlsafe(32)
        token = ApiToken(
            id=self._ids.new(),
            name=name,
            user_id=owner.user_id,
            digest=_digest(shown),
            read_only=read_only,
            created_at=self._clock.millis(),
        )
        await self._store.write(stored.add_token, token)
        return _token_view(token, shown)

    async def remove_token(self, id_: str) -> None:
        """Makes a token worthless.

        Raises:
            NotFoundError: there is none.
        """
        if not await self._store.write(stored.remove_token, id_):
            raise NotFoundError("There is no such token; it may have been removed.")

    # Requests

    async def by_cookie(self, cookie: str) -> Visitor | None:
        """Who shows this cookie, if the session lasts."""
        found = await self._store.read(stored.find_session, _digest(cookie))
        if found is None:
            return None
        session, name = found
        now = self._clock.millis()
        if (
            now - session.created_at > _LONGEST_STAY
            or now - session.seen_at > _LONGEST_ABSENCE
        ):
            await self._store.write(stored.end_session, session.id)
            return None
        if now - session.seen_at > _SEEN_EVERY:
            await self._store.write(stored.see_session, session.id, now)
        return Visitor(name=name, permissions=ALL_PERMISSIONS, user_id=session.user_id)

    async def by_token(self, shown: str) -> Visitor | None:
        """Which program shows this token."""
        if not shown.startswith(TOKEN_PREFIX):
            return None
        token = await self._store.read(stored.find_token, _digest(shown))
        if token is None:
            return None
        now = self._clock.millis()
        if token.used_at is None or now - token.used_at > _SEEN_EVERY:
            await self._store.write(stored.use_token, token.id, now)
        return Visitor(
            name=token.name, permissions=token.permissions, user_id=token.user_id
        )

    async def _new_user(self, name: str, password: str) -> User:
        check_name("user", name)
        return User(
            id=self._ids.new(),
            name=name.strip(),
            password_hash=await self._passwords.hashed(password),
            created_at=self._clock.millis(),
        )

    async def _stay(self, user: User) -> Entered:
        cookie = secrets.token_urlsafe(32)
        now = self._clock.millis()
        session = Session(
            id=_digest(cookie), user_id=user.id, created_at=now, seen_at=now
        )
        await asyncio.gather(
            self._store.write(
                stored.end_sessions_before,
                created=now - _LONGEST_STAY,
                seen=now - _LONGEST_ABSENCE,
            ),
            self._store.write(stored.add_session, session),
        )
        return Entered(cookie, _user_view(user))

    async def _find(self, name: str) -> User:
        user = await self._store.read(stored.find_user, name)
        if user is None:
            raise NotFoundError(f"There is no user named {name!r}.")
        return user


def _digest(text: str) -> str:
    return digest(text).hex()


def _user_view(user: User) -> UserView:
    return UserView(user.id, user.name, as_text(user.created_at))


def _token_view(token: ApiToken, shown: str | None = None) -> TokenView:
    return TokenView(
        id=token.id,
        name=token.name,
        read_only=token.read_only,
        created_at=as_text(token.created_at),
        used_at=as_text(token.used_at),
        token=shown,
    )

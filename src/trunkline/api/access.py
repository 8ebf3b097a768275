"""Entering over HTTP: sessions, users, and the tokens of programs."""

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, Field

from trunkline.api.gate import COOKIE, cookie_of
from trunkline.api.visitors import OWN, Caller
from trunkline.errors import NotEnteredError
from trunkline.model.access import Permission
from trunkline.services import Services
from trunkline.services.access import Entered, TokenView, UserView

_STAY_SECONDS = 90 * 24 * 3600


class Credentials(BaseModel):
    """A name and a password."""

    name: str
    password: str


class FirstCredentials(Credentials):
    """The same, with the code that the console shows at the first start."""

    code: str


class NewPassword(BaseModel):
    """Another password."""

    password: str


class NewToken(BaseModel):
    """A token's name, by which its owner will know it."""

    name: str
    read_only: bool = Field(
        default=False, description="It may look, and change nothing."
    )


class SessionView(BaseModel):
    """Who makes this request; `name` is null for nobody.

    `awaits_owner` says that there is no user yet, and that the code from the console
    makes the first one.
    """

    name: str | None
    permissions: list[Permission] = []
    awaits_owner: bool = False


def open_routes(services: Services, *, secure: bool) -> APIRouter:
    """Where people come in and go out; `secure` cookies travel over https alone."""
    router = APIRouter(prefix="/session", tags=["access"])
    access = services.access

    @router.get("")
    async def show_session(request: Request) -> SessionView:
        visitor = request.state.visitor
        return SessionView(
            name=visitor.name if visitor else None,
            permissions=sorted(visitor.permissions) if visitor else [],
            awaits_owner=access.awaits_owner,
        )

    @router.post("")
    async def enter(
        credentials: Credentials, request: Request, response: Response
    ) -> SessionView:
        entered = await access.enter(
            credentials.name, credentials.password, _address(request)
        )
        return _stay(entered, response, secure=secure)

    @router.post("/first", status_code=201)
    async def enter_first(
        credentials: FirstCredentials, request: Request, response: Response
    ) -> SessionView:
        """Makes the owner."""
        entered = await access.enter_first(
            credentials.code,
            credentials.name,
            credentials.password,
            _address(request),
        )
        return _stay(entered, response, secure=secure)

    @router.delete("", status_code=204)
    async def leave(request: Request, response: Response) -> None:
        cookie = cookie_of(request.headers)
        if cookie is not None:
            await access.leave(cookie)
        response.delete_cookie(COOKIE, httponly=True, samesite="strict", secure=secure)

    return router


def _stay(entered: Entered, response: Response, *, secure: bool) -> SessionView:
    response.set_cookie(
        COOKIE,
        entered.cookie,
        max_age=_STAY_SECONDS,
        httponly=True,
        samesite="strict",
        secure=secure,
    )
    return SessionView(name=entered.user.name, permissions=list(Permission))


def routes(services: Services) -> APIRouter:
    """Who else may enter."""
    router = APIRouter(tags=["access"], dependencies=[OWN])
    access = services.access

    @router.get("/users")
    async def list_users() -> list[UserView]:
        return await access.users()

    @router.post("/users", status_code=201)
    async def add_user(new: Credentials) -> UserView:
        return await access.add_user(new.name, new.password)

    @router.put("/users/{name:path}/password", status_code=204)
    async def set_password(name: str, new: NewPassword) -> None:
        """Ends the user's sessions, too."""
        await access.set_password(name, new.password)

    @router.delete("/users/{name:path}", status_code=204)
    async def remove_user(name: str) -> None:
        await access.remove_user(name)

    @router.get("/tokens")
    async def list_tokens() -> list[TokenView]:
        return await access.tokens()

    @router.post("/tokens", status_code=201)
    async def add_token(new: NewToken, caller: Caller) -> TokenView:
        """The only answer that shows the token."""
        return await access.add_token(new.name, caller, read_only=new.read_only)

    @router.delete("/tokens/{id_}", status_code=204)
    async def remove_token(id_: str) -> None:
        await access.remove_token(id_)

    return router


def _address(request: Request) -> str:
    if request.client is None:
        raise NotEnteredError("The address of who asks is not known.")
    return request.client.host

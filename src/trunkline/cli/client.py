"""The REST API from the other side, one method for each thing it can do."""

import json
from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any, TypeAlias
from urllib.parse import quote

import aiohttp
from yarl import URL

from trunkline.errors import TrunklineError, UsageError

Record: TypeAlias = dict[str, Any]
"""One thing as the API shows it; its keys are the names in the OpenAPI document."""

_ERROR_KEY = b'{"$error":'
"""How the last line of a stream begins that broke off."""

_BAD_REQUEST = 400
_WRONG_USAGE = frozenset(
    {"UsageError", "InvalidScenarioError", "TemplateError", "BundleValidationError"}
)
"""Titles of problems that lie in what was asked, not in what came of it."""


@asynccontextmanager
async def connected(
    address: str, token: str, *, lasting: bool = True
) -> AsyncIterator["Client"]:
    """A client of the server at `address`; `lasting` if it outlives this command."""
    async with aiohttp.ClientSession(
        headers={"Authorization": f"Bearer {token}"},
        timeout=aiohttp.ClientTimeout(total=None, sock_connect=10),
    ) as session:
        yield Client(session, address, lasting=lasting)


class Client:
    """Calls the API; what it refuses is raised with the sentence it gave.

    Every method raises UsageError where the request was wrong, and TrunklineError
    where it could not be done or nobody answered.
    """

    def __init__(
        self, session: aiohttp.ClientSession, address: str, *, lasting: bool
    ) -> None:
        self._session = session
        self.address = address
        self.lasting = lasting

    async def is_alive(self) -> bool:
        try:
            async with self._session.get(
                f"{self.address}/health", timeout=aiohttp.ClientTimeout(total=5)
            ) as answer:
                return answer.ok
        except (aiohttp.ClientError, TimeoutError):
            return False

    async def connections(self) -> list[Record]:
        return await self._records("connections")

    async def add_connection(
        self, name: str, app: str, fields: Record, base_url: str | None
    ) -> Record:
        new = {"name": name, "app": app, "fields": fields, "base_url": base_url}
        return await self._record("POST", "connections", json=new)

    async def test_connection(self, name: str) -> Record:
        return await self._record("POST", f"connections/{_quoted(name)}/test")

    async def remove_connection(self, name: str) -> None:
        await self._call("DELETE", f"connections/{_quoted(name)}")

    async def webhooks(self) -> list[Record]:
        return await self._records("webhooks")

    async def add_webhook(self, new: Record) -> Record:
        return await self._record("POST", "webhooks", json=new)

    async def deliveries(
        self, webhook: str, limit: int, state: str | None = None
    ) -> list[Record]:
        path = f"webhooks/{_quoted(webhook)}/deliveries"
        return await self._records(path, limit=limit, state=state)

    async def delivery(self, id_: str) -> Record:
        return await self._record("GET", f"deliveries/{_quoted(id_)}")

    async def replay(self, id_: str) -> Record:
        return await self._record("POST", f"deliveries/{_quoted(id_)}/replay")

    async def scenarios(self) -> list[Record]:
        return await self._records("scenarios")

    async def save_scenario(self, text: str) -> Record:
        return await self._record("POST", "scenarios", data=text.encode())

    async def scenario(self, name: str) -> Record:
        return await self._record("GET", f"scenarios/{_quoted(name)}")

    async def activate(self, name: str) -> Record:
        return await self._record("POST", f"scenarios/{_quoted(name)}/activate")

    async def deactivate(self, name: str) -> Record:
        return await self._record("POST", f"scenarios/{_quoted(name)}/deactivate")

    async def run_scenario(self, name: str, input_bundle: object) -> Record:
        by_hand = {"input": input_bundle}
        path = f"scenarios/{_quoted(name)}/run"
        return await self._record("POST", path, json=by_hand)

    async def executions(
        self, limit: int, scenario: str | None = None, state: str | None = None
    ) -> list[Record]:
        return await self._records(
            "executions", limit=limit, scenario=scenario, state=state
        )

    async def execution(self, id_: str) -> Record:
        return await self._record("GET", f"executions/{_quoted(id_)}")

    async def apps(self) -> list[Record]:
        return await self._records("apps")

    async def app(self, key: str) -> Record:
        return await self._record("GET", f"apps/{_quoted(key)}")

    async def users(self) -> list[Record]:
        return await self._records("users")

    async def add_user(self, name: str, password: str) -> Record:
        credentials = {"name": name, "password": password}
        return await self._record("POST", "users", json=credentials)

    async def set_password(self, name: str, password: str) -> None:
        path = f"users/{_quoted(name)}/password"
        await self._call("PUT", path, json={"password": password})

    async def remove_user(self, name: str) -> None:
        await self._call("DELETE", f"users/{_quoted(name)}")

    async def doctor(self) -> list[Record]:
        return await self._records("doctor")

    async def balance(self) -> Record:
        return await self._record("GET", "balance")

    async def run_module(
        self, name: str, connection: str | None, fields: Record
    ) -> AsyncGenerator[list[bytes], None]:
        """Runs a module by itself; yields its bundles as JSON texts, some at a time.

        Raises:
            TrunklineError: the module failed, perhaps after some bundles.
        """
        run = {"connection": connection, "fields": fields}
        url = self._url(f"modules/{_quoted(name)}/run")
        try:
            async with self._session.post(url, json=run) as answer:
                await _refuse(answer)
                rest = b""
                async for chunk in answer.content.iter_any():
                    *lines, rest = (rest + chunk).split(b"\n")
                    error = lines.pop() if _is_error(lines) else None
                    yield lines
                    _raise_broken_off(error)
        except aiohttp.ClientError as error:
            raise self._silent(error) from error

    async def _records(self, path: str, **query: str | int | None) -> list[Record]:
        params = {name: str(value) for name, value in query.items() if value}
        found: list[Record] = await self._call("GET", path, params=params)
        return found

    async def _record(self, method: str, path: str, **sent: Any) -> Record:  # noqa: ANN401 - what aiohttp takes
        found: Record = await self._call(method, path, **sent)
        return found

    async def _call(self, method: str, path: str, **sent: Any) -> Any:  # noqa: ANN401 - any JSON value
        try:
            async with self._session.request(method, self._url(path), **sent) as answer:
                await _refuse(answer)
                text = await answer.text()
        except aiohttp.ClientError as error:
            raise self._silent(error) from error
        return json.loads(text) if text else None

    def _url(self, path: str) -> URL:
        return URL(f"{self.address}/api/v1/{path}", encoded=True)

    def _silent(self, error: Exception) -> TrunklineError:
        return TrunklineError(
            f"The server at {self.address} broke off ({error}); see its log, and "
            "look with `trunkline execution list` how far it came."
        )


async def _refuse(answer: aiohttp.ClientResponse) -> None:
    """Raises the problem that an answer tells, if it does."""
    if answer.status < _BAD_REQUEST:
        return
    text = await answer.text()
    try:
        problem = json.loads(text)
        title, detail = problem["title"], problem["detail"]
    except (ValueError, KeyError, TypeError):
        title, detail = "", f"The server answered {answer.status}: {text[:200]}"
    raise (UsageError if title in _WRONG_USAGE else TrunklineError)(detail)


def _is_error(lines: list[bytes]) -> bool:
    return bool(lines) and lines[-1].startswith(_ERROR_KEY)


def _raise_broken_off(line: bytes | None) -> None:
    if line is not None:
        error: Mapping[str, str] = json.loads(line)["$error"]
        raise TrunklineError(f"{error['type']}: {error['message']}")


def _quoted(name: str) -> str:
    return quote(name, safe="")

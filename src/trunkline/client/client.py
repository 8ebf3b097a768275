"""The REST API from the other side, one method for each thing it can do."""

import json
from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
from yarl import URL

from trunkline.client.calls import Record, quoted
from trunkline.client.counters import CounterCalls
from trunkline.client.datastores import DataStoreCalls
from trunkline.client.executions import ExecutionCalls
from trunkline.client.hand_runs import HandRunCalls
from trunkline.client.records import (
    AppView,
    Balance,
    Beginning,
    BeginningView,
    Check,
    Choice,
    Confirmed,
    ConnectionView,
    Expectation,
    Outlook,
    Problem,
    PruningView,
    ReplayedExecution,
    ReviewView,
    SavedBackups,
    ScenarioView,
    StorageView,
    UserView,
    VersionView,
)
from trunkline.client.webhooks import WebhookCalls
from trunkline.errors import TrunklineError, UsageError

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


class Client(CounterCalls, DataStoreCalls, ExecutionCalls, HandRunCalls, WebhookCalls):
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

    async def connections(self) -> list[ConnectionView]:
        found: list[ConnectionView] = await self._records("connections")
        return found

    async def add_connection(
        self, name: str, app: str, fields: Record, base_url: str | None
    ) -> ConnectionView:
        new = {"name": name, "app": app, "fields": fields, "base_url": base_url}
        found: ConnectionView = await self._call("POST", "connections", json=new)
        return found

    async def test_connection(self, name: str) -> ConnectionView:
        found: ConnectionView = await self._call(
            "POST", f"connections/{quoted(name)}/test"
        )
        return found

    async def remove_connection(self, name: str) -> None:
        await self._call("DELETE", f"connections/{quoted(name)}")

    async def scenarios(self) -> list[ScenarioView]:
        found: list[ScenarioView] = await self._records("scenarios")
        return found

    async def save_scenario(self, text: str) -> ScenarioView:
        found: ScenarioView = await self._call("POST", "scenarios", data=text.encode())
        return found

    async def scenario(self, name: str) -> ScenarioView:
        found: ScenarioView = await self._call("GET", f"scenarios/{quoted(name)}")
        return found

    async def check_scenario(self, document: Record) -> list[Problem]:
        """What is wrong with a scenario that is not saved."""
        found: list[Problem] = await self._call(
            "POST", "scenarios/check", json=document
        )
        return found

    async def versions(self, name: str) -> list[VersionView]:
        found: list[VersionView] = await self._records(
            f"scenarios/{quoted(name)}/versions"
        )
        return found

    async def restore(self, name: str, number: int) -> ScenarioView:
        """Saves a version as the newest one."""
        found: ScenarioView = await self._call(
            "POST", f"scenarios/{quoted(name)}/versions/{number}/restore"
        )
        return found

    async def activate(self, name: str) -> ScenarioView:
        found: ScenarioView = await self._call(
            "POST", f"scenarios/{quoted(name)}/activate"
        )
        return found

    async def deactivate(self, name: str) -> ScenarioView:
        found: ScenarioView = await self._call(
            "POST", f"scenarios/{quoted(name)}/deactivate"
        )
        return found

    async def outlook(self, schedule: Record, timezone: str = "UTC") -> Outlook:
        """The next times of a schedule that is not saved, or its faults."""
        asked = {"schedule": schedule, "timezone": timezone}
        found: Outlook = await self._call("POST", "scenarios/outlook", json=asked)
        return found

    async def beginning(self, name: str) -> BeginningView:
        """How far a scenario's polling trigger has come."""
        path = f"scenarios/{quoted(name)}/beginning"
        found: BeginningView = await self._call("GET", path)
        return found

    async def choose_beginning(self, name: str, beginning: Beginning) -> BeginningView:
        """Lets the trigger go on from another place; records may come again."""
        path = f"scenarios/{quoted(name)}/beginning"
        found: BeginningView = await self._call("PUT", path, json=beginning)
        return found

    async def expect_beginning(self, name: str, beginning: Beginning) -> Expectation:
        """How many records the trigger would take if it began there."""
        path = f"scenarios/{quoted(name)}/beginning/expect"
        found: Expectation = await self._call("POST", path, json=beginning)
        return found

    async def beginning_choices(self, name: str) -> list[Choice]:
        """The latest records, to choose one to begin from."""
        path = f"scenarios/{quoted(name)}/beginning/choices"
        found: list[Choice] = await self._records(path)
        return found

    async def compare_scenario(
        self, name: str, draft: Record
    ) -> list[ReplayedExecution]:
        path = f"scenarios/{quoted(name)}/compare"
        found: list[ReplayedExecution] = await self._call("POST", path, json=draft)
        return found

    async def apps(self) -> list[AppView]:
        found: list[AppView] = await self._records("apps")
        return found

    async def app(self, key: str) -> AppView:
        found: AppView = await self._call("GET", f"apps/{quoted(key)}")
        return found

    async def users(self) -> list[UserView]:
        found: list[UserView] = await self._records("users")
        return found

    async def add_user(self, name: str, password: str) -> UserView:
        credentials = {"name": name, "password": password}
        found: UserView = await self._call("POST", "users", json=credentials)
        return found

    async def set_password(self, name: str, password: str) -> None:
        path = f"users/{quoted(name)}/password"
        await self._call("PUT", path, json={"password": password})

    async def remove_user(self, name: str) -> None:
        await self._call("DELETE", f"users/{quoted(name)}")

    async def doctor(self) -> list[Check]:
        found: list[Check] = await self._records("doctor")
        return found

    async def storage(self, *, tables: bool = False) -> StorageView:
        """Sizes; with `tables` the whole file is looked at."""
        asked = {"tables": "true"} if tables else {}
        found: StorageView = await self._call("GET", "storage", params=asked)
        return found

    async def prune(self, *, compact: bool = False) -> PruningView:
        """Asks for pruning; `pruning` tells how far it has come."""
        found: PruningView = await self._call(
            "POST", "prune", json={"compact": compact}
        )
        return found

    async def pruning(self) -> PruningView:
        found: PruningView = await self._call("GET", "prune")
        return found

    async def balance(self) -> Balance:
        found: Balance = await self._call("GET", "balance")
        return found

    async def backup(self) -> AsyncGenerator[bytes, None]:
        """Makes a backup; yields the pieces of its file.

        Raises:
            TrunklineError: it was not made, or broke off.
        """
        async for chunk in self._pieces("POST", "backups"):
            yield chunk

    async def saved_backups(self) -> SavedBackups:
        """The backups on the server's disk, and the one under way."""
        found: SavedBackups = await self._call("GET", "backups/saved")
        return found

    async def save_backup(self) -> SavedBackups:
        """Begins a backup that stays on the server's disk."""
        found: SavedBackups = await self._call("POST", "backups/saved")
        return found

    async def saved_backup(self, name: str) -> AsyncGenerator[bytes, None]:
        """The pieces of a backup's file.

        Raises:
            TrunklineError: there is none of that name, or it broke off.
        """
        async for chunk in self._pieces("GET", f"backups/saved/{quoted(name)}"):
            yield chunk

    async def remove_saved_backup(self, name: str) -> None:
        await self._call("DELETE", f"backups/saved/{quoted(name)}")

    async def review(self) -> ReviewView:
        found: ReviewView = await self._call("GET", "review")
        return found

    async def confirm_review(self, unfinished: str) -> Confirmed:
        """Lets a restored folder work; unfinished executions "run" or "cancel"."""
        found: Confirmed = await self._call(
            "POST", "review/confirm", json={"unfinished": unfinished}
        )
        return found

    async def run_module(
        self, name: str, connection: str | None, fields: Record
    ) -> AsyncGenerator[list[bytes], None]:
        """Runs a module by itself; yields its bundles as JSON texts, some at a time.

        Raises:
            TrunklineError: the module failed, perhaps after some bundles.
        """
        run = {"connection": connection, "fields": fields}
        url = self._url(f"modules/{quoted(name)}/run")
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

    async def _pieces(self, method: str, path: str) -> AsyncGenerator[bytes, None]:
        try:
            async with self._session.request(method, self._url(path)) as answer:
                await _refuse(answer)
                async for chunk in answer.content.iter_any():
                    yield chunk
        except aiohttp.ClientError as error:
            raise self._silent(error) from error

    async def _call(self, method: str, path: str, **sent: Any) -> Any:  # noqa: ANN401 - the callers say what
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

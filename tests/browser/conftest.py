"""A browser that fails on every fault it meets, and a server for it to look at."""

import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import ConsoleMessage, Page, expect

from fakes.house import PASSWORD, House, house, sandbox

OWNER = "Ada"
_FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
)

expect.set_options(timeout=10_000)


@pytest.fixture(scope="session")
def browser_type_launch_args() -> Mapping[str, Any]:
    """Debian's Chromium; nothing is downloaded."""
    path = shutil.which("chromium")
    assert path, "The browser tests need Chromium: apt-get install chromium"
    return {"executable_path": path, "args": _FLAGS}


@pytest.fixture(scope="session")
def browser_context_args() -> Mapping[str, Any]:
    return {
        "viewport": {"width": 1280, "height": 800},
        "reduced_motion": "reduce",
        "locale": "en-GB",
        "timezone_id": "Europe/Prague",
        "permissions": ["clipboard-read", "clipboard-write"],
    }


@pytest.fixture
def fresh(tmp_path: Path) -> Iterator[House]:
    """A server that nobody has entered."""
    with house(tmp_path / "data") as made:
        yield made


@pytest.fixture
def refiner(tmp_path: Path) -> Iterator[str]:
    """The sandbox's address."""
    with sandbox(tmp_path / "sandbox") as address:
        yield address


@pytest.fixture
def faultless(page: Page) -> Iterator[Page]:
    """A page on which no script fails and nothing is complained of on the console."""
    said: list[str] = []
    page.on("pageerror", lambda error: said.append(f"error: {error}"))
    page.on("console", lambda message: said.extend(_complaint(message)))
    yield page
    assert said == []


def _complaint(message: ConsoleMessage) -> Iterator[str]:
    # That a request was refused is part of some tests; the page says so itself.
    refused = "server responded with a status of" in message.text
    if message.type in ("error", "warning") and not refused:
        yield f"{message.type}: {message.text}"


@pytest.fixture
def entered(faultless: Page, fresh: House) -> Page:
    """The page of the owner, who has just come in."""
    enter(faultless, fresh)
    return faultless


def enter(page: Page, fresh: House) -> None:
    """Makes the owner, as the console says."""
    page.goto(f"{fresh.address}/enter#{fresh.code}")
    page.get_by_role("textbox", name="Name").fill(OWNER)
    page.get_by_role("textbox", name="Password").fill(PASSWORD)
    page.get_by_role("button", name="Begin").click()
    expect(page.get_by_role("heading", name="Home", exact=True)).to_be_visible()

"""Every page, in both appearances, before axe's rules for WCAG 2.2 AA."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from browser.axe import faults_of
from browser.conftest import enter
from browser.furnished import Furnished, furnished


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Furnished]:
    with furnished(tmp_path_factory.mktemp("home")) as made:
        yield made


@pytest.fixture(scope="module", params=["light", "dark"])
def page(
    request: pytest.FixtureRequest, browser: Browser, home: Furnished
) -> Iterator[Page]:
    """A page of somebody who has entered, in one appearance."""
    context = browser.new_context(color_scheme=request.param, reduced_motion="reduce")
    page = context.new_page()
    if home.session is None:
        enter(page, home.house)
        home.session = context.storage_state()
    else:
        context.add_cookies(home.session["cookies"])
    yield page
    context.close()


def test_every_place_is_accessible(page: Page, home: Furnished) -> None:
    faults = {}
    for path, heading in home.places.items():
        page.goto(home.house.address + path)
        expect(page.get_by_role("heading", name=heading, level=1)).to_be_visible()
        expect(page.locator(".mantine-Skeleton-root")).to_have_count(0)
        faults[path] = faults_of(page)
    assert {path: found for path, found in faults.items() if found} == {}


@pytest.mark.parametrize(
    "opens",
    [
        "Identify a User, module 4",
        "Filter detractor before module 3",
        "Inputs and outputs",
        "Versions",
    ],
)
def test_every_dialog_of_the_editor_is_accessible(
    opens: str, page: Page, home: Furnished
) -> None:
    page.goto(home.house.address + home.editor)
    page.get_by_role("button", name=opens).focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_be_visible()
    assert faults_of(page) == []


def test_the_list_editor_is_accessible(page: Page, home: Furnished) -> None:
    page.goto(home.house.address + home.editor)
    page.get_by_text("List", exact=True).click()
    expect(page.get_by_role("list", name="Modules in their order")).to_be_visible()
    faults = faults_of(page)
    page.get_by_text("Canvas", exact=True).click()
    assert faults == []


@pytest.mark.parametrize(
    ("path", "opens"),
    [
        ("/connections", "Create a connection"),
        ("/webhooks", "Create a webhook"),
        ("/datastores", "Create a data store"),
        ("/scenarios", "Search and commands"),
        ("/scenarios", "Keyboard shortcuts"),
    ],
)
def test_every_other_dialog_is_accessible(
    path: str, opens: str, page: Page, home: Furnished
) -> None:
    page.goto(home.house.address + path)
    page.get_by_role("button", name=opens).click()
    expect(page.get_by_role("dialog")).to_be_visible()
    assert faults_of(page) == []


@pytest.mark.parametrize("tab", ["Users", "API tokens", "Storage", "Backup", "Server"])
def test_every_part_of_the_settings_is_accessible(
    tab: str, page: Page, home: Furnished
) -> None:
    page.goto(f"{home.house.address}/settings")
    page.get_by_role("tab", name=tab).click()
    expect(page.get_by_role("heading", name=tab, level=2)).to_be_visible()
    expect(page.locator(".mantine-Skeleton-root")).to_have_count(0)
    assert faults_of(page) == []

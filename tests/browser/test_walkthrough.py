"""The seed's walkthrough, word for word, in a browser against the sandbox."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from fakes.house import KEY, House

SECRET = "an-invented-secret-token"

DIALOGS = {
    "Watch Completed Survey": (
        "Triggers when a survey is completed.",
        ["Webhook"],
        [],
    ),
    "Watch User Entered Segment": (
        "Triggers when a user has entered the segment.",
        ["Webhook"],
        [],
    ),
    "Identify a User": (
        "Creates a new user in Refiner or updates an already existing user.",
        ["Connection", "User ID"],
        ["Additional Data"],
    ),
    "Track an Event": (
        "Tracks events performed by users.",
        ["Connection", "User ID", "Event Name"],
        [],
    ),
    "Make an API Call": (
        "Performs an arbitrary authorized API call.",
        ["Connection", "URL"],
        ["Method", "Headers", "Query String", "Body"],
    ),
    "List Contacts": (
        "Lists all contacts.",
        ["Connection"],
        ["Order by", "From UUID", "Segment UUID", "Limit"],
    ),
}


def test_the_walkthrough_of_the_documentation(
    entered: Page, fresh: House, refiner: str
) -> None:
    page = entered
    key = _copy_the_api_key(page, refiner)
    _add_module(page, fresh, "Watch Completed Survey")
    _create_the_webhook(page)
    _save_webhook_in_refiner(page, refiner)
    page.goto(f"{fresh.address}/scenarios")
    page.get_by_role("link", name="New scenario").click()
    _append(page, "Track an Event")
    _create_the_connection(page, key, refiner)
    _type(page, "User ID", "{{1.remote_id}}")
    _type(page, "Event Name", "Answered")
    page.get_by_role("button", name="OK", exact=True).click()
    _save(page, 2)
    page.get_by_role("switch", name="Active").click()
    expect(page.get_by_role("switch", name="Active")).to_be_checked()
    _answer_the_survey(page, refiner)
    page.goto(f"{fresh.address}/executions")
    page.get_by_role("link", name="New scenario").click()
    expect(page.get_by_text("1 done").first).to_be_visible()
    page.goto(f"{refiner}/contacts?search=ada")
    page.get_by_role("link", name="Ada Example").click()
    expect(page.get_by_text(re.compile("Answered"))).to_be_visible()


def test_the_api_call_gives_its_matches_under_bundle_body_items(
    entered: Page, fresh: House, refiner: str
) -> None:
    page = entered
    _answer_the_survey(page, refiner)
    _add_module(page, fresh, "Make an API Call")
    _create_the_connection(page, KEY, refiner)
    _type(page, "URL", "/v1/contacts")
    page.get_by_role("combobox", name="Method").click()
    page.get_by_role("option", name="GET").click()
    page.get_by_role("button", name="OK", exact=True).click()
    _save(page, 1)
    page.get_by_role("button", name="Run once").click()
    page.get_by_role("button", name="Run", exact=True).click()
    page.get_by_role("link", name="Look at the execution").click()
    operation = page.get_by_role("region", name="Operation 1")
    output = operation.get_by_role("group", name="Output", exact=True)
    expect(output.get_by_text("Bundle", exact=True)).to_be_visible()
    expect(output.get_by_text("body", exact=True)).to_be_visible()
    output.get_by_text("items", exact=True).click()
    output.locator("summary", has_text=re.compile(r"^1 \{")).first.click()
    expect(output.get_by_text("ada@example.com").first).to_be_visible()


@pytest.mark.parametrize("label", DIALOGS)
def test_each_module_has_the_fields_of_the_documentation(
    label: str, entered: Page, fresh: House
) -> None:
    page = entered
    description, mandatory, optional = DIALOGS[label]
    _add_module(page, fresh, label)
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_text(description)).to_be_visible()
    for name in mandatory:
        assert _weight(dialog, name) >= 700, name
    for name in optional:
        assert _weight(dialog, name) < 700, name


def _weight(dialog: Locator, name: str) -> int:
    label = dialog.get_by_text(re.compile(rf"^{name}( \*)?$")).first
    return int(label.evaluate("element => getComputedStyle(element).fontWeight"))


def _copy_the_api_key(page: Page, refiner: str) -> str:
    page.goto(refiner)
    page.get_by_role("link", name="Integrations").click()
    page.get_by_role("link", name="Get API Key").click()
    return page.locator("code.key").inner_text()


def _add_module(page: Page, fresh: House, label: str) -> None:
    page.goto(f"{fresh.address}/scenarios/new")
    page.get_by_role("button", name="Add the first module").click()
    _choose(page, label)


def _append(page: Page, label: str) -> None:
    page.get_by_role("button", name="Add a module", exact=True).click()
    _choose(page, label)


def _choose(page: Page, label: str) -> None:
    search = page.get_by_role("combobox", name="Search apps and modules")
    search.fill(label)
    expect(page.get_by_role("option").first).to_contain_text(label)
    search.press("Enter")
    expect(page.get_by_role("dialog", name=f"Refiner: {label}")).to_be_visible()


def _create_the_webhook(page: Page) -> None:
    page.get_by_role("button", name="Create a webhook").click()
    dialog = page.get_by_role("dialog", name="Create a webhook")
    dialog.get_by_role("textbox", name="Webhook Name").fill("Completed surveys")
    dialog.get_by_label("Secret Auth-Token").fill(SECRET)
    dialog.get_by_role("button", name="Save").click()
    dialog.get_by_role("button", name="Copy address to clipboard").click()
    address = page.evaluate("navigator.clipboard.readText()")
    assert "/hooks/" in address
    dialog.get_by_role("button", name="OK", exact=True).click()
    page.get_by_role("dialog").get_by_role("button", name="OK", exact=True).click()
    _save(page, 1)


def _save_webhook_in_refiner(page: Page, refiner: str) -> None:
    address = page.evaluate("navigator.clipboard.readText()")
    page.goto(f"{refiner}/integrations")
    page.get_by_role("link", name="Webhook", exact=True).click()
    page.get_by_label("Webhook Name").fill("To Trunkline")
    page.get_by_label("Completed Survey").check()
    page.get_by_label("Destination URL").fill(address)
    page.get_by_label("Secret Auth-Token").fill(SECRET)
    page.get_by_role("button", name="Save Webhook").click()
    expect(page.get_by_text("To Trunkline").first).to_be_visible()


def _create_the_connection(page: Page, key: str, refiner: str) -> None:
    page.get_by_role("button", name="Create a connection").click()
    dialog = page.get_by_role("dialog", name="Create a connection")
    dialog.get_by_role("textbox", name="Connection name").fill("My Refiner")
    dialog.get_by_label("API Key", exact=False).first.fill(key)
    dialog.get_by_role("button", name="Advanced settings").click()
    dialog.get_by_role("textbox", name="Address of the service").fill(refiner)
    dialog.get_by_role("button", name="Continue").click()
    expect(dialog.get_by_text("The connection has been established.")).to_be_visible()
    dialog.get_by_role("button", name="OK", exact=True).click()


def _type(page: Page, field: str, text: str) -> None:
    box = page.get_by_role("dialog").get_by_role("textbox", name=field, exact=True)
    box.click()
    page.keyboard.insert_text(text)


def _save(page: Page, version: int) -> None:
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text(f"Version {version}", exact=True)).to_be_visible()


def _answer_the_survey(page: Page, refiner: str) -> None:
    page.goto(f"{refiner}/surveys")
    page.get_by_role("table").get_by_role("link").first.click()
    page.get_by_label("User id").fill("ada")
    page.get_by_label("E-mail").fill("ada@example.com")
    page.get_by_label("Name", exact=True).fill("Ada Example")
    page.get_by_role("radio").first.check()
    page.get_by_role("button", name="Complete").click()

"""Data stores in the browser: made, filled, searched, edited, emptied, removed."""

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from fakes.house import House

AXE = Path(__file__).parents[2] / "ui" / "node_modules" / "axe-core" / "axe.min.js"
_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def is_accessible(page: Page) -> None:
    page.evaluate(AXE.read_text())
    found: Any = page.evaluate(
        "rules => axe.run(document, {runOnly: {type: 'tag', values: rules}})", _RULES
    )
    faults = [(one["id"], one["nodes"][0]["any"]) for one in found["violations"]]
    assert faults == []


@pytest.fixture
def store(entered: Page, fresh: House) -> Page:
    """The page of the data store `people`, which has three records."""
    made = fresh.call("POST", "/data-stores", {"name": "people"})
    for key, score in (("ada", 9), ("bob", 3), ("eve", 5)):
        path = f"/data-stores/people/record?key={key}"
        fresh.call("PUT", path, {"score": score})
    entered.goto(f"{fresh.address}/datastores/{made['id']}")
    return entered


def test_an_empty_server_leads_to_a_store_and_its_first_record(
    entered: Page, fresh: House
) -> None:
    page = entered
    page.get_by_role("link", name="Data stores").click()
    expect(page.get_by_role("heading", name="No data store yet")).to_be_visible()
    is_accessible(page)
    page.get_by_role("button", name="Create a data store").click()
    page.get_by_role("textbox", name="Data store name").fill("people")
    page.get_by_role("button", name="Add a field").click()
    page.get_by_role("textbox", name="Name of field 1").fill("score")
    page.get_by_role("combobox", name="Type of field 1").click()
    page.get_by_role("option", name="number").click()
    is_accessible(page)
    page.get_by_role("button", name="Save").click()

    expect(page.get_by_role("heading", name="people", level=1)).to_be_visible()
    expect(page.get_by_role("heading", name="No record yet")).to_be_visible()
    is_accessible(page)
    page.get_by_role("button", name="Add a record").click()
    page.get_by_role("textbox", name="Key").fill("ada")
    page.get_by_role("textbox", name="Data").fill('{"score": "9"}')
    is_accessible(page)
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("row", name="ada")).to_contain_text('{"score":9}')
    expect(page.get_by_text("1 record, ")).to_be_visible()
    assert fresh.call("GET", "/data-stores")[0]["records"] == 1


def test_a_record_is_edited_as_json_and_checked_before_it_is_sent(store: Page) -> None:
    store.get_by_role("button", name="Edit bob").click()
    data = store.get_by_role("textbox", name="Data")
    save = store.get_by_role("button", name="Save")
    data.fill('{"score": ')
    expect(store.get_by_text("This is not JSON")).to_be_visible()
    expect(save).to_be_disabled()
    data.fill("[1]")
    expect(store.get_by_text("A record is a JSON object")).to_be_visible()
    data.fill('{"score": 4}')
    save.click()
    expect(store.get_by_role("row", name="bob")).to_contain_text('{"score":4}')


def test_a_key_that_is_taken_is_said(store: Page) -> None:
    store.get_by_role("button", name="Add a record").click()
    store.get_by_role("textbox", name="Key").fill("ada")
    store.get_by_role("button", name="Save").click()
    expect(store.get_by_role("alert")).to_contain_text("'ada' already")


def test_records_are_searched_deleted_and_cleared(store: Page) -> None:
    expect(store.get_by_role("row")).to_have_count(4)
    is_accessible(store)
    store.get_by_role("textbox", name="Search").fill("EVE")
    expect(store.get_by_role("row")).to_have_count(2)
    store.get_by_role("button", name="Edit eve").click()
    store.get_by_role("dialog").get_by_role("button", name="Delete").click()
    store.get_by_role("dialog", name="Delete eve?").get_by_role(
        "button", name="Delete"
    ).click()
    expect(store.get_by_role("heading", name="Nothing was found")).to_be_visible()
    store.get_by_role("textbox", name="Search").fill("")
    expect(store.get_by_role("row")).to_have_count(3)
    store.get_by_role("button", name="Delete all records").click()
    store.get_by_role("dialog").get_by_role("button", name="Delete all records").click()
    expect(store.get_by_role("heading", name="No record yet")).to_be_visible()


def test_a_store_is_renamed_exported_imported_and_removed(
    store: Page, tmp_path: Path
) -> None:
    with store.expect_download() as download:
        store.get_by_role("link", name="Export").click()
    lines = Path(download.value.path()).read_text()
    assert lines.splitlines()[0] == '{"key":"ada","data":{"score":9}}'

    more = tmp_path / "more.jsonl"
    more.write_text('{"key": "zoe", "data": {}}\n')
    store.get_by_label("File to import").set_input_files(more)
    expect(store.get_by_role("row", name="zoe")).to_be_visible()

    store.get_by_role("button", name="Change").click()
    store.get_by_role("textbox", name="Data store name").fill("persons")
    store.get_by_role("button", name="Save").click()
    expect(store.get_by_role("heading", name="persons", level=1)).to_be_visible()
    store.get_by_role("button", name="Remove").click()
    store.get_by_role("dialog").get_by_role("button", name="Remove").click()
    expect(store.get_by_role("heading", name="No data store yet")).to_be_visible()


def test_a_module_offers_the_data_stores_without_a_connection(
    store: Page, fresh: House
) -> None:
    webhook = {"name": "hook", "module": "refiner.watch_completed_survey"}
    fresh.call("POST", "/webhooks", webhook)
    first = {"id": 1, "module": webhook["module"], "webhook": "hook"}
    search = {
        "id": 2,
        "module": "datastore.search_records",
        "map": {"data_store": "people"},
    }
    document = {"name": "Count", "flow": [first, search]}
    made = fresh.call("POST", "/scenarios", document)
    store.goto(f"{fresh.address}/scenarios/{made['id']}")
    store.get_by_role("button", name="Search records, module 2").focus()
    store.keyboard.press("Enter")
    store.get_by_role("combobox", name="Data store").click()
    expect(store.get_by_role("option", name="people")).to_be_visible()
    store.keyboard.press("Escape")
    store.get_by_role("button", name="How to enter Filter").click()
    store.get_by_role("menuitem", name="As JSON").click()
    rows = '[[{"a": "score", "o": "number:less", "b": "{{1.response.data.nps}}"}]]'
    store.get_by_role("textbox", name="Filter").fill(rows)
    is_accessible(store)

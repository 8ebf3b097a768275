"""Lists and collections in a module's dialog: row by row, field by field, as JSON."""

from playwright.sync_api import Locator, Page, expect

from browser.axe import faults_of
from browser.building import (
    Module,
    button,
    open_on,
    outputs,
    press,
    repeater,
    run_once,
    save,
    saved_flow,
    shows_done,
    take,
)
from fakes.house import House


def _table(columns: list[str]) -> Module:
    return {
        "id": 2,
        "module": "tools.table_aggregator",
        "aggregate": {"source": 1},
        "map": {"columns": columns},
    }


def _switch(cases: list[Module] | str) -> Module:
    return {
        "id": 2,
        "module": "tools.switch",
        "map": {"input": "{{1.i}}", "cases": cases},
    }


def _opened(page: Page, label: str) -> Locator:
    page.get_by_role("button", name=f"{label}, module 2").press("Enter")
    dialog = page.get_by_role("dialog")
    expect(dialog).to_be_visible()
    return dialog


def _type(dialog: Locator, name: str, text: str) -> None:
    dialog.get_by_role("textbox", name=name, exact=True).click()
    dialog.page.keyboard.insert_text(text)


def _mapped(fresh: House) -> Module:
    fields: Module = saved_flow(fresh)[1]["map"]
    return fields


def test_rows_of_a_list_are_added_moved_and_removed(
    entered: Page, fresh: House
) -> None:
    page = entered
    open_on(page, fresh, repeater(2), _table(["{{1.i}}", "last"]))
    dialog = _opened(page, "Table aggregator")
    expect(dialog.get_by_text("1. i", exact=True)).to_be_visible()
    button(page, "Add a row to Columns").click()
    third = dialog.get_by_role("textbox", name="row 3 of Columns")
    expect(third).to_be_focused()
    page.keyboard.insert_text("first")
    button(page, "Move row 3 of Columns up").click()
    up = button(page, "Move row 2 of Columns up")
    expect(up).to_be_focused()
    press(page, "Enter")
    # It is the first one now and can go no further; the other way is the nearest.
    expect(button(page, "Move row 1 of Columns down")).to_be_focused()
    button(page, "Remove row 3 of Columns").click()
    expect(button(page, "Remove row 2 of Columns")).to_be_focused()
    assert faults_of(page) == []
    take(page)
    save(page, 2)
    assert _mapped(fresh) == {"columns": ["first", "{{1.i}}"]}
    run_once(page)
    shows_done(page, "Table aggregator", 2, 1)
    assert outputs(fresh, 2) == [{"text": "first\t1\nfirst\t2"}]


def test_rows_of_collections_have_their_declared_fields(
    entered: Page, fresh: House
) -> None:
    page = entered
    open_on(page, fresh, repeater(2), _switch([{"pattern": "1", "output": "one"}]))
    dialog = _opened(page, "Switch")
    button(page, "Add a row to Cases").click()
    pattern = dialog.get_by_role("textbox", name="Pattern, row 2 of Cases")
    expect(pattern).to_be_focused()
    page.keyboard.insert_text("2")
    _type(dialog, "Output, row 2 of Cases", "twice {{1.i}}")
    assert faults_of(page) == []
    take(page)
    save(page, 2)
    second = {"pattern": "2", "output": "twice {{1.i}}"}
    assert _mapped(fresh)["cases"] == [{"pattern": "1", "output": "one"}, second]
    run_once(page)
    shows_done(page, "Switch", 2, 2)
    assert outputs(fresh, 2) == [{"output": "one"}, {"output": "twice 2"}]


def test_a_list_of_lists_is_filled_in_and_its_choices_are_selected_or_mapped(
    entered: Page, fresh: House
) -> None:
    page = entered
    fresh.call("POST", "/data-stores", {"name": "people"})
    fresh.call("PUT", "/data-stores/people/record?key=ada", {"score": 9})
    fresh.call("PUT", "/data-stores/people/record?key=bob", {"score": 1})
    fields = {"data_store": "people"}
    search = {"id": 2, "module": "datastore.search_records", "map": fields}
    open_on(page, fresh, repeater(1), search)
    dialog = _opened(page, "Search records")
    button(page, "Add a row to Filter").click()
    button(page, "Add a row to row 1 of Filter").click()
    _type(dialog, "Field, row 1 of row 1 of Filter", "score")
    operator = "Operator, row 1 of row 1 of Filter"
    dialog.get_by_role("combobox", name=operator, exact=True).click()
    page.get_by_role("option", name="number: less than", exact=True).click()
    _type(dialog, "Value, row 1 of row 1 of Filter", "{{1.i + 4}}")
    button(page, "Add a row to Sort").click()
    _type(dialog, "Field, row 1 of Sort", "score")
    dialog.get_by_role("switch", name="Descending, row 1 of Sort", exact=True).click()
    assert faults_of(page) == []
    take(page)
    save(page, 2)
    assert _mapped(fresh) == fields | {
        "filter": [[{"a": "score", "o": "number:less", "b": "{{1.i + 4}}"}]],
        "sort": [{"field": "score", "descending": True}],
    }
    run_once(page)
    shows_done(page, "Search records", 2, 1)
    assert [one["key"] for one in outputs(fresh, 2)] == ["bob"]


def test_json_and_a_mapping_are_other_views_of_the_same_list(
    entered: Page, fresh: House
) -> None:
    page = entered
    open_on(page, fresh, repeater(1), _switch([{"pattern": "1", "output": "one"}]))
    dialog = _opened(page, "Switch")
    views = dialog.get_by_role("button", name="How to enter Cases", exact=True)
    views.click()
    page.get_by_role("menuitem", name="As JSON").click()
    expect(views).to_be_focused()
    text = dialog.get_by_role("textbox", name="Cases", exact=True)
    text.fill('[{"pattern": "3", "output": {"deep": ["{{1.i}}"]}}]')
    views.click()
    page.get_by_role("menuitem", name="Row by row").click()
    outer = "Output, row 1 of Cases"
    name = dialog.get_by_role("textbox", name=f"Name 1 of {outer}", exact=True)
    expect(name).to_have_value("deep")
    button(page, f"Add a row to Value 1 of {outer}").click()
    page.keyboard.insert_text("more")
    take(page)
    save(page, 2)
    deep = {"deep": ["{{1.i}}", "more"]}
    assert _mapped(fresh)["cases"] == [{"pattern": "3", "output": deep}]
    dialog = _opened(page, "Switch")
    views = dialog.get_by_role("button", name="How to enter Cases", exact=True)
    views.click()
    page.get_by_role("menuitem", name="One text or mapping").click()
    _type(dialog, "Cases", "{{1.cases}}")
    take(page)
    save(page, 3)
    assert _mapped(fresh)["cases"] == "{{1.cases}}"


def test_a_list_is_filled_in_by_keyboard_alone(entered: Page, fresh: House) -> None:
    page = entered
    open_on(page, fresh, repeater(1), _table(["one"]))
    dialog = _opened(page, "Table aggregator")
    dialog.get_by_role("textbox", name="row 1 of Columns").focus()
    press(page, "Tab", "Tab")
    expect(button(page, "Add a row to Columns")).to_be_focused()
    press(page, "Enter")
    page.keyboard.insert_text("two")
    press(page, "Tab", "Enter")
    expect(button(page, "Move row 1 of Columns down")).to_be_focused()
    press(page, "Tab", "Enter")
    expect(dialog.get_by_role("textbox", name="row 1 of Columns")).to_have_text("one")
    expect(dialog.get_by_role("textbox", name="row 2 of Columns")).to_have_count(0)

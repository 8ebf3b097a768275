"""Fields that depend on an earlier choice: columns, inputs, outputs."""

from playwright.sync_api import Page, expect

from browser.axe import faults_of
from browser.building import button, fill, open_on, save, saved_flow, take, variable
from fakes.house import House

COLUMNS = [
    {"name": "score", "type": "number", "required": True},
    {"name": "note", "type": "text"},
]


def test_a_record_has_the_columns_of_the_data_store_that_is_chosen(
    entered: Page, fresh: House
) -> None:
    page = entered
    fresh.call("POST", "/data-stores", {"name": "people", "structure": COLUMNS})
    fresh.call("POST", "/data-stores", {"name": "free"})
    mapped = {"data_store": "free", "key": "ada", "data": {"note": "x", "own": "y"}}
    adds = {"id": 1, "module": "datastore.add_replace_a_record", "map": mapped}
    open_on(page, fresh, adds)
    page.get_by_role("button", name="Add/replace a record, module 1").press("Enter")
    dialog = page.get_by_role("dialog")
    first = dialog.get_by_role("textbox", name="Name 1 of Record")
    expect(first).to_have_value("note")
    dialog.get_by_role("combobox", name="Data store").click()
    page.get_by_role("option", name="people").click()
    note = dialog.get_by_role("textbox", name="note", exact=True)
    expect(note).to_have_text("x")
    expect(first).to_have_value("own")
    fill(page, "score", "9")
    assert faults_of(page) == []
    take(page)
    warning = "There is no field 'own' in data"
    expect(page.get_by_text(warning)).to_be_visible()
    save(page, 2)
    data = {"note": "x", "own": "y", "score": "9"}
    assert saved_flow(fresh)[0]["map"]["data"] == data


def test_a_call_asks_for_the_inputs_and_a_return_for_the_outputs(
    entered: Page, fresh: House
) -> None:
    page = entered
    inputs = [{"name": "who", "label": "Who", "type": "text", "required": True}]
    returns = [{"name": "kind", "type": "text"}]
    called = {"name": "Called", "flow": [variable(1, "x")], "inputs": inputs}
    called["outputs"] = returns
    fresh.call("POST", "/scenarios", called)
    fresh.call("POST", "/scenarios/Called/activate")
    document = {
        "name": "Loops",
        "flow": [
            variable(1, "x"),
            {"id": 2, "module": "scenarios.call_a_scenario", "map": {"scenario": "?"}},
            {"id": 3, "module": "scenarios.return_data"},
        ],
        "outputs": [{"name": "total", "type": "number"}],
    }
    made = fresh.call("POST", "/scenarios", document)
    page.goto(f"{fresh.address}/scenarios/{made['id']}")
    page.get_by_role("button", name="Call a scenario, module 2").press("Enter")
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("combobox", name="Scenario").click()
    page.get_by_role("option", name="Called").click()
    fill(page, "Who", "{{1.text}}")
    take(page)
    page.get_by_role("button", name="Return data, module 3").press("Enter")
    fill(page, "total", "7")
    expect(page.get_by_role("button", name="kind", exact=True)).to_be_visible()
    assert faults_of(page) == []
    take(page)
    expect(page.get_by_text("Nothing is wrong.")).to_be_visible()
    button(page, "Save").click()
    expect(page.get_by_text("Version 2", exact=True)).to_be_visible()
    flow = saved_flow(fresh)
    assert flow[1]["map"] == {"scenario": "Called", "data": {"who": "{{1.text}}"}}
    assert flow[2]["map"] == {"data": {"total": "7"}}

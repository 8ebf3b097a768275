"""Inputs and outputs of a scenario: declared, mapped, given when it runs once."""

from playwright.sync_api import Locator, Page, expect

from browser.axe import faults_of
from browser.building import (
    button,
    open_on,
    outputs,
    press,
    save,
    shows_done,
    take,
    variable,
)
from fakes.house import House


def _declare(dialog: Locator, row: str, name: str) -> None:
    part = row.partition(" of ")[2]
    dialog.get_by_role("button", name=f"Add a row to {part}", exact=True).click()
    field = dialog.get_by_role("textbox", name=f"Name, {row}", exact=True)
    expect(field).to_be_focused()
    field.fill(name)


def test_inputs_are_declared_completed_and_given_when_it_runs(
    entered: Page, fresh: House
) -> None:
    page = entered
    open_on(page, fresh, variable(1, ""))
    button(page, "Inputs and outputs").click()
    dialog = page.get_by_role("dialog", name="Inputs and outputs")
    first, second = "row 1 of Inputs", "row 2 of Inputs"
    _declare(dialog, first, "score")
    dialog.get_by_role("combobox", name=f"Type, {first}", exact=True).click()
    page.get_by_role("option", name="Number", exact=True).click()
    dialog.get_by_role("switch", name=f"Required, {first}", exact=True).click()
    dialog.get_by_role("textbox", name=f"Help, {first}").fill("From 0 to 10")
    _declare(dialog, second, "who")
    dialog.get_by_role("textbox", name=f"Default, {second}").fill("nobody")
    _declare(dialog, "row 1 of Outputs", "said")
    assert faults_of(page) == []
    take(page)

    page.get_by_role("button", name="Set a variable, module 1").press("Enter")
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_text("Scenario inputs")).to_be_visible()
    value = dialog.get_by_role("textbox", name="Variable value")
    value.click()
    dialog.get_by_role("button", name="score", exact=True).click()
    expect(dialog.get_by_text("var. input.score")).to_be_visible()
    page.keyboard.type(" of {{var.input.w")
    page.get_by_role("option", name="who").click()
    expect(dialog.get_by_text("gives  of nobody")).to_be_visible()
    take(page)
    expect(page.get_by_text("Nothing is wrong.")).to_be_visible()
    save(page, 2)

    button(page, "Run once").click()
    run = page.get_by_role("dialog", name="Run once")
    expect(button(page, "Run")).to_be_disabled()
    expect(run.get_by_text("From 0 to 10")).to_be_visible()
    expect(run.get_by_role("textbox", name="who")).to_have_value("nobody")
    run.get_by_role("textbox", name="score").fill("9")
    assert faults_of(page) == []
    button(page, "Run").click()
    shows_done(page, "Set a variable", 1, 1)
    assert outputs(fresh, 1) == [{"text": "9 of nobody"}]
    saved = fresh.call("GET", "/scenarios/Loops")["document"]
    assert saved["inputs"] == [
        {"name": "score", "type": "number", "required": True, "help": "From 0 to 10"},
        {"name": "who", "type": "text", "default": "nobody"},
    ]
    assert saved["outputs"] == [{"name": "said", "type": "text"}]


def test_two_inputs_of_one_name_are_not_taken(entered: Page, fresh: House) -> None:
    page = entered
    open_on(page, fresh, variable(1, ""))
    button(page, "Inputs and outputs").click()
    dialog = page.get_by_role("dialog", name="Inputs and outputs")
    _declare(dialog, "row 1 of Inputs", "who")
    _declare(dialog, "row 2 of Inputs", "who")
    expect(dialog.get_by_role("alert")).to_have_text("Two of them have the same name.")
    expect(button(page, "OK")).to_be_disabled()
    button(page, "Remove row 2 of Inputs").press("Enter")
    expect(button(page, "Remove row 1 of Inputs")).to_be_focused()
    press(page, "Escape")
    expect(dialog).to_have_count(0)

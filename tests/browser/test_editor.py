"""The scenario editor: built by keyboard, undone, compared, run, stopped."""

import re

import pytest
from playwright.sync_api import Page, expect

from browser.furnished import detractors, furnish
from fakes.house import House


@pytest.fixture
def builder(entered: Page, fresh: House, refiner: str) -> Page:
    """The owner's page of a furnished server, in the editor."""
    made = furnish(fresh, refiner)
    entered.goto(fresh.address + made.editor)
    expect(entered.get_by_role("heading", name="Detractors", level=1)).to_be_visible()
    return entered


def _press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def _tab_to(page: Page, name: str) -> None:
    """Presses Tab until the control of that name has the focus."""
    for _ in range(60):
        page.keyboard.press("Tab")
        focused = page.evaluate(
            "(({ariaLabel, tagName, textContent}) =>"
            " ariaLabel ?? (tagName === 'BUTTON' ? textContent : ''))"
            "(document.activeElement)"
        )
        if focused == name:
            return
    raise AssertionError(f"Tab does not lead to {name!r}")


def test_a_scenario_is_built_and_run_by_keyboard_alone(entered: Page) -> None:
    page = entered
    _press(page, "g", "s")
    expect(page.get_by_role("heading", name="Scenarios", level=1)).to_be_visible()
    _press(page, "Control+k")
    expect(page.get_by_role("combobox", name="Go to")).to_be_focused()
    page.keyboard.type("create a scenario")
    _press(page, "Enter")
    expect(page.get_by_role("button", name="Add the first module")).to_be_visible()
    _press(page, "a")
    expect(page.get_by_role("combobox")).to_be_focused()
    page.keyboard.type("set a variable")
    expect(page.get_by_role("option").first).to_contain_text("Set a variable")
    _press(page, "Enter")
    expect(page.get_by_role("dialog", name="Tools: Set a variable")).to_be_visible()
    _tab_to(page, "Variable name")
    page.keyboard.type("answer")
    _tab_to(page, "Variable value")
    page.keyboard.type("{{6 * 7}}")
    expect(page.get_by_text("gives 42")).to_be_visible()
    _tab_to(page, "OK")
    _press(page, "Enter")
    _press(page, "l")
    expect(page.get_by_role("list", name="Modules in their order")).to_be_visible()
    _press(page, "Control+s")
    expect(page.get_by_text("Version 1", exact=True)).to_be_visible()
    _press(page, "Control+Enter")
    expect(page.get_by_role("dialog", name="Run once")).to_be_visible()
    expect(page.get_by_role("button", name="Run", exact=True)).to_be_focused()
    _press(page, "Enter")
    expect(page.get_by_text("1 done")).to_be_visible()


def test_what_is_changed_can_be_undone_and_redone(builder: Page) -> None:
    page = builder
    page.get_by_role("button", name="Identify a User, module 4").focus()
    _press(page, "Delete")
    gone = page.get_by_role("button", name="Identify a User, module 4")
    expect(gone).to_have_count(0)
    expect(page.get_by_text("not saved")).to_be_visible()
    _press(page, "Control+z")
    expect(gone).to_be_visible()
    expect(page.get_by_text("not saved")).to_have_count(0)
    _press(page, "Control+Shift+Z")
    expect(gone).to_have_count(0)


def test_several_modules_are_chosen_and_removed_together(builder: Page) -> None:
    page = builder
    page.get_by_role("button", name="Track an Event, module 3").click()
    other = page.get_by_role("button", name="Identify a User, module 4")
    other.click(modifiers=["Control"])
    _press(page, "Delete")
    expect(other).to_have_count(0)
    expect(page.get_by_role("button", name="Track an Event, module 3")).to_have_count(0)
    _press(page, "Control+z")
    expect(other).to_be_visible()


def test_a_route_is_added_and_gets_its_first_module(
    builder: Page, fresh: House
) -> None:
    page = builder
    page.get_by_role("button", name="Add a route to module 2").click()
    page.get_by_role("button", name="Add a module to the route").click()
    expect(page.get_by_role("combobox")).to_be_focused()
    page.keyboard.type("compose")
    expect(page.get_by_role("option").first).to_contain_text("Compose a string")
    _press(page, "Enter")
    page.get_by_role("textbox", name="Text").click()
    page.keyboard.insert_text("a third way")
    page.get_by_label("Note").fill("Only a trial")
    page.get_by_role("button", name="OK", exact=True).click()
    expect(page.get_by_text("Only a trial")).to_be_visible()
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Version 3", exact=True)).to_be_visible()
    router = fresh.call("GET", "/scenarios/Detractors")["document"]["flow"][1]
    assert router["routes"][2]["flow"][0]["map"] == {"value": "a third way"}


def test_what_was_not_saved_is_back_when_one_comes_back(builder: Page) -> None:
    page = builder
    page.get_by_role("button", name="Identify a User, module 4").focus()
    _press(page, "Delete")
    expect(page.get_by_text("not saved")).to_be_visible()
    page.get_by_role("link", name="Apps").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Apps")
    page.go_back()
    expect(page.get_by_text("What you had not saved is back.")).to_be_visible()
    expect(page.get_by_role("button", name="Identify a User, module 4")).to_have_count(
        0
    )
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Version 3", exact=True)).to_be_visible()
    page.reload()
    expect(page.get_by_text("Version 3", exact=True)).to_be_visible()
    expect(page.get_by_text("not saved")).to_have_count(0)


def test_a_module_is_copied_with_what_it_maps(builder: Page) -> None:
    page = builder
    page.get_by_role("button", name="Identify a User, module 4").focus()
    _press(page, "Control+c", "Control+v")
    copy = page.get_by_role("button", name="Identify a User, module 6")
    expect(copy).to_be_visible()
    expect(page.get_by_text("not saved")).to_be_visible()
    copy.press("Enter")
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_text("1. response.data.nps", exact=True)).to_be_visible()


def test_what_is_chosen_keeps_the_focus_and_nothing_is_hidden_meanwhile(
    builder: Page,
) -> None:
    page = builder
    expect(page.get_by_role("button", name="Set a variable, module 5")).to_be_visible()
    page.evaluate(_NOTE_WHAT_IS_HIDDEN)
    for module in ("Set a variable, module 5", "Identify a User, module 4"):
        disc = page.get_by_role("button", name=module)
        disc.focus()
        label = module.partition(",")[0]
        expect(page.locator(".module.chosen")).to_contain_text(label)
        expect(disc).to_be_focused()
    assert page.evaluate("window.hidden") == []


_NOTE_WHAT_IS_HIDDEN = """() => {
  window.hidden = [];
  const note = (one) => window.hidden.push(one.outerHTML);
  const look = (changes) => {
    for (const {target, removedNodes} of changes) {
      if (target.style?.visibility === "hidden") note(target);
      for (const one of removedNodes)
        if (one.classList?.contains("link-label")) note(one);
    }
  };
  const watched = {subtree: true, childList: true, attributeFilter: ["style"]};
  new MutationObserver(look).observe(document.querySelector(".react-flow"), watched);
}"""


def test_a_dialog_gives_the_focus_back_to_what_opened_it(builder: Page) -> None:
    page = builder
    for opens in ("Set a variable, module 5", "Name and settings", "Versions"):
        opener = page.get_by_role("button", name=opens, exact=True)
        opener.focus()
        _press(page, "Enter")
        expect(page.get_by_role("dialog")).to_be_visible()
        _press(page, "Escape")
        expect(page.get_by_role("dialog")).to_have_count(0)
        expect(opener).to_be_focused()


def test_after_a_dialog_that_led_to_another_the_focus_is_where_it_began(
    builder: Page,
) -> None:
    page = builder
    disc = page.get_by_role("button", name="Set a variable, module 5")
    disc.focus()
    _press(page, "Enter")
    page.get_by_role("dialog").get_by_role("button", name="Add error route").click()
    expect(page.get_by_role("combobox", name="Search apps and modules")).to_be_focused()
    _press(page, "Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(disc).to_be_focused()


def test_a_module_that_was_added_by_key_has_the_focus(
    entered: Page, fresh: House
) -> None:
    page = entered
    page.goto(f"{fresh.address}/scenarios/new")
    expect(page.get_by_role("button", name="Add the first module")).to_be_visible()
    _press(page, "a")
    page.keyboard.type("set a variable")
    expect(page.get_by_role("option").first).to_contain_text("Set a variable")
    _press(page, "Enter")
    expect(page.get_by_role("dialog", name="Tools: Set a variable")).to_be_visible()
    _press(page, "Escape")
    expect(page.get_by_role("button", name="Set a variable, module 1")).to_be_focused()


def test_a_module_is_dragged_and_stays_where_it_was_dropped(
    builder: Page, fresh: House
) -> None:
    page = builder
    disc = page.get_by_role("button", name="Set a variable, module 5")
    before = disc.bounding_box()
    assert before
    x, y = before["x"] + 20, before["y"] + 20
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 60, y + 90, steps=8)
    page.mouse.up()
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Version 3", exact=True)).to_be_visible()
    saved = fresh.call("GET", "/scenarios/Detractors")["document"]
    moved = saved["flow"][1]["routes"][1]["flow"][0]
    assert moved["designer"]["y"] > 150
    page.get_by_role("button", name="Auto-align").click()
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Version 4", exact=True)).to_be_visible()
    saved = fresh.call("GET", "/scenarios/Detractors")["document"]
    assert "designer" not in saved["flow"][1]["routes"][1]["flow"][0]


def test_problems_are_listed_and_lead_to_their_module(builder: Page) -> None:
    page = builder
    page.get_by_role("button", name="Set a variable, module 5").focus()
    _press(page, "Enter")
    box = page.get_by_role("textbox", name="Variable value")
    box.click()
    _press(page, "Control+a")
    page.keyboard.type("{{9.gone")
    expect(page.get_by_role("dialog").get_by_text("9").first).to_be_visible()
    page.get_by_role("button", name="OK", exact=True).click()
    problem = page.get_by_role("region", name="Problems").get_by_role("button").last
    problem.click()
    expect(page.get_by_role("dialog", name="Tools: Set a variable")).to_be_visible()


def test_values_are_chosen_in_the_panel_and_previewed(builder: Page) -> None:
    page = builder
    page.get_by_role("button", name="Set a variable, module 5").focus()
    _press(page, "Enter")
    dialog = page.get_by_role("dialog")
    box = dialog.get_by_role("textbox", name="Variable value")
    box.click()
    _press(page, "Control+a", "Delete")
    dialog.get_by_role("button", name=re.compile("^Email address")).first.click()
    expect(dialog.get_by_text("1. email", exact=True)).to_be_visible()
    expect(dialog.get_by_text("gives ada@example.com")).to_be_visible()
    dialog.get_by_role("tab", name="Functions").click()
    dialog.get_by_role("textbox", name="Search values and functions").fill("upper(")
    box.click()
    _press(page, "Control+a", "Delete")
    dialog.get_by_role("textbox", name="Search values and functions").fill("upper")
    dialog.get_by_role("button", name=re.compile(r"^upper\(")).click()
    page.keyboard.type("1.email")
    expect(dialog.get_by_text("gives ADA@EXAMPLE.COM")).to_be_visible()


def test_fields_are_completed_while_one_types(builder: Page) -> None:
    page = builder
    page.get_by_role("button", name="Set a variable, module 5").focus()
    _press(page, "Enter")
    page.get_by_role("textbox", name="Variable value").click()
    _press(page, "Control+a")
    page.keyboard.type("{{1.displ")
    page.get_by_role("option", name=re.compile("display_name")).click()
    box = page.get_by_role("textbox", name="Variable value")
    expect(box).to_contain_text("{{1.display_name}}")


def test_a_choice_is_selected_or_mapped(builder: Page) -> None:
    page = builder
    page.get_by_role("button", name="Add a module after module 5").click()
    page.keyboard.type("list contacts")
    expect(page.get_by_role("option").first).to_contain_text("List Contacts")
    _press(page, "Enter")
    dialog = page.get_by_role("dialog", name="Refiner: List Contacts")
    dialog.get_by_role("combobox", name="Connection").click()
    page.get_by_role("option", name="My Refiner").click()
    dialog.get_by_role("combobox", name="Order by").click()
    page.get_by_role("option", name="Display Name").click()
    dialog.get_by_role("combobox", name="From UUID").click()
    expect(page.get_by_role("option").first).to_be_visible()
    page.keyboard.press("Escape")
    dialog.get_by_role("switch", name="Map From UUID").click()
    dialog.get_by_role("textbox", name="From UUID").click()
    page.keyboard.insert_text("{{1.form.uuid}}")
    dialog.get_by_role("button", name="OK", exact=True).click()
    expect(page.get_by_text("Nothing is wrong.")).to_be_visible()


def test_a_filter_is_set_in_words(builder: Page, fresh: House) -> None:
    page = builder
    page.get_by_role("button", name="Set a filter before module 5").click()
    dialog = page.get_by_role("dialog", name="Filter before module 5")
    dialog.get_by_role("textbox", name="Label").fill("happy")
    dialog.get_by_role("textbox", name="Value of condition 1.1", exact=True).click()
    page.keyboard.insert_text("{{1.response.data.nps}}")
    dialog.get_by_role("combobox", name="Operator of condition 1.1").click()
    page.get_by_role("option", name="number: greater than", exact=True).click()
    dialog.get_by_role("textbox", name="Compared value of condition 1.1").click()
    page.keyboard.insert_text("8")
    dialog.get_by_role("button", name="OK", exact=True).click()
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Version 3", exact=True)).to_be_visible()
    saved = fresh.call("GET", "/scenarios/Detractors")["document"]
    [[condition]] = saved["flow"][1]["routes"][1]["flow"][0]["filter"]["conditions"]
    assert condition == {
        "a": "{{1.response.data.nps}}",
        "o": "number:greater",
        "b": "8",
    }


def test_versions_are_compared_and_brought_back(builder: Page) -> None:
    page = builder
    page.get_by_role("button", name="Versions").click()
    drawer = page.get_by_role("dialog", name="Versions")
    expect(drawer.get_by_text("+description: x")).to_be_visible()
    drawer.get_by_role("button", name=re.compile("^Version 1")).click()
    drawer.get_by_role("button", name="Bring version 1 back").click()
    expect(page.get_by_text("Version 3", exact=True)).to_be_visible()


def test_a_change_by_somebody_else_is_not_overwritten(
    builder: Page, fresh: House
) -> None:
    page = builder
    fresh.call("POST", "/scenarios", detractors() | {"description": "by another"})
    page.get_by_role("button", name="Set a variable, module 5").focus()
    _press(page, "Delete")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Version 3 was saved meanwhile").first).to_be_visible()


def test_a_run_is_followed_on_the_modules(builder: Page) -> None:
    page = builder
    page.get_by_role("button", name="Run once").click()
    page.get_by_role("button", name="Run", exact=True).click()
    followed = re.compile("Watch Completed Survey, module 1, 1 done")
    expect(page.get_by_role("button", name=followed)).to_be_visible()
    page.get_by_role("link", name="Look at the execution").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Execution of Detractors")

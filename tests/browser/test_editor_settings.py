"""A scenario's settings, its being switched off, and the editor before axe's rules."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from browser.axe import faults_of
from browser.building import (
    FAILING,
    array,
    button,
    open_on,
    press,
    repeater,
    save,
    take,
)
from browser.test_pages import deliver
from fakes.house import House


def test_the_settings_say_what_each_does(entered: Page, fresh: House) -> None:
    page = entered
    open_on(page, fresh, repeater(1))
    button(page, "Name and settings").click()
    dialog = page.get_by_role("dialog", name="Name and settings")
    dialog.get_by_role("switch", name="Store incomplete executions").press("Space")
    for name, text in (
        ("Number of consecutive errors", "5"),
        ("Longest execution (seconds)", "60"),
        ("Most operations", "1000"),
        ("Days", "7"),
    ):
        dialog.get_by_role("textbox", name=name).fill(text)
    assert faults_of(page) == []
    take(page)
    save(page, 2)
    settings = fresh.call("GET", "/scenarios/Loops")["document"]["settings"]
    keep = settings.pop("keep")
    assert settings["dlq"] is False
    assert settings["max_errors"] == 5
    assert settings["max_seconds"] == 60
    assert settings["max_operations"] == 1000
    assert keep["days"] == 7


def test_counters_that_are_never_reset_are_shown_and_begin_anew(
    entered: Page, fresh: House
) -> None:
    page = entered
    counts = {"reset": "scenario", "name": "answers"}
    count = {"id": 2, "module": "tools.increment_function", "map": counts}
    document = {"name": "Counts", "flow": [repeater(3), count]}
    made = fresh.call("POST", "/scenarios", document)
    fresh.call("POST", "/scenarios/Counts/run", {})
    page.goto(f"{fresh.address}/scenarios/{made['id']}")
    button(page, "Name and settings").click()
    dialog = page.get_by_role("dialog", name="Name and settings")
    counters = dialog.get_by_role("group", name="Counters that are never reset")
    expect(counters.get_by_text("answers: 3")).to_be_visible()
    assert faults_of(page) == []
    button(counters, "Let answers begin anew").click()
    button(page.get_by_role("dialog", name="Let answers"), "Begin anew").click()
    expect(counters).to_have_count(0)
    assert fresh.call("GET", "/scenarios/Counts/counters") == []


def test_a_scenario_that_was_switched_off_says_why_and_is_switched_on_again(
    entered: Page, fresh: House
) -> None:
    page = entered
    webhook = {"name": "Surveys", "module": "refiner.watch_completed_survey"}
    hook = fresh.call("POST", "/webhooks", webhook)
    watch = {"id": 1, "module": webhook["module"], "webhook": "Surveys"}
    flow = [watch, FAILING]
    document = {"name": "Fails", "flow": flow, "settings": {"dlq": False}}
    made = fresh.call("POST", "/scenarios", document)
    fresh.call("POST", "/scenarios/Fails/activate")
    page.goto(f"{fresh.address}/scenarios")
    deliver(hook["address"], hook["secret"])
    said = page.get_by_role("group", name="Fails was switched off by itself")
    expect(said.get_by_role("link", name="Look at the execution")).to_be_visible()
    assert faults_of(page) == []
    page.goto(f"{fresh.address}/scenarios/{made['id']}")
    expect(said).to_be_visible()
    said.get_by_role("button", name="Switch on again").click()
    expect(said).to_have_count(0)
    expect(page.get_by_role("switch", name="Active")).to_be_checked()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_dialogs_of_loops_and_branches_are_accessible(
    scheme: Any,  # noqa: ANN401 - one of Playwright's literals
    entered: Page,
    fresh: House,
) -> None:
    page = entered
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": 2200, "height": 1000})
    condition = {"conditions": [[{"a": "{{1.i}}", "o": "number:less", "b": 2}]]}
    routes = [{"name": "few", "flow": [], "condition": condition}, {"flow": []}]
    resume = {"id": 3, "module": "flow.resume", "map": {"text": "x"}}
    branching = {"id": 4, "module": "flow.if_else", "routes": routes}
    failing = FAILING | {"on_error": [resume]}
    merge = {"id": 5, "module": "flow.merge"}
    open_on(page, fresh, repeater(2), failing, branching, merge, array(6, {"a": "1"}))
    assert faults_of(page) == []
    for opens in (
        "Array aggregator, module 6",
        "Resume, module 3",
        "Repeater, module 1",
        "few of module 4",
        "else of module 4",
    ):
        button(page, opens).focus()
        press(page, "Enter")
        expect(page.get_by_role("dialog")).to_be_visible()
        assert faults_of(page) == [], opens
        press(page, "Escape")
        expect(page.get_by_role("dialog")).to_have_count(0)
        expect(button(page, opens)).to_be_focused()
    page.get_by_text("List", exact=True).click()
    expect(page.get_by_role("list", name="Error route of module 2")).to_be_visible()
    found = faults_of(page)
    page.get_by_text("Canvas", exact=True).click()
    assert found == []

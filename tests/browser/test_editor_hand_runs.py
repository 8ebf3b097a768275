"""Run from here, and pinned samples: what stands in for modules, and is shown."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from browser.axe import faults_of
from browser.building import (
    button,
    open_on,
    outputs,
    press,
    repeater,
    run_once,
    shows_done,
    variable,
)
from fakes.house import House


def _disc(page: Page, said: str) -> Any:  # noqa: ANN401 - a locator
    return page.get_by_role("button", name=re.compile(f"^{said}"))


@pytest.fixture
def looped(entered: Page, fresh: House) -> Page:
    """The editor on a scenario that ran once: two bundles, each in two variables."""
    flow = (repeater(2), variable(2, "{{1.i}}"), variable(3, "is {{2.text}}"))
    open_on(entered, fresh, *flow)
    run_once(entered)
    shows_done(entered, "Set a variable", 3, 2)
    return entered


def test_a_run_from_a_module_shows_what_was_taken_over(
    looped: Page, fresh: House
) -> None:
    page = looped
    page.get_by_role("button", name="Set a variable, module 3").click()
    press(page, "r")
    dialog = page.get_by_role("dialog", name="Run from Set a variable")
    expect(dialog.get_by_role("combobox", name="Execution to take over")).to_have_value(
        re.compile("done$")
    )
    expect(button(page, "Run")).to_be_focused()
    assert faults_of(page) == []
    press(page, "Enter")
    expect(dialog).to_have_count(0)
    expect(_disc(page, "Repeater, module 1, 1 done, taken over")).to_be_visible()
    expect(_disc(page, "Set a variable, module 2, 2 done, taken over")).to_be_visible()
    expect(_disc(page, "Set a variable, module 3, 2 done$")).to_be_visible()
    page.get_by_role("link", name="Look at the execution").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Execution of Loops")
    expect(page.get_by_text("taken over").first).to_be_visible()
    assert outputs(fresh, 3) == [{"text": "is 1"}, {"text": "is 2"}]


def test_a_sample_is_pinned_used_and_unpinned(looped: Page, fresh: House) -> None:
    page = looped
    page.get_by_role("button", name="Set a variable, module 2").click()
    press(page, "p")
    dialog = page.get_by_role("dialog", name="Pin a sample of Set a variable")
    bundles = dialog.get_by_role("textbox", name="Bundles as JSON")
    expect(bundles).to_have_value(re.compile('"text": 2'))
    bundles.fill('[{"text": "pinned"')
    expect(dialog.get_by_text("This is not an array in JSON.")).to_be_visible()
    expect(button(page, "Pin")).to_be_disabled()
    bundles.fill('[{"text": "pinned"}]')
    assert faults_of(page) == []
    button(page, "Pin").click()
    expect(_disc(page, "Set a variable, module 2, pinned")).to_be_visible()
    assert faults_of(page) == []
    run_once(page)
    shows_done(page, "Set a variable", 3, 2)
    assert outputs(fresh, 3) == [{"text": "is pinned"}, {"text": "is pinned"}]
    assert "pinned" not in str(fresh.call("GET", "/scenarios/Loops")["document"])

    press(page, "l")
    expect(page.get_by_role("listitem").get_by_text("pinned").first).to_be_visible()
    page.get_by_role("button", name="2. Set a variable").click()
    button(page, "Pin a sample").click()
    expect(bundles).to_have_value(re.compile("pinned"))
    button(page, "Unpin").click()
    expect(page.get_by_text("Module 2 runs again.")).to_be_visible()
    assert fresh.call("GET", "/scenarios/Loops/pins") == []


def test_what_a_module_gave_in_an_earlier_execution_is_pinned(
    looped: Page, fresh: House
) -> None:
    page = looped
    page.get_by_role("button", name="Repeater, module 1").press("Enter")
    button(page, "Pin a sample").click()
    dialog = page.get_by_role("dialog", name="Pin a sample of Repeater")
    expect(dialog.get_by_role("combobox", name="What it gave in")).to_be_visible()
    expect(dialog.get_by_role("textbox", name="Bundles as JSON")).to_have_value(
        re.compile('"i": 1.*"i": 2', re.DOTALL)
    )
    button(page, "Pin").click()
    expect(_disc(page, "Repeater, module 1, pinned")).to_be_visible()
    [pin] = fresh.call("GET", "/scenarios/Loops/pins")
    assert [one["i"] for one in pin["bundles"]] == [1, 2]

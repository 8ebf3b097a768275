"""Schedules set by keyboard, faults at their fields, and where a trigger starts."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from browser.axe import faults_of
from fakes.house import KEY, House, sandbox

WORD = {"module": "tools.set_a_variable", "map": {"name": "who", "value": "x"}}
WEEKLY = {"type": "weekly", "days": [1, 5], "time": "08:00"}


def _planned(name: str = "Planned", **more: object) -> dict[str, Any]:
    zone = {"timezone": "Europe/Prague"}
    return {"name": name, "flow": [{"id": 1, **WORD}], "settings": zone, **more}


def _open(page: Page, fresh: House, document: dict[str, Any]) -> None:
    """Saves a scenario and opens it in the editor."""
    saved = fresh.call("POST", "/scenarios", document)
    page.goto(f"{fresh.address}/scenarios/{saved['id']}")
    heading = page.get_by_role("heading", name=document["name"], level=1)
    expect(heading).to_be_visible()


def _dialog(page: Page) -> Locator:
    page.get_by_role("button", name=re.compile("^Schedule: ")).click()
    dialog = page.get_by_role("dialog", name="Schedule")
    expect(dialog).to_be_visible()
    return dialog


def _choose(page: Page, name: str) -> None:
    """Chooses a type of schedule, whose field has the focus."""
    kind = page.get_by_role("combobox", name="Run scenario")
    expect(kind).to_be_focused()
    kind.press("Enter")
    page.get_by_role("option", name=name, exact=True).click()


@pytest.fixture
def responses(tmp_path: Path) -> Iterator[str]:
    """The address of a sandbox with survey responses."""
    size = ("--contacts", "9", "--responses", "9")
    with sandbox(tmp_path / "sandbox", *size) as address:
        yield address


@pytest.fixture
def watched(entered: Page, fresh: House, responses: str) -> Page:
    """The page of the scenario "Watched", which begins with a polling trigger."""
    connection = {"name": "My Refiner", "app": "refiner", "fields": {"api_key": KEY}}
    fresh.call("POST", "/connections", connection | {"base_url": responses})
    watch = {"id": 1, "module": "refiner.watch_responses", "connection": "My Refiner"}
    every_hour = {"type": "indefinitely", "interval": 3600}
    document = _planned("Watched", flow=[watch, {"id": 2, **WORD}], schedule=every_hour)
    _open(entered, fresh, document)
    return entered


def test_a_weekly_schedule_is_set_by_keyboard_and_shows_the_next_five_times(
    entered: Page, fresh: House
) -> None:
    page = entered
    _open(page, fresh, _planned())
    opener = page.get_by_role("button", name="Schedule: On demand")
    opener.focus()
    page.keyboard.press("Enter")
    kind = page.get_by_role("combobox", name="Run scenario")
    expect(kind).to_be_focused()
    page.keyboard.press("Enter")
    weekly = page.get_by_role("option", name="Days of the week")
    expect(weekly).to_be_visible()
    for _ in range(7):
        page.keyboard.press("ArrowDown")
        if weekly.get_attribute("data-combobox-selected"):
            break
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    monday = page.get_by_role("button", name="Monday")
    expect(monday).to_be_focused()
    page.keyboard.press("Space")
    expect(monday).to_have_attribute("aria-pressed", "true")
    for _ in range(4):
        page.keyboard.press("ArrowRight")
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    expect(page.get_by_role("textbox", name="Time")).to_be_focused()
    page.keyboard.type("0930")
    times = page.get_by_role("table", name="The next five times")
    expect(times.get_by_role("row")).to_have_count(6)
    expect(times.locator("time").first).to_contain_text("09:30")
    page.get_by_role("button", name="OK", exact=True).focus()
    page.keyboard.press("Enter")
    words = "Schedule: Mondays and Fridays at 09:30, Europe/Prague"
    expect(page.get_by_role("button", name=words)).to_be_visible()
    page.keyboard.press("Control+s")
    expect(page.get_by_text("Version 2", exact=True)).to_be_visible()
    saved = fresh.call("GET", "/scenarios/Planned")["document"]["schedule"]
    given = {key: value for key, value in saved.items() if value not in (None, [])}
    assert given == WEEKLY | {"time": "09:30"}


def test_a_wrong_interval_is_said_at_its_field_and_is_not_taken(
    entered: Page, fresh: House
) -> None:
    page = entered
    _open(page, fresh, _planned())
    _dialog(page)
    _choose(page, "At regular intervals")
    minutes = page.get_by_role("textbox", name="Minutes")
    minutes.fill("0.5")
    expect(page.get_by_text("From 1 to 527,040 minutes.")).to_be_visible()
    expect(minutes).to_have_attribute("aria-invalid", "true")
    expect(page.get_by_role("button", name="OK", exact=True)).to_be_disabled()
    assert faults_of(page) == []
    minutes.fill("30")
    expect(page.get_by_role("table", name="The next five times")).to_be_visible()
    page.get_by_role("button", name="OK", exact=True).click()
    words = page.get_by_role("button", name="Schedule: Every 30 minutes")
    expect(words).to_be_visible()


@pytest.mark.parametrize(
    "kind",
    ["Once", "Every day", "Days of the month", "Specified dates", "On demand"],
)
def test_every_type_of_schedule_is_accessible(
    kind: str, entered: Page, fresh: House
) -> None:
    page = entered
    restrict = [{"days": [1], "time": ["09:00", "17:00"]}]
    daily = {"type": "daily", "time": ["09:00", "12:00"], "restrict": restrict}
    _open(page, fresh, _planned(schedule=daily))
    _dialog(page)
    _choose(page, kind)
    assert faults_of(page) == []


def test_a_problem_of_the_schedule_leads_to_it_and_so_does_the_clock(
    entered: Page, fresh: House
) -> None:
    page = entered
    _open(page, fresh, _planned(schedule=WEEKLY))
    page.get_by_role("button", name="Schedule", exact=True).click()
    dialog = page.get_by_role("dialog", name="Schedule")
    for day in ("Monday", "Friday"):
        dialog.get_by_role("button", name=day).click()
    expect(dialog.get_by_text("A weekly schedule needs `days`")).to_be_visible()
    dialog.get_by_role("button", name="Cancel").click()
    expect(dialog).to_have_count(0)

    draft = {"version": 1, "document": _planned(schedule=WEEKLY | {"days": []})}
    page.evaluate(
        "draft => sessionStorage.setItem("
        "`trunkline.draft.${location.pathname.split('/').pop()}`,"
        " JSON.stringify(draft))",
        draft,
    )
    page.reload()
    page.get_by_role("button", name=re.compile("A weekly schedule needs")).click()
    expect(dialog).to_be_visible()


def test_lists_say_the_schedule_what_runs_next_and_what_began_an_execution(
    entered: Page, fresh: House
) -> None:
    page = entered
    fresh.call("POST", "/scenarios", _planned(schedule=WEEKLY))
    fresh.call("POST", "/scenarios/Planned/activate")
    fresh.call("POST", "/scenarios/Planned/run", {})
    page.goto(f"{fresh.address}/scenarios")
    row = page.get_by_role("row", name="Planned")
    expect(row).to_contain_text("Mondays and Fridays at 08:00, Europe/Prague")
    expect(row).to_contain_text("next:")
    assert faults_of(page) == []
    page.goto(fresh.address)
    runs_next = page.get_by_role("region", name="Runs next")
    expect(runs_next.get_by_role("link", name="Planned")).to_be_visible()
    page.goto(f"{fresh.address}/executions")
    expect(page.get_by_role("row", name="Planned")).to_contain_text("by hand")
    page.get_by_role("link", name="Planned").click()
    expect(page.get_by_text("Started by")).to_be_visible()
    expect(page.get_by_text("by hand")).to_be_visible()


def test_where_to_start_is_asked_at_the_first_activation_and_says_how_many(
    watched: Page, fresh: House
) -> None:
    page = watched
    page.get_by_role("switch", name="Active").click(force=True)
    dialog = page.get_by_role("dialog", name="Choose where to start")
    expect(dialog.get_by_text("It would take 0 records.")).to_be_visible()
    dialog.get_by_role("radio", name="All", exact=True).check()
    expect(dialog.get_by_text("It would take 9 records.")).to_be_visible()
    expect(dialog.get_by_text("The first: ")).to_be_visible()
    assert faults_of(page) == []
    dialog.get_by_role("button", name="Cancel").click()
    assert fresh.call("GET", "/scenarios/Watched")["active"] is False

    page.get_by_role("switch", name="Active").click(force=True)
    choices = fresh.call("GET", "/scenarios/Watched/beginning/choices")
    dialog.get_by_role("radio", name="Choose manually").check()
    records = dialog.get_by_role("combobox", name="The first record to be taken")
    records.click()
    page.get_by_role("option").nth(1).click()
    expect(dialog.get_by_text("It would take 2 records.")).to_be_visible()
    dialog.get_by_role("button", name="Activate").click()
    expect(dialog).to_have_count(0)
    expect(page.get_by_role("switch", name="Active")).to_be_checked()
    assert len(choices) == 9


def test_a_trigger_has_a_limit_and_tells_where_it_is(
    watched: Page, fresh: House
) -> None:
    page = watched
    page.get_by_role("button", name="Watch Responses, module 1").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("It has not looked yet.")).to_be_visible()
    page.get_by_label("Maximum number of results").fill("3")
    page.get_by_role("button", name="Choose where to start").click()
    dialog = page.get_by_role("dialog", name="Choose where to start")
    dialog.get_by_role("radio", name="Since a specific date").check()
    dialog.get_by_role("textbox", name="Date").fill("2999-01-01T00:00")
    expect(dialog.get_by_text("It would take 0 records.")).to_be_visible()
    dialog.get_by_role("button", name="OK", exact=True).click()
    expect(
        page.get_by_text("It takes what comes after 2998-12-31T23:00")
    ).to_be_visible()
    page.get_by_role("button", name="OK", exact=True).click()
    page.keyboard.press("Control+s")
    expect(page.get_by_text("Version 2", exact=True)).to_be_visible()
    flow = fresh.call("GET", "/scenarios/Watched")["document"]["flow"]
    assert flow[0]["limit"] == 3

"""Scenarios tried without effects: a dry run, what would change, a saved test."""

from pathlib import Path

from playwright.sync_api import Page, expect

from browser.axe import faults_of
from browser.building import button, open_on, press, repeater, take, variable
from browser.test_pages import deliver
from fakes.house import House
from fakes.serving import scenario, survey


def _rewrite(page: Page, id_: int, text: str) -> None:
    """Gives a variable another value, and does not save."""
    button(page, f"Set a variable, module {id_}").focus()
    press(page, "Enter")
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("textbox", name="Variable value", exact=True).click()
    press(page, "Control+a")
    page.keyboard.insert_text(text)
    take(page)


def test_a_dry_run_tries_what_is_not_saved_on_a_delivery_and_shows_what_it_would_send(
    entered: Page, fresh: House
) -> None:
    page = entered
    kind = "refiner.watch_completed_survey"
    hook = fresh.call("POST", "/webhooks", {"name": "hook", "module": kind})
    fields = {
        "url": f"{fresh.address}/notes",
        "method": "POST",
        "body": {"who": "{{2.text}}"},
    }
    send = {"id": 3, "module": "http.make_a_request", "map": fields}
    made = fresh.call("POST", "/scenarios", scenario(variable(2, "saved"), send))
    fresh.call("POST", "/scenarios/Answers/activate")
    fresh.call("POST", "/webhooks/hook/hold")
    deliver(hook["address"], hook["secret"])
    page.goto(f"{fresh.address}/scenarios/{made['id']}")
    _rewrite(page, 2, "{{1.response.uuid}} unsaved")

    button(page, "Run once").click()
    page.get_by_text("A delivery", exact=True).click()
    page.get_by_role("combobox", name="Delivery").click()
    expect(page.get_by_role("option")).to_have_count(1)
    press(page, "Escape")
    button(page, "Dry run").click()

    dialog = page.get_by_role("dialog", name="Dry run")
    expect(dialog.get_by_text("nothing of this is stored")).to_be_visible()
    sending = dialog.get_by_role("region", name="Make a request")
    expect(sending.get_by_text(f"POST {fresh.address}/notes")).to_be_visible()
    expect(sending.get_by_text("delivered unsaved").last).to_be_visible()
    expect(sending.get_by_text("Output, from the sample", exact=True)).to_be_visible()
    assert faults_of(page) == []
    assert fresh.call("GET", "/executions") == []
    assert fresh.call("GET", f"/scenarios/{made['id']}")["version"] == 1


def test_what_would_change_is_shown_for_the_latest_executions(
    entered: Page, fresh: House
) -> None:
    page = entered
    open_on(page, fresh, repeater(1), variable(2, "one"))
    fresh.call("POST", "/scenarios/Loops/run", {})
    button(page, "Versions").click()
    button(page, "What would change").click()
    dialog = page.get_by_role("dialog", name="What would change")
    expect(dialog.get_by_text("nobody is asked")).to_be_visible()
    expect(dialog.get_by_role("heading", name="Nothing would change")).to_be_visible()
    press(page, "Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)

    _rewrite(page, 2, "two")
    button(page, "Versions").click()
    button(page, "What would change").click()
    expect(dialog.get_by_role("heading", name="2. Set a variable")).to_be_visible()
    values = dialog.get_by_role("listitem").filter(has_text="text: ")
    expect(values.first).to_contain_text("one")
    expect(values.last).to_contain_text("two")
    assert faults_of(page) == []
    assert len(fresh.call("GET", "/executions")) == 1


def test_an_execution_is_saved_as_a_test_without_personal_data(
    entered: Page, fresh: House
) -> None:
    page = entered
    kind = "refiner.watch_completed_survey"
    fresh.call("POST", "/webhooks", {"name": "hook", "module": kind})
    fresh.call("POST", "/scenarios", scenario(variable(2, "{{1.email}}")))
    ran = fresh.call("POST", "/scenarios/Answers/run", {"input": survey()})
    page.goto(f"{fresh.address}/executions/{ran['id']}")
    button(page, "More actions").click()
    with page.expect_download() as download:
        page.get_by_role("menuitem", name="Save as test").click()

    assert download.value.suggested_filename == "Answers.test.yaml"
    text = Path(download.value.path()).read_text()
    assert "Answers.yaml" in text
    assert survey()["email"] not in text
    expect(page.get_by_text("Personal data was replaced.")).to_be_visible()

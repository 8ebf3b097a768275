"""The pages around the editor: what is done there, and what is then shown."""

import json
import re
import urllib.request
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from browser.conftest import enter
from browser.furnished import furnish
from fakes.house import KEY, House, house
from fakes.serving import survey


@pytest.fixture
def home(entered: Page, fresh: House, refiner: str) -> House:
    """A furnished server, whose owner looks at the first page."""
    furnish(fresh, refiner)
    entered.goto(fresh.address)
    return fresh


def test_an_empty_server_leads_to_the_sandbox_and_answers_arrive(
    entered: Page, fresh: House
) -> None:
    page = entered
    page.get_by_role("button", name="Try it with the sandbox").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Sandbox")
    expect(page.get_by_role("switch", name="Active")).to_be_checked()
    page.get_by_role("link", name="Home").click()
    with page.expect_popup() as opened:
        page.get_by_role("link", name="Answer a survey").click()
    refiner = opened.value
    refiner.get_by_role("link", name="Quarterly NPS").click()
    refiner.get_by_label("User id").fill("ada")
    refiner.get_by_role("radio", name="2", exact=True).check()
    refiner.get_by_role("button", name="Complete").click()
    ran = page.get_by_role("region", name="Ran lately")
    expect(ran.get_by_role("link", name="Sandbox")).to_be_visible()
    balance = page.get_by_role("region", name="Balance")
    expect(balance).to_contain_text("1 accepted = 1 done")
    scores = page.get_by_role("region", name=re.compile("^Scores"))
    expect(scores).to_contain_text("nps: -100")
    page.get_by_role("button", name="Stop the sandbox").click()
    expect(page.get_by_text("The sandbox runs", exact=True)).to_have_count(0)
    assert fresh.call("GET", "/tryout")["address"] is None


def test_lists_follow_what_happens_without_being_asked(
    entered: Page, home: House
) -> None:
    page = entered
    page.goto(f"{home.address}/executions")
    expect(page.get_by_role("row")).to_have_count(4)
    home.call("POST", "/scenarios/Detractors/run", {"input": survey("new")})
    expect(page.get_by_role("row")).to_have_count(5)


def test_executions_are_found_and_run_again(entered: Page, home: House) -> None:
    page = entered
    page.goto(f"{home.address}/executions")
    page.get_by_role("combobox", name="State").click()
    page.get_by_role("option", name="incomplete").click()
    expect(page.get_by_role("row")).to_have_count(2)
    page.get_by_role("link", name="Detractors").click()
    stopped = page.get_by_role("region", name=re.compile("^Operation"))
    expect(stopped).to_contain_text("BundleValidationError")
    page.goto(f"{home.address}/executions?state=done")
    page.get_by_role("link", name="Detractors").first.click()
    before = page.url
    page.get_by_role("button", name="Run it again").click()
    expect(page).not_to_have_url(before)
    expect(page.get_by_text("done", exact=True).first).to_be_visible()


def test_a_connection_is_tested_changed_and_kept_while_it_is_used(
    entered: Page, home: House
) -> None:
    page = entered
    page.goto(f"{home.address}/connections")
    actions = page.get_by_role("button", name="Actions for My Refiner")
    actions.click()
    page.get_by_role("menuitem", name="Test").click()
    expect(page.get_by_text("The service accepts My Refiner.")).to_be_visible()
    actions.click()
    expect(page.get_by_role("menuitem", name="Remove")).to_be_disabled()
    page.get_by_role("menuitem", name="Change its values").click()
    dialog = page.get_by_role("dialog", name="Change My Refiner")
    dialog.get_by_label("API Key", exact=False).first.fill("a-key-that-is-none-at-all")
    dialog.get_by_role("button", name="Continue").click()
    expect(dialog.get_by_role("alert")).to_be_visible()
    dialog.get_by_label("API Key", exact=False).first.fill(KEY)
    dialog.get_by_role("button", name="Continue").click()
    expect(dialog.get_by_text("The connection has been established.")).to_be_visible()


def test_a_delivery_is_looked_into_and_run_again(entered: Page, home: House) -> None:
    page = entered
    hook = home.call("GET", "/webhooks")[0]
    page.goto(f"{home.address}/webhooks/{hook['id']}")
    expect(page.get_by_text("Nothing was received yet")).to_be_visible()
    page.get_by_role("button", name="Change the secret").click()
    page.get_by_role("dialog").get_by_role("button", name="Change the secret").click()
    secret = page.get_by_role("dialog", name="The new secret").locator("pre")
    expect(secret).to_be_visible()
    expect(page.get_by_role("dialog")).to_contain_text("The old secret is valid too")
    deliver(hook["address"], secret.inner_text())
    page.keyboard.press("Escape")
    expect(page.get_by_text("1 accepted = 1 done")).to_be_visible()
    page.get_by_role("table").get_by_role("button").first.click()
    drawer = page.get_by_role("dialog", name="Delivery")
    expect(drawer.get_by_text("triggered_event")).to_be_visible()
    drawer.get_by_role("button", name="Run it again").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Execution of Detractors")


def test_a_webhook_is_held_and_released(entered: Page, home: House) -> None:
    page = entered
    hook = home.call("GET", "/webhooks")[0]
    secret = home.call("PUT", f"/webhooks/{hook['id']}/secret", {})["secret"]
    page.goto(f"{home.address}/webhooks/{hook['id']}")
    page.get_by_role("button", name="Hold").click()
    expect(page.get_by_text("On hold", exact=False)).to_be_visible()
    deliver(hook["address"], secret)
    expect(page.get_by_text("1 accepted = 1 held")).to_be_visible()
    page.get_by_role("button", name="Release").click()
    expect(page.get_by_text("1 accepted = 1 done")).to_be_visible()
    expect(page.get_by_text("On hold", exact=False)).to_have_count(0)


def test_a_token_is_made_once_and_removed(entered: Page, fresh: House) -> None:
    page = entered
    page.goto(f"{fresh.address}/settings")
    page.get_by_role("tab", name="API tokens").click()
    page.get_by_role("button", name="Create a token").click()
    dialog = page.get_by_role("dialog", name="Create a token")
    dialog.get_by_role("textbox", name="Name").fill("Nightly")
    dialog.get_by_role("button", name="Create", exact=True).click()
    expect(dialog.locator("pre")).to_contain_text("tl_")
    dialog.get_by_role("button", name="OK", exact=True).click()
    page.get_by_role("button", name="Remove Nightly").click()
    page.get_by_role("dialog").get_by_role("button", name="Remove").click()
    expect(page.get_by_text("There is none.")).to_be_visible()


def test_users_are_added_and_the_last_one_stays(entered: Page, fresh: House) -> None:
    page = entered
    page.goto(f"{fresh.address}/settings")
    page.get_by_role("tab", name="Users").click()
    expect(page.get_by_role("button", name="Remove Ada")).to_be_disabled()
    page.get_by_role("button", name="Add a user").click()
    dialog = page.get_by_role("dialog", name="Add a user")
    dialog.get_by_role("textbox", name="Name").fill("Grace")
    dialog.get_by_label("First password").first.fill("short")
    dialog.get_by_role("button", name="Add", exact=True).click()
    expect(dialog.get_by_role("alert")).to_contain_text("characters")
    dialog.get_by_label("First password").first.fill("three other words")
    dialog.get_by_role("button", name="Add", exact=True).click()
    expect(page.get_by_role("button", name="Remove Grace")).to_be_enabled()


def test_a_scenario_is_removed_after_a_question(entered: Page, home: House) -> None:
    page = entered
    page.goto(f"{home.address}/scenarios")
    page.get_by_role("switch", name="Detractors is active").click(force=True)
    expect(page.get_by_role("switch", name="Detractors is active")).not_to_be_checked()
    page.get_by_role("button", name="Actions for Detractors").click()
    page.get_by_role("menuitem", name="Remove", exact=True).click()
    dialog = page.get_by_role("dialog", name="Remove Detractors?")
    dialog.get_by_role("button", name="Cancel").click()
    expect(page.get_by_role("link", name="Detractors")).to_be_visible()
    page.get_by_role("button", name="Actions for Detractors").click()
    page.get_by_role("menuitem", name="Remove", exact=True).click()
    dialog.get_by_role("button", name="Remove").click()
    expect(page.get_by_text("No scenario yet")).to_be_visible()


def test_the_interface_speaks_czech_and_remembers_it(
    entered: Page,
) -> None:
    page = entered
    page.get_by_role("button", name="Language").click()
    page.get_by_role("menuitem", name="Čeština").click()
    page.get_by_role("link", name="Scénáře").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Scénáře")
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_have_text("Scénáře")
    assert page.locator("html").get_attribute("lang") == "cs"


def test_on_a_tablet_the_places_are_behind_a_button(
    entered: Page,
) -> None:
    page = entered
    page.set_viewport_size({"width": 700, "height": 900})
    page.get_by_role("button", name="Menu").click()
    page.get_by_role("link", name="Apps").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Apps")
    assert page.evaluate("document.documentElement.scrollWidth") <= 700


def test_while_the_server_is_away_the_page_says_so_and_comes_back(
    page: Page, tmp_path: Path
) -> None:
    with house(tmp_path / "data") as made:
        enter(page, made)
        page.route("**/api/v1/connections", lambda route: route.abort())
        page.get_by_role("link", name="Connections").click()
        expect(page.get_by_role("alert")).to_contain_text("does not answer")
        page.unroute("**/api/v1/connections")
        page.get_by_role("button", name="Try again").click()
        expect(page.get_by_text("No connection yet")).to_be_visible()


def deliver(address: str, secret: str) -> None:
    request = urllib.request.Request(  # noqa: S310 - loopback
        address,
        data=json.dumps(survey("delivered")).encode(),
        headers={"Authorization": f"Bearer {secret}"},
    )
    with urllib.request.urlopen(request) as answer:  # noqa: S310 - the same
        assert answer.status == 200


def test_storage_is_shown_and_pruned(entered: Page, home: House) -> None:
    page = entered
    document = home.call("GET", "/scenarios/Detractors")["document"]
    document["settings"] = {"keep": {"executions": 1}}
    home.call("POST", "/scenarios", document)
    page.goto(f"{home.address}/settings")
    page.get_by_role("tab", name="Storage").click()
    history = page.get_by_role("table", name="History by scenario")
    row = history.get_by_role("row").filter(has_text="Detractors")
    expect(row.get_by_role("cell").nth(1)).not_to_have_text("1")
    page.get_by_role("button", name="Prune now").click()
    expect(page.get_by_role("status").filter(has_text="Pruned")).to_be_visible()
    expect(row.get_by_role("cell").nth(1)).to_have_text("1")
    facts = page.get_by_role("table", name="Storage")
    expect(facts).to_contain_text("Days: 30 · Executions: 100,000")


def test_what_was_sent_is_shown_of_runs_by_hand_and_of_all_once_that_is_chosen(
    entered: Page, home: House
) -> None:
    page = entered
    body = survey("calm", remote_id="ada")
    body["response"]["data"]["nps"] = "0"
    run = home.call("POST", "/scenarios/Detractors/run", {"input": body})
    page.goto(f"{home.address}/executions/{run['id']}?operation=2")
    operation = page.get_by_role("region", name="Operation 2")
    expect(operation.get_by_text("HTTP exchange", exact=True)).to_be_visible()
    expect(operation).to_contain_text("/v1/track-event → 200")
    page.get_by_role("button", name="More actions").click()
    page.get_by_role("menuitem", name="Keep HTTP exchanges of all runs").click()
    expect(page.get_by_text("Saved as version 3.")).to_be_visible()
    document = home.call("GET", "/scenarios/Detractors")["document"]
    assert document["settings"]["keep"] == {"exchanges": True}
    page.get_by_role("button", name="More actions").click()
    page.get_by_role("menuitem", name="of runs by hand alone").click()
    expect(page.get_by_text("Saved as version 4.")).to_be_visible()


@pytest.mark.usefixtures("home")
def test_a_connection_is_found_by_its_name_and_marked_among_the_others(
    entered: Page,
) -> None:
    page = entered
    expect(page.get_by_role("heading", name="Home", exact=True)).to_be_visible()
    page.keyboard.press("Control+k")
    page.get_by_role("combobox", name="Go to").fill("my refiner")
    expect(page.get_by_role("option", name="My Refiner")).to_be_visible()
    page.keyboard.press("Enter")
    marked = page.locator("tr[aria-current=true]")
    expect(marked).to_contain_text("My Refiner")
    expect(marked).to_be_in_viewport()

"""The page of a webhook: what is done there besides looking at deliveries."""

import urllib.error
import urllib.request

import pytest
from playwright.sync_api import Page, expect

from browser.axe import faults_of
from browser.furnished import furnish
from fakes.house import House


@pytest.fixture
def hook(entered: Page, fresh: House, refiner: str) -> dict[str, str]:
    """The webhook of a furnished server, whose page is open."""
    furnish(fresh, refiner)
    hook: dict[str, str] = fresh.call("GET", "/webhooks")[0]
    entered.goto(f"{fresh.address}/webhooks/{hook['id']}")
    return hook


def test_the_old_secret_is_shown_with_its_end_until_it_is_ended(
    entered: Page, fresh: House, hook: dict[str, str]
) -> None:
    page = entered
    page.get_by_role("button", name="Change the secret").click()
    dialog = page.get_by_role("dialog", name="Change the secret of")
    expect(dialog).to_be_visible()
    assert faults_of(page) == []
    dialog.get_by_role("combobox", name="The old secret ends").click()
    page.get_by_role("option", name="in a week").click()
    dialog.get_by_role("button", name="Change the secret").click()
    made = page.get_by_role("dialog", name="The new secret")
    expect(made).to_contain_text("The old secret is valid too, until")
    assert faults_of(page) == []
    page.keyboard.press("Escape")
    expect(made).to_have_count(0)
    both = page.get_by_text("The old secret is valid too, until")
    expect(both).to_be_visible()
    page.get_by_role("button", name="End it now").click()
    asked = page.get_by_role("dialog", name="End the old secret of")
    expect(asked).to_be_visible()
    assert faults_of(page) == []
    asked.get_by_role("button", name="End it now").click()
    expect(both).to_have_count(0)
    assert fresh.call("GET", f"/webhooks/{hook['id']}")["old_secret_until"] is None


def test_gaps_show_what_was_refused_and_that_little_is_known_yet(
    entered: Page, hook: dict[str, str]
) -> None:
    page = entered
    page.get_by_role("tab", name="Gaps").click()
    expect(page.get_by_text("No gap is known")).to_be_visible()
    expect(page.get_by_text("Too little is known yet", exact=False)).to_be_visible()
    refused = urllib.request.Request(hook["address"], method="POST", data=b"{}")  # noqa: S310 - loopback
    with pytest.raises(urllib.error.HTTPError, match="401"):
        urllib.request.urlopen(refused)  # noqa: S310 - the same
    page.reload()
    row = page.get_by_role("table", name="Gaps").get_by_role("row").nth(1)
    expect(row).to_contain_text("Refused: the secret was missing or wrong")
    expect(row).to_contain_text("1 refused")

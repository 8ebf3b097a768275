"""The first minutes: the owner comes in, leaves, and comes back."""

from playwright.sync_api import Page, expect

from fakes.house import PASSWORD


def test_the_owner_comes_in_with_the_code_and_back_with_the_password(
    entered: Page,
) -> None:
    page = entered
    assert "#" not in page.url
    page.get_by_role("button", name="You", exact=True).click()
    page.get_by_role("menuitem", name="Leave").click()
    expect(page.get_by_role("heading", name="Enter Trunkline")).to_be_visible()
    page.get_by_role("textbox", name="Name").fill("Ada")
    page.get_by_role("textbox", name="Password").fill("not the password")
    page.get_by_role("button", name="Enter", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("not right")
    page.get_by_role("textbox", name="Password").fill(PASSWORD)
    page.get_by_role("button", name="Enter", exact=True).click()
    expect(page.get_by_role("heading", name="Home", exact=True)).to_be_visible()

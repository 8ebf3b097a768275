"""Backups under *Settings*: made, taken away, removed; a restored server confirmed."""

import zipfile
from pathlib import Path

from playwright.sync_api import Page, expect

from browser.conftest import OWNER
from fakes.house import PASSWORD, House, house
from trunkline.store.restore import restore


def test_a_backup_is_made_downloaded_and_removed(
    entered: Page, fresh: House, tmp_path: Path
) -> None:
    page = entered
    page.goto(f"{fresh.address}/settings")
    page.get_by_role("tab", name="Backup").click()
    expect(page.get_by_text("No backup is on this server's disk yet.")).to_be_visible()
    page.get_by_role("button", name="Make a backup now").click()
    row = page.get_by_role("table", name="Backups").get_by_role("row").nth(1)
    expect(row).to_contain_text("Scenarios: 0, deliveries: 0, executions: 0")
    with page.expect_download() as download:
        row.get_by_role("link", name="Download").click()
    download.value.save_as(tmp_path / "taken.zip")
    with zipfile.ZipFile(tmp_path / "taken.zip") as opened:
        assert opened.testzip() is None
    row.get_by_role("button", name="Remove").click()
    asked = page.get_by_role("dialog", name="Remove this backup?")
    asked.get_by_role("button", name="Remove").click()
    expect(page.get_by_text("No backup is on this server's disk yet.")).to_be_visible()


def test_a_restored_server_is_confirmed_where_the_first_page_leads_to(
    entered: Page, fresh: House, tmp_path: Path
) -> None:
    page = entered
    page.goto(f"{fresh.address}/settings?tab=backup")
    page.get_by_role("button", name="Make a backup now").click()
    expect(page.get_by_role("link", name="Download")).to_be_visible()
    [saved] = (tmp_path / "data" / "backups").glob("*.zip")
    restore(saved, tmp_path / "other", key_file=tmp_path / "data" / "key")
    with house(tmp_path / "other", first=False) as restored:
        page.goto(restored.address)
        page.get_by_role("textbox", name="Name").fill(OWNER)
        page.get_by_role("textbox", name="Password").fill(PASSWORD)
        page.get_by_role("button", name="Enter").click()
        page.get_by_role("link", name="Confirm it here").click()
        page.get_by_role("button", name="Confirm, and let them go on").click()
        expect(page.get_by_text("The restored server works again.")).to_be_visible()
        expect(page.get_by_text("This server was restored")).to_have_count(0)
        assert restored.call("GET", "/review")["pending"] is False

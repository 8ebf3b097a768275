"""What a person does in the editor, step by step, and modules to do it with."""

import re
from typing import Any

from playwright.sync_api import Locator, Page, expect

from fakes.house import House

Module = dict[str, Any]


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def button(page: Page | Locator, name: str) -> Locator:
    return page.get_by_role("button", name=name, exact=True)


def add(page: Page, words: str, label: str) -> None:
    """Chooses a module in the dialog that adds one."""
    expect(page.get_by_role("combobox", name="Search apps and modules")).to_be_focused()
    page.keyboard.type(words)
    expect(page.get_by_role("option").first).to_contain_text(label)
    press(page, "Enter")


def fill(page: Page, name: str, text: str) -> None:
    page.get_by_role("dialog").get_by_role("textbox", name=name, exact=True).click()
    page.keyboard.insert_text(text)


def take(page: Page) -> None:
    button(page, "OK").click()
    expect(page.get_by_role("dialog")).to_have_count(0)


def save(page: Page, version: int) -> None:
    button(page, "Save").click()
    expect(page.get_by_text(f"Version {version}", exact=True)).to_be_visible()


def run_once(page: Page) -> None:
    button(page, "Run once").click()
    button(page, "Run").click()
    expect(page.get_by_role("dialog")).to_have_count(0)


def shows_done(page: Page, label: str, id_: int, count: int) -> None:
    said = re.compile(f"^{label}, module {id_}, {count} done")
    expect(page.get_by_role("button", name=said)).to_be_visible()


def variable(id_: int, value: str, name: str = "text", **more: Any) -> Module:  # noqa: ANN401 - keys of a module
    fields = {"name": name, "value": value}
    return {"id": id_, "module": "tools.set_a_variable", "map": fields, **more}


def repeater(repeats: int, **more: Any) -> Module:  # noqa: ANN401 - the same
    fields = {"start": 1, "repeats": repeats, "step": 1}
    return {"id": 1, "module": "flow.repeater", "map": fields, **more}


def array(id_: int, fields: Module) -> Module:
    gathers = {"source": 1}
    module = "flow.array_aggregator"
    return {"id": id_, "module": module, "aggregate": gathers, "map": fields}


FAILING = variable(2, "{{parseNumber('none')}}")


def open_on(page: Page, fresh: House, *flow: Module) -> None:
    """Opens the editor on a new scenario."""
    document = {"name": "Loops", "flow": [*flow]}
    made = fresh.call("POST", "/scenarios", document)
    page.goto(f"{fresh.address}/scenarios/{made['id']}")
    expect(page.get_by_role("heading", name="Loops", level=1)).to_be_visible()


def saved_flow(fresh: House) -> list[Module]:
    flow: list[Module] = fresh.call("GET", "/scenarios/Loops")["document"]["flow"]
    return flow


def outputs(fresh: House, module: int) -> list[Any]:
    """What a module gave in the latest execution."""
    latest = fresh.call("GET", "/executions")[0]["id"]
    history = fresh.call("GET", f"/executions/{latest}")["history"]
    found = [one for one in history if one["module_id"] == module]
    return [bundle for one in found for bundle in one["output"]]

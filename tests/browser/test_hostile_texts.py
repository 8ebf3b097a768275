"""Texts that would like to be code, shown wherever a text is shown."""

import pytest
from playwright.sync_api import Page, expect

from fakes.house import House

_HACK = "document.title='hacked'"
HOSTILE = (
    f"<script>{_HACK}</script>",
    f"<img src=x onerror={_HACK}>",
    f'"><svg onload={_HACK}>',
    f"'><script>{_HACK}</script>",
    f"</textarea><script>{_HACK}</script>",
    f"</title><script>{_HACK}</script>",
    f"</script><script>{_HACK}</script>",
    f"javascript:{_HACK}",
    f"data:text/html,<script>{_HACK}</script>",
    f"<a href=javascript:{_HACK}>click</a>",
    f"<iframe srcdoc='<script>parent.{_HACK}</script>'>",
    f"<math><mtext></form><form><mglyph><style></math><img src onerror={_HACK}>",
    f"<details open ontoggle={_HACK}>",
    f"<body onload={_HACK}>",
    f"<input autofocus onfocus={_HACK}>",
    f"<style>@import '//x';</style><b onclick={_HACK}>",
    "<base href='https://elsewhere.example/'>",
    "<meta http-equiv=refresh content='0;url=https://elsewhere.example/'>",
    "<form action=https://elsewhere.example/><button>OK</button></form>",
    "{{constructor.constructor('alert(1)')()}}",
    "${7*7}#{7*7}",
    "{{7*7}}",
    "%{7*7}",
    "'; DROP TABLE scenarios; --",
    '" OR 1=1 --',
    "../../etc/passwd",
    "..%2f..%2fetc%2fpasswd",
    "%3Cscript%3E",
    "&lt;b&gt;bold&lt;/b&gt;",
    "&amp;&quot;&#39;",
    "`backquoted` \\ back",
    "\u202eevil\u202c",
    "zero\u200bwidth",
    "😀👩‍👩‍👧‍👦 é ñ ż",
    "Ǆ İ ß ﬁ ẞ",
    "مرحبا بالعالم",
    "数据 データ",
    "__proto__",
    "constructor",
    "x" * 200,
)


def _make(fresh: House, number: int, text: str) -> dict[str, str]:
    """A scenario with the text in each of its fields, and whatever else has a name."""
    shown = text.replace("{{", "{ {")
    word = {"name": f"word{number}", "value": shown}
    placed = {"id": 1, "module": "tools.set_a_variable", "name": text, "map": word}
    flow = [placed | {"note": text}]
    asked = [{"name": text, "label": text, "help": text}]
    document = {"name": text, "description": text, "flow": flow, "inputs": asked}
    saved = fresh.call("POST", "/scenarios", document)
    webhook = {"name": text, "module": "refiner.watch_completed_survey"}
    hook = fresh.call("POST", "/webhooks", webhook)
    store = fresh.call("POST", "/data-stores", {"name": text})
    run = fresh.call("POST", f"/scenarios/{saved['id']}/run", {})
    return {
        f"/scenarios/{saved['id']}": text,
        f"/webhooks/{hook['id']}": text,
        f"/executions/{run['id']}": shown,
        f"/datastores/{store['id']}": text,
    }


_AT_ONCE = 10


def test_there_are_forty_hostile_texts() -> None:
    assert len(set(HOSTILE)) == 40


@pytest.mark.parametrize("begin", range(0, len(HOSTILE), _AT_ONCE))
def test_hostile_texts_are_shown_and_nothing_more(
    begin: int, entered: Page, fresh: House
) -> None:
    page = entered
    hostile = HOSTILE[begin : begin + _AT_ONCE]
    alone = [_make(fresh, number, text) for number, text in enumerate(hostile)]
    for path in ("/", "/scenarios", "/executions", "/webhooks", "/datastores"):
        page.goto(fresh.address + path)
        for text in hostile[-6:] if path == "/" else hostile:
            expect(page.get_by_text(text).first).to_be_attached()
        assert page.title() != "hacked"
    for paths in alone:
        for path, text in paths.items():
            page.goto(fresh.address + path)
            expect(page.get_by_text(text).first).to_be_attached()
            assert page.title() != "hacked"


def test_hostile_texts_are_shown_in_the_editors_dialogs(
    entered: Page, fresh: House
) -> None:
    page, text = entered, HOSTILE[0]
    editor = next(iter(_make(fresh, 0, text)))
    page.goto(fresh.address + editor)
    page.get_by_role("button", name="Name and settings").click()
    expect(page.get_by_label("Description")).to_have_value(text)
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Inputs and outputs").click()
    expect(page.get_by_role("dialog").get_by_label("Name").first).to_have_value(text)
    page.keyboard.press("Escape")
    page.get_by_role("button", name=f"{text}, module 1").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_label("Note")).to_have_value(text)
    assert page.title() != "hacked"

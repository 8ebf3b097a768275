"""Loops, branches and error routes: built, run, undone and copied in the editor."""

import re
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from browser.test_accessibility import faults_of
from browser.test_pages import deliver
from fakes.house import House

Module = dict[str, Any]


def _press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def _button(page: Page, name: str) -> Locator:
    return page.get_by_role("button", name=name, exact=True)


def _add(page: Page, words: str, label: str) -> None:
    """Chooses a module in the dialog that adds one."""
    expect(page.get_by_role("combobox", name="Search apps and modules")).to_be_focused()
    page.keyboard.type(words)
    expect(page.get_by_role("option").first).to_contain_text(label)
    _press(page, "Enter")


def _fill(page: Page, name: str, text: str) -> None:
    page.get_by_role("dialog").get_by_role("textbox", name=name, exact=True).click()
    page.keyboard.insert_text(text)


def _ok(page: Page) -> None:
    _button(page, "OK").click()
    expect(page.get_by_role("dialog")).to_have_count(0)


def _save(page: Page, version: int) -> None:
    _button(page, "Save").click()
    expect(page.get_by_text(f"Version {version}", exact=True)).to_be_visible()


def _run(page: Page) -> None:
    _button(page, "Run once").click()
    _button(page, "Run").click()
    expect(page.get_by_role("dialog")).to_have_count(0)


def _done(page: Page, label: str, id_: int, count: int) -> None:
    said = re.compile(f"^{label}, module {id_}, {count} done")
    expect(page.get_by_role("button", name=said)).to_be_visible()


def _variable(id_: int, value: str, name: str = "text", **more: Any) -> Module:  # noqa: ANN401 - keys of a module
    fields = {"name": name, "value": value}
    return {"id": id_, "module": "tools.set_a_variable", "map": fields, **more}


def _repeater(repeats: int, **more: Any) -> Module:  # noqa: ANN401 - the same
    fields = {"start": 1, "repeats": repeats, "step": 1}
    return {"id": 1, "module": "flow.repeater", "map": fields, **more}


def _array(id_: int, fields: Module) -> Module:
    gathers = {"source": 1}
    module = "flow.array_aggregator"
    return {"id": id_, "module": module, "aggregate": gathers, "map": fields}


FAILING = _variable(2, "{{parseNumber('none')}}")


def _open(page: Page, fresh: House, *flow: Module) -> None:
    """Opens the editor on a new scenario."""
    document = {"name": "Loops", "flow": [*flow]}
    made = fresh.call("POST", "/scenarios", document)
    page.goto(f"{fresh.address}/scenarios/{made['id']}")
    expect(page.get_by_role("heading", name="Loops", level=1)).to_be_visible()


def _saved(fresh: House) -> list[Module]:
    flow: list[Module] = fresh.call("GET", "/scenarios/Loops")["document"]["flow"]
    return flow


def _outputs(fresh: House, module: int) -> list[Any]:
    """What a module gave in the latest execution."""
    latest = fresh.call("GET", "/executions")[0]["id"]
    history = fresh.call("GET", f"/executions/{latest}")["history"]
    found = [one for one in history if one["module_id"] == module]
    return [bundle for one in found for bundle in one["output"]]


def test_a_loop_is_built_and_shows_how_often_each_module_ran(
    entered: Page, fresh: House
) -> None:
    page = entered
    page.goto(f"{fresh.address}/scenarios/new")
    _button(page, "Add the first module").click()
    _add(page, "repeater", "Repeater")
    _fill(page, "Repeats", "3")
    expect(
        page.get_by_role("switch", name="Continue the execution even if the module")
    ).to_be_visible()
    _ok(page)
    _button(page, "Add a module after module 1").click()
    _add(page, "set a variable", "Set a variable")
    _fill(page, "Variable name", "word")
    _fill(page, "Variable value", "no {{1.i}}")
    _ok(page)
    _button(page, "Add a module after module 2").click()
    _add(page, "array aggregator", "Array aggregator")
    dialog = page.get_by_role("dialog", name="Flow control: Array aggregator")
    source = dialog.get_by_role("combobox", name="Source module")
    expect(source).to_have_value("1. Repeater")
    dialog.get_by_role("button", name="Add a pair to Fields").click()
    dialog.get_by_role("textbox", name="Name 1 of Fields").fill("said")
    _fill(page, "Value 1 of Fields", "{{2.word}}")
    _ok(page)
    _button(page, "Add a module after module 3").click()
    _add(page, "compose", "Compose a string")
    dialog = page.get_by_role("dialog", name="Tools: Compose a string")
    expect(dialog.get_by_text("3. Array aggregator")).to_be_visible()
    expect(dialog.get_by_text("1. Repeater")).to_have_count(0)
    _fill(page, "Text", "{{join(map(3.array; 'said'); ', ')}}")
    _ok(page)
    expect(page.get_by_text("Nothing is wrong.")).to_be_visible()
    _save(page, 1)
    _run(page)
    _done(page, "Set a variable", 2, 3)
    _done(page, "Array aggregator", 3, 1)
    _done(page, "Compose a string", 4, 1)
    assert _outputs(fresh, 4) == [{"value": "no 1, no 2, no 3"}]


def test_a_failing_module_gets_an_error_route_and_the_scenario_goes_on(
    entered: Page, fresh: House
) -> None:
    page = entered
    _open(page, fresh, _repeater(2), FAILING, _variable(3, "{{2.text}}"))
    _button(page, "Set a variable, module 2").focus()
    _press(page, "Enter")
    page.get_by_role("dialog").get_by_role("button", name="Add error route").click()
    dialog = page.get_by_role("dialog", name="Add to the error route of module 2")
    offered = [*dialog.get_by_role("option").all_inner_texts()][:5]
    names = ["Resume", "Ignore", "Break", "Commit", "Rollback"]
    assert [one.partition("\n")[0] for one in offered] == names
    assert all(one.rstrip().endswith(".") for one in offered)
    _add(page, "resume", "Resume")
    dialog = page.get_by_role("dialog", name="Flow control: Resume")
    expect(dialog.get_by_text("2. Set a variable (failed)")).to_be_visible()
    dialog.get_by_role("button", name="Add a pair to Fields").click()
    dialog.get_by_role("textbox", name="Name 1 of Fields").fill("text")
    _fill(page, "Value 1 of Fields", "{{2.error.type}}")
    _ok(page)
    expect(page.get_by_role("img", name="Error route of module 2")).to_be_visible()
    expect(_button(page, "Add a module after module 4")).to_have_count(0)
    _save(page, 2)
    _run(page)
    expect(_button(page, "Set a variable, module 2, 2 failed")).to_be_visible()
    _done(page, "Resume", 4, 2)
    _done(page, "Set a variable", 3, 2)
    assert [one["text"] for one in _outputs(fresh, 3)] == ["DataError"] * 2


def test_a_substitute_is_made_of_the_fields_of_the_failed_module(
    entered: Page, fresh: House
) -> None:
    page = entered
    value = {"value": "{{parseNumber('none')}}"}
    resume = {"id": 3, "module": "flow.resume"}
    module = "tools.compose_a_string"
    failing = {"id": 2, "module": module, "map": value, "on_error": [resume]}
    _open(page, fresh, _repeater(1), failing, _variable(4, "{{2.value}}"))
    _button(page, "Resume, module 3").focus()
    _press(page, "Enter")
    _button(page, "Add the field value").press("Enter")
    expect(_button(page, "Add the field value")).to_have_count(0)
    _fill(page, "Value 1 of Fields", "instead")
    _ok(page)
    _save(page, 2)
    _run(page)
    _done(page, "Set a variable", 4, 1)
    assert _outputs(fresh, 4) == [{"text": "instead"}]


def test_directives_are_offered_at_the_end_of_an_error_route_alone(
    entered: Page, fresh: House
) -> None:
    page = entered
    on_error = [_variable(3, "1"), _variable(4, "2")]
    _open(page, fresh, _repeater(1), _variable(2, "x", on_error=on_error))
    ignore = page.get_by_role("option", name=re.compile("^Ignore"))
    for place, count in (
        ("Add a module after module 2", 0),
        ("Add a module before module 3", 0),
        ("Add a module before module 4", 0),
        ("Add a module after module 4", 1),
    ):
        _button(page, place).click()
        expect(page.get_by_role("option").first).to_be_visible()
        expect(ignore).to_have_count(count)
        _press(page, "Escape")
        expect(page.get_by_role("dialog")).to_have_count(0)


def test_branches_of_an_if_else_come_together_in_a_merge(
    entered: Page, fresh: House
) -> None:
    page = entered
    _open(page, fresh, _repeater(2), _variable(2, "{{1.i}}"))
    _button(page, "Add a module before module 2").click()
    _add(page, "if-else", "If-else")
    dialog = page.get_by_role("dialog", name="Route 1 of module 3")
    dialog.get_by_role("textbox", name="Name", exact=True).fill("first one")
    _fill(page, "Value of condition 1.1", "{{1.i}}")
    _fill(page, "Compared value of condition 1.1", "1")
    merges = dialog.get_by_role("switch", name="Comes back to the merge")
    expect(merges).to_be_checked()
    _ok(page)
    expect(_button(page, "Merge, module 4")).to_be_visible()
    expect(_button(page, "else of module 3")).to_be_visible()
    _button(page, "Add a module to the route").first.click()
    _add(page, "set a variable", "Set a variable")
    _fill(page, "Variable name", "said")
    _fill(page, "Variable value", "yes")
    _ok(page)
    _button(page, "Merge, module 4").focus()
    _press(page, "Enter")
    dialog = page.get_by_role("dialog", name="Flow control: Merge")
    expect(dialog.get_by_text("5. Set a variable")).to_be_visible()
    dialog.get_by_role("button", name="Add a pair to Outputs").click()
    dialog.get_by_role("textbox", name="Name 1 of Outputs").fill("said")
    _fill(page, "Value 1 of Outputs", "{{ifempty(5.said; 'no')}}")
    _ok(page)
    expect(page.get_by_text("Nothing is wrong.")).to_be_visible()
    _save(page, 2)
    _run(page)
    _done(page, "Set a variable", 5, 1)
    _done(page, "Merge", 4, 2)
    assert _outputs(fresh, 4) == [{"said": "yes"}, {"said": "no"}]


def test_an_if_else_and_its_merge_go_and_come_back_together(
    entered: Page, fresh: House
) -> None:
    page = entered
    _open(page, fresh, _repeater(2), _variable(2, "{{1.i}}"))
    _button(page, "Add a module before module 2").click()
    _add(page, "if-else", "If-else")
    _ok(page)
    merge = _button(page, "Merge, module 4")
    _button(page, "If-else, module 3").focus()
    _press(page, "Delete")
    expect(merge).to_have_count(0)
    expect(_button(page, "Set a variable, module 2")).to_be_visible()
    _press(page, "Control+z")
    expect(merge).to_be_visible()
    _press(page, "Control+Shift+Z")
    expect(merge).to_have_count(0)
    _press(page, "Control+z", "Control+z", "Control+z")
    expect(_button(page, "If-else, module 3")).to_have_count(0)
    expect(page.get_by_text("not saved")).to_have_count(0)


def test_a_module_is_copied_with_its_error_route(entered: Page, fresh: House) -> None:
    page = entered
    resume = {"id": 3, "module": "flow.resume", "map": {"text": "{{2.error.message}}"}}
    failing = FAILING | {"on_error": [resume]}
    _open(page, fresh, _repeater(2), failing, _array(4, {"said": "{{2.text}}"}))
    _button(page, "Set a variable, module 2").focus()
    _press(page, "Control+c", "Control+v")
    resume_again = _button(page, "Resume, module 6")
    expect(resume_again).to_be_visible()
    _press(page, "Control+z")
    expect(resume_again).to_have_count(0)
    _press(page, "Control+Shift+Z")
    expect(resume_again).to_be_visible()
    _save(page, 2)
    copied = _saved(fresh)[2]
    assert copied["id"] == 5
    assert copied["on_error"][0]["map"] == {"text": "{{5.error.message}}"}


def test_a_loop_is_copied_with_what_it_gathers(entered: Page, fresh: House) -> None:
    page = entered
    _open(page, fresh, _repeater(2), _array(2, {"n": "{{1.i}}"}))
    page.get_by_role("button", name="Repeater, module 1").click()
    page.get_by_role("button", name="Array aggregator, module 2").click(
        modifiers=["Control"]
    )
    _press(page, "Control+c", "Control+v")
    expect(_button(page, "Array aggregator, module 4")).to_be_visible()
    _save(page, 2)
    copied = _saved(fresh)[3]
    assert copied["aggregate"]["source"] == 3
    assert copied["map"] == {"n": "{{3.i}}"}


def test_the_list_can_do_what_the_canvas_can(entered: Page, fresh: House) -> None:
    page = entered
    _open(page, fresh, _repeater(2), FAILING, _variable(3, "{{1.i}}"))
    page.get_by_text("List", exact=True).click()
    _button(page, "Add an error route to module 2").click()
    _add(page, "ignore", "Ignore")
    _ok(page)
    route = page.get_by_role("list", name="Error route of module 2")
    expect(route.get_by_role("button", name="4. Ignore")).to_be_visible()
    _button(page, "Add a module after module 3").click()
    _add(page, "if-else", "If-else")
    dialog = page.get_by_role("dialog", name="Route 1 of module 5")
    dialog.get_by_role("switch", name="Comes back to the merge").press("Space")
    _fill(page, "Value of condition 1.1", "{{1.i}}")
    _ok(page)
    routes = page.get_by_role("list", name="Routes of module 5")
    expect(routes.get_by_text("does not come back")).to_be_visible()
    expect(routes.get_by_role("button", name="else", exact=True)).to_be_visible()
    _button(page, "Add a module after module 5").click()
    _add(page, "array aggregator", "Array aggregator")
    _ok(page)
    expect(_button(page, "7. Merge")).to_be_visible()
    _button(page, "Move Array aggregator up").press("Enter")
    flow = page.get_by_role("list", name="Modules in their order")
    expect(flow.get_by_role("listitem").last).to_contain_text("7. Merge")
    _press(page, "Control+z")
    expect(flow.get_by_role("listitem").last).to_contain_text("6. Array aggregator")
    _save(page, 2)
    _run(page)
    expect(route.get_by_text("2 failed")).to_have_count(0)
    expect(page.get_by_text("2 failed")).to_be_visible()
    _button(page, "Remove the error route of module 2").click()
    expect(route).to_have_count(0)
    page.get_by_text("Canvas", exact=True).click()


def test_problems_lead_to_the_dialog_of_their_place(
    entered: Page, fresh: House
) -> None:
    page = entered
    _open(page, fresh, _repeater(2), _array(2, {"n": "{{1.i}}"}))
    _button(page, "Add a module after module 2").click()
    _add(page, "if-else", "If-else")
    _fill(page, "Value of condition 1.1", "{{1.i}}")
    _ok(page)
    problems = page.get_by_role("region", name="Problems").get_by_role("button")
    problems.filter(has_text="Module 1 does not run before").click()
    expect(page.get_by_role("dialog", name="Route 1 of module 3")).to_be_visible()
    _press(page, "Escape")
    _button(page, "Array aggregator, module 2").focus()
    _press(page, "Enter")
    _fill(page, "Group by", "{{8.gone}}")
    _ok(page)
    problems.filter(has_text="Module 8").click()
    dialog = page.get_by_role("dialog", name="Flow control: Array aggregator")
    expect(dialog.get_by_role("textbox", name="Group by")).to_be_visible()


def test_the_settings_say_what_each_does(entered: Page, fresh: House) -> None:
    page = entered
    _open(page, fresh, _repeater(1))
    _button(page, "Name and settings").click()
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
    _ok(page)
    _save(page, 2)
    settings = fresh.call("GET", "/scenarios/Loops")["document"]["settings"]
    keep = settings.pop("keep")
    assert settings["dlq"] is False
    assert settings["max_errors"] == 5
    assert settings["max_seconds"] == 60
    assert settings["max_operations"] == 1000
    assert keep["days"] == 7


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
    _open(page, fresh, _repeater(2), failing, branching, merge, _array(6, {"a": "1"}))
    assert faults_of(page) == []
    for opens in (
        "Array aggregator, module 6",
        "Resume, module 3",
        "Repeater, module 1",
        "few of module 4",
        "else of module 4",
    ):
        _button(page, opens).focus()
        _press(page, "Enter")
        expect(page.get_by_role("dialog")).to_be_visible()
        assert faults_of(page) == [], opens
        _press(page, "Escape")
        expect(page.get_by_role("dialog")).to_have_count(0)
    page.get_by_text("List", exact=True).click()
    expect(page.get_by_role("list", name="Error route of module 2")).to_be_visible()
    found = faults_of(page)
    page.get_by_text("Canvas", exact=True).click()
    assert found == []

"""Loops, branches and error routes: built, run, undone and copied in the editor."""

import re

from playwright.sync_api import Page, expect

from browser.building import (
    FAILING,
    add,
    array,
    button,
    fill,
    open_on,
    outputs,
    press,
    repeater,
    run_once,
    save,
    saved_flow,
    shows_done,
    take,
    variable,
)
from fakes.house import House


def test_a_loop_is_built_and_shows_how_often_each_module_ran(
    entered: Page, fresh: House
) -> None:
    page = entered
    page.goto(f"{fresh.address}/scenarios/new")
    button(page, "Add the first module").click()
    add(page, "repeater", "Repeater")
    fill(page, "Repeats", "3")
    expect(
        page.get_by_role("switch", name="Continue the execution even if the module")
    ).to_be_visible()
    take(page)
    button(page, "Add a module after module 1").press("Enter")
    add(page, "set a variable", "Set a variable")
    fill(page, "Variable name", "word")
    fill(page, "Variable value", "no {{1.i}}")
    take(page)
    button(page, "Add a module after module 2").press("Enter")
    add(page, "array aggregator", "Array aggregator")
    dialog = page.get_by_role("dialog", name="Flow control: Array aggregator")
    source = dialog.get_by_role("combobox", name="Source module")
    expect(source).to_have_value("1. Repeater")
    dialog.get_by_role("button", name="Add a pair to Fields").click()
    dialog.get_by_role("textbox", name="Name 1 of Fields").fill("said")
    fill(page, "Value 1 of Fields", "{{2.word}}")
    take(page)
    button(page, "Add a module after module 3").press("Enter")
    add(page, "compose", "Compose a string")
    dialog = page.get_by_role("dialog", name="Tools: Compose a string")
    expect(dialog.get_by_text("3. Array aggregator")).to_be_visible()
    expect(dialog.get_by_text("1. Repeater")).to_have_count(0)
    fill(page, "Text", "{{join(map(3.array; 'said'); ', ')}}")
    take(page)
    expect(page.get_by_text("Nothing is wrong.")).to_be_visible()
    save(page, 1)
    run_once(page)
    shows_done(page, "Set a variable", 2, 3)
    shows_done(page, "Array aggregator", 3, 1)
    shows_done(page, "Compose a string", 4, 1)
    assert outputs(fresh, 4) == [{"value": "no 1, no 2, no 3"}]


def test_a_failing_module_gets_an_error_route_and_the_scenario_goes_on(
    entered: Page, fresh: House
) -> None:
    page = entered
    open_on(page, fresh, repeater(2), FAILING, variable(3, "{{2.text}}"))
    button(page, "Set a variable, module 2").focus()
    press(page, "Enter")
    page.get_by_role("dialog").get_by_role("button", name="Add error route").click()
    dialog = page.get_by_role("dialog", name="Add to the error route of module 2")
    offered = [*dialog.get_by_role("option").all_inner_texts()][:5]
    names = ["Resume", "Ignore", "Break", "Commit", "Rollback"]
    assert [one.partition("\n")[0] for one in offered] == names
    assert all(one.rstrip().endswith(".") for one in offered)
    add(page, "resume", "Resume")
    dialog = page.get_by_role("dialog", name="Flow control: Resume")
    expect(dialog.get_by_text("2. Set a variable (failed)")).to_be_visible()
    dialog.get_by_role("button", name="Add a pair to Fields").click()
    dialog.get_by_role("textbox", name="Name 1 of Fields").fill("text")
    fill(page, "Value 1 of Fields", "{{2.error.type}}")
    take(page)
    expect(page.get_by_role("img", name="Error route of module 2")).to_be_visible()
    expect(button(page, "Add a module after module 4")).to_have_count(0)
    save(page, 2)
    run_once(page)
    expect(button(page, "Set a variable, module 2, 2 failed")).to_be_visible()
    shows_done(page, "Resume", 4, 2)
    shows_done(page, "Set a variable", 3, 2)
    assert [one["text"] for one in outputs(fresh, 3)] == ["DataError"] * 2


def test_a_substitute_is_made_of_the_fields_of_the_failed_module(
    entered: Page, fresh: House
) -> None:
    page = entered
    value = {"value": "{{parseNumber('none')}}"}
    resume = {"id": 3, "module": "flow.resume"}
    module = "tools.compose_a_string"
    failing = {"id": 2, "module": module, "map": value, "on_error": [resume]}
    open_on(page, fresh, repeater(1), failing, variable(4, "{{2.value}}"))
    button(page, "Resume, module 3").focus()
    press(page, "Enter")
    button(page, "Add the field value").press("Enter")
    expect(button(page, "Add the field value")).to_have_count(0)
    fill(page, "Value 1 of Fields", "instead")
    take(page)
    save(page, 2)
    run_once(page)
    shows_done(page, "Set a variable", 4, 1)
    assert outputs(fresh, 4) == [{"text": "instead"}]


def test_directives_are_offered_at_the_end_of_an_error_route_alone(
    entered: Page, fresh: House
) -> None:
    page = entered
    on_error = [variable(3, "1"), variable(4, "2")]
    open_on(page, fresh, repeater(1), variable(2, "x", on_error=on_error))
    ignore = page.get_by_role("option", name=re.compile("^Ignore"))
    for place, count in (
        ("Add a module after module 2", 0),
        ("Add a module before module 3", 0),
        ("Add a module before module 4", 0),
        ("Add a module after module 4", 1),
    ):
        button(page, place).press("Enter")
        expect(page.get_by_role("option").first).to_be_visible()
        expect(ignore).to_have_count(count)
        press(page, "Escape")
        expect(page.get_by_role("dialog")).to_have_count(0)


def test_branches_of_an_if_else_come_together_in_a_merge(
    entered: Page, fresh: House
) -> None:
    page = entered
    open_on(page, fresh, repeater(2), variable(2, "{{1.i}}"))
    button(page, "Add a module before module 2").press("Enter")
    add(page, "if-else", "If-else")
    dialog = page.get_by_role("dialog", name="Route 1 of module 3")
    dialog.get_by_role("textbox", name="Name", exact=True).fill("first one")
    fill(page, "Value of condition 1.1", "{{1.i}}")
    fill(page, "Compared value of condition 1.1", "1")
    merges = dialog.get_by_role("switch", name="Comes back to the merge")
    expect(merges).to_be_checked()
    take(page)
    expect(button(page, "Merge, module 4")).to_be_visible()
    expect(button(page, "else of module 3")).to_be_visible()
    button(page, "Add a module to the route").first.press("Enter")
    add(page, "set a variable", "Set a variable")
    fill(page, "Variable name", "said")
    fill(page, "Variable value", "yes")
    take(page)
    button(page, "Merge, module 4").focus()
    press(page, "Enter")
    dialog = page.get_by_role("dialog", name="Flow control: Merge")
    expect(dialog.get_by_text("5. Set a variable")).to_be_visible()
    dialog.get_by_role("button", name="Add a pair to Outputs").click()
    dialog.get_by_role("textbox", name="Name 1 of Outputs").fill("said")
    fill(page, "Value 1 of Outputs", "{{ifempty(5.said; 'no')}}")
    take(page)
    expect(page.get_by_text("Nothing is wrong.")).to_be_visible()
    save(page, 2)
    run_once(page)
    shows_done(page, "Set a variable", 5, 1)
    shows_done(page, "Merge", 4, 2)
    assert outputs(fresh, 4) == [{"said": "yes"}, {"said": "no"}]


def test_an_if_else_and_its_merge_go_and_come_back_together(
    entered: Page, fresh: House
) -> None:
    page = entered
    open_on(page, fresh, repeater(2), variable(2, "{{1.i}}"))
    button(page, "Add a module before module 2").press("Enter")
    add(page, "if-else", "If-else")
    take(page)
    merge = button(page, "Merge, module 4")
    button(page, "If-else, module 3").focus()
    press(page, "Delete")
    expect(merge).to_have_count(0)
    expect(button(page, "Set a variable, module 2")).to_be_visible()
    press(page, "Control+z")
    expect(merge).to_be_visible()
    press(page, "Control+Shift+Z")
    expect(merge).to_have_count(0)
    press(page, "Control+z", "Control+z", "Control+z")
    expect(button(page, "If-else, module 3")).to_have_count(0)
    expect(page.get_by_text("not saved")).to_have_count(0)


def test_a_module_is_copied_with_its_error_route(entered: Page, fresh: House) -> None:
    page = entered
    resume = {"id": 3, "module": "flow.resume", "map": {"text": "{{2.error.message}}"}}
    failing = FAILING | {"on_error": [resume]}
    open_on(page, fresh, repeater(2), failing, array(4, {"said": "{{2.text}}"}))
    button(page, "Set a variable, module 2").focus()
    press(page, "Control+c", "Control+v")
    resume_again = button(page, "Resume, module 6")
    expect(resume_again).to_be_visible()
    press(page, "Control+z")
    expect(resume_again).to_have_count(0)
    press(page, "Control+Shift+Z")
    expect(resume_again).to_be_visible()
    save(page, 2)
    copied = saved_flow(fresh)[2]
    assert copied["id"] == 5
    assert copied["on_error"][0]["map"] == {"text": "{{5.error.message}}"}


def test_a_loop_is_copied_with_what_it_gathers(entered: Page, fresh: House) -> None:
    page = entered
    open_on(page, fresh, repeater(2), array(2, {"n": "{{1.i}}"}))
    page.get_by_role("button", name="Repeater, module 1").click()
    page.get_by_role("button", name="Array aggregator, module 2").click(
        modifiers=["Control"]
    )
    press(page, "Control+c", "Control+v")
    expect(button(page, "Array aggregator, module 4")).to_be_visible()
    save(page, 2)
    copied = saved_flow(fresh)[3]
    assert copied["aggregate"]["source"] == 3
    assert copied["map"] == {"n": "{{3.i}}"}


def test_the_list_can_do_what_the_canvas_can(entered: Page, fresh: House) -> None:
    page = entered
    open_on(page, fresh, repeater(2), FAILING, variable(3, "{{1.i}}"))
    page.get_by_text("List", exact=True).click()
    button(page, "Add an error route to module 2").click()
    add(page, "ignore", "Ignore")
    take(page)
    route = page.get_by_role("list", name="Error route of module 2")
    expect(route.get_by_role("button", name="4. Ignore")).to_be_visible()
    button(page, "Add a module after module 3").press("Enter")
    add(page, "if-else", "If-else")
    dialog = page.get_by_role("dialog", name="Route 1 of module 5")
    dialog.get_by_role("switch", name="Comes back to the merge").press("Space")
    fill(page, "Value of condition 1.1", "{{1.i}}")
    take(page)
    routes = page.get_by_role("list", name="Routes of module 5")
    expect(routes.get_by_text("does not come back")).to_be_visible()
    expect(routes.get_by_role("button", name="else", exact=True)).to_be_visible()
    button(page, "Add a module after module 5").press("Enter")
    add(page, "array aggregator", "Array aggregator")
    take(page)
    expect(button(page, "7. Merge")).to_be_visible()
    button(page, "Move Array aggregator up").press("Enter")
    flow = page.get_by_role("list", name="Modules in their order")
    expect(flow.get_by_role("listitem").last).to_contain_text("7. Merge")
    press(page, "Control+z")
    expect(flow.get_by_role("listitem").last).to_contain_text("6. Array aggregator")
    save(page, 2)
    run_once(page)
    expect(route.get_by_text("2 failed")).to_have_count(0)
    expect(page.get_by_text("2 failed")).to_be_visible()
    button(page, "Remove the error route of module 2").click()
    expect(route).to_have_count(0)
    page.get_by_text("Canvas", exact=True).click()


def test_problems_lead_to_the_dialog_of_their_place(
    entered: Page, fresh: House
) -> None:
    page = entered
    open_on(page, fresh, repeater(2), array(2, {"n": "{{1.i}}"}))
    button(page, "Add a module after module 2").press("Enter")
    add(page, "if-else", "If-else")
    fill(page, "Value of condition 1.1", "{{1.i}}")
    take(page)
    problems = page.get_by_role("region", name="Problems").get_by_role("button")
    problems.filter(has_text="Module 1 does not run before").click()
    expect(page.get_by_role("dialog", name="Route 1 of module 3")).to_be_visible()
    press(page, "Escape")
    button(page, "Array aggregator, module 2").focus()
    press(page, "Enter")
    fill(page, "Group by", "{{8.gone}}")
    take(page)
    problems.filter(has_text="Module 8").click()
    dialog = page.get_by_role("dialog", name="Flow control: Array aggregator")
    expect(dialog.get_by_role("textbox", name="Group by")).to_be_visible()

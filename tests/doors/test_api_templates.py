"""Templates through the API: what an editor asks, and what saving a scenario tells."""

import json
from io import BytesIO
from typing import Any

from fakes.serving import Client, scenario

CALL = {
    "id": 2,
    "module": "http.make_a_request",
    "map": {"url": "https://example.com", "body": {"who": "{{1.emial}}"}},
}


async def _explained(api: Client, template: str, **asked: object) -> Any:  # noqa: ANN401 - any JSON value
    return await api.post("/templates/explain", {"template": template, **asked})


async def _problems(api: Client, module: dict[str, Any]) -> list[dict[str, Any]]:
    body = json.dumps(scenario(module)).encode()
    answer = await api.call("POST", "/scenarios", data=BytesIO(body))
    assert answer.status == 422, answer.text
    found: list[dict[str, Any]] = answer.json()["problems"]
    return found


async def test_a_template_is_cut_into_pieces_and_its_faults_are_told(
    api: Client,
) -> None:
    said = await _explained(api, "Hi {{uper(1.name)}}")
    kinds = "plain brace error bracket module dot field bracket brace"
    assert [piece["kind"] for piece in said["pieces"]] == kinds.split()
    [fault] = said["diagnostics"]
    assert (fault["line"], fault["column"], fault["length"]) == (1, 6, 4)
    assert fault["suggestion"] == "upper"
    assert said["completion"] is said["hover"] is said["preview"] is None


async def test_at_the_cursor_stand_the_fields_of_the_modules_upstream(
    api: Client,
) -> None:
    said = await _explained(
        api, "{{1.response.data.n}}", offset=19, scenario=scenario(CALL), module=2
    )
    candidate = said["completion"]["candidates"][0]
    assert (candidate["label"], candidate["detail"]) == ("nps", '"9"')
    assert said["completion"]["position"] == 18


async def test_a_module_that_does_not_run_before_is_told(api: Client) -> None:
    draft = scenario(CALL, CALL | {"id": 3})
    behind = await _explained(api, "{{2.data}}", scenario=draft, module=3)
    before = await _explained(api, "{{3.data}}", scenario=draft, module=2)
    assert behind["diagnostics"] == []
    assert "does not run before" in before["diagnostics"][0]["message"]


async def test_with_bundles_it_says_what_the_template_gives(api: Client) -> None:
    bundles = {"1": {"name": "Ada", "n": 2}}
    said = await _explained(api, "{{upper(1.name)}}", bundles=bundles)
    assert said["preview"] == {"value": "ADA", "type": "text", "error": None}
    said = await _explained(api, "{{1.n + 1}}", bundles=bundles)
    assert said["preview"] == {"value": 3, "type": "number", "error": None}
    said = await _explained(api, "{{parseDate(1.name)}}", bundles=bundles)
    assert "parseDate" in said["preview"]["error"]
    said = await _explained(api, "{{upper(}}", bundles=bundles)
    assert "Unclosed function" in said["preview"]["error"]


async def test_a_preview_that_would_take_too_much_is_refused_in_words(
    api: Client,
) -> None:
    said = await _explained(
        api,
        '{{replace(1.a; "x"; 1.a)}}',
        bundles={"1": {"a": "x" * 10_000}},
    )
    assert "bytes" in said["preview"]["error"]


async def test_a_question_that_makes_no_sense_is_refused_with_a_sentence(
    api: Client,
) -> None:
    for asked, sentence in (
        ({"template": "x" * 200_000}, "template"),
        ({"template": "x", "scenario": {"name": "x"}, "module": 1}, "flow"),
        ({"template": "x", "scenario": scenario(CALL), "module": 9}, "no module 9"),
        ({"template": "x", "bundles": {}, "timezone": "Mars"}, "not a time zone"),
        ({"template": "x", "bundels": {}}, "bundels"),
    ):
        answer = await api.call("POST", "/templates/explain", json=asked)
        assert answer.status == 422
        assert sentence in answer.json()["detail"]


async def test_an_error_keeps_a_scenario_from_being_saved_and_has_a_place(
    api: Client,
) -> None:
    await api.add_webhook()
    body = {"who": "Dear\n{{uper(1.email)}}", "all": ["{{7.x}}", "{{1.a"]}
    found = await _problems(api, CALL | {"map": {"url": "https://x.com", "body": body}})
    assert [(one["place"], one["line"], one["column"]) for one in found] == [
        ("map.body.who", 2, 3),
        ("map.body.all.0", 1, 3),
        ("map.body.all.1", 1, 1),
    ]
    assert found[0]["suggestion"] == "upper"
    assert {one["module"] for one in found} == {2}
    assert {one["severity"] for one in found} == {"error"}


async def test_a_fault_in_a_filter_has_a_place(api: Client) -> None:
    await api.add_webhook()
    conditions = [[{"a": "1", "o": "exist"}, {"a": "{{9.x}}", "o": "exist"}]]
    module = CALL | {"map": {"url": "x"}, "filter": {"conditions": conditions}}
    [found] = await _problems(api, module)
    assert found["place"] == "filter.conditions.0.1.a"
    assert "The filter: Module 9 does not run before" in found["message"]


async def test_a_field_nobody_knows_is_a_warning_and_the_scenario_is_saved(
    api: Client,
) -> None:
    await api.add_webhook()
    saved = await api.post("/scenarios", scenario(CALL))
    [warning] = saved["warnings"]
    assert warning["severity"] == "warning"
    assert warning["place"] == "map.body.who"
    assert warning["suggestion"] == "email"


async def test_answers_to_a_survey_are_never_called_unknown(api: Client) -> None:
    await api.add_webhook()
    body = (
        "{{1.response.data.anything}} {{1.attributes.whatever}} {{1.segments[2].name}}"
    )
    module = CALL | {"map": {"url": "https://example.com", "body": body}}
    saved = await api.post("/scenarios", scenario(module))
    assert saved["warnings"] == []

"""What dialogs ask for: choices, and fields that depend on an earlier choice."""

from typing import Any

from fakes.serving import Client, scenario

Module = dict[str, Any]

COLUMNS = [
    {"name": "score", "type": "number", "required": True},
    {"name": "note", "type": "text"},
]


async def _further(api: Client, module: str, **fields: object) -> Any:  # noqa: ANN401 - fields of a dialog
    path = f"/modules/{module}/fields/data/further"
    return await api.post(path, {"fields": fields})


def _problems(found: list[Any]) -> list[tuple[str, str, str]]:
    return [(one["severity"], one["place"], one["message"]) for one in found]


async def _checked(api: Client, *flow: Module, **more: object) -> Any:  # noqa: ANN401 - problems
    document = {"name": "Draft", "flow": [*flow], **more}
    return _problems(await api.post("/scenarios/check", document))


def _adds(**data: object) -> Module:
    fields = {"data_store": "people", "key": "ada", "data": data}
    return {"id": 1, "module": "datastore.add_replace_a_record", "map": fields}


async def test_the_columns_of_the_chosen_data_store_are_fields_of_the_record(
    api: Client,
) -> None:
    await api.post("/data-stores", {"name": "people", "structure": COLUMNS})
    adding = "datastore.add_replace_a_record"
    found = await _further(api, adding, data_store="people")
    assert [(one["name"], one["mandatory"], one["schema"]) for one in found] == [
        ("score", True, {"type": "number"}),
        ("note", False, {"type": "string"}),
    ]
    changing = await _further(api, "datastore.update_a_record", data_store="people")
    assert [one["mandatory"] for one in changing] == [False, False]
    assert await _further(api, adding) == []
    assert await _further(api, adding, data_store="{{1.store}}") == []
    gone = await api.call(
        "POST",
        f"/modules/{adding}/fields/data/further",
        json={"fields": {"data_store": "none"}},
    )
    assert "There is no data store" in gone.text
    shown = await api.get("/apps/datastore")
    [module] = [one for one in shown["modules"] if one["name"] == adding]
    depends = {one["name"]: one["depends_on"] for one in module["fields"]}
    assert depends["data"] == ["data_store"]
    assert depends["key"] is None


async def test_a_record_is_checked_by_the_columns_before_it_is_saved(
    api: Client,
) -> None:
    await api.post("/data-stores", {"name": "people", "structure": COLUMNS})
    assert await _checked(api, _adds(score="7", note="{{now}}")) == []
    [missing] = await _checked(api, _adds(note="x"))
    assert missing[:2] == ("error", "map.data.score")
    assert missing[2].endswith("score is mandatory (map: data).")
    [wrong] = await _checked(api, _adds(score="many"))
    assert wrong[:2] == ("error", "map.data.score")
    [strange] = await _checked(api, _adds(score=1, nots="x"))
    assert strange[:2] == ("warning", "map.data.nots")
    assert "did you mean 'note'" in strange[2]
    await api.post("/data-stores", {"name": "free"})
    free = {**_adds(anything=1)["map"], "data_store": "free"}
    assert await _checked(api, _adds() | {"map": free}) == []


async def test_a_call_has_the_inputs_of_the_scenario_it_calls(api: Client) -> None:
    inputs = [
        {"name": "who", "type": "text", "label": "Who", "help": "A name"},
        {"name": "score", "type": "integer", "required": True},
        {"name": "kind", "required": True, "default": "plain"},
    ]
    word = {"name": "word", "value": "{{var.input.who}}"}
    flow = [{"id": 1, "module": "tools.set_a_variable", "map": word}]
    called = {"name": "Called", "flow": flow, "inputs": inputs}
    await api.post("/scenarios", called)
    calling = "scenarios.call_a_scenario"
    path = f"/modules/{calling}/fields/scenario/options"
    assert await api.get(path) == []
    await api.post("/scenarios/Called/activate")
    assert await api.get(path) == [{"value": "Called", "label": "Called"}]
    found = await _further(api, calling, scenario="Called")
    assert [(one["label"], one["mandatory"], one["help"]) for one in found] == [
        ("Who", False, "A name"),
        ("score", True, ""),
        ("kind", False, ""),
    ]
    call = {"id": 1, "module": calling, "map": {"scenario": "Called", "data": {}}}
    [missing] = await _checked(api, call)
    assert missing[:2] == ("error", "map.data.score")
    given = call | {"map": {"scenario": "Called", "data": {"score": "4"}}}
    assert await _checked(api, given) == []


async def test_what_is_returned_is_checked_by_the_declared_outputs(
    api: Client,
) -> None:
    returns = {
        "id": 1,
        "module": "scenarios.return_data",
        "map": {"data": {"totl": 1}},
    }
    outputs = [{"name": "total", "type": "number", "required": True}]
    found = await _checked(api, returns, outputs=outputs)
    assert [one[:2] for one in found] == [
        ("error", "map.data.total"),
        ("warning", "map.data.totl"),
    ]
    assert await _checked(api, returns) == []


async def test_inputs_that_nobody_can_give_are_a_warning(api: Client) -> None:
    await api.add_webhook()
    document = scenario() | {"inputs": [{"name": "who"}]}
    [found] = _problems(await api.post("/scenarios/check", document))
    assert found[:2] == ("warning", "inputs")


async def test_what_a_called_scenario_returns_is_completed_by_its_outputs(
    api: Client,
) -> None:
    outputs = [{"name": "total", "type": "integer", "label": "The total"}]
    word = {"id": 1, "module": "tools.set_a_variable", "map": {"name": "word"}}
    called = {"name": "Called", "flow": [word], "outputs": outputs}
    await api.post("/scenarios", called)
    calls = {"scenario": "Called"}
    flow = [
        {"id": 1, "module": "scenarios.call_a_scenario", "map": calls},
        word | {"id": 2},
    ]
    said = await api.post(
        "/templates/explain",
        {
            "template": "{{1.data.",
            "offset": 9,
            "scenario": {"name": "Caller", "flow": flow},
            "module": 2,
        },
    )
    [candidate] = said["completion"]["candidates"]
    shown = (candidate["label"], candidate["type"], candidate["help"])
    assert shown == ("total", "number", "The total")


async def test_a_trigger_offers_the_choices_of_its_service(api: Client) -> None:
    path = "/modules/refiner.watch_responses/fields/form_uuid/options"
    refused = await api.call("GET", path)
    assert "Choose a connection first" in refused.text

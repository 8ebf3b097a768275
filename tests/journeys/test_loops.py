"""Bundles that become many and one again: iterators, repeaters, aggregators, routes."""

from collections.abc import Mapping
from typing import Any

import pytest

from fakes.serving import Client

Module = dict[str, Any]


def repeater(id_: int, repeats: object, **more: Any) -> Module:  # noqa: ANN401 - keys of a module
    return {
        "id": id_,
        "module": "flow.repeater",
        "map": {"start": 1, "repeats": repeats, "step": 1},
        **more,
    }


def iterator(id_: int, array: str, **more: Any) -> Module:  # noqa: ANN401 - the same
    return {"id": id_, "module": "flow.iterator", "map": {"array": array}, **more}


def array(
    id_: int,
    source: int,
    fields: Mapping[str, object],
    *,
    group_by: str | None = None,
    stop_if_empty: bool = False,
    **more: Any,  # noqa: ANN401 - the same
) -> Module:
    gathers: dict[str, Any] = {"source": source, "stop_if_empty": stop_if_empty}
    if group_by:
        gathers["group_by"] = group_by
    return {
        "id": id_,
        "module": "flow.array_aggregator",
        "aggregate": gathers,
        "map": dict(fields),
        **more,
    }


def text(id_: int, value: str, name: str = "text", **more: Any) -> Module:  # noqa: ANN401 - the same
    return {
        "id": id_,
        "module": "tools.set_a_variable",
        "map": {"name": name, "value": value},
        **more,
    }


def gate(a: str, o: str, b: object = None) -> dict[str, Any]:
    return {"conditions": [[{"a": a, "o": o, "b": b}]]}


async def run(api: Client, *flow: Module, **settings: object) -> Any:  # noqa: ANN401 - the execution
    document = {"name": "Loops", "flow": [*flow], "settings": settings}
    await api.post("/scenarios", document)
    return await api.post("/scenarios/Loops/run", {})


def outputs(execution: Mapping[str, Any], module: int) -> list[Any]:
    """All bundles that a module gave, in order."""
    return [
        bundle
        for one in execution["history"]
        if one["module_id"] == module and one["state"] == "done"
        for bundle in one["output"]
    ]


async def test_an_iterator_gives_each_item_with_its_position_and_the_length(
    api: Client,
) -> None:
    ran = await run(
        api,
        text(1, "{{split('a,b,c'; ',')}}", "letters"),
        iterator(2, "{{1.letters}}"),
        text(3, "{{2.value}} {{2.__IMTINDEX__}}/{{2.__IMTLENGTH__}}"),
    )

    assert [one["text"] for one in outputs(ran, 3)] == ["a 1/3", "b 2/3", "c 3/3"]


async def test_an_aggregator_makes_one_bundle_of_all_and_hides_what_lies_between(
    api: Client,
) -> None:
    ran = await run(
        api,
        repeater(1, 3),
        text(2, "{{1.i * 10}}"),
        array(3, 1, {"n": "{{1.i}}", "t": "{{2.text}}"}),
        text(4, "{{length(3.array)}}"),
    )

    (gathered,) = outputs(ran, 3)
    assert gathered == {
        "array": [{"n": 1, "t": 10}, {"n": 2, "t": 20}, {"n": 3, "t": 30}],
        "__IMTAGGLENGTH__": 3,
    }
    assert outputs(ran, 4) == [{"text": 3}]
    refused = await api.call(
        "POST",
        "/scenarios",
        json={
            "name": "Behind",
            "flow": [
                repeater(1, 3),
                text(2, "x"),
                array(3, 1, {}),
                text(4, "{{2.text}}"),
            ],
        },
    )
    assert "Module 2 does not run before this one" in refused.json()["detail"]


async def test_groups_come_in_order_of_their_first_bundle_each_with_its_key(
    api: Client,
) -> None:
    ran = await run(
        api,
        repeater(1, 5),
        array(2, 1, {"n": "{{1.i}}"}, group_by="{{1.i % 2}}"),
        text(3, "{{2.__IMTKEY__}}: {{length(2.array)}}"),
    )

    assert [one["text"] for one in outputs(ran, 3)] == ["1: 3", "0: 2"]


@pytest.mark.parametrize(("stop", "after"), [(False, [{"text": 0}]), (True, [])])
async def test_an_aggregator_of_nothing_gives_an_empty_bundle_unless_told_to_stop(
    api: Client,
    stop: bool,  # noqa: FBT001 - a parameter of the test
    after: list[Any],
) -> None:
    ran = await run(
        api,
        repeater(1, 0),
        array(2, 1, {"n": "{{1.i}}"}, stop_if_empty=stop),
        text(3, "{{length(2.array)}}"),
    )

    assert outputs(ran, 3) == after


async def test_the_inner_aggregator_closes_for_each_bundle_the_outer_one_once(
    api: Client,
) -> None:
    ran = await run(
        api,
        repeater(1, 2),
        repeater(2, "{{1.i + 1}}"),
        {
            "id": 3,
            "module": "tools.numeric_aggregator",
            "aggregate": {"source": 2},
            "map": {"value": "{{2.i}}", "fn": "sum"},
        },
        {
            "id": 4,
            "module": "tools.text_aggregator",
            "aggregate": {"source": 1},
            "map": {"value": "{{1.i}}={{3.result}}", "row_separator": "; "},
        },
    )

    assert outputs(ran, 4) == [{"text": "1=3; 2=6"}]


async def test_an_aggregator_behind_a_router_gathers_what_came_along_its_route(
    api: Client,
) -> None:
    odd = gate("{{1.i % 2}}", "number:equal", 1)
    routes = [
        {"flow": [array(3, 1, {"n": "{{1.i}}"}, filter=odd), text(4, "odd")]},
        {"flow": [array(5, 1, {"n": "{{1.i}}"}), text(6, "all")]},
    ]
    router = {"id": 2, "module": "flow.router", "routes": routes}
    ran = await run(api, repeater(1, 4), router)

    assert [one["n"] for one in outputs(ran, 3)[0]["array"]] == [1, 3]
    assert [one["n"] for one in outputs(ran, 5)[0]["array"]] == [1, 2, 3, 4]
    order = [one["module_id"] for one in ran["history"] if one["module_id"] > 2]
    assert order[-4:] == [3, 4, 5, 6]


async def test_an_empty_search_goes_on_with_a_marker_where_that_is_asked_for(
    api: Client,
) -> None:
    ran = await run(
        api,
        repeater(1, 0, continue_if_empty=True),
        text(2, "{{1.__IMTLENGTH__}}"),
    )

    assert outputs(ran, 2) == [{"text": 0}]


async def test_a_bundle_takes_the_first_route_whose_condition_holds_and_comes_back(
    api: Client,
) -> None:
    choice = {
        "id": 2,
        "module": "flow.if_else",
        "routes": [
            {
                "name": "small",
                "condition": gate("{{1.i}}", "number:less", 2),
                "flow": [text(3, "small {{1.i}}")],
            },
            {
                "name": "two",
                "condition": gate("{{1.i}}", "number:less", 3),
                "flow": [],
            },
            {
                "name": "away",
                "merge": False,
                "condition": gate("{{1.i}}", "number:less", 4),
                "flow": [text(4, "gone {{1.i}}")],
            },
            {"name": "else", "flow": [text(5, "big {{1.i}}")]},
        ],
    }
    merge = {
        "id": 6,
        "module": "flow.merge",
        "map": {"outputs": {"said": "{{ifempty(3.text; 5.text)}}"}},
    }
    ran = await run(
        api, repeater(1, 4), choice, merge, text(7, "{{2.name}}: {{6.said}}")
    )

    said = [one["text"] for one in outputs(ran, 7)]
    assert said == ["small: small 1", "two: ", "else: big 4"]
    assert outputs(ran, 4) == [{"text": "gone 3"}]


async def test_variables_live_across_routes_and_counters_count(api: Client) -> None:
    def get(id_: int, name: str) -> Module:
        return {"id": id_, "module": "tools.get_a_variable", "map": {"name": name}}

    count = {"id": 3, "module": "tools.increment_function", "map": {}}
    routes = [{"flow": [text(4, "{{3.i}}", "last")]}, {"flow": [get(5, "last")]}]
    router = {"id": 6, "module": "flow.router", "routes": routes}
    ran = await run(api, repeater(1, 3), count, router)

    assert [one["value"] for one in outputs(ran, 5)] == [1, 2, 3]


WRONG: dict[str, tuple[list[Module], str]] = {
    "an aggregator without a source": (
        [repeater(1, 1), {"id": 2, "module": "flow.array_aggregator"}],
        "Its source module is missing",
    ),
    "a source that does not run before": (
        [repeater(1, 1), array(2, 7, {})],
        "Its source, module 7, does not run before it",
    ),
    "a source gathered already": (
        [repeater(1, 1), array(2, 1, {}), array(3, 1, {})],
        "Its source, module 1, does not run before it, or another",
    ),
    "a source that gives no bundles": (
        [
            repeater(1, 1),
            {
                "id": 2,
                "module": "flow.router",
                "routes": [{"flow": [array(3, 2, {})]}],
            },
        ],
        "Its source, module 2, gives no bundles",
    ),
    "a directive in the main flow": (
        [repeater(1, 1), {"id": 2, "module": "flow.ignore"}],
        "A directive ends an error route",
    ),
    "what follows an if-else without a merge": (
        [
            repeater(1, 1),
            {"id": 2, "module": "flow.if_else", "routes": [{"flow": []}]},
            text(3, "x"),
        ],
        "begins with a merge",
    ),
    "an else in the middle": (
        [
            repeater(1, 1),
            {"id": 2, "module": "flow.if_else", "routes": [{"flow": []}] * 2},
        ],
        "Route 1 has no condition",
    ),
    "a merge from nowhere": (
        [repeater(1, 1), {"id": 2, "module": "flow.merge"}],
        "A merge follows an if-else",
    ),
}


async def test_what_has_no_sense_is_refused_with_its_place(api: Client) -> None:
    for fault, (flow, sentence) in WRONG.items():
        answer = await api.call(
            "POST", "/scenarios", json={"name": "Wrong", "flow": flow}
        )
        assert answer.status == 422, fault
        assert sentence in answer.json()["detail"], fault


async def test_a_number_that_is_reckoned_from_numbers_alone_counts_as_one(
    api: Client,
) -> None:
    ran = await run(api, repeater(1, "{{1 + 1}}"), text(2, "{{1.i}}"))

    assert [one["text"] for one in outputs(ran, 2)] == [1, 2]


async def test_what_a_numeric_aggregator_gives_can_be_reckoned_with(
    api: Client,
) -> None:
    ran = await run(
        api,
        repeater(1, 3),
        {
            "id": 2,
            "module": "tools.numeric_aggregator",
            "aggregate": {"source": 1},
            "map": {"value": "{{1.i / 4}}", "fn": "sum"},
        },
        text(3, "{{2.result + 1}}"),
    )

    assert outputs(ran, 3) == [{"text": 2.5}]


async def test_what_a_filter_keeps_from_an_aggregator_behind_one_bundle_is_not_gathered(
    api: Client,
) -> None:
    never = gate("{{1.letters}}", "text:equal", "b")
    ran = await run(
        api,
        text(1, "a", "letters"),
        array(2, 1, {"n": "{{1.letters}}"}, filter=never),
        array(3, 2, {}, filter=gate("{{length(2.array)}}", "number:equal", 9)),
        text(4, "{{length(3.array)}}"),
    )

    assert ran["state"] == "done"
    assert outputs(ran, 4) == [{"text": 0}]

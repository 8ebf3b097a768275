"""Scenarios that remember: data stores written and read by executions."""

import asyncio
from typing import Any

import pytest

from fakes.serving import Client, scenario, survey


def store(id_: int, module: str, **more: Any) -> dict[str, Any]:  # noqa: ANN401 - keys of a module
    """A module of the data store app; `more` are its fields."""
    return {
        "id": id_,
        "module": f"datastore.{module}",
        "map": {"data_store": "people", **more},
    }


async def record(api: Client, key: str) -> Any:  # noqa: ANN401 - any JSON value
    return (await api.get(f"/data-stores/people/record?key={key}"))["data"]


@pytest.fixture
async def people(api: Client) -> Client:
    """A client of a server with the empty data store `people`."""
    await api.post("/data-stores", {"name": "people"})
    return api


async def test_a_scenario_counts_the_answers_of_each_person(people: Client) -> None:
    document = scenario(
        store(2, "get_a_record", key="{{1.remote_id}}"),
        store(
            3,
            "update_a_record",
            key="{{1.remote_id}}",
            upsert=True,
            data={"answers": "{{ifempty(2.answers; 0) + 1}}", "name": "Ada"},
        ),
    )
    address = await people.listening(document | {"settings": {"sequential": True}})
    for number, who in enumerate(["a", "b", "a", "a"]):
        await people.deliver(address, survey(f"answer-{number}", remote_id=who))
    await people.settled(4)

    assert await record(people, "a") == {"answers": 3, "name": "Ada"}
    assert await record(people, "b") == {"answers": 1, "name": "Ada"}


async def test_of_many_executions_that_add_one_key_exactly_one_wins(
    people: Client,
) -> None:
    add = store(2, "add_replace_a_record", key="first", data={"x": 1})
    document = scenario(add) | {"settings": {"dlq": True}}
    address = await people.listening(document)
    answers = [survey(f"answer-{number}") for number in range(20)]
    await asyncio.gather(*(people.deliver(address, one) for one in answers))
    await people.settled(20)

    ended = [one["state"] for one in await people.executions()]
    assert (ended.count("done"), ended.count("incomplete")) == (1, 19)


async def test_members_that_executions_add_at_the_same_time_are_all_there(
    people: Client,
) -> None:
    """One update is one transaction; nothing is read before it by somebody else."""
    seen = {"seen": ["{{1.response.uuid}}"]}
    update = {"key": "all", "upsert": True, "overwrite_arrays": False, "data": seen}
    address = await people.listening(scenario(store(2, "update_a_record", **update)))
    answers = [survey(f"answer-{number}") for number in range(200)]
    await asyncio.gather(*(people.deliver(address, one) for one in answers))
    await people.settled(200)

    found = (await record(people, "all"))["seen"]
    assert sorted(found) == sorted(f"answer-{number}" for number in range(200))


async def test_a_person_who_was_seen_already_takes_the_error_route(
    people: Client,
) -> None:
    add = store(2, "add_replace_a_record", key="{{1.remote_id}}", data={})
    known = store(3, "add_replace_a_record", key="again", data={}, overwrite=True)
    ignore = {"id": 4, "module": "flow.ignore"}
    address = await people.listening(scenario({**add, "on_error": [known, ignore]}))
    for number in range(2):
        await people.deliver(address, survey(f"answer-{number}", remote_id="a"))
        await people.settled(number + 1)

    assert await record(people, "again") == {}


async def test_a_search_goes_on_with_each_record_that_a_mapped_filter_finds(
    people: Client,
) -> None:
    for key, score in (("a", 2), ("b", 9), ("c", 3)):
        path = f"/data-stores/people/record?key={key}"
        await people.call("PUT", path, json={"score": score})
    low = [[{"a": "score", "o": "number:less", "b": "{{1.response.data.nps}}"}]]
    address = await people.listening(
        scenario(
            store(2, "search_records", filter=low),
            store(3, "update_a_record", key="{{2.key}}", data={"told": True}),
        )
    )
    await people.deliver(address, survey())
    await people.settled(1)

    assert [await record(people, key) for key in "abc"] == [
        {"score": 2, "told": True},
        {"score": 9},
        {"score": 3, "told": True},
    ]


async def test_a_store_in_use_keeps_its_name_and_is_not_removed(people: Client) -> None:
    await people.listening(scenario(store(2, "count_records")))
    (listed,) = await people.get("/data-stores")
    assert listed["used_by"] == ["Answers"]

    removed = await people.call("DELETE", "/data-stores/people")
    renamed = await people.call("PATCH", "/data-stores/people", json={"name": "x"})
    assert (removed.status, renamed.status) == (409, 409)
    assert "Answers" in removed.json()["detail"]

    await people.post("/scenarios/Answers/deactivate")
    assert (await people.call("DELETE", "/data-stores/people")).status == 204
    assert await people.get("/data-stores") == []

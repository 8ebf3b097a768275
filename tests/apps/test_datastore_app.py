"""The data store app: each of its modules, run by itself over a real store."""

from typing import Any

import msgspec
import pytest

from fakes.serving import Client


async def run(api: Client, module: str, **fields: Any) -> list[Any]:  # noqa: ANN401 - the module's
    """The bundles of a module that must succeed."""
    answer = await tried(api, module, **fields)
    assert answer.status == 200, answer.text
    return [msgspec.json.decode(line) for line in answer.body.splitlines()]


async def tried(api: Client, module: str, **fields: Any) -> Any:  # noqa: ANN401 - the module's
    asked = {"fields": {"data_store": "people", **fields}}
    return await api.call("POST", f"/modules/datastore.{module}/run", json=asked)


@pytest.fixture
async def people(api: Client) -> Client:
    """A client of a server with the data store `people`, which has two records."""
    await api.post("/data-stores", {"name": "people"})
    await run(api, "add_replace_a_record", key="ada", data={"score": 9, "tags": ["a"]})
    await run(api, "add_replace_a_record", key="bob", data={"score": 3})
    return api


async def test_a_record_is_added_and_replaced_where_that_is_allowed(
    people: Client,
) -> None:
    pairs = [{"name": "score", "value": 5}]
    added = await run(people, "add_replace_a_record", key="eve", data=pairs)
    refused = await tried(people, "add_replace_a_record", key="eve", data={})
    (replaced,) = await run(
        people, "add_replace_a_record", key="eve", data={"x": 1}, overwrite=True
    )

    assert added == [{"key": "eve", "created": True}]
    assert refused.json()["title"] == "DuplicateDataError"
    assert "'eve'" in refused.json()["detail"]
    assert replaced == {"key": "eve", "created": False}
    assert await run(people, "get_a_record", key="eve") == [{"x": 1}]


async def test_an_empty_key_is_made_up(people: Client) -> None:
    (first,) = await run(people, "add_replace_a_record", data={"x": 1})
    (second,) = await run(people, "add_replace_a_record", data={"x": 1})
    assert len({first["key"], second["key"]}) == 2
    assert await run(people, "get_a_record", key=first["key"]) == [{"x": 1}]


async def test_a_record_is_updated_in_part(people: Client) -> None:
    more = {"tags": ["b"], "name": "Ada"}
    (updated,) = await run(
        people, "update_a_record", key="ada", data=more, overwrite_arrays=False
    )
    whole = {"score": 9, "tags": ["a", "b"], "name": "Ada"}
    assert updated == {"key": "ada", "created": False, "data": whole}

    missing = await tried(people, "update_a_record", key="eve", data={"x": 1})
    assert missing.json()["title"] == "DataError"
    assert "no record under the key 'eve'" in missing.json()["detail"]
    (inserted,) = await run(
        people, "update_a_record", key="eve", data={"x": 1}, upsert=True
    )
    assert inserted["created"]


async def test_a_record_is_given_bare_or_wrapped_or_not_at_all(people: Client) -> None:
    assert await run(people, "get_a_record", key="bob") == [{"score": 3}]
    wrapped = await run(people, "get_a_record", key="bob", return_wrapped=True)
    assert wrapped == [{"key": "bob", "data": {"score": 3}}]
    assert await run(people, "get_a_record", key="eve") == [{}]


async def test_records_are_searched(people: Client) -> None:
    low = [[{"a": "score", "o": "number:less", "b": 7}]]
    assert await run(people, "search_records", filter=low) == [
        {"key": "bob", "data": {"score": 3}}
    ]
    order = [{"field": "score"}]
    (first,) = await run(people, "search_records", sort=order, limit=1)
    assert first["key"] == "bob"
    odd = await tried(people, "search_records", filter=[[{"a": "x", "o": "is"}]])
    assert "Unknown filter operator 'is'" in odd.json()["detail"]


async def test_records_are_told_counted_and_deleted(people: Client) -> None:
    exists = "check_the_existence_of_a_record"
    assert await run(people, exists, key="ada") == [{"exists": True}]
    assert await run(people, exists, key="eve") == [{"exists": False}]
    assert await run(people, "count_records") == [{"count": 2}]
    gone = {"key": "ada", "deleted": True}
    assert await run(people, "delete_a_record", key="ada") == [gone]
    assert await run(people, "delete_a_record", key="ada") == [
        {**gone, "deleted": False}
    ]
    assert await run(people, "delete_all_records") == [{"count": 1}]
    assert await run(people, "count_records") == [{"count": 0}]


async def test_the_data_stores_are_offered_to_choose_from(people: Client) -> None:
    await people.post("/data-stores", {"name": "answers"})
    path = "/modules/datastore.get_a_record/fields/data_store/options"
    assert await people.get(path) == [
        {"value": "answers", "label": "answers"},
        {"value": "people", "label": "people"},
    ]


async def test_a_data_store_that_is_not_there_is_named(api: Client) -> None:
    refused = await tried(api, "count_records")
    assert refused.json()["title"] == "InvalidConfigurationError"
    assert "'people'" in refused.json()["detail"]

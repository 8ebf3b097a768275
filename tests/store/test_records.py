"""Records of data stores: written whole, once, and within their bounds."""

from collections.abc import AsyncIterator, Mapping
from typing import Any

import pytest

from fakes.clock import SetClock
from fakes.storing import Folder
from trunkline.engine.records import StoredRecords
from trunkline.errors import (
    DataError,
    DuplicateDataError,
    InvalidConfigurationError,
    OutOfSpaceError,
)
from trunkline.model.data_store import Author, FieldSpec, StoredDataStore
from trunkline.sdk import RecordCondition, RecordOrder
from trunkline.store import records as store_records
from trunkline.store.data_stores import add_data_store, find_data_store
from trunkline.store.entry import Entry
from trunkline.store.pruning import remove_executions
from trunkline.store.tables import receipts

LIMIT = 10_000


async def make(folder: Folder, name: str = "people", **changes: Any) -> None:  # noqa: ANN401 - a record's fields
    facts: dict[str, Any] = {
        "id": f"id of {name}",
        "name": name,
        "structure": None,
        "limit_bytes": LIMIT,
        "number": 0,
        "bytes": 0,
        "created_at": 1,
    }
    await folder.store.write(add_data_store, StoredDataStore(**facts | changes))


@pytest.fixture
async def people(folder: Folder) -> StoredRecords:
    """A way to the data store `people`, which is empty."""
    await make(folder)
    return by_hand(folder)


def by_hand(folder: Folder) -> StoredRecords:
    return StoredRecords(folder.store, SetClock())


@pytest.fixture
async def execution(folder: Folder) -> str:
    entry = folder.delivery()
    await folder.store.append(entry)
    assert entry.execution
    return entry.execution.id


def tried(folder: Folder, execution: str, step: int = 1) -> StoredRecords:
    """What an operation is given each time it is tried."""
    return StoredRecords(folder.store, SetClock(), Author(execution, f"{step}:"))


async def keys(found: AsyncIterator[Any]) -> list[str]:
    return [one.key async for one in found]


async def measured(folder: Folder) -> tuple[int, int]:
    """What the store says of itself, which has to be what is there."""
    found = await folder.store.read(find_data_store, "people")
    there = await folder.store.read(
        store_records.list_records, found.id, after="", limit=1000
    )
    assert (found.number, found.bytes) == (len(there), sum(one.size for one in there))
    return found.number, found.bytes


async def test_a_record_is_read_as_it_was_written(people: StoredRecords) -> None:
    data = {"name": "Žofie", "scores": [1, 2.5, None], "more": {"a": True}}
    saved = await people.add("people", "žofie/1 #?", data)
    found = await people.get("id of people", "žofie/1 #?")

    assert saved.created
    assert found is not None
    assert found.data == saved.data == data
    assert await people.exists("people", "žofie/1 #?")
    assert not await people.exists("people", "žofie")


async def test_what_a_store_holds_is_counted_with_every_change(
    people: StoredRecords, folder: Folder
) -> None:
    assert await measured(folder) == (0, 0)
    await people.add("people", "a", {"x": "long enough"})
    await people.add("people", "b", {})
    await people.add("people", "a", {"x": 1}, overwrite=True)
    assert (await measured(folder))[0] == 2
    await people.upsert("people", "a", {"y": [1]})
    await people.delete("people", "b")
    assert await people.count("people") == (await measured(folder))[0] == 1
    assert await people.delete_all("people") == 1
    assert await measured(folder) == (0, 0)


async def test_a_key_that_is_taken_is_refused_unless_it_may_be_overwritten(
    people: StoredRecords, folder: Folder
) -> None:
    await people.add("people", "ada", {"score": 1})
    with pytest.raises(DuplicateDataError, match="'ada' already"):
        await people.add("people", "ada", {"score": 2})
    replaced = await people.add("people", "ada", {"other": 3}, overwrite=True)

    assert (replaced.created, replaced.data) == (False, {"other": 3})
    await measured(folder)


async def test_an_update_keeps_what_it_is_not_given(people: StoredRecords) -> None:
    await people.add("people", "ada", {"a": 1, "b": {"c": 2, "d": 3}, "e": [1]})
    await people.update("people", "ada", {"b": {"d": 4}, "e": [2], "f": None})
    found = await people.get("people", "ada")
    assert found is not None
    assert found.data == {"a": 1, "b": {"c": 2, "d": 4}, "e": [2], "f": None}

    more = await people.update("people", "ada", {"e": [3]}, overwrite_arrays=False)
    assert more.data["e"] == [2, 3]


async def test_an_update_of_nothing_is_refused_unless_it_may_insert(
    people: StoredRecords,
) -> None:
    with pytest.raises(DataError, match="no record under the key 'ada'"):
        await people.update("people", "ada", {"a": 1})
    assert (await people.upsert("people", "ada", {"a": 1})).created


@pytest.mark.parametrize("key", ["x" * 513, "line\nbreak", "nul\x00", "\ud800"])
async def test_a_key_that_nobody_could_type_is_refused(
    people: StoredRecords, key: str
) -> None:
    with pytest.raises(DataError, match="at most 512 characters"):
        await people.add("people", key, {})


async def test_a_full_store_says_so_and_changes_nothing(
    people: StoredRecords, folder: Folder
) -> None:
    await people.add("people", "a", {"x": "x" * (LIMIT // 2)})
    before = await measured(folder)
    with pytest.raises(OutOfSpaceError, match=r"holds 5\.0 kB of 10\.0 kB"):
        await people.add("people", "b", {"x": "x" * (LIMIT // 2)})
    with pytest.raises(OutOfSpaceError):
        await people.update("people", "a", {"y": "y" * (LIMIT // 2)})
    assert await measured(folder) == before


async def test_a_record_has_a_largest_size(folder: Folder) -> None:
    await make(folder, limit_bytes=10**9)
    with pytest.raises(OutOfSpaceError, match=r"one record may take 15\.0 MB"):
        await by_hand(folder).add("people", "a", {"x": "x" * 15_000_000})


async def test_a_structure_converts_what_fits_and_refuses_the_rest(
    folder: Folder,
) -> None:
    score = FieldSpec(name="score", type="number")
    name = FieldSpec(name="name", type="text", required=True)
    await make(folder, structure=(score, name))
    people = by_hand(folder)

    saved = await people.add("people", "a", {"score": "7", "name": 12, "more": [1]})
    assert saved.data == {"score": 7, "name": "12", "more": [1]}
    with pytest.raises(DataError, match=r"Field score: .* cannot be used as a number"):
        await people.update("people", "a", {"score": "much"})
    with pytest.raises(DataError, match="field name is mandatory"):
        await people.add("people", "b", {"score": 1})
    with pytest.raises(DataError, match="field name is mandatory"):
        await people.update("people", "a", {"name": ""})


async def test_a_store_that_is_not_there_is_named(people: StoredRecords) -> None:
    with pytest.raises(InvalidConfigurationError, match="no data store named 'nope'"):
        await people.add("nope", "a", {})


# Exactly once


async def test_an_addition_that_is_tried_again_finds_that_it_was_made(
    people: StoredRecords, folder: Folder, execution: str
) -> None:
    first = await tried(folder, execution).add("people", "", {"x": 1})
    again = await tried(folder, execution).add("people", "", {"x": 1})

    assert first == again
    assert first.created
    assert await people.count("people") == 1


async def test_a_write_that_is_tried_again_undoes_no_later_one(
    people: StoredRecords, folder: Folder, execution: str
) -> None:
    await tried(folder, execution).add("people", "ada", {"x": 1}, overwrite=True)
    await people.update("people", "ada", {"x": 2})
    again = await tried(folder, execution).add(
        "people", "ada", {"x": 1}, overwrite=True
    )
    assert (again.created, again.data) == (True, {"x": 2})


async def test_members_that_are_added_again_are_there_once(
    people: StoredRecords, folder: Folder, execution: str
) -> None:
    for _ in range(2):
        saved = await tried(folder, execution).upsert(
            "people", "ada", {"seen": [1]}, overwrite_arrays=False
        )
        await people.get("people", "ada")
    assert saved.data == {"seen": [1]}


async def test_a_deletion_that_is_tried_again_spares_a_later_record(
    people: StoredRecords, folder: Folder, execution: str
) -> None:
    await people.add("people", "ada", {})
    assert await tried(folder, execution, 1).delete("people", "ada")
    assert await tried(folder, execution, 2).delete_all("people") == 0
    await people.add("people", "ada", {})

    assert await tried(folder, execution, 1).delete("people", "ada")
    assert await tried(folder, execution, 2).delete_all("people") == 0
    assert await people.count("people") == 1


async def test_the_writes_of_one_operation_are_told_apart(
    people: StoredRecords, folder: Folder, execution: str
) -> None:
    for _ in range(2):
        operation = tried(folder, execution)
        await operation.add("people", "a", {})
        await operation.add("people", "b", {})
    assert await people.count("people") == 2


async def test_a_write_that_was_refused_is_made_when_it_is_tried_again(
    people: StoredRecords, folder: Folder, execution: str
) -> None:
    with pytest.raises(DataError):
        await tried(folder, execution).update("people", "ada", {"x": 1})
    await people.add("people", "ada", {})
    saved = await tried(folder, execution).update("people", "ada", {"x": 1})
    assert saved.data == {"x": 1}


async def test_a_refusal_does_not_undo_what_is_committed_with_it(
    people: StoredRecords, folder: Folder
) -> None:
    await people.add("people", "taken", {})

    def put(key: str) -> Any:  # noqa: ANN401 - what the store runs
        def change(before: str | None) -> Any:  # noqa: ANN401 - text or refusal
            return DuplicateDataError("taken") if before else "{}"

        return lambda connection: store_records.write_record(
            connection, "id of people", key, change, now=1
        )

    good, bad, entry = await folder.together(
        put("new"), put("taken"), folder.delivery()
    )
    assert (good.found, str(bad)) == (0, "taken")
    assert not isinstance(entry, Exception)
    assert (await measured(folder))[0] == 2


async def test_what_a_write_left_to_be_known_again_goes_with_its_history(
    people: StoredRecords, folder: Folder
) -> None:
    execution = folder.execution(state="done")
    await folder.store.append(Entry(execution=execution))
    await tried(folder, execution.id).add("people", "a", {})
    await folder.store.write(remove_executions, [execution.id])
    left = await folder.store.read(lambda one: one.execute(receipts.select()).all())
    assert left == []
    assert await people.count("people") == 1


# Searching


async def found_by(people: StoredRecords, *tests: tuple[Any, ...]) -> list[str]:
    row = [RecordCondition(*test) for test in tests]
    return await keys(people.search("people", conditions=[row]))


async def test_records_are_found_by_the_operators_of_filters(
    people: StoredRecords,
) -> None:
    datas: Mapping[str, Mapping[str, Any]] = {
        "a": {"score": 3, "who": {"name": "Ada"}, "key": "own"},
        "b": {"score": "9", "tags": ["x"]},
        "c": {"score": None, "{{1.x}}": 1},
    }
    for key, data in datas.items():
        await people.add("people", key, data)

    assert await found_by(people, ("score", "number:less", 7)) == ["a"]
    assert await found_by(people, ("score", "exist")) == ["a", "b"]
    assert await found_by(people, ("who.name", "text:equal:ci", "ADA")) == ["a"]
    assert await found_by(people, ("tags", "array:contain", "x")) == ["b"]
    assert await found_by(people, ("key", "text:equal", "c")) == ["c"]
    assert await found_by(people, ("data.key", "text:equal", "own")) == ["a"]
    assert await found_by(people, ("score", "exist"), ("tags", "exist")) == ["b"]
    assert await found_by(people, ("{{1.x}}", "number:equal", "{{1}}")) == []
    rows = [[RecordCondition("key", "text:equal", one)] for one in ("a", "c")]
    assert await keys(people.search("people", conditions=rows)) == ["a", "c"]


async def test_an_operator_that_there_is_not_is_named(people: StoredRecords) -> None:
    with pytest.raises(DataError, match="text:startwith"):
        await found_by(people, ("score", "text:startswith", "a"))


async def test_records_come_in_the_order_asked_for_and_no_more_than_that(
    people: StoredRecords,
) -> None:
    for key, score in (("a", 2), ("b", 10), ("c", None), ("d", 2)):
        await people.add("people", key, {"score": score, "name": key})
    up = [RecordOrder("score"), RecordOrder("name", descending=True)]
    down = [RecordOrder("score", descending=True)]

    assert await keys(people.search("people")) == ["a", "b", "c", "d"]
    assert await keys(people.search("people", order=up)) == ["d", "a", "b", "c"]
    assert await keys(people.search("people", order=down)) == ["b", "a", "d", "c"]
    assert await keys(people.search("people", order=down, limit=1)) == ["b"]


async def test_a_search_goes_through_all_pages(folder: Folder) -> None:
    await make(folder, limit_bytes=10**8)
    people = by_hand(folder)
    for number in range(5):
        await people.add("people", str(number), {"x": "x" * 1_500_000})
    assert await keys(people.search("people")) == ["0", "1", "2", "3", "4"]

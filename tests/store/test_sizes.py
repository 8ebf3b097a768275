"""The file shrinks when the history does, and sizes are told at little cost."""

from fakes.history import History
from fakes.serving import eventually
from trunkline.model.retention import Bounds
from trunkline.store.sizes import measure_file, measure_scenarios, measure_tables


async def test_the_file_is_smaller_after_pruning(history: History) -> None:
    for _ in range(40):
        await history.add(31, body=b"x" * 50_000)
    store = history.folder.store
    file = store.folder / "trunkline.db"

    async def size() -> int:
        await store.checkpoint()
        return file.stat().st_size

    await eventually(size, lambda now: now > 2_000_000)
    await history.prune(Bounds(days=30))
    await eventually(size, lambda now: now < 500_000)
    found = await store.read(measure_file)
    assert found.shrinks
    assert found.free_pages <= found.pages // 16 + 1


async def test_sizes_are_told_by_scenario_and_by_table(history: History) -> None:
    first = await history.add(3, body=b"x" * 1000)
    for _ in range(4):
        await history.add(2, body=b"x" * 1000)
    (found,) = await history.folder.store.read(measure_scenarios)
    assert (found.scenario, found.executions, found.operations) == ("Answers", 5, 0)
    assert found.exact
    assert 5000 <= found.bytes < 6000
    assert found.oldest == int(first[:12], 16)
    tables = await history.folder.store.read(measure_tables)
    if tables is not None:
        sizes = {one.name: one.bytes for one in tables}
        assert sizes["payloads"] > sizes["users"] > 0


async def test_sizes_of_a_long_history_are_estimated(history: History) -> None:
    for _ in range(230):
        await history.add(body=b"x" * 100, operations=0)
    (found,) = await history.folder.store.read(measure_scenarios)
    assert (found.executions, found.exact) == (230, False)
    assert found.bytes == 230 * 100

"""Writes to data stores that stand or fall with their execution."""

from typing import Any

import pytest

from fakes.serving import Client, Listener
from fakes.trouble import Service, call, ended, run


def write(id_: int, key: str, **more: Any) -> dict[str, Any]:  # noqa: ANN401 - a record's data
    """A module that puts a record."""
    fields = {"data_store": "people", "key": key, "overwrite": True, "data": more}
    return {"id": id_, "module": "datastore.add_replace_a_record", "map": fields}


def of_people(id_: int, module: str, **fields: Any) -> dict[str, Any]:  # noqa: ANN401 - fields
    """Another module of the data store."""
    fields = {"data_store": "people", **fields}
    return {"id": id_, "module": f"datastore.{module}", "map": fields}


async def contents(api: Client) -> dict[str, Any]:
    found = await api.get("/data-stores/people/records")
    return {one["key"]: one["data"] for one in found}


@pytest.fixture
async def people(api: Client) -> Client:
    """A client of a server whose data store `people` has the record `ada`."""
    await api.post("/data-stores", {"name": "people"})
    await run(api, write(1, "ada", score=9), name="First")
    return api


@pytest.fixture
def service(listener: Listener) -> Service:
    """Refuses what it is sent first."""
    return Service(listener, {"no": 422})


def troubled(service: Service) -> list[dict[str, Any]]:
    """Changes a record twice, adds one, removes all, adds one; then it fails."""
    return [
        write(1, "ada", score=1),
        write(2, "ada", score=2),
        write(3, "bob", score=3),
        of_people(4, "delete_all_records"),
        write(5, "cyd", score=5),
        call(6, service, "no"),
    ]


async def test_what_a_failed_execution_wrote_is_taken_back(
    people: Client, service: Service
) -> None:
    before = await people.get("/data-stores/people")
    failed = await run(people, *troubled(service), auto_commit=False, dlq=False)

    assert failed["state"] == "failed"
    assert await contents(people) == {"ada": {"score": 9}}
    after = await people.get("/data-stores/people")
    assert (after["records"], after["bytes"]) == (before["records"], before["bytes"])


async def test_unless_it_is_asked_for_each_write_stands_by_itself(
    people: Client, service: Service
) -> None:
    await run(people, *troubled(service), dlq=False)

    assert await contents(people) == {"cyd": {"score": 5}}


async def test_what_was_written_stands_when_the_execution_has_come_through(
    people: Client, service: Service
) -> None:
    service.refuses.clear()
    done = await run(people, *troubled(service), auto_commit=False, dlq=False)

    assert done["state"] == "done"
    assert await contents(people) == {"cyd": {"score": 5}}
    cancelled = await people.call("POST", f"/executions/{done['id']}/cancel")
    assert cancelled.status == 409
    assert await contents(people) == {"cyd": {"score": 5}}


async def test_an_execution_that_waits_for_repair_keeps_what_it_wrote_until_it_is_over(
    people: Client, service: Service
) -> None:
    stopped = await run(people, *troubled(service), auto_commit=False)
    assert stopped["state"] == "incomplete"
    assert await contents(people) == {"cyd": {"score": 5}}

    service.refuses.clear()
    await people.post(f"/executions/{stopped['id']}/resume", {})
    await ended(people, stopped["id"], "done")
    assert await contents(people) == {"cyd": {"score": 5}}


async def test_what_an_execution_wrote_is_taken_back_when_it_is_given_up(
    people: Client, service: Service
) -> None:
    stopped = await run(people, *troubled(service), auto_commit=False)
    await people.post(f"/executions/{stopped['id']}/discard")

    assert await contents(people) == {"ada": {"score": 9}}


async def test_what_others_have_changed_since_is_left_as_it_is(
    people: Client, service: Service
) -> None:
    flow = [write(1, "ada", score=1), write(2, "bob", score=2), call(3, service, "no")]
    stopped = await run(people, *flow, auto_commit=False)
    await run(people, write(1, "ada", score=7), name="Another")
    await people.post(f"/executions/{stopped['id']}/discard")

    assert await contents(people) == {"ada": {"score": 7}}


async def test_the_writes_of_a_finished_cycle_stand_whatever_the_next_one_does(
    people: Client,
) -> None:
    """The second cycle finds the record that the first one added."""
    add = of_people(1, "add_replace_a_record", key="once", data={"x": 1})
    also = write(2, "ada", score=4)
    failed = await run(people, also, add, auto_commit=False, dlq=False, roundtrips=2)

    assert failed["state"] == "failed"
    assert await contents(people) == {"ada": {"score": 4}, "once": {"x": 1}}


async def test_an_execution_whose_writes_were_taken_back_is_resumed_from_the_start_only(
    people: Client, service: Service
) -> None:
    failed = await run(people, *troubled(service), auto_commit=False, dlq=False)
    service.refuses.clear()
    refused = await people.call("POST", f"/executions/{failed['id']}/resume", json={})
    assert refused.status == 409
    assert "from the start" in refused.text

    begun = await people.post(f"/executions/{failed['id']}/resume", {"start": "start"})
    await ended(people, begun["execution"], "done")
    assert await contents(people) == {"cyd": {"score": 5}}


async def test_a_rollback_takes_back_what_was_written(
    people: Client, service: Service
) -> None:
    sending = call(2, service, "no")
    sending["on_error"] = [{"id": 3, "module": "flow.rollback"}]
    failed = await run(people, write(1, "ada", score=1), sending, auto_commit=False)

    assert failed["state"] == "failed"
    assert await contents(people) == {"ada": {"score": 9}}


async def test_a_scenario_that_wrote_to_data_stores_can_be_removed(
    people: Client,
) -> None:
    assert (await people.call("DELETE", "/scenarios/First")).status == 204

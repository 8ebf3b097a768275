"""Incomplete executions: kept, resumed without repeating anything, or given up."""

from typing import Any

import pytest

from fakes.serving import Client, Listener, eventually, scenario, survey
from fakes.trouble import Service, call, ended, repeater, run, text, texts


@pytest.fixture
def service(listener: Listener) -> Service:
    """Refuses the second of what it is sent."""
    return Service(listener, {"2": 422})


async def resumed(api: Client, execution: Any, **how: Any) -> Any:  # noqa: ANN401 - JSON
    """The execution, once it is done after it was resumed."""
    begun = await api.post(f"/executions/{execution['id']}/resume", how)
    return await ended(api, begun["execution"], "done")


def delivered(service: Service, **settings: object) -> dict[str, Any]:
    """A scenario that sends first who answered, then the comment."""
    watches = scenario(
        call(2, service, "hello {{1.remote_id}}"),
        call(3, service, "{{1.display_name}}"),
    )
    return watches | {"settings": settings}


async def test_one_bundle_stops_its_siblings_go_on_and_nothing_done_is_repeated(
    api: Client, service: Service
) -> None:
    ran = await run(
        api,
        repeater(1, 3),
        call(2, service, "{{1.i}}"),
        call(3, service, "after {{1.i}}"),
    )

    assert ran["state"] == "incomplete"
    assert ran["error"]["type"] == "DataError"
    [stop] = ran["stops"]
    assert (stop["module_id"], stop["path"], stop["tries"]) == (2, "2", 0)
    assert "not 2" in stop["error"]["message"]
    assert stop["retry_at"] is None
    assert service.asked == ["1", "after 1", "2", "3", "after 3"]
    service.refuses.clear()
    done = await resumed(api, ran)
    assert service.asked[5:] == ["2", "after 2"]
    assert done["stops"] == []
    assert done["error"] is None


async def test_all_stops_of_one_execution_are_kept_and_resumed_together(
    api: Client, service: Service
) -> None:
    service.refuses |= {"3": 500}
    ran = await run(api, repeater(1, 4), call(2, service, "{{1.i}}"))

    assert [one["path"] for one in ran["stops"]] == ["2", "3"]
    del service.refuses["2"]
    await api.post(f"/executions/{ran['id']}/resume")
    again = await eventually(
        lambda: api.get(f"/executions/{ran['id']}"),
        lambda seen: seen["state"] == "incomplete" and len(seen["stops"]) == 1,
    )
    assert [(one["path"], one["tries"]) for one in again["stops"]] == [("3", 1)]
    service.refuses.clear()
    await resumed(api, again)
    assert service.done() == ["1", "2", "3", "4"]


async def test_an_aggregator_waits_for_the_bundle_that_stopped_and_is_complete_then(
    api: Client, service: Service
) -> None:
    gathers = {
        "id": 3,
        "module": "tools.text_aggregator",
        "aggregate": {"source": 1},
        "map": {"value": "{{2.data.took}}", "row_separator": ","},
    }
    ran = await run(
        api,
        repeater(1, 3),
        call(2, service, "{{1.i}}"),
        gathers,
        text(4, "{{3.text}}"),
    )

    assert ran["state"] == "incomplete"
    assert texts(ran, 4) == []
    service.refuses.clear()
    done = await resumed(api, ran)
    assert texts(done, 4) == ["1,2,3"]
    assert service.done() == ["1", "2", "3"]


async def test_what_follows_in_further_routes_waits_with_the_bundle(
    api: Client, service: Service
) -> None:
    routes = [{"flow": [call(3, service, "2")]}, {"flow": [call(4, service, "other")]}]
    router = {"id": 2, "module": "flow.router", "routes": routes}
    ran = await run(api, repeater(1, 1), router)

    assert service.asked == ["2"]
    service.refuses.clear()
    await resumed(api, ran)
    assert service.asked == ["2", "2", "other"]


async def test_a_filter_that_fails_stops_the_bundle_and_is_asked_again(
    api: Client, service: Service
) -> None:
    service.refuses.clear()
    wrong = {"conditions": [[{"a": "{{parseDate('x'; 'YYYY')}}", "o": "exist"}]]}
    ran = await run(api, repeater(1, 2), call(2, service, "{{1.i}}", filter=wrong))
    assert ran["state"] == "incomplete"
    assert len(ran["stops"]) == 2
    document = {"name": "Trouble", "flow": [repeater(1, 2), call(2, service, "now")]}
    await api.post("/scenarios", document)
    await resumed(api, ran, version="current")
    assert service.done() == ["now", "now"]


async def test_nothing_is_kept_of_the_first_module(
    api: Client, service: Service
) -> None:
    ran = await run(api, call(1, service, "2"))

    assert ran["state"] == "failed"


async def test_a_failed_execution_can_go_on_too(api: Client, service: Service) -> None:
    ran = await run(api, repeater(1, 3), call(2, service, "{{1.i}}"), dlq=False)
    assert ran["state"] == "failed"
    service.refuses.clear()
    await resumed(api, ran)
    assert service.asked == ["1", "2", "2", "3"]


async def test_its_delivery_is_held_until_it_goes_on_and_is_not_run_again_meanwhile(
    api: Client, service: Service
) -> None:
    service.refuses |= {"hello ada": 422}
    hook = await api.listening(delivered(service))
    await api.deliver(hook, survey(remote_id="ada"))
    balance = await api.settled(1)
    assert balance["states"] == {"held": 1}

    [delivery] = await api.get("/webhooks/hook/deliveries")
    assert (delivery["state"], delivery["outcome"]) == ("held", "incomplete")
    [ran] = await api.executions()
    assert ran["id"] in delivery["reason"]
    refused = await api.call("POST", f"/deliveries/{delivery['id']}/replay")
    assert refused.status == 409
    assert "Resume it" in refused.json()["detail"]
    service.refuses.clear()
    await resumed(api, ran)
    assert (await api.settled(1))["states"] == {"done": 1}


async def test_the_input_of_the_module_that_failed_is_edited(
    api: Client, service: Service
) -> None:
    ran = await run(
        api, repeater(1, 3), call(2, service, "{{1.i}}"), text(3, "{{2.data.took}}")
    )

    given = {"url": f"{service.address}/", "method": "POST", "body": "two"}
    edit = {"module_id": 2, "path": "2", "input": given}
    done = await resumed(api, ran, edits=[edit])
    assert sorted(texts(done, 3)) == ["1", "3", "two"]
    assert service.done() == ["1", "3", "two"]


async def test_what_an_aggregator_takes_in_of_one_bundle_is_edited_too(
    api: Client,
) -> None:
    reckons = {
        "id": 3,
        "module": "tools.numeric_aggregator",
        "aggregate": {"source": 1},
        "map": {"value": "{{2.text}}", "fn": "sum"},
    }
    ran = await run(
        api,
        repeater(1, 3),
        text(2, "{{if(1.i = 2; 'many'; 1.i)}}"),
        reckons,
        text(4, "{{3.result}}"),
    )
    assert [(one["module_id"], one["path"]) for one in ran["stops"]] == [(3, "2")]

    edit = {"module_id": 3, "path": "2", "input": {"value": 20}}
    done = await resumed(api, ran, edits=[edit])
    assert texts(done, 4) == [24]


@pytest.mark.parametrize(
    ("edit", "status", "sentence"),
    [
        ({"module_id": 2, "path": "3", "input": {"url": "http://x/"}}, 404, "not stop"),
        ({"module_id": 9, "path": "2", "input": {}}, 409, "no module 9"),
        ({"module_id": 2, "path": "2", "input": {}}, 422, "URL: Field required"),
    ],
)
async def test_an_edit_that_fits_nothing_is_refused_and_nothing_goes_on(
    api: Client, service: Service, edit: object, status: int, sentence: str
) -> None:
    ran = await run(api, repeater(1, 3), call(2, service, "{{1.i}}"))

    how = {"edits": [edit]}
    refused = await api.call("POST", f"/executions/{ran['id']}/resume", json=how)
    assert refused.status == status, refused.text
    assert sentence in refused.text
    assert (await api.get(f"/executions/{ran['id']}"))["state"] == "incomplete"


async def test_it_goes_on_with_the_version_it_began_with_or_the_current_one(
    api: Client, service: Service
) -> None:
    first = await run(api, repeater(1, 2), call(2, service, "{{1.i}}"))
    second = await api.post("/scenarios/Trouble/run", {})
    flow = [repeater(1, 2), call(2, service, "new {{1.i}}")]
    await api.post("/scenarios", {"name": "Trouble", "flow": flow})

    service.refuses.clear()
    done = await resumed(api, first)
    assert (done["version"], service.asked[-1]) == (1, "2")
    done = await resumed(api, second, version="current")
    assert (done["version"], service.asked[-1]) == (2, "new 2")


async def test_the_current_version_is_refused_where_a_module_that_was_done_is_another(
    api: Client, service: Service
) -> None:
    ran = await run(
        api, repeater(1, 2), text(2, "{{1.i}}"), call(3, service, "{{1.i}}")
    )
    flow = [repeater(1, 2), call(2, service, "x"), call(3, service, "{{1.i}}")]
    await api.post("/scenarios", {"name": "Trouble", "flow": flow})

    how = {"version": "current"}
    refused = await api.call("POST", f"/executions/{ran['id']}/resume", json=how)
    assert refused.status == 409
    assert "Module 2 was done" in refused.json()["detail"]
    assert (await api.get(f"/executions/{ran['id']}"))["state"] == "incomplete"


async def test_from_the_start_another_execution_does_all_anew(
    api: Client, service: Service
) -> None:
    service.refuses |= {"Jane": 422}
    hook = await api.listening(delivered(service))
    await api.deliver(hook, survey(remote_id="ada", display_name="Jane"))
    await api.settled(1)
    [ran] = await api.executions()
    service.refuses.clear()
    done = await resumed(api, ran, start="start")

    assert done["id"] != ran["id"]
    assert (await api.get(f"/executions/{ran['id']}"))["state"] == "cancelled"
    assert service.asked == ["hello ada", "Jane", "hello ada", "Jane"]
    assert (await api.settled(1))["states"] == {"done": 1}
    refused = await api.call("POST", f"/executions/{ran['id']}/resume", json={})
    assert refused.status == 409


async def test_many_go_on_at_once_and_each_that_cannot_says_why(
    api: Client, service: Service
) -> None:
    flow = (repeater(1, 2), call(2, service, "{{1.i}}"))
    first = await run(api, *flow)
    second = await api.post("/scenarios/Trouble/run", {})
    other = await run(api, *flow, name="Other")

    service.refuses.clear()
    chosen = {"executions": [first["id"], "nobody"]}
    bulk = await api.post("/executions/resume", chosen)
    assert bulk["done"] == 1
    [refusal] = bulk["refused"]
    assert refusal["execution"] == "nobody"
    assert "no execution nobody" in refusal["reason"]
    await ended(api, first["id"], "done")
    assert await api.post("/executions/resume", {"scenario": "Trouble"}) == {
        "done": 1,
        "refused": [],
    }
    await ended(api, second["id"], "done")
    assert (await api.get(f"/executions/{other['id']}"))["state"] == "incomplete"
    assert (await api.post("/executions/resume", {}))["done"] == 1
    await ended(api, other["id"], "done")


async def test_what_is_discarded_stays_in_history_and_does_not_go_on(
    api: Client, service: Service
) -> None:
    service.refuses |= {"Jane": 422}
    hook = await api.listening(delivered(service))
    for number in range(3):
        await api.deliver(hook, survey(str(number), display_name="Jane"))
    await api.settled(3)
    first, *_ = await api.executions()

    given_up = await api.post(f"/executions/{first['id']}/discard")
    assert given_up["state"] == "cancelled"
    refused = await api.call("POST", f"/executions/{first['id']}/discard")
    assert refused.status == 409
    bulk = await api.post("/executions/discard", {"scenario": "Answers"})
    assert bulk == {"done": 2, "refused": []}
    assert (await api.get("/balance"))["states"] == {"cancelled": 3}
    shown = await api.get(f"/executions/{first['id']}")
    assert [one["state"] for one in shown["history"]] == ["done", "done", "failed"]

"""What becomes of a bundle whose operation failed: error routes and directives."""

from typing import Any

import pytest

from fakes.clock import SetClock
from fakes.serving import Client, Listener, scenario, survey
from fakes.trouble import (
    Service,
    call,
    directive,
    ended,
    repeater,
    run,
    text,
    texts,
)
from trunkline.server import Running

HOUR = 3600.0


@pytest.fixture
def service(listener: Listener) -> Service:
    """Refuses the second of what it is sent."""
    return Service(listener, {"2": 422})


def gate(a: str, o: str, b: str) -> dict[str, Any]:
    return {"conditions": [[{"a": a, "o": o, "b": b}]]}


async def test_resume_goes_on_with_a_substitute(api: Client, service: Service) -> None:
    substitute = directive(3, "resume", data={"took": "instead of {{1.i}}"})
    ran = await run(
        api,
        repeater(1, 3),
        call(2, service, "{{1.i}}", on_error=[substitute]),
        text(4, "{{2.data.took}}"),
    )

    assert ran["state"] == "done"
    assert texts(ran, 4) == ["1", "instead of 2", "3"]


async def test_ignore_drops_the_bundle_and_the_next_one_goes_on(
    api: Client, service: Service
) -> None:
    ran = await run(
        api,
        repeater(1, 3),
        call(2, service, "{{1.i}}", on_error=[directive(3, "ignore")]),
        text(4, "{{2.data.took}}"),
    )

    assert ran["state"] == "done"
    assert texts(ran, 4) == ["1", "3"]


async def test_a_route_without_a_directive_drops_the_bundle_as_well(
    api: Client, service: Service
) -> None:
    told = text(3, "{{2.error.type}}: {{2.error.message}} ({{2.error.status}})")
    ran = await run(
        api,
        repeater(1, 3),
        call(2, service, "{{1.i}}", on_error=[told]),
        text(4, "{{2.data.took}}"),
    )

    assert ran["state"] == "done"
    assert texts(ran, 4) == ["1", "3"]
    [said] = texts(ran, 3)
    assert said.startswith("DataError: POST ")
    assert "not 2" in said
    assert said.endswith("(422)")


async def test_commit_ends_the_execution_well_and_takes_no_further_bundle(
    api: Client, service: Service
) -> None:
    ran = await run(
        api,
        repeater(1, 3),
        call(2, service, "{{1.i}}", on_error=[directive(3, "commit")]),
    )

    assert ran["state"] == "done"
    assert service.asked == ["1", "2"]


async def test_rollback_fails_the_execution_and_takes_no_further_bundle(
    api: Client, service: Service
) -> None:
    ran = await run(
        api,
        repeater(1, 3),
        call(2, service, "{{1.i}}", on_error=[directive(3, "rollback")]),
    )

    assert ran["state"] == "failed"
    assert ran["error"]["type"] == "DataError"
    assert service.asked == ["1", "2"]


async def test_rollback_fails_even_where_the_error_might_pass_by_itself(
    api: Client, service: Service
) -> None:
    service.refuses["2"] = 503
    sends = call(2, service, "2", on_error=[directive(3, "rollback")])
    hook = await api.listening(scenario(sends))
    await api.deliver(hook, survey())
    await api.settled(1)

    [ran] = await api.executions()
    assert ran["state"] == "failed"
    assert ran["retry_at"] is None


async def test_break_keeps_the_bundle_and_completes_it_after_its_interval(
    running: Running, clocked: Client, clock: SetClock, service: Service
) -> None:
    patience = directive(3, "break", retry=True, count=2, interval=30)
    ran = await run(
        clocked,
        repeater(1, 3),
        call(2, service, "{{1.i}}", on_error=[patience]),
        text(4, "{{2.data.took}}"),
    )

    assert ran["state"] == "incomplete"
    assert texts(ran, 4) == ["1", "3"]
    [stop] = ran["stops"]
    assert (stop["module_id"], stop["path"], stop["tries"]) == (2, "2", 0)
    service.refuses.clear()
    clock.ahead += HOUR / 2 + 1
    running.services.engine.timer.wake()
    done = await ended(clocked, ran["id"], "done")
    assert sorted(texts(done, 4)) == ["1", "2", "3"]
    assert service.done() == ["1", "2", "3"]


async def test_break_tries_as_often_as_it_says_and_then_waits_for_a_person(
    running: Running, clocked: Client, clock: SetClock, service: Service
) -> None:
    patience = directive(3, "break", retry=True, count=1, interval=1)
    ran = await run(
        clocked,
        repeater(1, 2),
        call(2, service, "{{1.i}}", on_error=[patience]),
    )
    assert ran["retry_at"] is not None
    clock.ahead += 61
    running.services.engine.timer.wake()
    while ran["retry_at"] is not None or ran["state"] != "incomplete":
        ran = await clocked.get(f"/executions/{ran['id']}")
    assert ran["stops"][0]["tries"] == 1
    assert service.asked.count("2") == 2


async def test_break_without_automatic_completion_waits_for_a_person(
    api: Client, service: Service
) -> None:
    service.refuses["2"] = 503
    patience = directive(3, "break", retry=False)
    ran = await run(
        api, repeater(1, 2), call(2, service, "{{1.i}}", on_error=[patience])
    )

    assert ran["state"] == "incomplete"
    assert ran["retry_at"] is None


async def test_break_on_the_first_module_keeps_it_too(
    api: Client, service: Service
) -> None:
    ran = await run(api, call(1, service, "2", on_error=[directive(2, "break")]))

    assert ran["state"] == "incomplete"
    assert ran["retry_at"] is not None


async def test_break_keeps_it_where_incomplete_executions_are_not_kept(
    api: Client, service: Service
) -> None:
    sends = call(2, service, "{{1.i}}", on_error=[directive(3, "break")])
    ran = await run(api, repeater(1, 3), sends, dlq=False)

    assert ran["state"] == "incomplete"
    assert service.done() == ["1", "3"]


@pytest.mark.parametrize(
    ("caught", "state"), [("DataError", "done"), ("ConnectionError", "incomplete")]
)
async def test_an_error_route_whose_filter_does_not_pass_counts_as_none(
    api: Client, service: Service, caught: str, state: str
) -> None:
    ignored = directive(3, "ignore") | {
        "filter": gate("{{2.error.type}}", "text:equal", caught)
    }
    ran = await run(
        api, repeater(1, 3), call(2, service, "{{1.i}}", on_error=[ignored])
    )

    assert ran["state"] == state
    assert service.asked == ["1", "2", "3"]


async def test_a_module_that_fails_in_an_error_route_is_kept_and_resumed_there(
    api: Client, service: Service
) -> None:
    service.refuses["alarm"] = 500
    alarm = call(3, service, "alarm")
    sends = call(2, service, "{{1.i}}", on_error=[alarm, text(4, "told")])
    ran = await run(api, repeater(1, 3), sends, text(5, "sent {{1.i}}"))

    assert ran["state"] == "incomplete"
    assert [one["module_id"] for one in ran["stops"]] == [3]
    del service.refuses["alarm"]
    await api.post(f"/executions/{ran['id']}/resume")
    done = await ended(api, ran["id"], "done")
    assert texts(done, 4) == ["told"]
    assert texts(done, 5) == ["sent 1", "sent 3"]
    assert service.asked == ["1", "2", "alarm", "3", "alarm"]


async def test_a_module_that_fails_in_an_error_route_fails_all_where_none_are_kept(
    api: Client, service: Service
) -> None:
    service.refuses["alarm"] = 500
    sends = call(2, service, "{{1.i}}", on_error=[call(3, service, "alarm")])
    ran = await run(api, repeater(1, 3), sends, dlq=False)

    assert ran["state"] == "failed"
    assert ran["error"]["module_id"] == 3


async def test_a_module_in_an_error_route_has_an_error_route_of_its_own(
    api: Client, service: Service
) -> None:
    service.refuses["alarm"] = 500
    nested = directive(4, "resume", data={"took": "nobody"})
    alarm = call(3, service, "alarm", on_error=[nested])
    outer = directive(6, "resume", data={"took": "told {{3.data.took}}"})
    sends = call(2, service, "{{1.i}}", on_error=[alarm, outer])
    ran = await run(api, repeater(1, 2), sends, text(5, "{{2.data.took}}"))

    assert ran["state"] == "done"
    assert texts(ran, 5) == ["1", "told nobody"]

"""A scenario that is run by hand, and what is looked at of its executions."""

from typing import Any

from fakes.serving import Client, Listener, eventually

Module = dict[str, Any]


def asks(id_: int, listener: Listener, path: str, **more: object) -> Module:
    """A module that calls the listener at a path."""
    fields = {"url": f"{listener.address}/{path}", "method": "POST", "body": "x"}
    return {"id": id_, "module": "http.make_a_request", "map": fields, **more}


def variable(id_: int, value: str, **more: object) -> Module:
    fields = {"name": "word", "value": value}
    return {"id": id_, "module": "tools.set_a_variable", "map": fields, **more}


def repeater(repeats: int) -> Module:
    fields = {"start": 1, "repeats": repeats, "step": 1}
    return {"id": 1, "module": "flow.repeater", "map": fields}


async def saved(api: Client, *flow: Module, **more: object) -> None:
    await api.post("/scenarios", {"name": "Hand", "flow": [*flow], **more})


async def run_once(api: Client, start: int | None = None, **more: object) -> Any:  # noqa: ANN401 - an execution
    asked = more if start is None else more | {"start": {"module": start}}
    return await api.post("/scenarios/Hand/run", asked)


async def run_again(api: Client, execution: Any) -> Any:  # noqa: ANN401 - the same
    """The execution run once more, when it is done."""
    begun = await api.post(f"/executions/{execution['id']}/rerun")
    return await until_done(api, {"id": begun["execution"]})


async def until_done(api: Client, execution: Any) -> Any:  # noqa: ANN401 - the same
    path = f"/executions/{execution['id']}"
    return await eventually(
        lambda: api.get(path), lambda seen: bool(seen["state"] == "done")
    )


def told(execution: Any) -> list[tuple[int, str, str | None]]:  # noqa: ANN401 - the same
    return [(o["module_id"], o["state"], o["stood_in"]) for o in execution["history"]]


def paths(listener: Listener) -> list[str]:
    return [one.path for one in listener.requests]

"""A service that refuses some of what it is sent, and scenarios that call it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from fakes.serving import Client, Listener, Received, eventually

Module = dict[str, Any]


@dataclass(slots=True)
class Service:
    """Answers 200 with what it was sent, but for bodies that it refuses.

    `refuses` holds the status for each such body; take one out to mend it.
    """

    listener: Listener
    refuses: dict[str, int] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.listener.answer = self._answer

    @property
    def address(self) -> str:
        return self.listener.address

    @property
    def asked(self) -> list[str]:
        """The bodies of all requests so far."""
        return [one.body.decode() for one in self.listener.requests]

    def done(self) -> list[str]:
        """The bodies that had an effect, each as often as it had, in order."""
        return sorted(self._effects)

    _effects: list[str] = field(default_factory=list)

    def _answer(self, request: Received) -> web.Response:
        body = request.body.decode()
        if body in self.refuses:
            status = self.refuses[body]
            return web.json_response(
                {"message": f"not {body}"}, status=status, headers=self.headers
            )
        self._effects.append(body)
        return web.json_response({"took": body})


def call(id_: int, service: Service, body: str, **more: Any) -> Module:  # noqa: ANN401 - keys of a module
    """A module that sends a body to the service, which may refuse it."""
    fields = {
        "url": f"{service.address}/",
        "method": "POST",
        "body": body,
        "content_type": "text/plain",
    }
    return {"id": id_, "module": "http.make_a_request", "map": fields, **more}


def directive(id_: int, name: str, **fields: Any) -> Module:  # noqa: ANN401 - the same
    return {"id": id_, "module": f"flow.{name}", "map": fields}


def repeater(id_: int, repeats: int) -> Module:
    return {
        "id": id_,
        "module": "flow.repeater",
        "map": {"start": 1, "repeats": repeats, "step": 1},
    }


def text(id_: int, value: str, **more: Any) -> Module:  # noqa: ANN401 - the same
    word = {"name": "text", "value": value}
    return {"id": id_, "module": "tools.set_a_variable", "map": word, **more}


async def run(
    api: Client,
    *flow: Module,
    name: str = "Trouble",
    **settings: object,
) -> Any:  # noqa: ANN401 - the execution
    """Saves a scenario and runs it by hand to its end."""
    document = {"name": name, "flow": [*flow], "settings": settings}
    await api.post("/scenarios", document)
    return await api.post(f"/scenarios/{name}/run", {})


async def ended(api: Client, id_: str, state: str) -> Any:  # noqa: ANN401 - the same
    """The execution, once it is in that state."""
    return await eventually(
        lambda: api.get(f"/executions/{id_}"), lambda seen: seen["state"] == state
    )


def texts(execution: Mapping[str, Any], module: int) -> list[Any]:
    """What a module that sets a text gave, in order."""
    return [
        one["output"][0]["text"]
        for one in execution["history"]
        if one["module_id"] == module and one["state"] == "done"
    ]

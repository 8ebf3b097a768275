"""A server with one of everything, to look at."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fakes.house import KEY, House, house, sandbox
from fakes.serving import survey


@dataclass(slots=True)
class Furnished:
    """A server with a connection, a webhook, a scenario, and executions of it."""

    house: House
    editor: str
    places: Mapping[str, str]
    """Each page's path and its heading."""

    session: Any = None


def detractors() -> dict[str, Any]:
    """A scenario with a router, a filter, functions, and pairs."""
    condition = {"a": "{{1.response.data.nps}}", "o": "number:lessorequal", "b": 6}
    event = {
        "id": 3,
        "module": "refiner.track_an_event",
        "connection": "My Refiner",
        "filter": {"name": "detractor", "conditions": [[condition]]},
        "map": {"user_id": "{{1.remote_id}}", "event_name": "Detractor"},
    }
    identify = {
        "id": 4,
        "module": "refiner.identify_a_user",
        "connection": "My Refiner",
        "map": {
            "user_id": "{{1.remote_id}}",
            "additional_data": {
                "nps": "{{1.response.data.nps}}",
                "last_comment": "{{upper(1.response.data.reason)}}",
            },
        },
    }
    word = {"name": "who", "value": "{{1.display_name}}"}
    other = {"id": 5, "module": "tools.set_a_variable", "map": word}
    routes = [
        {"name": "unhappy", "flow": [event, identify]},
        {"fallback": True, "flow": [other]},
    ]
    watch = {
        "id": 1,
        "module": "refiner.watch_completed_survey",
        "webhook": "Completed surveys",
    }
    router = {"id": 2, "module": "flow.router", "routes": routes}
    return {"name": "Detractors", "flow": [watch, router]}


@contextmanager
def furnished(folder: Path) -> Iterator[Furnished]:
    with sandbox(folder / "sandbox") as refiner, house(folder / "data") as made:
        yield furnish(made, refiner)


def furnish(made: House, refiner: str) -> Furnished:
    """Makes one of everything."""
    fields = {"api_key": KEY}
    connection = {"name": "My Refiner", "app": "refiner", "fields": fields}
    made.call("POST", "/connections", connection | {"base_url": refiner})
    webhook = {"name": "Completed surveys", "module": "refiner.watch_completed_survey"}
    hook = made.call("POST", "/webhooks", webhook)
    scenario = made.call("POST", "/scenarios", detractors())
    made.call(
        "PUT", f"/scenarios/{scenario['id']}", detractors() | {"description": "x"}
    )
    made.call("POST", "/scenarios/Detractors/activate")
    for number, (nps, user) in enumerate((("0", "ada"), ("9", "ada"), ("0", ""))):
        body = survey(f"response-{number}", remote_id=user)
        body["response"]["data"]["nps"] = nps
        run = made.call("POST", "/scenarios/Detractors/run", {"input": body})
    store = made.call("POST", "/data-stores", {"name": "People"})
    made.call("PUT", "/data-stores/People/record?key=ada", {"score": 9})
    editor = f"/scenarios/{scenario['id']}"
    places = {
        "/": "Home",
        "/scenarios": "Scenarios",
        editor: "Detractors",
        "/scenarios/new": "New scenario",
        "/executions": "Executions",
        f"/executions/{run['id']}": "Execution of Detractors",
        "/connections": "Connections",
        "/webhooks": "Webhooks",
        f"/webhooks/{hook['id']}": "Completed surveys",
        f"/webhooks/{hook['id']}?tab=gaps": "Completed surveys",
        "/datastores": "Data stores",
        f"/datastores/{store['id']}": "People",
        "/apps": "Apps",
        "/settings": "Settings",
        "/settings?tab=backup": "Settings",
        "/nowhere": "Nothing here",
    }
    return Furnished(made, editor, places)

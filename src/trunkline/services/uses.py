"""Who uses what: scenarios that would break if a thing were removed."""

from trunkline.engine.document import load_document
from trunkline.store.scenarios import list_scenarios
from trunkline.store.store import Store


async def scenarios_using_connection(store: Store, name: str) -> list[str]:
    """Names of the scenarios whose current version uses a connection."""
    return (await users_of_connections(store)).get(name, [])


async def users_of_connections(store: Store) -> dict[str, list[str]]:
    """For each connection's name the scenarios whose current version uses it."""
    users: dict[str, list[str]] = {}
    for scenario in await store.read(list_scenarios):
        placed = load_document(scenario.content).modules()
        for name in {one.connection for one in placed if one.connection}:
            users.setdefault(name, []).append(scenario.name)
    return users


async def scenarios_using_webhook(store: Store, name: str) -> list[str]:
    """Names of the scenarios whose current version begins with a webhook."""
    return [
        scenario.name
        for scenario in await store.read(list_scenarios)
        if load_document(scenario.content).flow[0].webhook == name
    ]

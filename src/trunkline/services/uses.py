"""Who uses what: scenarios that would break if a thing were removed."""

from trunkline.engine.document import load_document
from trunkline.store.scenarios import list_scenarios
from trunkline.store.store import Store

DATA_STORE = "data_store"
"""The field in which modules name a data store."""


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


async def users_of_data_stores(
    store: Store, *, active_only: bool = False
) -> dict[str, list[str]]:
    """For each data store's name or id the scenarios whose current version has it.

    Whatever constant stands in a field named `data_store` counts; one that is mapped
    is known at run time only.
    """
    users: dict[str, list[str]] = {}
    for scenario in await store.read(list_scenarios):
        if active_only and not scenario.active:
            continue
        placed = load_document(scenario.content).modules()
        named = {one.map.get(DATA_STORE) for one in placed}
        for ref in sorted(one for one in named if isinstance(one, str)):
            users.setdefault(ref, []).append(scenario.name)
    return users

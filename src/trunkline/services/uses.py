"""Who uses what: scenarios that would break if a thing were removed."""

from trunkline.engine.document import load_document
from trunkline.store.scenarios import list_scenarios
from trunkline.store.store import Store


async def scenarios_using_connection(store: Store, name: str) -> list[str]:
    """Names of the scenarios whose current version uses a connection."""
    return [
        scenario.name
        for scenario in await store.read(list_scenarios)
        if any(
            placed.connection == name
            for placed in load_document(scenario.content).modules()
        )
    ]

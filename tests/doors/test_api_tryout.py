"""The sandbox, started over HTTP: what it builds works, and comes back."""

from typing import Any

from aiohttp import ClientSession

from fakes.serving import Client, eventually
from trunkline.server import serving
from trunkline.settings import Settings


async def _answer(address: str) -> None:
    """A customer answers the sandbox's survey, and is not happy."""
    headers = {"accept": "application/json"}
    async with ClientSession(address, headers=headers) as sandbox:
        async with sandbox.get("/surveys") as answer:
            surveys = (await answer.json())["items"]
        survey = next(one for one in surveys if one["name"] == "Quarterly NPS")
        form = {"id": "ada", "data[nps]": "2", "action": "complete"}
        path = f"/surveys/{survey['uuid']}/answers"
        async with sandbox.post(path, data=form) as answer:
            assert answer.ok, await answer.text()


async def _done(api: Client, number: int) -> Any:  # noqa: ANN401 - any JSON value
    return await eventually(
        lambda: api.get("/executions?state=done"),
        lambda seen: len(seen) == number,
        seconds=20,
    )


async def test_one_call_builds_a_scenario_that_answers_reach(
    settings: Settings,
) -> None:
    settings = settings.model_copy(update={"allow_hosts": ()})
    async with ClientSession() as session:
        async with serving(settings) as running:
            api = Client(session, running.address, running.token)
            assert await api.get("/tryout") == {"address": None, "scenario": None}
            begun = await api.post("/tryout")
            assert await api.post("/tryout") == begun
            await _answer(begun["address"])
            [execution] = await _done(api, 1)
            assert execution["scenario_id"] == begun["scenario"]
            assert execution["operations"] == 3
        async with serving(settings) as running:
            api = Client(session, running.address, running.token)
            back = await eventually(
                lambda: api.get("/tryout"), lambda seen: seen["address"], seconds=20
            )
            assert back == begun
            await api.call("DELETE", "/tryout")
            assert (await api.get("/tryout"))["address"] is None

"""The Python client: what a program sees of the API."""

from fakes.serving import scenario, survey
from trunkline.client import connected
from trunkline.server import Running


async def test_a_program_builds_runs_and_looks_into_a_scenario(server: Running) -> None:
    async with connected(server.address, server.token) as client:
        await client.add_webhook(
            {"name": "hook", "module": "refiner.watch_completed_survey"}
        )
        problems = await client.check_scenario(scenario() | {"name": "Other"})
        assert problems == []
        values = await server.services.scenarios.add_values(scenario())
        assert [one["name"] for one in await client.scenarios()] == [values.name]
        await client.activate("Answers")
        run = await client.run_scenario("Answers", survey())
        assert run["state"] == "done"
        lines = await client.operations(run["id"])
        assert [one["module_id"] for one in lines] == [1, 2]
        last = await client.operation(run["id"], lines[-1]["number"])
        assert last["output"] == [{"who": survey()["display_name"]}]
        begun = await client.rerun(run["id"])
        assert begun["execution"] != run["id"]
        restored = await client.restore("Answers", 1)
        assert restored["version"] == 2
        assert [one["number"] for one in await client.versions("Answers")] == [2, 1]

"""Versions over HTTP: what was saved stays, and comes back."""

from fakes.serving import Client, eventually, scenario, survey


def _saying(word: str) -> dict[str, object]:
    fields = {"name": "word", "value": word}
    return scenario({"id": 2, "module": "tools.set_a_variable", "map": fields})


async def test_each_saving_makes_a_version_and_any_of_them_comes_back(
    api: Client,
) -> None:
    await api.listening(_saying("one"))
    saved = await api.get("/scenarios/Answers")
    path = f"/scenarios/{saved['id']}"
    changed = await api.call("PUT", path, json=_saying("two"))
    assert changed.headers["ETag"] == '"2"'
    listed = await api.get(f"{path}/versions")
    assert [(one["number"], one["current"]) for one in listed] == [
        (2, True),
        (1, False),
    ]
    diff = await api.get(f"{path}/versions/2/diff?before=1")
    assert [one for one in diff["lines"] if one[0] in "+-"] == [
        "-      value: one",
        "+      value: two",
    ]
    assert "value: one" in (await api.get(f"{path}/versions/1"))["text"]
    restored = await api.post(f"{path}/versions/1/restore")
    assert restored["version"] == 3
    assert restored["document"]["flow"][1]["map"]["value"] == "one"
    assert (await api.call("GET", f"{path}/versions/9")).status == 404


async def test_who_changed_an_older_version_is_told(api: Client) -> None:
    await api.listening(_saying("one"))
    head = {"If-Match": '"1"'}
    first = await api.call(
        "PUT", "/scenarios/Answers", json=_saying("two"), headers=head
    )
    late = await api.call(
        "PUT", "/scenarios/Answers", json=_saying("three"), headers=head
    )
    assert (first.status, late.status) == (200, 412)
    assert "Version 2" in late.json()["detail"]
    for tag in ("x", '"-1"', '"²"', f'"{"9" * 5000}"'):
        wrong = await api.call(
            "PUT", "/scenarios/Answers", json=_saying("x"), headers={"If-Match": tag}
        )
        assert wrong.status in (412, 422)


async def test_a_scenario_is_renamed_but_not_to_a_name_that_is_taken(
    api: Client,
) -> None:
    await api.listening(_saying("one"))
    await api.post("/scenarios", _saying("one") | {"name": "Other"})
    renamed = await api.call(
        "PUT", "/scenarios/Answers", json=_saying("one") | {"name": "Replies"}
    )
    assert renamed.json()["name"] == "Replies"
    assert (await api.get("/scenarios/Replies"))["active"]
    taken = await api.call(
        "PUT", "/scenarios/Replies", json=_saying("one") | {"name": "Other"}
    )
    assert taken.status == 409


async def test_a_scenario_is_checked_without_being_saved(api: Client) -> None:
    await api.add_webhook()
    assert await api.post("/scenarios/check", _saying("fine")) == []
    [problem] = await api.post("/scenarios/check", _saying("{{9.a}}"))
    assert (problem["module"], problem["place"]) == (2, "map.value")
    assert await api.get("/scenarios") == []


async def test_an_inactive_scenario_goes_with_its_history(api: Client) -> None:
    hook = await api.listening()
    await api.deliver(hook, survey())
    await api.settled(1)
    assert (await api.call("DELETE", "/scenarios/Answers")).status == 409
    await api.post("/scenarios/Answers/deactivate")
    assert (await api.call("DELETE", "/scenarios/Answers")).status == 204
    assert await api.get("/executions") == []
    balance = await eventually(lambda: api.get("/balance"))
    assert balance["states"] == {"done": 1}

"""`trunkline datastore`: stores and records, seen and changed by hand."""

import json

import pytest

from fakes.terminal import Terminal

pytest_plugins = ["fakes.terminals"]


def test_without_a_server_commands_open_the_folder(terminal: Terminal) -> None:
    assert "no data stores yet" in terminal.run("datastore", "list").out
    assert terminal.run("datastore", "add", "people", "--megabytes", "1").code == 0
    (listed,) = terminal.run("datastore", "list", "--json").json()
    assert (listed["name"], listed["limit_bytes"]) == ("people", 1_000_000)


def test_a_store_is_made_filled_shown_and_removed(kept: Terminal) -> None:
    made = kept.run("datastore", "add", "people", "--field", "score:number!")
    assert made.out == "The data store 'people' has been made.\n"
    saved = kept.run("datastore", "set", "people", "ada", "--set", "score=9")
    assert saved.out == "The record 'ada' has been saved.\n"

    (listed,) = kept.run("datastore", "list", "--json").json()
    assert (listed["name"], listed["records"]) == ("people", 1)
    table = kept.run("datastore", "list").out
    assert "score:number!" in table
    assert "100.0 MB" in table
    assert kept.run("datastore", "get", "people", "ada").json() == {"score": 9}
    assert '{"score": 9}' in kept.run("datastore", "records", "people").out
    assert kept.run("datastore", "delete", "people", "ada").code == 0
    assert "no such records" in kept.run("datastore", "records", "people").out
    assert kept.run("datastore", "remove", "people").code == 0


def test_what_is_exported_can_be_imported(kept: Terminal) -> None:
    for name in ("people", "copy"):
        kept.run("datastore", "add", name)
    records = {f"key {number:03}": {"x": [number, "č"]} for number in range(450)}
    lines = [json.dumps({"key": key, "data": data}) for key, data in records.items()]
    taken = kept.run("datastore", "import", "people", "-", given="\n".join(lines))
    assert taken.out == "450 records have been imported.\n"

    exported = kept.run("datastore", "export", "people")
    found = [json.loads(line) for line in exported.out.splitlines()]
    assert {one["key"]: one["data"] for one in found} == records
    kept.run("datastore", "import", "copy", "-", given=exported.out)
    assert kept.run("datastore", "export", "copy").out == exported.out


def test_records_are_listed_by_text_and_from_a_key_on(kept: Terminal) -> None:
    kept.run("datastore", "add", "people")
    for key in ("ada/1 #?", "bob", "eve"):
        kept.run("datastore", "set", "people", key, "--file", "-", given='{"a": "X"}')

    def keys(*options: str) -> list[str]:
        found = kept.run("datastore", "records", "people", "--json", *options).json()
        return [one["key"] for one in found]

    assert keys("--text", "ADA") == ["ada/1 #?"]
    assert keys("--after", "ada/1 #?", "--limit", "1") == ["bob"]
    assert kept.run("datastore", "get", "people", "ada/1 #?").json() == {"a": "X"}


@pytest.mark.parametrize(
    ("command", "given", "code", "words"),
    [
        (("get", "people", "nobody"), "", 1, ("'nobody'", "'people'")),
        (("delete", "people", "nobody"), "", 1, ("'nobody'",)),
        (("records", "nowhere"), "", 1, ("'nowhere'", "datastore list")),
        (("add", "people"), "", 1, ("exists already",)),
        (("add", "more", "--field", "a:date-time"), "", 2, ("NAME:TYPE",)),
        (("set", "people", "a", "--file", "-"), "[]", 2, ("JSON object",)),
        (("import", "people", "-"), '{"key": 1}', 2, ("Line 1",)),
        (("import", "people", "-"), "\nno", 2, ("Line 2", "not JSON")),
        (("set", "people", "a", "--set", "score=much"), "", 2, ("score", "number")),
    ],
)
def test_what_is_wrong_is_named(
    kept: Terminal, command: tuple[str, ...], given: str, code: int, words: tuple[str]
) -> None:
    kept.run("datastore", "add", "people", "--field", "score:number")
    kept.run("datastore", *command, given=given).refuses(code, *words)

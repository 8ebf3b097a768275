"""Parameters from query, form, multipart and JSON (refiner-api 2)."""

import io

import aiohttp
import pytest

from apps.refiner_sandbox.door import Door
from trunkline.apps.refiner.sandbox.parameters import nested

JSON = {"Content-Type": "application/json"}


@pytest.mark.parametrize(
    ("pairs", "tree"),
    [
        ([("a", "1"), ("a", "2")], {"a": "2"}),
        ([("a[b]", "1"), ("a[c][d]", "2")], {"a": {"b": "1", "c": {"d": "2"}}}),
        ([("a[]", "1"), ("a[]", "2")], {"a": ["1", "2"]}),
        ([("a[0]", "1"), ("a[1]", "2")], {"a": ["1", "2"]}),
        ([("a[2]", "1")], {"a": {"2": "1"}}),
        ([("a", "1"), ("a[b]", "2")], {"a": {"b": "2"}}),
        ([("a[b", "1"), ("[a]", "2")], {"a[b": "1", "[a]": "2"}),
        ([("a[]", ""), ("b", "")], {"a": [""], "b": ""}),
    ],
)
def test_brackets_are_read_as_php_reads_them(
    pairs: list[tuple[str, object]], tree: dict[str, object]
) -> None:
    assert nested(pairs) == tree


def test_bottomless_brackets_are_cut_off() -> None:
    tree: object = nested([("a" + "[b]" * 10_000, "1")])
    depth = 0
    while isinstance(tree, dict):
        tree, depth = next(iter(tree.values())), depth + 1
    assert depth == 8


BRACKETS = {"id": "1", "account[id]": "acme", "account[name]": "Acme", "seats": "7"}
NESTED = {"id": "1", "account": {"id": "acme", "name": "Acme"}, "seats": 7}


@pytest.mark.parametrize(
    "request_parts",
    [{"params": BRACKETS}, {"data": BRACKETS}, {"json": NESTED}, {"json": BRACKETS}],
    ids=["query", "form", "json", "json with brackets"],
)
async def test_every_encoding_says_the_same(
    door: Door, request_parts: dict[str, object]
) -> None:
    await door.call("POST", "/v1/identify-user", **request_parts)
    contact = await door.get("/v1/contact", id="1")
    assert contact["account"]["display_name"] == "Acme"
    assert contact["attributes"]["seats"] == "7"


async def test_multipart_forms_are_read_and_their_files_left_out(door: Door) -> None:
    form = aiohttp.FormData({"id": "1", "city": "Zürich"})
    form.add_field("photo", b"\x00", filename="photo.png")
    await door.call("POST", "/v1/identify-user", data=form)
    attributes = (await door.get("/v1/contact", id="1"))["attributes"]
    assert attributes["city"] == "Zürich"
    assert "photo" not in attributes


async def test_the_body_goes_before_the_query(door: Door) -> None:
    parts = {"params": {"id": "1", "city": "Bern"}, "json": {"city": "Basel"}}
    await door.call("POST", "/v1/identify-user", **parts)
    contact = await door.get("/v1/contact", id="1")
    assert contact["attributes"]["city"] == "Basel"


@pytest.mark.parametrize("body", [b"{", b"[]", b"\xff", b"[" * 100_000])
async def test_a_body_that_is_no_json_object_is_refused(
    door: Door, body: bytes
) -> None:
    async with door.http.post(
        f"{door.url}/v1/identify-user", data=body, headers=JSON
    ) as answer:
        assert answer.status == 422


async def test_too_large_a_body_is_refused(door: Door) -> None:
    body = io.BytesIO(b'{"id":"' + b"x" * 5_000_000 + b'"}')
    async with door.http.post(
        f"{door.url}/v1/identify-user", data=body, headers=JSON
    ) as answer:
        assert answer.status == 413


@pytest.mark.parametrize("value", [["1"], {"a": "1"}])
async def test_an_id_is_a_text_and_nothing_else(door: Door, value: object) -> None:
    await door.post("/v1/identify-user", id=value, status=422)


async def test_unknown_paths_and_wrong_methods_are_answered_in_json(
    door: Door,
) -> None:
    assert await door.get("/v1/nothing", status=404) == {"error": "Not Found"}
    answer = await door.post("/v1/contact", status=405)
    assert answer == {"error": "Method Not Allowed"}

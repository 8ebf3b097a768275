"""`/`: the interface's files, and what travels with them."""

import gzip
import re
from pathlib import Path

import pytest
from aiohttp import ClientSession

from fakes.serving import Answer, Client
from trunkline.web.door import WebDoor


async def _page(api: Client, path: str = "/", **headers: str) -> Answer:
    return await api.call("GET", api.address + path, token="", headers=headers)


async def _assets(api: Client) -> list[str]:
    page = await _page(api)
    found = re.findall(r"/assets/[\w.-]+", page.text)
    assert found
    return found


@pytest.mark.parametrize("path", ["/", "/scenarios", "/executions/1?x=y", "/a/b/c"])
async def test_every_place_is_the_page(path: str, api: Client) -> None:
    page = await _page(api, path)
    assert (page.status, page.headers["Cache-Control"]) == (200, "no-store")
    assert '<div id="root">' in page.text


async def test_the_page_lets_nothing_run_but_its_own_scripts(api: Client) -> None:
    first, second = await _page(api), await _page(api)
    policy = first.headers["Content-Security-Policy"]
    assert "default-src 'none'; script-src 'self'; style-src 'self' 'nonce-" in policy
    assert "frame-ancestors 'none'" in policy
    [nonce] = re.findall(r"'nonce-([\w-]+)'", policy)
    assert f'nonce="{nonce}"' in first.text
    assert "__NONCE__" not in first.text
    assert policy != second.headers["Content-Security-Policy"]
    assert first.headers["X-Content-Type-Options"] == "nosniff"


async def test_files_are_packed_and_kept_for_ever(api: Client) -> None:
    for path in await _assets(api):
        plain = await _page(api, path, **{"accept-encoding": "identity"})
        assert plain.status == 200
        assert "immutable" in plain.headers["Cache-Control"]
        if len(plain.body) <= 1024:
            continue  # packing would gain nothing
        async with (
            ClientSession(auto_decompress=False) as session,
            session.get(
                api.address + path, headers={"accept-encoding": "gzip"}
            ) as packed,
        ):
            assert packed.headers["Content-Encoding"] == "gzip"
            assert gzip.decompress(await packed.read()) == plain.body


@pytest.mark.parametrize(
    "path",
    [
        "/assets/gone.js",
        "/assets/",
        "/assets/../index.html",
        "/assets/%2e%2e/%2e%2e/door.py",
        "/assets/..%2f..%2fdoor.py",
        "/assets//etc/passwd",
    ],
)
async def test_a_file_that_is_not_there_is_not_the_page(path: str, api: Client) -> None:
    answer = await _page(api, path)
    assert answer.status == 404 or answer.text.startswith("<!doctype html>")
    assert "WebDoor" not in answer.text
    if path == "/assets/gone.js":
        assert answer.status == 404


async def test_no_source_or_stamp_is_served(api: Client) -> None:
    for path in ("/.source-digest", "/index.html", "/door.py", "/assets/x.gz"):
        answer = await _page(api, path)
        assert "__NONCE__" not in answer.text
        assert answer.status == 404 or "root" in answer.text


async def test_pages_are_only_read(api: Client) -> None:
    answer = await api.call("POST", f"{api.address}/scenarios", token="")
    assert (answer.status, answer.headers["Allow"]) == (405, "GET, HEAD")


async def test_without_the_interface_the_page_says_how_to_get_it(
    tmp_path: Path,
) -> None:
    answer = WebDoor(tmp_path)._page()
    assert answer.status_code == 503
    assert b"TRUNKLINE_SKIP_UI" in answer.body

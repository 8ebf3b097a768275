"""A bare loop over a list: `python -m bench.pages URL KEY` prints a contact a line."""

import asyncio
import sys
from typing import Any

import aiohttp
import msgspec
import uvloop

_PAGE_LENGTH = 1000


async def walk(url: str, key: str) -> None:
    """Fetches each page, decodes it, and writes its contacts."""
    headers = {"authorization": f"Bearer {key}"}
    params: dict[str, Any] = {"page_length": _PAGE_LENGTH}
    encoder = msgspec.json.Encoder()
    async with aiohttp.ClientSession(headers=headers) as session:
        while True:
            async with session.get(f"{url}/v1/contacts", params=params) as answer:
                page = msgspec.json.decode(await answer.read())
            sys.stdout.buffer.write(encoder.encode_lines(page["items"]))
            params["page_cursor"] = page["pagination"]["next_page_cursor"]
            if not params["page_cursor"]:
                return


def main() -> None:
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(walk(*sys.argv[1:]))


if __name__ == "__main__":
    main()

"""The command: plays the story, and says whether every effect was found."""

import time
from contextlib import AsyncExitStack

from trunkline.cli.demo.report import Teller
from trunkline.cli.demo.stage import set_up
from trunkline.cli.demo.story import play
from trunkline.cli.place import AsJson
from trunkline.cli.terminal import patience, print_json


async def demo(*, as_json: AsJson = False) -> int:
    """Show the main job end to end, on a sandbox, and check every effect.

    Starts a local Refiner and a server on free ports with a folder of their own,
    connects them, lets ten contacts answer a survey and two enter a segment, and
    looks at the other end for what the scenarios should have done there. Nothing is
    left behind. Ends with 0 only if everything was found.
    """
    begun = time.monotonic()
    teller = Teller(aloud=not as_json)
    async with AsyncExitStack() as stack:
        async with patience("Starting a sandbox and a server"):
            stage = await stack.enter_async_context(set_up())
        story = await play(stage, teller)
    seconds = time.monotonic() - begun
    if as_json:
        print_json({**story.as_record(), "seconds": round(seconds, 2)})
    else:
        teller.conclude(story.findings, seconds)
    return 0 if story.well else 1

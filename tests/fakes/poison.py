"""An app with a module that ends the process it runs in, if told so."""

import os
import signal
from pathlib import Path

from pydantic import Field

from trunkline.sdk import App, Input, Output

app = App(key="poison", title="Poison", description="Ends the process.")


class Taste(Input):
    """What is tasted."""

    event: str = Field(title="Event")


class Tasted(Output):
    """What was survived."""

    event: str


@app.action("Taste")
async def taste(fields: Taste) -> Tasted:
    """Dies of events whose name begins with poison."""
    if fields.event.startswith("poison"):
        os.kill(os.getpid(), signal.SIGKILL)
    return Tasted(event=fields.event)


def install(folder: Path) -> None:
    """Makes the app found in any process that has `folder` on its path."""
    facts = folder / "poison-1.dist-info"
    facts.mkdir(parents=True)
    (facts / "METADATA").write_text("Metadata-Version: 2.1\nName: poison\nVersion: 1\n")
    entry_point = "[trunkline.apps]\npoison = fakes.poison:app\n"
    (facts / "entry_points.txt").write_text(entry_point)

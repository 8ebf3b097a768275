"""Waiting."""

from pydantic import Field

from trunkline.apps.tools.toolbox import app
from trunkline.sdk import Input, Output


class Sleep(Input):
    """How long to wait."""

    seconds: int = Field(ge=1, le=2_678_400, title="Delay (seconds)")


class Slept(Output):
    """How long it waited."""

    seconds: int = Field(title="Delay (seconds)")


@app.pauser("Sleep")
async def sleep(fields: Sleep) -> Slept:
    """Waits before the execution goes on.

    Meanwhile it costs no memory, and a restart does not wake it.
    """
    return Slept(seconds=fields.seconds)

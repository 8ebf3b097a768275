"""What ends an error route; see docs/guides/errors.md."""

from pydantic import ConfigDict, Field

from trunkline.apps.flow.control import app
from trunkline.sdk import Free, Input, Output


class Resume(Input):
    """The bundle that stands for the one that the failed module did not give."""

    model_config = ConfigDict(extra="allow")


class Break(Input):
    """Whether, how often and how soon it is tried again by itself."""

    retry: bool = Field(default=True, title="Automatically complete execution")
    count: int = Field(default=3, ge=1, le=10_000, title="Number of attempts")
    interval: int = Field(
        default=15, ge=1, le=44_640, title="Interval between attempts (minutes)"
    )


class Patience(Output):
    """What was asked for."""

    retry: bool
    count: int
    interval: int


@app.directive("Resume")
async def resume(fields: Resume) -> Free:
    """Goes on with a substitute for the bundle that the failed module did not give."""
    return Free.model_validate(fields.model_extra or {})


@app.directive("Ignore")
async def ignore() -> None:
    """Drops the bundle that failed, and goes on with the next one."""


@app.directive("Break")
async def break_(fields: Break) -> Patience:
    """Keeps the bundle that failed as an incomplete execution, to be tried again."""
    return Patience(retry=fields.retry, count=fields.count, interval=fields.interval)


@app.directive("Commit")
async def commit() -> None:
    """Ends the execution as done; bundles that have not come yet are not processed."""


@app.directive("Rollback")
async def rollback() -> None:
    """Ends the execution as failed."""

"""Scenarios, as a module that calls one another sees them."""

from collections.abc import Sequence
from typing import Protocol

from trunkline.sdk.fields import FurtherField


class Scenarios(Protocol):
    """Knows the scenarios that can be called."""

    async def names(self) -> Sequence[str]:
        """The names of the active scenarios that run on demand."""

    async def inputs(self, name: str) -> Sequence[FurtherField]:
        """What a scenario is to be given; nothing where there is none of that name."""

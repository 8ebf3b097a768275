"""`trunkline sandbox`: a local Refiner, found where apps announce theirs."""

import sys
from importlib.metadata import entry_points
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter
from cyclopts.validators import Number

from trunkline.errors import NotFoundError

GROUP = "trunkline.sandboxes"
"""Entry points of this group are functions that read `sys.argv` and return a code."""

Count = Annotated[int | None, Parameter(metavar="N", validator=Number(gte=0))]


def sandbox(
    *,
    port: Annotated[
        int | None, Parameter(metavar="P", validator=Number(gte=0, lte=65535))
    ] = 8788,
    data: Annotated[Path | None, Parameter(metavar="DIR")] = None,
    key: str | None = None,
    contacts: Count = None,
    responses: Count = None,
) -> int:
    """Run a local Refiner: the same API and webhooks, and pages to play the customer.

    Parameters
    ----------
    port
        The port on 127.0.0.1; 0 takes a free one.
    data
        A folder to keep what happens; without one it is forgotten at the end.
    key
        The API key to ask for; its pages show it under Integrations > Get API Key.
    contacts
        How many invented contacts to begin with.
    responses
        How many invented survey responses to begin with.
    """
    given = {
        "port": port,
        "data": data,
        "key": key,
        "contacts": contacts,
        "responses": responses,
    }
    # --name=value, so that a value that begins with a hyphen stays a value.
    options = [
        f"--{name}={value}" for name, value in given.items() if value is not None
    ]
    for found in entry_points(group=GROUP, name="refiner"):
        sys.argv = ["trunkline sandbox", *options]
        code: int = found.load()()
        return code
    raise NotFoundError("The Refiner app is not installed, and the sandbox with it.")

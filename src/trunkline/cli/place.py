"""Options that many commands share: the data folder, JSON, how many."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

AsJson = Annotated[
    bool, Parameter("--json", negative=(), help="Print JSON instead of text.")
]
Limit = Annotated[int, Parameter(help="How many to show, at most 1000.")]


@Parameter(name="*")
@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """The folder that a command works on, and what it may reach from there."""

    data: Annotated[
        Path | None,
        Parameter(
            metavar="DIR",
            help="The data folder; otherwise TRUNKLINE_DATA or ./trunkline-data.",
        ),
    ] = None
    allow_host: Annotated[
        tuple[str, ...],
        Parameter(
            metavar="H",
            negative=(),
            show_default=False,
            help="A private host that modules may call, such as 127.0.0.1, where no "
            "server runs on the folder; may be repeated.",
        ),
    ] = ()


HERE = Place()

"""Values that modules of one execution share."""

from typing import Any


class Variables(dict[str, Any]):
    """What was set under a name; it lives as long as the execution.

    A module that asks for it must do the same each time it runs on the same values,
    since it is run again where an execution is taken up.
    """

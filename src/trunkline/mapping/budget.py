"""How much one evaluation may compute; checked before anything is allocated."""

from typing import Final

from trunkline.errors import BudgetError

MAX_STEPS: Final = 1_000_000
MAX_BYTES: Final = 5_000_000
MAX_ARRAY: Final = 100_000
MAX_NESTING: Final = 64
MAX_SOURCE: Final = 64 * 1024


class Budget:
    """What is left of the steps and bytes of one evaluation."""

    __slots__ = ("_bytes", "_steps")

    def __init__(self) -> None:
        self._steps = MAX_STEPS
        self._bytes = MAX_BYTES

    def spend(self, steps: int) -> None:
        """Take steps: one for each member a function looks at."""
        self._steps -= steps
        if self._steps < 0:
            raise BudgetError(
                f"The expression needs more than {MAX_STEPS:,} steps; map less data "
                "at once."
            )

    def produce(self, size: int) -> None:
        """Take room for a text (in characters) or a buffer (in bytes)."""
        self._bytes -= size
        if self._bytes < 0:
            raise too_many_bytes()

    def hold(self, members: int) -> None:
        """Take room for an array."""
        if members > MAX_ARRAY:
            raise BudgetError(
                f"The array would have {members:,} members; at most {MAX_ARRAY:,} "
                "are allowed."
            )
        self.spend(members)


def too_many_bytes() -> BudgetError:
    return BudgetError(
        f"The expression produces more than {MAX_BYTES:,} bytes; map less data at once."
    )


def too_deep() -> BudgetError:
    return BudgetError("The data is nested too deeply to be worked on.")

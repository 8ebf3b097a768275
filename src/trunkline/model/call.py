"""One scenario's call of another."""

from msgspec import Struct


class Call(Struct, frozen=True, kw_only=True):
    """What began an execution: an operation of its parent.

    `depth` counts the calls above it. When it has `ended`, `output` is what it
    returned, or `error` why it failed, as JSON text.
    """

    child_id: str
    parent_id: str
    module_id: int
    path: str
    depth: int
    ended: bool = False
    output: str | None = None
    error: str | None = None

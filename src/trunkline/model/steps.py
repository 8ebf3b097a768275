"""How work that runs side by side keeps step."""

from collections.abc import Awaitable, Generator


def keep_step() -> Awaitable[None]:
    """Lets what else is under way come as far as this first.

    Thirty executions that each go the whole way in turn find nothing of it in the
    processor's caches; if all go the first part, then all the second, they do. It made
    a tenth more executions per second (docs/decisions/0010-keeping-step.md).
    """
    return _STEP


class _Step:
    """One turn of the event loop, for half of what `asyncio.sleep(0)` takes."""

    __slots__ = ()

    def __await__(self) -> Generator[None, None, None]:
        yield


_STEP = _Step()

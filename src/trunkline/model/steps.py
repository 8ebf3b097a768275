"""How work that runs side by side keeps step."""

import asyncio
from collections.abc import Awaitable


def keep_step() -> Awaitable[None]:
    """Lets what else is under way come as far as this first.

    Thirty executions that each go the whole way in turn find nothing of it in the
    processor's caches; if all go the first part, then all the second, they do. It made
    a tenth more executions per second (docs/decisions/0010-keeping-step.md).
    """
    return asyncio.sleep(0)

"""`trunkline` with the disk's shim: it marks what it answers and calls, in their order.

`TRUNKLINE_TEST_DEFECT` names a defect to put into it.
"""

import json
import os
import sys
from typing import Any

import pytest

from faults.defects import DEFECTS
from faults.disk import Disk
from trunkline.__main__ import main
from trunkline.hooks.door import HooksDoor
from trunkline.sdk import HttpClient
from trunkline.store import checkpointer

ANSWERED, CALLING = "answered", "calling"

_CHECKPOINT_AFTER = 40
"""Pieces of work; a short run has to meet as many checkpoints as a long one."""

_patch = pytest.MonkeyPatch()
"""Never undone: the process dies with what was patched."""


def bear_witness(disk: Disk) -> None:
    """Marks each event before it is answered, and each effect before it is asked."""
    store, send = HooksDoor._store, HttpClient.send

    async def stored(door: HooksDoor, webhook: Any, payload: Any) -> str:  # noqa: ANN401 - passed on
        delivery = await store(door, webhook, payload)
        event = json.loads(payload.body)["response"]["uuid"]
        disk.mark(f"{ANSWERED} {event}")
        return delivery

    async def sent(client: HttpClient, *args: Any, **named: Any) -> Any:  # noqa: ANN401 - passed on
        if key := named["headers"].get("idempotency-key"):
            disk.mark(f"{CALLING} {key}")
        return await send(client, *args, **named)

    _patch.setattr(HooksDoor, "_store", stored)
    _patch.setattr(HttpClient, "send", sent)
    _patch.setattr(checkpointer, "_CHECKPOINT_AFTER", _CHECKPOINT_AFTER)


if __name__ == "__main__":
    if defect := os.environ.get("TRUNKLINE_TEST_DEFECT"):
        DEFECTS[defect]()
    bear_witness(Disk())
    sys.exit(main())

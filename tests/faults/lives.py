"""Lives of a server, each in a forked process: started at once, and free to die."""

import asyncio
import os
import sys
import traceback
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import NoReturn
from urllib.parse import urlsplit

from fakes.ledger import mend
from faults.crash_points import Points
from faults.house import House, opened
from faults.process import until
from faults.workloads import API_KEY, SECRET, WEBHOOK, Workload, completed_survey
from trunkline.model.states import InactivePolicy
from trunkline.services.incomplete import Resumption

Tell = Callable[[str, str], None]
"""Says a word and its meaning to the parent; what was said survives the process."""

Body = Callable[[Tell], Coroutine[None, None, None]]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a server lives: its folder, its webhook's path, the ledger's address."""

    folder: Path
    path: str
    ledger: str


@dataclass(frozen=True, slots=True)
class Life:
    """What a process said before it ended; `failed` says what it ended of."""

    killed: bool
    told: tuple[tuple[str, str], ...]

    def all(self, word: str) -> list[str]:
        return [meaning for said, meaning in self.told if said == word]


def live(body: Body) -> Life:
    """Runs `body` in a fork of this process, and waits for its end."""
    until(_is_single, "this process has one thread, as a fork needs")
    read, write = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(read)
        _live_and_leave(body, write)
    os.close(write)
    with os.fdopen(read) as pipe:
        lines = pipe.read().splitlines()
    _, status = os.waitpid(pid, 0)
    told = [line.partition(" ") for line in lines]
    return Life(
        killed=os.WIFSIGNALED(status),
        told=tuple((said, text) for said, _, text in told),
    )


def _is_single() -> bool:
    """A thread that was joined may still be there for a moment."""
    return len(list(Path("/proc/self/task").iterdir())) == 1


def rehearse(body: Body) -> Life:
    """Runs `body` in this process, whose children will find everything warm."""
    told: list[tuple[str, str]] = []
    asyncio.run(body(lambda word, meaning: told.append((word, meaning))))
    return Life(killed=False, told=tuple(told))


def _live_and_leave(body: Body, pipe: int) -> NoReturn:
    def tell(word: str, meaning: str) -> None:
        os.write(pipe, f"{word} {meaning}\n".encode())

    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.dup2(nowhere, sys.stderr.fileno())
    try:
        asyncio.run(body(tell))
    except BaseException:  # noqa: BLE001 - the parent has to hear of it
        tell("failed", traceback.format_exc().replace("\n", " | "))
    finally:
        os._exit(0)


async def prepare(workload: Workload, folder: Path, ledger: str, tell: Tell) -> None:
    """Fills a new folder with what the workload needs; tells the webhook's path."""
    async with opened(folder) as house:
        services = house.services
        if workload.connection:
            values = {"api_key": API_KEY}
            await services.connections.add("refiner", "refiner", values, ledger)
        if workload.data_store:
            await services.data_stores.add(workload.data_store)
        webhook = await services.webhooks.add(
            WEBHOOK,
            "refiner.watch_completed_survey",
            secret=SECRET,
            when_inactive=InactivePolicy.QUEUE,
        )
        await services.scenarios.add_values(workload.document(ledger))
        if not workload.waiting:
            await services.scenarios.activate("Fault")
        path = urlsplit(webhook.address).path
        await _deliver(house, path, workload.waiting, tell)
        tell("path", path)


async def first_life(
    workload: Workload, place: Place, points: Points, tell: Tell
) -> None:
    """Does the work, as far as the points let it."""
    points.armed = workload.taken_over
    async with opened(place.folder, workload.clock(life=1)) as house:
        await house.idle()
        points.armed = True
        if workload.waiting:
            await house.services.scenarios.activate("Fault")
        if not workload.taken_over:
            await _deliver(house, place.path, workload.events, tell, points)
        await house.complete(partial(_repair, house, workload, place))


async def last_life(
    workload: Workload, place: Place, missing: list[str], tell: Tell
) -> None:
    """Takes over what is left; the sender repeats what it got no answer to."""
    async with opened(place.folder, workload.clock(life=2)) as house:
        services = house.services
        if not (await services.scenarios.show("Fault")).active:
            await services.scenarios.activate("Fault")
        await _deliver(house, place.path, missing, tell)
        await house.idle()
        for check in await services.health.examine():
            if check.name in ("durability", "balance") and not check.well:
                tell("unwell", f"{check.name}: {check.found}")
        await house.complete(partial(_repair, house, workload, place))


async def _repair(house: House, workload: Workload, place: Place) -> None:
    """Mends the target, or what it is given, and lets what is incomplete go on."""
    if workload.edit is None:
        mend(place.ledger)
    incomplete = house.services.executions.incomplete
    edits = [] if workload.edit is None else [workload.edited(place.ledger)]
    for id_ in await incomplete.all_of(None):
        await incomplete.resume(id_, Resumption(edits=edits))


async def _deliver(
    house: House,
    path: str,
    events: tuple[str, ...] | list[str],
    tell: Tell,
    points: Points | None = None,
) -> None:
    for event in events:

        def answered(event: str = event) -> None:
            if points is not None:
                points.reach("before the ack")
            tell("answered", event)
            if points is not None:
                points.reach("after the ack")

        await house.deliver(path, completed_survey(event), answered)

"""How the server is: the balance, the disk, the settings that keep promises."""

import shutil
import sqlite3
from dataclasses import dataclass

from trunkline import __version__
from trunkline.engine.engine import Engine
from trunkline.model.balance import Balance
from trunkline.model.clock import as_text
from trunkline.model.size import as_size
from trunkline.store.balance import count_balance
from trunkline.store.database import read_settings
from trunkline.store.review import count_unfinished, find_review
from trunkline.store.sizes import measure_file
from trunkline.store.store import Store

_LEAST_FREE_BYTES = 500 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at; `advice` says what to do where it is not well."""

    name: str
    well: bool
    found: str
    advice: str = ""


class Health:
    """The use cases of whoever looks after the server."""

    def __init__(self, store: Store, engine: Engine) -> None:
        self._store = store
        self._engine = engine

    async def balance(self) -> Balance:
        """All of it at one moment, while deliveries arrive and others are pruned."""
        return await self._store.read(count_balance)

    async def examine(self) -> list[Check]:
        """Looks at everything that can be wrong with an installation."""
        return [
            Check("version", well=True, found=__version__),
            Check("apps", well=True, found=", ".join(self._engine.catalog.apps)),
            self._folder(),
            self._disk(),
            await self._storage(),
            await self._durability(),
            _library(),
            await self._conservation(),
            await self._review(),
        ]

    def _folder(self) -> Check:
        mode = self._store.folder.stat().st_mode & 0o077
        key = self._store.folder / "key"
        private = mode == 0 and (not key.exists() or key.stat().st_mode & 0o077 == 0)
        return Check(
            "folder",
            well=private,
            found=str(self._store.folder.absolute()),
            advice=""
            if private
            else "Others on this machine can read the folder or its key: "
            "chmod 700 the folder and 600 the key.",
        )

    def _disk(self) -> Check:
        free = shutil.disk_usage(self._store.folder).free
        return Check(
            "disk",
            well=free > _LEAST_FREE_BYTES,
            found=f"{free / 1e9:.1f} GB free",
            advice=""
            if free > _LEAST_FREE_BYTES
            else "Make room; a full disk makes Trunkline refuse deliveries (507).",
        )

    async def _storage(self) -> Check:
        file = await self._store.read(measure_file)
        spare = file.free_pages * file.page_bytes
        return Check(
            "storage",
            well=file.shrinks,
            found=f"{as_size(file.pages * file.page_bytes)} in the database, of which "
            f"{as_size(spare)} are free",
            advice=""
            if file.shrinks
            else "This folder was made before files could shrink; write the file anew "
            "once with `trunkline prune --compact`.",
        )

    async def _durability(self) -> Check:
        found = await self._store.write(read_settings)
        well = found["journal_mode"] == "wal" and found["synchronous"] == "2"
        return Check(
            "durability",
            well=well,
            found=", ".join(f"{name}={value}" for name, value in found.items()),
            advice=""
            if well
            else "SQLite does not keep what it is told; see the docs.",
        )

    async def _conservation(self) -> Check:
        balance = await self.balance()
        states = " + ".join(f"{n} {name}" for name, n in balance.states.items())
        return Check(
            "balance",
            well=balance.holds,
            found=f"{balance.accepted} accepted = {states or '0'}"
            + (f"; {balance.pruned} of them are no longer kept" * (balance.pruned > 0)),
            advice="" if balance.holds else "Deliveries are missing; please report it.",
        )

    async def _review(self) -> Check:
        made_at = await self._store.read(find_review)
        if made_at is None:
            return Check("review", well=True, found="nothing to confirm")
        unfinished = await self._store.read(count_unfinished)
        return Check(
            "review",
            well=False,
            found=f"restored from a backup of {as_text(made_at)}, with {unfinished} "
            "unfinished executions; nothing runs",
            advice="Look at what is there, then run `trunkline restore --confirm`.",
        )


def _library() -> Check:
    """Old versions of SQLite can damage a file that two connections write to.

    Trunkline writes by one connection alone, so this is worth knowing, not alarming.
    """
    return Check("sqlite", well=True, found=sqlite3.sqlite_version)

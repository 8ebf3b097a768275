"""A data folder: its database, its secrets, and who owns it."""

import asyncio
import shutil
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Concatenate, ParamSpec, TypeVar

from sqlalchemy import Connection

from trunkline.errors import ConflictError, StorageFullError, UsageError
from trunkline.store.checkpointer import Checkpointer
from trunkline.store.complaints import opening
from trunkline.store.database import Database
from trunkline.store.entry import Entry, Receipt
from trunkline.store.incoming import driver_of
from trunkline.store.owner import OwnerNote, Ownership
from trunkline.store.schema import make_current
from trunkline.store.vault import Vault, check_key, read_keys
from trunkline.store.writer import Writer

READY = "trunkline.db.restored"
"""What a restore has unpacked and not yet put in its place."""

Result = TypeVar("Result")
Arguments = ParamSpec("Arguments")


class Store:
    """A data folder, opened by its one owner."""

    def __init__(
        self, folder: Path, *, key: str | None = None, may_migrate: bool = True
    ) -> None:
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        except (FileExistsError, NotADirectoryError) as error:
            raise UsageError(
                f"{folder} is not a folder. Choose another one with --data."
            ) from error
        self.folder = folder
        self._key = key
        self._may_migrate = may_migrate
        self.ownership = Ownership(folder)
        self.file = folder / "trunkline.db"
        self._database = Database(self.file)
        self._checkpointer = Checkpointer(self._database.checkpointing)
        self.writer = Writer(self._database.writing, self._checkpointer)
        self._readers = ThreadPoolExecutor(max_workers=4, thread_name_prefix="reader")

    def open(self, note: OwnerNote) -> None:
        """Takes the folder and makes it ready.

        Raises:
            FolderInUseError: somebody else has it.
            ConflictError: a restore into it was broken off.
            NewerFolderError: a later version of Trunkline wrote it.
            OlderFolderError: it has to be migrated, and may not be.
            MigrationError: it has to be migrated, and that failed on a copy.
            KeyMismatchError: the key file is not a key.
            StorageFullError: there is no room for what a start writes, or for a copy to
                migrate.
            StorageUnavailableError: the disk, or what is on it, cannot be read or
                written.
        """
        try:
            with opening(self.folder):
                self.ownership.take(note)
                self._make_ready()
        except BaseException:
            self._let_go()
            raise
        self._checkpointer.start()
        self.writer.start()

    def announce(self, note: OwnerNote) -> None:
        """Lets others on this machine know where the owner answers.

        Raises:
            StorageFullError: there is no room for it.
            StorageUnavailableError: it cannot be written.
        """
        with opening(self.folder):
            self.ownership.announce(note)

    def _make_ready(self) -> None:
        self._refuse_half_restored()
        self.vault: Vault = read_keys(self.folder / "key", self._key)
        make_current(self.file, may_migrate=self._may_migrate)
        self._database.prepare()
        with self._database.writing.begin() as connection:
            check_key(connection, self.vault)

    def _refuse_half_restored(self) -> None:
        if (self.folder / READY).exists():
            raise ConflictError(
                f"A restore into {self.folder} was broken off. Run `trunkline restore "
                "FILE --replace` again; nothing is lost."
            )

    def close(self) -> None:
        """Commits what is pending and lets go of the folder."""
        self.writer.close()
        self._checkpointer.close()
        self._readers.shutdown()
        self._let_go()

    def _let_go(self) -> None:
        self._database.close()
        self.ownership.release()

    def append(self, entry: Entry) -> "asyncio.Future[Receipt]":
        """Puts a journal entry into the next commit; the future waits for the disk."""
        return self.writer.append(entry)

    async def write(
        self,
        run: Callable[Concatenate[Connection, Arguments], Result],
        *args: Arguments.args,
        **kwargs: Arguments.kwargs,
    ) -> Result:
        """Runs a piece of writing with the next commit and waits for the disk."""
        return await self.writer.call(
            lambda connection: run(connection, *args, **kwargs)
        )

    def want_checkpoint(self) -> None:
        """Asks for the log to be moved into the file, soon."""
        self._checkpointer.want()

    async def checkpoint(self) -> None:
        """Returns when the log is in the file; nothing is written meanwhile."""
        await self.writer.alone(lambda _: self._checkpointer.move())

    async def give_back(self, pages: int) -> None:
        """Takes so many free pages out of the file; it is shorter once checkpointed."""
        await self.writer.alone(
            lambda connection: _script(
                connection, f"PRAGMA incremental_vacuum({pages})"
            )
        )

    async def compact(self) -> None:
        """Writes the file anew, without what is free in it; all writing waits.

        Raises:
            StorageFullError: there is no room for the copy and the log of it.
        """
        size = self._database.file.stat().st_size
        if shutil.disk_usage(self.folder).free < 2 * size:
            raise StorageFullError(
                "To write the file anew takes twice its size on the disk; make room."
            )
        compact = self._database.compact
        await self.writer.alone(lambda _: self._checkpointer.meanwhile(compact))

    def read(
        self,
        run: Callable[Concatenate[Connection, Arguments], Result],
        *args: Arguments.args,
        **kwargs: Arguments.kwargs,
    ) -> Awaitable[Result]:
        """Runs a query on a reading connection."""

        def query() -> Result:
            with self._database.read() as connection:
                return run(connection, *args, **kwargs)

        return asyncio.get_running_loop().run_in_executor(self._readers, query)


def _script(connection: Connection, statement: str) -> None:
    """As a script, since the driver would take the first of its steps alone."""
    driver_of(connection).executescript(statement)

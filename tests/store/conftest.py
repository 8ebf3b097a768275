"""A store of the test's own, with one webhook and one scenario to refer to."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from fakes.history import History
from fakes.storing import Folder, webhook
from trunkline.store.owner import OwnerNote
from trunkline.store.scenarios import save_version
from trunkline.store.store import Store
from trunkline.store.webhooks import add_webhook


@pytest.fixture
async def folder(tmp_path: Path) -> AsyncIterator[Folder]:
    store = Store(tmp_path / "data")
    store.open(OwnerNote(pid=1))
    await store.write(add_webhook, store.vault, webhook())
    await store.write(
        save_version,
        scenario_id="scenario",
        version_id="version",
        name="Answers",
        content="{}",
        now=1,
    )
    yield Folder(store)
    store.close()


@pytest.fixture
async def history(folder: Folder) -> History:
    made = History(folder)
    await made.keep("{}")
    return made

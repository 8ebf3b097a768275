"""The steps between schemas, each with its way back."""

import pkgutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import import_module

from trunkline.errors import UsageError
from trunkline.store.migrations import versions


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """A step to the schema `number`, and from there back to the one before.

    Both run within Alembic's `Operations.context`, so they speak to `alembic.op`.
    """

    number: int
    title: str
    upgrade: Callable[[], None]
    downgrade: Callable[[], None] | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to do, and the schema that the file has after it."""

    title: str
    run: Callable[[], None]
    leads_to: int


def known() -> Sequence[Revision]:
    """Every revision, the first one first."""
    names = sorted(found.name for found in pkgutil.iter_modules(versions.__path__))
    return [_read(name) for name in names]


def way(found: int, target: int) -> list[Step]:
    """The steps from one schema to another, up or down.

    Raises:
        UsageError: there is no such schema, or no way back to it.
    """
    revisions = {one.number: one for one in known()}
    if target not in revisions:
        raise UsageError(
            f"There is no schema {target}; this version of Trunkline knows 1 to "
            f"{max(revisions)}."
        )
    if found <= target:
        ups = (revisions[number] for number in range(found + 1, target + 1))
        return [Step(one.title, one.upgrade, one.number) for one in ups]
    return [_back(revisions[number]) for number in range(found, target, -1)]


def _back(revision: Revision) -> Step:
    if revision.downgrade is None:
        raise UsageError(f"There is no way back from schema {revision.number}.")
    return Step(f"Back: {revision.title}", revision.downgrade, revision.number - 1)


def _read(name: str) -> Revision:
    """A revision file; its title is the first line of its docstring."""
    module = import_module(f"{versions.__name__}.{name}")
    return Revision(
        number=int(name.partition("_")[0].removeprefix("r")),
        title=(module.__doc__ or name).partition("\n")[0].rstrip("."),
        upgrade=module.upgrade,
        downgrade=getattr(module, "downgrade", None),
    )

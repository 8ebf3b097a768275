"""The apps that are installed, found the way a stranger's app is found."""

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from importlib.metadata import entry_points

from trunkline.errors import NotFoundError
from trunkline.sdk import App, Module

_GROUP = "trunkline.apps"


class Catalog:
    """Apps by key, modules by name."""

    def __init__(self, apps: Iterable[App]) -> None:
        self.apps: Mapping[str, App] = {
            app.key: app for app in sorted(apps, key=lambda app: app.key)
        }
        self.modules: Mapping[str, Module] = {
            module.name: module
            for app in self.apps.values()
            for module in app.modules.values()
        }

    @classmethod
    def installed(cls) -> "Catalog":
        """The catalogue of every app that announces itself by an entry point."""
        return cls(point.load() for point in entry_points(group=_GROUP))

    def app(self, key: str) -> App:
        """The app of that key.

        Raises:
            NotFoundError: it is not installed; the text names the nearest one.
        """
        if key not in self.apps:
            raise NotFoundError(
                f"There is no app {key!r}{_nearest(key, self.apps)} "
                "`trunkline app list` shows those installed."
            )
        return self.apps[key]

    def module(self, name: str) -> Module:
        """The module of that name (`APP.MODULE`).

        Raises:
            NotFoundError: no installed app has it; the text names the nearest one.
        """
        if name not in self.modules:
            raise NotFoundError(
                f"There is no module {name!r}{_nearest(name, self.modules)} "
                "`trunkline app show APP` lists the modules of an app."
            )
        return self.modules[name]


def _nearest(name: str, known: Iterable[str]) -> str:
    close = get_close_matches(name, list(known), n=1)
    return f"; did you mean {close[0]!r}?" if close else "."

"""Scenario files as Trunkline writes them: YAML for people, which it reads back."""

from collections.abc import Mapping
from typing import Any

import yaml

_FIRST = (
    "id",
    "name",
    "description",
    "note",
    "settings",
    "schedule",
    "module",
    "connection",
    "webhook",
)
_LAST = ("map", "designer", "routes", "on_error", "flow")


def as_yaml(document: Mapping[str, Any]) -> str:
    """A scenario's document as the text of a file."""
    text: str = yaml.dump(
        _ordered(document),
        Dumper=_Readable,
        sort_keys=False,
        allow_unicode=True,
        width=88,
    )
    return text


class _Readable(yaml.SafeDumper):
    """YAML without references, lists indented, texts of several lines as such."""

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ANN401, ARG002 - the base's signature
        return True

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:  # noqa: ARG002, FBT001, FBT002 - the same
        super().increase_indent(flow, False)  # noqa: FBT003 - the same


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    style = "|" if "\n" in text else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Readable.add_representer(str, _text)


def _ordered(document: Mapping[str, Any]) -> dict[str, Any]:
    """The document in the order in which people read it; what users map stays as is."""
    rest = [name for name in document if name not in (*_FIRST, *_LAST)]
    names = [name for name in (*_FIRST, *rest, *_LAST) if name in document]
    ordered = {name: document[name] for name in names}
    for part in ("flow", "routes", "on_error"):
        if part in ordered:
            ordered[part] = [_ordered(one) for one in ordered[part]]
    return ordered

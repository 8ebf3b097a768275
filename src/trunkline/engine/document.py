"""Scenario files: YAML or JSON in, a checked document out."""

import math
import re
from collections.abc import Mapping
from typing import Any

import yaml
from pydantic import TypeAdapter, ValidationError

from trunkline.engine.bundle import decode
from trunkline.errors import UsageError
from trunkline.model.scenario import ScenarioDocument

_LARGEST = 5 * 1024 * 1024
_DEEPEST = 100
"""Levels of collections; a route takes four."""
_MOST_MODULES = 500
_adapter = TypeAdapter(ScenarioDocument)


class _PlainLoader(yaml.SafeLoader):
    """YAML without what surprises.

    Aliases are refused, since a few lines of them can fill all memory; dates, and times
    such as 12:30 (for YAML the number 750), stay the text that was written.
    """

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            mark = self.peek_event().start_mark  # type: ignore[no-untyped-call]
            raise yaml.MarkedYAMLError(
                problem="aliases (*name) are not supported", problem_mark=mark
            )
        return super().compose_node(parent, index)


_BASE_60 = re.compile(r"[-+]?\d+(?::\d+)+(?:\.\d*)?$", re.ASCII)

_PlainLoader.yaml_implicit_resolvers = {
    first: [
        ("tag:yaml.org,2002:str", _BASE_60),
        *((tag, pattern) for tag, pattern in resolvers if "timestamp" not in tag),
    ]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def parse_document(text: str) -> ScenarioDocument:
    """Reads a scenario file.

    Raises:
        UsageError: it is not YAML or JSON, or not a scenario; the text says where.
    """
    if len(text) > _LARGEST:
        raise UsageError("The scenario file is larger than 5 MB.")
    try:
        return read_document(decode(text))
    except ValueError:
        return read_document(_read_yaml(text))


def _read_yaml(text: str) -> object:
    try:
        return yaml.load(text, Loader=_PlainLoader)  # noqa: S506 - a SafeLoader
    # PyYAML lets what Python says of a bad number or date through as it is.
    except (yaml.YAMLError, AttributeError, RecursionError, ValueError) as error:
        raise UsageError(f"The scenario file is not valid YAML: {error}") from error


def read_document(values: object) -> ScenarioDocument:
    """Checks a scenario given as values.

    Raises:
        UsageError: it is not a scenario; the text names each fault with its place.
    """
    if not isinstance(values, Mapping):
        raise UsageError(
            "A scenario file begins with `name:` and `flow:`; this one does not."
        )
    _check_plain(values)
    try:
        document = _adapter.validate_python(values)
    except ValidationError as error:
        raise UsageError(
            f"The scenario file is not complete: {_faults(error)}"
        ) from error
    if sum(1 for _ in document.modules()) > _MOST_MODULES:
        raise UsageError(f"A scenario has at most {_MOST_MODULES} modules.")
    return document


def _check_plain(value: object, level: int = 0) -> None:
    """Refuses what YAML can say and JSON cannot, since JSON is what is stored."""
    if level > _DEEPEST:
        raise UsageError("The scenario file is nested too deeply.")
    match value:
        case str():
            value.encode()
        case Mapping():
            for name, member in value.items():
                _check_plain(name, level + 1)
                _check_plain(member, level + 1)
        case list():
            for member in value:
                _check_plain(member, level + 1)
        case float() if not math.isfinite(value):
            raise UsageError(f"{value} is not a number that can be kept.")
        case bool() | int() | float() | None:
            return
        case _:
            raise UsageError(
                f"A scenario file cannot hold a value of type {type(value).__name__}; "
                "write it as a text."
            )


def dump_document(document: ScenarioDocument) -> str:
    """The document as the JSON text that is stored."""
    return _adapter.dump_json(document, exclude_defaults=True).decode()


def load_document(content: str) -> ScenarioDocument:
    """The document of a stored version."""
    return _adapter.validate_json(content)


def document_schema() -> dict[str, Any]:
    """The JSON Schema of scenario files."""
    return _adapter.json_schema()


def _faults(error: ValidationError) -> str:
    return "".join(
        f"\n  - {'.'.join(map(str, fault['loc']))}: {fault['msg']}"
        for fault in error.errors(include_url=False)
    )

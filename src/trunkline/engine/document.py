"""Scenario files: YAML or JSON in, a checked document out."""

from collections.abc import Mapping
from typing import Any

import yaml
from pydantic import TypeAdapter, ValidationError

from trunkline.errors import UsageError
from trunkline.model.scenario import ScenarioDocument

_LARGEST = 5 * 1024 * 1024
_adapter = TypeAdapter(ScenarioDocument)


class _PlainLoader(yaml.SafeLoader):
    """YAML without what surprises.

    Aliases are refused, since a few lines of them can fill all memory; dates stay the
    text that was written.
    """

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            mark = self.peek_event().start_mark  # type: ignore[no-untyped-call]
            raise yaml.MarkedYAMLError(
                problem="aliases (*name) are not supported", problem_mark=mark
            )
        return super().compose_node(parent, index)


_PlainLoader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if "timestamp" not in tag]
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
        values = yaml.load(text, Loader=_PlainLoader)  # noqa: S506 - a SafeLoader
    except (yaml.YAMLError, RecursionError) as error:
        raise UsageError(f"The scenario file is not valid YAML: {error}") from error
    return read_document(values)


def read_document(values: object) -> ScenarioDocument:
    """Checks a scenario given as values.

    Raises:
        UsageError: it is not a scenario; the text names each fault with its place.
    """
    if not isinstance(values, Mapping):
        raise UsageError(
            "A scenario file begins with `name:` and `flow:`; this one does not."
        )
    try:
        return _adapter.validate_python(values)
    except ValidationError as error:
        raise UsageError(
            f"The scenario file is not complete: {_faults(error)}"
        ) from error


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

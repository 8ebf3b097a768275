"""The example files are scenarios that can be saved, run, and are the demo's own."""

import re
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
import yaml

from trunkline.cli.demo.story import CONNECTION, SCENARIOS, WEBHOOKS
from trunkline.engine.catalog import Catalog
from trunkline.engine.compile import compile_scenario
from trunkline.engine.document import parse_document

EXAMPLES = Path(__file__).parents[2] / "examples"
FILES = sorted(EXAMPLES.glob("*.yaml"))
GUIDE = Path(__file__).parents[2] / "docs" / "guides" / "errors.md"


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_an_example_can_be_saved_where_what_it_names_is_there(file: Path) -> None:
    document = parse_document(file.read_text("utf-8"))

    compiled = compile_scenario(
        document,
        Catalog.installed(),
        connections={CONNECTION: "refiner"},
        webhooks={name: module for name, (module, _) in WEBHOOKS.items()},
    )

    assert compiled.name == document.name
    assert document.description


def test_the_demo_plays_the_example_files() -> None:
    shipped = files("trunkline.cli.demo")

    assert {file.name for file in FILES} == set(SCENARIOS)
    for name in SCENARIOS:
        text = (EXAMPLES / name).read_text("utf-8")
        assert shipped.joinpath(name).read_text("utf-8") == text


def test_what_the_guide_to_errors_shows_can_be_saved() -> None:
    shown = re.findall(r"```yaml\n(.*?)```", GUIDE.read_text("utf-8"), re.DOTALL)
    whole, *routes = [yaml.safe_load(one) for one in shown]

    assert _modules_of(whole) == {"http.make_a_request", "flow.ignore"}
    found = set[str]()
    for route in routes:
        whole["flow"][1]["on_error"] = route["on_error"]
        found |= _modules_of(whole)
    assert found == {
        f"flow.{name}" for name in ("resume", "ignore", "break", "commit", "rollback")
    }


def _modules_of(document: dict[str, Any]) -> set[str]:
    """Compiles a scenario; the modules of its error route."""
    compile_scenario(
        parse_document(yaml.safe_dump(document)),
        Catalog.installed(),
        connections={},
        webhooks={name: module for name, (module, _) in WEBHOOKS.items()},
    )
    return {one["module"] for one in document["flow"][1]["on_error"]}

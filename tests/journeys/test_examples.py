"""The example files are scenarios that can be saved, run, and are the demo's own."""

from importlib.resources import files
from pathlib import Path

import pytest

from trunkline.cli.demo.story import CONNECTION, SCENARIOS, WEBHOOKS
from trunkline.engine.catalog import Catalog
from trunkline.engine.compile import compile_scenario
from trunkline.engine.document import parse_document

EXAMPLES = Path(__file__).parents[2] / "examples"
FILES = sorted(EXAMPLES.glob("*.yaml"))


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

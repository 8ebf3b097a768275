"""The documented examples of Make's expressions, one case for each row."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from trunkline.errors import TrunklineError
from trunkline.mapping import Scope, coerce, compile_template, render_text

EXAMPLES = yaml.safe_load(Path(__file__).with_name("examples.yaml").read_text())
BUNDLE: dict[str, object] = {
    "name": "Ada",
    "n": 5,
    "zero": 0,
    "flag": False,
    "empty": "",
    "First Name": "Ada",
    "0": "colA",
    "tags": ["x", "y", "z"],
    "nested": {"city": "Brno", "geo": {"lat": 49.2}},
    "items": [
        {"sku": "A1", "qty": 2, "kind": "work"},
        {"sku": "B2", "qty": 1, "kind": "home"},
        {"sku": "C3", "qty": 4, "kind": "work"},
    ],
    "d": datetime(2018, 10, 1, 7, 32, 5, 678_000, tzinfo=UTC),
}


@pytest.mark.parametrize("row", EXAMPLES, ids=lambda row: f"{row['n']}{row['basis']}")
def test_a_documented_example_gives_what_its_document_says(row: dict[str, Any]) -> None:
    if "error" in row:
        with pytest.raises(TrunklineError, match=row["error"]):
            result_of(row)
    elif "bytes" in row:
        assert result_of(row) == bytes.fromhex(row["bytes"])
    else:
        result = result_of(row)
        shown = render_text(result) if isinstance(result, datetime) else result
        assert shown == row["value"]
        assert type(shown) is type(row["value"])


def result_of(row: dict[str, Any]) -> object:
    timezone = row.get("tz", "UTC")
    scope = Scope(
        {1: BUNDLE, 2: row.get("with", {})},
        clock=lambda: datetime(2024, 5, 6, tzinfo=UTC),
        random=lambda: 0.5,
        uuid=lambda: "3f0c",
        timezone=timezone,
    )
    value = compile_template(row["template"]).evaluate(scope)
    return coerce(value, row.get("as", "any"), timezone=timezone)

"""Scenario files: what YAML reads as something else stays what was written."""

import pytest

from trunkline.engine.document import parse_document


@pytest.mark.parametrize("text", ["12:30", "06:00", "23:59", "12:30:15", "2026-12-24"])
def test_times_and_dates_stay_the_text_that_was_written(text: str) -> None:
    document = parse_document(
        f"name: a\nflow:\n  - id: 1\n    module: b.c\n    map: {{x: {text}}}"
    )

    assert document.flow[0].map == {"x": text}


@pytest.mark.parametrize("number", ["750", "-3", "1.5", "+8"])
def test_numbers_stay_numbers(number: str) -> None:
    document = parse_document(
        f"name: a\nflow:\n  - id: 1\n    module: b.c\n    map: {{x: {number}}}"
    )

    assert document.flow[0].map == {"x": float(number)}

"""The page of figures tells what the harnesses recorded, and the latest of it."""

from pathlib import Path
from typing import Any

import msgspec
import pytest
from tools import reliability
from tools.reliability import Catch, Figure, latest, write


def figure(**changes: Any) -> Figure:  # noqa: ANN401 - fields of a figure
    return Figure(
        **{
            "harness": "Kills",
            "test": "tests/test_kills.py::test_all",
            "command": "pytest tests/test_kills.py::test_all",
            "seconds": 12.0,
            "date": "2026-11-26",
            "commit": "abc1234",
            "machine": "2 cores",
            "promise": "nothing is lost",
            "done": "200 kills",
            "found": "0 of 50,000 lost",
            "seeds": "7",
            **changes,
        }
    )


def catch(defect: str) -> Catch:
    facts = msgspec.structs.asdict(figure(test=f"tests/test_kills.py::{defect}"))
    known = {name: facts[name] for name in Catch.__struct_fields__ if name in facts}
    return Catch(**known, defect=defect)


def test_a_figure_stands_beside_what_repeats_it() -> None:
    page = "\n".join(write([figure(), catch("ack_before_commit")]))
    for said in (
        "| [Kills](#kills) | 0 of 50,000 lost | 1 |",
        "**Promise**: nothing is lost",
        "- Done: 200 kills",
        "- Seeds: 7",
        "- 2026-11-26, commit abc1234, 12 s",
        "- Machine: 2 cores",
        "pytest tests/test_kills.py::test_all",
        "- ack_before_commit (2026-11-26, commit abc1234)",
    ):
        assert said in page


def test_of_each_test_the_latest_line_counts() -> None:
    lines = latest([figure(found="old"), catch("a"), figure(found="new")])
    assert [one.found for one in lines if isinstance(one, Figure)] == ["new"]
    assert len(lines) == 2


def test_a_harness_that_caught_nothing_says_so() -> None:
    assert "| 0 |" in "\n".join(write([figure()]))
    assert "No seeded defect" in "\n".join(write([figure()]))


def test_a_page_changed_by_hand_is_noticed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reliability, "PAGE", tmp_path / "page.md")
    monkeypatch.setattr(reliability, "LINES", tmp_path / "lines.jsonl")
    (tmp_path / "lines.jsonl").write_bytes(msgspec.json.encode(figure()))
    monkeypatch.setattr("sys.argv", ["reliability"])
    assert reliability.main() == 0
    monkeypatch.setattr("sys.argv", ["reliability", "--check"])
    assert reliability.main() == 0
    page = (tmp_path / "page.md").read_text()
    (tmp_path / "page.md").write_text(page.replace("0 of", "1 of"))
    assert reliability.main() == 1

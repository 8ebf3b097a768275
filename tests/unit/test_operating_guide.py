"""The operating guide tells each setting with the value that it has."""

import re
from collections.abc import Iterator
from pathlib import Path

from trunkline.settings import Settings

_GUIDE = Path(__file__).parents[2] / "docs/guides/operating.md"
_ROW = re.compile(r"^\| (`TRUNKLINE_[^|]*) \| ([^|]*) \|", re.MULTILINE)


def _told() -> Iterator[tuple[str, str]]:
    """Names and defaults; a row may tell several, separated by commas."""
    for names, values in _ROW.findall(_GUIDE.read_text()):
        listed = re.findall(r"TRUNKLINE_(\w+)", names)
        defaults = values.split(", ") if len(listed) > 1 else [values]
        yield from zip(map(str.lower, listed), defaults, strict=True)


def test_each_setting_is_in_the_guide_with_its_default() -> None:
    told = dict(_told())
    fields = Settings.model_fields
    assert told.keys() == fields.keys()
    for name, field in fields.items():
        if isinstance(field.default, int | float | str):
            assert told[name].strip("`") == f"{field.default}", name

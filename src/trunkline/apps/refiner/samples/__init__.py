"""Invented bundles, one for each module: what to map from before anything has run."""

import json
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def sample(name: str) -> dict[str, Any]:
    """The bundle in the file of that name."""
    text = (files(__name__) / f"{name}.json").read_text(encoding="utf-8")
    bundle: dict[str, Any] = json.loads(text)
    return bundle

"""What a bundle of many is told of the others: its position, and how many there are."""

from collections.abc import Mapping
from typing import Any

from trunkline.engine.steps import Step

EMPTY: Mapping[str, Any] = {"__IMTLENGTH__": 0}
"""The bundle that goes on where a module with many found none (Make's marker; F15
[likely])."""


def marked(step: Step, bundle: Any, position: int, length: int | None = None) -> Any:  # noqa: ANN401 - any JSON value
    """The bundle with the marks that somebody downstream asks for (F16 [sure])."""
    if not isinstance(bundle, Mapping):
        return bundle
    marks: dict[str, Any] = {}
    if step.numbered:
        marks["__IMTINDEX__"] = position
    if step.counted and length is not None:
        marks["__IMTLENGTH__"] = length
    return {**bundle, **marks} if marks else bundle

"""Bombs: refused in words, at once, and without taking the memory they ask for."""

import tracemalloc
from collections.abc import Callable
from time import process_time

import pytest

from trunkline.errors import DataError, TemplateError
from trunkline.mapping import Scope, compile_template
from unit.mapping.bombs import BOMBS, BUNDLE

_MOST_SECONDS = 0.1
_MOST_BYTES = 32 * 1024 * 1024


def _refused(template: str, scope: Scope) -> None:
    with pytest.raises((DataError, TemplateError)):
        compile_template(template).evaluate(scope)


def test_there_are_bombs_enough() -> None:
    assert len(BOMBS) >= 60


@pytest.mark.parametrize("bomb", BOMBS)
def test_a_bomb_is_refused_within_a_tenth_of_a_second(
    scope_of: Callable[..., Scope], bomb: str
) -> None:
    scope, template = scope_of(BUNDLE), BOMBS[bomb]
    seconds = []
    for _ in range(3):  # a busy machine may take its time once
        began = process_time()
        _refused(template, scope)
        seconds.append(process_time() - began)
    assert min(seconds) < _MOST_SECONDS


@pytest.mark.parametrize("bomb", BOMBS)
def test_a_bomb_takes_little_memory(scope_of: Callable[..., Scope], bomb: str) -> None:
    scope, template = scope_of(BUNDLE), BOMBS[bomb]
    tracemalloc.start()
    try:
        _refused(template, scope)
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert most < _MOST_BYTES

"""What every app has to fulfil, as checks that run on any app.

from trunkline.sdk.testing import check_app

def test_the_app_is_in_order() -> None:
assert check_app(app) == []
"""

from collections.abc import Callable, Iterator

from trunkline.sdk.app import App
from trunkline.sdk.testing.credentials import (
    connections_are_explained_and_tested,
    outputs_hide_no_secret,
    secrets_are_secret,
)
from trunkline.sdk.testing.forms import (
    defaults_and_examples_fit,
    dropdowns_have_sources,
    further_fields_have_sources,
    mandatory_fields_have_titles,
    schemas_render,
)
from trunkline.sdk.testing.names import (
    descriptions_are_sentences,
    keys_follow_labels,
    labels_are_in_style,
)
from trunkline.sdk.testing.runs import (
    samples_pass_their_modules,
    searches_are_lazy,
    services_have_a_universal_module,
)

Check = Callable[[App], Iterator[str]]

_CHECKS: tuple[Check, ...] = (
    connections_are_explained_and_tested,
    defaults_and_examples_fit,
    descriptions_are_sentences,
    dropdowns_have_sources,
    further_fields_have_sources,
    keys_follow_labels,
    labels_are_in_style,
    mandatory_fields_have_titles,
    outputs_hide_no_secret,
    samples_pass_their_modules,
    schemas_render,
    searches_are_lazy,
    secrets_are_secret,
    services_have_a_universal_module,
)


def conformance_checks() -> tuple[Check, ...]:
    """All checks; each takes an app and yields its problems, a sentence each.

    Made for `pytest.mark.parametrize`: a check's `__name__` says what it proves.
    """
    return _CHECKS


def check_app(app: App) -> list[str]:
    """The problems of an app; an app without any is in order."""
    return [problem for check in _CHECKS for problem in check(app)]


__all__ = ["Check", "check_app", "conformance_checks"]

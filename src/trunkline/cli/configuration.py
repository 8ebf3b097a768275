"""Settings as a command reads them: what is wrong with them is one sentence."""

from typing import Any

from pydantic import ValidationError

from trunkline.errors import UsageError
from trunkline.settings import Settings


def read_settings(**given: Any) -> Settings:  # noqa: ANN401 - checked by the settings
    """The settings, those given on the command line first; None counts as not given.

    Raises:
        UsageError: one of them is wrong; the text names it.
    """
    try:
        return Settings(
            **{name: value for name, value in given.items() if value is not None}
        )
    except ValidationError as error:
        faults = "; ".join(
            ": ".join([*map(str, fault["loc"]), fault["msg"]])
            for fault in error.errors(include_url=False, include_input=False)
        )
        raise UsageError(
            f"The settings are wrong: {faults}. They come from TRUNKLINE_* variables, "
            "trunkline.toml and the command line."
        ) from error

"""Tools: small steps that touch nothing outside of the scenario."""

from trunkline.apps.tools import text, variables
from trunkline.apps.tools.toolbox import app

__all__ = ["app", "text", "variables"]

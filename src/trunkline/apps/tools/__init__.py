"""Tools: small steps that touch nothing outside of the scenario."""

from trunkline.apps.tools import aggregators, text, time, variables
from trunkline.apps.tools.toolbox import app

__all__ = ["aggregators", "app", "text", "time", "variables"]

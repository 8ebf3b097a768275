"""Flow: modules that decide which way bundles go; the engine does their work."""

from trunkline.apps.flow import branching, directives, gathering, looping, responding
from trunkline.apps.flow.control import app

__all__ = ["app", "branching", "directives", "gathering", "looping", "responding"]

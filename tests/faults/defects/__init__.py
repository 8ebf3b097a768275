"""Defects put into a server on purpose: a harness that misses one proves nothing.

Each is applied within a forked process, and dies with it.
"""

from faults.defects import of_running, of_storing
from faults.defects.catalogue import DEFECTS

__all__ = ["DEFECTS", "of_running", "of_storing"]

"""Puts it together: settings, store, engine, services, doors."""

from trunkline.server.serving import Running, run, serving

__all__ = ["Running", "run", "serving"]

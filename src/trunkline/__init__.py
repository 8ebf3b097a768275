"""Trunkline, a self-hosted integrator."""

__version__ = "0.1.0"

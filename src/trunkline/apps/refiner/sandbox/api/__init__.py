"""The 19 operations of the REST API under /v1."""

from .routes import routes

__all__ = ["routes"]

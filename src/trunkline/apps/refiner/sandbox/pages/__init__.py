"""The pages that stand for Refiner's dashboard."""

from .routes import routes

__all__ = ["routes"]

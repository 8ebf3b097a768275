"""Invented data: what every sandbox starts with, and people and answers on demand."""

from .plant import plant

__all__ = ["plant"]

"""Moved to `pointbook.model.wording`."""

from pointbook.model.wording import quantity

__all__ = ["quantity"]

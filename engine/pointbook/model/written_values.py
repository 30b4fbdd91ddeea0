"""Moved to `pointbook.model.wording`."""

from pointbook.model.wording import written

__all__ = ["written"]

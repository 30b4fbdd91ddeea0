"""Values as the log and YAML write them."""

from __future__ import annotations


def written(value: object) -> str:
    """A text, number, truth or date as people type it.

    >>> written(True), written(5), written("silver")
    ('true', '5', 'silver')
    """
    return str(value).lower() if isinstance(value, bool) else str(value)

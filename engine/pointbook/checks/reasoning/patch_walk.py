"""What a patch writes, value by value, and whether its base has the same.

For documents of any shape: nothing here assumes that they fit the schema.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from pointbook.lower.resolution import HEADER

if TYPE_CHECKING:
    from collections.abc import Container, Iterator

    from pointbook.model.rules import Path
    from pointbook.source.document import Node


def written_values(
    patch: Node, path: Path = (), *, whole: Container[Path] = ()
) -> Iterator[tuple[Path, Node]]:
    """Every value of the rules that the patch writes, with its path.

    Mappings are values only where they are empty, and at the paths `whole`.
    """
    for key, node in patch.content.items():
        if not path and key in HEADER:
            continue
        if node.is_mapping and node.content and (*path, key) not in whole:
            yield from written_values(node, (*path, key), whole=whole)
        else:
            yield (*path, key), node


def repeats(base: Node, path: Path, value: Node) -> bool:
    """Whether merging `value` at `path` leaves `base` as it is."""
    there = base.at(path)
    if there is None or value.content is None:
        return False
    if value.is_mapping and not value.content:
        return there.is_mapping
    return _compared(there) == _compared(value)


def _compared(value: Node) -> str:
    """The same text for the same value, in whatever order its keys are; `true` is not 1, nor 1.0."""
    return json.dumps(value.plain(), sort_keys=True, default=lambda number: f"decimal {number.normalize()}")

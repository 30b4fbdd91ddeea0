"""What a rank is called and which rank a total reaches, as expressions over an edition's number.

They take the place of joins with the levels, which would not keep the order of events.
"""

from __future__ import annotations

from functools import reduce
from operator import add
from typing import TYPE_CHECKING, Any

import ibis

from pointbook.relational.rulebook.codes import NONE

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

    from pointbook.model.program import Version
    from pointbook.relational.rulebook.editions import VersionSet


def by_edition(
    edition: Any, one: VersionSet, key_of: Callable[[Version], Hashable], value_of: Callable[[Any], Any]
) -> Any:
    """The value that belongs to the edition with this number; nothing where there is none.

    Args:
        edition: The number, -1 for none.
        one: The version set of the editions.
        key_of: What the value depends on; editions with the same have the same value.
        value_of: The value for a key.
    """
    numbers: dict[Hashable, list[int]] = {}
    for each in one.editions:
        numbers.setdefault(key_of(each.version), []).append(each.number)
    if one.fixed is not None:
        return value_of(*numbers)
    return ibis.cases(*((edition.isin(found), value_of(key)) for key, found in numbers.items()))


def version_named(edition: Any, one: VersionSet) -> Any:
    """Id of the version that an edition is."""
    return by_edition(edition, one, lambda version: version.id, ibis.literal)


def rank_reached_in(edition: Any, total: Any, one: VersionSet) -> Any:
    """Rank of the highest level of an edition that `total` reaches, -1 for none."""

    def rank(thresholds: tuple[int, ...]) -> Any:
        reached = [ibis.ifelse(total >= threshold, 1, 0) for threshold in thresholds]
        return reduce(add, reached, ibis.literal(NONE, type="int64"))

    found = by_edition(
        edition, one, lambda version: tuple(level.threshold for level in version.levels.values()), rank
    )
    return found.fill_null(NONE).cast("int16")


def level_named(edition: Any, rank: Any, one: VersionSet) -> Any:
    """Id of the level with a rank in an edition; nothing where there is none."""

    def name(levels: tuple[str, ...]) -> Any:
        if not levels:
            return ibis.null("string")
        return ibis.cases(*((rank == number, ibis.literal(level)) for number, level in enumerate(levels)))

    return by_edition(edition, one, lambda version: tuple(version.levels), name)

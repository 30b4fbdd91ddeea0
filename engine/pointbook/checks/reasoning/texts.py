"""Values of attributes that rules name, each with where it is written."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from pointbook.reasoning.conditions import comparisons_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pointbook.model.activities import Activity
    from pointbook.model.conditions import Comparison
    from pointbook.model.rules import Path


class Named(NamedTuple):
    """Texts that stand together as values of an attribute.

    Attributes:
        attribute: Its name, with `member.` for one of the member's.
        texts: Each with where it is written, from the top of the version.
    """

    attribute: str
    texts: tuple[tuple[str, Path], ...]


def texts_of(activity: Activity) -> Iterator[Named]:
    """What an activity's tables list, then what its conditions compare attributes with."""
    top: Path = ("activities", activity.id)
    for place, outermost in activity.tables:
        for steps, table in outermost.layers:
            for depth, name in enumerate(table.attributes):
                path = (*top, *place, *steps, "values")
                found = {keys[: depth + 1]: (*path, *keys[: depth + 1]) for keys, _ in table.leaves}
                listed = tuple((keys[-1], where) for keys, where in found.items() if len(keys) == depth + 1)
                yield Named(name, listed)
    for path, comparison in comparisons_of(activity):
        named = texts_compared(path, comparison)
        if named:
            yield Named(comparison.attribute, named)


def texts_compared(path: Path, comparison: Comparison) -> tuple[tuple[str, Path], ...]:
    """The texts that an attribute is compared with, each with where it is written."""
    among: list[tuple[Path, object]] = [
        ((*path, "in", place), value) for place, value in enumerate(comparison.among or ())
    ]
    texts = (*among, ((*path, "is"), comparison.equals))
    return tuple((value, place) for place, value in texts if isinstance(value, str))

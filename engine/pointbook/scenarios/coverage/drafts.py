"""What elements are made of: a path, a side, and what is lacking; those of limits and of conditions."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from pointbook.model.conditions import Comparison
from pointbook.model.wording import condition_text
from pointbook.reasoning.conditions import conditions_under

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pointbook.model.attributes import Attribute
    from pointbook.model.conditions import Condition
    from pointbook.model.rules import Cap, Path


class Draft(NamedTuple):
    """An element that has no place yet.

    Attributes:
        path: Of its value, from the top of the resolved version or of program.yaml.
        lacking: What no scenario has while it is not exercised, in words.
        side: That it takes effect, or that it could have and does not.
        parts: Paths of what it depends on besides its own.
    """

    path: Path
    lacking: str
    side: bool = True
    parts: tuple[Path, ...] = ()


def of_caps(owner: Path, caps: tuple[Cap, ...]) -> Iterator[Draft]:
    """That each limit cuts."""
    for index, cap in enumerate(caps):
        yield Draft((*owner, "caps", index), f"no scenario has an event cut by this cap ({cap.words})")


def of_defaults(attributes: Mapping[str, Attribute], path: Path, lacking: str) -> Iterator[Draft]:
    """That each default stands for a value that is not given.

    Args:
        attributes: By name.
        path: Where they are declared.
        lacking: Up to the name.
    """
    for name, attribute in attributes.items():
        if attribute.default is not None:
            yield Draft((*path, name, "default"), f"{lacking} `{name}`, which is then {attribute.default}")


def of_comparisons(condition: Condition, path: Path, event: str) -> Iterator[Draft]:
    """Both sides of each comparison in a condition; `event` is what it is about, in words."""
    for part_path, part in conditions_under(condition, path):
        if isinstance(part, Comparison):
            for side, verb in ((True, "holds"), (False, "does not hold")):
                lacking = f"no scenario has {event} for which {condition_text(part)} {verb}"
                yield Draft(part_path, lacking, side, _parts(part_path))


def of_whole(condition: Condition, path: Path, lacking: Mapping[bool, str]) -> Iterator[Draft]:
    """Sides of a condition of several comparisons as a whole; of one, its comparison has them already.

    Args:
        condition: It.
        path: Where it is named or written.
        lacking: What is said of each side.
    """
    inside = list(conditions_under(condition, path))
    if sum(isinstance(part, Comparison) for _, part in inside) > 1:
        parts = tuple(place for part_path, _ in inside for place in _parts(part_path))
        for side, text in lacking.items():
            yield Draft(inside[0][0], f"{text} ({condition_text(condition)})", side, parts)


def _parts(path: Path) -> tuple[Path, ...]:
    """Where a comparison's attribute and operators can be written."""
    operators = ("attribute", "is", "in", "at_least", "at_most", "present", "within")
    within = ((*path, "within", "days"), (*path, "within", "after"))
    return (*((*path, operator) for operator in operators), *within)

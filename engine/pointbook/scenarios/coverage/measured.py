"""How much of a program its scenarios exercise: every element once, by file, and what is lacking."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pointbook.scenarios.coverage.elements import program_elements, version_elements

if TYPE_CHECKING:
    from collections.abc import Mapping
    from collections.abc import Set as AbstractSet

    from pointbook.model.program import Program
    from pointbook.scenarios.coverage.elements import Element, Identity


@dataclass(frozen=True, slots=True)
class Coverage:
    """What the scenarios exercise of a program.

    Attributes:
        elements: Each once, by place.
        lacking: Those that no scenario exercises, by place.
    """

    elements: tuple[Element, ...]
    lacking: tuple[Element, ...]

    @property
    def exercised(self) -> int:
        """How many elements are exercised."""
        return len(self.elements) - len(self.lacking)

    @property
    def percent(self) -> int:
        """The share that is exercised, rounded down, so that 100 means all."""
        return 100 * self.exercised // len(self.elements) if self.elements else 100

    @property
    def by_file(self) -> Mapping[str, tuple[int, int]]:
        """How many elements are exercised, and how many there are, by file."""
        all_there = Counter(element.place.file for element in self.elements)
        lacking = Counter(element.place.file for element in self.lacking)
        return {file: (all_there[file] - lacking[file], all_there[file]) for file in sorted(all_there)}


def coverage_of(program: Program, exercised: AbstractSet[Identity]) -> Coverage:
    """What of the program's own rules is among the elements that its scenarios exercise."""
    unique: dict[Identity, Element] = {}
    for document in (
        program_elements(program),
        *(version_elements(program, each) for each in program.versions),
    ):
        for element in document.values():
            unique.setdefault(element.identity, element)
    elements = sorted(
        unique.values(), key=lambda element: (element.place, not element.identity[1], element.lacking)
    )
    lacking = tuple(element for element in elements if element.identity not in exercised)
    return Coverage(tuple(elements), lacking)

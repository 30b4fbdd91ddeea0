"""One export with all that was guessed about it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pointbook.adoption.exports import ExportFile
    from pointbook.adoption.further import FurtherColumn
    from pointbook.adoption.guesses import Guess, Role
    from pointbook.adoption.profiles import Profile


@dataclass(frozen=True, slots=True)
class Sheet:
    """One export.

    Attributes:
        export: The file.
        profile: What is in its columns.
        guesses: What they probably are.
        further: What becomes of the others.
    """

    export: ExportFile
    profile: Profile
    guesses: Mapping[Role, Guess]
    further: tuple[FurtherColumn, ...]

    @property
    def words_for_nothing(self) -> dict[str, tuple[int, tuple[str, ...]]]:
        """By word, sorted: in how many cells it stands, and in which columns."""
        found: dict[str, tuple[int, tuple[str, ...]]] = {}
        for column in self.profile.columns:
            for word, times in column.nothing.items():
                cells, columns = found.get(word, (0, ()))
                found[word] = (cells + times, (*columns, column.name))
        return dict(sorted(found.items()))

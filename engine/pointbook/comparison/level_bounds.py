"""How often somebody can be promoted and demoted at most, whatever events there are."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from pointbook.model.rules import Resets

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pointbook.comparison.question import Question
    from pointbook.model.rules import Version


class LevelBounds(NamedTuple):
    """What one side allows at most.

    Attributes:
        levels: The most levels that one of its versions has.
        starts: Versions that can take effect while somebody is a member.
        resets: When the level balance begins anew.
    """

    levels: int
    starts: int
    resets: Resets

    def promotions(self, years: int) -> int:
        """The most promotions of a member of so many years: each level once in each period."""
        periods = 1 + self.starts + (0 if self.resets is Resets.NEVER else years)
        return periods * (self.levels + (1 if self.starts else 0))

    def demotions(self, years: int) -> int:
        """The most demotions of a member of so many years: one when a period ends."""
        return 0 if self.resets is Resets.NEVER else years

    def first_promotions(self) -> int:
        """The most promotions of somebody without events: the sign-up, and two with a new version."""
        return 1 + 2 * self.starts

    def first_demotions(self) -> int:
        """The most demotions of somebody without events: down from wherever one came up."""
        return self.levels * (1 + 3 * self.starts)


def level_bounds(versions: Sequence[Version], question: Question) -> LevelBounds:
    """The bounds of the side that has these versions.

    Args:
        versions: All that can be in force.
        question: Of the comparison; where each version is taken to have always been in force, none starts.
    """
    resets = question.program.balances[question.program.level_balance].resets
    return LevelBounds(
        max(len(version.levels) for version in versions),
        0 if question.since is None else len(versions),
        resets,
    )

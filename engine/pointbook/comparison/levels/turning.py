"""One side of a member whose held levels differ."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

from pointbook.model.amounts import in_results

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from pointbook.comparison.levels.closings import Closing, Course
    from pointbook.interpret.evaluation import Evaluation
    from pointbook.model.log import Event, Member

_DAY = timedelta(days=1)


class Turning(NamedTuple):
    """One side of a member whose levels differ.

    Attributes:
        name: `old` or `new`.
        evaluation: The rules.
        course: How the member's levels went.
        member: Who; None where nobody asks.
        events: The member's events, in order.
    """

    name: str
    evaluation: Evaluation
    course: Course
    member: Member | None = None
    events: Sequence[Event] = ()

    def needed(self, level: str, day: date) -> int | None:
        """The threshold of a level in the version in force on a day; None where that has no such level."""
        version = self.evaluation.interpreter.timeline.version_on(day)
        if version is None or level not in version.levels:
            return None
        return in_results(version.levels[level].threshold)

    @property
    def asks_for_more(self) -> bool:
        """Whether some level asks for more than a total of the level balance, to be reached or kept."""
        books = self.evaluation.interpreter.timeline.books
        return any(level.requires or level.keep for book in books for level in book.version.levels.values())

    def closing(self, next_day: date) -> Closing | None:
        """The closing of the period that ends before a day, if one does."""
        return next((one for one in self.course.closings if one.last + _DAY == next_day), None)

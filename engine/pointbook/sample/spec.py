"""What sample is wanted: how large, over which time, with which seed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pointbook.model.rules import LeapDay, anniversary

if TYPE_CHECKING:
    from datetime import date

    from pointbook.model.program import Program

DEFAULT_YEARS = 4
_MOST_YEARS = 30
"""Beyond the first day a version is too far off for a sample to last until then by itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleSpec:
    """What sample is wanted.

    Attributes:
        first_day: First day on which members sign up.
        last_day: Last day on which anything happens.
        members: How many members, at least 1.
        events: Exactly how many rows of events, or None for about 40 per member and year.
        seed: Any whole number; the same seed gives the same sample.
        mistakes: Rows per mille with a mistake that real exports have.

    Raises:
        ValueError: The figures make no sense.
    """

    first_day: date
    last_day: date
    members: int = 200
    events: int | None = None
    seed: int = 1
    mistakes: int = 10

    def __post_init__(self) -> None:
        if self.members < 1:
            raise ValueError(f"a sample has at least 1 member, not {self.members}")
        if self.events is not None and self.events < 0:
            raise ValueError(f"a sample cannot have {self.events} events; 0 is the fewest")
        if self.last_day < self.first_day:
            raise ValueError(f"the sample's last day, {self.last_day}, is before its first, {self.first_day}")
        if not 0 <= self.mistakes <= 1000:  # noqa: PLR2004 - per mille
            raise ValueError(f"mistakes are counted per mille, from 0 to 1000, not {self.mistakes}")


def default_spec(  # noqa: PLR0913 - the fields of the spec
    program: Program,
    *,
    members: int = 200,
    events: int | None = None,
    first_day: date | None = None,
    last_day: date | None = None,
    seed: int = 1,
    mistakes: int = 10,
) -> SampleSpec:
    """The spec for `program` where not everything is said.

    It covers four years from its first version on, and so many more that each one is in force for a year,
    but for those that are decades off.

    Raises:
        ValueError: The figures make no sense.
    """
    first = first_day or program.versions[0].effective_from
    if last_day is None:
        near = (one.effective_from for one in program.versions)
        ends = (anniversary(day, 1, _leap_day) for day in near if day.year <= first.year + _MOST_YEARS)
        last_day = max(anniversary(first, DEFAULT_YEARS, _leap_day), *ends)
    return SampleSpec(
        first_day=first,
        last_day=last_day,
        members=members,
        events=events,
        seed=seed,
        mistakes=mistakes,
    )


def _leap_day(_: int) -> LeapDay:
    return LeapDay.FEB_28

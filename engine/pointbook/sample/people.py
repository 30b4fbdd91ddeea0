"""Who the members are: when they signed up, how much they do, and when they do it."""

from __future__ import annotations

import calendar
from bisect import bisect_right
from dataclasses import dataclass
from datetime import date
from itertools import accumulate
from math import isqrt
from typing import TYPE_CHECKING

from pointbook.model.windows import Resets
from pointbook.sample.dice import Dice

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pointbook.model.program import Program
    from pointbook.sample.spec import SampleSpec

SPELL_DAYS = 28
SPELLS_A_YEAR = 13
DAYS_A_YEAR = 365
INTENSITIES = (1, 3, 5, 9)
"""How much happens in a spell, from quiet to busy; a spell away from the program has 0."""
USUAL_INTENSITY = 4
"""About what the spells of a long time come to on average, those away included."""

_PURPOSE = 1
_LEAST_DIGITS = 4
_GOLDEN = 618_033
_RANKS = 1_000_000
_BELOW_LOWEST_LEVEL = 150_000
_LEAP_DAY_EVERY = 100
_LEAP_DAY_AT = 7
_LAUNCH_DAYS = 60
_LAUNCH_PER_MILLE = 250
_EARLY_PER_MILLE = 500
_ROLL_BITS, _ROLLS = 10, 5
_ROLL = (1 << _ROLL_BITS) - 1
_LEAVES, _SLOWS_DOWN, _SPEEDS_UP = 15, 150, 285
"""Running sums of how often, out of 1024, a spell is followed by a change."""

_NO_LEVELS_PACE = 1000


@dataclass(frozen=True, slots=True)
class Person:
    """One member, as the sample makes them up.

    Attributes:
        member_id: As the log names them.
        signed_up: An ordinal.
        starts: First day on which they can do something that counts, an ordinal.
        pace: Points they would earn in a year of usual activity.
        spells: How much happens in each spell of 28 days from `starts` on.
    """

    member_id: str
    signed_up: int
    starts: int
    pace: int
    spells: tuple[int, ...]

    @property
    def appetite(self) -> int:
        """How many events they tend to have, relative to others: it grows more slowly than the points."""
        return isqrt(self.pace * isqrt(self.pace)) + 1

    @property
    def weight(self) -> int:
        """Share of the sample's events."""
        return self.appetite * sum(self.spells)


@dataclass(frozen=True, slots=True)
class Paces:
    """How many points members collect a year, by kind of member.

    Attributes:
        shares: Running sums of the kinds' shares, out of a million.
        bounds: Lowest and highest points a year of each kind; the lowest kind reaches no level.
    """

    shares: tuple[int, ...]
    bounds: tuple[tuple[int, int], ...]


def paces_for(program: Program, spec: SampleSpec) -> Paces:
    """Paces that spread members over the levels in force on the last day, and around their thresholds.

    Some stay below the lowest level, and as others leave or have only begun, about a quarter have
    none in the end. The rest thin out towards the top like 1, 3, 6, 10 counted from there.
    """
    version = next(
        (version for version in reversed(program.versions) if version.effective_from <= spec.last_day),
        program.versions[0],
    )
    thresholds = [int(level.threshold) for level in version.levels.values() if level.threshold >= 1] or [
        _NO_LEVELS_PACE
    ]
    above = [*thresholds[1:], thresholds[-1] * 3]
    bounds = [(thresholds[0] // 20, thresholds[0] * 9 // 10)]
    bounds += [(low, max(min(high, low * 5), low)) for low, high in zip(thresholds, above, strict=True)]
    crowds = [count * (count + 1) // 2 for count in range(len(thresholds), 0, -1)]
    rest = _RANKS - _BELOW_LOWEST_LEVEL
    shares = (_BELOW_LOWEST_LEVEL, *(rest * crowd // sum(crowds) for crowd in crowds))
    if program.balances[program.level_balance].resets is Resets.NEVER:
        years = max((spec.last_day - spec.first_day).days // DAYS_A_YEAR // 2, 1)
        bounds = [(low // years, high // years) for low, high in bounds]
    return Paces(tuple(accumulate(shares)), tuple(bounds))


def people_in(program: Program, spec: SampleSpec) -> Iterator[Person]:
    """The members of the sample, in order; the same however often it is asked."""
    paces = paces_for(program, spec)
    begins = max(program.versions[0].effective_from, spec.first_day).toordinal()
    leap_days = _leap_days(spec)
    width = max(len(str(spec.members)), _LEAST_DIGITS)
    dice = Dice(spec.seed, _PURPOSE)
    for index in range(spec.members):
        signed_up = _sign_up(index, dice, spec, leap_days)
        starts = min(max(signed_up, begins), spec.last_day.toordinal())
        pace = _pace(index, dice, spec, paces)
        count = (spec.last_day.toordinal() - starts) // SPELL_DAYS + 1
        yield Person(f"m-{index + 1:0{width}d}", signed_up, starts, pace, _spells(count, dice))


def _sign_up(index: int, dice: Dice, spec: SampleSpec, leap_days: Sequence[int]) -> int:
    """A quarter come at the launch; one in a hundred signs up on a 29 February if there is one."""
    first, last = spec.first_day.toordinal(), spec.last_day.toordinal()
    if leap_days and index % _LEAP_DAY_EVERY == _LEAP_DAY_AT:
        return leap_days[dice.below(len(leap_days))]
    days = last - first + 1
    if dice.chance(_LAUNCH_PER_MILLE):
        return first + dice.below(min(days, _LAUNCH_DAYS))
    return first + (dice.low(days) if dice.chance(_EARLY_PER_MILLE) else dice.below(days))


def _leap_days(spec: SampleSpec) -> tuple[int, ...]:
    years = range(spec.first_day.year, spec.last_day.year + 1)
    days = (date(year, 2, 29) for year in years if calendar.isleap(year))
    return tuple(day.toordinal() for day in days if spec.first_day <= day <= spec.last_day)


def _pace(index: int, dice: Dice, spec: SampleSpec, paces: Paces) -> int:
    """Points a year. Kinds are dealt out evenly, so that small samples have all of them too."""
    rank = (index * _GOLDEN + spec.seed * _GOLDEN // 2) % _RANKS
    kind = min(bisect_right(paces.shares, rank), len(paces.bounds) - 1)
    low, high = paces.bounds[kind]
    return max(low + dice.low(high - low + 1), 1)


def _spells(count: int, dice: Dice) -> tuple[int, ...]:
    """Activity that rises and falls by steps, and now and then stays away for months."""
    spells: list[int] = []
    level = 2
    while len(spells) < count:
        bits = dice.bits()
        for shift in range(0, _ROLL_BITS * _ROLLS, _ROLL_BITS):
            spells.append(INTENSITIES[level])
            roll = bits >> shift & _ROLL
            if roll < _LEAVES:
                spells.extend((0,) * (3 + dice.below(15)))
            elif roll < _SLOWS_DOWN:
                level = max(level - 1, 0)
            elif roll < _SPEEDS_UP:
                level = min(level + 1, len(INTENSITIES) - 1)
    return tuple(spells[:count])

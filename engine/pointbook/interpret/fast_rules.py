"""Rules prepared for many events: plain tuples, caps that are numbered, windows that are numbered once a day.

Plain tuples are made and taken apart faster than named ones, which counts for every event of a log.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime

from pointbook.interpret.levels import Ladder
from pointbook.interpret.limits import UsageKey
from pointbook.interpret.passing_time import Changes
from pointbook.interpret.timeline import Part, ReadyVersion, Timeline
from pointbook.interpret.valuation import Valuation
from pointbook.model.activities import Activity, EntryRule
from pointbook.model.amounts import Amount
from pointbook.model.conditions import Condition
from pointbook.model.ledger import Cut, Outcome
from pointbook.model.log import Attributes
from pointbook.model.points.forms import Assessed, Fixed, Points
from pointbook.model.program import Balance, Program
from pointbook.model.windows import Per

Row = tuple[
    str,
    str,
    str,
    datetime,
    str | None,
    str,
    Amount,
    Amount,
    Outcome,
    bool,
    int | None,
    Amount | None,
    str | None,
    Amount,
    tuple[int, ...],
    bool,
    tuple[Cut, ...],
    Changes,
]
"""The fields of an `Entry`, in order."""
NumberedCap = tuple[int, int, bool, Amount, str, str, int]
"""A cap: the number of what its usage belongs to, the place of its window among all kinds, whether it
counts points, how much, and how a cut names it."""
NumberedUsage = dict[int, tuple[int, Amount]]
"""By the number of what it belongs to, the latest window, and how much of it is used."""
FurtherPart = tuple[
    EntryRule,
    Balance,  # that it feeds, or takes from
    bool,  # whether the amount found is requested as it is, without bonuses and sharing
    bool,  # whether it takes
    Condition | None,  # when there is such an entry
    str | None,  # the balance whose entry it can copy
]
"""What only those entries ask for that are not simply there with fixed points, or the log's."""
PartRule = tuple[
    int,  # index of the balance that it feeds, or takes from,
    str,  # its id
    Amount | None,  # and its floor, which does not limit what is taken
    tuple[NumberedCap, ...],  # the caps that limit it
    Valuation | None,  # what it requests whatever happens
    Amount,  # the range in which the log's points count as they are, 1 to 0 for none:
    Amount,  # its end
    FurtherPart,
]
"""One of several entries of an activity in one version."""
Further = tuple[
    Activity | None,
    EntryRule | None,  # in one version; None stands for all that it does not have
    Balance,  # that it feeds
    bool,  # whether its amount alone decides, without conditions and sharing
    tuple[PartRule, ...],  # its entries where that is not just one, there whatever happens, and no spend,
    tuple[Part, ...],  # and those of them that take
    Points,  # the rule under which the log's points were given
    Attributes,  # what attributes are taken to be that are not given
]
"""What only those events ask for whose points are neither fixed nor the log's as they are."""
Rule = tuple[
    int,  # index of the balance that it feeds,
    str,  # its id
    Amount | None,  # and its floor
    tuple[NumberedCap, ...],  # the caps that limit it
    Amount | None,  # the points that it gives whatever happens
    Amount,  # the range in which the log's points count as they are, 1 to 0 for none:
    Amount,  # its end
    Further,
]
"""An activity in one version; where it has several entries, all of it stands in the last."""
InForce = tuple[dict[str, Rule], Valuation, str | None, Ladder, dict[str | None, Amount | None], int]
"""A version: its rules by activity; what an event of another activity comes to; its id and levels; the
threshold of the level above each; and the index of the balance that alone decides levels, -1 for none."""

_NUMBERS: tuple[Callable[[date, int], int], ...] = tuple(per.window.number for per in Per)
_PLACES = {per.value: place for place, per in enumerate(Per)}


class FastRules:
    """A program's rules.

    Attributes:
        caps: The number of what a cap's usage belongs to.
        windows: By membership year, then by day, the number of the window of each kind that the day is in.
        unknown: Stands for an activity that the version in force does not have.
        in_force: By version, then by the version under which the log's points were given, if that can be
            another; last what is before the first version.
        later_starts: When those after the first of the latter take effect.
    """

    def __init__(self, program: Program, timeline: Timeline) -> None:
        """Prepare them."""
        own = program.balances[program.level_balance]
        nobody: Further = (None, None, own, True, (), (), Fixed(0), {})
        self.unknown: Rule = (program.level_balance_no, own.id, own.floor, (), None, 1, 0, nobody)
        self.caps: dict[UsageKey, int] = {}
        for book in timeline.books:
            for limit in (limit for parts in book.parts.values() for part in parts for limit in part.limits):
                self.caps.setdefault(limit.key, len(self.caps))
        self.windows: dict[int, dict[date, tuple[int, ...]]] = {}
        references = timeline.references if timeline.refers else [{}]
        self.later_starts = timeline.later_starts if timeline.refers else []
        self.in_force: list[list[InForce]] = [
            [
                (
                    {
                        name: self._rule(activity, book, reference.get(name, activity), program.places)
                        for name, activity in book.activities.items()
                    },
                    Valuation(0, Outcome.NO_SUCH_ACTIVITY),
                    book.version.id,
                    book.ladder,
                    book.ladder.next_thresholds,
                    program.level_balance_no if book.ladder.is_by_threshold else -1,
                )
                for reference in references
            ]
            for book in timeline.books
        ]
        # At -1, before the first version, there are neither rules nor levels.
        ladder = timeline.books[0].ladder
        nothing = Valuation(0, Outcome.NO_VERSION_IN_FORCE)
        self.in_force.append([({}, nothing, None, ladder, {None: None}, -1) for _ in references])

    def numbered(self, day: date, year: int) -> tuple[int, ...]:
        """The number of each kind's window that a day of a membership year is in."""
        numbers = self.windows[year][day] = tuple(number(day, year) for number in _NUMBERS)
        return numbers

    def _rule(self, activity: Activity, book: ReadyVersion, reference: Activity, places: int) -> Rule:
        parts = book.parts[activity.id]
        rule, place, balance, _ = parts[0]
        points, given_under = rule.points, (reference.assessed or reference.entries[0]).points
        is_plain = activity.eligible_if is None and _is_bare(rule) and not places
        is_alone = len(parts) == 1 and not rule.is_spend and rule.condition is None
        is_alone = is_alone and rule.points.copies is None  # a copy of nothing is no entry
        several = () if is_alone else tuple(self._part(part, given_under, places) for part in parts)
        return (
            *(place, balance.id, balance.floor, self._numbered_caps(parts[0])),
            points.points if is_plain and is_alone and isinstance(points, Fixed) else None,
            # Where it is not plain, the log's points can have places.
            *(_range(points, given_under) if is_plain and is_alone else (1, 0)),
            (
                *(
                    activity,
                    rule,
                    balance,
                    is_plain,
                    several,
                    tuple(part for part in parts if part.rule.is_spend),
                ),
                *(given_under, book.defaults[activity.id]),
            ),
        )

    def _part(self, part: Part, given_under: Points, places: int) -> PartRule:
        rule, place, balance, _ = part
        points, is_plain = rule.points, _is_bare(rule) and not places
        is_simple = is_plain and not rule.is_spend and rule.condition is None
        fixed = points.points if is_simple and isinstance(points, Fixed) else None
        return (
            *(place, balance.id, None if rule.is_spend else balance.floor, self._numbered_caps(part)),
            None if fixed is None else Valuation(fixed, None, base=fixed),
            *(_range(points, given_under) if is_simple else (1, 0)),
            (rule, balance, is_plain, rule.is_spend, rule.condition, points.copies),
        )

    def _numbered_caps(self, part: Part) -> tuple[NumberedCap, ...]:
        return tuple(
            (self.caps[key], _PLACES[key[3]], counts_points, most, key[0], key[1], position)
            for key, counts_points, _, position, most in part.limits
        )


def _is_bare(rule: EntryRule) -> bool:
    return not rule.bonuses and rule.split_among is None


def _range(points: Points, given_under: Points) -> tuple[Amount, Amount]:
    """The range in which the log's points count as they are."""
    is_whole = isinstance(points, Assessed) and given_under == points
    return (points.minimum, points.maximum) if is_whole and isinstance(points, Assessed) else (1, 0)

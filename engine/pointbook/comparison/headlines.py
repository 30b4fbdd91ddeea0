"""The figures of the whole, each recomputed from the members alone."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

from pointbook.comparison.figures import percent_text
from pointbook.comparison.result import Headline

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from pointbook.comparison.result import MemberDifference

    Figure = Callable[[MemberDifference], int]


class _Definition(NamedTuple):
    """A figure that both sides have, summed over members.

    Attributes:
        one: What is counted, after "1 more" and "1 fewer".
        many: The same, after a larger number.
    """

    key: str
    label: str
    one: str
    many: str
    old: Figure
    new: Figure


_BOTH = (
    _Definition(
        "points", "Points", "point", "points", lambda m: m.old.effects.points, lambda m: m.new.effects.points
    ),
    _Definition(
        "promotions",
        "Promotions",
        "promotion",
        "promotions",
        lambda m: m.old.effects.promotions,
        lambda m: m.new.effects.promotions,
    ),
    _Definition(
        "demotions",
        "Demotions at anniversaries",
        "demotion",
        "demotions",
        lambda m: m.old.effects.demotions,
        lambda m: m.new.effects.demotions,
    ),
    _Definition(
        "with_level",
        "Members with a level",
        "member with a level",
        "members with a level",
        lambda m: int(m.old.level is not None),
        lambda m: int(m.new.level is not None),
    ),
    _Definition(
        "cuts",
        "Events cut by limits",
        "event cut by a limit",
        "events cut by limits",
        lambda m: m.old.cuts,
        lambda m: m.new.cuts,
    ),
)


class Count(NamedTuple):
    """How many members something happens to."""

    key: str
    label: str
    verb: str
    happens: Callable[[MemberDifference], bool]


MEMBER_COUNTS = (
    Count("gaining", "Members gaining points", "more points", lambda m: m.change > 0),
    Count("losing", "Members losing points", "fewer points", lambda m: m.change < 0),
    Count("unchanged", "Members with the same points", "the same points", lambda m: m.change == 0),
    Count("level_up", "Members holding a higher level", "a higher level", lambda m: m.level_move > 0),
    Count("level_down", "Members holding a lower level", "a lower level", lambda m: m.level_move < 0),
    Count(
        "benefits_lost",
        "Members losing a benefit",
        "a benefit less",
        lambda m: not set(m.old.benefits) <= set(m.new.benefits),
    ),
)

POINT_COUNTS = ("points", "gaining", "losing", "unchanged", "cuts")
"""Headlines that depend on what events come to, and on nothing else."""


def headlines_of(
    members: Sequence[MemberDifference], low: Sequence[MemberDifference], high: Sequence[MemberDifference]
) -> tuple[Headline, ...]:
    """The headlines, without what rejected rows could do to them.

    Args:
        members: Every member.
        low: The same with every missing assessed value at its lowest.
        high: Likewise at its highest.
    """
    both = [_headline(definition, members, low, high) for definition in _BOTH]
    counts = [_counted(definition, members, low, high) for definition in MEMBER_COUNTS]
    return (both[0], *counts[:3], *counts[3:5], *both[1:4], counts[5], both[4])


def _headline(
    figure: _Definition,
    members: Sequence[MemberDifference],
    low: Sequence[MemberDifference],
    high: Sequence[MemberDifference],
) -> Headline:
    old, new = sum(map(figure.old, members)), sum(map(figure.new, members))
    change = new - old
    percent = Fraction(100 * change, abs(old)) if old else None
    part = "" if percent is None or not change else f" ({percent_text(percent, signed=True)})"
    sentence = f"No difference: {new:,} under both."
    if change:
        noun = figure.one if abs(change) == 1 else figure.many
        sentence = f"{abs(change):,} {'more' if change > 0 else 'fewer'} {noun}: {old:,} → {new:,}{part}."
    return Headline(
        figure.key,
        figure.label,
        old,
        new,
        change,
        percent,
        sentence,
        sum(map(figure.new, low)) - sum(map(figure.old, low)),
        sum(map(figure.new, high)) - sum(map(figure.old, high)),
        change,
        change,
    )


def _counted(
    count: Count,
    members: Sequence[MemberDifference],
    low: Sequence[MemberDifference],
    high: Sequence[MemberDifference],
) -> Headline:
    number, whole = sum(map(count.happens, members)), len(members)
    percent = Fraction(100 * number, whole) if whole else None
    part = "" if percent is None else f", {percent_text(percent)} of all"
    member = "member has" if number == 1 else "members have"
    if "level" in count.verb:
        member = "member holds" if number == 1 else "members hold"
    sentence = f"{number:,} {member} {count.verb}{part}."
    if not number:
        sentence = f"Nobody {'holds' if 'level' in count.verb else 'has'} {count.verb}."
    return Headline(
        count.key,
        count.label,
        None,
        number,
        number,
        percent,
        sentence,
        sum(map(count.happens, low)),
        sum(map(count.happens, high)),
        number,
        number,
    )

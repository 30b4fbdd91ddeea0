"""Stage 5: the figures of the whole, each recomputed from the members alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, assert_never

from pointbook.comparison.figures import percent_text
from pointbook.comparison.result import Headline
from pointbook.model.amounts import ratio

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Callable, Iterable, Sequence
    from fractions import Fraction

    from pointbook.comparison.levels.differences import Words
    from pointbook.comparison.outcome import MemberOutcome
    from pointbook.comparison.result import MemberDifference


class SummedFigure(NamedTuple):
    """A figure that both sides have, summed over members.

    Attributes:
        one: What is counted, after "1 more" and "1 fewer".
        many: The same, after a larger number.
        of: The figure of one member on one side.
    """

    key: str
    label: str
    one: str
    many: str
    of: Callable[[MemberOutcome], int]

    def change(self, member: MemberDifference) -> int:
        """By how much one member changes it."""
        return self.of(member.new) - self.of(member.old)


class MemberCount(NamedTuple):
    """How many members something happens to.

    Attributes:
        verb: What they do: "have", "hold", or "are".
        what: What they have or hold.
        way: Where it is about balances: 1 for more points, -1 for fewer, 0 for as many.
    """

    key: str
    label: str
    verb: str
    what: str
    happens: Callable[[MemberDifference], bool]
    way: int | None = None

    def change(self, member: MemberDifference) -> int:
        """1 for a member to whom it happens."""
        return int(self.happens(member))


MORE, FEWER, AS_MANY = "Members gaining points", "Members losing points", "Members with the same points"

_AWARDED = {
    MORE: "Members awarded more points",
    FEWER: "Members awarded fewer points",
    AS_MANY: "Members awarded the same points",
}
"""What they are called where awards do not tell what members have left."""

FIGURES: tuple[SummedFigure | MemberCount, ...] = (
    SummedFigure("points", "Points", "point", "points", lambda o: o.effects.points),
    MemberCount("gaining", MORE, "have", "more points", lambda m: m.gains_points, 1),
    MemberCount("losing", FEWER, "have", "fewer points", lambda m: m.loses_points, -1),
    MemberCount(
        "unchanged",
        AS_MANY,
        "have",
        "the same points",
        lambda m: m.old.balances == m.new.balances,
        0,
    ),
    MemberCount(
        "level_up", "Members holding a higher level", "hold", "a higher level", lambda m: m.level_move > 0
    ),
    MemberCount(
        "level_down", "Members holding a lower level", "hold", "a lower level", lambda m: m.level_move < 0
    ),
    SummedFigure("promotions", "Promotions", "promotion", "promotions", lambda o: o.effects.promotions),
    SummedFigure(
        "demotions", "Demotions at anniversaries", "demotion", "demotions", lambda o: o.effects.demotions
    ),
    SummedFigure(
        "with_level",
        "Members with a level",
        "member with a level",
        "members with a level",
        lambda o: int(o.level is not None),
    ),
    MemberCount(
        "benefits_lost",
        "Members losing a benefit",
        "have",
        "a benefit less",
        lambda m: bool(m.benefits_lost),
    ),
    SummedFigure(
        "cuts", "Events cut by limits", "event cut by a limit", "events cut by limits", lambda o: o.cuts
    ),
)
"""In the order in which reports have them."""


def add_shifts(shifts: Counter[str], measured: MemberDifference, assumed: MemberDifference) -> None:
    """Count by how much each figure moves if one member is as assumed, by key."""
    for figure in FIGURES:
        shifts[figure.key] += figure.change(assumed) - figure.change(measured)


def headlines_of(
    members: Sequence[MemberDifference],
    low: Counter[str],
    high: Counter[str],
    words: Words,
    unseen: Sequence[str] = (),
) -> Iterable[Headline]:
    """The headlines, without what rejected rows could do to them.

    Args:
        members: Every member.
        low: By how much each figure moves with every missing assessed value at its lowest.
        high: Likewise at its highest.
        words: Titles of the balances, which are named where there are several.
        unseen: Titles of those of which awards do not tell what members have left.
    """
    deciding = words.balances[words.level_balance]
    level_balance = deciding if len(words.balances) > 1 else ""
    for figure in FIGURES:
        key, change = figure.key, sum(map(figure.change, members))
        old: int | None = None
        label = figure.label
        new, whole = change, len(members)
        match figure:
            case SummedFigure():
                old = sum(figure.of(member.old) for member in members)
                new, whole = old + change, abs(old)
                percent = 100 * ratio(change, whole) if whole else None
                balance = level_balance if key == "points" else ""
                label += f" in {balance}" * bool(balance)
                sentence = _sentence(figure, old, change, percent, balance)
                if key == "points" and deciding in unseen:
                    label, sentence = f"{label} awarded", _awarded_alone(sentence, [deciding])
            case MemberCount():
                percent = 100 * ratio(change, whole) if whole else None
                happening = [member for member in members if figure.happens(member)]
                if unseen and figure.way is not None:
                    label = _AWARDED[label]
                    figure = figure._replace(verb="are", what=f"awarded {figure.what}")  # noqa: PLW2901 - other words for the same
                sentence = _count_sentence(figure, happening, percent, words)
                if unseen and figure.way is not None:
                    sentence = _awarded_alone(sentence, unseen)
            case _:
                assert_never(figure)
        bounds = change + low[key], change + high[key]
        yield Headline(key, label, old, new, change, percent, sentence, *bounds)


def _awarded_alone(sentence: str, unseen: Sequence[str]) -> str:
    return f"{sentence.removesuffix('.')}; what is left of {' or '.join(unseen)} was not looked at."


def _sentence(figure: SummedFigure, old: int, change: int, percent: Fraction | None, balance: str) -> str:
    where = f" in {balance}" if balance else ""
    if not change:
        return f"No difference{where}: {old:,} under both."
    part = "" if percent is None else f" ({percent_text(percent, signed=True)})"
    noun = figure.one if abs(change) == 1 else figure.many
    more = "more" if change > 0 else "fewer"
    return f"{abs(change):,} {more} {noun}{where}: {old:,} → {old + change:,}{part}."


def _count_sentence(
    count: MemberCount, members: Sequence[MemberDifference], percent: Fraction | None, words: Words
) -> str:
    number, singular, way = len(members), {"have": "has", "hold": "holds", "are": "is"}[count.verb], count.way
    where = detail = ""
    if way is not None and len(words.balances) > 1:
        where = f" on {'any' if way else 'every'} balance"
        if way and members:
            each = zip(*(member.balance_changes for member in members), strict=True)
            moved = [sum(change * way > 0 for change in changes) for changes in each]
            named = zip(words.balances, moved, strict=True)
            where, detail = "", f": {', '.join(f'{times:,} in {title}' for title, times in named if times)}"
    if not number:
        return f"Nobody {singular} {count.what}{where}."
    part = "" if percent is None else f", {percent_text(percent)} of all"
    member = f"member {singular}" if number == 1 else f"members {count.verb}"
    return f"{number:,} {member} {count.what}{where}{part}{detail}."

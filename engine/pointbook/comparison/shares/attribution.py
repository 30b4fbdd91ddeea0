"""Stage 3: how much of the whole difference each change brings about, added up over members."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cache
from math import isqrt, lcm
from typing import TYPE_CHECKING

from pointbook.changes.applying import applied
from pointbook.changes.kinds import Kind
from pointbook.changes.reach import moves_anniversaries, on_leap_day, reach
from pointbook.comparison.outcome import Effects
from pointbook.comparison.shares.game import GameTerms, MemberGame, subsets_of
from pointbook.comparison.shares.level_moves import LevelMoves
from pointbook.comparison.shares.result import Attribution, Influence, Share
from pointbook.comparison.shares.shapley import Split, exact_split, sampled_split
from pointbook.model.amounts import exact, in_results
from pointbook.model.sections import Section

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from pointbook.changes.change import Change
    from pointbook.comparison.pairs import MemberPair
    from pointbook.comparison.question import Question, ReadyRules
    from pointbook.comparison.sides import Sides
    from pointbook.model.ledger import Assume
    from pointbook.model.levels import Level

EXACT = 8
PERMUTATIONS = 32
SEED = 20221124

_FIGURES = len(Effects._fields)


@dataclass(slots=True)
class ShareSums:
    """What the members split so far come to; a figure is a position in `Effects`.

    Attributes:
        members: How many they are.
        sampled: For how many of them orders were sampled.
        standings: How often a member's levels were found.
        evaluated: How often events of a member were evaluated anew.
        touched: How many members each change can touch.
        alone: What each change does as the only one, by change and figure.
        numerators: Of the fair shares, by denominator, change and figure.
        variances: Of sampled shares, in parts of one `_VARIANCE_PARTS`-th, by change and figure.
        subsets: Sets of changes that were looked at one by one.
        players: Sets of changes of which all subsets were.
    """

    members: int = 0
    sampled: int = 0
    standings: int = 0
    evaluated: int = 0
    touched: Counter[int] = field(default_factory=Counter)
    alone: Counter[tuple[int, int]] = field(default_factory=Counter)
    numerators: Counter[tuple[int, int, int]] = field(default_factory=Counter)
    variances: Counter[tuple[int, int]] = field(default_factory=Counter)
    subsets: set[int] = field(default_factory=set)
    players: set[tuple[int, ...]] = field(default_factory=set)


_VARIANCE_PARTS = PERMUTATIONS**2 * (PERMUTATIONS - 1)
"""The variance of an average over n orders is (n * squares - sum²) / (n² * (n - 1)).

Of 1 and 3 added in two orders: (2 * 10 - 4²) / (4 * 1) = 1, and the average is 2 ± 1.
"""


def game_terms(sides: Sides) -> GameTerms:
    """What the games of all members have in common."""
    question, changes = sides.question, sides.changes
    thresholds = [level for version in sides.versions for level in version.levels.values()]
    rules = rules_by_subset(question, changes, sides.assume)
    named = {name for level in thresholds for name in level.further_balances}
    deciding = frozenset().union(
        *(sides.coupled.feeding.get(balance, ()) for balance in (sides.balance, sides.old.balance.id, *named))
    )
    return GameTerms(
        sides=sides,
        rules=rules,
        reaches=[
            reached
            if (reached := reach(change, question.old, question.new, deciding)).activities is None
            else reached._replace(activities=sides.coupled.by_any_id(reached.activities))
            for change in changes
        ],
        lowest=[_lowest(change, thresholds, sides) for change in changes],
        floor=min((in_results(level.threshold) for level in thresholds), default=None),
        anniversaries=frozenset(index for index, change in enumerate(changes) if moves_anniversaries(change)),
        levels=LevelMoves(rules, (1 << len(changes)) - 1),
        most=EXACT,
    )


def rules_by_subset(
    question: Question, changes: Sequence[Change], assume: Assume
) -> Callable[[int], ReadyRules]:
    """The old rules with any subset of the changes, by its mask, each made ready once."""
    # Activities can join a group only where it is; by itself it limits nobody.
    given = [change for change in changes if change.kind is Kind.GROUP_ADDED]

    @cache
    def ready(mask: int) -> ReadyRules:
        chosen = [change for index, change in enumerate(changes) if mask >> index & 1]
        return question.ready(applied([*given, *chosen], question.old), assume)

    return ready


def _lowest(change: Change, levels: Sequence[Level], sides: Sides) -> int | None:
    """The lowest threshold of the level that the change is about; None where that says too little.

    While one version is in force, a member who never has as many points neither holds the level nor
    falls back to it. Where versions take turns, a level held from before can lie above it.
    """
    if change.section is not Section.LEVELS or sides.question.since is not None:
        return None
    return min(in_results(level.threshold) for level in levels if level.id == change.rule_id)


def influences_of(pair: MemberPair, terms: GameTerms, sums: ShareSums) -> tuple[Influence, ...]:
    """Split one member's difference, and add it to the sums: which changes move the member, and how.

    The change that moves the points most comes first.
    """
    activities = {event.activity for event in pair.events}
    candidates = [
        index
        for index, reached in enumerate(terms.reaches)
        if reached.counted and (reached.activities is None or reached.activities & activities)
    ]
    sums.members += 1
    sums.touched.update(candidates)
    if not on_leap_day(pair.member):
        candidates = [index for index in candidates if index not in terms.anniversaries]
    game = MemberGame(pair, terms, candidates)
    if not game.players:
        sums.evaluated += game.evaluated
        old, new = pair.old.effects, pair.new.effects
        assert old == new, f"no change explains the difference of member {pair.member.id}"
        return ()
    splits = _splits(game, sums)
    for index in game.players:
        for figure, added in enumerate(game.value(1 << index).less(pair.old.effects)):
            sums.alone[index, figure] += added
    sums.standings += game.standings
    sums.evaluated += game.evaluated
    signs = [[(number > 0) - (number < 0) for number in split.numerators] for split in splits]
    moves = list(zip(game.players, *signs, strict=True))
    points = splits[0].numerators
    order = sorted(range(len(moves)), key=lambda place: -abs(points[place]))
    return tuple(_influence(*moves[place]) for place in order if any(moves[place][1:]))


@cache
def _influence(change: int, points: int, promotions: int, demotions: int) -> Influence:
    """There are few different ones, so members share them."""
    return Influence(change, points, promotions, demotions)


def _splits(game: MemberGame, sums: ShareSums) -> list[Split]:
    """The member's fair shares of each figure, in the order of the game's players; added up too."""
    count = len(game.players)
    by_events = all(len(events.changes) <= EXACT for events in game.coupled)
    by_levels = game.by_levels if count <= EXACT or not game.level_game else None
    if by_levels is not None and by_events:
        if game.level_game:
            sums.players.add(tuple(game.players))
        moves = map(exact_split, zip(*map(game.moves, subsets_of(by_levels)), strict=True))
        splits = [_split_of_points(game), *(_among(game.players, by_levels, split) for split in moves)]
    elif count <= EXACT:
        sums.players.add(tuple(game.players))
        subsets = subsets_of(game.players)
        moves = map(exact_split, zip(*map(game.moves, subsets), strict=True))
        if game.coupled and by_events:
            splits = [_split_of_points(game), *moves]
        else:
            splits = [exact_split([game.value(mask).points for mask in subsets]), *moves]
    else:
        sums.sampled += 1
        # By member, so that it does not matter which members were split before, or where.
        orders = random.Random(f"{SEED} {game.member.id}")  # noqa: S311 - a fixed seed, no secret
        splits = sampled_split(game.players, game.value, _FIGURES, PERMUTATIONS, orders)
        sums.subsets.update(game.masks)
        if game.coupled and by_events:
            splits[0] = _split_of_points(game)
    for figure, split in enumerate(splits):
        for position, index in enumerate(game.players):
            numerator = split.numerators[position]
            sums.numerators[split.denominator, index, figure] += numerator
            if split.squares:
                sums.variances[index, figure] += PERMUTATIONS * split.squares[position] - numerator**2
    return splits


def _among(players: Sequence[int], own: Sequence[int], split: Split) -> Split:
    """The shares of some players among all: the others add nothing to any set."""
    numerators = dict.fromkeys(players, 0)
    numerators.update(zip(own, split.numerators, strict=True))
    return Split(list(numerators.values()), split.denominator, [])


def _split_of_points(game: MemberGame) -> Split:
    """Exact shares of points, which add up over coupled events."""
    found = [(events, exact_split(game.points_of(events))) for events in game.coupled]
    whole = lcm(*(split.denominator for _, split in found))
    numerators = dict.fromkeys(game.players, 0)
    for events, split in found:
        for index, numerator in zip(events.changes, split.numerators, strict=True):
            numerators[index] = numerator * (whole // split.denominator)
    return Split(list(numerators.values()), whole, [])


def attribution_of(terms: GameTerms, sums: ShareSums, total: Effects, *, split: bool) -> Attribution:
    """The whole difference, split among the changes.

    Args:
        terms: What the games had in common.
        sums: What all members come to.
        total: The whole difference.
        split: Whether the members were split; otherwise the result says of every change only whether
            it could have been attributed an effect.

    Raises:
        AssertionError: The shares do not sum to the whole.
    """
    shares = tuple(_shares(terms, sums, split=split))
    found = [sum((share.fair[figure] for share in shares), Fraction(0)) for figure in range(_FIGURES)]
    assert not split or found == [*map(exact, total)], "the shares do not sum to the whole"
    subsets = sums.subsets.union(*(subsets_of(players)[1:-1] for players in sums.players))
    return Attribution(
        shares=shares,
        total=total,
        method="none" if not split else "sampled" if sums.sampled else "exact",
        sampled_members=sums.sampled,
        permutations=PERMUTATIONS if sums.sampled else 0,
        subsets=len(subsets),
        standings=sums.standings,
        evaluations=sums.evaluated,
        members=sums.members,
    )


def _shares(terms: GameTerms, sums: ShareSums, *, split: bool) -> Iterator[Share]:
    fair: Counter[tuple[int, int]] = Counter()
    scale = lcm(*(denominator for denominator, _, _ in sums.numerators))
    for (denominator, *place), numerator in sums.numerators.items():
        index, figure = place
        fair[index, figure] += numerator * (scale // denominator)
    for index, known in enumerate(terms.reaches):
        alone = Effects(*(sums.alone[index, figure] for figure in range(_FIGURES)))
        points, promotions, demotions = (Fraction(fair[index, figure], scale) for figure in range(_FIGURES))
        errors = [Fraction(sums.variances[index, figure], _VARIANCE_PARTS) for figure in range(_FIGURES)]
        reason = known.reason
        if known.counted and not split:
            reason = "not computed"
        elif known.counted and not sums.touched[index]:
            reason = "no effect on this log: nobody did what it is about"
        elif known.counted and not any((*alone, points, promotions, demotions)):
            reason = "no effect on this log"
        yield Share(
            index=index,
            counted=known.counted and split,
            reason=reason,
            members=sums.touched[index],
            alone=alone,
            points=points,
            promotions=promotions,
            demotions=demotions,
            error=int(_root_above(errors[0], 1)),
            promotions_error=_root_above(errors[1], _HUNDREDTHS),
            demotions_error=_root_above(errors[2], _HUNDREDTHS),
        )


_HUNDREDTHS = 100


def _root_above(value: Fraction, steps: int) -> Fraction:
    """The square root, rounded up to a multiple of one `steps`-th; 0 of nothing.

    >>> _root_above(Fraction(2), 1), _root_above(Fraction(2), 100)  # the root of 2 is 1.4142…
    (Fraction(2, 1), Fraction(71, 50))
    """
    if not value:
        return Fraction(0)
    scaled = value * steps**2
    return Fraction(isqrt(scaled.numerator // scaled.denominator) + 1, steps)

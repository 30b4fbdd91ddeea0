"""How much of the whole difference each change brings about.

A change has an effect alone, and a fair share of the whole: its Shapley value, the average of what
it adds over all orders in which the changes could have been made. Shares sum to the whole exactly.

Shapley values add up over members, and for one member only the changes count that can touch that
member's events, so each member is a small game of its own: exact up to `EXACT` changes, beyond that
averaged over `PERMUTATIONS` random orders with a fixed seed. Points also add up over parts of the log
that do not depend on each other, so theirs are exact up to `EXACT` changes of a part.
"""

from __future__ import annotations

import random
from collections import defaultdict
from fractions import Fraction
from math import isqrt, lcm
from typing import TYPE_CHECKING

from pointbook.changes.reach import moves_anniversaries, on_leap_day, reach
from pointbook.changes.subject import Section
from pointbook.comparison.outcome import Effects
from pointbook.comparison.shares.causes import Cause
from pointbook.comparison.shares.game import Game, Setting, subsets_of
from pointbook.comparison.shares.shapley import Shares, exact_shares, sampled_shares
from pointbook.comparison.shares.shares import Attribution, Share
from pointbook.comparison.shares.subsets import Subsets

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pointbook.changes.change import Change
    from pointbook.comparison.coupling import Parts
    from pointbook.comparison.question import Question
    from pointbook.comparison.shares.game import Sides
    from pointbook.log import Log
    from pointbook.model.ledger import Assume
    from pointbook.model.rules import Level, Version

EXACT = 8
PERMUTATIONS = 32
SEED = 20221124

_NONE = Effects(0, 0, 0)
_METRICS = len(_NONE)


class Attributor:
    """Splits the difference of one member after the other, and sums up."""

    def __init__(  # noqa: PLR0913 - what it depends on
        self,
        question: Question,
        changes: Sequence[Change],
        log: Log,
        *,
        assume: Assume,
        versions: Sequence[Version],
        parts: Parts,
        ranks: Mapping[str | None, int],
    ) -> None:
        """Prepare the changes.

        Args:
            question: The versions, and for when.
            changes: From the old to the new version.
            log: Whose members are split.
            assume: What a missing assessed value is taken to be.
            versions: All versions of both sides.
            parts: Which events depend on each other.
            ranks: Rank of every level of either side.
        """
        balance = question.program.balances[question.program.level_balance]
        reaches = [reach(change, question.old, question.new, balance.id) for change in changes]
        thresholds = [level for version in versions for level in version.levels.values()]
        self._setting = Setting(
            subsets=Subsets(question, changes, assume, log.members),
            reaches=reaches,
            lowest=[_lowest(change, thresholds, question) for change in changes],
            floor=min((level.threshold for level in thresholds), default=None),
            parts=parts,
            balance=balance.id,
            start=balance.start,
            ranks=ranks,
            most=EXACT,
        )
        self._candidates = [index for index, known in enumerate(reaches) if known.counted]
        self._anniversaries = [index for index, change in enumerate(changes) if moves_anniversaries(change)]
        count = len(changes)
        self._alone = [[0] * _METRICS for _ in range(count)]
        self._sums: defaultdict[int, list[list[int]]] = defaultdict(
            lambda: [[0] * _METRICS for _ in range(count)]
        )
        """Numerators of the fair shares, by their denominator."""
        self._variances = [[Fraction(0)] * _METRICS for _ in range(count)]
        self._touched = [0] * count
        self._total = [0] * _METRICS
        self._members = self._sampled = self._standings = self._evaluated = 0
        self._masks: set[int] = set()
        self._causes: dict[Cause, Cause] = {}
        """Each one that there is, so that members share them."""
        self._player_sets: set[tuple[int, ...]] = set()
        self._random = random.Random(SEED)  # noqa: S311 - sampling with a fixed seed, no secret

    def add(self, sides: Sides) -> tuple[Cause, ...]:
        """Split one member's difference; the changes that move the member, and which way."""
        activities = {event.activity for event in sides.events}
        candidates = [
            index
            for index in self._candidates
            if (reached := self._setting.reaches[index].activities) is None or reached & activities
        ]
        self._members += 1
        for index, difference in enumerate(_minus(sides.new, sides.old)):
            self._total[index] += difference
        for index in candidates:
            self._touched[index] += 1
        leaping = bool(self._anniversaries) and on_leap_day(sides.track.member)
        if not leaping:
            candidates = [index for index in candidates if index not in self._anniversaries]
        game = Game(sides, self._setting, candidates, whole=leaping or not sides.track.steady)
        if not game.players:
            self._evaluated += game.evaluated
            member = sides.track.member
            assert sides.old == sides.new, f"no change explains the difference of member {member.id}"
            return ()
        shares = self._shares(game)
        for index in game.players:
            alone = self._alone[index]
            for metric, added in enumerate(_minus(game.value(1 << index), sides.old)):
                alone[metric] += added
        self._standings += game.standings
        self._evaluated += game.evaluated
        moves = (
            Cause(index, *(_sign(part.numerators[position]) for part in shares))
            for position, index in enumerate(game.players)
        )
        return tuple(self._causes.setdefault(move, move) for move in moves if any(move[1:]))

    def _shares(self, game: Game) -> list[Shares]:
        """The member's fair shares of each figure, in the order of the game's players; summed up too."""
        count = len(game.players)
        if not game.level_game and all(len(part.changes) <= EXACT for part in game.parts):
            nothing = Shares([0] * count, 1, [])
            shares = [_points_by_part(game), nothing, nothing]
        elif count <= EXACT:
            self._player_sets.add(tuple(game.players))
            values = [game.value(mask) for mask in subsets_of(game.players)]
            shares = [exact_shares([value[metric] for value in values]) for metric in range(_METRICS)]
        else:
            self._sampled += 1
            shares = sampled_shares(game.players, game.value, _METRICS, PERMUTATIONS, self._random)
            self._masks.update(game.masks)
            if game.parts and all(len(part.changes) <= EXACT for part in game.parts):
                shares[0] = _points_by_part(game)
        for metric, part in enumerate(shares):
            sums = self._sums[part.denominator]
            for position, index in enumerate(game.players):
                sums[index][metric] += part.numerators[position]
                if part.spreads:
                    self._variances[index][metric] += _variance(part, position)
        return shares

    def attribution(self) -> Attribution:
        """The sum over all members so far."""
        fair = [
            [
                sum((Fraction(sums[index][metric], whole) for whole, sums in self._sums.items()), Fraction(0))
                for metric in range(_METRICS)
            ]
            for index in range(len(self._touched))
        ]
        shares = tuple(self._share(index, fair[index]) for index in range(len(fair)))
        total = Effects(*self._total)
        sums = [sum((share[metric] for share in fair), Fraction(0)) for metric in range(_METRICS)]
        assert sums == list(total), "the shares do not sum to the whole"
        for players in self._player_sets:
            self._masks.update(subsets_of(players)[1:-1])
        return Attribution(
            shares=shares,
            total=total,
            method="sampled" if self._sampled else "exact",
            sampled_members=self._sampled,
            permutations=PERMUTATIONS if self._sampled else 0,
            subsets=len(self._masks),
            standings=self._standings,
            evaluations=self._evaluated,
            members=self._members,
        )

    def _share(self, index: int, fair: Sequence[Fraction]) -> Share:
        known = self._setting.reaches[index]
        reason = known.reason
        if known.counted and not self._touched[index]:
            reason = "no effect on this log: nobody did what it is about"
        elif known.counted and not any((*self._alone[index], *fair)):
            reason = "no effect on this log"
        points, promotions, demotions = self._variances[index]
        return Share(
            index=index,
            counted=known.counted,
            reason=reason,
            members=self._touched[index],
            alone=Effects(*self._alone[index]),
            points=fair[0],
            promotions=fair[1],
            demotions=fair[2],
            error=int(_root_above(points, 1)),
            promotions_error=_root_above(promotions, _HUNDREDTHS),
            demotions_error=_root_above(demotions, _HUNDREDTHS),
        )


_HUNDREDTHS = 100


def _sign(number: int) -> int:
    return (number > 0) - (number < 0)


def _points_by_part(game: Game) -> Shares:
    """Exact shares of points, which add up over parts."""
    found = {part: exact_shares(game.part_points(game.parts[part])) for part in range(len(game.parts))}
    whole = lcm(*(shares.denominator for shares in found.values()))
    numerators = dict.fromkeys(game.players, 0)
    for part, shares in found.items():
        for index, numerator in zip(game.parts[part].changes, shares.numerators, strict=True):
            numerators[index] = numerator * (whole // shares.denominator)
    return Shares(list(numerators.values()), whole, [])


def _lowest(change: Change, levels: Sequence[Level], question: Question) -> int | None:
    """The lowest threshold of the level that the change is about; None where that says too little.

    While one version is in force, a member who never has as many points neither holds the level nor
    falls back to it. Where versions take turns, a level held from before can lie above it.
    """
    if change.section is not Section.LEVELS or question.since is not None:
        return None
    return min(level.threshold for level in levels if level.id == change.rule_id)


def _variance(shares: Shares, position: int) -> Fraction:
    """The variance of a sampled average."""
    orders = shares.denominator
    mean = Fraction(shares.numerators[position], orders)
    return (Fraction(shares.spreads[position], orders) - mean**2) / (orders - 1)


def _root_above(value: Fraction, steps: int) -> Fraction:
    """The square root, rounded up to a multiple of one `steps`-th; 0 of nothing."""
    if not value:
        return Fraction(0)
    scaled = value * steps**2
    return Fraction(isqrt(scaled.numerator // scaled.denominator) + 1, steps)


def no_attribution(changes: Sequence[Change], question: Question, total: Effects) -> Attribution:
    """Says of every change only whether it could have been attributed an effect."""
    shares = []
    for index, change in enumerate(changes):
        known = reach(change, question.old, question.new, question.program.level_balance)
        reason = known.reason or "not computed"
        zero = Fraction(0)
        shares.append(Share(index, False, reason, 0, _NONE, zero, zero, zero))
    return Attribution(tuple(shares), total, "none", 0, 0, 0, 0, 0, 0)


def _minus(one: Effects, other: Effects) -> Effects:
    return Effects(*(a - b for a, b in zip(one, other, strict=True)))

"""How much of the whole difference each change brings about.

A change has an effect alone, and a fair share of the whole: its Shapley value, the average of what
it adds over all orders in which the changes could have been made. Shares sum to the whole exactly.

Shapley values add up over members, and for one member only the changes count that can touch that
member's events, so each member is a small game of its own: exact up to `EXACT` changes, beyond that
averaged over `PERMUTATIONS` random orders with a fixed seed.
"""

from __future__ import annotations

import random
from fractions import Fraction
from itertools import combinations
from math import factorial, isqrt
from typing import TYPE_CHECKING, NamedTuple

from pointbook.comparison.applying import applied
from pointbook.comparison.outcome import Effects, effects_of, tally_of
from pointbook.comparison.result import Attribution, Share

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from pointbook.comparison.change import Change
    from pointbook.comparison.question import Question, Run
    from pointbook.model.ledger import Assume
    from pointbook.model.log import Event, Member
    from pointbook.model.rules import Version

EXACT = 8
PERMUTATIONS = 32
SEED = 20221124

WORDS = ("title-", "note-", "source-", "unit-", "attribute-", "announcement-", "effective-date-")
"""Beginnings of the codes of changes that nothing depends on."""

_NONE = Effects(0, 0, 0)


class Reach(NamedTuple):
    """Whom a change can touch.

    Attributes:
        counted: Whether it can have an effect on points or levels at all.
        reason: Why not.
        activities: Those of whose events a member needs one; None for every member.
    """

    counted: bool
    reason: str
    activities: frozenset[str] | None


def reach(change: Change, old: Version, new: Version, balance: str) -> Reach:  # noqa: PLR0911 - one return per kind reads best
    """Whom the change can touch, by its form."""
    nobody = frozenset[str]()
    if change.code.startswith(WORDS):
        return Reach(False, "words, dates and declarations count for nothing", nobody)
    section = change.address.partition("/")[0]
    if section == "benefits":
        return Reach(False, "benefits change no points and no levels", nobody)
    if section in ("levels", "life_cycle"):
        return Reach(True, "", None)
    name = change.old.path[1] if len(change.old.path) > 1 else change.new.path[1]
    versions = (old, new)
    if section == "groups":
        if change.code in ("group-added", "group-removed"):
            return Reach(False, "a group by itself limits nobody; joining and leaving it does", nobody)
        users = {
            key for version in versions for key, rule in version.activities.items() if name in rule.groups
        }
        return Reach(True, "", frozenset(users))
    rules = [version.activities[str(name)] for version in versions if name in version.activities]
    if all(rule.balance != balance and not rule.groups for rule in rules):
        return Reach(False, "it feeds another balance than the one that decides levels", nobody)
    return Reach(True, "", frozenset((str(name),)))


class Attributor:
    """Splits the difference of one member after the other, and sums up.

    Attributes:
        causes: By member id, the changes that harm the member.
    """

    def __init__(  # noqa: PLR0913, PLR0917 - what it depends on
        self,
        question: Question,
        changes: Sequence[Change],
        balance: str,
        ranks: Mapping[str | None, int],
        assume: Assume,
        members: Mapping[str, Member],
    ) -> None:
        """Prepare the changes.

        Args:
            question: The versions, and for when.
            changes: From the old to the new version.
            balance: The balance that decides levels.
            ranks: Rank of every level of either side.
            assume: What a missing assessed value is taken to be.
            members: By id.
        """
        self._question, self._changes, self._balance, self._ranks = question, changes, balance, ranks
        self._assume, self._members = assume, members
        self._reaches = [reach(change, question.old, question.new, balance) for change in changes]
        self._players = [index for index, known in enumerate(self._reaches) if known.counted]
        self._given = [change for change in changes if change.code == "group-added"]
        self._runs: dict[frozenset[int], Run] = {}
        count = len(changes)
        self._alone = [[0, 0, 0] for _ in range(count)]
        self._fair = [[Fraction(0)] * 3 for _ in range(count)]
        self._variance = [Fraction(0)] * count
        self._touched = [0] * count
        self._total = [0, 0, 0]
        self._sampled = self._evaluations = 0
        self._random = random.Random(SEED)  # noqa: S311 - sampling with a fixed seed, no secret
        self.causes: dict[str, tuple[int, ...]] = {}

    def add(self, member: Member, events: Sequence[Event], old: Effects, new: Effects) -> None:
        """Split one member's difference, given the figures under the old and under the new rules."""
        activities = {event.activity for event in events}
        players = [
            index
            for index in self._players
            if (reached := self._reaches[index].activities) is None or reached & activities
        ]
        for index, difference in enumerate(_minus(new, old)):
            self._total[index] += difference
        if not players:
            assert old == new, f"no change explains the difference of member {member.id}"
            return
        for index in players:
            self._touched[index] += 1
        value = self._values(member, events, frozenset(players), old, new)
        for index in players:
            alone = _minus(value(frozenset((index,))), old)
            self._alone[index] = [one + other for one, other in zip(self._alone[index], alone, strict=True)]
        if len(players) <= EXACT:
            shares = shapley(players, value)
        else:
            self._sampled += 1
            shares, spread = self._sampled_shares(players, value)
            for index, variance in spread.items():
                self._variance[index] += variance
        harmful = []
        for index, share in shares.items():
            self._fair[index] = [one + other for one, other in zip(self._fair[index], share, strict=True)]
            if share[0] < 0 or share[1] < 0 or share[2] > 0:
                harmful.append(index)
        if harmful:
            self.causes[member.id] = tuple(harmful)

    def attribution(self) -> Attribution:
        """The sum over all members so far."""
        shares = tuple(self._share(index) for index in range(len(self._changes)))
        total = Effects(*self._total)
        sums = [sum((share[metric] for share in self._fair), Fraction(0)) for metric in range(3)]
        assert sums == list(total), "the shares do not sum to the whole"
        return Attribution(
            shares=shares,
            total=total,
            method="sampled" if self._sampled else "exact",
            sampled_members=self._sampled,
            permutations=PERMUTATIONS if self._sampled else 0,
            evaluations=self._evaluations,
            subsets=len(self._runs),
        )

    def _share(self, index: int) -> Share:
        known = self._reaches[index]
        reason = known.reason
        if known.counted and not self._touched[index]:
            reason = "no effect on this log: nobody did what it is about"
        elif known.counted and not any((*self._alone[index], *self._fair[index])):
            reason = "no effect on this log"
        error = self._variance[index]
        return Share(
            index=index,
            counted=known.counted,
            reason=reason,
            members=self._touched[index],
            alone=Effects(*self._alone[index]),
            points=self._fair[index][0],
            promotions=self._fair[index][1],
            demotions=self._fair[index][2],
            error=0 if not error else isqrt(error.numerator // error.denominator) + 1,
        )

    def _values(
        self, member: Member, events: Sequence[Event], everything: frozenset[int], old: Effects, new: Effects
    ) -> Callable[[frozenset[int]], Effects]:
        """The figures under any subset of the changes, each computed once."""
        known: dict[frozenset[int], Effects] = {frozenset(): old, everything: new}

        def value(chosen: frozenset[int]) -> Effects:
            if chosen not in known:
                self._evaluations += 1
                result = self._run(chosen).result(member, events)
                points = tally_of(result, self._balance).points
                known[chosen] = effects_of(result, points, self._ranks)
            return known[chosen]

        return value

    def _run(self, chosen: frozenset[int]) -> Run:
        if chosen not in self._runs:
            changes = [*self._given, *(self._changes[index] for index in sorted(chosen))]
            version = applied(changes, self._question.old)
            self._runs[chosen] = self._question.run(version, self._assume, self._members)
        return self._runs[chosen]

    def _sampled_shares(
        self, players: Sequence[int], value: Callable[[frozenset[int]], Effects]
    ) -> tuple[dict[int, list[Fraction]], dict[int, Fraction]]:
        """Average contributions over random orders, and the variance of those averages of points."""
        sums = {index: [0, 0, 0] for index in players}
        squares = dict.fromkeys(players, 0)
        for _ in range(PERMUTATIONS):
            order = self._random.sample(players, len(players))
            chosen: frozenset[int] = frozenset()
            before = value(chosen)
            for index in order:
                chosen |= {index}
                after = value(chosen)
                added = _minus(after, before)
                sums[index] = [one + other for one, other in zip(sums[index], added, strict=True)]
                squares[index] += added.points**2
                before = after
        shares = {index: [Fraction(part, PERMUTATIONS) for part in total] for index, total in sums.items()}
        spread = {
            index: (Fraction(squares[index], PERMUTATIONS) - shares[index][0] ** 2) / (PERMUTATIONS - 1)
            for index in players
        }
        return shares, spread


def shapley(players: Sequence[int], value: Callable[[frozenset[int]], Effects]) -> dict[int, list[Fraction]]:
    """Exact Shapley values of each figure: what each player adds, averaged over all orders."""
    count = len(players)
    whole = factorial(count)
    shares: dict[int, list[Fraction]] = {}
    for player in players:
        others = [other for other in players if other != player]
        sums = [0, 0, 0]
        for size in range(count):
            weight = factorial(size) * factorial(count - size - 1)
            for chosen in combinations(others, size):
                before = frozenset(chosen)
                for metric, added in enumerate(_minus(value(before | {player}), value(before))):
                    sums[metric] += weight * added
        shares[player] = [Fraction(part, whole) for part in sums]
    return shares


def no_attribution(
    changes: Sequence[Change], question: Question, balance: str, total: Effects
) -> Attribution:
    """Says of every change only whether it could have been attributed an effect."""
    shares = []
    for index, change in enumerate(changes):
        known = reach(change, question.old, question.new, balance)
        reason = known.reason or "not computed"
        zero = Fraction(0)
        shares.append(Share(index, False, reason, 0, _NONE, zero, zero, zero))
    return Attribution(tuple(shares), total, "none", 0, 0, 0, 0)


def _minus(one: Effects, other: Effects) -> Effects:
    return Effects(*(a - b for a, b in zip(one, other, strict=True)))

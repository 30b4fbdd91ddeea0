"""Which events are coupled: they can have a say in what another event comes to.

Two activities are in one part if they share a group's limits, or have entries of a balance that is spent
from, or whose floor can cut deductions. What an event is worth never depends on events of another part: a
valuation looks at the event and its member alone, an activity's caps count its own events, a group's caps
those of the group, a floor the total of its balance, and so do spends. So the parts of a log can be
evaluated on their own; only levels depend on all of them, and nothing depends on levels.

This holds for every mixture of the versions as well: a mixture has an activity's groups, balances,
caps, amounts and bonuses from some of them.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pointbook.reasoning.awards import amount_range

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from pointbook.model.activities import Activity
    from pointbook.model.program import Balance, Version


@dataclass(frozen=True, slots=True)
class CoupledActivities:
    """Activities, divided so that events of one part have no say in what those of another come to.

    Attributes:
        number: Number of the part, by activity.
        ids: Of an activity that replaced another or was replaced, all ids of the same thing, by each.
        limited: Parts in which an event can have a say in what another one comes to.
        feeding: Activities of each part in which an activity has an entry of a balance, by balance.
    """

    number: Mapping[str, int]
    limited: frozenset[int]
    ids: Mapping[str, frozenset[str]]
    feeding: Mapping[str, frozenset[str]]

    def by_any_id(self, activities: Iterable[str]) -> frozenset[str]:
        """The activities by all ids that events may name them by."""
        return frozenset(other for name in activities for other in self.ids.get(name, (name,)))

    def together(self, activities: Iterable[str]) -> frozenset[str]:
        """All activities of the parts that these belong to."""
        numbers = {self.number[name] for name in activities}
        return frozenset(name for name, number in self.number.items() if number in numbers)


def coupled_activities(
    versions: Iterable[Version], balances: Mapping[str, Balance], related: Iterable[Version] = ()
) -> CoupledActivities:
    """The parts of these versions, and of every mixture of them.

    Args:
        versions: All versions by which events can be valued.
        balances: By id.
        related: Versions that say which activity replaces which.
    """
    rules: defaultdict[str, list[Activity]] = defaultdict(list)
    capped = set()
    for name, rule, version in ((*item, one) for one in versions for item in one.activities.items()):
        rules[name].append(rule)
        if version.caps_met_by(rule) or any(entry.caps for entry in rule.entries):
            capped.add(name)
    shared: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    ids: dict[str, frozenset[str]] = {}
    for link in sorted({link for version in related for link in version.replaces.items()}):
        same = frozenset(link).union(*(ids.get(name, ()) for name in link))
        ids |= dict.fromkeys(same, same)
    for name, same in ids.items():
        shared["thing", min(same)] |= {name}
        rules.setdefault(name, [])
    taking = {
        balance
        for known in rules.values()
        for balance, is_spent in _taken(known)
        if is_spent or balances[balance].floor is not None
    }
    for name, known in rules.items():
        for group in {group for rule in known for group in rule.groups}:
            shared["group", group].add(name)
        for balance in taking & {balance for rule in known for balance in rule.balances}:
            shared["balance", balance].add(name)
    number = {name: place for place, name in enumerate(sorted(rules))}
    for together in shared.values():
        merged = {number[name] for name in together}
        number = {name: min(merged) if place in merged else place for name, place in number.items()}
    floored = {name for balance in taking for name in shared["balance", balance]}
    limited = frozenset(number[name] for name in capped | floored)
    return CoupledActivities(number, limited, ids, _feeding(rules, number))


def _feeding(
    rules: Mapping[str, Sequence[Activity]], number: Mapping[str, int]
) -> Mapping[str, frozenset[str]]:
    """The activities of each part in which one has an entry of a balance, by balance."""
    parts: defaultdict[str, set[int]] = defaultdict(set)
    for name, known in rules.items():
        for balance in {balance for rule in known for balance in rule.balances}:
            parts[balance].add(number[name])
    return {
        balance: frozenset(name for name, place in number.items() if place in own)
        for balance, own in parts.items()
    }


def _taken(rules: Sequence[Activity]) -> Iterator[tuple[str, bool]]:
    """The balances from which an event can take under a mixture of its rules, and whether it spends there.

    A mixture has the amount of one of them, and any of the bonuses: where one rule gives 10 points and
    another has a bonus of -15, a mixture of them takes 5. It can have them in the balance of another one.
    """
    entries = [(entry, rule) for rule in rules for entry in rule.entries]
    yield from ((entry.balance, True) for entry, _ in entries if entry.is_spend)
    lowest = [amount_range(entry, rule)[0] for entry, rule in entries]
    bounds = [amount for amount in lowest if amount is not None]
    bonuses = sum(min(0, bonus.points) for entry, _ in entries for bonus in entry.bonuses)
    if len(bounds) < len(lowest) or min(0, *bounds) + bonuses < 0:
        yield from ((entry.balance, False) for entry, _ in entries)

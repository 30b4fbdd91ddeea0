"""Entries as laws look at them: in a version, with the limits that they meet and what copies them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from pointbook.changes.subject import ABSENT
from pointbook.model.windows import CapKind
from pointbook.reasoning.awards import never_negative
from pointbook.reasoning.cap_order import CapKey

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pointbook.changes.subject import Pair, Subject
    from pointbook.model.activities import Activity, EntryRule
    from pointbook.model.amounts import Amount
    from pointbook.model.program import Version


class EntryIn(NamedTuple):
    """An entry of an activity, in a version."""

    entry: EntryRule
    activity: Activity
    version: Version

    @property
    def name(self) -> tuple[str, str]:
        """The activity's id and the balance."""
        return self.activity.id, self.entry.balance

    @property
    def form(self) -> Any:
        """How its points are found, for a law that knows which form that is."""
        return self.entry.points


class Link(NamedTuple):
    """One of the limits that an activity's events meet.

    Attributes:
        key: What its usage belongs to.
        shared: Which other entries meet it too, in any version, by activity and balance.
    """

    key: CapKey
    shared: frozenset[tuple[str, str]]


Chain = tuple[Link, ...]
"""The limits that an entry meets."""


def each(subject: Subject) -> tuple[EntryIn, ...]:
    """The entry that a subject is part of, in the versions of the pair that have it; all of an activity."""
    return tuple(one for side in sides(subject) for one in side)


def sides(subject: Subject) -> tuple[tuple[EntryIn, ...], tuple[EntryIn, ...]]:
    """The same, in the old version and in the new one."""
    found = subject.entry
    values = subject.rules if found is None else found.values
    versions = (subject.pair.old, subject.pair.new)
    old, new = (
        tuple(
            EntryIn(entry, activity, version)
            for entry in (getattr(activity, "entries", ()) if found is None else (value,))
            if entry is not ABSENT
        )
        for value, activity, version in zip(values, subject.rules, versions, strict=True)
    )
    return old, new


def elsewhere(pair: Pair, activity: str, balance: str | None = None) -> Iterator[EntryIn]:
    """An entry of the activity in the versions in force before or after the pair's; all without a balance."""
    return (
        EntryIn(entry, rule, version)
        for version in pair.others
        if (rule := version.activities.get(activity)) is not None
        for entry in rule.entries
        if balance in {None, entry.balance}
    )


def keys_met(one: EntryIn) -> dict[CapKey, Amount]:
    """The limits that the entry meets, with what they are."""
    entry, activity, version = one
    return {
        CapKey(scope, owner, cap.kind, cap.per, entry.balance if scope == "entry" else cap.balance or ""): (
            cap.limit
        )
        for scope, owner, _, cap in activity.limiting(entry, version.caps_met_by(activity))
    }


def links_of(pair: Pair, one: EntryIn) -> Chain:
    """The limits of an entry, narrower ones first where they have an order."""
    stages = pair.cap_order(one.activity.id).stages
    keys = sorted(keys_met(one), key=lambda key: stages.get(key, 0))
    return tuple(Link(key, shared_by(pair, key, one)) for key in keys)


def users_of(pair: Pair, key: CapKey) -> frozenset[tuple[str, str]]:
    """The entries that meet the limit in any version, by activity and balance."""
    if key.scope == "entry":
        return frozenset(((key.owner, key.balance),))
    activities = pair.in_groups.get(key.owner, frozenset()) if key.scope == "group" else {key.owner}
    counted = key.balance if key.kind is CapKind.POINTS else ""
    return frozenset(
        (activity, balance)
        for activity in activities
        for balance in pair.earned.get(activity, ())
        if counted in {"", balance}
    )


def shared_by(pair: Pair, key: CapKey, one: EntryIn) -> frozenset[tuple[str, str]]:
    """The other entries that meet a limit of this one; of an activity that feeds one at a time, none."""
    others = users_of(pair, key) - {one.name}
    if pair.gives_several(one.activity.id):
        return others
    return frozenset(name for name in others if name[0] != one.activity.id)


def entries_at(pair: Pair, names: Iterable[tuple[str, str]]) -> Iterator[EntryIn]:
    """The entries of these activities and balances, in all versions."""
    return (
        EntryIn(entry, rule, version)
        for activity, balance in sorted(names)
        for version in pair.versions
        if (rule := version.activities.get(activity)) is not None
        for entry in rule.entries
        if entry.balance == balance
    )


def copies_of(one: EntryIn) -> tuple[EntryIn, ...]:
    """The entries of the same event that copy it."""
    found = (entry for entry in one.activity.entries if entry.points.copies == one.entry.balance)
    return tuple(EntryIn(entry, one.activity, one.version) for entry in found)


def copied_deductions(versions: Iterable[Version]) -> frozenset[str]:
    """The balances from which an entry that another one copies can take what a floor can cut."""
    return frozenset(
        copied.balance
        for version in versions
        for rule in version.activities.values()
        for entry in rule.entries
        if entry.points.copies is not None
        and (copied := rule.copied_by(entry)) is not None
        and not copied.is_spend
        and not never_negative(copied, rule)
    )

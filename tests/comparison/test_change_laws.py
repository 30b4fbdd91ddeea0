"""Laws of semantic changes, on random versions."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from pathlib import Path
from types import MappingProxyType

from hypothesis import assume, given, settings
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).parent))
from rulesets import edited, logs, program_of, versions

from pointbook.changes.applying import applied
from pointbook.changes.differences import changes_between
from pointbook.changes.directions import Direction
from pointbook.changes.draft import draft_of, version_from_draft
from pointbook.changes.subject import ABSENT
from pointbook.evaluating import evaluate
from pointbook.model.ledger import Outcome
from pointbook.model.points.forms import Assessed
from pointbook.model.rules import Source
from pointbook.reasoning.conditions import canonical_condition

pairs = versions("old", several=True).flatmap(
    lambda old: st.tuples(
        st.just(old), st.one_of(versions("new", several=True), edited(old, "new", several=True))
    )
)
small = settings(max_examples=20, deadline=None)


def rules_of(version):
    """The version's rules in one form: equal for two versions exactly if they mean the same.

    Left out are the name, what the version was written as a patch of, and where; the order of
    bonuses, of caps, of groups and of the parts of conditions is set.
    """
    bare = version_from_draft(draft_of(version, page_moves=False), version)
    activities = {}
    for key, activity in bare.activities.items():
        condition = activity.eligible_if
        activities[key] = replace(
            activity,
            entries=tuple(map(entry_of, activity.spends_first)),
            eligible_if=None if condition is None else canonical_condition(condition),
            caps=tuple(sorted(activity.caps, key=repr)),
            groups=tuple(sorted(activity.groups)),
        )
    groups = {
        key: replace(group, caps=tuple(sorted(group.caps, key=repr))) for key, group in bare.groups.items()
    }
    return replace(bare, id="", activities=MappingProxyType(activities), groups=MappingProxyType(groups))


def entry_of(entry):
    bonuses = [replace(bonus, condition=canonical_condition(bonus.condition)) for bonus in entry.bonuses]
    return replace(
        entry,
        bonuses=tuple(sorted(bonuses, key=repr)),
        condition=None if entry.condition is None else canonical_condition(entry.condition),
        caps=tuple(sorted(entry.caps, key=repr)),
    )


def alike(one, other, old, new):
    """Whether two versions mean the same, one of which comes of changes from `old` to `new`.

    What one says of itself, and the other does not, is no change; nor is which rules a new page takes along,
    and which stay on the one that they were written under.
    """
    left, right = rules_of(one), rules_of(other)
    own = {
        key: None for key in ("title", "note", "source") if None in (getattr(left, key), getattr(right, key))
    }
    pages = {version.source.document for version in (old, new) if old.source and new.source}
    left, right = (replace(version, **own) for version in (left, right))
    return left.source == right.source and off(pages, left) == off(pages, right)


def off(pages, value):
    """A record, mapping or list in which no source names one of the pages."""
    if isinstance(value, Source):
        return replace(value, document="") if value.document in pages else value
    if isinstance(value, Mapping):
        return MappingProxyType({key: off(pages, one) for key, one in value.items()})
    if isinstance(value, tuple):
        return tuple(off(pages, one) for one in value)
    if is_dataclass(value):
        return replace(
            value, **{field.name: off(pages, getattr(value, field.name)) for field in fields(value)}
        )
    return value


@small
@given(versions(several=True))
def test_a_version_differs_from_itself_in_nothing(version):
    assert changes_between(version, version) == ()


@small
@given(pairs)
def test_all_changes_applied_to_the_old_version_give_the_new_one(pair):
    old, new = pair
    assert alike(applied(changes_between(old, new), old), new, old, new)


@small
@given(pairs)
def test_no_change_means_the_same_rules_and_the_other_way_round(pair):
    old, new = pair
    assert (not changes_between(old, new)) == alike(old, new, old, new)


@small
@given(pairs)
def test_the_way_back_mirrors_the_way_there(pair):
    old, new = pair
    there = {change.address: change for change in changes_between(old, new)}
    back = {change.address: change for change in changes_between(new, old)}
    assert there.keys() == back.keys()
    for address, change in there.items():
        other = back[address]
        assert other.kind is change.kind.mirror
        assert other.direction is change.direction.opposite
        assert (other.old.value, other.new.value) == (change.new.value, change.old.value)


@small
@given(pairs)
def test_every_change_has_an_address_of_its_own(pair):
    changes = changes_between(*pair)
    assert len({change.address for change in changes}) == len(changes)
    assert all(change.sentence.startswith(change.subject) for change in changes)
    assert all(change.old.value is not ABSENT or change.new.value is not ABSENT for change in changes)


@small
@given(pairs, st.data())
def test_any_subset_can_be_applied_and_evaluated(pair, data):
    old, new = pair
    changes = changes_between(old, new)
    chosen = [change for change in changes if data.draw(st.booleans())]
    part = applied(chosen, old)
    log = data.draw(logs())
    program = program_of(part)
    day = max((event.local.date() for event in log.events), default=part.effective_from)
    list(evaluate(program, log, as_of=day, version=part.id))
    applied(chosen[::-1], old)
    assert rules_of(applied(chosen[::-1], old)) == rules_of(part)


def written_otherwise(entry):
    """The same in the other order, and in the long form."""
    is_assessed = isinstance(entry.points, Assessed)
    return replace(
        entry,
        bonuses=entry.bonuses[::-1],
        caps=entry.caps[::-1],
        points=replace(entry.points, open_ended=False) if is_assessed else entry.points,
        path=entry.path or ("earns", entry.balance),
    )


@small
@given(versions(several=True))
def test_order_and_way_of_writing_are_no_change(version):
    other = replace(
        version,
        id="other",
        based_on="something",
        sha256="x",
        activities=MappingProxyType(
            {
                key: replace(
                    activity,
                    entries=tuple(map(written_otherwise, activity.entries)),
                    caps=activity.caps[::-1],
                    groups=activity.groups[::-1],
                )
                for key, activity in reversed(version.activities.items())
            }
        ),
        benefits=MappingProxyType(dict(reversed(version.benefits.items()))),
        groups=MappingProxyType(
            {key: replace(group, caps=group.caps[::-1]) for key, group in version.groups.items()}
        ),
    )
    assert changes_between(version, other) == ()


def _totals(version, log, assume_policy):
    day = max((event.local.date() for event in log.events), default=version.effective_from)
    program = program_of(version)
    results = evaluate(program, log, as_of=day, version=version.id, assume=assume_policy)
    totals = {}
    for result in results:
        assume(all(entry.outcome is not Outcome.INSUFFICIENT_BALANCE for entry in result.entries))
        for entry in result.entries:
            key = (result.member.id, entry.balance)
            totals[key] = totals.get(key, 0) + entry.awarded
    return totals


@settings(max_examples=40, deadline=None)
@given(pairs, st.data())
def test_a_favourable_change_costs_nobody_points(pair, data):
    """Applied alone; assessed values are taken to keep their place, at both ends of the range."""
    old, new = pair
    changes = [
        change
        for change in changes_between(old, new)
        if change.direction in (Direction.FAVOURABLE, Direction.ADVERSE, Direction.NEUTRAL)
        # Without its group, an activity that goes together with it would have no limit for the moment.
        and change.code not in ("level-added", "level-removed", "group-removed")
    ]
    assume(changes)
    change = data.draw(st.sampled_from(changes))
    unassessed = data.draw(logs(complete=True))
    events = [event._replace(points=None) for event in unassessed.events]
    log = replace(unassessed, events=events)
    before, after = old, applied([change], old)
    # `applied` drops what dangles; the old side is put through the same door.
    before = applied([], old)
    for policy in ("low", "high"):
        one, two = _totals(before, log, policy), _totals(after, log, policy)
        for key in one | two:
            if change.direction is Direction.FAVOURABLE:
                assert two.get(key, 0) >= one.get(key, 0), change
            elif change.direction is Direction.ADVERSE:
                assert two.get(key, 0) <= one.get(key, 0), change
            else:
                assert two.get(key, 0) == one.get(key, 0), change

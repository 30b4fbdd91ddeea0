"""The laws of directions, on random programs and random edits of every key of every file.

A change may only be called favourable, adverse or neutral if no log says otherwise: each program is
evaluated as it is in force, and each version as if it had always been, with every assessed value at the
low end of its range, and at the high end.
"""

from __future__ import annotations

import sys
from collections import defaultdict
from dataclasses import replace
from datetime import date
from itertools import groupby
from operator import attrgetter
from pathlib import Path
from random import Random
from types import MappingProxyType

import pytest

sys.path.insert(0, str(Path(__file__).parent))
import long_activities
from random_programs import (
    edited,
    log,
    program,
    with_a_replacement,
    with_places_of,
    with_several_entries,
)

from pointbook.changes.against import program_difference
from pointbook.changes.directions import Direction, together
from pointbook.changes.finders.balance_names import with_balances_named
from pointbook.changes.kinds import Kind
from pointbook.evaluating import evaluate
from pointbook.model.ledger import Outcome
from pointbook.model.program import activities_by_any_id
from pointbook.model.sections import Section

NOTHING_PROVED = {
    *(Kind.PROGRAM_UNKNOWN, Kind.PROGRAM_ID_CHANGED, Kind.ATTRIBUTE_TYPE_CHANGED, Kind.BALANCE_REMOVED),
    *(Kind.MEMBER_ATTRIBUTE_REMOVED, Kind.MEMBER_ATTRIBUTE_TYPE_CHANGED, Kind.BENEFIT_LEVEL_CHANGED),
    *(Kind.CONDITION_CHANGED, Kind.BONUS_CONDITION_CHANGED, Kind.SPLIT_CHANGED, Kind.RATE_ATTRIBUTE_CHANGED),
    *(Kind.TABLE_ATTRIBUTE_CHANGED, Kind.RANGE_WIDENED),
    *(Kind.ACTIVITY_REPLACED, Kind.REPLACEMENT_CHANGED, Kind.RATE_TABLE_CHANGED, Kind.RATE_STEP_CHANGED),
    *(Kind.BONUS_PERCENT_CHANGED, Kind.DEFAULT_ADDED, Kind.DEFAULT_REMOVED, Kind.DEFAULT_CHANGED),
    *(Kind.MEMBER_DEFAULT_ADDED, Kind.MEMBER_DEFAULT_REMOVED, Kind.MEMBER_DEFAULT_CHANGED),
    *(Kind.SPEND_ADDED, Kind.SPEND_REMOVED, Kind.ENTRY_CONDITION_CHANGED, Kind.CAP_BALANCE_CHANGED),
    *(Kind.DECIMALS_CHANGED, Kind.ROUNDING_CHANGED),
    *(Kind.RANGE_NARROWED, Kind.GUARDRAIL_LOOSENED, Kind.GUARDRAIL_TIGHTENED, Kind.GUARDRAIL_CHANGED),
    *(Kind.APPROVAL_ADDED, Kind.APPROVAL_REMOVED, Kind.APPROVAL_CHANGED),
    *(Kind.LOCK_LOOSENED, Kind.LOCK_TIGHTENED, Kind.LOCK_CHANGED),
    *(Kind.LOG_READING_CHANGED, Kind.LOG_REFERENCE_CHANGED),
}
"""Kinds that are always mixed, or that no evaluation can tell from nothing."""
OF_LEVELS_AND_CONDITIONS = {
    *(Kind.REQUIREMENTS_LOWERED, Kind.REQUIREMENTS_RAISED, Kind.KEEP_LOWERED, Kind.KEEP_RAISED),
    *(Kind.ELIGIBILITY_ADDED, Kind.ELIGIBILITY_REMOVED, Kind.ELIGIBILITY_WIDENED, Kind.ELIGIBILITY_NARROWED),
    *(Kind.BENEFIT_CONDITION_ADDED, Kind.BENEFIT_CONDITION_REMOVED, Kind.CONDITION_REDEFINED),
}
"""Kinds that the edits of test_laws_of_levels_and_conditions make."""
ALMOST_THOSE = {
    *(Kind.REQUIREMENTS_CHANGED, Kind.KEEP_CHANGED, Kind.ELIGIBILITY_CHANGED, Kind.BENEFIT_CONDITION_CHANGED),
    *(Kind.BENEFIT_CONDITION_WIDENED, Kind.BENEFIT_CONDITION_NARROWED),
    *(Kind.ENTRY_CONDITION_WIDENED, Kind.ENTRY_CONDITION_NARROWED, Kind.LEVELS_REORDERED),
}
"""Kinds that are mixed, or go by the same rule as one of those."""
AS_OF = date(2026, 6, 1)
LOGS = 25


def outcomes_of(whole, events, version, assume):
    """By member: running sums by balance and event, what is neutral's business, levels by date, refusals."""
    found = {}
    for result in evaluate(whole, events, as_of=AS_OF, version=version, assume=assume):
        sums = defaultdict(list)
        running = {key: balance.start for key, balance in whole.balances.items()}
        for _, entries in groupby(result.entries, attrgetter("event_id")):
            for entry in entries:
                running[entry.balance] = running.get(entry.balance, 0) + entry.awarded
            for key, total in running.items():
                sums[key].append(total)
        for key, total in running.items():
            sums[key].append(total)
        exact = [
            (e.event_id, e.balance, e.requested, e.awarded, e.outcome, e.period, e.total, e.level)
            for _, entries in groupby(result.entries, attrgetter("event_id"))
            for e in sorted(entries, key=attrgetter("balance"))  # lines of one event have no order
        ]
        standing = result.standing
        history = [(line.date, line.from_level, line.to_level, line.cause) for line in result.history]
        refused = any(e.outcome is Outcome.INSUFFICIENT_BALANCE for e in result.entries)
        exact += [standing.points, standing.level, standing.benefits, standing.balances, history]
        found[result.member.id] = dict(sums), exact, held_on(history), refused
    return found


def held_on(history):
    """The level held from each day on which something became of it."""
    return {day: level for day, _, level, _ in history}


def level_on(held, day):
    return (
        held[max((known for known in held if known <= day), default=None)]
        if any(known <= day for known in held)
        else None
    )


def in_force(whole, version, day):
    """The levels by rank that count on a day; none before the first version."""
    found = [
        one for one in whole.versions if (one.effective_from <= day if version is None else one.id == version)
    ]
    return [None, *found[-1].levels] if found else [None]


def broken_levels(direction, wholes, version, old, new):
    """What contradicts the direction in levels, on any day on which one changes."""
    for member, (_, _, held, _) in old.items():
        other = new[member][2]
        for day in sorted({*held, *other}):
            one, two = level_on(held, day), level_on(other, day)
            ladders = [in_force(whole, version, day) for whole in wholes]
            common = [
                [level for level in ladder if level in ladders[0] and level in ladders[1]]
                for ladder in ladders
            ]
            longer = max(ladders, key=len)
            if common[0] != common[1] or one not in longer or two not in longer:
                continue
            move = longer.index(two) - longer.index(one)
            if (direction is Direction.FAVOURABLE and move < 0) or (
                direction is Direction.ADVERSE and move > 0
            ):
                return f"{member} holds {two} instead of {one} on {day}"
    return ""


def broken_law(direction, old, new):
    """What contradicts the direction; nothing if the law holds."""
    for member, (sums, exact, *_) in old.items():
        other_sums, other_exact = new[member][:2]
        if direction is Direction.NEUTRAL and exact != other_exact:
            return f"{member}: {exact} != {other_exact}"
        for key in {*sums, *other_sums}:
            length = max(len(sums.get(key, ())), len(other_sums.get(key, ())))
            one, two = sums.get(key, [0] * length), other_sums.get(key, [0] * length)
            if direction is Direction.FAVOURABLE and any(b < a for a, b in zip(one, two, strict=True)):
                return f"{member} has less of {key}: {one} > {two}"
            if direction is Direction.ADVERSE and any(b > a for a, b in zip(one, two, strict=True)):
                return f"{member} has more of {key}: {one} < {two}"
    return ""


def ids(whole):
    return {version.id for version in whole.versions}


def edit_of(dice):
    """A random program, and another that is one edit away from it."""
    one = program(dice)
    pair = one, edited(dice, one)
    return pair if dice.random() < 0.5 else pair[::-1]


def entries_of(dice):
    """A random program whose activities have several entries, and another one edit of an entry away."""
    one = with_several_entries(dice, program(dice))
    place = dice.randrange(len(one.versions))
    version = one.versions[place]
    key = dice.choice(list(version.activities))
    rule = long_activities.edited(dice, version.activities[key], list(version.groups))
    after = replace(version, activities=MappingProxyType({**version.activities, key: rule}))
    versions = (*one.versions[:place], after, *one.versions[place + 1 :])
    pair = one, with_places_of(replace(one, versions=versions))
    return pair if dice.random() < 0.5 else pair[::-1]


def replacement_of(dice):
    """A random program, and another in which a version has an activity under another id, or the reverse."""
    one = program(dice)
    while not any(version.activities for version in one.versions):
        one = program(dice)
    pair = one, with_a_replacement(dice, one)
    return pair if dice.random() < 0.5 else pair[::-1]


def as_read(whole, other, events, version):
    """The log as either program reads it: each event by whichever of its activity's ids the version has."""
    versions = (*whole.versions, *other.versions)

    def read(event):
        before = [one for one in whole.versions if one.effective_from <= event.local.date()]
        counted = whole.version(version) if version is not None else before[-1] if before else None
        if counted is None:
            return event
        rule = activities_by_any_id(counted, versions).get(event.activity)
        return event if rule is None else event._replace(activity=rule.id)

    return replace(events, events=[read(event) for event in events.events])


def check(seed, pair_of=edit_of):
    """What contradicts the directions of a random edit; nothing if their laws hold, or if they are mixed."""
    dice = Random(seed)  # noqa: S311 - the same cases in every run
    old, new = pair_of(dice)
    changes = list(program_difference(old, new, "old", "new").changes)
    direction = together(change.direction for change in changes)
    focus = sorted({change.rule_id for change in changes if change.section is Section.ACTIVITIES})
    proved = direction is not Direction.MIXED and any(not change.kind.is_words for change in changes)
    for _ in range(LOGS if proved else 0):
        events = log(dice, dice.choice((old, new)), focus)
        for assume in ("low", "high"):
            for version in (None, *sorted(ids(old) & ids(new))):
                pair = [
                    outcomes_of(whole, as_read(whole, other, events, version), version, assume)
                    for whole, other in ((old, new), (new, old))
                ]
                if any(refused for side in pair for *_, refused in side.values()):
                    continue  # a spend that either side refuses
                told = broken_law(direction, *pair)
                if not told and not any("a level can differ" in change.reason for change in changes):
                    told = broken_levels(direction, (old, new), version, *pair)
                if told:
                    lines = [f"{one.direction} {one.sentence}; {one.code}, {one.reason}" for one in changes]
                    return f"seed {seed}, version {version}, {assume}: {told}\n" + "\n".join(lines)
    return ""


@pytest.mark.parametrize("part", range(4))
def test_no_random_edit_breaks_the_law_of_its_direction(part):
    for seed in range(part * 60, part * 60 + 60):
        assert not check(seed)


@pytest.mark.parametrize("part", range(2))
def test_no_random_edit_of_an_entry_breaks_the_law_of_its_direction(part):
    for seed in range(part * 60, part * 60 + 60):
        assert not check(seed, entries_of)


@pytest.mark.parametrize("part", range(2))
def test_no_random_replacement_breaks_the_law_of_its_direction(part):
    for seed in range(part * 60, part * 60 + 60):
        assert not check(seed, replacement_of)


def renaming_of(dice):
    """A random program, an edit of it, and that with a further balance under another id."""
    one = program(dice)
    while "credits" not in one.balances:
        one = program(dice)
    other = edited(dice, one)
    return one, other, with_balances_named(other, {"credits": "tickets"})


def test_a_random_balance_under_another_id_is_one_neutral_change_that_hides_no_other():
    dice = Random(1)  # noqa: S311 - the same cases in every run
    told_together = 0
    for _ in range(150):
        one, other, renamed = renaming_of(dice)
        alone = with_balances_named(one, {"credits": "tickets"})
        for pair in ((one, alone), (alone, one)):
            [change] = program_difference(*pair, "old", "new").changes
            assert (change.kind, change.direction) == (Kind.BALANCE_RENAMED, Direction.NEUTRAL)
            assert change.address == "balances/credits"
        codes, edits = (
            [(change.kind, change.direction) for change in program_difference(one, new, "", "").changes]
            for new in (renamed, other)
        )
        if renaming := [code for code in codes if code[0] is Kind.BALANCE_RENAMED]:
            told_together += bool(edits)
            codes.remove(renaming[0])
            assert sorted(map(str, codes)) == sorted(map(str, edits))
    assert told_together > 50


def test_a_random_balance_under_another_id_has_the_same_outcomes():
    dice = Random(1)  # noqa: S311 - the same cases in every run
    names = {"credits": "tickets"}
    for _ in range(40):
        one, _, _ = renaming_of(dice)
        events = log(dice, one, [])
        old = outcomes_of(one, events, None, "low")
        new = outcomes_of(with_balances_named(one, names), events, None, "low")
        for member, (sums, exact, held, _) in old.items():
            called = {names.get(key, key): totals for key, totals in sums.items()}
            assert new[member][0] == called
            renamed = [str(one).replace("credits", "tickets") for one in exact]
            assert sorted(map(str, new[member][1])) == sorted(renamed)  # lines of one event by balance
            assert new[member][2] == held


def test_random_replacements_have_every_direction():
    dice = Random(1)  # noqa: S311 - the same cases in every run
    pairs = [replacement_of(dice) for _ in range(300)]
    changes = [change for old, new in pairs for change in program_difference(old, new, "old", "new").changes]
    found = {change.direction for change in changes if change.kind is Kind.ACTIVITY_REPLACED}
    assert found == set(Direction)


def test_the_random_edits_make_every_kind_of_change_of_which_something_is_proved():
    dice = Random(1)  # noqa: S311 - the same cases in every run
    one, _, renamed = renaming_of(dice)
    found = {change.kind for change in program_difference(one, renamed, "old", "new").changes}
    wanted = {kind for kind in Kind if not kind.is_words} - NOTHING_PROVED
    wanted -= OF_LEVELS_AND_CONDITIONS | ALMOST_THOSE
    for _ in range(12_000):
        if wanted <= found:
            return
        old, new = edit_of(dice)
        found |= {change.kind for change in program_difference(old, new, "old", "new").changes}
    assert not wanted - found

"""Nothing that a comparison leaves out or shares would have changed it: on random rules and logs."""

from __future__ import annotations

import sys
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from types import MappingProxyType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).parent))
from rulesets import FIRST_DAY, edited, logs, program_of, versions

from pointbook.changes.differences import changes_between
from pointbook.changes.reach import moves_anniversaries, on_leap_day
from pointbook.comparison.comparing import compare
from pointbook.comparison.coupling import coupled_activities
from pointbook.comparison.outcome import (
    Effects,
    MemberSums,
    member_outcome,
    moves_of,
)
from pointbook.comparison.pairs import MemberPair
from pointbook.comparison.question import Question, question_of
from pointbook.comparison.repeats import repeated
from pointbook.comparison.replay import awards_of, course_of, replayed, sums_of, track_of
from pointbook.comparison.shares.attribution import EXACT, game_terms
from pointbook.comparison.shares.game import MemberGame, subsets_of
from pointbook.comparison.shares.level_moves import LevelMoves
from pointbook.comparison.sides import scale_of, sides_of
from pointbook.comparison.terms import Options
from pointbook.evaluating import evaluate
from pointbook.log import Log, Rejects
from pointbook.model.activities import Activity
from pointbook.model.ledger import Assume, Outcome
from pointbook.model.levels import Level
from pointbook.model.log import Event, Member
from pointbook.model.points.forms import Assessed, Fixed
from pointbook.model.program import Balance, Version
from pointbook.model.rules import Cap, Group, LifeCycle
from pointbook.model.windows import CapKind, Per, Resets

AS_OF = FIRST_DAY + timedelta(days=900)
LEAP_DAY = date(2024, 2, 29)
pairs = st.one_of(
    versions("old").flatmap(lambda old: st.tuples(st.just(old), edited(old, "new"))),
    versions("old", several=True).flatmap(
        lambda old: st.tuples(st.just(old), edited(old, "new", several=True))
    ),
)
policies = st.sampled_from(Assume)
some = settings(max_examples=20, deadline=None)


@st.composite
def questions(draw):
    """Two versions, as if always in force or from a day on, in a program of any kind of balances."""
    old, new = draw(pairs)
    later = replace(new, effective_from=date(2024, 6, 1))
    since = draw(st.one_of(st.none(), st.integers(0, 900)))
    program = program_of(old, later) if since is None and draw(st.booleans()) else program_of(old)
    points = Balance(
        "points",
        draw(st.sampled_from(Resets)),
        start=draw(st.sampled_from((0, 0, 60))),
        floor=draw(st.sampled_from((None, None, 0))),
    )
    program = replace(program, balances=MappingProxyType({**program.balances, "points": points}))
    return question_of(
        program,
        old,
        later if len(program.versions) > 1 else new,
        old_is_external=False,
        since=None if since is None else FIRST_DAY + timedelta(days=since),
        as_of=AS_OF,
    )


@st.composite
def leaping_logs(draw):
    """A log of which some members signed up on 29 February."""
    log = draw(logs())
    members = {
        key: member._replace(signed_up_on=LEAP_DAY) if draw(st.booleans()) else member
        for key, member in log.members.items()
    }
    return replace(log, members=members)


def outcomes_of(question, log, assume):
    """Both sides' outcome of each member, from the whole of the events."""
    runs = question.ready(None, assume), question.ready(question.new, assume)
    found = {}
    for member in log.members.values():
        events = [event for event in log.events if event.member_id == member.id]
        results = [run.result(member, events) for run in runs]
        if results[0].standing is not None:
            found[member.id] = tuple(
                member_outcome(
                    whole_course(run, result, events), sums_of_entries(result.entries), scale_of(run)
                )
                for run, result in zip(runs, results, strict=True)
            )
    return found


@some
@given(questions(), leaping_logs(), policies)
def test_each_member_is_what_all_events_under_both_come_to(question, log, assume):
    found = compare(question, log, Options(assume=assume, show_ids=True))
    assert {member.name: (member.old, member.new) for member in found.members} == outcomes_of(
        question, log, assume
    )


@some
@given(pairs, st.sampled_from(Resets), leaping_logs(), policies)
def test_whole_programs_come_to_what_all_events_under_both_do(pair, resets, log, assume):
    old, new = pair
    later = replace(new, effective_from=date(2024, 6, 1))
    before, after = program_of(old), program_of(old, later)
    balances = MappingProxyType({**after.balances, "points": Balance("points", resets)})
    question = Question(before, old, later, FIRST_DAY, AS_OF, None, replace(after, balances=balances))
    found = compare(question, log, Options(assume=assume, show_ids=True, attribution=False))
    assert {member.name: (member.old, member.new) for member in found.members} == outcomes_of(
        question, log, assume
    )


@some
@given(questions(), logs(), policies, st.integers(0, 900), st.integers(1, 3))
def test_repeats_come_to_what_all_events_under_both_do(question, log, assume, days, years):
    last = FIRST_DAY + timedelta(days=days)
    again, repeats = repeated(log, question.program.timezone, last, years)
    question = replace(question, as_of=repeats.until, repeats=repeats)
    found = compare(question, again, Options(assume=assume, show_ids=True))
    assert {member.name: (member.old, member.new) for member in found.members} == outcomes_of(
        question, again, assume
    )
    ids = [event.event_id for event in again.events]
    assert len(ids) == len(set(ids)) == found.quality.events
    assert found.quality.after_as_of == sum(event.local.date() > last for event in log.events)


@some
@given(questions(), leaping_logs(), policies)
def test_the_bounds_of_missing_values_are_what_these_assumptions_give(question, log, assume):
    found = compare(question, log, Options(assume=assume, attribution=False))
    low, high = (
        {line.key: line.change for line in compare(question, log, Options(assume=policy)).headlines}
        for policy in (Assume.LOW, Assume.HIGH)
    )
    assert {line.key: line.low for line in found.headlines} == low
    assert {line.key: line.high for line in found.headlines} == high


@some
@given(questions(), leaping_logs(), policies, st.data())
def test_every_subset_of_the_changes_is_what_all_events_under_it_come_to(question, log, assume, data):
    changes = changes_between(question.old, question.new, (question.program,))
    sides = sides_of(question, changes, assume)
    terms = game_terms(sides)._replace(most=data.draw(st.sampled_from((1, EXACT))))
    for member in log.members.values():
        if member.signed_up_on > AS_OF:
            continue
        events = [event for event in log.events if event.member_id == member.id]
        results = [side.rules.result(member, events) for side in (sides.old, sides.new)]
        whole = on_leap_day(member) and any(moves_anniversaries(change) for change in changes)
        track = track_of(member, events)
        pair = MemberPair(
            track,
            events,
            whole or not track.steady,
            tuple(result.entries for result in results),
            tuple(awards_of(result.entries, len(events), "points") for result in results),
            tuple(sums_of_entries(result.entries) for result in results),
            *(
                member_outcome(
                    whole_course(side.rules, result, events), sums_of_entries(result.entries), side.scale
                )
                for result, side in zip(results, (sides.old, sides.new), strict=True)
            ),
        )
        reaches = terms.reaches
        mine = {event.activity for event in events}
        touching = [
            index
            for index, one in enumerate(reaches)
            if one.counted
            and (one.activities is None or one.activities & mine)
            and (whole or not moves_anniversaries(changes[index]))
        ]
        game = MemberGame(pair, terms, touching)
        left_out = [index for index, one in enumerate(reaches) if one.counted and index not in game.players]
        some_sets = st.lists(st.sets(st.sampled_from(game.players or [0])), max_size=16)
        masks = subsets_of(game.players) if len(game.players) <= 4 else map(mask_of, data.draw(some_sets))
        for mask in masks:
            # Whether changes that are no players of this member are made or not is all one.
            others = mask_of(index for index in left_out if data.draw(st.booleans()))
            rules = terms.rules(mask | others)
            assert game.value(mask) == effects_of(rules, rules.result(member, events))


def mask_of(indexes):
    return sum(1 << index for index in indexes)


def effects_of(rules, result):
    moves = moves_of(result.history, rules.evaluation.interpreter.timeline)
    return Effects(sums_of_entries(result.entries).points, *moves)


def sums_of_entries(entries):
    """Without the shortcut of counting a log as it is read."""
    cut = (Outcome.REDUCED, Outcome.CAPPED)
    balances = tuple(
        sum(entry.awarded for entry in entries if entry.balance == name)
        for name in ("points", "credits", "nights")
    )
    return MemberSums(
        balances[0],
        balances,
        len({entry.event_id for entry in entries if entry.outcome in cut}),
        len({entry.event_id for entry in entries if entry.assumed or entry.outcome.is_open}),
        len({(entry.event_id, entry.outcome) for entry in entries if entry.outcome.is_void}),
        len({entry.event_id for entry in entries if entry.outcome is Outcome.INSUFFICIENT_BALANCE}),
    )


def whole_course(rules, result, events):
    """The course that all of a member's events give."""
    totals = sums_of(awards_of(result.entries, len(events), "points"))
    return course_of(result, rules.evaluation, track_of(result.member, events), totals)


@some
@given(questions(), leaping_logs(), policies)
def test_levels_from_awards_are_those_from_events(question, log, assume):
    run = question.ready(None, assume)
    for member in log.members.values():
        events = [event for event in log.events if event.member_id == member.id]
        result = run.result(member, events)
        if result.standing is not None:
            awards = awards_of(result.entries, len(events) - result.after_as_of, "points")
            for rising in {False, min(awards, default=0) >= 0}:
                course = replayed(run.evaluation, track_of(member, events), sums_of(awards), rising=rising)
                assert course._replace(history=list(course.history)) == whole_course(run, result, events)


@some
@given(questions(), leaping_logs(), st.data())
def test_levels_from_totals_at_the_ends_of_periods_are_those_from_every_award(question, log, data):
    run = question.ready(question.new, Assume.NONE)
    levels = LevelMoves(lambda _: run, 0)

    def moves_by_award(track, awards):
        return moves_of(
            replayed(run.evaluation, track, sums_of(awards)).history, run.evaluation.interpreter.timeline
        )

    def totals_of(track, awards):
        sums = sums_of(awards)
        return levels.totals(track.member, [sums[end] for end in levels.ends(track)])

    for member in log.members.values():
        events = [event for event in log.events if event.member_id == member.id]
        track = track_of(member, [event for event in events if event.local.date() <= AS_OF])
        if member.signed_up_on > AS_OF or not track.steady:
            continue
        timeline = run.evaluation.interpreter.timeline
        # Nothing is awarded before the sign-up, and while no version is in force.
        none = [day < member.signed_up_on or timeline.on(day) < 0 for day in track.days]
        low, more = (
            [0 if nothing else data.draw(st.sampled_from((0, 1, 30, 90, 250))) for nothing in none]
            for _ in range(2)
        )
        found = levels.moves(0, member, totals_of(track, low), max(low, default=0))
        assert found in (None, moves_by_award(track, low))
        if max(low, default=0) <= 1:  # no threshold of these versions lies so near to another
            assert found is not None
        between = [one + data.draw(st.sampled_from((0, extra))) for one, extra in zip(low, more, strict=True)]
        high = [one + extra for one, extra in zip(low, more, strict=True)]
        every = [low, between, high]
        many = list(zip(*(totals_of(track, awards) for awards in every), strict=True))
        found_ranks = levels.ranks(0, member, many)
        for one, awards in zip(found_ranks, every, strict=True):
            for other, alike in zip(found_ranks, every, strict=True):
                if one == other:
                    moves = levels.moves(0, member, totals_of(track, awards), 1)
                    assert moves == levels.moves(0, member, totals_of(track, alike), 1)


@some
@given(st.one_of(versions("old"), versions("old", several=True)), leaping_logs())
def test_events_of_one_part_come_to_the_same_without_those_of_the_others(version, log):
    program = program_of(version)
    number = coupled_activities([version], program.balances).number
    whole = evaluate(program, log, as_of=AS_OF, version="old", assume=Assume.MID)
    entries = {(entry.event_id, entry.balance): entry for result in whole for entry in result.entries}
    for part in {number.get(event.activity) for event in log.events}:
        own = [event for event in log.events if number.get(event.activity) == part]
        alone = evaluate(program, replace(log, events=own), as_of=AS_OF, version="old", assume=Assume.MID)
        for result in alone:
            for entry in result.entries:
                other = entries[entry.event_id, entry.balance]
                assert (entry.awarded, entry.outcome) == (other.awarded, other.outcome)


@pytest.mark.parametrize("assume", [Assume.NONE, Assume.MID])
def test_where_a_clock_is_set_back_over_midnight_all_events_are_evaluated(assume):
    # The second event happens an hour after the first, on the local day before. Each day lets one through.
    member = Member("m", date(2023, 11, 5), MappingProxyType({}))
    times = (datetime(2024, 11, 5, 0), datetime(2024, 11, 4, 23), datetime(2024, 11, 5, 1))  # noqa: DTZ001
    events = [
        Event("m", datetime(2024, 11, 5, 4 + index), f"e{index}", local, activity, None, MappingProxyType({}))  # noqa: DTZ001
        for index, (local, activity) in enumerate(zip(times, "aba", strict=True))
    ]
    log = Log({"m": member}, events, Rejects(), Rejects(), 3, 1)
    daily = (Cap(CapKind.TIMES, 1, Per.DAY),)
    old, new = (
        Version(
            id=name,
            effective_from=effective_from,
            levels=MappingProxyType({"low": Level("low", 100)}),
            activities=MappingProxyType(
                {
                    "a": Activity.short("a", "points", Fixed(points), groups=("g",)),
                    "b": Activity.short("b", "points", Assessed(40, 60), groups=("g",)),
                }
            ),
            groups=MappingProxyType({"g": Group("g", daily)}),
            benefits=MappingProxyType({}),
            life_cycle=LifeCycle(),
        )
        for name, effective_from, points in (
            ("old", date(2023, 1, 1), 60),
            ("new", date(2024, 6, 1), 70),
        )
    )
    question = question_of(
        program_of(old, new), old, new, old_is_external=False, since=None, as_of=date(2024, 12, 31)
    )
    assert not track_of(member, events).steady
    found = compare(question, log, Options(assume=assume, show_ids=True))
    for side in ("old", "new"):
        (result,) = evaluate(
            question.program, replace(log, events=events), as_of=question.as_of, version=side, assume=assume
        )
        outcome = getattr(found.members[0], side)
        assert outcome.effects.points == sum(entry.awarded for entry in result.entries)
        assert outcome.cuts == sum(entry.outcome is Outcome.CAPPED for entry in result.entries)
    (share,) = [share for share in found.attribution.shares if share.counted]
    assert share.points == found.members[0].change


@settings(max_examples=80, deadline=None)
@given(questions(), leaping_logs(), policies, st.data())
def test_an_activity_that_takes_the_place_of_another_is_read_by_either_id(question, log, assume, data):
    """The same as without the shortcuts, and shares add up, where events bear either id."""
    both = sorted(question.old.activities.keys() & question.new.activities.keys())
    if question.since is not None or not both:
        return
    name = data.draw(st.sampled_from(both))
    rules = {key: rule for key, rule in question.new.activities.items() if key != name}
    rules["later"] = replace(question.new.activities[name], id="later")
    new = replace(
        question.new, activities=MappingProxyType(rules), replaces=MappingProxyType({"later": name})
    )
    versions = tuple(new if known is question.new else known for known in question.program.versions)
    question = replace(question, new=new, program=replace(question.program, versions=versions))
    events = [
        event._replace(activity="later") if event.activity == name and data.draw(st.booleans()) else event
        for event in log.events
    ]
    log = replace(log, events=events)
    found = compare(question, log, Options(assume=assume, show_ids=True))
    wanted = outcomes_of(question, log, assume)
    assert {member.name: (member.old, member.new) for member in found.members} == wanted
    points = sum(new.effects.points - old.effects.points for old, new in wanted.values())
    assert found.attribution.total.points == points

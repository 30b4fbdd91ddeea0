"""What a sample without mistakes comes to, once it is read and evaluated."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import date
from typing import TYPE_CHECKING

import pytest

from pointbook.model.ledger import LevelCause, Outcome
from pointbook.model.points.forms import Assessed
from pointbook.sample import default_spec

if TYPE_CHECKING:
    from collections.abc import Callable

    from pointbook.interpret.evaluation import MemberResult
    from pointbook.log import Log
    from pointbook.model.ledger import Standing
    from pointbook.model.program import Program

    ReadLog = Callable[..., Log]
    Results = Callable[..., list[MemberResult]]

COUNTED = {Outcome.AWARDED, Outcome.REDUCED, Outcome.CAPPED, Outcome.UNVALUED, Outcome.NOT_ELIGIBLE}


def standings_in(results: list[MemberResult]) -> list[Standing]:
    return [result.standing for result in results if result.standing is not None]


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_nothing_is_rejected_and_every_event_can_be_counted(
    program: Program, read: ReadLog, results: Results, seed: int
) -> None:
    log = read(program, default_spec(program, events=3000, mistakes=0, seed=seed))
    assert (log.rejects, log.member_rejects) == ((), ())
    counted = results(program, events=3000, mistakes=0, seed=seed)
    assert {entry.outcome for result in counted for entry in result.entries} <= COUNTED


def test_a_sample_shorter_than_a_version_can_be_counted_too(shipped: Program, read: ReadLog) -> None:
    spec = default_spec(
        shipped, first_day=date(2023, 10, 1), last_day=date(2023, 10, 12), mistakes=0, events=900
    )
    log = read(shipped, spec)
    assert len(log.events) == 900
    assert all(spec.first_day <= event.local.date() <= spec.last_day for event in log.events)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_members_spread_over_all_levels_and_thin_out_towards_the_top(
    shipped: Program, results: Results, seed: int
) -> None:
    held = Counter(standing.level for standing in standings_in(results(shipped, mistakes=0, seed=seed)))
    base, low, middle, top = shipped.versions[-1].levels
    assert 30 < held[base] < 70
    assert 70 < held[low] < 110
    assert 20 < held[middle] < 60
    assert 8 < held[top] < 30


@pytest.mark.parametrize("name", ["shipped", "workshop"])
def test_members_gain_keep_and_lose_levels(programs: dict[str, Program], results: Results, name: str) -> None:
    changes = [change for result in results(programs[name], mistakes=0) for change in result.history]
    causes = Counter(change.cause for change in changes)
    assert min(causes[LevelCause.REACHED], causes[LevelCause.KEPT], causes[LevelCause.DEMOTED]) > 20


def test_some_totals_lie_close_to_a_threshold(shipped: Program, results: Results) -> None:
    totals = [standing.points for standing in standings_in(results(shipped, mistakes=0))]
    thresholds = [level.threshold for level in shipped.versions[-1].levels.values()]
    assert sum(abs(total - at) * 10 < at for total in totals for at in thresholds) >= 5


@pytest.mark.parametrize("name", ["shipped", "workshop"])
def test_caps_are_sometimes_exceeded(programs: dict[str, Program], results: Results, name: str) -> None:
    entries = [entry for result in results(programs[name], mistakes=0) for entry in result.entries]
    cut = sum(entry.outcome in (Outcome.CAPPED, Outcome.REDUCED) for entry in entries)
    assert 0.002 < cut / len(entries) < 0.2


@pytest.mark.parametrize("name", ["shipped", "workshop"])
def test_every_bonus_holds_for_some_and_not_for_others(
    programs: dict[str, Program], results: Results, name: str
) -> None:
    program = programs[name]
    added = defaultdict(list)
    for result in results(program, mistakes=0):
        for entry in result.entries:
            if entry.outcome is Outcome.AWARDED:
                added[entry.activity].append(entry.bonuses)
    for activity in program.versions[-1].activities.values():
        for index in range(len(activity.entries[0].bonuses)):
            own = added[activity.id]
            assert 0 < sum(index in bonuses for bonuses in own) < len(own), (activity.id, index)


def test_some_events_are_not_eligible_and_most_are(workshop: Program, results: Results) -> None:
    entries = [entry for result in results(workshop, mistakes=0) for entry in result.entries]
    own = [entry for entry in entries if entry.activity == "course.given"]
    refused = sum(entry.outcome is Outcome.NOT_ELIGIBLE for entry in own)
    assert 0 < refused < len(own) / 2


@pytest.mark.parametrize("name", ["shipped", "workshop"])
def test_what_is_spent_was_mostly_earned_before(
    programs: dict[str, Program], results: Results, name: str
) -> None:
    program = programs[name]
    floored = {balance.id for balance in program.balances.values() if balance.floor is not None}
    spent = [
        entry
        for result in results(program, mistakes=0)
        for entry in result.entries
        if entry.balance in floored and entry.requested < 0
    ]
    cut = sum(entry.awarded != entry.requested for entry in spent)
    assert cut < len(spent) / 4
    assert spent


def test_assessed_points_are_round_and_few_are_missing(shipped: Program, read: ReadLog) -> None:
    log = read(shipped, default_spec(shipped, mistakes=0))
    version = shipped.versions[-1]
    assessed = {
        name
        for name, activity in version.activities.items()
        if isinstance(activity.entries[0].points, Assessed)
    }
    own = [
        event
        for event in log.events
        if event.activity in assessed and event.local.date() >= version.effective_from
    ]
    given = [event.points for event in own if event.points is not None]
    assert all(points % 5 == 0 for points in given)
    assert 0.005 < 1 - len(given) / len(own) < 0.03
    assert {event.points for event in log.events if event.activity not in assessed} <= {None, *given}


def test_cheap_activities_are_done_more_often_than_dear_ones(shipped: Program, read: ReadLog) -> None:
    counts = Counter(event.activity for event in read(shipped, default_spec(shipped)).events)
    ranges = {
        activity.id: rule.points.minimum
        for activity in shipped.versions[-1].activities.values()
        for rule in activity.entries
        if isinstance(rule.points, Assessed) and rule.points.minimum > 1
    }
    cheap, *_, dear = sorted(ranges, key=lambda name: ranges[name])
    assert counts[cheap] > 3 * counts[dear] > 0

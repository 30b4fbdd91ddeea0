"""Laws of evaluation, on random programs and logs.

What an oracle needs to know is worked out here once more and naively, from the rules and the ledger,
without a line of the interpreter: periods, windows, caps and floors.
"""

from __future__ import annotations

import calendar
import json
import sys
from collections import Counter, defaultdict
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, assert_never

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from pointbook.evaluating import evaluate
from pointbook.interpret import Interpreter, OutOfOrderError
from pointbook.log import accepted_log
from pointbook.model.ledger import Assume, LevelCause, Outcome
from pointbook.model.rules import LeapDay
from pointbook.model.windows import CapKind, Per, Resets
from pointbook.source.yaml_reader import read_yaml
from pointbook.views.resolved import resolved_yaml

sys.path.insert(0, str(Path(__file__).parent))  # test folders are not packages
from strategies import Case, cases, loaded_of, pooled_rules, program_of, rules, wide_pool

from pointbook.loading import ProgramDocuments, loaded_from

if TYPE_CHECKING:
    import random
    from collections.abc import Iterator

    from pointbook.interpret import MemberResult
    from pointbook.model.activities import Activity
    from pointbook.model.ledger import Entry
    from pointbook.model.log import Member
    from pointbook.model.program import Balance, Program, Version
    from pointbook.model.rules import Cap

SLOW = [HealthCheck.too_slow]  # loading a program takes longer than drawing one
laws = settings(max_examples=80, deadline=None, derandomize=True, database=None, suppress_health_check=SLOW)

few = settings(laws, max_examples=25)  # where every example loads a program or two
POOL = pooled_rules()
ANY = st.one_of(POOL, wide_pool())

COUNTED = {Outcome.AWARDED, Outcome.REDUCED, Outcome.CAPPED}


def results_of(case: Case, program: Program | None = None) -> list[MemberResult]:
    return list(
        evaluate(
            case.rules.ready if program is None else program,
            case.log,
            as_of=case.as_of,
            version=case.version,
            assume=case.assume,
        )
    )


def unversioned(result: MemberResult) -> Any:
    """A result without the names of versions."""
    return (
        result.member,
        result.opening,
        [entry._replace(version=None) for entry in result.entries],
        result.closing,
        result.standing,
        result.after_as_of,
    )


# The oracle: time


def version_on(case: Case, day: date) -> Version | None:
    versions = case.rules.ready.versions
    if case.version is not None:
        return case.rules.ready.version(case.version)
    return max((v for v in versions if v.effective_from <= day), key=lambda v: v.effective_from, default=None)


def anniversary(case: Case, member: Member, number: int) -> date:
    signed_up_on = member.signed_up_on
    year = signed_up_on.year + number
    if (signed_up_on.month, signed_up_on.day) == (2, 29) and not calendar.isleap(year):
        version = version_on(case, date(year, 2, 28)) or case.rules.ready.versions[0]
        return date(year, 2, 28) if version.life_cycle.leap_day is LeapDay.FEB_28 else date(year, 3, 1)
    return date(year, signed_up_on.month, signed_up_on.day)


def membership_year(case: Case, member: Member, day: date) -> int:
    number = 1
    while anniversary(case, member, number) <= day:
        number += 1
    return number


def period(case: Case, member: Member, balance: Balance, day: date) -> int:
    if balance.resets is Resets.MEMBERSHIP_YEAR:
        return membership_year(case, member, day)
    return day.year if balance.resets is Resets.CALENDAR_YEAR else 1


def window(case: Case, member: Member, per: Per, day: date) -> Any:  # noqa: PLR0911 - one for each window
    match per:
        case Per.DAY:
            return day.isoformat()
        case Per.WEEK:
            return day.isocalendar()[:2]
        case Per.CALENDAR_MONTH:
            return (day.year, day.month)
        case Per.CALENDAR_QUARTER:
            return (day.year, (day.month - 1) // 3)
        case Per.CALENDAR_YEAR:
            return day.year
        case Per.MEMBERSHIP_YEAR:
            return membership_year(case, member, day)
        case Per.LIFETIME:
            return "ever"
    assert_never(per)


def version_and_activity(case: Case, entry: Entry) -> tuple[Version, Activity]:
    version = case.rules.ready.version(entry.version or "")
    assert version is not None
    known = case.rules.ready.activities_by_any_id(version) if case.version else version.activities
    return version, known[entry.activity]


def is_spend(case: Case, entry: Entry) -> bool:
    _, activity = version_and_activity(case, entry)
    return any(rule.is_spend for rule in activity.entries if rule.balance == entry.balance)


def caps_of(version: Version, activity: Activity) -> Iterator[tuple[tuple[str, str], Cap]]:
    """Every cap that limits events of the activity, with whose it is."""
    for cap in activity.caps:
        yield ("activity", activity.id), cap
    for group in activity.groups:
        for cap in version.groups[group].caps:
            yield ("group", group), cap


# The laws


@laws
@given(cases(ANY, faulty=True), st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(case: Case, dice: random.Random) -> None:
    members, events = list(case.member_rows), list(case.event_rows)
    dice.shuffle(members)
    dice.shuffle(events)
    shuffled = accepted_log(case.rules.ready, members, events)
    options = {"as_of": case.as_of, "version": case.version, "assume": case.assume}
    assert list(evaluate(case.rules.ready, shuffled, **options)) == results_of(case)
    # Which of two equal rows is called the duplicate depends on the order, how many are does not.
    assert Counter((r.event_id, r.reason) for r in shuffled.rejects) == Counter(
        (r.event_id, r.reason) for r in case.log.rejects
    )


@laws
@given(cases(ANY, faulty=True))
def test_every_row_ends_in_exactly_one_place(case: Case) -> None:
    log, results = case.log, results_of(case)
    ledger = Counter({entry.event_id for result in results for entry in result.entries})
    keys = [(one.event_id, one.balance, one.activity) for result in results for one in result.entries]
    assert len(keys) == len(set(keys))
    later = Counter(event.event_id for event in log.events if event.local.date() > case.as_of)
    assert sum(result.after_as_of for result in results) == later.total()
    assert ledger + later == Counter(event.event_id for event in log.events)
    assert ledger.total() + later.total() + len(log.rejects) == log.events_read == len(case.event_rows)
    assert [result.member.id for result in results] == sorted(log.members)


@laws
@given(cases(POOL, faulty=True), st.data())
def test_whether_a_row_is_rejected_does_not_depend_on_the_version(case: Case, data: st.DataObject) -> None:
    version = data.draw(st.sampled_from([None, *(version.id for version in case.rules.ready.versions)]))
    results = list(evaluate(case.rules.ready, case.log, as_of=case.as_of, version=version))
    assert [(e.event_id, e.occurred_at) for r in results for e in r.entries] == [
        (e.event_id, e.occurred_at) for r in results_of(case) for e in r.entries
    ]


@laws
@given(cases(POOL))
def test_an_event_is_awarded_the_least_that_its_caps_have_left(case: Case) -> None:
    for result in results_of(case):
        used: Counter[Any] = Counter()
        for entry in result.entries:
            if entry.requested <= 0:
                continue
            version, activity = version_and_activity(case, entry)
            day, passing, keys = entry.occurred_at.date(), entry.requested, []
            for owner, cap in caps_of(version, activity):
                key = (owner, cap.kind, cap.per, window(case, result.member, cap.per, day))
                keys.append(key)
                room = max(0, cap.limit - used[key])
                passing = min(passing, room) if cap.kind is CapKind.POINTS else passing if room else 0
            assert entry.awarded == passing, entry
            for key in keys:
                used[key] += passing if key[1] is CapKind.POINTS else passing > 0
            expected = (
                Outcome.AWARDED
                if passing == entry.requested
                else Outcome.REDUCED
                if passing
                else Outcome.CAPPED
            )
            assert entry.outcome is expected


@laws
@given(cases(ANY))
def test_totals_are_the_start_and_the_sum_of_what_was_awarded(case: Case) -> None:
    program = case.rules.ready
    for result in results_of(case):
        sums: defaultdict[tuple[str, int], Any] = defaultdict(int)
        for entry in result.entries:
            balance = program.balances[entry.balance]
            if entry.outcome is Outcome.BEFORE_SIGN_UP:
                assert (entry.period, entry.total, entry.level, entry.awarded) == (None, None, None, 0)
                continue
            assert entry.period == period(case, result.member, balance, entry.occurred_at.date())
            before = balance.start + sums[entry.balance, entry.period]
            sums[entry.balance, entry.period] += entry.awarded
            assert entry.total == before + entry.awarded
            if entry.outcome is Outcome.INSUFFICIENT_BALANCE:
                assert entry.awarded == 0
                continue
            if entry.outcome in COUNTED and is_spend(case, entry):
                assert entry.awarded == entry.requested <= 0, "what is spent is taken whole"
                assert not entry.awarded or entry.total >= (balance.floor or 0)
            elif entry.requested < 0:
                least = entry.requested if balance.floor is None else balance.floor - before
                assert entry.awarded == max(entry.requested, least), (
                    "deductions pass all caps, down to the floor"
                )
            if entry.outcome not in COUNTED:
                assert entry.requested == entry.awarded == 0
        standing = result.standing
        if standing is None:
            assert result.member.signed_up_on > case.as_of
            continue
        points = {program.level_balance: standing.points, **standing.balances}
        assert points == {
            balance.id: balance.start + sums[balance.id, period(case, result.member, balance, case.as_of)]
            for balance in program.balances.values()
        }
        assert standing.period == period(
            case, result.member, program.balances[program.level_balance], case.as_of
        )


@laws
@given(cases(ANY), st.randoms(use_true_random=False))
def test_a_log_in_two_halves_comes_to_the_same(case: Case, dice: random.Random) -> None:
    for result in results_of(case):
        interpreter = Interpreter(case.rules.ready, case.version, case.assume)
        own = [event for event in case.log.events if event.member_id == result.member.id]
        own = own[: len({entry.event_id for entry in result.entries})]
        cut = dice.randint(0, len(own))
        state, opening = interpreter.opened(result.member)
        entries = []
        for number, event in enumerate(own):
            if number == cut:
                text = json.dumps(interpreter.state_to_json(state))
                interpreter = Interpreter(case.rules.ready, case.version, case.assume)
                resumed = interpreter.state_from_json(json.loads(text))
                assert resumed == state
                assert json.dumps(interpreter.state_to_json(resumed)) == text
                state = resumed
            state, made = interpreter.step(state, event)
            entries += made
        assert entries == result.entries
        if result.standing is not None:
            state, closing = interpreter.advanced(state, case.as_of)
            assert (opening, closing) == (result.opening, result.closing)
            assert interpreter.standing(state, case.as_of) == result.standing


@few
@given(cases(rules(least=2)))
def test_a_patch_means_the_same_as_its_version_written_whole(case: Case) -> None:
    whole = program_of(loaded_of(case.rules.program, case.rules.complete))
    assert results_of(case, whole) == results_of(case)
    for one, other in zip(case.rules.ready.versions, whole.versions, strict=True):
        for part in ("activities", "groups", "benefits", "life_cycle", "effective_from", "title"):
            assert getattr(one, part) == getattr(other, part)
        assert list(one.levels.items()) == list(other.levels.items())
        assert one.sha256 == other.sha256


@few
@given(cases(rules(least=2)))
def test_a_version_as_it_is_shown_means_the_same(case: Case) -> None:
    loaded = case.rules.loaded
    documents = []
    for version in loaded.versions:
        node, findings = read_yaml(f"{version.document.id}.yaml", resolved_yaml(version.document).encode())
        assert node is not None
        assert not findings
        documents.append((f"{version.document.id}.yaml", node))
    shown = loaded_from(ProgramDocuments("shown", loaded.documents.program, tuple(documents), (), {}))
    assert results_of(case, program_of(shown)) == results_of(case)


@few
@given(cases(POOL, fixed=False), st.sampled_from(("2019-03-01", "2020-02-29", "2021-01-01", "2021-02-28")))
def test_a_version_that_repeats_the_one_before_changes_nothing(case: Case, day: str) -> None:
    versions = list(case.rules.complete)
    before = [version for version in versions if version["effective_from"] < day]
    if not before or any(version["effective_from"] == day for version in versions):
        return
    again = {**before[-1], "id": "again", "effective_from": day}
    repeated = program_of(loaded_of(case.rules.program, (*versions, again)))
    assert list(map(unversioned, results_of(case, repeated))) == list(map(unversioned, results_of(case)))


@few
@given(cases(pooled_rules(least=2), fixed=False))
def test_a_version_changes_nothing_before_its_first_day(case: Case) -> None:
    *earlier, last = case.rules.complete
    first_day = date.fromisoformat(last["effective_from"])
    without = program_of(loaded_of(case.rules.program, tuple(earlier)))
    for result, other in zip(results_of(case), results_of(case, without), strict=True):
        assert [e for e in result.entries if e.occurred_at.date() < first_day] == [
            e for e in other.entries if e.occurred_at.date() < first_day
        ]
        assert [c for c in result.history if c.date < first_day] == [
            c for c in other.history if c.date < first_day
        ]


@laws
@given(cases(POOL))
def test_a_level_falls_only_between_periods_or_by_a_version_that_removes_it(case: Case) -> None:
    program = case.rules.ready
    balance = program.balances[program.level_balance]
    for result in results_of(case):
        held = None
        for change in result.history:
            assert change.from_level == held, "each change begins with what the one before led to"
            held = change.to_level
            begins = change.date > result.member.signed_up_on and (
                (balance.resets is Resets.CALENDAR_YEAR and (change.date.month, change.date.day) == (1, 1))
                or (
                    balance.resets is Resets.MEMBERSHIP_YEAR
                    and anniversary(
                        case, result.member, membership_year(case, result.member, change.date) - 1
                    )
                    == change.date
                )
            )
            if change.cause in (LevelCause.KEPT, LevelCause.DEMOTED):
                assert begins, "levels are kept and lost where a period begins"
            if begins:
                continue
            version = version_on(case, change.date)
            assert version is not None
            ranks = [None, *version.levels]
            assert change.to_level in ranks
            if change.from_level in ranks:
                assert ranks.index(change.to_level) > ranks.index(change.from_level)
            else:
                assert change.cause is LevelCause.THRESHOLD_CHANGED
                assert change.date == version.effective_from
        for entry in result.entries:
            if entry.level is not None:
                version = version_on(case, entry.occurred_at.date())
                assert version is not None
                assert entry.level in version.levels
        if result.standing is not None:
            assert result.standing.level == held


@laws
@given(cases(ANY))
def test_a_step_changes_none_of_its_arguments_and_can_be_taken_again(case: Case) -> None:
    interpreter = Interpreter(case.rules.ready, case.version, case.assume)
    for member in case.log.members.values():
        state, _ = interpreter.opened(member)
        taken = []
        for event in case.log.events:
            if event.member_id == member.id:
                seen = (repr(state), repr(event))
                following, entries = interpreter.step(state, event)
                assert seen == (repr(state), repr(event))
                taken.append((state, event, seen, following, entries))
                state = following
        # Later steps have not reached back into earlier states either.
        for state, event, seen, following, entries in taken:
            assert seen == (repr(state), repr(event))
            assert interpreter.step(state, event) == (following, entries)


@laws
@given(cases(POOL))
def test_an_event_that_comes_too_late_is_refused(case: Case) -> None:
    interpreter = Interpreter(case.rules.ready, case.version, case.assume)
    for member in case.log.members.values():
        state, _ = interpreter.opened(member)
        taken = []
        for event in case.log.events:
            if event.member_id != member.id or event.local.date() < member.signed_up_on:
                continue
            state, _ = interpreter.step(state, event)
            taken.append(event)
            for earlier in taken:
                with pytest.raises(OutOfOrderError):
                    interpreter.step(state, earlier)


@laws
@given(cases(POOL))
def test_an_assumption_touches_only_events_without_a_value_that_could_be_used(case: Case) -> None:
    options = {"as_of": case.as_of, "version": case.version}
    without = [
        entry
        for result in evaluate(case.rules.ready, case.log, assume=Assume.NONE, **options)
        for entry in result.entries
    ]
    with_it = [entry for result in results_of(case) for entry in result.entries]
    for one, other in zip(without, with_it, strict=True):
        assert not one.assumed
        if one.outcome.is_open and case.assume is not Assume.NONE:
            # Nobody to share with is found out only once there is something to share.
            assert other.assumed or other.outcome is Outcome.OUT_OF_RANGE
        else:
            assert not other.assumed
        if not other.assumed:
            assert (one.requested, one.base, one.bonuses) == (other.requested, other.base, other.bonuses)


class EverythingCame(Exception):  # noqa: N818 - it ends the search, and is no error
    """All that the laws are about was drawn."""


def test_the_strategies_reach_what_the_laws_are_about() -> None:
    wanted: set[Any] = {*Outcome, *LevelCause, "assumed", "patch", "duplicate", "conflicting_duplicate"}
    missing = set(wanted)

    # What is drawn differs with where the package is installed: Hypothesis takes constants from the sources
    # that it finds. A search that ends as soon as nothing is missing may be long without taking long.
    @settings(laws, max_examples=20_000, phases=[Phase.generate])
    @given(cases(ANY, faulty=True))
    def drawn(case: Case) -> None:
        missing.difference_update(reject.reason for reject in case.log.rejects)
        if any("based_on" in version for version in case.rules.written):
            missing.discard("patch")
        for result in results_of(case):
            missing.difference_update(entry.outcome for entry in result.entries)
            missing.difference_update(change.cause for change in result.history)
            if any(entry.assumed for entry in result.entries):
                missing.discard("assumed")
        if not missing:
            raise EverythingCame

    with suppress(EverythingCame):
        drawn()
    assert not missing, "these never come up"

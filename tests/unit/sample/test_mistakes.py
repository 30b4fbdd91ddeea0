from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import pytest

from pointbook.evaluating import evaluate
from pointbook.model.ledger import Outcome
from pointbook.sample import default_spec, sample_events
from pointbook.sample.mistakes import MISTAKES

if TYPE_CHECKING:
    from collections.abc import Callable

    from pointbook.interpret.evaluation import MemberResult
    from pointbook.log import Log
    from pointbook.model.program import Program

    ReadLog = Callable[..., Log]

NEEDS_ASSESSED = {"points_outside_range"}
NEEDS_ATTRIBUTES = {"missing_attribute", "attribute_of_wrong_type"}
NEEDS_VERSIONS = {"activity_of_another_version"}


def kinds_in(program: Program, log: Log, results: list[MemberResult]) -> set[str]:
    """The kinds of mistakes that show once a log is read and evaluated, by the names of their functions."""
    kinds = {_reject_kind(reject.reason, reject.column, reject.raw) for reject in log.rejects}
    activities = {name for version in program.versions for name in version.activities}
    for result in results:
        for entry in result.entries:
            if entry.outcome is Outcome.NO_SUCH_ACTIVITY:
                known = entry.activity in activities
                kinds.add("activity_of_another_version" if known else "misspelt_activity")
            elif entry.outcome is Outcome.BEFORE_SIGN_UP:
                rules = entry.occurred_at.date() >= program.versions[0].effective_from
                kinds.add("before_sign_up" if rules else "before_first_version")
            elif entry.outcome is Outcome.OUT_OF_RANGE:
                kinds.add("points_outside_range")
            elif entry.outcome is Outcome.MISSING_ATTRIBUTE:
                kinds.add("missing_attribute")
    return kinds


def _reject_kind(reason: str, column: str, raw: str) -> str:
    if reason == "bad_value" and column == "points":
        return "points_with_separator" if '"' in raw else "points_with_decimals"
    if reason == "bad_value" and column == "occurred_at":
        return "date_in_another_format" if "/" in raw else "impossible_date"
    names = {
        "missing_value": {"member_id": "missing_member", "occurred_at": "missing_time"}.get(column, column),
        "unreadable_row": "cell_too_many",
        "bad_value": "attribute_of_wrong_type",
    }
    return names.get(reason, reason)


@pytest.mark.parametrize("seed", range(1, 7))
@pytest.mark.parametrize("name", ["shipped", "workshop", "plain"])
def test_every_kind_that_the_rules_allow_is_there(
    programs: dict[str, Program], read: ReadLog, name: str, seed: int
) -> None:
    program = programs[name]
    spec = default_spec(program, events=2000, seed=seed)
    log = read(program, spec)
    results = list(evaluate(program, log, as_of=spec.last_day))
    wanted = {mistake.__name__ for mistake in MISTAKES}
    if name == "plain":
        wanted -= NEEDS_ASSESSED | NEEDS_ATTRIBUTES | NEEDS_VERSIONS
    assert kinds_in(program, log, results) == wanted


def test_about_one_row_in_a_hundred_has_one(shipped: Program, read: ReadLog) -> None:
    spec = default_spec(shipped, events=10_000)
    log = read(shipped, spec)
    assert log.events_read == 10_000
    reasons = Counter(reject.reason for reject in log.rejects)
    # Of both rows in conflict, only one is the mistake.
    assert 0.005 < (len(log.rejects) - reasons["conflicting_duplicate"] // 2) / 10_000 < 0.01


def test_half_of_the_rows_may_have_one(shipped: Program, read: ReadLog) -> None:
    log = read(shipped, default_spec(shipped, events=3000, mistakes=500))
    assert 800 < len(log.rejects) < 1900
    assert log.events_read == 3000


def test_a_small_sample_has_none_by_default_and_some_when_asked(shipped: Program) -> None:
    good = list(sample_events(shipped, default_spec(shipped, events=99, mistakes=0)))
    assert list(sample_events(shipped, default_spec(shipped, events=99))) == good
    assert list(sample_events(shipped, default_spec(shipped, events=100))) != good


def test_samples_without_mistakes_are_clean_at_any_size(shipped: Program, read: ReadLog) -> None:
    assert read(shipped, default_spec(shipped, events=10_000, mistakes=0)).rejects == ()

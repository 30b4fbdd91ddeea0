"""The fast fold is the plain step, event after event: on random programs and logs."""

from __future__ import annotations

import os
import sys
from dataclasses import replace
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pointbook.interpret import Interpreter, OutOfOrderError, fast_fold
from pointbook.version import is_compiled

sys.path.insert(0, str(Path(__file__).parent))  # test folders are not packages
from strategies import Case, cases, pooled_rules, rules, wide_pool

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pointbook.model.log import Event, Member
    from pointbook.model.program import Version

laws = settings(
    max_examples=400,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.too_slow],
)
POOL = st.one_of(pooled_rules(), wide_pool())


def test_the_interpreter_is_compiled_where_it_is_to_be() -> None:
    """So that what `just compiled` tests is what it installed."""
    from_extension = Path(fast_fold.__file__).suffix in {".so", ".pyd"}
    assert from_extension is is_compiled()
    assert from_extension or not os.environ.get("POINTBOOK_EXPECT_COMPILED")


def interpreter_of(case: Case, references: tuple[Version, ...] | None = None) -> Interpreter:
    return Interpreter(case.rules.ready, case.version, case.assume, references)


def own_events(case: Case) -> Iterator[tuple[Member, list[Event]]]:
    for name, member in case.log.members.items():
        yield member, [event for event in case.log.events if event.member_id == name]


def assert_equal_up_to_every_event(
    case: Case,
    references: tuple[Version, ...] | None = None,
    changed: Callable[[Member, list[Event]], Member] = lambda member, _: member,
) -> None:
    """Entries with their cuts, bonuses and changes, and the state, after each prefix of a member's events."""
    interpreter = interpreter_of(case, references)
    for member, events in own_events(case):
        opened, _ = interpreter.opened(changed(member, events))
        state, entries = opened, []
        for count, event in enumerate(events, start=1):
            state, made = interpreter.step(state, event)
            entries += made
            assert interpreter.folded(opened, events[:count]) == (state, entries)
            assert interpreter.rows(opened, events[:count]) == (state, [tuple(entry) for entry in entries])


@laws
@given(cases(POOL))
def test_the_fast_fold_is_the_plain_step(case: Case) -> None:
    assert_equal_up_to_every_event(case)


@settings(laws, max_examples=60)
@given(cases(rules(least=2)))
def test_the_fast_fold_is_the_plain_step_for_new_programs_of_several_versions(case: Case) -> None:
    assert_equal_up_to_every_event(case)


@settings(laws, max_examples=60)
@given(cases(rules(least=2)))
def test_the_fast_fold_is_the_plain_step_where_values_were_given_under_other_versions(case: Case) -> None:
    versions = case.rules.ready.versions
    turned = zip(reversed(versions), versions, strict=True)
    references = tuple(replace(one, effective_from=other.effective_from) for one, other in turned)
    assert_equal_up_to_every_event(case, references)


@settings(laws, max_examples=100)
@given(cases(POOL), st.randoms(use_true_random=False))
def test_the_fast_fold_is_the_plain_step_where_attributes_are_dated(case: Case, dice) -> None:
    def dated(member: Member, events: list[Event]) -> Member:
        days = sorted({event.local.date() for event in events if dice.randint(0, 1)})
        choices = (
            {},
            member.attributes,
            {"partner": True},
            {"partner": False, "joined_on": date(2020, 1, 1)},
        )
        since = tuple((day, dice.choice(choices)) for day in (date.min, *days))
        return member._replace(attributes=since[0][1], dated=since)

    assert_equal_up_to_every_event(case, changed=dated)


@laws
@given(cases(POOL), st.randoms(use_true_random=False))
def test_the_fast_fold_goes_on_from_any_state(case: Case, dice) -> None:
    interpreter = interpreter_of(case)
    for member, events in own_events(case):
        cuts = sorted(dice.randint(0, len(events)) for _ in range(dice.randint(1, 4)))
        opened, _ = interpreter.opened(member)
        whole, entries = interpreter.folded(opened, events)
        state, parts = opened, []
        for begins, ends in pairwise([0, *cuts, len(events)]):
            state, part = interpreter.folded(state, events[begins:ends])
            parts += part
        assert (state, parts) == (whole, entries)
        begun = {entry.event_id for entry in entries if entry.total is not None}
        for event, later in pairwise(events):
            if event.event_id in begun:  # events before the sign-up have no order to keep
                with pytest.raises(OutOfOrderError) as fast:
                    interpreter.folded(opened, [later, event])
                with pytest.raises(OutOfOrderError) as plain:
                    interpreter.step(interpreter.step(opened, later)[0], event)
                assert str(fast.value) == str(plain.value)

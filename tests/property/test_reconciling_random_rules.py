"""Random rules and logs: a cap that a system does not apply is found out; equal figures have no cause."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pointbook.evaluating import evaluate
from pointbook.reconciliation.published import Published, PublishedRow
from pointbook.reconciliation.reconciling import reconciled
from pointbook.reconciliation.result import RowState
from pointbook.reconciliation.setting import Setting

sys.path.insert(0, str(Path(__file__).parent))  # test folders are not packages
from strategies import Case, cases, pooled_rules

if TYPE_CHECKING:
    from pointbook.model.program import Program, Version
    from pointbook.reconciliation.result import Reconciliation

laws = settings(
    max_examples=12,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
POOL = pooled_rules()
Key = tuple[str, str, str, str]


def caps_of(program: Program) -> list[Key]:
    """Section, owner, kind and window of every cap."""
    found = {
        (section, name, cap.kind.value, cap.per.value)
        for version in program.versions
        for section, owners in (("activities", version.activities), ("groups", version.groups))
        for name, rule in owners.items()
        for cap in rule.caps
    }
    return sorted(found)


def without(program: Program, key: Key) -> Program:
    """The program without that cap, in any version."""
    section, owner, *cap = key

    def changed(version: Version) -> Version:
        owners = dict(getattr(version, section))
        if owner in owners:
            kept = (one for one in owners[owner].caps if [one.kind.value, one.per.value] != cap)
            owners[owner] = replace(owners[owner], caps=tuple(kept))
        return replace(version, **{section: MappingProxyType(owners)})

    return replace(program, versions=tuple(map(changed, program.versions)))


def against(case: Case, theirs: Program) -> Reconciliation:
    """What a system with their rules shows, against ours."""
    program = case.rules.ready
    options = {"as_of": case.as_of, "version": case.version, "assume": case.assume}
    rows = [
        PublishedRow(
            number,
            standing.member_id,
            "",
            {"score": standing.points, "level": standing.level, **standing.balances},
            "",
        )
        for number, result in enumerate(evaluate(theirs, case.log, **options), 2)
        if (standing := result.standing) is not None
    ]
    setting = Setting(program, case.version, case.assume, case.as_of)
    return reconciled(setting, case.log, Published("shown", tuple(rows), (), None), balance="score")


@laws
@given(cases(POOL), st.data())
def test_a_cap_that_is_not_applied_explains_all_that_differs(case: Case, data: st.DataObject) -> None:
    key = data.draw(st.sampled_from(caps_of(case.rules.ready)))
    found = against(case, without(case.rules.ready, key))

    differing = found.in_state(RowState.DIFFERS)
    assert found.passes is (not differing)
    assert found.of_cause(None) == ()
    assert bool(found.causes) is bool(differing)


@laws
@given(cases(POOL))
def test_equal_figures_have_no_cause(case: Case) -> None:
    found = against(case, case.rules.ready)

    assert found.passes
    assert found.causes == ()
    assert {row.state for row in found.rows} <= {RowState.EQUAL}

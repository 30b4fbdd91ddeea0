"""What a check says can never happen never happens: the interpreter is asked, with random logs."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from pointbook.checks import CheckSubject, Documents
from pointbook.checks.cap_below_award import cap_below_award
from pointbook.checks.cap_never_binds import cap_never_binds
from pointbook.checks.duplicate_cap import duplicate_cap
from pointbook.checks.unreachable_level import unreachable_level
from pointbook.interpret import Evaluation, Interpreter, MemberResult
from pointbook.lower.programs import program_from
from pointbook.lower.resolution import resolved_versions
from pointbook.lower.versions import version_from
from pointbook.model.ledger import Outcome
from pointbook.model.log import Event, Member
from pointbook.model.windows import Per
from pointbook.reasoning.awards import awards_of
from pointbook.source.yaml_reader import read_yaml

if TYPE_CHECKING:
    from pointbook.checks.reasoning.subject import Check
    from pointbook.diagnostics import Span
    from pointbook.model.program import Program, Version
    from pointbook.model.rules import Cap, Path
    from pointbook.source.document import Node

    Log = tuple[Member, list[Event]]

SIGN_UPS = (date(2023, 1, 1), date(2023, 6, 15), date(2024, 2, 29))
WINDOWS = tuple(per.value for per in Per)
CAPS = st.builds(
    lambda kind, limit, per: {kind: limit, "per": per},
    st.sampled_from(("points", "times")),
    st.sampled_from((1, 2, 3, 4, 7, 14, 31, 50, 100, 150, 300)),
    st.sampled_from(WINDOWS),
)
AMOUNTS = st.one_of(
    st.sampled_from((-20, 0, 1, 10, 50)),
    st.sampled_from(({"range": [10, 50]}, {"range": [-10, 20]}, {"up_to": 30}, {"range": [0, 0]})),
    st.just({"per": {"attribute": "units", "points": 25}}),
    st.just({"by": {"attribute": "kind", "values": {"a": 20, "b": 50}}}),
)
BONUSES = st.lists(
    st.builds(
        lambda points, extra: {"points": points, "if": {"attribute": "extra", "is": extra}},
        st.sampled_from((-30, -10, 5, 25)),
        st.booleans(),
    ),
    max_size=2,
)
rarely_met = settings(
    deadline=None,
    max_examples=40,
    # Most random programs do not have the fault in question.
    suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow],
)
ATTRIBUTES = {
    "units": {"type": "integer"},
    "kind": {"type": "text"},
    "extra": {"type": "boolean"},
    "people": {"type": "integer"},
}


@st.composite
def activities(draw: st.DrawFn) -> dict[str, Any]:
    activity: dict[str, Any] = {"points": draw(AMOUNTS), "attributes": ATTRIBUTES, "bonuses": draw(BONUSES)}
    caps = draw(st.lists(CAPS, max_size=3))
    if caps:
        activity["caps"] = caps
    if draw(st.integers(0, 5)) == 0:
        activity["split_among"] = "people"
    if draw(st.integers(0, 2)) == 0:
        activity["groups"] = ["together"]
    return activity


@st.composite
def programs(draw: st.DrawFn) -> CheckSubject:
    program = {
        "id": "demo",
        "title": "Demo",
        "timezone": "UTC",
        "level_balance": "club_points",
        "balances": {
            "club_points": {
                "resets": draw(st.sampled_from(("membership_year", "calendar_year", "never"))),
                "start": draw(st.sampled_from((0, 0, 100))),
            }
        },
    }
    version = {
        "id": "a",
        "effective_from": "2023-01-01",
        "levels": {"some": {"threshold": draw(st.sampled_from((101, 200, 400, 1000, 5000)))}},
        "life_cycle": {"demotion": "to_earned", "leap_day": draw(st.sampled_from(("feb_28", "mar_1")))},
        "activities": {name: draw(activities()) for name in ("one", "two")},
        "groups": {"together": {"caps": draw(st.lists(CAPS, min_size=1, max_size=2))}},
    }
    node = node_of("program.yaml", program)
    documents = resolved_versions([("version.yaml", node_of("version.yaml", version))])
    typed = version_from(documents[0], "club_points", {})
    return CheckSubject(Documents(documents), program_from(node, [typed]))


@st.composite
def logs(draw: st.DrawFn) -> Log:
    """A member's events, crowded at first and then over two years, so that windows fill and change."""
    member = Member("m", draw(st.sampled_from(SIGN_UPS)), {})
    steps = draw(st.lists(st.sampled_from((0, 0, 0, 0, 1, 1, 3, 7, 20, 40)), max_size=40))
    events = []
    day = member.signed_up_on + timedelta(days=draw(st.integers(0, 30)))
    for number, step in enumerate(steps):
        day += timedelta(days=step)
        at = datetime.combine(day, time(12))
        attributes = {
            "units": draw(st.integers(0, 3)),
            "kind": draw(st.sampled_from("ab")),
            "extra": draw(st.booleans()),
            "people": draw(st.integers(1, 3)),
        }
        activity = draw(st.sampled_from(("one", "two")))
        points = draw(st.integers(-10, 50))
        events.append(Event("m", at, f"{number:03}", at, activity, points, attributes))
    return member, events


def node_of(name: str, content: Any) -> Node:
    node, _ = read_yaml(name, json.dumps(content, indent=1).encode())
    assert node is not None
    return node


def result_of(program: Program, member: Member, events: list[Event]) -> MemberResult:
    return Evaluation(Interpreter(program), {}, (), date(2030, 1, 1)).member_result(member, events)


def found(subject: CheckSubject, check: Check) -> set[Span]:
    return {finding.span for finding in check(subject)}


def caps_of(version: Version) -> dict[Path, tuple[str, str, int]]:
    """Path of each cap's amount, with scope, id and index as the ledger's cuts have them."""
    owners = [
        *(("activities", "activity", activity.id, activity.caps) for activity in version.activities.values()),
        *(("groups", "group", group.id, group.caps) for group in version.groups.values()),
    ]
    return {
        (section, owner, "caps", index, cap.kind.value): (scope, owner, index)
        for section, scope, owner, caps in owners
        for index, cap in enumerate(caps)
    }


def without_caps(version: Version, paths: list[Path]) -> Version:
    """The version less some of its caps."""
    activities = {
        activity.id: replace(activity, caps=kept(activity.caps, ("activities", activity.id), paths))
        for activity in version.activities.values()
    }
    groups = {
        group.id: replace(group, caps=kept(group.caps, ("groups", group.id), paths))
        for group in version.groups.values()
    }
    return replace(version, activities=activities, groups=groups)


def kept(caps: tuple[Cap, ...], owner: Path, paths: list[Path]) -> tuple[Cap, ...]:
    return tuple(
        cap for index, cap in enumerate(caps) if (*owner, "caps", index, cap.kind.value) not in paths
    )


def awarded_in(result: MemberResult) -> list[int]:
    return [entry.awarded for entry in result.entries]


@rarely_met
@given(programs(), st.data())
def test_a_cap_that_never_binds_can_be_deleted_and_so_can_all_of_them(
    subject: CheckSubject, data: st.DataObject
):
    version = subject.program.versions[0]
    places = found(subject, cap_never_binds)
    assume(not found(subject, duplicate_cap))
    needless = [path for path in caps_of(version) if version.span(*path) in places]
    assume(needless)
    log = data.draw(logs())
    awarded = awarded_in(result_of(subject.program, *log))
    for paths in ([path] for path in needless):
        changed = replace(subject.program, versions=(without_caps(version, paths),))
        assert awarded_in(result_of(changed, *log)) == awarded
    changed = replace(subject.program, versions=(without_caps(version, needless),))
    assert awarded_in(result_of(changed, *log)) == awarded


@rarely_met
@given(programs(), st.data())
def test_a_cap_below_the_smallest_award_lets_none_through_whole(subject: CheckSubject, data: st.DataObject):
    version = subject.program.versions[0]
    places = found(subject, cap_below_award)
    assume(places and not found(subject, duplicate_cap))
    below = {owner for path, owner in caps_of(version).items() if version.span(*path) in places}
    for entry in result_of(subject.program, *data.draw(logs())).entries:
        for cut in entry.cuts:
            if (cut.scope, cut.id, cut.position) in below:
                assert cut.passed < entry.requested


@rarely_met
@given(programs(), st.data())
def test_an_unreachable_level_is_never_reached(subject: CheckSubject, data: st.DataObject):
    assume(found(subject, unreachable_level) and not found(subject, duplicate_cap))
    assert all(change.to_level is None for change in result_of(subject.program, *data.draw(logs())).history)


@rarely_met
@given(programs(), st.data())
def test_no_award_lies_outside_its_bounds(subject: CheckSubject, data: st.DataObject):
    bounds = {
        activity.id: awards_of(activity) for activity in subject.program.versions[0].activities.values()
    }
    for entry in result_of(subject.program, *data.draw(logs())).entries:
        awards = bounds[entry.activity]
        if entry.outcome in (Outcome.AWARDED, Outcome.REDUCED, Outcome.CAPPED):
            assert awards.lowest is None or entry.requested >= awards.lowest
            assert awards.highest is None or entry.requested <= awards.highest
            assert entry.requested <= 0 or (
                awards.smallest is not None and entry.requested >= awards.smallest
            )

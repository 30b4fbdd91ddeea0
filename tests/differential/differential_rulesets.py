"""Random rulesets and logs for the differential suite, as documents that users could have written.

Small numbers and few names on purpose: caps must bind, thresholds must be hit exactly, and members
must meet on the same days as versions, anniversaries and clock changes.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import yaml
from hypothesis import strategies as st

from pointbook.diagnostics import Severity
from pointbook.loading import load
from pointbook.log import RawRow, accepted_log
from pointbook.lower.programs import program_from
from pointbook.model.windows import Per

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pointbook.log import Log
    from pointbook.model.program import Program

    Draw = Callable[[st.SearchStrategy[Any]], Any]

DAYS = (
    *("2022-12-31", "2023-01-01", "2023-02-28", "2023-03-01", "2023-06-15", "2023-12-31", "2024-01-01"),
    *("2024-02-28", "2024-02-29", "2024-03-01", "2024-03-04", "2024-03-31", "2024-06-15", "2024-10-27"),
    *("2024-12-31", "2025-01-01", "2025-02-27", "2025-02-28", "2025-03-01", "2025-06-14", "2025-06-15"),
)
TIMES = (
    "",
    "T00:00",
    "T02:30",
    "T23:59:59.999999",
    "T12:00:00Z",
    "T23:30:00Z",
    "T00:30:00+05:00",
    "T02:30:00.5",
)
ZONES = ("Europe/Brussels", "UTC", "America/New_York")
WINDOWS = tuple(per.value for per in Per)
ACTIVITIES = ("act.a", "act.b", "act.c", "act.d")
LEVELS = ("bronze", "silver", "gold", "Zinc")
ATTRIBUTES = {
    "count": "integer",
    "hours": "decimal",
    "made_on": "date",
    "kind": "text",
    "online": "boolean",
}
MEMBER_ATTRIBUTES = {"company": "text", "born_on": "date", "seats": "integer"}
VALUES: dict[str, tuple[str, ...]] = {
    "integer": ("0", "1", "2", "3", "7", "-1"),
    "decimal": ("0", "0.5", "1.5", "2.25", "0.000001", "3", "-0.5"),
    "date": DAYS,
    "text": ("x", "y", "É", "true"),
    "boolean": ("true", "false"),
}

ODD = frozenset(
    (
        "cap-never-binds",
        "cap-below-award",
        "unreachable-level",
        "condition-never-holds",
        "activity-never-awards",
    )
)
"""Errors that say a rule makes no sense; it has a meaning all the same."""


@dataclass(frozen=True)
class Case:
    """Rules and rows of a log, as plain data.

    Attributes:
        program: program.yaml.
        versions: The versions' documents.
        members: Rows of members.
        events: Rows of events.
        as_of: The as-of date.
        assume: The policy for values that the log does not carry.
    """

    program: dict[str, Any]
    versions: list[dict[str, Any]]
    members: list[dict[str, str]]
    events: list[dict[str, str]]
    as_of: date
    assume: str

    def written_to(self, folder: Path) -> Program | None:
        """The program, written to `folder` and loaded; None where it has errors."""
        (folder / "versions").mkdir(parents=True, exist_ok=True)
        (folder / "program.yaml").write_text(as_yaml(self.program), encoding="utf-8")
        for version in self.versions:
            (folder / "versions" / f"{version['id']}.yaml").write_text(as_yaml(version), encoding="utf-8")
        loaded = load(folder)
        if any(finding.severity is Severity.ERROR and finding.code not in ODD for finding in loaded.findings):
            return None
        assert loaded.documents.program is not None
        typed = [version.version for version in loaded.versions]
        return program_from(loaded.documents.program, [version for version in typed if version is not None])

    def rows(self) -> dict[str, list[RawRow]]:
        """Members and events as a reader has them."""
        return {
            name: [RawRow(name, line, str(line), row) for line, row in enumerate(rows, start=2)]
            for name, rows in (("members", self.members), ("events", self.events))
        }

    def log(self, program: Program) -> Log:
        """The log."""
        return accepted_log(program, *self.rows().values())

    def scenario(self, title: str) -> dict[str, Any]:
        """The case as a scenario without expectations."""
        members = {
            row["member_id"]: {key: value for key, value in row.items() if key != "member_id"}
            for row in self.members
        }
        return {
            "title": title,
            "as_of": self.as_of.isoformat(),
            "assume": self.assume,
            "members": members,
            "events": self.events,
        }


def as_yaml(document: dict[str, Any]) -> str:
    class Plain(yaml.SafeDumper):
        def ignore_aliases(self, data: Any) -> bool:
            del data
            return True

    text: str = yaml.dump(document, Dumper=Plain, sort_keys=False, allow_unicode=True)
    return text


@st.composite
def cases(draw: Draw) -> Case:
    """Rules with up to four versions, and a log of up to four members."""
    balances = draw(_balances())
    first = draw(st.sampled_from(DAYS[:8]))
    days = draw(st.lists(st.sampled_from([day for day in DAYS if day > first]), max_size=3, unique=True))
    levels = draw(_levels())
    versions = []
    for number, day in enumerate(sorted([first, *days])):
        if number and draw(st.booleans()):
            levels = draw(_levels())
        versions.append(draw(_version(f"v{number}", day, levels, list(balances))))
    if draw(st.booleans()):
        versions = [_only_giving(version) for version in versions[: draw(st.integers(1, 2))]]
    if draw(st.booleans()):
        versions = draw(_with_a_replacement(versions))
    members = draw(_members())
    events = draw(_events([row["member_id"] for row in members]))
    return Case(
        program={
            "id": "random",
            "title": "Random",
            "timezone": draw(st.sampled_from(ZONES)),
            "level_balance": "score",
            "balances": balances,
            "member_attributes": {name: {"type": kind} for name, kind in MEMBER_ATTRIBUTES.items()},
        },
        versions=versions,
        members=members,
        events=events,
        as_of=date.fromisoformat(draw(st.sampled_from(DAYS)))
        + timedelta(days=draw(st.sampled_from((0, 1, 400)))),
        assume=draw(st.sampled_from(("none", "low", "mid", "high"))),
    )


@st.composite
def _with_a_replacement(draw: Draw, versions: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The same with `renamed` in place of an activity that an earlier version has; others keep that."""
    places = [
        (number, name)
        for number, version in enumerate(versions)
        for name in version["activities"]
        if any(name in earlier["activities"] for earlier in versions[:number])
    ]
    if not places:
        return versions
    number, name = draw(st.sampled_from(places))
    activities = {
        "renamed" if key == name else key: rule | {"replaces": name} if key == name else rule
        for key, rule in versions[number]["activities"].items()
    }
    return [
        version | {"activities": activities} if place == number else version
        for place, version in enumerate(versions)
    ]


def _only_giving(version: dict[str, Any]) -> dict[str, Any]:
    """The version with no deductions from the score, and no level that is held for longer than earned."""
    version["life_cycle"]["demotion"] = "to_earned"
    for activity in version["activities"].values():
        if activity.get("balance", "score") == "score":
            activity["points"] = _positive(activity["points"])
            for bonus in activity.get("bonuses", ()):
                bonus["points"] = abs(bonus["points"])
    return version


def _positive(points: Any) -> Any:
    match points:
        case int():
            return abs(points)
        case {"range": ends}:
            return {"range": sorted(map(abs, ends))}
        case {"per": rate}:
            return {"per": {**rate, "points": abs(rate["points"])}}
        case {"by": table}:
            values = {value: abs(amount) for value, amount in table["values"].items()}
            return {"by": {**table, "values": values}}
    return points


@st.composite
def _balances(draw: Draw) -> dict[str, Any]:
    names = ["score", *draw(st.lists(st.sampled_from(("credits", "karma")), unique=True))]
    result = {}
    for name in names:
        balance: dict[str, Any] = {
            "resets": draw(st.sampled_from(("membership_year", "calendar_year", "never")))
        }
        start = draw(st.sampled_from((0, 0, 10, -5)))
        if start:
            balance["start"] = start
        if draw(st.booleans()):
            balance["floor"] = min(start, draw(st.sampled_from((0, 0, -20, 5))))
        result[name] = balance
    return dict(sorted(result.items())) if draw(st.booleans()) else result


@st.composite
def _levels(draw: Draw) -> dict[str, Any]:
    names = draw(st.lists(st.sampled_from(LEVELS), min_size=1, max_size=4, unique=True))
    thresholds = sorted(
        draw(st.lists(st.sampled_from((0, 5, 10, 20, 30, 50, 75, 100)), min_size=4, max_size=4, unique=True))
    )
    return {name: {"threshold": threshold} for name, threshold in zip(names, thresholds, strict=False)}


@st.composite
def _version(draw: Draw, name: str, day: str, levels: dict[str, Any], balances: list[str]) -> dict[str, Any]:
    groups = {
        group: {"caps": draw(_caps())} for group in draw(st.lists(st.sampled_from(("g1", "g2")), unique=True))
    }
    chosen = draw(st.lists(st.sampled_from(ACTIVITIES), min_size=1, unique=True))
    activities = {activity: draw(_activity(balances, sorted(groups))) for activity in chosen}
    version: dict[str, Any] = {
        "id": name,
        "title": name,
        "effective_from": day,
        "source": {"document": "none"},
        "life_cycle": {
            "demotion": draw(st.sampled_from(("to_earned", "one_level"))),
            "leap_day": draw(st.sampled_from(("feb_28", "mar_1"))),
        },
        "levels": levels,
        "activities": activities,
    }
    if groups:
        version["groups"] = groups
    if levels:
        version["benefits"] = {
            f"benefit_{index}": {"from_level": level}
            for index, level in enumerate(draw(st.lists(st.sampled_from(sorted(levels)), max_size=2)))
        }
    return version


@st.composite
def _caps(draw: Draw) -> list[dict[str, Any]]:
    keys = draw(
        st.lists(
            st.tuples(st.sampled_from(("points", "times")), st.sampled_from(WINDOWS)),
            min_size=1,
            max_size=2,
            unique=True,
        )
    )
    return [
        {kind: draw(st.sampled_from((1, 2, 3) if kind == "times" else (5, 12, 30, 60))), "per": per}
        for kind, per in keys
    ]


@st.composite
def _activity(draw: Draw, balances: list[str], groups: list[str]) -> dict[str, Any]:
    activity: dict[str, Any] = {
        "attributes": {name: {"type": kind} for name, kind in ATTRIBUTES.items()},
        "points": draw(_points()),
    }
    if len(balances) > 1:
        activity["balance"] = draw(st.sampled_from(balances))
    if draw(st.integers(0, 3)) == 0:
        activity["eligible_if"] = draw(conditions())
    if draw(st.integers(0, 2)) == 0:
        activity["bonuses"] = [
            {"points": draw(st.sampled_from((3, 10, -4))), "if": draw(conditions())}
            for _ in range(draw(st.integers(1, 2)))
        ]
    if draw(st.integers(0, 4)) == 0:
        activity["split_among"] = "count"
    if draw(st.booleans()):
        activity["caps"] = draw(_caps())
    if groups:
        own = draw(st.lists(st.sampled_from(groups), unique=True))
        if own:
            activity["groups"] = own
    return activity


def _points() -> st.SearchStrategy[Any]:
    amounts = st.sampled_from((-12, -5, 0, 1, 5, 10, 25, 40))
    ranges = st.tuples(amounts, amounts).map(sorted).map(list)
    return st.one_of(
        amounts,
        amounts,
        ranges.map(lambda pair: {"range": pair}),
        ranges.map(lambda pair: {"range": pair}),
        st.sampled_from((1, 10, 25)).map(lambda most: {"up_to": most}),
        st.tuples(st.sampled_from((-3, 5, 7)), st.sampled_from(("count", "hours"))).map(
            lambda per: {"per": {"attribute": per[1], "points": per[0], "unit": "unit"}}
        ),
        st.tuples(amounts, amounts).map(
            lambda two: {"by": {"attribute": "kind", "values": {"x": two[0], "É": two[1]}}}
        ),
        st.tuples(amounts, amounts).map(
            lambda two: {"by": {"attribute": "count", "values": {"1": two[0], "-1": two[1]}}}
        ),
        amounts.map(lambda one: {"by": {"attribute": "online", "values": {"true": one, "false": 2}}}),
    )


def conditions() -> st.SearchStrategy[dict[str, Any]]:
    """Conditions over all attributes."""
    kinds = {
        **ATTRIBUTES,
        "occurred_on": "date",
        **{f"member.{name}": kind for name, kind in MEMBER_ATTRIBUTES.items()},
    }
    leaves = st.sampled_from(sorted(kinds)).flatmap(lambda name: _comparison(name, kinds[name]))
    return st.recursive(
        leaves,
        lambda inner: st.one_of(
            st.lists(inner, min_size=1, max_size=3).map(lambda parts: {"all": parts}),
            st.lists(inner, min_size=1, max_size=3).map(lambda parts: {"any": parts}),
            inner.map(lambda part: {"not": part}),
        ),
        max_leaves=4,
    )


@st.composite
def _comparison(draw: Draw, name: str, kind: str) -> dict[str, Any]:
    result: dict[str, Any] = {"attribute": name}
    literals: dict[str, st.SearchStrategy[Any]] = {
        "integer": st.sampled_from((0, 1, 2, 3)),
        "decimal": st.sampled_from((0, 0.5, 1.5, 2.2500001, 2)),
        "date": st.sampled_from(DAYS),
        "text": st.sampled_from(("x", "É", "z")),
        "boolean": st.booleans(),
    }
    operators = ["is", "in"] if name != "occurred_on" else ["at_least"]
    if name != "occurred_on":
        operators.append("present")
    if kind in ("integer", "decimal", "date"):
        operators += ["at_least", "at_most"]
    if kind == "date":
        operators.append("within")
    for operator in draw(st.lists(st.sampled_from(operators), min_size=1, max_size=2, unique=True)):
        if operator == "present":
            result["present"] = draw(st.booleans())
        elif operator == "in":
            result["in"] = draw(st.lists(literals[kind], min_size=1, max_size=2, unique=True))
        elif operator == "within":
            after = draw(st.sampled_from(("made_on", "member.born_on", "occurred_on")))
            result["within"] = {"days": draw(st.sampled_from((0, 7, 365))), "after": after}
        else:
            result[operator] = draw(literals[kind])
    return result


@st.composite
def _members(draw: Draw) -> list[dict[str, str]]:
    names = draw(st.lists(st.sampled_from(("a", "B", "é", "a-1", "Z")), min_size=1, max_size=4, unique=True))
    return [
        {
            "member_id": name,
            "signed_up_on": draw(
                st.sampled_from(("2019-01-01", "2020-02-29", "2020-02-29", "2022-06-15", *DAYS[:10]))
            ),
            **{
                attribute: draw(st.sampled_from(VALUES[kind]))
                for attribute, kind in MEMBER_ATTRIBUTES.items()
                if draw(st.booleans())
            },
        }
        for name in names
    ]


@st.composite
def _events(draw: Draw, members: list[str]) -> list[dict[str, str]]:
    events = []
    for number in range(draw(st.integers(0, 25))):
        event = {
            "event_id": draw(st.sampled_from(("e", "E", "é"))) + str(number),
            "member_id": draw(st.sampled_from(members)),
            "activity": draw(st.sampled_from((*ACTIVITIES, *ACTIVITIES, *ACTIVITIES, "renamed", "unknown"))),
            "occurred_at": draw(st.sampled_from(DAYS)) + draw(st.sampled_from(TIMES)),
        }
        if draw(st.integers(0, 2)):
            event["points"] = str(draw(st.sampled_from((-12, -5, 0, 1, 3, 5, 10, 17, 25, 40))))
        for attribute, kind in ATTRIBUTES.items():
            if draw(st.integers(0, 4)):
                event[attribute] = draw(st.sampled_from(VALUES[kind]))
        events.append(event)
    return events

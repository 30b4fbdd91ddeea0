"""Random programs and logs, small enough to read when one of them fails.

A program is drawn as plain YAML-like values: program.yaml, then every version complete. Some
versions are written as the merge patch that leads from an earlier one to them, so that a patch never
repeats or removes what is not there. The documents then go through the whole pipeline of
`pointbook.loading`. Amounts, caps and dates come from short lists that were chosen so that things
meet: caps run out, thresholds are hit exactly, events lie on boundaries.
"""

from __future__ import annotations

import math
import random
import sys
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property, lru_cache
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from pointbook.diagnostics import Span
from pointbook.loading import Loaded, ProgramDocuments, loaded_from
from pointbook.log import Log, RawRow, accepted_log
from pointbook.model.ledger import Assume
from pointbook.model.windows import Per
from pointbook.source.document import Node

sys.path.insert(0, str(Path(__file__).parent))  # test folders are not packages
import wide_rules

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from pointbook.model.program import Program

Plain = dict[str, Any]

ZONES = (
    "Europe/Brussels",
    "America/New_York",
    "America/Sao_Paulo",  # clocks went forward at midnight
    "Australia/Lord_Howe",  # by half an hour
    "Asia/Kathmandu",
    "UTC",
)
RESETS = ("membership_year", "membership_year", "calendar_year", "never")
LEVELS = ("bronze", "silver", "gold", "summit")
THRESHOLDS = (0, 40, 60, 100, 150, 250, 400)
WINDOWS = tuple(per.value for per in Per)
ATTRIBUTES: Plain = {
    "units": {"type": "integer"},
    "hours": {"type": "decimal"},
    "size": {"type": "text"},
    "first": {"type": "boolean"},
    "released_on": {"type": "date"},
    "sharers": {"type": "integer"},
}
MEMBER_ATTRIBUTES: Plain = {"partner": {"type": "boolean"}, "joined_on": {"type": "date"}}
OPTIONAL_ACTIVITIES = ("talk", "write", "help", "visit")
FIRST_DATES = ("2015-01-01", "2015-01-01", "2017-03-01", "2019-01-01")
LATER_DATES = (
    "2019-07-15",
    "2020-02-28",
    "2020-02-29",
    "2020-03-29",
    "2020-12-28",
    "2021-01-01",
    "2021-02-28",
    "2021-03-01",
    "2021-06-15",
    "2022-01-01",
)
SIGN_UPS = ("2018-12-31", "2016-02-29", "2016-02-29", "2019-03-01", "2020-02-29")
DAYS = (
    "2018-06-01",
    "2019-02-28",
    "2019-03-01",
    "2019-12-31",
    "2020-01-01",
    "2020-02-28",
    "2020-02-29",
    "2020-03-01",
    "2020-03-29",
    "2020-06-14",
    "2020-06-15",
    "2020-10-25",
    "2020-12-28",
    "2020-12-31",
    "2021-01-01",
    "2021-02-28",
    "2021-03-01",
    "2021-03-28",
    "2021-06-15",
    "2021-12-31",
    "2022-01-01",
    "2022-02-28",
    "2022-06-15",
    "2024-02-29",
)
TIMES = (
    "",
    "",
    "T00:00",
    "T02:30",
    "T12:00:00.5",
    "T23:59:59",
    "T22:59:59Z",
    "T23:30:00Z",
    "T04:00:00+09:00",
)

CONDITIONS: tuple[Plain, ...] = (
    {"attribute": "first", "is": True},
    {"attribute": "size", "in": ["small", "large"]},
    {"attribute": "units", "at_least": 2},
    {"attribute": "hours", "at_most": Decimal("2.5")},
    {"attribute": "released_on", "present": True},
    {"attribute": "occurred_on", "within": {"days": 7, "after": "released_on"}},
    {"attribute": "occurred_on", "at_least": "2020-02-29"},
    {"attribute": "member.partner", "is": False},
    {"attribute": "occurred_on", "within": {"days": 400, "after": "member.joined_on"}},
    {"not": {"attribute": "first", "is": True}},
    {"any": [{"attribute": "first", "is": True}, {"attribute": "units", "at_most": 1}]},
    {"all": [{"attribute": "size", "present": True}, {"not": {"attribute": "size", "is": "small"}}]},
    {"not": {"any": [{"attribute": "member.partner", "present": False}, {"attribute": "units", "is": 3}]}},
)
POINTS: tuple[int | Plain, ...] = (
    60,
    40,
    -30,
    75,
    {"range": [10, 75]},
    {"range": [-50, 100]},
    {"range": [0, 40]},
    {"range": [40, 40]},
    {"range": [-60, -10]},
    {"up_to": 120},
    {"per": {"attribute": "units", "points": 25}},
    {"per": {"attribute": "hours", "points": 30}},
    {"per": {"attribute": "hours", "points": -7}},
    {"by": {"attribute": "size", "values": {"small": 5, "large": 90, "refund": -15, "nil": 0}}},
    {"by": {"attribute": "first", "values": {"true": 80, "false": 20}}},
)
_CAPS: tuple[tuple[Plain, ...], ...] = (
    *(({"points": limit, "per": per},) for per in WINDOWS for limit in (90, 100, 160)),
    *(({"times": limit, "per": per},) for per in WINDOWS for limit in (1, 2)),
    ({"points": 90, "per": "day"}, {"points": 200, "per": "calendar_month"}),
    ({"times": 2, "per": "week"}, {"points": 160, "per": "calendar_year"}),
    ({"points": 160, "per": "membership_year"}, {"times": 1, "per": "day"}),
    ({"points": 90, "per": "day"}, {"points": 160, "per": "week"}, {"points": 300, "per": "lifetime"}),
)
"""Caps of one activity or group that can all bind: `cap-never-binds` and `cap-below-award` are errors."""
_ATTRIBUTE_ROWS: tuple[dict[str, str], ...] = (
    {},
    {"units": "1", "first": "true", "size": "small", "hours": "0.25", "sharers": "2"},
    {
        "units": "3",
        "first": "false",
        "size": "large",
        "hours": "2.5",
        "sharers": "1",
        "released_on": "2020-02-28",
    },
    {
        "units": "2",
        "first": "true",
        "size": "large",
        "hours": "1.05",
        "sharers": "3",
        "released_on": "2020-12-31",
    },
    {
        "units": "5",
        "first": "false",
        "size": "refund",
        "hours": "4",
        "sharers": "2",
        "released_on": "2021-02-26",
    },
    {"units": "0", "size": "nil", "hours": "0", "sharers": "0", "first": "true"},
    {"units": "4", "size": "other", "hours": "-1", "sharers": "4"},
    {"first": "true", "sharers": "7", "released_on": "2020-03-22"},
    {"size": "large", "hours": "3.333333"},
)


@dataclass(frozen=True)
class Rules:
    """A program as it is written.

    Attributes:
        program: program.yaml.
        complete: Every version, complete, by date.
        written: The same versions; some as patches.
    """

    program: Plain
    complete: tuple[Plain, ...]
    written: tuple[Plain, ...]

    @cached_property
    def loaded(self) -> Loaded:
        return loaded_of(self.program, self.written)

    @cached_property
    def ready(self) -> Program:
        return program_of(self.loaded)


@dataclass(frozen=True)
class Case:
    """Rules, a log, and how to evaluate it.

    Attributes:
        rules: The rules.
        member_rows: Rows of members, all of them good.
        event_rows: Rows of events; a few are faulty or given twice.
        assume: What a missing assessed value is taken to be.
        version: A version that is taken to have always been in force, or None.
        given_as_of: The last day that counts; None for the day of the last event.
    """

    rules: Rules
    member_rows: tuple[RawRow, ...]
    event_rows: tuple[RawRow, ...]
    assume: Assume
    version: str | None
    given_as_of: date | None

    @cached_property
    def log(self) -> Log:
        return accepted_log(self.rules.ready, self.member_rows, self.event_rows)

    @property
    def as_of(self) -> date:
        day = self.given_as_of or self.log.facts.default_as_of
        assert day is not None
        return day


# Plain values as documents


def node_of(plain: Any, file: str) -> Node:
    """The document that holds `plain`, every value on a line of its own."""
    lines = count(1)

    def node(value: Any) -> Node:
        span = Span(file, next(lines))
        if isinstance(value, dict):
            keys, content = {}, {}
            for key, part in value.items():
                keys[key] = Span(file, next(lines))
                content[key] = node(part)
            return Node(content, span, keys)
        if isinstance(value, (list, tuple)):
            return Node(tuple(node(part) for part in value), span)
        return Node(value, span)

    return node(plain)


def loaded_of(program: Plain, versions: tuple[Plain, ...]) -> Loaded:
    """The program that these documents write."""
    documents = tuple(
        (f"{version['id']}.yaml", node_of(version, f"{version['id']}.yaml")) for version in versions
    )
    return loaded_from(ProgramDocuments("random", node_of(program, "program.yaml"), documents, (), {}))


def program_of(loaded: Loaded) -> Program:
    """The program, which has no errors."""
    assert loaded.program is not None, [
        str(finding) for finding in loaded.findings if finding.severity == "error"
    ]
    return loaded.program


def patch_from(base: Plain, target: Plain) -> Plain:
    """The merge patch (RFC 7396) that turns `base` into `target`."""
    patch: Plain = {key: None for key in base if key not in target}
    for key, value in target.items():
        before = base.get(key)
        if isinstance(value, dict) and isinstance(before, dict):
            if changed := patch_from(before, value):
                patch[key] = changed
        elif value != before:
            patch[key] = value
    return patch


# Programs, built from whatever `pick` picks: a Hypothesis draw, or dice of a fixed seed

if TYPE_CHECKING:
    Pick = Callable[[Sequence[Any]], Any]

_GROUPS = ("social", "all")
_GROUP_CHOICES = ((), (), ("social",), ("all",), ("social", "all"), ("all", "social"))
_POST_POINTS = (60, {"range": [60, 60]}, {"range": [10, 75]})
_PARTS = ("levels", "groups", "life_cycle", *OPTIONAL_ACTIVITIES)
_RARELY = (False, False, False, True)


def _subset(pick: Pick, options: Sequence[Any], least: int, most: int) -> list[Any]:
    """Some of `options`, in their order."""
    left = list(range(len(options)))
    chosen = [left.pop(pick(range(len(left)))) for _ in range(pick(range(least, most + 1)))]
    return [options[index] for index in sorted(chosen)]


def _balances(pick: Pick) -> Plain:
    balances: Plain = {}
    for name in ("score", "credits"):
        start, floor = pick((0, 0, 40, -20)), pick((None, 0, -25, 10))
        balances[name] = {"resets": pick(RESETS)}
        if start:
            balances[name]["start"] = start
        if floor is not None and floor <= start:
            balances[name]["floor"] = floor
    return balances


def _levels(pick: Pick, least: int = 1) -> Plain:
    """One to four levels; their ids are always in the same order, so that a patch can add any."""
    thresholds = _subset(pick, THRESHOLDS, least, 4)
    first = pick(range(len(LEVELS) - len(thresholds) + 1))
    ids = LEVELS[first : first + len(thresholds)]
    return {name: {"threshold": threshold} for name, threshold in zip(ids, thresholds, strict=True)}


def _names_in(plain: Any) -> set[str]:
    """Every text in `plain`, among them the attributes that it names."""
    if isinstance(plain, dict):
        return _names_in(list(plain.values()))
    if isinstance(plain, list):
        return set().union(*map(_names_in, plain))
    return {plain} if isinstance(plain, str) else set()


def _can_award(points: int | Plain) -> bool:
    """Whether an award of at least 40 is possible, so that every cap in `_CAPS` can bind."""
    if isinstance(points, int):
        return points > 0
    if "range" in points:
        return bool(points["range"][1] >= 40)
    return not ("per" in points and points["per"]["points"] < 0)


def _with_attributes(activity: Plain) -> Plain:
    used = _names_in(activity)
    if names := [name for name in ATTRIBUTES if name in used]:
        activity["attributes"] = {name: ATTRIBUTES[name] for name in names}
    return activity


def _activity(pick: Pick, *, wide: bool) -> Plain:
    if wide and pick((True, True, False)):
        return _with_attributes({**wide_rules.activity(pick)})
    points = pick(POINTS)
    activity: Plain = {"points": points}
    if pick(_RARELY):
        activity["balance"] = "credits"
    elif groups := pick(_GROUP_CHOICES):
        activity["groups"] = list(groups)
    if pick(_RARELY):
        activity["split_among"] = "sharers"
    if _can_award(points) and not pick(_RARELY):
        activity["caps"] = list(pick(_CAPS))
    if pick(_RARELY):
        activity["eligible_if"] = pick(CONDITIONS)
    if pick(_RARELY):
        activity["bonuses"] = [{"points": pick((20, 55, -15)), "if": pick(CONDITIONS)}]
    return _with_attributes(activity)


def _content(pick: Pick, before: Plain | None, *, wide: bool) -> Plain:
    """Levels, activities and so on of a version: new, or those of `before` with some of them new."""
    parts = _PARTS if before is None else _subset(pick, _PARTS, 0, 3)
    content: Plain = {
        key: value for key, value in (before or {}).items() if key not in ("id", "effective_from")
    }
    if "levels" in parts:
        content["levels"] = wide_rules.levels(_levels(pick, 4), pick) if wide else _levels(pick)
        content["benefits"] = {"mug": {"from_level": next(iter(content["levels"]))}}
    if "life_cycle" in parts:
        demotion, leap_day = pick(("to_earned", "one_level")), pick(("feb_28", "mar_1"))
        content["life_cycle"] = {"demotion": demotion, "leap_day": leap_day}
    if "groups" in parts:
        content["groups"] = {name: {"caps": list(pick(_CAPS))} for name in _GROUPS}
    # `gift` keeps every level within reach, and every attribute known; `post`, without caps of its
    # own, keeps every group's caps within reach, and its form often changes.
    gift: Plain = {"points": {"range": [-100, 300]}, "attributes": ATTRIBUTES}
    activities: Plain = {"gift": gift, "post": {"points": pick(_POST_POINTS), "groups": list(_GROUPS)}}
    known = {} if before is None else before["activities"]
    for name in OPTIONAL_ACTIVITIES:
        if name not in parts:
            if name in known:
                activities[name] = known[name]
        elif name not in known or not pick(_RARELY):
            activities[name] = _activity(pick, wide=wide)
    content["activities"] = activities
    return wide_rules.content(content, pick, ATTRIBUTES) if wide else content


def _rules(pick: Pick, least: int, most: int, *, wide: bool = False) -> Rules:
    program = {
        "id": "random",
        "title": "Random",
        "timezone": pick(ZONES),
        "level_balance": "score",
        "balances": wide_rules.balances(_balances(pick), pick) if wide else _balances(pick),
        "member_attributes": MEMBER_ATTRIBUTES,
    }
    first = pick(FIRST_DATES)
    complete: list[Plain] = []
    written: list[Plain] = []
    for number, effective_from in enumerate([first, *_subset(pick, LATER_DATES, least - 1, most - 1)]):
        base = pick(range(number)) if number else None
        content = _content(pick, None if base is None else complete[base], wide=wide)
        header = {"id": f"v{number + 1}", "effective_from": effective_from}
        complete.append({**header, **content})
        if base is None:
            written.append(complete[-1])
            continue
        # The title makes every version change something.
        content["activities"]["gift"]["title"] = f"Gift {number}"
        body = {key: value for key, value in complete[base].items() if key not in header}
        patch = patch_from(body, content)
        reordered = _added_below(complete[base]["levels"], content["levels"])
        if wide or pick(_RARELY) or reordered or _removes_part_of_a_condition(patch):
            written.append(complete[-1])
        else:
            written.append({**header, "based_on": complete[base]["id"], **patch})
    if pick((True, False)) and (known := _replaceable(complete)):
        complete[-1] = written[-1] = _with_a_replacement(complete[-1], pick(known))
    return Rules(program, tuple(complete), tuple(written))


def _replaceable(complete: Sequence[Plain]) -> list[str]:
    """Activities of the last version that an earlier one has too."""
    *earlier, last = (version["activities"] for version in complete)
    return [name for name in OPTIONAL_ACTIVITIES if name in last and any(name in known for known in earlier)]


def _with_a_replacement(version: Plain, replaced: str) -> Plain:
    """The version with `renamed` in place of an activity."""
    renamed = {
        "renamed" if name == replaced else name: {**rule, "replaces": name} if name == replaced else rule
        for name, rule in version["activities"].items()
    }
    return {**version, "activities": renamed}


def _added_below(before: Plain, levels: Plain) -> bool:
    """Whether a level is added below one that stays: a patch would put it behind."""
    stays = [name for name in before if name in levels]
    return stays + [name for name in levels if name not in before] != list(levels)


def _removes_part_of_a_condition(patch: Plain) -> bool:
    """Whether a `null` stands inside a condition, where patches do not take one."""

    def has_null(plain: Any) -> bool:
        return plain is None or (isinstance(plain, dict) and any(map(has_null, plain.values())))

    conditions = [(activity or {}).get("eligible_if") for activity in patch.get("activities", {}).values()]
    return any(condition is not None and has_null(condition) for condition in conditions)


@st.composite
def rules(draw: st.DrawFn, *, least: int = 1, most: int = 3) -> Rules:
    """A program without errors, with that many versions."""
    return _rules(lambda options: draw(st.sampled_from(options)), least, most)


@lru_cache(maxsize=2 * 200)
def rules_of_seed(seed: int, least: int, most: int) -> Rules:
    return _rules(random.Random(seed).choice, least, most)  # noqa: S311 - not for secrets


@lru_cache(maxsize=2 * 200)
def wide_rules_of_seed(seed: int) -> Rules:
    """Rules with entries, spends and all that, without errors."""
    for again in count():
        found = _rules(random.Random(f"{seed} {again}").choice, 1, 3, wide=True)  # noqa: S311 - not for secrets
        if found.loaded.program is not None:
            return found
    raise AssertionError


def wide_pool() -> st.SearchStrategy[Rules]:
    """One of 40 programs of several entries an activity, each loaded once."""
    return st.integers(0, 39).map(wide_rules_of_seed)


def pooled_rules(*, least: int = 1, most: int = 3) -> st.SearchStrategy[Rules]:
    """One of 200 programs, each loaded once: for laws about logs, of which many are wanted."""
    return st.integers(0, 199).map(lambda seed: rules_of_seed(seed, least, most))


# Drawing: one number for several choices, since each draw costs more than what it decides

_UNIFORM = 2**24


def _choices(*choices: Sequence[Any]) -> st.SearchStrategy[tuple[Any, ...]]:
    """One value of each of `choices`; the first of each is the simplest."""
    total = math.prod(map(len, choices))
    assert total < _UNIFORM, "Hypothesis draws evenly only from ranges below this"

    def picked(number: int) -> tuple[Any, ...]:
        values = []
        for options in choices:
            number, index = divmod(number, len(options))
            values.append(options[index])
        return tuple(values)

    return st.integers(0, total - 1).map(picked)


# Logs

_MEMBER = _choices(SIGN_UPS, ({}, {"partner": "true"}, {"partner": "false", "joined_on": "2020-01-01"}))
_ACTIVITIES = (
    "gift",
    "gift",
    "post",
    "post",
    *OPTIONAL_ACTIVITIES,
    *OPTIONAL_ACTIVITIES,
    "renamed",
    "nothing",
)
_POINTS = ("55", "10", "", "40", "75", "", "-30", "", "100")
_MISHAPS = (*("",) * 15, "again", "conflicting", "bad time", "bad points", "no id", "stranger")
_NEAR = st.lists(st.sampled_from(DAYS), min_size=1, max_size=4)
_WHAT = _choices(_ACTIVITIES, _POINTS, _ATTRIBUTE_ROWS)
_WHEN = _choices((0, 1, 2, 3), (0, 0, 1, 2, 3, 7, -1), TIMES, ("a", "B", "é"), (0, 1), _MISHAPS)
_ASSUME = st.sampled_from((*Assume, Assume.NONE, Assume.NONE))
_SIZES = st.sampled_from((4, 0, 1, 8, 14, 18))
_AS_OF = st.sampled_from(
    (None, None, None, "2021-12-31", "2022-06-15", "2024-02-29", "2024-02-29", *DAYS[10:20:3])
)


@st.composite
def _member_rows(draw: st.DrawFn) -> tuple[RawRow, ...]:
    rows = []
    for number in range(draw(st.integers(1, 2))):
        signed_up_on, attributes = draw(_MEMBER)
        cells = {"member_id": f"m{number}", "signed_up_on": signed_up_on, **attributes}
        rows.append(_row("members", number, cells))
    return tuple(rows)


def _row(file: str, number: int, cells: dict[str, str]) -> RawRow:
    return RawRow(file, number + 2, f"{file} {number}", cells)


@st.composite
def _event_rows(draw: st.DrawFn, members: int, *, faulty: bool) -> tuple[RawRow, ...]:
    near = draw(_NEAR)
    rows: list[RawRow] = []
    for number in range(draw(_SIZES)):
        activity, points, attributes = draw(_WHAT)
        place, later, time, letter, member, mishap = draw(_WHEN)
        day = date.fromisoformat(near[place % len(near)]) + timedelta(later)
        cells = {
            "event_id": f"{letter}{number}",
            "member_id": f"m{member % members}",
            "activity": activity,
            "occurred_at": f"{day}{time}",
            **attributes,
        }
        if points:
            cells["points"] = points
        if not faulty:
            mishap = ""
        rows.append(_row("events", len(rows), _with_mishap(cells, mishap)))
        if mishap in ("again", "conflicting"):
            twin = cells if mishap == "again" else {**cells, "activity": "post", "points": "1"}
            rows.append(_row("events", len(rows), twin))
    return tuple(rows)


def _with_mishap(cells: dict[str, str], mishap: str) -> dict[str, str]:
    match mishap:
        case "bad time":
            return {**cells, "occurred_at": "2021-02-30"}
        case "bad points":
            return {**cells, "points": "7.5"}
        case "no id":
            return {key: text for key, text in cells.items() if key != "event_id"}
        case "stranger":
            return {**cells, "member_id": "nobody"}
        case _:
            return cells


@st.composite
def cases(
    draw: st.DrawFn, from_rules: st.SearchStrategy[Rules], *, faulty: bool = False, fixed: bool = True
) -> Case:
    """Rules with a log.

    Args:
        draw: Hypothesis's.
        from_rules: Where the rules come from.
        faulty: Whether some rows of the log cannot be used.
        fixed: Whether one version may be taken to have always been in force.
    """
    drawn = draw(from_rules)
    members = draw(_member_rows())
    events = draw(_event_rows(len(members), faulty=faulty))
    version = None
    if fixed and draw(st.booleans()):
        version = draw(st.sampled_from([version["id"] for version in drawn.complete]))
    as_of = draw(_AS_OF)
    return Case(
        rules=drawn,
        member_rows=members,
        event_rows=events,
        assume=draw(_ASSUME),
        version=version,
        given_as_of=None if as_of is None else date.fromisoformat(as_of),
    )

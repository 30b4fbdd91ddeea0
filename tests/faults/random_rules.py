"""Random rulesets with every construct, and logs for them: a generator of its own, of plain dice.

Amounts and limits are small, versions near one another, and what one version has another has a little
differently, so that periods, windows and levels reach over versions, and checks find much to say.
"""

from __future__ import annotations

import json
from copy import deepcopy
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from pointbook.source.yaml_reader import read_yaml

if TYPE_CHECKING:
    import random
    from pathlib import Path

    from pointbook.source.document import Node

    Plain = dict[str, Any]

ZONES = (
    "Pacific/Apia",  # no 30 December 2011
    "America/St_Johns",  # clocks changed a minute after midnight until 2011
    "Africa/Casablanca",  # back for Ramadan, every year on other days
    "Antarctica/Troll",  # by two hours
    "Australia/Lord_Howe",  # by half an hour
    "UTC",
)
FIRST = date(2011, 1, 1)
STARTS = (
    date(2011, 6, 15),
    date(2011, 11, 6),
    date(2011, 12, 29),
    date(2011, 12, 31),
    date(2012, 1, 1),
    date(2012, 2, 29),
    date(2012, 7, 1),
)
SIGN_UPS = (date(2011, 1, 1), date(2011, 6, 16), date(2011, 12, 29), date(2012, 2, 29), date(2008, 2, 29))
TIMES = ("", "T00:00", "T00:01:30", "T02:30", "T23:59:59", "T23:30:00Z", "T10:00:00+14:00", "T03:00:00-10:00")
ACTIVITIES = ("a", "b", "c")
GROUPS = ("g", "h")
LEVELS = ("bronze", "silver", "gold")
WINDOWS = (
    "day",
    "week",
    "calendar_month",
    "calendar_quarter",
    "calendar_year",
    "membership_year",
    "lifetime",
)
ATTRIBUTES = {
    "units": {"type": "integer"},
    "hours": {"type": "decimal"},
    "size": {"type": "text"},
    "first": {"type": "boolean"},
    "made_on": {"type": "date"},
}
VALUES = {
    "units": ("", "0", "1", "3", "-1"),
    "hours": ("", "0.5", "2.25", "0"),
    "size": ("", "small", "large", "none"),
    "first": ("", "true", "false"),
    "made_on": ("", "2011-12-30", "2011-12-25", "2012-02-28"),
}
CONDITIONS: tuple[Plain, ...] = (
    {"attribute": "first", "is": True},
    {"attribute": "size", "in": ["small", "large"]},
    {"attribute": "units", "at_least": 2},
    {"attribute": "units", "at_least": 3, "at_most": 1},
    {"attribute": "hours", "at_most": 1.5},
    {"attribute": "made_on", "present": True},
    {"attribute": "occurred_on", "within": {"days": 7, "after": "made_on"}},
    {"attribute": "member.partner", "is": False},
    {"attribute": "size", "is": "small", "in": ["large"]},
    {"attribute": "size", "present": False, "is": "small"},
    {"not": {"attribute": "first", "is": True}},
    {"any": [{"attribute": "first", "is": True}, {"attribute": "units", "at_most": 1}]},
    {"all": [{"attribute": "size", "is": "small"}, {"attribute": "size", "is": "large"}]},
    {"all": [{"attribute": "size", "present": True}, {"not": {"attribute": "size", "is": "small"}}]},
)
NEVER = (CONDITIONS[3], CONDITIONS[8], CONDITIONS[9], CONDITIONS[12])
"""Those that hold for no event."""
SOUND_CAPS: tuple[list[Plain], ...] = (
    *([{kind: limit, "per": per}] for per in WINDOWS for kind, limit in (("points", 100), ("times", 2))),
    [{"points": 90, "per": "day"}, {"points": 160, "per": "calendar_month"}],
    [{"times": 2, "per": "week"}, {"points": 200, "per": "lifetime"}],
)
"""Caps that can all bind where an award of more than 90 points in a window is possible."""
POINTS: tuple[Any, ...] = (
    50,
    50,
    50,
    20,
    30,
    0,
    -20,
    {"range": [10, 50]},
    {"range": [50, 50]},
    {"range": [0, 0]},
    {"range": [-10, 20]},
    {"up_to": 30},
    {"per": {"attribute": "units", "points": 25}},
    {"per": {"attribute": "hours", "points": 10}},
    {"by": {"attribute": "size", "values": {"small": 20, "large": 50, "none": 0}}},
    {"by": {"attribute": "first", "values": {"true": 40, "false": -5}}},
)

MORE_POINTS: tuple[Any, ...] = (10, -20, {"per": {"attribute": "units", "points": 25}}, {"same_as": "score"})
"""Of the entry in `credits`, below that in `score`."""
SPENT: tuple[Any, ...] = (0, 20, 20, {"by": {"attribute": "size", "values": {"small": 10, "large": 45}}})


def ruleset(dice: random.Random, *, sound: bool = False) -> tuple[Plain, tuple[Plain, ...]]:
    """program.yaml and one to four versions, some of them patches.

    Args:
        dice: Where they come from.
        sound: Whether most of them are to be without errors; else most have some.
    """
    program: Plain = {
        "id": "random",
        "title": "Random",
        "timezone": dice.choice(ZONES),
        "level_balance": "score",
        "balances": {"score": _balance(dice), "credits": _balance(dice)},
        "member_attributes": {"partner": {"type": "boolean"}},
    }
    starts = [FIRST, *sorted(dice.sample(STARTS, dice.randint(0, 3)))]
    versions: list[Plain] = []
    complete: Plain = {}
    for number, start in enumerate(starts, start=1):
        before = complete
        complete = (
            _varied(dice, deepcopy(before)) if before and (sound or dice.random() < 0.7) else _content(dice)
        )
        if sound:
            _mend(complete, dice)
        header = {"id": f"v{number}", "effective_from": start.isoformat(), "source": {"document": "none"}}
        is_patch = (
            bool(before)
            and dice.random() < 0.5
            and before["levels"].keys() == complete["levels"].keys()
            and _long(before) == _long(complete)
        )
        if is_patch and (changes := _patch(before, complete)):
            versions.append({**header, "based_on": f"v{number - 1}", **changes})
        else:
            versions.append({**header, **complete})
    return program, tuple(versions)


def _mend(version: Plain, dice: random.Random) -> None:
    """Without the faults that are met most; `free` has no limit, so that all levels can be reached."""
    if "free" not in version["activities"]:
        version["activities"]["free"] = {
            "points": {"range": [-30, 70]},
            "attributes": ATTRIBUTES,
            "groups": ["g", "h"],
        }
    for group in version["groups"].values():
        if group["caps"] not in SOUND_CAPS:
            group["caps"] = dice.choice(SOUND_CAPS)
    for activity in version["activities"].values():
        _mend_amounts(activity, dice)
        for holder, key in (
            (activity, "eligible_if"),
            *((entry, "if") for entry in activity.get("earns", {}).values()),
            *((bonus, "if") for bonus in activity.get("bonuses", ())),
        ):
            if holder.get(key) in NEVER:
                holder[key] = CONDITIONS[0]


def _mend_amounts(activity: Plain, dice: random.Random) -> None:
    if "earns" in activity:
        del activity.get("caps", [])[1:]
        return
    if activity.get("caps", SOUND_CAPS[0]) not in SOUND_CAPS:
        activity["caps"] = dice.choice(SOUND_CAPS)
    if activity.get("points") in (0, -20, {"range": [0, 0]}):
        activity["points"] = dice.choice((60, {"range": [-10, 90]}))
    if "balance" in activity:
        activity["groups"] = []


def _balance(dice: random.Random) -> Plain:
    balance: Plain = {"resets": dice.choice(("membership_year", "calendar_year", "never"))}
    if dice.random() < 0.3:
        balance["start"] = dice.choice((20, 100))
    if dice.random() < 0.3:
        balance["floor"] = dice.choice((0, -30))
    return balance


def _content(dice: random.Random) -> Plain:
    thresholds = sorted(dice.sample((40, 100, 150, 200, 300, 1000), 3))[: dice.randint(1, 3)]
    names = LEVELS[: len(thresholds)]
    return {
        "levels": {name: {"threshold": threshold} for name, threshold in zip(names, thresholds, strict=True)},
        "life_cycle": _life_cycle(dice),
        "groups": {name: {"caps": _caps(dice, 1)} for name in GROUPS},
        "activities": {name: _activity(dice) for name in ACTIVITIES if name == "a" or dice.random() < 0.7},
    }


def _life_cycle(dice: random.Random) -> Plain:
    return {"demotion": dice.choice(("to_earned", "one_level")), "leap_day": dice.choice(("feb_28", "mar_1"))}


def _caps(dice: random.Random, least: int) -> list[Plain]:
    """Caps of different kinds and windows; of few windows, so that those of one version meet another's."""
    often = ("lifetime", "membership_year", "calendar_year", "calendar_month")
    keys = {
        (dice.choice(("points", "times")), dice.choice(often if dice.random() < 0.7 else WINDOWS))
        for _ in range(dice.randint(least, 3))
    }
    limits = {"points": (20, 50, 100, 150, 200, 350), "times": (1, 2, 3, 5)}
    caps = [{kind: dice.choice(limits[kind]), "per": per} for kind, per in sorted(keys)]
    dice.shuffle(caps)
    return caps


def _long(version: Plain) -> Plain:
    """The activities in their long form: a patch merges none."""
    return {name: activity for name, activity in version["activities"].items() if "earns" in activity}


def _activity_of_entries(dice: random.Random) -> Plain:
    """One that gives credits beside the score, or costs some."""
    earns: Plain = {"score": {"points": dice.choice(POINTS[:5])}}
    activity: Plain = {"attributes": ATTRIBUTES, "earns": earns}
    if dice.random() < 0.4:
        activity["spends"] = {"credits": dice.choice(SPENT)}
    else:
        earns["credits"] = {"points": dice.choice(MORE_POINTS)}
        if dice.random() < 0.3:
            earns["credits"]["if"] = dice.choice(CONDITIONS)
    if dice.random() < 0.3:
        earns["score"]["caps"] = [{"points": 60, "per": dice.choice(WINDOWS)}]
    if dice.random() < 0.3:
        earns["score"]["bonuses"] = [{"percent": 50, "if": CONDITIONS[0]}]
    if dice.random() < 0.5:
        activity["caps"] = [
            {"times": dice.choice((1, 2, 3)), "per": dice.choice(WINDOWS)},
            {"points": 100, "per": dice.choice(WINDOWS), "balance": "score"},
        ]
    return activity


def _activity(dice: random.Random) -> Plain:
    if dice.random() < 0.25:
        return _activity_of_entries(dice)
    activity: Plain = {"points": dice.choice(POINTS), "attributes": ATTRIBUTES}
    if dice.random() < 0.2:
        activity["balance"] = "credits"
    if dice.random() < 0.6:
        activity["caps"] = _caps(dice, 1)
    if dice.random() < 0.4:
        activity["groups"] = dice.sample(GROUPS, dice.randint(1, 2))
    if dice.random() < 0.15:
        activity["eligible_if"] = dice.choice(CONDITIONS)
    if dice.random() < 0.2:
        activity["bonuses"] = [{"points": dice.choice((10, 25, -10)), "if": dice.choice(CONDITIONS)}]
    if dice.random() < 0.1:
        activity["split_among"] = "units"
    return activity


def _varied(dice: random.Random, content: Plain) -> Plain:  # noqa: C901 - one case per thing
    """The same with one to three things another way."""
    for _ in range(dice.randint(1, 3)):
        name = dice.choice(sorted(content["activities"]))
        activity = content["activities"][name]
        whole = ("activity", "group", "levels", "life_cycle")
        parts = () if "earns" in activity else ("caps", "groups", "points", "gone")
        what = dice.choice((*whole, *parts))
        match what:
            case "caps":
                activity["caps"] = _caps(dice, 1)
            case "activity":
                content["activities"][dice.choice(ACTIVITIES)] = _activity(dice)
            case "group":
                content["groups"][dice.choice(GROUPS)] = {"caps": _caps(dice, 1)}
            case "groups":
                activity["groups"] = dice.sample(GROUPS, dice.randint(1, 2))
            case "levels":
                for level in content["levels"].values():
                    level["threshold"] *= dice.choice((1, 2))
                highest = 0
                for level in content["levels"].values():
                    highest = level["threshold"] = max(level["threshold"], highest + 10)
            case "points":
                activity["points"] = dice.choice(POINTS)
            case "gone" if "caps" in activity:
                del activity["caps"]
            case "life_cycle":
                content["life_cycle"] = _life_cycle(dice)
            case _:
                pass
    return content


def _patch(before: Plain, after: Plain) -> Plain:
    """The merge patch between them; forms of points that differ are replaced, not merged."""
    patch: Plain = {key: None for key in before if key not in after}
    for key, value in after.items():
        old = before.get(key)
        if value == old:
            continue
        if isinstance(value, dict) and isinstance(old, dict):
            patch[key] = _patch(old, value)
        else:
            patch[key] = value
    return patch


def members(dice: random.Random) -> list[dict[str, str]]:
    return [
        {
            "member_id": f"m{number}",
            "signed_up_on": dice.choice(SIGN_UPS).isoformat(),
            "partner": dice.choice(("", "true", "false")),
        }
        for number in range(dice.randint(1, 3))
    ]


def events(dice: random.Random, number_of_members: int) -> list[dict[str, str]]:
    """Crowded in places, over all versions; some rows twice, some faulty."""
    rows: list[dict[str, str]] = []
    day = dice.choice((FIRST, date(2011, 6, 1), date(2011, 10, 25), date(2011, 12, 20)))
    for number in range(dice.randint(5, 40)):
        day += timedelta(days=dice.choice((0, 0, 0, 1, 1, 2, 7, 30)))
        row = {
            "event_id": f"{dice.choice('eEé')}{number}",
            "member_id": f"m{dice.randrange(number_of_members)}",
            "activity": dice.choice((*ACTIVITIES, "a", "unknown")),
            "occurred_at": f"{day}{dice.choice(TIMES)}",
            "points": dice.choice(("", "10", "30", "50", "-5", "20")),
            **{name: dice.choice(values) for name, values in VALUES.items()},
        }
        rows.append(row)
        if dice.random() < 0.05:
            rows.append(dict(row))
        if dice.random() < 0.03:
            rows.append({**row, "occurred_at": "2011-13-01", "event_id": f"bad{number}"})
    return rows


def write(folder: Path, program: Plain, versions: tuple[Plain, ...]) -> None:
    """The program as files; JSON is YAML."""
    (folder / "versions").mkdir(parents=True)
    (folder / "program.yaml").write_text(json.dumps(program, indent=1), encoding="utf-8")
    for version in versions:
        file = folder / "versions" / f"{version['id']}.yaml"
        file.write_text(json.dumps(version, indent=1), encoding="utf-8")


def node_of(name: str, content: Plain) -> Node:
    """The document that is written so."""
    node, _ = read_yaml(name, json.dumps(content, indent=1).encode())
    assert node is not None
    return node

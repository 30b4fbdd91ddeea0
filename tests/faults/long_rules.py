"""Random rulesets whose activities have several entries, spends and copies, and logs that reach for limits.

From one version to the next an activity goes from its short form to the long one, its caps from the activity
to an entry or a group, and a cap begins to name its balance: its usage belongs to where it is written.
"""

from __future__ import annotations

from copy import deepcopy
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from random_rules import ATTRIBUTES, FIRST, NEVER, SIGN_UPS, STARTS, WINDOWS

if TYPE_CHECKING:
    import random

    Plain = dict[str, Any]

ACTIVITIES, GROUPS, BALANCES = ("a", "b", "c"), ("g", "h"), ("score", "credits", "gems")
_OFTEN = ("lifetime", "lifetime", "calendar_year", "membership_year", "calendar_month")
CONDITIONS: tuple[Any, ...] = (
    {"attribute": "first", "is": True},
    {"attribute": "units", "at_least": 2},
    {"attribute": "level", "at_least": "bronze"},
    {"not": {"attribute": "level", "is": "none"}},
    {"attribute": "level", "in": ["none", "bronze"]},
    {"any": [{"attribute": "first", "is": False}, {"attribute": "units", "at_most": 1}]},
)
POINTS: tuple[Any, ...] = (
    *(50, 50, 20, 30, -20, 0),
    {"range": [10, 50]},
    {"range": [-10, 20]},
    {"per": {"attribute": "units", "points": 25}},
    {"per": {"attribute": "units", "points": 20, "every": 2}},
    {"by": {"attribute": "size", "values": {"small": 20, "large": 50}, "else": 5}},
    {"by": {"attribute": "size", "values": {"small": 20, "large": 0}}},
    {"by": {"attribute": "level", "values": {"none": 10, "bronze": 40}, "else": 25}},
    {"by": {"attribute": "first", "values": {"true": 40, "false": -5}}},
)
SPENT: tuple[Any, ...] = (
    *(10, 40, 100, 250),
    {"by": {"attribute": "size", "values": {"small": 120, "large": 300}}},
    {"per": {"attribute": "units", "points": 60}},
    {"range": [60, 200]},
)
BONUSES: tuple[Plain, ...] = (
    {"percent": 50, "if": CONDITIONS[0]},
    {"percent": -100, "if": CONDITIONS[1]},
    {"percent": {"by": {"attribute": "level", "values": {"none": 0, "bronze": 10}, "else": 25}}},
    {"percent": -30, "points": 4, "if": CONDITIONS[1]},
    {"points": -10, "if": CONDITIONS[0]},
    {"points": 25, "if": CONDITIONS[2]},
)


def long_ruleset(dice: random.Random) -> tuple[Plain, tuple[Plain, ...]]:
    """program.yaml and one to three versions, each complete."""
    program: Plain = {
        "id": "random",
        "title": "Random",
        "timezone": "UTC",
        "level_balance": "score",
        "balances": {name: _balance(dice) for name in BALANCES},
        "member_attributes": {"partner": {"type": "boolean"}},
    }
    versions: list[Plain] = []
    content: Plain = {}
    is_moving = dice.random() < 0.3
    for number, start in enumerate(
        [FIRST, *sorted(dice.sample(STARTS, dice.choice((0, 0, 1, 1, 2))))], start=1
    ):
        if is_moving:
            content = _moving(dice)
        else:
            content = _varied(dice, deepcopy(content)) if content and dice.random() < 0.8 else _content(dice)
        header = {"id": f"v{number}", "effective_from": start.isoformat(), "source": {"document": "none"}}
        versions.append({**header, **_named(content)})
    return program, tuple(versions)


def _balance(dice: random.Random) -> Plain:
    balance: Plain = {"resets": dice.choice(("membership_year", "calendar_year", "never", "never"))}
    if dice.random() < 0.3:
        balance["start"] = dice.choice((20, 100))
    if dice.random() < 0.4:
        balance["floor"] = dice.choice((0, -30, -100))
    if dice.random() < 0.3:
        balance |= {"decimals": dice.choice((1, 2)), "round": dice.choice(("half_up", "down"))}
    return balance


def _content(dice: random.Random) -> Plain:
    return {
        "levels": _levels(dice),
        "life_cycle": {"demotion": dice.choice(("to_earned", "one_level")), "leap_day": "feb_28"},
        "groups": {name: {"caps": _caps(dice, 1)} for name in GROUPS},
        "activities": {name: _activity(dice) for name in ACTIVITIES[: dice.choice((1, 1, 2, 3))]},
    }


def _moving(dice: random.Random) -> Plain:
    """One activity with one limit, written in any place, and a level and a price near to what that leaves."""
    content = _content(dice)
    cap: Plain = {"points": 100, "per": dice.choice(("lifetime", "calendar_year"))}
    named = {**cap, "balance": "score"}
    rule: Plain
    match dice.randint(0, 4):
        case 0:
            rule = {"points": 50, "balance": "score", "caps": [dice.choice((cap, named))]}
        case 1:
            rule = {"earns": {"score": {"points": 50, "caps": [cap]}}}
        case 2:
            copy = {"points": {"same_as": "score"}}
            rule = {"earns": {"score": {"points": 50}, "gems": copy}, "caps": [named]}
        case 3:
            rule = {"earns": {"score": {"points": 50}}, "caps": [cap]}
        case _:
            rule = {"points": 50, "balance": "score", "groups": ["g"]}
            content["groups"]["g"] = {"caps": [dice.choice((cap, named))]}
    bought = {"spends": {"score": dice.choice((90, 130, 180))}, "earns": {"credits": {"points": 1}}}
    levels = {"bronze": {"threshold": dice.choice((90, 130, 180, 230))}, "silver": {"threshold": 280}}
    return {**content, "activities": {"a": rule, "b": bought}, "levels": levels}


def _levels(dice: random.Random) -> Plain:
    low, middle, high = sorted(dice.sample((30, 60, 100, 150, 200, 300, 400, 600, 1000, 2000), 3))
    levels: Plain = {
        "bronze": {"threshold": low},
        "silver": {"threshold": middle},
        "gold": {"threshold": high},
    }
    other = {dice.choice(("credits", "gems")): dice.choice((40, 150, 400, 1000))}
    match dice.randint(0, 4):
        case 0:
            levels["gold"] = {"requires": {"score": high, **other}}
        case 1:
            levels["gold"] = {"requires": [{"score": high}, {"score": middle, **other}]}
        case 2:
            levels["gold"] = {"threshold": high, "keep": other}
    return levels


def _caps(dice: random.Random, least: int) -> list[Plain]:
    limits = {"points": (20, 50, 60, 100, 150, 200), "times": (1, 2, 3, 5)}
    found = {}
    for _ in range(dice.randint(least, 2)):
        kind = dice.choice(("points", "points", "times"))
        per = dice.choice(_OFTEN if dice.random() < 0.7 else WINDOWS)
        named = dice.choice((None, *BALANCES)) if kind == "points" else None
        cap = {kind: dice.choice(limits[kind]), "per": per}
        found[kind, per, named] = {**cap, "balance": named} if named else cap
    return list(found.values())


def _activity(dice: random.Random) -> Plain:
    activity: Plain = {}
    order = dice.sample(BALANCES, dice.choice((1, 1, 2, 2, 3)))
    spent = [name for name in order if dice.random() < 0.25]
    earned = [name for name in order if name not in spent]
    if spent:
        activity["spends"] = {name: dice.choice(SPENT) for name in spent}
    entries: Plain = {}
    for name in earned:
        entries[name] = _entry(dice, [*spent, *entries])
    if len(earned) == 1 and dice.random() < 0.6:
        entry = entries[earned[0]]
        activity |= {
            key: value for key, value in entry.items() if key in {"points", "bonuses", "split_among"}
        }
        activity["balance"] = earned[0]
    elif earned:
        activity["earns"] = entries
    if dice.random() < 0.5:
        activity["caps"] = _caps(dice, 1)
    if dice.random() < 0.5:
        activity["groups"] = dice.sample(GROUPS, dice.randint(1, 2))
    if dice.random() < 0.1:
        activity["eligible_if"] = dice.choice((*CONDITIONS, *NEVER))
    return activity


def _entry(dice: random.Random, above: list[str]) -> Plain:
    entry: Plain = {"points": dice.choice(POINTS)}
    if above and dice.random() < 0.4:
        copy = {"same_as": dice.choice(above)}
        table = {"by": {"attribute": "size", "values": {"small": 20}, "else": copy}}
        entry["points"] = dice.choice((copy, copy, table))
    if dice.random() < 0.3:
        entry["bonuses"] = dice.sample(BONUSES, dice.randint(1, 2))
    if dice.random() < 0.2:
        entry["if"] = dice.choice((*CONDITIONS, *NEVER))
    if dice.random() < 0.4:
        entry["caps"] = _caps(dice, 1)
    if dice.random() < 0.1:
        entry["split_among"] = "units"
    return entry


def _varied(dice: random.Random, content: Plain) -> Plain:
    """The same with one to three things another way."""
    for _ in range(dice.randint(1, 3)):
        name = dice.choice(list(content["activities"]))
        activity = content["activities"][name]
        match dice.choice((0, 1, 2, 3, 3, 3, 4, 4, 4, 5, 6, 7)):
            case 0:
                content["activities"][name] = _activity(dice)
            case 1:
                content["groups"][dice.choice(GROUPS)] = {"caps": _caps(dice, 1)}
            case 2:
                content["levels"] = _levels(dice)
            case 3 if "points" in activity:
                entry = {key: activity.pop(key) for key in ("points", "bonuses", "caps") if key in activity}
                activity["earns"] = {activity.pop("balance"): entry}
                activity.pop("split_among", None)
            case 4:
                owner = dice.choice([activity, *activity.get("earns", {}).values()])
                moved = owner.pop("caps", None)
                if moved is not None:
                    dice.choice([activity, *content["groups"].values()])["caps"] = moved
            case 5:
                activity["caps"] = _caps(dice, 1)
            case 6 if "earns" in activity:
                entry = dice.choice(list(activity["earns"].values()))
                entry["points"] = dice.choice(POINTS)
            case _:
                activity.pop("caps", None)
    return content


def _named(content: Plain) -> Plain:
    """The content, with caps that name a balance where they have to, and one range an activity at most."""
    content = deepcopy(content)
    fed_by: dict[str, list[str]] = {name: [] for name in content["groups"]}
    for activity in content["activities"].values():
        activity["attributes"] = ATTRIBUTES
        entries = activity.get("earns", {})
        fed = list(entries) or ([activity["balance"]] if "points" in activity else [])
        for name in activity.get("groups", ()):
            fed_by[name] += fed
        is_assessed = any("range" in str(one) for one in activity.get("spends", {}).values())
        for entry in [*entries.values(), activity]:
            if "range" in str(entry.get("points")):
                entry["points"] = 40 if is_assessed else entry["points"]
                is_assessed = True
        for entry in entries.values():
            entry["caps"] = _valid(entry.get("caps", []), [])
            if not entry["caps"]:
                del entry["caps"]
        if "caps" in activity:
            activity["caps"] = _valid(activity["caps"], fed)
            if not activity["caps"] or not fed:
                del activity["caps"]
    for name, group in content["groups"].items():
        group["caps"] = _valid(group["caps"], list(dict.fromkeys(fed_by[name]))) or [
            {"times": 2, "per": "day"}
        ]
    return content


def _valid(caps: list[Plain], fed: list[str]) -> list[Plain]:
    found = {}
    for cap in caps:
        named = cap.get("balance")
        if named not in fed:
            named = None
        if named is None and "points" in cap and len(fed) > 1:
            named = fed[0]
        kind = "points" if "points" in cap else "times"
        plain = {kind: cap[kind], "per": cap["per"]}
        found[kind, cap["per"]] = {**plain, "balance": named} if named else plain
    return list(found.values())


def long_events(dice: random.Random, number_of_members: int) -> list[dict[str, str]]:
    """Many of few kinds, most with the most that rules could count; over all versions."""
    rows: list[dict[str, str]] = []
    day = dice.choice((FIRST, date(2011, 6, 1), date(2011, 10, 25), date(2011, 12, 20)))
    kinds = dice.choice((ACTIVITIES, "a", "a", "b", "c"))
    last = dice.choice((0, 8, 20, 30))  # once much is there to spend
    greedy = dice.choice((0.5, 0.9, 1))
    for number in range(dice.randint(5, 40)):
        day += timedelta(days=dice.choice((0, 0, 0, 1, 1, 7, 7, 30)))
        most = {"points": "50", "units": "9", "hours": "2.25", "size": "large", "first": "true"}
        other = {
            "points": dice.choice(("", "10", "20", "-5", "60", "120")),
            "units": dice.choice(("0", "1", "2", "")),
            "size": dice.choice(("small", "none", "", "large")),
            "first": dice.choice(("true", "false", "")),
        }
        rows.append(
            {
                "event_id": f"e{number}",
                "member_id": f"m{dice.randrange(number_of_members)}",
                "activity": dice.choice(kinds) if number != last else "b",
                "occurred_at": f"{day}",
                "made_on": "",
                **{
                    name: best if name not in other or dice.random() < greedy else other[name]
                    for name, best in most.items()
                },
            }
        )
    return rows


def long_members(dice: random.Random) -> list[dict[str, str]]:
    return [
        {"member_id": f"m{number}", "signed_up_on": dice.choice(SIGN_UPS[:2]).isoformat(), "partner": ""}
        for number in range(dice.choice((1, 1, 2)))
    ]

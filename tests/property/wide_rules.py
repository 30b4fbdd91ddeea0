"""What makes random rules wide: entries, spends, copies, percentages, levels by several requirements.

Like `strategies`, which puts these parts into programs, it picks from short lists in which things meet.
What the parts come to together can have errors: a program that has some is picked anew.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    Pick = Callable[[Sequence[Any]], Any]
    Plain = dict[str, Any]

_RARELY = (False, False, False, True)
LEVEL_CONDITIONS: tuple[Any, ...] = (
    {"attribute": "level", "at_least": "silver"},
    {"attribute": "level", "in": ["none", "bronze"]},
    {"not": {"attribute": "level", "is": "none"}},
)
CONDITIONS: tuple[Any, ...] = (
    *LEVEL_CONDITIONS,
    "named",
    {"attribute": "first", "is": True},
    {"any": ["named", {"attribute": "units", "at_least": 3}]},
)
POINTS: tuple[Any, ...] = (
    60,
    25,
    -20,
    {"range": [10, 75]},
    {"per": {"attribute": "units"}},
    {"per": {"attribute": "units", "points": 20, "every": 2}},
    {
        "per": {
            "attribute": "hours",
            "points": {"by": {"attribute": "size", "values": {"small": 2, "large": 30}}},
        }
    },
    {"per": {"attribute": "hours", "range": [1, 30]}},
    {"by": {"attribute": "size", "values": {"small": 5, "large": 90}, "else": 12}},
    {"by": {"attribute": "size", "values": {"small": 5, "large": 90}, "else": {"range": [0, 60]}}},
    {
        "by": {
            "attributes": ["size", "first"],
            "values": {"small": {"true": 7}, "large": {"true": 50, "false": 9}},
        }
    },
    {"by": {"attribute": "level", "values": {"none": 10, "silver": 30}}},
)
SPENT: tuple[Any, ...] = (
    30,
    0,
    {"by": {"attribute": "size", "values": {"small": 10, "large": 45}, "else": 1}},
    {"per": {"attribute": "units", "points": 15}},
)
BONUSES: tuple[Any, ...] = (
    {"percent": 50, "if": {"attribute": "first", "is": True}},
    {"percent": {"by": {"attribute": "level", "values": {"none": 0, "silver": 10, "gold": 25}}}},
    {"percent": -30, "points": 4, "if": {"attribute": "units", "at_least": 2}},
)
CAPS: tuple[Any, ...] = (
    ({"times": 1, "per": "day"},),
    ({"times": 2, "per": "calendar_month"},),
    ({"points": 100, "per": "week", "balance": "score"},),
    ({"points": 60, "per": "calendar_month", "balance": "gems"}, {"times": 2, "per": "week"}),
)


def balances(found: Plain, pick: Pick) -> Plain:
    """The balances of a program, and one more; some have places."""
    found["credits"] |= {"decimals": pick((0, 1)), "round": pick(("half_up", "down"))}
    gems = {"resets": "never", "decimals": pick((0, 2)), "start": pick((0, 20))}
    return {**found, "gems": gems}


def levels(found: Plain, pick: Pick) -> Plain:
    """The levels of a version, of which some are had by all, kept by less, or require another balance."""
    first, last = next(iter(found)), next(reversed(found))
    if pick(_RARELY):
        found[first] = {"base": True}
    elif pick(_RARELY):
        found[first]["keep"] = found[first]["threshold"] // 2
    if last != first and pick((False, True)):
        found[last] = {"requires": {"score": found[last]["threshold"], "credits": 40}}
    return found


def activity(pick: Pick) -> Plain:  # noqa: C901 - one choice after the other
    """One in its long form."""
    found: Plain = {}
    spent = pick(((), (), ("credits",), ("credits", "gems"), ("score",)))
    if spent:
        found["spends"] = {balance: pick(SPENT) for balance in spent}
    order = pick((("score",), ("credits", "score"), ("score", "gems"), ("gems", "score", "credits")))
    earns: Plain = {}
    for balance in order:
        above = [*spent, *earns]
        if balance in spent:
            continue
        points = pick(POINTS)
        if any("range" in str(one) for one in earns.values()) and "range" in str(points):
            points = 40
        entry: Plain = {"points": {"same_as": pick(above)} if above and pick((False, True)) else points}
        if pick(_RARELY):
            entry["bonuses"] = [pick(BONUSES)]
        if pick(_RARELY):
            entry["if"] = pick(CONDITIONS)
        if pick(_RARELY):
            entry["caps"] = [{"points": 90, "per": pick(("day", "week", "lifetime"))}]
        earns[balance] = entry
    if earns:
        found["earns"] = earns
        caps = pick(CAPS)
        named = {cap["balance"] for cap in caps if "balance" in cap}
        if not pick(_RARELY) and named <= set(earns):
            found["caps"] = list(caps)
    if pick(_RARELY):
        found["eligible_if"] = pick(CONDITIONS)
    return found


def content(found: Plain, pick: Pick, attributes: Plain) -> Plain:
    """The rest of a version: what is declared, and gifts, of which members spend."""
    gift = found["activities"]["gift"]
    gift = {
        "attributes": attributes,
        "earns": {"score": {"points": gift["points"]}, "credits": {"points": 25}, "gems": {"points": 3}},
    }
    found["activities"] = {**found["activities"], "gift": gift}
    found["attributes"] = attributes
    found["conditions"] = {
        "named": pick(({"attribute": "first", "is": False}, {"attribute": "member.partner", "is": True}))
    }
    if pick(_RARELY):
        found["eligible_if"] = {"attribute": "occurred_on", "at_least": "2019-03-01"}
    if pick(_RARELY):
        (benefit,) = found["benefits"]
        found["benefits"] = {benefit: {**found["benefits"][benefit], "if": pick(LEVEL_CONDITIONS)}}
    return found

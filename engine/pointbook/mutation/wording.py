"""What the value at a place is, in plain words."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pointbook.model.rules import Path

_ANY = "*"
_WHOLE = (
    (("timezone",), "the time zone"),
    (("level_balance",), "the balance that decides levels"),
    (("balances", _ANY, "resets"), "when balance `{}` goes back to its start"),
    (("balances", _ANY, "start"), "the start of balance `{}`"),
    (("balances", _ANY, "floor"), "the floor of balance `{}`"),
    (("balances", _ANY, "decimals"), "the decimals of balance `{}`"),
    (("balances", _ANY, "round"), "how balance `{}` rounds"),
    (("member_attributes", _ANY, "default"), "the default of the member attribute `{}`"),
    (("attributes", _ANY, "default"), "the default of the attribute `{}`"),
    (("levels", _ANY, "threshold"), "the threshold of level `{}`"),
    (("levels", _ANY), "level `{}`"),
    (("activities", _ANY), "activity `{}`"),
    (("levels", _ANY, "keep"), "what keeps level `{}`"),
    (("levels", _ANY, "keep", _ANY), "what keeps level `{}`, in {}"),
    (("levels", _ANY, "requires", _ANY), "what level `{}` requires, in {}"),
    (("levels", _ANY, "keep", _ANY, _ANY), "what keeps level `{}`, way {}, in {}"),
    (("levels", _ANY, "requires", _ANY, _ANY), "what level `{}` requires, way {}, in {}"),
    (("benefits", _ANY), "benefit `{}`"),
    (("groups", _ANY), "group `{}`"),
    (("conditions", _ANY), "the condition `{}`"),
    (("activities", _ANY, "earns", _ANY), "what `{}` gives in `{}`"),
    (("activities", _ANY, "spends", _ANY), "what `{}` takes from `{}`"),
    (("life_cycle",), "the life cycle"),
    (("benefits", _ANY, "from_level"), "the lowest level that has benefit `{}`"),
    (("life_cycle", "demotion"), "what becomes of a level that the closing year did not earn"),
    (("life_cycle", "leap_day"), "where 29 February falls in a common year"),
)
_OF_RULE = (
    (("caps", _ANY, "points"), "the limit in points of cap {}"),
    (("caps", _ANY, "times"), "the limit in times of cap {}"),
    (("caps", _ANY, "per"), "the window of cap {}"),
    (("caps", _ANY, "balance"), "the balance of cap {}"),
    (("points",), "the points"),
    (("points", "range", 0), "the lowest points"),
    (("points", "range", 1), "the highest points"),
    (("points", "up_to"), "the highest points"),
    (("points", "per", "points"), "the points per unit"),
    (("points", "same_as"), "what the points are the same as"),
    (("points", "by", "values", _ANY), "the points for `{}`"),
    (("balance",), "the balance"),
    (("split_among",), "the number of people who share the points"),
    (("groups", _ANY), "group {}"),
    (("bonuses", _ANY, "points"), "the points of bonus {}"),
    (("bonuses", _ANY, "percent"), "the percentage of bonus {}"),
    (("points", "per", "every"), "how many units the points are for"),
    (("attributes", _ANY, "default"), "the default of the attribute `{}`"),
)
"""What a value is by its path, in which `*` stands for any step; these fill the braces, places from 1."""


def subject_of(path: Path, version: str | None) -> str:
    """What the value at a path of a file is: "the threshold of level `gold`".

    Args:
        path: In the file's document.
        version: Id of the version whose file it is; None for program.yaml.
    """
    if path == ("effective_from",):
        return f"the first day of version `{version}`"
    for pattern, words in _WHOLE:
        if (found := _filled(pattern, words, path)) is not None:
            return found
    if path[0] == "eligible_if":
        return f"{_of_rule(path)} of every activity"
    return _within_rule(*path)


def _within_rule(section: str | int, name: str | int, *rest: str | int) -> str:
    """What a value is in one of a section's rules."""
    if section == "conditions":
        return f"{_asked(rest)} `{name}`"
    if section == "benefits":
        return f"{_asked(rest[1:])} of benefit `{name}`"
    owner = f"group `{name}`" if section == "groups" else f"`{name}`"
    if rest and rest[0] in ("earns", "spends"):
        return _of_entry(owner, *rest)
    return f"{_of_rule(rest)} of {owner}"


def _asked(steps: Iterable[str | int]) -> str:
    """What a part of a condition is that stands under another key than `eligible_if`."""
    return _of_rule(("eligible_if", *steps)).removesuffix(" of eligibility")


def _of_entry(owner: str, kind: str | int, balance: str | int, *rest: str | int) -> str:
    """What a value is in an entry of an activity."""
    if kind == "spends":
        return f"{_of_rule(('points', *rest))} that {owner} takes from `{balance}`"
    if rest[0] == "if":
        return f"{_asked(rest[1:])} of the entry of {owner} in `{balance}`"
    return f"{_of_rule(rest)} of {owner} in `{balance}`"


def _of_rule(path: Path) -> str:
    for pattern, words in _OF_RULE:
        if (found := _filled(pattern, words, path)) is not None:
            return found
    if path[0] == "points" or path[2:3] == ("percent",):
        inner = path[1:] if path[0] == "points" else path[3:]
        where = "the points" if path[0] == "points" else f"the percentage of bonus {int(path[1]) + 1}"
        return f"`{' '.join(str(step + 1 if isinstance(step, int) else step) for step in inner)}` in {where}"
    bonus = f" of bonus {int(path[1]) + 1}" if path[0] == "bonuses" else ""
    inside = path[3 if bonus else 1 :]
    keys = [step for step in inside if isinstance(step, str) and step not in ("all", "any", "not")]
    parts = [str(step + 1) for step in inside if isinstance(step, int)]
    if "in" in keys:
        parts.pop()
    whole = f"part {'.'.join(parts)} of the condition" if parts else "the condition"
    named = f"`{' '.join(keys)}` in {whole}" if keys else whole
    return f"{named}{bonus or ' of eligibility'}"


def _filled(pattern: Path, words: str, path: Path) -> str | None:
    """The words, if a path is of the pattern."""
    if len(pattern) != len(path):
        return None
    pairs = list(zip(pattern, path, strict=True))
    if any(one not in (_ANY, two) for one, two in pairs):
        return None
    steps = [two for one, two in pairs if one == _ANY]
    return words.format(*(step + 1 if isinstance(step, int) else step for step in steps))

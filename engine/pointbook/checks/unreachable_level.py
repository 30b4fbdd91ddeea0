"""A level that no member can reach.

**What.** Where every activity that counts for levels is limited by caps, all of them together must
be able to bring a member to each level within one level period. Where members can reach it with points
that an earlier version gave them, or have it from then, or can once a later version takes effect, it is a
warning that says so.

**Why.** A threshold with a zero too many, or a new cap, shuts a level without a word.

**Fix.** None: only you know which of the amounts is wrong.

Failing:

    levels:
      gold: {threshold: 5000}
    activities:
      feedback:
        points: 50
        caps: [{points: 100, per: calendar_month}]

Fixed:

    levels:
      gold: {threshold: 500}
    activities:
      feedback:
        points: 50
        caps: [{points: 100, per: calendar_month}]
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from pointbook.checks.reasoning.places import in_version
from pointbook.diagnostics import Finding, Related, Severity
from pointbook.model.activities import MetCap
from pointbook.model.windows import CapKind, Resets
from pointbook.model.wording import quantity
from pointbook.reasoning.awards import awards_of, together
from pointbook.reasoning.caps import capped_of
from pointbook.reasoning.over_versions import most_of, passage, sharing_after, sharing_before

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from pointbook.checks.reasoning.subject import CheckSubject, Findings
    from pointbook.model.activities import Activity
    from pointbook.model.amounts import Amount
    from pointbook.model.levels import Level
    from pointbook.model.program import Balance, Program, Version
    from pointbook.model.rules import Path
    from pointbook.model.windows import Per
    from pointbook.reasoning.over_versions import Passage

    _Feeding = dict[str, list[tuple[Version, Activity]]]

CODE = "unreachable-level"
_SHOWN = 3


@dataclass(frozen=True, slots=True)
class _Part:
    """An activity, or a group whose caps allow less than those of its activities, and what it can bring.

    Attributes:
        name: In words.
        path: Where it is written, from the top of the version.
        most: Points in one level period.
    """

    name: str
    path: Path
    most: Amount


def unreachable_level(subject: CheckSubject) -> Findings:
    """A finding for each level above what one level period can bring.

    Says nothing of a version that rules are left out of, or that shares a period with such a one.
    """
    program, seen = subject.program, set()
    balance = program.balances.get(program.level_balance)
    if balance is None:
        return
    for index, version in enumerate(program.versions):
        parts = _parts(program, [version], balance)
        for level in version.levels.values():
            place = version.span("levels", level.id, "threshold")
            if place not in seen and not _is_reached(level, parts, balance):
                seen.add(place)
                yield from _finding(program, index, level, balance, parts or ())


def _finding(
    program: Program, index: int, level: Level, balance: Balance, parts: Sequence[_Part]
) -> Findings:
    version, per = program.versions[index], balance.resets.per
    before = _judged_before(program.versions, index, per)
    if any(one.incomplete for one in before):
        return
    place = version.span("levels", level.id, "threshold")
    later = _reached_later(program, index, level, balance)
    claim, severity = f"no member can reach level `{level.id}`{in_version(version, place)}", Severity.WARNING
    if _is_reached(level, _parts(program, [*before, version], balance), balance):
        claim = f"only members with points from before version `{version.id}` can reach level `{level.id}`"
    elif _is_held_from_before(program, index, level, balance):
        claim = f"only members whose level is from before version `{version.id}` can have level `{level.id}`"
    elif later is not None:
        claim = f"{claim} until version `{later.id}`"
    else:
        severity = Severity.ERROR
    most = _most(parts, balance)
    start = f", with the {balance.start:,} it begins with" if balance.start else ""
    biggest = sorted(parts, key=lambda part: (-part.most, part.name))[:_SHOWN]
    hint = _hint(balance, biggest, most)
    yield Finding(
        place,
        CODE,
        f"{claim}: it asks for {quantity(level.threshold, 'point')}, and all activities together give"
        f" at most {most:,} {per.window.words}{start}",
        hint if severity is Severity.ERROR else f"if that is not meant, {hint}",
        severity,
        related=tuple(
            Related(version.span(*part.path, "caps"), f"{part.name} gives at most {part.most:,}")
            for part in biggest
        ),
    )


def _hint(balance: Balance, biggest: Sequence[_Part], most: Amount) -> str:
    if not biggest:
        return f"no activity gives points of the balance `{balance.id}`; add one that does"
    shown = ", ".join(f"{part.name} ({part.most:,})" for part in biggest)
    return f"lower the threshold to at most {most:,}, or raise the caps; the most comes from {shown}"


def _reached_later(program: Program, index: int, level: Level, balance: Balance) -> Version | None:
    """The first later version under which the level can be reached, in a period that this one has part in."""
    versions, per = program.versions, balance.resets.per
    afters = sharing_after(versions, index, per)
    lowest = min((one.levels[level.id].threshold for one in afters if level.id in one.levels), default=None)
    everything = [*_judged_before(versions, index, per), versions[index], *afters]
    if lowest is None or not _is_reached(
        replace(level, threshold=lowest), _parts(program, everything, balance), balance
    ):
        return None  # by none of them: spares asking one by one
    for after, version in enumerate(afters, start=index + 1):
        known = version.levels.get(level.id)
        together = [*_judged_before(versions, after, per), version]
        if known is not None and _is_reached(known, _parts(program, together, balance), balance):
            return version
    return None


def _judged_before(versions: Sequence[Version], index: int, per: Per) -> Sequence[Version]:
    """The versions before the one at `index` whose points its thresholds are held against; by time.

    Those of its own periods; where it takes effect on the day on which a period closes, those of that period.
    """
    shared = sharing_before(versions, index, per)
    if shared or not index:
        return shared
    return [*sharing_before(versions, index - 1, per), versions[index - 1]]


def _is_held_from_before(program: Program, index: int, level: Level, balance: Balance) -> bool:
    """Whether a level that was held under an earlier version can go on as this one.

    By its id where nothing is ever demoted, since the balance never resets; and where the version does not
    have the level any more, which then counts as its highest that the old threshold meets.
    """
    version, never = program.versions[index], balance.resets is Resets.NEVER
    for before, earlier in enumerate(program.versions[:index]):
        together = [*_judged_before(program.versions, before, balance.resets.per), earlier]
        for held in earlier.levels.values():
            goes_on = held.id not in version.levels and held.threshold >= level.threshold
            if (goes_on or (never and held.id == level.id)) and _is_reached(
                held, _parts(program, together, balance), balance
            ):
                return True
    return False


def _is_reached(level: Level, parts: Sequence[_Part] | None, balance: Balance) -> bool:
    return parts is None or level.threshold <= _most(parts, balance)


def _most(parts: Sequence[_Part], balance: Balance) -> Amount:
    return balance.start + sum(part.most for part in parts)


def most_in_a_period(program: Program, balance: Balance) -> Amount | None:
    """The most that a member can have of a balance in one of its periods, under whichever versions.

    None where that has no known bound.
    """
    parts = _parts(program, program.versions, balance)
    return None if parts is None else _most(parts, balance)


def _parts(program: Program, versions: Sequence[Version], balance: Balance) -> list[_Part] | None:
    """What brings points of the balance while one period lasts; None where something has no known bound.

    An activity of several groups counts in the first that limits it, so the sum may be higher than
    what can really be had, but never lower.

    Args:
        program: Which they are of.
        versions: That are in force one after the other in the period.
        balance: The one that decides levels.
    """
    if any(version.incomplete for version in versions) or not all(
        balance in program.balances
        for version in versions
        for activity in version.activities.values()
        for balance in activity.balances
    ):
        return None
    feeding = _feeding(versions, balance)
    window = balance.resets.per
    left = {
        name: most_of([_passage_of(rule, balance) for _, rule in rules], CapKind.POINTS, window)
        for name, rules in feeding.items()
    }
    always_in, parts = _always_in(feeding), []
    for group, most in _bounded_groups(versions, balance):
        own = {name: left[name] for name in always_in.get(group, ()) if name in left}
        bounded = [points for points in own.values() if points is not None]
        if own and (len(bounded) < len(own) or most < sum(bounded)):
            parts.append(_Part(f"group `{group}`", ("groups", group), most))
            for name in own:
                del left[name]
    for name, points in left.items():
        if points is None:
            return None
        parts.append(_Part(f"activity `{name}`", ("activities", name), points))
    return [part for part in parts if part.most]


def _passage_of(activity: Activity, balance: Balance) -> Passage:
    """What an event of the activity brings of the balance, behind its own caps."""
    entries = [entry for entry in activity.entries if entry.balance == balance.id]
    above = tuple(MetCap("activity", activity.id, place, cap) for place, cap in enumerate(activity.caps))
    met = [one for entry in entries for one in activity.limiting(entry, above)]
    own, caps = ([one.cap for one in met if (one.scope == "entry") is is_own] for is_own in (True, False))
    return passage(together([awards_of(entry, activity) for entry in entries]), caps, own)


def _feeding(versions: Sequence[Version], balance: Balance) -> _Feeding:
    """The activities that give points of the balance, by id, as each of the versions has them."""
    feeding: _Feeding = {}
    for version in versions:
        for activity in version.activities.values():
            if balance.id in activity.balances:
                feeding.setdefault(activity.id, []).append((version, activity))
    return feeding


def _always_in(feeding: _Feeding) -> Mapping[str, Sequence[str]]:
    """The activities of each group that are in it under every version that has them."""
    found: dict[str, list[str]] = {}
    for name, rules in feeding.items():
        for group in set.intersection(*({*rule.groups} & version.groups.keys() for version, rule in rules)):
            found.setdefault(group, []).append(name)
    return found


def _bounded_groups(versions: Sequence[Version], balance: Balance) -> Iterator[tuple[str, Amount]]:
    """Each group that has a bound, with the most points it lets through in one period."""
    groups: dict[str, list[Passage]] = {}
    for version in versions:
        for owner in capped_of(version):
            if owner.is_group and owner.balance in (None, balance.id):
                groups.setdefault(str(owner.path[1]), []).append(passage(owner.incoming, owner.caps))
    for name, passages in groups.items():
        most = most_of(passages, CapKind.POINTS, balance.resets.per)
        if most is not None:
            yield name, most

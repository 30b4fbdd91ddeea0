"""Balances that are the same under another id.

    old = named_like(old, new)            # what differs now differs in more than names

A balance is the same where all that it does is: resets, start and floor are equal, the same activities feed
it in every version that both programs have, and it decides levels in both or in neither. Where two could be
meant, none is.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING

from pointbook.model.points.forms import SameAs
from pointbook.model.points.lookup import Table
from pointbook.model.sections import Section

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pointbook.model.activities import EntryRule
    from pointbook.model.levels import Minimums
    from pointbook.model.points.forms import Points
    from pointbook.model.program import Program, Version
    from pointbook.model.rules import Cap, Path


def balance_names(old: Program, new: Program) -> Mapping[str, str]:
    """New ids of renamed balances, by their old ones."""
    gone, came = old.balances.keys() - new.balances.keys(), new.balances.keys() - old.balances.keys()
    fits = [(one, other) for one in sorted(gone) for other in sorted(came) if _is_same(old, one, new, other)]
    counts = Counter(name for pair in fits for name in pair)
    return {one: other for one, other in fits if counts[one] == counts[other] == 1}


def _is_same(old: Program, one: str, new: Program, other: str) -> bool:
    before, after = old.balances[one], new.balances[other]
    uses = _uses(old, one, new), _uses(new, other, old)
    if uses[0] != uses[1] or replace(before, id=other, title=after.title, note=None, source=None) != replace(
        after, note=None, source=None
    ):
        return False
    # Nothing but its name tells one that is used nowhere from another one.
    return bool(uses[0]) or before.title == after.title


def _uses(program: Program, balance: str, other: Program) -> frozenset[tuple[str, ...]]:
    """What it is for: the activities that feed it, of versions that both programs have, and levels."""
    known = {version.id for version in other.versions}
    feeding = {
        (version.id, key)
        for version in program.versions
        if version.id in known
        for key, rule in version.activities.items()
        if balance in rule.balances
    }
    asking = {
        (version.id, "levels", key)
        for version in program.versions
        if version.id in known
        for key, level in version.levels.items()
        if balance in level.further_balances
    }
    return frozenset((*feeding, *asking, *([("levels",)] if program.level_balance == balance else ())))


def named_like(old: Program, new: Program) -> Program:
    """The old program, its renamed balances called as in the new one."""
    return with_balances_named(old, balance_names(old, new))


def with_balances_named(program: Program, names: Mapping[str, str]) -> Program:
    """The program with other ids of balances, wherever they stand."""
    if not names:
        return program

    def moved(path: Path) -> Path:
        if path[:1] != (Section.BALANCES.value,) or len(path) == 1:
            return path
        return (path[0], names.get(str(path[1]), path[1]), *path[2:])

    balances = {names.get(key, key): balance for key, balance in program.balances.items()}
    return replace(
        program,
        balances=MappingProxyType({key: replace(balance, id=key) for key, balance in balances.items()}),
        level_balance=names.get(program.level_balance, program.level_balance),
        versions=tuple(version_with_balances_named(version, names) for version in program.versions),
        positions=MappingProxyType({moved(path): span for path, span in program.positions.items()}),
    )


def version_with_balances_named(version: Version, names: Mapping[str, str]) -> Version:
    """The version with other ids of balances."""
    if not names:
        return version

    def moved(path: Path) -> Path:
        is_entry = path[:1] == (Section.ACTIVITIES.value,) and path[2:3] in {("earns",), ("spends",)}
        return (*path[:3], names.get(str(path[3]), path[3]), *path[4:]) if is_entry and path[3:] else path

    activities = {
        key: replace(rule, caps=_limiting(rule.caps, names)).with_entries(lambda one: _entry(one, names))
        for key, rule in version.activities.items()
    }
    groups = {key: replace(one, caps=_limiting(one.caps, names)) for key, one in version.groups.items()}
    levels = {
        key: replace(level, requires=_called(level.requires, names), keep=_called(level.keep, names))
        for key, level in version.levels.items()
    }
    return replace(
        version,
        activities=MappingProxyType(activities),
        groups=MappingProxyType(groups),
        levels=MappingProxyType(levels),
        positions=MappingProxyType({moved(path): span for path, span in version.positions.items()}),
    )


def _entry(entry: EntryRule, names: Mapping[str, str]) -> EntryRule:
    balance = names.get(entry.balance, entry.balance)
    return replace(
        entry,
        balance=balance,
        points=_copying(entry.points, names),
        caps=_limiting(entry.caps, names),
        path=(*entry.path[:-1], balance) if entry.path else (),
    )


def _copying(points: Points, names: Mapping[str, str]) -> Points:
    """The form, or what a table gives for values that it does not list, with another balance to copy."""
    if isinstance(points, SameAs):
        return SameAs(names.get(points.balance, points.balance))
    if isinstance(points, Table) and points.otherwise is not None:
        return replace(points, otherwise=_copying(points.otherwise, names))
    return points


def _limiting(caps: tuple[Cap, ...], names: Mapping[str, str]) -> tuple[Cap, ...]:
    return tuple(replace(cap, balance=names.get(cap.balance or "", cap.balance)) for cap in caps)


def _called(alternatives: tuple[Minimums, ...], names: Mapping[str, str]) -> tuple[Minimums, ...]:
    return tuple(tuple(sorted((names.get(name, name), least) for name, least in one)) for one in alternatives)

"""A level that asks for more of a balance than members can have, or of one that starts anew too often.

**What.** Of each balance that `requires` or `keep` names, activities give as much as the minimum within
one of its periods, by their caps. And a balance that resets at other times than the one that decides
levels goes back within the level period.

**Why.** Nobody would ever reach such a level, or keep it. Where the balance resets within the level
period, its total of the moment is less than what was gained in that period, so that a member who had
enough can fail the review. This is a warning, because it can be meant.

**Fix.** None: only you know what is meant.

Failing:

    levels:
      silver: {threshold: 500}
      gold: {requires: {club_points: 5000, nights: 50}}
    activities:
      talk: {points: 100}
      stay: {balance: nights, points: 1, caps: [{times: 20, per: membership_year}]}

    # program.yaml
    balances: {club_points: {resets: membership_year}, nights: {resets: membership_year}}

Fixed:

    levels:
      silver: {threshold: 500}
      gold: {requires: {club_points: 5000, nights: 50}}
    activities:
      talk: {points: 100}
      stay: {balance: nights, points: 1, caps: [{times: 80, per: membership_year}]}

    # program.yaml
    balances: {club_points: {resets: membership_year}, nights: {resets: membership_year}}
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pointbook.checks.reasoning.places import in_version
from pointbook.checks.unreachable_level import most_in_a_period
from pointbook.diagnostics import Finding, Severity
from pointbook.model.windows import Resets

if TYPE_CHECKING:
    from pointbook.checks.reasoning.subject import CheckSubject, Findings
    from pointbook.model.levels import Level, Minimums
    from pointbook.model.program import Balance, Program, Version

CODE = "requirement-out-of-reach"


def requirement_out_of_reach(subject: CheckSubject) -> Findings:
    """A finding for each requirement that cannot be met, and for each balance that goes back too early."""
    program = subject.program
    decides = program.balances.get(program.level_balance)
    if decides is None:
        return
    for version in program.versions:
        for level in version.levels.values():
            if level.further_balances <= program.balances.keys():
                yield from _unmet(program, version, level, "requires", level.requires)
                yield from _unmet(program, version, level, "keep", level.keep)
                yield from _restarted(program, version, level, decides)


def _unmet(
    program: Program, version: Version, level: Level, key: str, alternatives: tuple[Minimums, ...]
) -> Findings:
    """A finding where each of the alternatives asks for too much of some balance."""
    short: list[tuple[str, str]] = []
    for one in alternatives:
        for name, least in one:
            balance = program.balances[name]
            most = most_in_a_period(program, balance)
            is_told = name == program.level_balance and len(alternatives) == 1  # by unreachable-level
            if most is not None and most < least and not is_told:
                words = f"{least:,} {name}, of which all activities together give at most {most:,}"
                short.append((name, f"{words} {balance.resets.per.window.words}"))
                break
        else:
            return
    if short:
        place = version.span("levels", level.id, key, short[0][0])
        verb = "reach" if key == "requires" else "keep"
        yield Finding(
            place,
            CODE,
            f"no member can {verb} level `{level.id}`{in_version(version, place)}: it asks for {short[0][1]}",
            "lower the minimum, or raise the caps",
        )


def _restarted(program: Program, version: Version, level: Level, decides: Balance) -> Findings:
    for key, alternatives in (("requires", level.requires), ("keep", level.keep)):
        for name, _ in sorted({pair for one in alternatives for pair in one}):
            resets = program.balances[name].resets
            if resets in {Resets.NEVER, decides.resets}:
                continue
            place = version.span("levels", level.id, key, name)
            period = "" if decides.resets is Resets.NEVER else ", while levels are reviewed at other times"
            yield Finding(
                place,
                CODE,
                f"level `{level.id}` asks for {name}, which goes back to its start {_WHEN[resets]}{period}",
                f"if that is not meant, give `{name}` the `resets` of `{decides.id}`",
                Severity.WARNING,
            )


_WHEN = {
    Resets.MEMBERSHIP_YEAR: "with each membership year",
    Resets.CALENDAR_YEAR: "on 1 January",
    Resets.NEVER: "never",
}

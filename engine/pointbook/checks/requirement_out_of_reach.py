"""A level that asks for more of a balance than members can have, or of one that starts anew too often.

**What.** Of each balance that `requires` or `keep` names, activities give as much as the minimum within
one of its periods, by their caps. And a balance that resets at other times than the one that decides
levels goes back within the level period.

**Why.** Nobody would ever reach such a level, or keep it. Where the balance resets within the level
period, its total of the moment is less than what was gained in that period, so that a member who had
enough can fail the review. This is a warning, because it can be meant; so is a requirement that members need
not meet who have the level from an earlier version.

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
    from pointbook.model.amounts import Amount
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
    # What a single threshold of the level balance asks for is told by unreachable-level.
    told = program.level_balance if len(alternatives) == 1 else ""
    lacking = [_out_of_reach(program, one, told) for one in alternatives]
    if not lacking or lacking[0] is None or None in lacking:
        return
    name, least, most = lacking[0]
    place = version.span("levels", level.id, key, name)
    claim, severity = f"no member can keep level `{level.id}`{in_version(version, place)}", Severity.ERROR
    hint = "lower the minimum, or raise the caps"
    if key == "requires" and _is_held_from_before(program, version, level):
        claim = f"only members whose level is from before version `{version.id}` can have level `{level.id}`"
        hint, severity = f"if that is not meant, {hint}", Severity.WARNING
    elif key == "requires":
        claim = claim.replace(" keep ", " reach ", 1)
    per = program.balances[name].resets.per.window.words
    yield Finding(
        place,
        CODE,
        f"{claim}: it asks for {least:,} {name},"
        f" of which all activities together give at most {most:,} {per}",
        hint,
        severity,
    )


def _out_of_reach(
    program: Program, minimums: Minimums, apart_from: str = ""
) -> tuple[str, Amount, Amount] | None:
    """The first balance of which members cannot have as much as is asked, with that and the most."""
    for name, least in minimums:
        most = None if name == apart_from else most_in_a_period(program, program.balances[name])
        if most is not None and most < least:
            return name, least, most
    return None


def _is_held_from_before(program: Program, version: Version, level: Level) -> bool:
    """Whether a level that an earlier version gave can go on as this one, by its id or as one gone."""
    return any(
        held.is_base
        or any(_out_of_reach(program, one) is None for one in held.reached_with(program.level_balance))
        for earlier in program.versions[: program.versions.index(version)]
        for held in earlier.levels.values()
        if (held.id == level.id or held.id not in version.levels)
        and held.further_balances <= program.balances.keys()
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

"""A cap that can never cut anything.

**What.** Each cap must be able to cut: what is awarded without it must be able to exceed it, whatever
the amounts and other caps leave, of the same rule or of its activities or groups. So a cap per day does
nothing beside one per month that is no higher. Only what is certain is reported. Where an earlier version
can have used the cap up, or a later one counts what was awarded, it is a warning that says so; so it is where
it is a group's cap that makes an activity's pointless, since a page may state both.

**Why.** A limit that does nothing is mostly a slip in another one, and misleads whoever reads the
rules.

**Fix.** None: the cap may be too much, or its number too high.

Failing:

    activities:
      linkedin.headline:
        points: 250
        caps:
          - {times: 1, per: membership_year}
          - {points: 500, per: membership_year}

Fixed:

    activities:
      linkedin.headline:
        points: 250
        caps:
          - {times: 1, per: membership_year}
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pointbook.checks.reasoning.places import in_version
from pointbook.diagnostics import Finding, Related, Severity
from pointbook.model.windows import CapKind
from pointbook.reasoning.cap_usage import CapUsage

if TYPE_CHECKING:
    from pointbook.checks.reasoning.subject import CheckSubject, Findings
    from pointbook.model.program import Version
    from pointbook.reasoning.caps import Capped
    from pointbook.reasoning.needless_caps import Bound

CODE = "cap-never-binds"


def cap_never_binds(subject: CheckSubject) -> Findings:
    """A finding for each cap that nothing can reach."""
    usage, seen = CapUsage(subject.program.versions), set()
    for number, version in enumerate(subject.program.versions):
        for owner in usage.owners(number).values():
            if owner.members and owner.incoming.smallest is None:
                yield from _without_awards(version, owner)
            elif owner.members:
                for index, bound in usage.needless(number, owner).items():
                    place = version.span(*owner.cap_path(index))
                    if place not in seen:
                        seen.add(place)
                        yield _finding(usage, number, owner, index, bound)


def _without_awards(version: Version, owner: Capped) -> Findings:
    """A finding at the first cap of what never gives points; deductions pass all caps."""
    gives = [member for member in owner.members if member.entries]
    if not owner.judged or (gives and all(member.awards.always_zero for member in gives)):
        return  # activity-never-awards says what is wrong
    place = version.span(*owner.cap_path(min(owner.judged)))
    message = f"a cap of {owner.name} never cuts anything: it gives no points, and deductions pass all caps"
    hint = "delete the caps; to stop a balance from falling too low, give it a `floor` in program.yaml"
    yield Finding(place, CODE, f"{message}{in_version(version, place)}", hint)


def _finding(usage: CapUsage, number: int, owner: Capped, index: int, bound: Bound) -> Finding:
    version, cap = usage.versions[number], owner.caps[index]
    place = version.span(*owner.cap_path(index))
    before, later = usage.used_up_by(number, owner, index), usage.binding_later(number, owner, index)
    less = "less" if cap.kind is CapKind.POINTS else "fewer"
    advice = f", or make it {less} than {cap.kind.counted(bound.most)}" if bound.most > 1 else ""
    hint, severity = f"delete this cap{advice}", Severity.WARNING
    claim = f"a cap of {cap.words} never cuts anything of {owner.name}"
    if before is not None:
        claim = f"a cap of {cap.words} cuts {owner.name} only with what version `{before.id}` let through"
        hint = f"if that is not meant, {hint}"
    elif later is not None:
        claim = f"{claim} until version `{later.id}`"
        hint = f"keep it, if what it lets through shall count there; else {hint}"
    elif not bound.is_above:
        severity = Severity.ERROR
    most = f"{cap.kind.let_through(bound.most)} {cap.per.window.words}"
    return Finding(
        place,
        CODE,
        f"{claim}: {bound.because} at most {most}{in_version(version, place)}",
        hint,
        severity,
        related=tuple(Related(version.span(*path), what) for path, what in bound.places),
    )

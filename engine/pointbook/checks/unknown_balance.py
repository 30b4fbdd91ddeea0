"""A balance that program.yaml does not declare.

**What.** `level_balance` in program.yaml, every `balance` of an activity or a cap,
what `earns` and `spends` feed and take from, and what `requires` and `keep` of
a level ask for must name one of the program's balances. Where there are several balances and levels,
`level_balance` says which of them decides.

**Why.** Points for a balance that nobody keeps would go nowhere.

**Fix.** The name becomes the only known one that it is a slip of.

Failing:

    activities:
      blog.published: {points: 500}
      credits.earned:
        balance: dojo_credit
        points: {range: [1, 100]}

    # program.yaml
    balances:
      club_points: {resets: membership_year}
      dojo_credits: {resets: never}

Fixed:

    activities:
      blog.published: {points: 500}
      credits.earned:
        balance: dojo_credits
        points: {range: [1, 100]}

    # program.yaml
    balances:
      club_points: {resets: membership_year}
      dojo_credits: {resets: never}
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pointbook.diagnostics import Finding

if TYPE_CHECKING:
    from pointbook.checks.reasoning.subject import CheckSubject, Findings
    from pointbook.diagnostics import Span
    from pointbook.model.program import Version
    from pointbook.model.rules import Cap, Path

CODE = "unknown-balance"


def unknown_balance(subject: CheckSubject) -> Findings:
    """A finding for each balance that is named but not declared."""
    program = subject.program
    uses = [("`level_balance`", program.level_balance, program.span("level_balance"), "")]
    uses += [
        (f"level `{level.id}`", name, version.span("levels", level.id, key, name), " in program.yaml")
        for version in program.versions
        for level in version.levels.values()
        for key, alternatives in (("requires", level.requires), ("keep", level.keep))
        for one in alternatives
        for name, _ in one
    ]
    has_levels = any(version.levels for version in program.versions)
    if has_levels and len(program.balances) > 1 and ("level_balance",) not in program.positions:
        message = "program.yaml does not say which of its balances decides levels"
        hint = f"add `level_balance: {program.level_balance}`, or another of them"
        yield Finding(program.span("balances"), CODE, message, hint)
    for version, activity in program.activities:
        path: Path = ("activities", activity.id)
        written = [(entry.balance, entry.path or ("balance",)) for entry in activity.entries]
        written += _named_by_caps(activity.caps, ())
        for entry in activity.entries:
            written += _named_by_caps(entry.caps, entry.path)
        uses += [
            (f"activity `{activity.id}`", name, _place(subject, version, (*path, *steps)), " in program.yaml")
            for name, steps in written
            if (*path, *steps) in version.positions
        ]
    uses += [
        (f"group `{group.id}`", name, version.span("groups", group.id, *steps), " in program.yaml")
        for version in program.versions
        for group in version.groups.values()
        for name, steps in _named_by_caps(group.caps, ())
    ]
    for user, name, place, where in uses:
        if name not in program.balances:
            message = f"{user} names the balance `{name}`, which does not exist"
            hint = subject.words.suggestion(name, program.balances, f"declare it under `balances`{where}")
            fix = subject.words.fix(place, name, program.balances)
            yield Finding(place, CODE, message, hint, fix=fix)


def _named_by_caps(caps: tuple[Cap, ...], path: Path) -> list[tuple[str, Path]]:
    return [
        (cap.balance, (*path, "caps", index, "balance"))
        for index, cap in enumerate(caps)
        if cap.balance is not None
    ]


def _place(subject: CheckSubject, version: Version, path: Path) -> Span:
    """Where the name stands: as the key, where entries are listed by balance."""
    document = subject.document_of(version)
    if path[-1] == "balance" or document is None or document.resolved is None:
        return version.span(*path)
    return document.resolved.key_span(path)

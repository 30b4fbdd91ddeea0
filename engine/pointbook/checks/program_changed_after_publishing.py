"""A value of program.yaml that decides figures of published versions and is another one now.

**What.** Time zone, level balance, the balances with their resets, start and floor, and the types of member
attributes stay as they were when a version was last published. Further balances and attributes may come.

**Why.** Program.yaml has no versions: what changes there changes the figures of all of them.

**Fix.** None: undo the edit, or amend what is published.

Failing:

    # program.yaml
    timezone: UTC

    # versions.lock
    program:
      timezone: Europe/Brussels
      level_balance: club_points
      balances:
        club_points: {resets: membership_year}
    published:
      - version: "1"
        effective_from: 2024-01-01
        published_on: 2023-12-01
        engine: 0.1.0
        form: 1
        digest: 914945fe26bf19a4e6307c94862cc44fb287dbe5b51e16d206557f46b1df6601

Fixed:

    # program.yaml
    timezone: Europe/Brussels

    # versions.lock
    program:
      timezone: Europe/Brussels
      level_balance: club_points
      balances:
        club_points: {resets: membership_year}
    published:
      - version: "1"
        effective_from: 2024-01-01
        published_on: 2023-12-01
        engine: 0.1.0
        form: 1
        digest: 914945fe26bf19a4e6307c94862cc44fb287dbe5b51e16d206557f46b1df6601
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pointbook.checks.reasoning.publishing import ways_out
from pointbook.diagnostics import Finding, Related
from pointbook.published.lock import changed_facts, facts_of

if TYPE_CHECKING:
    from pointbook.checks.reasoning.subject import CheckSubject, Findings

CODE = "program-changed-after-publishing"


def program_changed_after_publishing(subject: CheckSubject) -> Findings:
    """A finding for each value that was another one when a version was last published."""
    lock = subject.lock
    if lock is None or not lock.published:
        return
    for path, was, now in changed_facts(lock.facts, facts_of(subject.program)):
        before = "" if was is None or isinstance(was, dict) else f" was {was}"
        after = "is not there now" if now is None else f"is {now} now"
        text = f"{before} when versions were published, and {after}" if before else f" {_come_or_gone(now)}"
        yield Finding(
            subject.program.span(*path),
            CODE,
            f"`{'/'.join(path)}`{text}",
            ways_out(subject, "undo the edit", lock.published[-1].id, or_new=False),
            related=(Related(lock.document.key_span(("program", *path)), "it is locked here"),),
        )


def _come_or_gone(now: object) -> str:
    gone = "was there when versions were published, and is gone"
    return gone if now is None else f"was not there when versions were published, and is {now} now"

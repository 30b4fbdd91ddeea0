"""Throwaway repositories of rules, as a server has them and as CI checks them out."""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

FILES = {
    "rules/club/program.yaml": """\
id: club
title: Reading Club
timezone: Europe/Brussels
level_balance: stars
balances:
  stars: {resets: membership_year}
source: {document: Club rules}
""",
    "rules/club/versions/2024.yaml": """\
id: "2024"
effective_from: 2024-01-01
source: {document: Club rules}
levels:
  silver: {title: Silver, threshold: 100, source: {section: Levels}}
life_cycle: {demotion: to_earned, leap_day: feb_28, source: {section: Levels}}
activities:
  visit: {title: Visit, points: 40, source: {section: Visits}}
""",
    "rules/club/versions/2025.yaml": """\
id: "2025"
based_on: "2024"
effective_from: 2025-01-01
source: {document: Club rules}
activities:
  visit: {points: 50}
""",
    "rules/club/scenarios/visits.yaml": """\
title: Two visits
rules: {until: "2024"}
members:
  ann: {signed_up_on: 2024-01-10}
events:
  - {activity: visit, occurred_at: 2024-02-01, expect: {awarded: 40}}
""",
    "rules/club/guardrails.yaml": """\
guardrails:
  nobody-loses: {title: Nobody loses points, measure: members_losing_points, at_most: 0}
""",
    "log/members.csv": "member_id,signed_up_on\nann,2024-01-10\nbob,2024-02-29\n",
    "log/events.csv": """\
event_id,member_id,activity,occurred_at
e1,ann,visit,2024-02-01
e2,ann,visit,2025-02-02
e3,bob,visit,2025-04-01
""",
}
SECOND = "rules/club/versions/2025.yaml"


def git(folder: Path, *arguments: str, env: dict[str, str] | None = None) -> str:
    who = ("-c", "user.name=t", "-c", "user.email=t@example.org", "-c", "init.defaultBranch=main")
    done = subprocess.run(
        ("git", *who, *arguments),
        cwd=folder,
        check=True,
        capture_output=True,
        encoding="utf-8",
        env={**os.environ, **(env or {})},
    )
    return done.stdout.strip()


@dataclass(frozen=True)
class Origin:
    """The repository on the server. The branch `change` goes to `main`, which has moved on since."""

    folder: Path

    def edit(self, name: str, old: str, new: str) -> None:
        text = (self.folder / name).read_text(encoding="utf-8")
        assert old in text
        self.write(name, text.replace(old, new))

    def write(self, name: str, text: str) -> None:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def commit(self, message: str = "a change") -> str:
        git(self.folder, "add", "-A")
        git(self.folder, "commit", "--quiet", "-m", message)
        return git(self.folder, "rev-parse", "HEAD")

    def pull_request(self, folder: Path, *, depth: int = 0) -> Path:
        """A clone as actions/checkout makes it for a pull request: the merge of the branch, on no branch."""
        git(self.folder, "checkout", "--quiet", "--detach", "main")
        git(self.folder, "merge", "--quiet", "--no-ff", "-m", "merged", "change")
        git(self.folder, "update-ref", "refs/pull/1/merge", "HEAD")
        folder.mkdir()
        git(folder, "init")
        git(folder, "remote", "add", "origin", self.folder.as_uri())
        wanted = ["+refs/pull/1/merge:refs/remotes/pull/1/merge"]
        limit = [f"--depth={depth}"] if depth else ["+refs/heads/*:refs/remotes/origin/*"]
        git(folder, "fetch", "--quiet", "--no-tags", "origin", *limit, *wanted)
        git(folder, "checkout", "--quiet", "refs/remotes/pull/1/merge")
        return folder

    def merge_request(self, folder: Path) -> Path:
        """A clone as a runner of GitLab makes it: the branch alone, on no branch."""
        folder.mkdir()
        git(folder, "init")
        git(folder, "fetch", "--quiet", self.folder.as_uri(), "+refs/heads/change:refs/pipelines/1")
        git(folder, "checkout", "--quiet", "--detach", "refs/pipelines/1")
        return folder


def origin_in(folder: Path) -> Origin:
    origin = Origin(folder)
    for name, text in FILES.items():
        origin.write(name, text)
    git(folder, "init", "--quiet")
    origin.commit("first")
    git(folder, "branch", "change")
    origin.edit("rules/club/program.yaml", "title: Reading Club", "title: The Reading Club")
    origin.commit("main moves on")
    git(folder, "checkout", "--quiet", "change")
    return origin


def good(origin: Origin) -> None:
    origin.edit(SECOND, "points: 50", "points: 60")
    origin.commit()


def adverse(origin: Origin) -> None:
    origin.edit(SECOND, "points: 50", "points: 45")
    origin.commit()


def approved(origin: Origin) -> None:
    """The same, with what its report says is to be approved."""
    adverse(origin)
    origin.write(
        "rules/club/approvals.yaml",
        """\
approvals:
  fewer:
    change: c-5a98d7a52521
    address: activities/visit/points
    by: Ann
    reason: told them
    until: 2099-01-01
  losing:
    guardrail: nobody-loses
    at_most: 2
    by: Ann
    reason: told them
    until: 2099-01-01
""",
    )
    origin.commit()


def broken(origin: Origin) -> None:
    origin.edit(SECOND, "points: 50", "pionts: 50")
    origin.commit()

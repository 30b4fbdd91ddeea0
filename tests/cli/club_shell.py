"""The command as a process, in a folder with a small program and its log."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from this_process import run_here

ROOT = Path(__file__).parents[2]

FILES = {
    "club/program.yaml": """\
id: club
title: Reading Club
timezone: Europe/Brussels
level_balance: stars
balances:
  stars: {resets: membership_year}
  coins: {resets: never}
source: {document: Club rules}
""",
    "club/versions/2024.yaml": """\
id: "2024"
effective_from: 2024-01-01
source: {document: Club rules}
levels:
  bronze: {threshold: 100}
  silver: {threshold: 300}
benefits:
  lounge: {from_level: silver}
life_cycle: {demotion: to_earned, leap_day: feb_28}
activities:
  visit:
    title: Visit to the club
    points: 40
    caps: [{times: 2, per: calendar_month}]
  review:
    points: {range: [10, 90]}
  course:
    points: {per: {attribute: days, points: 30}}
    attributes:
      days: {type: integer}
  gift:
    points: 5
    balance: coins
""",
    "club/versions/2025.yaml": """\
id: "2025"
based_on: "2024"
effective_from: 2025-01-01
source: {document: Club rules}
levels:
  silver: {threshold: 250}
""",
    "club/scenarios/visits.yaml": """\
title: Two visits a month count
members:
  ann: {signed_up_on: 2024-01-10}
events:
  - {activity: visit, occurred_at: 2024-02-01, expect: {awarded: 40}}
  - {activity: visit, occurred_at: 2024-02-02, expect: {awarded: 40}}
  - {activity: visit, occurred_at: 2024-02-03, expect: {awarded: 0, outcome: capped}}
""",
    "members.csv": "member_id,signed_up_on\nann,2024-01-10\nbob,2024-02-29\n",
    "events.csv": """\
event_id,member_id,activity,occurred_at,points,days
e1,ann,visit,2024-02-01,,
e2,ann,review,2024-02-03T18:30:00Z,80,
e3,bob,course,2024-03-05,,3
e4,bob,gift,2024-03-06,,
e5,ann,visit,2025-01-09,,
""",
}


@dataclass(frozen=True)
class Finished:
    code: int
    out: str
    err: str


@dataclass(frozen=True)
class Shell:
    """Runs `pointbook` in a folder; in a process of its own where it gets variables of the environment."""

    folder: Path

    def run(self, *arguments: str, stdin: bytes = b"", env: dict[str, str] | None = None) -> Finished:
        if env is None:
            code, out, err = run_here(arguments, self.folder, stdin)
            return Finished(code, out.decode("utf-8"), err.decode("utf-8"))
        done = subprocess.run(
            [sys.executable, "-m", "pointbook_cli", *arguments],
            cwd=self.folder,
            input=stdin,
            capture_output=True,
            timeout=120,
            check=False,
            env={**os.environ, **env},
        )
        return Finished(done.returncode, done.stdout.decode("utf-8"), done.stderr.decode("utf-8"))

    def write(self, name: str, text: str | bytes) -> Path:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode() if isinstance(text, str) else text)
        return path

    def edit(self, name: str, old: str, new: str) -> None:
        text = (self.folder / name).read_text(encoding="utf-8")
        assert old in text, f"{name} has no {old!r}"
        self.write(name, text.replace(old, new))

    def evaluate(self, *options: str, stdin: bytes = b"") -> Finished:
        """`pointbook evaluate` on the club's log, into `out/`; by the interpreter if nothing else is said."""
        log = ("--events", "events.csv", "--members", "members.csv", "--out", "out")
        backend = () if "--backend" in options else ("--backend", "python")
        return self.run("evaluate", "club", *log, *backend, *options, stdin=stdin)

    def names(self, folder: str) -> list[str]:
        return sorted(path.name for path in (self.folder / folder).iterdir())


def club_in(folder: Path) -> Shell:
    """A shell in `folder`, with the program `club/`, members.csv and events.csv."""
    shell = Shell(folder)
    for name, text in FILES.items():
        shell.write(name, text)
    return shell

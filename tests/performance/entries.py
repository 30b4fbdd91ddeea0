"""What an activity of three entries takes: `python tests/performance/entries.py [--events N]`.

    evaluate --backend python, CSV to CSV: three entries an event / one     by processor time, at most 2.5
    the fold alone: three entries an event / one                            reported
    validate, for each activity: 500 of three entries / the shipped rules   by processor time, at most 3

The same log is evaluated by an activity of one entry, and of three, in turns; the median of the pairs counts.
Exit code 1 if one is above its limit, unless --report-only.
"""

from __future__ import annotations

import argparse
import gc
import resource
import subprocess
import sys
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path
from random import Random
from statistics import median

from pointbook.interpret import Interpreter, MemberFold
from pointbook.loading import load_program
from pointbook.log import read_log

AT_MOST, VALIDATING, PAIRS = 2.5, 3.0, 5
SHIPPED = Path(__file__).parents[2] / "rules" / "dataminer-devops"
PROGRAM = """\
id: club
title: Club
timezone: Europe/Brussels
level_balance: nights
balances: {nights: {resets: calendar_year}, points: {resets: never}, credits: {resets: never}}
"""
VERSION = """\
id: v1
effective_from: 2020-01-01
activities: {stay: {%s, caps: [{times: 3, per: day}]}}
levels: {silver: {threshold: 100}}
"""
MANY = """\
id: v1
effective_from: 2020-01-01
source: {document: the page}
attributes: {usd: {type: decimal}}
levels: {silver: {threshold: 10, source: {section: s}}, gold: {threshold: 25, source: {section: s}}}
activities:
"""
ACTIVITY = """\
  a{number}:
    source: {{section: s}}
    attributes: {{nights: {{type: integer}}}}
    earns:
      nights: {{points: {{per: {{attribute: nights}}}}}}
      points:
        points: {{per: {{attribute: usd, points: {rate}}}}}
        bonuses: [{{percent: {{by: {{attribute: level, values: {{none: 0, silver: 10, gold: 25}}}}}}}}]
      credits: {{points: {{same_as: nights}}, if: {{attribute: level, at_least: gold}}}}
"""
WAYS = {
    "three": "earns: {nights: {points: 10}, points: {points: 25}, credits: {points: 3}}",
    "one": "points: 10",
}


def written(folder: Path, events: int) -> list[str]:
    """The programs, and a log for both as options."""
    for name, activity in WAYS.items():
        (folder / name / "versions").mkdir(parents=True)
        (folder / name / "program.yaml").write_text(PROGRAM)
        (folder / name / "versions" / "v1.yaml").write_text(VERSION % activity)
    dice, members = Random(7), events // 50  # noqa: S311 - not for secrets
    rows = [f"m{number},2022-01-0{number % 9 + 1}\n" for number in range(members)]
    (folder / "members.csv").write_text("member_id,signed_up_on\n" + "".join(rows))
    days = [date(2023, 1, 1) + timedelta(dice.randint(0, 700)) for _ in range(events)]
    rows = [f"e{number},m{dice.randrange(members)},stay,{day}\n" for number, day in enumerate(days)]
    (folder / "events.csv").write_text("event_id,member_id,activity,occurred_at\n" + "".join(rows))
    return ["--members", str(folder / "members.csv"), "--events", str(folder / "events.csv")]


def command(folder: Path, name: str, log: list[str]) -> float:
    """Seconds of a processor that the command takes."""
    options = ["--backend", "python", "--workers", "1", "--out", str(folder / "out")]
    return processor_time("evaluate", str(folder / name), *log, *options)


def processor_time(*words: str) -> float:
    """Seconds of a processor that pointbook takes."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, "-m", "pointbook_cli", *words], check=True, capture_output=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def validating(folder: Path) -> float:
    """Seconds for each activity of 500 that have three entries, divided by those of the shipped rules."""
    many = folder / "many"
    (many / "versions").mkdir(parents=True)
    (many / "program.yaml").write_text(PROGRAM)
    rules = "".join(ACTIVITY.format(number=number, rate=1 + number % 20) for number in range(500))
    (many / "versions" / "v1.yaml").write_text(MANY + rules)
    shipped = sum(len(version.activities) for version in load_program(SHIPPED).versions)
    return (
        median(processor_time("validate", str(many)) for _ in range(PAIRS))
        / 500
        / (median(processor_time("validate", str(SHIPPED)) for _ in range(PAIRS)) / shipped)
    )


def fold(folder: Path, name: str, log: list[str]) -> float:
    """Seconds of a processor that the fold of the log in memory takes."""
    program = load_program(folder / name)
    read = read_log(program, members=[log[1]], events=[log[3]])
    interpreter, own = Interpreter(program), {member: [] for member in read.members}
    for event in read.events:
        own[event.member_id].append(event)
    gc.collect()
    gc.disable()
    begun = time.process_time()
    for member in read.members.values():
        MemberFold(interpreter, date(2025, 1, 1), member).rows(own[member.id])
    spent = time.process_time() - begun
    gc.enable()
    return spent


def main() -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--events", type=int, default=100_000)
    parser.add_argument("--report-only", action="store_true", help="exit 0 whatever the ratios are")
    options = parser.parse_args()
    print("| measure | ratio | at most |\n|---|---|---|")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        log = written(folder, options.events)
        found = [
            median(measure(folder, "three", log) / measure(folder, "one", log) for _ in range(PAIRS))
            for measure in (command, fold)
        ]
        each = validating(folder)
    print(
        f"| evaluate, three entries an event / one, {options.events:,} events | {found[0]:.2f} | {AT_MOST} |"
    )
    print(f"| the fold alone, three entries an event / one | {found[1]:.2f} | |")
    print(
        f"| validate, 500 activities of three entries / shipped rules, for each | {each:.2f} | {VALIDATING} |"
    )
    return 1 if (found[0] > AT_MOST or each > VALIDATING) and not options.report_only else 0


if __name__ == "__main__":
    sys.exit(main())

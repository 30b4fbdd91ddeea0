"""Small programs and logs, written as text, and what comparing them comes to."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from pointbook.comparison.comparing import compare
from pointbook.comparison.question import question_of
from pointbook.comparison.terms import Options
from pointbook.loading import load
from pointbook.log import read_log

PROGRAM = """\
id: club
title: Reading Club
timezone: Europe/Brussels
level_balance: points
balances:
  points: {{title: Points, resets: {resets}}}
{further}source: {{document: Club rules}}
"""
HEAD = 'id: "{id}"\neffective_from: {day}\nsource: {{document: Club rules}}\n'
LIFE_CYCLE = "life_cycle: {demotion: to_earned, leap_day: feb_28}\n"


def compared(  # noqa: PLR0913 - what it depends on
    old,
    new,
    members,
    events,
    *,
    resets="membership_year",
    further="",
    columns="points",
    as_of=None,
    since=None,
    **options,
):
    """What the log comes to under `old` and under `new`, a patch of it (or, with its life cycle, a whole).

    Args:
        old: The body of a version's file.
        new: What the other version says instead.
        members: Rows of `member_id,signed_up_on`, of which the first may name further columns.
        events: Rows of `event_id,member_id,activity,occurred_at` and `columns`.
        resets: When the balance that decides levels does.
        further: Lines of further balances.
        columns: The columns beyond the fixed ones.
        as_of: The last day that counts; that of the last event if not given.
        since: The day on which `new` takes effect; as if each had always been in force if not given.
    """
    with TemporaryDirectory() as folder:
        files = {
            "club/program.yaml": PROGRAM.format(resets=resets, further=further),
            "club/versions/a.yaml": HEAD.format(id="old", day="2022-01-01")
            + ("" if "life_cycle" in old else LIFE_CYCLE)
            + old,
            "club/versions/b.yaml": HEAD.format(id="new", day="2025-01-01")
            + ("" if "leap_day" in new else "based_on: old\n")
            + new,
            "members.csv": f"member_id,signed_up_on\n{members}\n",
            "events.csv": f"event_id,member_id,activity,occurred_at,{columns}\n{events}\n",
        }
        for name, text in files.items():
            path = Path(folder, name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        program = load(Path(folder, "club")).usable()
        log = read_log(program, members=[Path(folder, "members.csv")], events=[Path(folder, "events.csv")])
    before, after = program.version("old"), program.version("new")
    as_of = as_of or log.facts.default_as_of or date(2024, 12, 31)
    question = question_of(program, before, after, old_is_external=False, since=since, as_of=as_of)
    return compare(question, log, Options(show_ids=True, **options))

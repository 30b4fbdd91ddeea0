"""What an activity of three entries takes: `python tests/performance/entries.py [--events N]`.

    fold of three entries an event / of one            at most 2.5, by processor time

The same log is folded by an activity of one entry and by one of three, member by member in turn, for two
kinds of programs: amounts and ranges alone, and a hotel's stay: a rate, a rate with a percentage by level, and
a copy from a level on. One entry is the first of these three, and the dearest of them. The median of the
pairs counts. Exit code 1 if a ratio is above its limit, unless --report-only.
"""

from __future__ import annotations

import argparse
import gc
import sys
import time
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from random import Random
from statistics import median
from types import MappingProxyType
from typing import TYPE_CHECKING

from pointbook.diagnostics import Span
from pointbook.interpret import Interpreter
from pointbook.model.activities import Activity, EntryRule
from pointbook.model.attributes import Attribute, AttributeType
from pointbook.model.conditions import ALWAYS, Comparison
from pointbook.model.levels import Level
from pointbook.model.log import Event, Member
from pointbook.model.points.forms import Assessed, Fixed, SameAs
from pointbook.model.points.lookup import Table
from pointbook.model.points.rates import PerUnit
from pointbook.model.program import Balance, Program, Version
from pointbook.model.rules import Bonus, Cap, LifeCycle
from pointbook.model.windows import CapKind, Per, Resets

if TYPE_CHECKING:
    from collections.abc import Sequence

AT_MOST = 2.5
PAIRS = 9
frozen = MappingProxyType
ORDER = ("none", "silver", "gold")
BY_LEVEL = Table(("level",), frozen({"none": 0, "silver": 10, "gold": 25}), order=ORDER)
KINDS = {
    "amounts": (
        EntryRule("nights", Fixed(10), path=("earns", "nights")),
        EntryRule("points", Assessed(1, 100), path=("earns", "points")),
        EntryRule("credits", Fixed(3), path=("earns", "credits")),
    ),
    "a stay": (
        EntryRule("nights", PerUnit(1, "nights"), path=("earns", "nights")),
        EntryRule(
            "points", PerUnit(10, "usd"), (Bonus(0, ALWAYS, percent=BY_LEVEL),), path=("earns", "points")
        ),
        EntryRule(
            "credits",
            SameAs("nights"),
            condition=Comparison("level", at_least="gold", order=ORDER),
            path=("earns", "credits"),
        ),
    ),
}
ATTRIBUTES = frozen({"nights": Attribute(AttributeType.INTEGER), "usd": Attribute(AttributeType.DECIMAL)})


def program(entries: Sequence[EntryRule]) -> Program:
    """A program of one activity of such entries, with a cap on times."""
    balances = [
        Balance("nights", Resets.MEMBERSHIP_YEAR),
        *(Balance(one, Resets.NEVER) for one in ("points", "credits")),
    ]
    activity = Activity(
        "stay",
        tuple(replace(one, attributes=ATTRIBUTES) for one in entries),
        attributes=ATTRIBUTES,
        caps=(Cap(CapKind.TIMES, 3, Per.DAY),),
    )
    nowhere = frozen({(): Span("measure", 1)})
    version = Version(
        id="v1",
        effective_from=date(2020, 1, 1),
        levels=frozen({"silver": Level("silver", 10), "gold": Level("gold", 50)}),
        activities=frozen({"stay": activity}),
        groups=frozen({}),
        benefits=frozen({}),
        life_cycle=LifeCycle(),
        positions=nowhere,
    )
    return Program(
        id="measure",
        timezone="UTC",
        balances=frozen({one.id: one for one in balances}),
        level_balance="nights",
        member_attributes=frozen({}),
        positions=nowhere,
        versions=(version,),
    )


def log(members: int, each: int) -> dict[Member, list[Event]]:
    """Members with so many events each, of two years."""
    dice = Random(7)  # noqa: S311 - not for secrets
    found = {}
    for number in range(members):
        member = Member(f"m{number:05}", date(2022, 1, 1) + timedelta(number % 300), frozen({}))
        days = sorted(date(2023, 1, 1) + timedelta(dice.randint(0, 700)) for _ in range(each))
        found[member.id] = (
            member,
            [
                Event(
                    member_id=member.id,
                    at=(at := datetime(day.year, day.month, day.day, 8)),  # noqa: DTZ001 - as events have it
                    event_id=f"e{place:04}",
                    local=at,
                    activity="stay",
                    points=dice.randint(1, 100),
                    attributes=frozen(
                        {"nights": dice.randint(1, 7), "usd": Decimal(dice.randint(1, 90000)) / 100}
                    ),
                )
                for place, day in enumerate(days)
            ],
        )
    return found


def seconds(interpreter: Interpreter, members: dict[str, tuple[Member, list[Event]]]) -> float:
    """Of a processor, to fold all of them."""
    begun = time.process_time()
    for member, events in members.values():
        interpreter.rows(interpreter.opened(member)[0], events)
    return time.process_time() - begun


def main() -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--events", type=int, default=40_000)
    parser.add_argument("--report-only", action="store_true", help="exit 0 whatever the ratios are")
    options = parser.parse_args()
    members = log(options.events // 50, 50)
    gc.disable()
    missed = 0
    print("| measure | ratio | at most |\n|---|---|---|")
    for kind, entries in KINDS.items():
        three, *ones = (Interpreter(program(some)) for some in (entries, entries[:1], entries[1:2]))
        ratios: list[list[float]] = [[], []]
        for _ in range(PAIRS):
            whole = seconds(three, members)
            for found, one in zip(ratios, ones, strict=True):
                found.append(whole / seconds(one, members))
        for which, found in zip(("the first", "the second"), ratios, strict=True):
            missed += median(found) > AT_MOST
            print(
                f"| fold of {kind}, three entries / {which} | {median(found):.2f} | {AT_MOST} |", flush=True
            )
    return 1 if missed and not options.report_only else 0


if __name__ == "__main__":
    sys.exit(main())

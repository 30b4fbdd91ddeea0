"""Rules with what the plan has not: one case for each construct that rules show."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

PROGRAM = (
    "id: club\ntitle: Club\ntimezone: UTC\nlevel_balance: score\nbalances: {score: {resets: never}%s}\n%s"
)
VERSION = """\
id: v1
effective_from: 2024-01-01
levels: {top: {threshold: 5}}
life_cycle: {demotion: to_earned, leap_day: feb_28}
activities: {walk: {points: 5}, run: {points: 6}}
"""
OVERLAPPING = """\
activities:
  walk: {points: 5, caps: [{points: 50, per: calendar_month}, {times: 6, per: week}]}
  run: {points: 6}
"""
CROSSING = """\
groups:
  one: {caps: [{points: 50, per: day}]}
activities:
  walk: {points: 5, caps: [{points: 80, per: lifetime}], groups: [one]}
  run: {points: 6, groups: [one]}
"""
EASED = """\
activities:
  walk: {points: 5, caps: [{times: 6, per: calendar_month}, {points: 100, per: calendar_year}]}
  run: {points: 6}
"""
EASED_LATER = """\
activities:
  walk: {caps: [{times: 6, per: calendar_month}, {points: 200, per: calendar_year}]}
"""


@dataclass(frozen=True, slots=True)
class Rules:
    """Rules that the plan cannot evaluate.

    Attributes:
        construct: The name of what they have.
        place: Where it is written, from the program's folder.
        what: What is said of it there.
        version: The version v1.
        balances: Further balances.
        members: What program.yaml says of members.
        patches: What further versions change, by their ids.
    """

    construct: str
    place: str
    what: str
    version: str = VERSION
    balances: str = ""
    members: str = ""
    patches: tuple[str, ...] = ()

    def written_to(self, folder: Path) -> None:
        """Write the program, with a log of its own."""
        (folder / "club" / "versions").mkdir(parents=True)
        (folder / "club" / "program.yaml").write_text(PROGRAM % (self.balances, self.members))
        (folder / "club" / "versions" / "v1.yaml").write_text(self.version)
        for number, patch in enumerate(self.patches, start=2):
            day = date(2024, 1, 1) + timedelta(days=number)
            head = f"id: v{number}\nbased_on: v{number - 1}\neffective_from: {day}\n"
            (folder / "club" / "versions" / f"v{number}.yaml").write_text(head + patch)
        (folder / "members.csv").write_text("member_id,signed_up_on\nann,2024-01-01\nbob,2024-01-02\n")
        events = "".join(
            f"e{day},{member},{activity},2024-02-{day:02}\n"
            for day, (member, activity) in enumerate([("ann", "walk"), ("bob", "run")] * 10, start=1)
        )
        (folder / "events.csv").write_text(f"event_id,member_id,activity,occurred_at\n{events}")


def _version(old: str, new: str) -> str:
    assert old in VERSION
    return VERSION.replace(old, new)


CASES = (
    Rules(
        "a balance with decimals",
        "club/program.yaml:5:",
        "of `coins`",
        balances=", coins: {resets: never, decimals: 2}",
    ),
    Rules(
        "an activity of several entries",
        "club/versions/v1.yaml:5:",
        "in `walk`",
        version=_version("walk: {points: 5}", "walk: {earns: {score: {points: 5}, coins: {points: 1}}}"),
        balances=", coins: {resets: never}",
    ),
    Rules(
        "`spends`",
        "club/versions/v1.yaml:5:",
        "in `walk`",
        version=_version("walk: {points: 5}", "walk: {spends: {score: 5}}"),
    ),
    Rules(
        "an entry with `if`",
        "club/versions/v1.yaml:5:",
        "in `walk`",
        version=_version(
            "walk: {points: 5}",
            "walk: {earns: {score: {points: 5, if: {attribute: occurred_on, at_least: 2024-01-09}}}}",
        ),
    ),
    Rules(
        "caps of an entry",
        "club/versions/v1.yaml:5:",
        "in `walk`",
        version=_version(
            "walk: {points: 5}", "walk: {earns: {score: {points: 5, caps: [{points: 9, per: week}]}}}"
        ),
    ),
    Rules(
        "a cap with `balance`",
        "club/versions/v1.yaml:5:",
        "in `walk`",
        version=_version(
            "walk: {points: 5}", "walk: {points: 5, caps: [{points: 9, per: week, balance: score}]}"
        ),
    ),
    Rules(
        "two caps of one activity whose windows overlap",
        "club/versions/v1.yaml:6:3",
        "times per week of activity walk, points per calendar month of activity walk",
        version=VERSION[: VERSION.index("activities")] + OVERLAPPING,
    ),
    Rules(
        "two caps of which the narrower limits other activities too",
        "club/versions/v1.yaml:8:3",
        "points per day of group one, points in a lifetime of activity walk: `run` meets only the first",
        version=VERSION[: VERSION.index("activities")] + CROSSING,
    ),
    Rules(
        "two caps of which the wider rises or goes while a window of the narrower is open",
        "club/versions/v1.yaml:6:3",
        "times per calendar month of activity walk, points per calendar year of activity walk:"
        " version `v2` eases the second",
        version=VERSION[: VERSION.index("activities")] + EASED,
        patches=(EASED_LATER,),
    ),
    Rules(
        "more than 200 levels",
        "club/versions/v1.yaml:3:1",
        "1,000 levels",
        version=_version(
            "{top: {threshold: 5}}",
            "{" + ", ".join(f"l{number}: {{threshold: {number}}}" for number in range(1, 1001)) + "}",
        ),
    ),
    Rules(
        "more than 20 caps one after another",
        "club/versions/v1.yaml:",
        "21 caps one after another",
        version=_version(
            "activities: {walk: {points: 5}",
            "groups: {"
            + ", ".join(
                f"g{number}: {{caps: [{{points: {60 - number}, per: calendar_month}}]}}"
                for number in range(21)
            )
            + "}\nactivities: {walk: {points: 5, groups: ["
            + ", ".join(f"g{number}" for number in range(21))
            + "]}",
        ),
    ),
    Rules(
        "more than 40 balances",
        "club/program.yaml:5:1",
        "150 balances",
        version=_version("run: {points: 6}", "run: {points: 6, balance: b148}"),
        balances="".join(f", b{number}: {{resets: never}}" for number in range(149)),
    ),
    Rules(
        "more than 100 versions",
        "club/versions/v101.yaml:1:5",
        "101 versions",
        patches=tuple(f"levels: {{top: {{threshold: {number % 2 + 6}}}}}\n" for number in range(2, 102)),
    ),
    Rules(
        "more than 200 bonuses of an activity",
        "club/versions/v1.yaml:5:14",
        "1,000 bonuses of an activity",
        version=_version(
            "walk: {points: 5}",
            "walk: {points: 5, bonuses: ["
            + ", ".join(
                f"{{title: B, points: 1, if: {{attribute: occurred_on, at_least: {day}}}}}"
                for day in (date(2024, 1, 1) + timedelta(number) for number in range(1000))
            )
            + "]}",
        ),
    ),
    Rules(
        "more than 200 comparisons in a condition",
        "club/versions/v1.yaml:5:",
        "1,000 comparisons in a condition",
        version=_version(
            "walk: {points: 5}",
            "walk: {points: 5, attributes: {shop: {type: text}}, eligible_if: {any: ["
            "{attribute: shop, present: false}, {attribute: shop, in: ["
            + ", ".join(f"shop-{number}" for number in range(999))
            + "]}]}}",
        ),
    ),
    Rules(
        "a level with `requires`",
        "club/versions/v1.yaml:3:",
        "in `top`",
        version=_version("{threshold: 5}", "{requires: {score: 5, coins: 0}}"),
        balances=", coins: {resets: never}",
    ),
    Rules(
        "a level with `keep`",
        "club/versions/v1.yaml:3:",
        "in `top`",
        version=_version("{threshold: 5}", "{threshold: 5, keep: 4}"),
    ),
    Rules(
        "amounts by level",
        "club/versions/v1.yaml:5:",
        "in `walk`",
        version=_version(
            "walk: {points: 5}", "walk: {points: 5, eligible_if: {attribute: level, at_least: none}}"
        ),
    ),
    Rules(
        "a benefit with a condition",
        "club/versions/v1.yaml:5:",
        "in `card`",
        version=_version(
            "activities:",
            "benefits: {card: {from_level: top, if: {attribute: level, is: top}}}\nactivities:",
        ),
    ),
    Rules(
        "a version without levels",
        "club/versions/v1.yaml:1:",
        "version `v1`",
        version=_version("levels: {top: {threshold: 5}}\n", ""),
    ),
    Rules(
        "a further balance called `points`",
        "club/program.yaml:5:",
        "its columns have other names",
        balances=", points: {resets: never}",
    ),
    Rules(
        "a balance that rounds down",
        "club/program.yaml:5:",
        "of `coins`",
        balances=", coins: {resets: never, round: down}",
    ),
    Rules(
        "a table by several attributes or with `else`; a rate with `every`, a fraction, a table or a range",
        "club/versions/v1.yaml:5:",
        "in `walk`",
        version=_version(
            "walk: {points: 5}",
            "walk: {attributes: {shop: {type: text}},"
            " points: {by: {attribute: shop, values: {a: 5}, else: 6}}}",
        ),
    ),
    Rules(
        "a bonus in percent",
        "club/versions/v1.yaml:5:",
        "in `walk`",
        version=_version("walk: {points: 5}", "walk: {points: 5, bonuses: [{percent: 10}]}"),
    ),
    Rules(
        "an attribute with a default",
        "club/versions/v1.yaml:5:",
        "in `walk`",
        version=_version(
            "walk: {points: 5}",
            "walk: {attributes: {km: {type: integer, default: 1}}, points: {per: {attribute: km}}}",
        ),
    ),
    Rules(
        "a member attribute with a default",
        "club/program.yaml:6:",
        "of `tier`",
        version=_version(
            "walk: {points: 5}", "walk: {points: 5, eligible_if: {attribute: member.tier, is: a}}"
        ),
        members="member_attributes: {tier: {type: text, default: a}}\n",
    ),
)

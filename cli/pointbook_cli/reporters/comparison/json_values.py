"""A comparison as values that JSON has; `comparison.schema.json` describes them.

Members are columns: the n-th value of each is the n-th member's. A log has many of them, so what
repeats is written once, in lists to which columns point; what takes few values is written once for
each state of a member, all of them together, and the member has the state's place.
"""

from __future__ import annotations

import json
from collections import defaultdict
from itertools import islice
from typing import IO, TYPE_CHECKING, Any

from pointbook.comparison.result import BANDS
from pointbook.comparison.summaries import ALL
from pointbook.model.plain_values import plain
from pointbook.version import __version__
from pointbook_cli.reporters.approvals import approval_json
from pointbook_cli.reporters.changes.json_values import change_json, version_json
from pointbook_cli.reporters.comparison.tallies import change_effects, closings_that_differ
from pointbook_cli.reporters.findings.json_values import findings_json, span_json

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from pointbook.comparison.levels.closings import Closing
    from pointbook.comparison.outcome import MemberOutcome
    from pointbook.comparison.result import ComparisonResult, Headline, MemberDifference
    from pointbook.comparison.summaries import Spread
    from pointbook.guardrails.judging import GuardrailResult, JudgedComparison
    from pointbook_cli.reporters.comparison.tallies import ChangeEffect


NAMED = 1_000
"""So many members who hold another level have their closings and what decides, and so many who break a
guardrail are named with it; the CSV report and the columns have all."""


def write_comparison_json(stream: IO[str], judged: JudgedComparison) -> None:
    """Write the whole result, each column of members on one line, and each member who holds another level."""
    whole = comparison_json(judged)
    moved = whole.pop("moved")
    tables = [(name, whole.pop(name)) for name in ("member_states", "members")]
    stream.write(json.dumps(whole, indent=1, ensure_ascii=False, default=str).removesuffix("\n}"))
    stream.write(',\n "moved": [\n')
    stream.write(",\n".join(f"  {_compact(member)}" for member in moved))
    stream.write("\n ]")
    for table, columns in tables:
        stream.write(f',\n "{table}": {{\n')
        stream.write(
            ",\n".join(f"  {json.dumps(name)}: {_compact(column)}" for name, column in columns.items())
        )
        stream.write("\n }")
    stream.write("\n}\n")


def _compact(value: object) -> str:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False, default=str)


def comparison_json(judged: JudgedComparison) -> dict[str, Any]:
    """The whole result as one object; members by name."""
    comparison = judged.comparison
    effects = {effect.share.index: effect for effect in change_effects(comparison)}
    return {
        "engine_version": __version__,
        "program": comparison.program_id,
        "old": {"name": comparison.old_name, **version_json(comparison.old)},
        "new": {"name": comparison.new_name, **version_json(comparison.new)},
        "question": comparison.question,
        "from": plain(comparison.since),
        "replays": comparison.replays,
        "as_of": plain(comparison.as_of),
        "first_event": plain(comparison.first_event),
        "last_event": plain(comparison.last_event),
        "shows_ids": comparison.shows_ids,
        "summary": comparison.summary,
        "unanswered": plain(comparison.unanswered),
        "assumptions": list(comparison.assumptions),
        "verdict": judged.verdict.value,
        "sentence": judged.sentence,
        "passes": judged.passes,
        "broken": judged.broken,
        "findings": findings_json(judged.findings),
        "warnings": list(comparison.warnings),
        "guardrails": [_guardrail(result, comparison) for result in judged.guardrails],
        "headlines": [_headline(headline) for headline in comparison.headlines],
        "changes": [
            {
                **change_json(change),
                "effect": {**plain(share, "index"), "moves": _moves(effects.get(share.index))},
            }
            for change, share in zip(comparison.changes, comparison.attribution.shares, strict=True)
        ],
        "attribution": plain(comparison.attribution, "shares"),
        "levels": [{"id": level, "title": title} for level, title in comparison.levels],
        "matrix": [
            {"old": old, "new": new, "move": comparison.level_moves[old, new], "members": count}
            for (old, new), count in comparison.matrix.items()
        ],
        "bands": dict(comparison.bands),
        "bands_by_level": [
            {"level": level, "bands": dict(bands)} for level, bands in comparison.bands_by_level.items()
        ],
        "distribution": [_spread(spread) for spread in comparison.distribution],
        "balances": plain(comparison.balances),
        "activities": [plain(flow, "balance") for flow in comparison.activities],
        "months": [plain(flow, "balance") for flow in comparison.months],
        "cuts": [plain(flow, "balance") for flow in comparison.cuts],
        "promotions": plain(comparison.promotions),
        "benefits_lost": dict(comparison.benefits_lost),
        "benefits_gained": dict(comparison.benefits_gained),
        "quality": plain(comparison.quality),
        "moved": _moved(comparison),
        **_members(judged),
    }


def _headline(headline: Headline) -> dict[str, Any]:
    low, high = headline.rejects or (None, None)
    return {**plain(headline, "rejects"), "reject_low": low, "reject_high": high}


def _guardrail(result: GuardrailResult, comparison: ComparisonResult) -> dict[str, Any]:
    return {
        **plain(result, "changes", "span", "approval", "figure"),
        "members": list(result.members[:NAMED]),
        "member_count": len(result.members),
        "broken": result.broken,
        "approval": None if result.approval is None else approval_json(result.approval),
        "changes": [comparison.changes[index].address for index in result.changes],
        "place": span_json(result.span),
    }


def _moves(effect: ChangeEffect | None) -> dict[str, int]:
    """Whole members whom a change moves; a neutral one moves nobody."""
    names = ("rising", "falling", "gaining", "losing")
    return {name: 0 if effect is None else getattr(effect, name) for name in names}


def _spread(spread: Spread) -> dict[str, Any]:
    everybody = spread.level == ALL
    return {**plain(spread), "level": None if everybody else spread.level, "everybody": everybody}


def _moved(comparison: ComparisonResult) -> list[dict[str, Any]]:
    """Those whose level is another, most affected first: what decides, and how their periods closed."""
    moved = (member for member in comparison.ranked if member.old.level != member.new.level)
    return [
        {
            "name": member.name,
            "decides": member.sentence,
            "closings": [
                {"last": plain(last), "old": _closing(one), "new": _closing(other)}
                for last, one, other in closings_that_differ(member)
            ],
        }
        for member in islice(moved, NAMED)
    ]


def _closing(closing: Closing | None) -> dict[str, Any] | None:
    if closing is None:
        return None
    return {key: value for key, value in plain(closing).items() if key != "last"}


class _Pool:
    """Values that repeat, each written once, in the order in which they come up."""

    def __init__(self, values: Iterable[object] = ()) -> None:
        self.places: dict[object, int] = {}
        for value in values:
            self.place(value)

    def place(self, value: object) -> int:
        """Where it stands, from 0."""
        return self.places.setdefault(value, len(self.places))


def _members(judged: JudgedComparison) -> dict[str, dict[str, list[Any]]]:
    """Every member in columns, the states to which one of them points, and the lists to which others do."""
    comparison, members = judged.comparison, judged.comparison.members
    levels = _Pool((None, *(level for level, _ in comparison.levels)))
    sets, days, states = _Pool(), _Pool(), _Pool()
    breaks: defaultdict[str, tuple[str, ...]] = defaultdict(tuple)
    for result in judged.guardrails:
        for name in result.members:
            breaks[name] += (result.id,)
    of_member: dict[str, Callable[[MemberDifference], int]] = {
        "band": lambda member: BANDS.index(member.band),
        "level_move": lambda member: member.level_move,
        "breaks": lambda member: sets.place(breaks[member.name]),
        **_sided(
            {
                "promotions": lambda side: side.effects.promotions,
                "demotions": lambda side: side.effects.demotions,
                "level": lambda side: levels.place(side.level),
                "benefits": lambda side: sets.place(side.benefits),
                "near": lambda side: sets.place(side.near),
            }
        ),
    }
    of: dict[str, Callable[[MemberDifference], Any]] = {
        "name": lambda member: member.name,
        "state": lambda member: states.place(tuple(value(member) for value in of_member.values())),
        "events": lambda member: member.events,
        **_sided(
            {
                "points": lambda side: side.effects.points,
                "standing": lambda side: side.standing,
                "first_reached": lambda side: _firsts(side, levels, days),
                "cuts": lambda side: side.cuts,
                "open_values": lambda side: side.open_values,
                **{
                    f"balance:{balance.balance}": _balance(place)
                    for place, balance in enumerate(comparison.balances)
                    if not balance.decides_levels
                },
            }
        ),
    }
    columns = {name: list(map(value, members)) for name, value in of.items()}
    found = {name: [state[place] for state in _tuples(states)] for place, name in enumerate(of_member)}
    lists: dict[str, list[Any]] = {
        "bands": list(BANDS),
        "levels": list(levels.places),
        "sets": [list(values) for values in _tuples(sets)],
        "days": [plain(day) for day in days.places],
    }
    return {"member_lists": lists, "member_states": found, "members": columns}


def _sided(of: Mapping[str, Callable[[MemberOutcome], Any]]) -> dict[str, Callable[[MemberDifference], Any]]:
    """Each value of either side, as two of a member."""

    def of_side(value: Callable[[MemberOutcome], Any], side: str) -> Callable[[MemberDifference], Any]:
        return lambda member: value(getattr(member, side))

    return {f"{name}_{side}": of_side(value, side) for name, value in of.items() for side in ("old", "new")}


def _tuples(pool: _Pool) -> Sequence[tuple[Any, ...]]:
    return [value for value in pool.places if isinstance(value, tuple)]


def _balance(place: int) -> Callable[[MemberOutcome], int]:
    return lambda side: side.balances[place]


def _firsts(side: MemberOutcome, levels: _Pool, days: _Pool) -> list[int]:
    """Each level reached and its first day, one after the other."""
    return [place for level, day in side.firsts for place in (levels.place(level), days.place(day))]

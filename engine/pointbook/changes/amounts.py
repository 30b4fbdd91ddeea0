"""Changes of how an activity's points are found."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pointbook.changes.change import ABSENT, Direction
from pointbook.changes.pair import NO_EFFECT, Verdict
from pointbook.model.points import Assessed, Fixed, PerUnit, Table
from pointbook.model.wording import quantity
from pointbook.reasoning.awards import always_positive, never_positive
from pointbook.reasoning.displacement import can_displace, chain_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pointbook.changes.change import Change
    from pointbook.changes.pair import Pair, Subject
    from pointbook.model.rules import Activity

_DISPLACES = "several limits work together here, so more points at one place can mean fewer at another"


def more_points(
    pair: Pair, old: Activity, new: Activity, reason: str, *, more_events: bool = False
) -> Verdict:
    """The verdict on every event of an activity giving at least as much as before.

    Args:
        pair: The versions.
        old: The activity in the old one.
        new: The activity in the new one.
        reason: Why each event gives at least as much.
        more_events: Whether some gave nothing before.
    """
    if never_positive(old) and never_positive(new):
        return Verdict(Direction.FAVOURABLE, reason)
    same_events = always_positive(old) and always_positive(new) and not more_events
    for activity, version in ((old, pair.old), (new, pair.new)):
        if can_displace(chain_of(activity, version), same_events=same_events):
            return Verdict(Direction.MIXED, _DISPLACES)
    return Verdict(Direction.FAVOURABLE, reason)


def amount_changes(pair: Pair, subject: Subject, old: Activity, new: Activity) -> Iterator[Change]:
    """Changes of the points rule."""
    subject = subject.at("points")
    before, after = old.points, new.points
    if isinstance(before, Fixed) and isinstance(after, Fixed):
        if before != after:
            raised = after.points > before.points
            yield pair.change(
                subject,
                "amount-raised" if raised else "amount-lowered",
                f"{before.points:,} → {quantity(after.points, 'point')}",
                _moved(pair, old, new, raised, "the amount"),
                (before, after),
            )
    elif isinstance(before, Assessed) and isinstance(after, Assessed):
        if (before.minimum, before.maximum) != (after.minimum, after.maximum):
            code, verdict = _range_verdict(pair, old, new, before, after)
            text = f"{before.words} → {after.words}"
            yield pair.change(subject, code, text, verdict, (before, after))
    elif isinstance(before, PerUnit) and isinstance(after, PerUnit):
        yield from _rate_changes(pair, subject, old, new, (before, after))
    elif isinstance(before, Table) and isinstance(after, Table):
        yield from _table_changes(pair, subject, old, new, (before, after))
    else:
        reason = "the points are found in another way, so it depends on each event"
        text = f"{before.words} → {after.words}"
        yield pair.change(
            subject, "amount-form-changed", text, Verdict(Direction.MIXED, reason), (before, after)
        )


def _moved(pair: Pair, old: Activity, new: Activity, raised: bool, what: str) -> Verdict:
    return more_points(pair, old, new, f"{what} is {'higher' if raised else 'lower'} for every event").when(
        raised
    )


def _range_verdict(
    pair: Pair, old: Activity, new: Activity, before: Assessed, after: Assessed
) -> tuple[str, Verdict]:
    if after.minimum >= before.minimum and after.maximum >= before.maximum:
        return "range-raised", _moved(pair, old, new, raised=True, what="an assessment of the same merit")
    if after.minimum <= before.minimum and after.maximum <= before.maximum:
        return "range-lowered", _moved(pair, old, new, raised=False, what="an assessment of the same merit")
    if after.maximum > before.maximum:
        reason = "low assessments come to fewer points, high ones to more"
        return "range-widened", Verdict(Direction.MIXED, reason)
    reason = "low assessments come to more points, high ones to fewer"
    return "range-narrowed", Verdict(Direction.MIXED, reason)


def _rate_changes(
    pair: Pair, subject: Subject, old: Activity, new: Activity, rates: tuple[PerUnit, PerUnit]
) -> Iterator[Change]:
    before, after = rates
    written = ((*subject.old, "per"), (*subject.new, "per"))
    if before.points != after.points:
        raised = after.points > before.points
        yield pair.change(
            subject.at("points"),
            "rate-raised" if raised else "rate-lowered",
            f"{before.words} → {after.words}",
            _moved(pair, old, new, raised, "the rate"),
            (before.points, after.points),
            ((*written[0], "points"), (*written[1], "points")),
        )
    if before.attribute != after.attribute:
        yield pair.change(
            subject.at("attribute"),
            "rate-attribute-changed",
            f"counted by {before.attribute} → {after.attribute}",
            Verdict(Direction.MIXED, "another quantity is counted"),
            (before.attribute, after.attribute),
            ((*written[0], "attribute"), (*written[1], "attribute")),
        )
    if before.unit != after.unit:
        verb = "added" if before.unit is None else "removed" if after.unit is None else "changed"
        yield pair.change(
            subject.at("unit"),
            f"unit-{verb}",
            f"unit called {before.unit or 'nothing'} → {after.unit or 'nothing'}",
            NO_EFFECT,
            (before.unit, after.unit),
            ((*written[0], "unit"), (*written[1], "unit")),
        )


def _table_changes(
    pair: Pair, subject: Subject, old: Activity, new: Activity, tables: tuple[Table, Table]
) -> Iterator[Change]:
    before, after = tables
    written = ((*subject.old, "by"), (*subject.new, "by"))
    if before.attribute != after.attribute:
        yield pair.change(
            subject.at("attribute"),
            "table-attribute-changed",
            f"looked up by {before.attribute} → {after.attribute}",
            Verdict(Direction.MIXED, "another attribute decides"),
            (before.attribute, after.attribute),
            ((*written[0], "attribute"), (*written[1], "attribute")),
        )
    for key in sorted({*before.values, *after.values}):
        was, becomes = before.values.get(key), after.values.get(key)
        if was == becomes:
            continue
        raised = (becomes or 0) > (was or 0)
        reason = f"`{key}` gives {'more' if raised else 'fewer'} points"
        verdict = more_points(pair, old, new, reason, more_events=was is None or becomes is None).when(raised)
        if was is None or becomes is None:
            code = "table-value-added" if was is None else "table-value-removed"
            if not was and not becomes:
                verdict = Verdict(Direction.NEUTRAL, f"`{key}` gives nothing, listed or not")
        else:
            code = "table-value-raised" if raised else "table-value-lowered"
        text = f"`{key}` {_amount(was)} → {_amount(becomes)}"
        values = (ABSENT if was is None else was, ABSENT if becomes is None else becomes)
        places = ((*written[0], "values", key), (*written[1], "values", key))
        yield pair.change(subject.at("values", key), code, text, verdict, values, places)


def _amount(points: int | None) -> str:
    return "not listed" if points is None else quantity(points, "point")

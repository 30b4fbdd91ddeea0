"""Changes of what a standing brings: levels, benefits, the life cycle, and the version's own dates."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pointbook.changes.change import ABSENT, Direction
from pointbook.changes.pair import Subject, Verdict
from pointbook.model.quantities import quantity
from pointbook.model.rules import Demotion

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pointbook.changes.change import Change
    from pointbook.changes.pair import Pair
    from pointbook.model.rules import Benefit, Level, Version

_CROSSED = Verdict(
    Direction.MIXED, "it changes places with another level, so who holds which level changes too"
)


def header_changes(pair: Pair) -> Iterator[Change]:
    """Dates, title, note and source of the version itself."""
    old, new = pair.old, pair.new
    subject = Subject("version", "Version", (), ())
    neutral = Verdict(Direction.NEUTRAL, "a date; it says when the rules apply, not what they are")
    if old.effective_from != new.effective_from:
        yield pair.change(
            subject.at("effective_from"),
            "effective-date-changed",
            f"takes effect on {old.effective_from} → {new.effective_from}",
            neutral,
            (old.effective_from, new.effective_from),
        )
    if old.announced_on != new.announced_on:
        verb = "added" if old.announced_on is None else "removed" if new.announced_on is None else "changed"
        yield pair.change(
            subject.at("announced_on"),
            f"announcement-{verb}",
            f"announced on {old.announced_on or 'no stated day'} → {new.announced_on or 'no stated day'}",
            neutral,
            (old.announced_on, new.announced_on),
        )
    yield from pair.texts(subject, old, new)


def level_changes(pair: Pair) -> Iterator[Change]:
    """Levels added, removed, and their thresholds."""
    old, new = pair.old.levels, pair.new.levels
    for key in sorted({*old, *new}):
        title = _title(new.get(key) or old[key])
        subject = Subject(f"levels/{key}", title, ("levels", key), ("levels", key))
        if key not in old:
            why = Verdict(Direction.FAVOURABLE, "one more level to reach; no other level moves")
            text = f"added as a level at {quantity(new[key].threshold, 'point')}"
            yield pair.change(subject, "level-added", text, why, (ABSENT, new[key]))
        elif key not in new:
            why = Verdict(Direction.ADVERSE, "one level less to reach; no other level moves")
            text = f"removed as a level, was at {quantity(old[key].threshold, 'point')}"
            yield pair.change(subject, "level-removed", text, why, (old[key], ABSENT))
        else:
            yield from _threshold_change(pair, subject, old[key], new[key])
            yield from pair.texts(subject, old[key], new[key])


def _threshold_change(pair: Pair, subject: Subject, old: Level, new: Level) -> Iterator[Change]:
    if old.threshold == new.threshold:
        return
    lowered = new.threshold < old.threshold
    verdict = Verdict(Direction.FAVOURABLE, "fewer points reach and keep the level")
    if not lowered:
        verdict = Verdict(Direction.ADVERSE, "more points are needed to reach and keep the level")
    if _crosses(pair, old.id):
        verdict = _CROSSED
    yield pair.change(
        subject.at("threshold"),
        "threshold-lowered" if lowered else "threshold-raised",
        f"threshold {old.threshold:,} → {new.threshold:,}",
        verdict,
        (old.threshold, new.threshold),
    )


def _crosses(pair: Pair, level_id: str) -> bool:
    """Whether the level's new place is on the other side of another level, in either version."""
    before, after = pair.old.levels[level_id].threshold, pair.new.levels[level_id].threshold
    lowest, highest = min(before, after), max(before, after)
    between = any(
        lowest <= level.threshold <= highest
        for version in (pair.old, pair.new)
        for level in version.levels.values()
        if level.id != level_id
    )
    return between and _order(pair.old, pair.new) != _order(pair.new, pair.old)


def _order(version: Version, other: Version) -> list[str]:
    return [level for level in version.levels if level in other.levels]


def benefit_changes(pair: Pair) -> Iterator[Change]:
    """Benefits added, removed, and the levels they come with."""
    old, new = pair.old.benefits, pair.new.benefits
    for key in sorted({*old, *new}):
        title = _title(new.get(key) or old[key])
        subject = Subject(f"benefits/{key}", title, ("benefits", key), ("benefits", key))
        if key not in old:
            yield pair.change(
                subject,
                "benefit-added",
                f"benefit added, {_from(new[key])}",
                _promise(new[key]),
                (ABSENT, new[key]),
            )
        elif key not in new:
            verdict = _promise(old[key]).when(holds=False)
            text = f"benefit removed, was {_from(old[key])}"
            yield pair.change(subject, "benefit-removed", text, verdict, (old[key], ABSENT))
        else:
            if old[key].from_level != new[key].from_level:
                code, verdict = _benefit_level(pair, old[key].from_level, new[key].from_level)
                text = f"{_from(old[key])} → {_from(new[key])}"
                values = (old[key].from_level, new[key].from_level)
                yield pair.change(subject.at("from_level"), code, text, verdict, values)
            yield from pair.texts(subject, old[key], new[key])


def _promise(benefit: Benefit) -> Verdict:
    if benefit.from_level is None:
        return Verdict(Direction.MIXED, "the program does not state who has it, so nobody can be said to")
    return Verdict(Direction.FAVOURABLE, f"it comes with the level {benefit.from_level} and those above")


def _benefit_level(pair: Pair, old: str | None, new: str | None) -> tuple[str, Verdict]:
    if old is None:
        return "benefit-level-added", Verdict(Direction.FAVOURABLE, "nobody was known to have it")
    if new is None:
        return "benefit-level-removed", Verdict(Direction.ADVERSE, "nobody is known to have it any more")
    moves = {
        list(version.levels).index(new) < list(version.levels).index(old)
        for version in (pair.old, pair.new)
        if old in version.levels and new in version.levels
    }
    if moves == {True}:
        return "benefit-level-lowered", Verdict(Direction.FAVOURABLE, "members of lower levels get it too")
    if moves == {False}:
        return "benefit-level-raised", Verdict(Direction.ADVERSE, "members of lower levels no longer get it")
    reason = "the two levels cannot be compared, because no version has both in one order"
    return "benefit-level-changed", Verdict(Direction.MIXED, reason)


def life_cycle_changes(pair: Pair) -> Iterator[Change]:
    """What anniversaries do."""
    old, new = pair.old.life_cycle, pair.new.life_cycle
    subject = Subject("life_cycle", "Life cycle", ("life_cycle",), ("life_cycle",))
    if old.demotion is not new.demotion:
        eased = new.demotion is Demotion.ONE_LEVEL
        verdict = Verdict(Direction.FAVOURABLE, "an anniversary takes at most one level instead of several")
        if not eased:
            verdict = Verdict(Direction.ADVERSE, "an anniversary can take several levels instead of one")
        yield pair.change(
            subject.at("demotion"),
            "demotion-eased" if eased else "demotion-tightened",
            f"demotion {old.demotion} → {new.demotion}",
            verdict,
            (old.demotion, new.demotion),
        )
    if old.leap_day is not new.leap_day:
        reason = "the year of members who signed up on 29 February ends on another day, for better or worse"
        yield pair.change(
            subject.at("leap_day"),
            "leap-day-changed",
            f"29 February in common years {old.leap_day} → {new.leap_day}",
            Verdict(Direction.MIXED, reason),
            (old.leap_day, new.leap_day),
        )
    yield from pair.texts(subject, old, new)


def _title(rule: Level | Benefit) -> str:
    return rule.title or rule.id


def _from(benefit: Benefit) -> str:
    return "level not stated" if benefit.from_level is None else f"from level {benefit.from_level}"

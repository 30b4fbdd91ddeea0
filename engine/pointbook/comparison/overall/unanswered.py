"""What the log cannot answer, with the events that it is about and the points at stake.

Points at stake are what the same events come to on the other side, where that says what they are
worth; else what the rules could give them, from the least to the most, before any limit.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from pointbook.comparison.figures import percent_text, share_of
from pointbook.comparison.overall.refused import refused_spends
from pointbook.comparison.overall.wording import in_balance, named_activities
from pointbook.comparison.summaries import Unanswered
from pointbook.model.amounts import in_results
from pointbook.model.ledger import Outcome
from pointbook.model.wording import quantity
from pointbook.reasoning.awards import awards_of
from pointbook.reasoning.conditions import attribute_uses
from pointbook.reasoning.unstated import unstated_life_cycles

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date

    from pointbook.comparison.counts import LogCounts
    from pointbook.comparison.question import Question
    from pointbook.comparison.result import Headline
    from pointbook.comparison.sides import Sides
    from pointbook.comparison.terms import Terms
    from pointbook.log import LogFacts
    from pointbook.model.activities import Activity
    from pointbook.model.program import Program

_LIMITED = {Outcome.REDUCED, Outcome.CAPPED}
_LONG_AFTER = 31
"""Days without an event, after which it is said that there is none."""


class _Subject(NamedTuple):
    """What several kinds of events have in common, so that one sentence is about them.

    Attributes:
        code: Of the sentence.
        about: What it is about: columns, an outcome, or which rules lack the activities.
        sides: Under which rules it cannot be told.
    """

    code: str
    about: str
    sides: str


@dataclass(slots=True)
class _Stakes:
    """What is at stake: events by activity, points known of the other side, and entries of neither.

    Attributes:
        neither: By activity and balance, which is empty for all that an event could come to.
        balances: Of which that is said; one that is empty stands for all.
    """

    events: Counter[str] = field(default_factory=Counter)
    old: Counter[str] = field(default_factory=Counter)
    new: Counter[str] = field(default_factory=Counter)
    neither: Counter[tuple[str, str]] = field(default_factory=Counter)
    balances: set[str] = field(default_factory=set)


def unanswered_of(
    terms: Terms, counts: LogCounts, points: Headline, titles: Mapping[str, str]
) -> tuple[Unanswered, ...]:
    """What cannot be answered: that nothing counted first, then by the number of events.

    Args:
        terms: What the comparison is made of.
        counts: What all events come to.
        points: The headline of points, with its bounds.
        titles: Of activities.
    """
    found = [*_of_events(terms, counts, titles), *_rejected(terms, counts, points)]
    found.sort(key=lambda one: (-one.events, one.code, one.sentence))
    return (*_nothing(terms, counts), *found)


def assumptions_of(question: Question, last_event: date | None) -> tuple[str, ...]:
    """How the question was put, where that takes something for granted."""
    found = []
    if question.since is not None and question.after is None:
        found.append(
            f"The new version takes effect on {question.since}; events before that day count the same on both"
            " sides."
        )
    found += [f"{sentence[0].upper()}{sentence[1:]}." for sentence in unstated_life_cycles(question.versions)]
    days = 0 if last_event is None else (question.as_of - last_event).days
    if days > _LONG_AFTER:
        found.append(
            f"The last event is of {last_event}: in the {days:,} days from then to {question.as_of} nobody"
            " does anything, so that levels are lost which members could have kept."
        )
    return tuple(found)


def _nothing(terms: Terms, counts: LogCounts) -> Iterator[Unanswered]:
    """That no event counted under either rules, so that no figure says anything."""
    parts = counts.same, counts.old, counts.new
    if any(part.awarded or part.outcomes.keys() & _LIMITED for part in parts):
        return
    log = terms.log.facts
    reasons = (
        f"of {quantity(log.events_read, 'row')} of events, {len(log.rejects):,} rejected",
        f"{counts.after_as_of:,} after {terms.sides.question.as_of}",
        f"{counts.events:,} without an amount under either rules",
    )
    yield Unanswered("no-event-counted", f"No event counted: {', '.join(reasons)}.", log.events_read, "")


def _of_events(terms: Terms, counts: LogCounts, titles: Mapping[str, str]) -> Iterator[Unanswered]:
    sides, program = terms.sides, terms.sides.question.program
    for subject, found in _stakes_of(terms, counts).items():
        text = _sentence(subject, named_activities(found.events, titles), _where(found, sides, program))
        yield Unanswered(subject.code, text, sum(found.events.values()), _points_text(found, sides, program))
    yield from refused_spends(terms.sides.question.program, counts, titles)
    assumed = counts.same.assumed + (counts.old.assumed | counts.new.assumed)
    if assumed:
        named, taken = named_activities(assumed, titles), terms.options.assume
        text = f"Values of {named} are missing or do not compare; they are taken as `{taken}`."
        yield Unanswered("assumed-values", text, sum(assumed.values()), "")


def _where(stakes: _Stakes, sides: Sides, program: Program) -> str:
    """In which balances, where the events can count in others."""
    rules = [rule for name in stakes.events for rule in _rules(sides, name)]
    if "" in stakes.balances or all(len(rule.entries) == 1 for rule in rules):
        return ""
    titles = [one.title or name for name, one in program.balances.items() if name in stakes.balances]
    return f" in {' and '.join(filter(None, (', '.join(titles[:-1]), titles[-1])))}"


def _sentence(subject: _Subject, named: str, where: str) -> str:
    match subject.code:
        case "missing-column":
            return (
                f"The log has no column {subject.about}, or an empty one; {named} needs it {subject.sides},"
                f" and such events count nothing{where} there."
            )
        case "not-comparable":
            return (
                f"Values of {named} were given under a rule of their day that does not compare"
                f" {subject.sides}, where such events count nothing{where}."
            )
        case "unknown-activity":
            return f"{subject.about} {named}."
        case _:
            return f"Events of {named} count nothing{where} {subject.sides}: {subject.about}."


def _stakes_of(terms: Terms, counts: LogCounts) -> dict[_Subject, _Stakes]:
    found: defaultdict[_Subject, _Stakes] = defaultdict(_Stakes)
    void = Counter(counts.void)
    for (activity, outcome), number in counts.same.void.items():
        void[activity, outcome, outcome] += number
    for (activity, one, other), number in void.items():
        subject = _subject(terms, activity, one, other)
        if subject is None:
            continue
        stakes = found[subject]
        stakes.events[activity] += number
        for balance in terms.sides.question.program.balances:
            at_stake = counts.stakes[activity, one, other, balance]
            (stakes.new if one.is_void else stakes.old)[balance] += at_stake
    entries = Counter(counts.void_entries)
    for (activity, outcome, balance), number in counts.same.void_entries.items():
        entries[activity, outcome, outcome, balance] += number
    for (activity, one, other, balance), number in entries.items():
        subject = _subject(terms, activity, one, other)
        if subject is None:
            continue
        found[subject].balances.add(balance)
        if one.is_void and other.is_void:
            found[subject].neither[activity, balance] += number
    return found


def _subject(terms: Terms, activity: str, one: Outcome, other: Outcome) -> _Subject | None:
    """Which sentence events with these outcomes belong to; None where nothing is unanswered."""
    if one is Outcome.NO_SUCH_ACTIVITY is not other:
        # An activity that is added: what its events come to is what the change does.
        return _subject(terms, activity, other, other) if other.is_void else None
    outcomes = [outcome for outcome in (other, one) if outcome.is_void]
    sides = "under both" if len(outcomes) > 1 else f"under the {'new' if other.is_void else 'old'} rules"
    subject = _Subject("uncounted-events", outcomes[0].words, sides)
    if Outcome.NO_SUCH_ACTIVITY in outcomes:
        whose = "The new rules do not have"
        if one is other:
            known = bool(_rules(terms.sides, activity))
            whose = "The rules in force on the day do not have" if known else "No rules here have"
        subject = _Subject("unknown-activity", whose, "")
    elif Outcome.MISSING_ATTRIBUTE in outcomes and (lacking := _lacking(terms, activity)):
        subject = _Subject("missing-column", ", ".join(f"`{name}`" for name in lacking), sides)
    elif Outcome.NOT_COMPARABLE in outcomes:
        subject = _Subject("not-comparable", "", sides)
    elif Outcome.UNVALUED in outcomes:
        subject = _Subject("missing-values", Outcome.UNVALUED.words, sides)
    return subject


def _lacking(terms: Terms, activity: str) -> list[str]:
    """Attributes that a rule of the activity needs and of which the log has no value."""
    used = {use.name for rule in _rules(terms.sides, activity) for use in attribute_uses(rule)}
    return sorted(name for name in used if name in terms.log.facts.empty)


def _rules(sides: Sides, activity: str) -> list[Activity]:
    """What any version says of events that name this activity."""
    rules = map(sides.question.rules_of(activity), sides.versions)
    return [rule for rule in rules if rule is not None]


def _rejected(terms: Terms, counts: LogCounts, points: Headline) -> Iterator[Unanswered]:
    log, apart = terms.log.facts, terms.log.apart
    program = terms.sides.question.program
    events, members = len(log.rejects), len(log.member_rejects)
    for which, name in enumerate(("old", "new") if apart else ()):
        assert apart is not None
        alone = apart[which].rejected_beside(apart[1 - which])
        events, members = events - alone[0], members - alone[1]
        if any(alone):
            other = "new" if name == "old" else "old"
            given = [
                f"{quantity(number, 'point')}{in_balance(balance, program)} on the {other} side"
                for balance in program.balances
                if (number := counts.one_sided[name == "old", balance])
            ]
            rows = _rows_text(alone, log)
            text = f"Rejected on the {name} side, and counted on the {other} one alone: {rows}."
            yield Unanswered("rejected-rows", text, sum(alone), "; ".join(given))
    if not events + members:
        return
    low, high = points.rejects or (None, None)
    reach = ""
    if (low, high) != (points.change, points.change):
        least = "no least known" if low is None else f"at least {low:+,}"
        most = "no most known" if high is None else f"at most {high:+,}"
        reach = f"a difference of {least}, {most}, had they been right"
    yield Unanswered(
        "rejected-rows",
        f"Rejected, and counted on neither side: {_rows_text((events, members), log)}.",
        events + members,
        reach,
    )


def _rows_text(rejected: tuple[int, int], log: LogFacts) -> str:
    """How many rows of events and of members are rejected, of all that were read."""
    return " and ".join(
        f"{number:,} of {quantity(read, 'row')} of {what} ({percent_text(share_of(number, read))})"
        for number, read, what in zip(
            rejected, (log.events_read, log.members_read), ("events", "members"), strict=True
        )
        if number
    )


def _points_text(stakes: _Stakes, sides: Sides, program: Program) -> str:
    """Points at stake: what the other side gives, and what is possible where neither side says."""
    parts = []
    for name, known in (("old", stakes.old), ("new", stakes.new)):
        parts += [
            f"{quantity(number, 'point')}{in_balance(balance, program)} under the {name} rules"
            for balance, number in known.items()
            if number
        ]
    for balance in program.balances:
        low = high = 0
        unlimited = False
        for (activity, named), number in stakes.neither.items():
            bounds = [
                awards_of(entry, rule)
                for rule in _rules(sides, activity)
                for entry in rule.entries
                if entry.balance == balance and named in ("", balance)
            ]
            if any(bound.lowest is None or bound.highest is None for bound in bounds):
                unlimited = True
            low += in_results(number * min((bound.lowest or 0 for bound in bounds), default=0))
            high += in_results(number * max((bound.highest or 0 for bound in bounds), default=0))
        if unlimited:
            parts.append(f"no limit is known{in_balance(balance, program)}")
        elif low or high:
            span = quantity(high, "point") if low == high else f"{low:,} to {high:,} points"
            parts.append(f"{span}{in_balance(balance, program)} possible")
    return "; ".join(parts)

"""What an explanation consists of."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from pointbook.diagnostics import Span
    from pointbook.model.ledger import Entry, LevelChange, Outcome, Standing
    from pointbook.model.log import Member, Reject
    from pointbook.views.explanation.names import Names


@dataclass(frozen=True, slots=True)
class ExplainedStep:
    """One step on the way from an event to its points.

    Attributes:
        text: What happens, in words.
        span: The rule that makes it so, or None where no rule does.
        gist: What of it is told of several events together, "" where that is nothing.
        begins_anew: Where a limit has cut the event, the day on which its next window begins.
        is_of_event: Whether it is the same for every entry of the event.
    """

    text: str
    span: Span | None = None
    gist: str = ""
    begins_anew: date | None = None
    is_of_event: bool = False


@dataclass(frozen=True, slots=True)
class ExplainedEntry:
    """What an event gave in one balance, or took from it, and why.

    Attributes:
        entry: The ledger entry.
        rule: Where its rule stands, or None where there is none.
        reasons: The steps, in order.
    """

    entry: Entry
    rule: Span | None
    reasons: tuple[ExplainedStep, ...]

    @property
    def own_reasons(self) -> tuple[ExplainedStep, ...]:
        """The steps that are not the same for every entry of the event."""
        return tuple(step for step in self.reasons if not step.is_of_event)


@dataclass(frozen=True, slots=True)
class ExplainedEvent:
    """An event, what it came to and why.

    Attributes:
        title: What the activity is called.
        rule: Where its rule stands, or None where there is none.
        entries: What it gave and took, at least one, in the order of the ledger.
        further_entries: How many more of its entries there are that were not asked for.
        references: What the log has in the columns that are carried into the ledger.
    """

    title: str
    rule: Span | None
    entries: tuple[ExplainedEntry, ...]
    further_entries: int = 0
    references: Mapping[str, object] = field(default_factory=dict)

    @property
    def entry(self) -> Entry:
        """Its first entry, which says when and of what the event is."""
        return self.entries[0].entry

    @property
    def has_several(self) -> bool:
        """Whether it has more than one entry in the ledger."""
        return len(self.entries) + self.further_entries > 1

    @property
    def reasons(self) -> tuple[ExplainedStep, ...]:
        """The steps: of several entries those that are the same for all, of one all of them."""
        if not self.has_several:
            return self.entries[0].reasons
        steps = (step for one in self.entries for step in one.reasons if step.is_of_event)
        return tuple(dict.fromkeys(steps))


@dataclass(frozen=True, slots=True)
class ExplainedChange:
    """A level that changed, or was kept, and why.

    Attributes:
        change: The change.
        reason: What decided it, in words.
        span: The threshold that decided it, or None where no single one did.
        event_id: The event that brought it about; None where time did.
    """

    change: LevelChange
    reason: str
    span: Span | None
    event_id: str | None = None


@dataclass(frozen=True, slots=True)
class ExplainedOutcome:
    """Events of one activity in one period that came to the same for the same reasons.

    Attributes:
        outcome: What became of them.
        reasons: Why, each with the rule that makes it so; none where they simply count.
        event_ids: Which ones.
        requested: Their points before limits.
        awarded: Their points that count.
        begins_anew: Where a limit has cut them, the day on which its window begins anew; None where that
            is no later than the as-of date.
    """

    outcome: Outcome
    reasons: tuple[ExplainedStep, ...]
    event_ids: tuple[str, ...]
    requested: int
    awarded: int
    begins_anew: date | None


@dataclass(frozen=True, slots=True)
class ExplainedActivity:
    """What one activity came to in one period.

    Attributes:
        activity: Its id, as the log has it.
        events: How many there are.
        requested: Their points before limits.
        awarded: Their points that count.
        outcomes: The events by outcome and reason, those that simply count first.
    """

    activity: str
    events: int
    requested: int
    awarded: int
    outcomes: tuple[ExplainedOutcome, ...]

    @property
    def unclear(self) -> tuple[ExplainedOutcome, ...]:
        """Those of which there is something to say."""
        return tuple(outcome for outcome in self.outcomes if outcome.reasons)

    @property
    def only_unclear(self) -> ExplainedOutcome | None:
        """What became of all of its events for one reason, if there is something to say of it."""
        return self.outcomes[0] if len(self.outcomes) == 1 and self.unclear else None


@dataclass(frozen=True, slots=True)
class ExplainedPeriod:
    """What one period of one balance came to.

    Attributes:
        balance: The balance's id.
        period: Its number; None before the sign-up.
        begins: First day; None before the sign-up.
        ends: First day of the next period; None where there is none.
        start: What it began with.
        total: The balance at its end, or on the as-of date.
        events: How many there are.
        activities: From the one that came to most.
    """

    balance: str
    period: int | None
    begins: date | None
    ends: date | None
    start: int
    total: int
    events: int
    activities: tuple[ExplainedActivity, ...]


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a member stands where they stand.

    Attributes:
        program_title: What the program is called.
        names: What levels, activities and balances are called.
        level_balance: The balance that decides levels, by id.
        member: Who.
        as_of: The last day that counts.
        version: The version that is taken to have always been in force; None where none is.
        standing: Where they stand; None before the sign-up.
        at_period_end: The level that they would hold after the level period without further points;
            None where the period has no end.
        outlook: What is needed to keep and to reach levels, by when.
        levels: Every change of level, in order.
        periods: Level balance first, and the latest period of each balance first.
        timeline: Events and changes of level in the order in which they happen, all of them or those
            that were asked for. A change that an event brings about stands after it.
        rejects: Rows of the log that name the member and could not be used, the first ones of them.
        further_rejects: How many more there are.
        after_as_of: How many of the member's events lie after the as-of date.
        notes: What became of events that were asked for and are not in the ledger.
    """

    program_title: str
    names: Names
    level_balance: str
    member: Member
    as_of: date
    version: str | None
    standing: Standing | None
    at_period_end: Standing | None
    outlook: tuple[str, ...]
    levels: tuple[ExplainedChange, ...]
    periods: tuple[ExplainedPeriod, ...]
    timeline: tuple[ExplainedEvent | ExplainedChange, ...]
    rejects: tuple[Reject, ...]
    further_rejects: int
    after_as_of: int
    notes: tuple[str, ...] = ()

    @property
    def events(self) -> tuple[ExplainedEvent, ...]:
        """The events of the timeline."""
        return tuple(item for item in self.timeline if isinstance(item, ExplainedEvent))

"""A log under two versions, and everything that is different, stage by stage.

1. `sides`: both versions, ready to evaluate members by, and what their rules say alone.
2. `pairs`: each member's pair of outcomes, under the old rules and under the new.
3. `shares`: which changes move the member, and each change's fair share of the whole.
4. `open_values`: the pair, had missing assessed values been at their lowest, or at their highest.
5. `headlines`: figures of the whole, with `rejects`: how far rejected rows could move them.
6. `traces`: what differs event by event, for the members who differ most.
7. `finishing`: all of it as the result that reports lay out.

Stages 2 to 6 run over members. What they find of some is a `PartialComparison`, and what is found of
two ranges of members is what is found of each, `merged`. So a log can be compared range by range.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pointbook.comparison.finishing import finished
from pointbook.comparison.headlines import add_shifts
from pointbook.comparison.levels.turns import Turn
from pointbook.comparison.names import distinct_pseudonym
from pointbook.comparison.open_values import pairs_assuming
from pointbook.comparison.outcome import band_of
from pointbook.comparison.pairs import Reading, pairs_of, pairs_of_readings
from pointbook.comparison.partial import PartialComparison
from pointbook.comparison.rejects.bounds import add_leeways
from pointbook.comparison.result import MemberDifference
from pointbook.comparison.shares.attribution import influences_of
from pointbook.comparison.terms import terms_of, whole_log
from pointbook.comparison.traces import most_affected, traces_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pointbook.comparison.outcome import MemberOutcome
    from pointbook.comparison.pairs import MemberPair
    from pointbook.comparison.question import Question
    from pointbook.comparison.result import ComparisonResult
    from pointbook.comparison.shares.result import Influence
    from pointbook.comparison.terms import Options, Terms
    from pointbook.log import Log
    from pointbook.model.log import Event, Member


def compare(question: Question, log: Log, options: Options) -> ComparisonResult:
    """The log under both, and what is different.

    Args:
        question: The versions, and for when.
        log: Members and events.
        options: How.

    Raises:
        AssertionError: Figures that must agree do not; nothing is reported then.
    """
    known = whole_log(log.facts, log.members, question, options)
    terms = terms_of(question, known, options)
    return finished(terms, partial_comparison(terms, log.members, log.events))


def partial_comparison(
    terms: Terms, members: Mapping[str, Member], events: Sequence[Event], after: Reading | None = None
) -> PartialComparison:
    """What is found of some members.

    Args:
        terms: What the comparison is made of.
        members: By id: all members of the log, or a range of them.
        events: Theirs, sorted by member, then in the order in which they count.
        after: The same as the new side reads it, where each side reads the log for itself.
    """
    sides, options, found = terms.sides, terms.options, PartialComparison()
    names = {}
    before = Reading(members, events)
    if after is None:
        pairs = pairs_of(sides, members, events, found.counts, options.progress)
    else:
        pairs = pairs_of_readings(sides, before, after, found.counts, options.progress)
    for pair in pairs:
        influences = influences_of(pair, terms.games, found.shares) if options.attribution else ()
        measured = _difference(terms, pair, (pair.old, pair.new), influences)
        for shifts, outcomes in zip((found.low, found.high), pairs_assuming(pair, sides), strict=True):
            if outcomes != (pair.old, pair.new):
                add_shifts(shifts, measured, _difference(terms, pair, outcomes, influences))
        add_leeways(pair, terms.rejects, found.rejects)
        found.members.append(measured)
        names[measured.name] = pair.member.id
    traced = {member.name: names[member.name] for member in most_affected(found.members)}
    found.traces = traces_of(sides, traced, (before, after or before), show_ids=options.show_ids)
    return found


def _difference(
    terms: Terms,
    pair: MemberPair,
    outcomes: tuple[MemberOutcome, MemberOutcome],
    influences: tuple[Influence, ...],
) -> MemberDifference:
    """The member's difference, as measured or under another assumption."""
    (old, new), sides, member_id = outcomes, terms.sides, pair.member.id
    move = sides.level_move(old.level, new.level)
    turn = pair.turn if (old.level, new.level) == (pair.old.level, pair.new.level) else Turn()
    ranks = sides.ranks[new.level] - sides.ranks[old.level]
    return MemberDifference(
        name=member_id
        if terms.options.show_ids
        else distinct_pseudonym(sides.question.program.id, member_id, terms.log.shared),
        events=len(pair.events),
        old=old,
        new=new,
        band=band_of(old.effects.points, new.effects.points),
        level_move=move,
        influences=influences,
        ranks=move * max(1, abs(ranks)),
        turn=turn.sentence,
        missed=turn.missed,
        words=terms.words,
    )

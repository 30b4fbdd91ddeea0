"""Fair shares are what the definition says, however they are computed."""

from __future__ import annotations

import sys
from fractions import Fraction
from pathlib import Path

from hypothesis import assume, given, settings
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).parent))
from test_shortcuts import effects_of, leaping_logs, policies, questions

from pointbook.changes.differences import changes_between
from pointbook.comparison.comparing import compare
from pointbook.comparison.shares.attribution import rules_by_subset
from pointbook.comparison.shares.game import subsets_of
from pointbook.comparison.shares.shapley import exact_split, shares_by_definition
from pointbook.comparison.terms import Options

values_of_games = st.integers(0, 5).flatmap(
    lambda count: st.lists(st.integers(-50, 50), min_size=1 << count, max_size=1 << count)
)


@given(values_of_games)
@settings(max_examples=60, deadline=None)
def test_the_fast_way_gives_what_the_definition_says(values):
    players = range(len(values).bit_length() - 1)
    split = exact_split(values)
    fast = {player: Fraction(split.numerators[player], split.denominator) for player in players}
    assert fast == shares_by_definition(players, values.__getitem__)


@given(values_of_games)
@settings(max_examples=60, deadline=None)
def test_shares_are_efficient_symmetric_and_nothing_for_whoever_adds_nothing(values):
    players = range(len(values).bit_length() - 1)
    shares = shares_by_definition(players, values.__getitem__)
    assert sum(shares.values()) == values[-1] - values[0]
    # A further player who adds nothing gets nothing, and changes nobody's share.
    extra = len(players)
    assert shares_by_definition([*players, extra], [*values, *values].__getitem__) == {**shares, extra: 0}
    # Two players who add the same to every set get the same.
    of_four = [value for value in values for _ in range(4)]
    twins = [value + 7 * (mask & 1) + 7 * (mask >> 1 & 1) for mask, value in enumerate(of_four)]
    both = shares_by_definition(range(len(players) + 2), twins.__getitem__)
    assert both[0] == both[1] == 7


@given(questions(), leaping_logs(), policies)
@settings(max_examples=40, deadline=None)
def test_shares_of_a_log_are_those_of_evaluating_all_of_it_under_every_set_of_changes(question, log, policy):
    changes = changes_between(question.old, question.new, (question.program,))
    result = compare(question, log, Options(assume=policy))
    counted = [share.index for share in result.attribution.shares if share.counted]
    assume(len(counted) <= 7 and result.attribution.method == "exact")
    rules = rules_by_subset(question, changes, policy)
    members = [
        (member, [event for event in log.events if event.member_id == member.id])
        for member in log.members.values()
        if member.signed_up_on <= question.as_of
    ]

    def figures(mask):
        """What the whole log comes to under the changes of a mask: points, promotions, demotions."""
        found = [effects_of(rules(mask), rules(mask).result(*member)) for member in members]
        return [sum(figure) for figure in zip(*found, strict=True)] or [0, 0, 0]

    known = {mask: figures(mask) for mask in subsets_of(counted)}
    for figure in range(3):
        expected = shares_by_definition(counted, lambda mask, figure=figure: known[mask][figure])
        for share in result.attribution.shares:
            assert share.fair[figure] == expected.get(share.index, 0)
            if share.counted:
                assert share.alone[figure] == known[1 << share.index][figure] - known[0][figure]

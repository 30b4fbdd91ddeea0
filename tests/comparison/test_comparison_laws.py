"""Laws of comparisons, on random rulesets and logs."""

from __future__ import annotations

import csv
import io
import sys
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from itertools import permutations
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).parent))
from rulesets import FIRST_DAY, edited, logs, program_of, versions

from pointbook.changes.areas import Touches
from pointbook.changes.differences import changes_between
from pointbook.comparison.comparing import compare
from pointbook.comparison.outcome import Effects
from pointbook.comparison.question import question_of
from pointbook.comparison.shares.shapley import exact_split
from pointbook.comparison.terms import Options
from pointbook.evaluating import evaluate
from pointbook.guardrails.judging import JudgedComparison
from pointbook.model.ledger import Assume
from pointbook.model.sections import Section
from pointbook_cli.reporters.comparison.csv_rows import write_comparison_csv
from pointbook_cli.reporters.comparison.html_page import comparison_html
from pointbook_cli.reporters.comparison.markdown import comparison_markdown

AS_OF = FIRST_DAY + timedelta(days=900)
pairs = versions("old").flatmap(lambda old: st.tuples(st.just(old), edited(old, "new")))
few = settings(max_examples=25, deadline=None)
policies = st.sampled_from((Assume.NONE, Assume.MID))


def comparison_of(old, new, log, *, in_program=True, since=None, **options):
    later = replace(new, effective_from=date(2024, 6, 1))
    program = program_of(old, later) if in_program else program_of(old)
    question = question_of(
        program, old, later if in_program else new, old_is_external=False, since=since, as_of=AS_OF
    )
    return compare(question, log, Options(show_ids=True, **options))


@few
@given(versions("old"), logs(), policies)
def test_a_version_against_itself_differs_in_nothing(version, log, assume):
    copy = replace(version, id="copy")
    for new, program in ((version, program_of(version)), (copy, program_of(version))):
        question = question_of(program, version, new, old_is_external=False, since=None, as_of=AS_OF)
        result = compare(question, log, Options(assume=assume))
        assert all(member.old == member.new for member in result.members)
        assert all(line.change == 0 for line in result.headlines if line.old is not None)
        assert result.attribution.total == Effects(0, 0, 0)


@few
@given(pairs, logs(), policies)
def test_swapping_the_sides_negates_every_difference(pair, log, assume):
    old, new = pair
    later = replace(new, effective_from=date(2024, 6, 1))
    program = program_of(old, later)
    there, back = (
        compare(
            question_of(program, one, other, old_is_external=False, since=None, as_of=AS_OF),
            log,
            Options(assume=assume),
        )
        for one, other in ((old, later), (later, old))
    )
    assert [(m.name, m.old, m.new) for m in there.members] == [(m.name, m.new, m.old) for m in back.members]
    change = {line.key: line.change for line in back.headlines}
    for line in there.headlines:
        if line.old is not None:
            assert line.change == -change[line.key]
    shares = {back.changes[share.index].address: share for share in back.attribution.shares}
    for share in there.attribution.shares:
        other = shares[there.changes[share.index].address]
        if not share.error and not other.error:
            assert share.points == -other.points


@few
@given(pairs, logs(), policies, st.booleans())
def test_shares_sum_to_the_whole_exactly(pair, log, assume, in_program):
    result = comparison_of(*pair, log, in_program=in_program, assume=assume)
    attribution = result.attribution
    assert sum((share.points for share in attribution.shares), Fraction(0)) == attribution.total.points
    assert (
        sum((share.promotions for share in attribution.shares), Fraction(0)) == attribution.total.promotions
    )
    assert sum((share.demotions for share in attribution.shares), Fraction(0)) == attribution.total.demotions
    assert attribution.total.points == sum(member.change for member in result.members)


@few
@given(pairs, logs())
def test_each_side_is_what_evaluating_it_gives(pair, log):
    old, new = pair
    later = replace(new, effective_from=date(2024, 6, 1))
    result = comparison_of(old, new, log)
    program = program_of(old, later)
    for version, side in ((old.id, "old"), (later.id, "new")):
        evaluated = {one.member.id: one for one in evaluate(program, log, as_of=AS_OF, version=version)}
        for member in result.members:
            outcome = getattr(member, side)
            one = evaluated[member.name]
            assert outcome.level == one.standing.level
            assert outcome.standing == one.standing.points
            assert outcome.effects.points == sum(
                entry.awarded for entry in one.entries if entry.balance == "points"
            )


@few
@given(pairs, logs())
def test_members_whom_no_change_touches_do_not_differ(pair, log):
    old, new = pair
    changed = {
        change.rule_id
        for change in changes_between(old, new)
        if change.section is Section.ACTIVITIES and change.kind.touches is not Touches.NOTHING
    }
    same_frame = replace(
        new, levels=old.levels, life_cycle=old.life_cycle, groups=old.groups, benefits=old.benefits
    )
    groups_kept = all(set(rule.groups) <= set(old.groups) for rule in new.activities.values())
    if not groups_kept:
        return
    result = comparison_of(old, same_frame, log)
    for member in result.members:
        own = {event.activity for event in log.events if event.member_id == member.name}
        if not own & changed:
            assert member.old == member.new


@few
@given(pairs, logs(), st.integers(0, 900))
def test_a_change_from_a_day_on_changes_nothing_before_it(pair, log, days):
    old, new = pair
    since = FIRST_DAY + timedelta(days=days)
    question = question_of(program_of(old), old, new, old_is_external=False, since=since, as_of=AS_OF)
    compare(question, log, Options())
    before, after = question.ready(None, Assume.NONE), question.ready(new, Assume.NONE)
    for member in log.members.values():
        events = [event for event in log.events if event.member_id == member.id]
        one, other = before.result(member, events), after.result(member, events)
        assert [entry for entry in one.entries if entry.occurred_at.date() < since] == [
            entry for entry in other.entries if entry.occurred_at.date() < since
        ]
        assert [change for change in one.history if change.date < since] == [
            change for change in other.history if change.date < since
        ]


@few
@given(pairs, logs())
def test_every_headline_can_be_recomputed_from_the_table(pair, log):
    result = comparison_of(*pair, log, attribution=False)
    stream = io.StringIO()
    write_comparison_csv(stream, result)
    rows = list(csv.DictReader(io.StringIO(stream.getvalue())))
    further = ("credits", "nights")
    each = [
        (int(row["points_change"]), *(int(row[f"{name}_new"]) - int(row[f"{name}_old"]) for name in further))
        for row in rows
    ]
    recomputed = {
        "points": sum(points for points, *_ in each),
        "gaining": sum(min(more) >= 0 and max(more) > 0 for more in each),
        "losing": sum(min(more) < 0 for more in each),
        "unchanged": sum(not any(more) for more in each),
        "level_up": sum(row["level_move"] == "1" for row in rows),
        "level_down": sum(row["level_move"] == "-1" for row in rows),
        "promotions": sum(int(row["promotions_new"]) - int(row["promotions_old"]) for row in rows),
        "demotions": sum(int(row["demotions_new"]) - int(row["demotions_old"]) for row in rows),
        "with_level": sum(bool(row["level_new"]) - bool(row["level_old"]) for row in rows),
        "benefits_lost": sum(bool(row["benefits_lost"]) for row in rows),
        "cuts": sum(int(row["cuts_new"]) - int(row["cuts_old"]) for row in rows),
    }
    assert {line.key: line.change for line in result.headlines} == recomputed
    assert sum(result.bands.values()) == sum(result.matrix.values()) == len(rows)
    for band, count in result.bands.items():
        assert count == sum(row["band"] == band for row in rows)
    for balance, named in zip(result.balances, ("", *further), strict=True):
        flows = [flow for flow in result.activities if flow.balance == named]
        assert (balance.old, balance.new) == (
            sum(flow.old for flow in flows),
            sum(flow.new for flow in flows),
        )
    assert result.balances[0].new - result.balances[0].old == recomputed["points"]


@few
@given(pairs, logs())
def test_every_report_can_be_written(pair, log):
    result = JudgedComparison(comparison_of(*pair, log))
    assert comparison_html(result, "pointbook compare", None, {}).endswith("</html>")
    assert len(comparison_markdown(result)) < 60_000


@given(
    st.integers(0, 4).flatmap(
        lambda count: st.lists(st.integers(-50, 50), min_size=1 << count, max_size=1 << count)
    )
)
@settings(max_examples=40, deadline=None)
def test_shapley_values_are_averages_over_all_orders(values):
    players = range(len(values).bit_length() - 1)
    shares = exact_split(values)
    orders = list(permutations(players))
    for player in players:
        added = []
        for order in orders:
            before = sum(1 << other for other in order[: order.index(player)])
            added.append(values[before | 1 << player] - values[before])
        assert Fraction(shares.numerators[player], shares.denominator) == Fraction(sum(added), len(orders))

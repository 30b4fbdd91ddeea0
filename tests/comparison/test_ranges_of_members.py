"""A log compared range by range is the log compared at once: what is found of ranges of members merges."""

from __future__ import annotations

import json
import pickle
import sys
from dataclasses import replace
from datetime import date, datetime
from itertools import pairwise
from pathlib import Path
from types import MappingProxyType

from hypothesis import given, settings
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).parent))
from test_reject_bounds import broken
from test_sampling import many_changes
from test_shortcuts import leaping_logs, policies, questions

from pointbook.comparison.comparing import compare, partial_comparison
from pointbook.comparison.finishing import finished
from pointbook.comparison.partial import PartialComparison, merged
from pointbook.comparison.terms import Options, terms_of, whole_log
from pointbook.guardrails.judging import JudgedComparison
from pointbook.log import Log, Rejects
from pointbook.model.log import Event, Member
from pointbook_cli.reporters.comparison.html_page import comparison_html
from pointbook_cli.reporters.comparison.json_values import comparison_json


def terms_for(question, log, options):
    known = whole_log(log.facts, log.members, question, options)
    # It goes from one process to another.
    return terms_of(*pickle.loads(pickle.dumps((question, known, options))))  # noqa: S301 - our own


def parts_of(terms, log, borders):
    """What is found of each range of members; a range begins at each border, and can be empty."""
    ids = sorted(log.members)
    edges = [0, *sorted(borders), len(ids)]
    for first, last in pairwise(edges):
        members = {member_id: log.members[member_id] for member_id in ids[first:last]}
        events = [event for event in log.events if event.member_id in members]
        # It goes from one process to another.
        yield pickle.loads(pickle.dumps(partial_comparison(terms, members, events)))  # noqa: S301 - our own


def folded(parts):
    whole = PartialComparison()
    for part in parts:
        whole = merged(whole, part)
    return whole


def written(result):
    judged = JudgedComparison(result)
    return json.dumps(comparison_json(judged)), comparison_html(judged, "pointbook compare", None, {})


@settings(max_examples=30, deadline=None)
@given(questions(), leaping_logs(), policies, st.booleans(), st.data())
def test_ranges_come_to_the_same_as_all_members_at_once(question, log, assume, attribution, data):
    log = data.draw(broken(log)) if data.draw(st.booleans()) else log
    options = Options(assume=assume, attribution=attribution)
    borders = data.draw(st.lists(st.integers(0, len(log.members)), max_size=4))
    terms = terms_for(question, log, options)
    parts = list(parts_of(terms, log, borders))
    whole, by_range = compare(question, log, options), finished(terms, folded(parts))
    assert by_range == whole
    # To the byte: what has an order has the same one.
    assert written(by_range) == written(whole)


@settings(max_examples=15, deadline=None)
@given(questions(), leaping_logs(), policies)
def test_it_does_not_matter_which_ranges_are_merged_first(question, log, assume):
    terms = terms_for(question, log, Options(assume=assume))
    one, two, three = parts_of(terms, log, (1, 2) if len(log.members) > 1 else (0, 0))
    assert merged(merged(one, two), three) == merged(one, merged(two, three))
    assert merged(PartialComparison(), one) == one == merged(one, PartialComparison())


def test_sampled_shares_do_not_depend_on_ranges_either():
    """Twelve changes that touch the same events are too many to look at every set of them."""
    question, log = many_changes()
    days = [datetime(2024, 2, 1 + index) for index in range(12)]  # noqa: DTZ001 - the log's local times carry no zone
    names = [f"m{number}" for number in range(3)]
    members = {name: Member(name, date(2024, 1, 1), MappingProxyType({})) for name in names}
    events = [
        Event(name, day, f"{name}-{index:02}", day, f"a{index}", None, MappingProxyType({}))
        for name in names
        for index, day in enumerate(days)
    ]
    log = Log(members, events, Rejects(), Rejects(), len(events), len(members))
    whole = compare(question, log, Options())
    assert whole.attribution.sampled_members == 3
    for borders in ([1], [0, 2, 2]):
        terms = terms_for(question, log, Options())
        assert finished(terms, folded(parts_of(terms, log, borders))) == whole
    # Whoever else there is, a member's own orders are the same: shares of the log are sums over members.
    alone = [
        compare(question, replace(log, members={name: members[name]}, events=own), Options()).attribution
        for name in names
        if (own := [event for event in events if event.member_id == name])
    ]
    for share in whole.attribution.shares:
        assert share.points == sum(one.shares[share.index].points for one in alone)
    assert len({one.shares[0].points for one in alone}) > 1

"""The words for every outcome, each with the file and line of the rule that makes it so."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from pointbook.views.explanation import ExplainedChange, ExplainedEvent, member

if TYPE_CHECKING:
    from collections.abc import Callable

    from pointbook.views.explanation import Explanation

    Reasons = Callable[..., list[tuple[str, str | None]]]
    Told = Callable[..., Explanation]

ONE, TWO = "club/versions/1.yaml", "club/versions/2.yaml"


def test_a_fixed_amount_and_a_cap_that_cuts_nothing(reasons: Reasons) -> None:
    assert reasons("e1,ann,visit,2024-02-01") == [
        ("40 points", f"{ONE}:13"),
        ("at most 1 time per day: 1 left, nothing is cut", f"{ONE}:14"),
    ]


def test_a_cap_that_cuts_everything(reasons: Reasons) -> None:
    assert reasons("e1,ann,visit,2024-02-01", "e2,ann,visit,2024-02-01T20:00") == [
        ("40 points", f"{ONE}:13"),
        (
            "at most 1 time per day: 0 left, so 0 of 40 points count; it begins anew on 2024-02-02",
            f"{ONE}:14",
        ),
    ]


def test_a_groups_cap_that_cuts_a_part(reasons: Reasons) -> None:
    assert reasons("e1,ann,post,2024-02-05", "e2,ann,post,2024-02-11") == [
        ("30 points", f"{ONE}:16"),
        (
            (
                "at most 50 points per week together with others of social: 20 left, so 20 of 30 points count"
                "; it begins anew on 2024-02-12"
            ),
            f"{ONE}:9",
        ),
    ]


def test_an_assessed_value(reasons: Reasons) -> None:
    assert reasons("e1,ann,review,2024-02-01,70") == [("assessed at 70 of 10 to 90", f"{ONE}:19")]


def test_an_assessed_value_of_another_version_keeps_its_place(reasons: Reasons) -> None:
    """70 is three quarters of the way from 10 to 90; three quarters of 160 is 120."""
    assert reasons("e1,ann,review,2024-02-01,70", version="second") == [
        ("assessed at 70 in another range; its place in 0 to 160 is 120", f"{TWO}:7")
    ]


def test_a_value_that_is_missing(reasons: Reasons) -> None:
    assert reasons("e1,ann,review,2024-02-01") == [
        ("not assessed yet (10 to 90 points are possible)", f"{ONE}:19")
    ]


def test_a_value_that_is_assumed(reasons: Reasons) -> None:
    assert reasons("e1,ann,review,2024-02-01", assume="mid") == [
        ("not assessed; 50 of 10 to 90 is assumed", f"{ONE}:19")
    ]


def test_a_value_given_under_a_rule_that_does_not_compare(reasons: Reasons) -> None:
    says = "version first, in force on that day, says 5 points: it asked for no value that compares, so that"
    assert reasons("e1,ann,earned,2024-02-01,7", version="second") == [
        (f"{says} the log's 7 has no place in 1 to 9", f"{ONE}:45"),
        ("1 to 9 points are possible; `--assume low`, `mid` or `high` says which to take", f"{TWO}:9"),
    ]
    assert reasons("e1,ann,earned,2024-02-01", version="second", assume="high") == [
        (f"{says} a value has no place in 1 to 9", f"{ONE}:45"),
        ("not assessed; 9 of 1 to 9 is assumed", f"{TWO}:9"),
    ]


def test_an_activity_that_another_has_replaced(reasons: Reasons) -> None:
    assert reasons("e1,ann,kata,2024-02-01", version="second") == [
        ("version second has `exercise` in place of `kata`", f"{TWO}:10"),
        ("80 points", f"{TWO}:11"),
    ]
    has = "version second has no activity `kata`; it has `exercise` in its place"
    text = f"{has}, which the log must name from its day on"
    assert reasons("e1,ann,kata,2025-02-01")[-1:] == [(text, f"{TWO}:10")]


def test_a_value_outside_the_range(reasons: Reasons) -> None:
    assert reasons("e1,ann,review,2024-02-01,95") == [
        ("assessed at 95, outside 10 to 90: the value must be corrected in the log", f"{ONE}:19")
    ]


def test_points_that_are_shared(reasons: Reasons) -> None:
    assert reasons("e1,ann,story,2024-02-01,1000,3") == [
        ("assessed at 1,000 of 1 to 1,000", f"{ONE}:21"),
        ("shared among 3: 333 each", f"{ONE}:22"),
    ]


def test_points_per_unit(reasons: Reasons) -> None:
    assert reasons("e1,ann,course,2024-02-01,,,2.5") == [("30 points × 2.5 day = 75", f"{ONE}:26")]


def test_points_from_a_table(reasons: Reasons) -> None:
    assert reasons("e1,ann,talk,2024-02-01,,,,large") == [("1,500 points for `audience` large", f"{ONE}:30")]


def test_a_value_that_the_table_does_not_list(reasons: Reasons) -> None:
    [(text, place)] = reasons("e1,ann,talk,2024-02-01,,,,huge")
    assert text == "`audience` is `huge`, for which the rule has no points"
    assert place is not None
    assert place.startswith(ONE)


def test_a_bonus(reasons: Reasons) -> None:
    assert reasons("e1,ann,kata,2024-02-08,,,,,2024-02-01") == [
        ("75 points", f"{ONE}:34"),
        ("+75 Done within a week", f"{ONE}:38"),
    ]
    assert reasons("e1,ann,kata,2024-02-09,,,,,2024-02-01") == [
        ("75 points", f"{ONE}:34"),
        (
            (
                "no +75 Done within a week: `occurred_on within 7 days after released_on` is asked for,"
                " and occurred_on is 2024-02-09, released_on is 2024-02-01"
            ),
            f"{ONE}:38",
        ),
    ]


def test_an_attribute_that_is_missing(reasons: Reasons) -> None:
    assert reasons("e1,ann,kata,2024-02-08") == [
        ("the log does not carry `released_on`, which the rule needs", f"{ONE}:33")
    ]


def test_a_member_who_is_not_eligible(reasons: Reasons) -> None:
    assert reasons("e1,ann,referral,2024-02-08") == [
        (
            "does not meet the condition: `member.partner is true` is asked for, and the member has `false`",
            f"{ONE}:43",
        )
    ]


def test_an_activity_that_the_version_does_not_have(reasons: Reasons) -> None:
    assert reasons("e1,ann,vist,2024-02-08") == [
        ("version first has no activity `vist`; did you mean `visit`?", f"{ONE}:1")
    ]


@pytest.mark.parametrize("activity", ["visit", "no_such"])
def test_an_event_before_the_sign_up(reasons: Reasons, activity: str) -> None:
    assert reasons(f"e1,ann,{activity},2024-01-09", as_of=date(2024, 3, 1)) == [
        ("before the sign-up on 2024-01-10: does not count", None)
    ]


def test_points_that_the_rule_does_not_use(reasons: Reasons) -> None:
    assert reasons("e1,ann,earned,2024-02-08,7") == [
        ("5 points", f"{ONE}:45"),
        ("the log says 7 points, which this rule does not use", None),
    ]


def test_a_floor_that_cuts_a_deduction(reasons: Reasons) -> None:
    assert reasons("e1,ann,earned,2024-02-08", "e2,ann,spent,2024-02-09,-8")[-1] == (
        "the balance can fall by 5 points at most: -5",
        None,
    )


def test_a_floor_that_cuts_nothing(reasons: Reasons) -> None:
    assert reasons("e1,ann,earned,2024-02-08", "e2,ann,spent,2024-02-09,-3")[-1] == (
        "the balance allows -3",
        None,
    )


def test_no_version_in_force(told: Told, reasons: Reasons) -> None:
    del told
    # Sign-ups before the first version are possible; so are events.
    assert reasons("e1,ann,visit,2023-12-31", as_of=date(2024, 2, 1)) in (
        [("before the sign-up on 2024-01-10: does not count", None)],
        [("no version is in force yet; the first, first, takes effect on 2024-01-01", f"{ONE}:2")],
    )


def test_changes_of_level_stand_where_they_happen(told: Told) -> None:
    """Reached by the second event; the next period begins before the third and takes the level away."""
    timeline = told(
        "e1,ann,review,2024-02-01,60", "e2,ann,review,2024-02-02,60", "e3,ann,visit,2026-02-01"
    ).timeline
    assert [
        item.entry.event_id
        if isinstance(item, ExplainedEvent)
        else (item.change.date.isoformat(), item.change.cause.value)
        for item in timeline
    ] == ["e1", "e2", ("2024-02-02", "reached"), ("2025-01-10", "kept"), ("2026-01-10", "demoted"), "e3"]


def test_a_change_after_the_last_event_is_told_too(told: Told) -> None:
    last = told("e1,ann,talk,2024-02-01,,,,small", as_of=date(2026, 1, 10)).timeline[-1]
    assert isinstance(last, ExplainedChange)
    assert (last.change.date, last.change.from_level, last.change.to_level) == (
        date(2026, 1, 10),
        "bronze",
        None,
    )


def test_a_change_of_level_says_what_decided_it(told: Told) -> None:
    """100 points reach bronze; they close year 1, nothing closes year 2."""
    changes = [
        item
        for item in told("e1,ann,talk,2024-02-01,,,,small", as_of=date(2026, 1, 10)).timeline
        if isinstance(item, ExplainedChange)
    ]
    assert [(item.reason, f"{item.span}".rpartition(":")[0]) for item in changes] == [
        ("bronze asks for 100", f"{ONE}:5"),
        ("the period closed at 100; bronze asks for 100", f"{ONE}:5"),
        ("the period closed at 0; bronze asks for 100", f"{ONE}:5"),
    ]


def test_a_balance_that_began_anew_is_told(told: Told) -> None:
    second = told("e1,ann,visit,2024-02-01", "e2,ann,visit,2025-02-01").timeline[-1]
    assert isinstance(second, ExplainedEvent)
    assert second.reasons[0].text == "a new period has begun: stars went back from 40 to 0"


def test_the_outlook_says_what_is_missing_and_by_when(told: Told) -> None:
    assert told("e1,ann,visit,2024-02-01").outlook == ("to reach bronze: 60 more points before 2025-01-10",)
    assert told("e1,ann,talk,2024-02-01,,,,small").outlook == (
        "bronze is safe beyond 2025-01-10",
        "to reach Silver: 900 more points before 2025-01-10",
    )
    assert told("e1,ann,talk,2024-02-01,,,,small", as_of=date(2025, 1, 10)).outlook == (
        "to keep bronze: 100 more points before 2026-01-10",
        "to reach Silver: 1,000 more points before 2026-01-10",
    )
    assert told("e1,ann,talk,2024-02-01,,,,large").outlook == (
        "Silver is safe beyond 2025-01-10",
        "there is no higher level",
    )


def test_rejects_and_later_events_of_the_member_are_told(told: Told) -> None:
    told_of = told(
        "e1,ann,visit,2024-02-30",
        "e2,ann,visit,2024-02-01",
        "e3,ann,visit,2024-03-01",
        as_of=date(2024, 2, 1),
    )
    assert [(reject.event_id, reject.reason) for reject in told_of.rejects] == [("e1", "bad_value")]
    assert (told_of.further_rejects, told_of.after_as_of) == (0, 1)


def test_of_very_many_rejects_the_first_are_told_and_the_others_counted(
    told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(member, "_MOST_REJECTS", 2)
    told_of = told(*(f"e{number},ann,visit,2024-02-30" for number in range(5)), "e9,ann,visit,2024-02-01")
    assert [reject.event_id for reject in told_of.rejects] == ["e0", "e1"]
    assert told_of.further_rejects == 3


def test_nobody_is_explained_under_another_name(told: Told) -> None:
    with pytest.raises(LookupError, match="there is no member `Ann`; did you mean `ann`"):
        told("e1,ann,visit,2024-02-01", member="Ann")

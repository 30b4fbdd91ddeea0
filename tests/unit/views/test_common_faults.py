from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from pointbook.log import Rejects
from pointbook.model.log import Reject
from pointbook.views.common_faults import common_faults

if TYPE_CHECKING:
    from collections.abc import Sequence


def _of(reasons: Sequence[tuple[str, str]]) -> Rejects:
    return Rejects(Reject("e.csv", 2, column, "", reason, "", "raw") for reason, column in reasons)


def _said(read: int, *reasons: tuple[str, str], members: tuple[tuple[str, str], ...] = ()) -> list[str]:
    facts: Any = SimpleNamespace(
        rejects=_of(reasons), events_read=read, member_rejects=_of(members), members_read=len(members)
    )
    return list(common_faults(facts))


@pytest.mark.parametrize(
    ("reason", "column", "question"),
    [
        (
            "unreadable_row",
            "",
            "is unreadable: is the file what the ending of its name says, and is its header right?",
        ),
        ("missing_value", "points", "has no `points`: is that column filled?"),
        (
            "bad_value",
            "occurred_at",
            "has a value in `occurred_at` that cannot be read: is this the right column?",
        ),
        ("unknown_member", "member_id", "names an unknown member: is this the right members file?"),
        ("duplicate", "event_id", "is there already: was a file given twice?"),
        (
            "conflicting_duplicate",
            "event_id",
            "has the `event_id` of another row that differs: does the column name each row?",
        ),
    ],
)
def test_a_fault_of_every_row_raises_a_question_of_its_own(reason: str, column: str, question: str) -> None:
    assert _said(3, *[(reason, column)] * 3) == [f"every row of events {question}"]


def test_one_row_in_twenty_may_be_otherwise() -> None:
    unknown = [("unknown_member", "member_id")]
    assert _said(20, *unknown * 19) == [
        "nearly every row of events names an unknown member: is this the right members file?"
    ]
    assert _said(20, *unknown * 18, ("bad_value", "points")) == []
    assert _said(19, *unknown * 18) == []


def test_members_come_first_and_few_rows_raise_no_question() -> None:
    found = _said(3, *[("unknown_member", "member_id")] * 3, members=(("missing_value", "signed_up_on"),) * 3)
    assert [sentence.partition(":")[0] for sentence in found] == [
        "every row of members has no `signed_up_on`",
        "every row of events names an unknown member",
    ]
    assert _said(2, *[("unknown_member", "member_id")] * 2) == []

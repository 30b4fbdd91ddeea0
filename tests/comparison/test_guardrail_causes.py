"""A broken guardrail names what breaks it: changes that move what it measures, and no others.

Under the old rules of `club` ann has 40 + 40 points for visits and 260 for reviews: 340, so silver (300)
and the lounge. Under the new ones it is 50 + 50 and 145: 245, which is below 300 and 350 alike.
"""

from __future__ import annotations

import pytest

LOG = ("--events", "events.csv", "--members", "members.csv", "--show-ids")
REVIEW = "Review: 10 to 90 (assessed) → 10 to 50 (assessed)"
SILVER = "Silver: threshold 300 → 350"


@pytest.fixture
def lines(run, club):
    """What compare says of one guardrail, after an edit of the new version."""

    def found(guardrail, *arguments, edit=("", "")):
        (club / "club/guardrails.yaml").write_text(f"guardrails: {{a: {{{guardrail}}}}}\n")
        version = club / "club/versions/2025.yaml"
        version.write_text(version.read_text().replace(*edit))
        done = run("compare", "club", "2024", "2025", *LOG, *arguments)
        block = next(part for part in done.stdout.split("\n\n") if "guardrail" in part.partition("\n")[0])
        return block.splitlines()[1:]

    return found


def test_a_threshold_takes_nobodys_points(lines):
    verdict, members, *causes = lines("measure: members_losing_points, at_most: 0")
    assert "1 of 2 members (at most 0)" in verdict
    assert (members.strip(), causes) == ("members: ann", [f"       by: {REVIEW}"])


def test_a_lower_level_can_come_from_fewer_points_or_a_higher_threshold(lines):
    causes = lines("measure: members_losing_level, at_most: 0")[2:]
    assert {cause.strip() for cause in causes} == {f"by: {REVIEW}", f"by: {SILVER}"}


def test_a_benefit_that_moves_up_is_named_before_what_takes_levels(lines, club):
    old = club / "club/versions/2024.yaml"
    old.write_text(old.read_text().replace("from_level: silver", "from_level: bronze"))
    edit = ("levels:", "benefits: {lounge: {from_level: silver}}\nlevels:")
    verdict, _, first, *_ = lines("measure: members_losing_benefits, at_most: 0", edit=edit)
    assert "1 of 2 members" in verdict
    assert first.strip() == "by: Lounge: from level bronze → from level silver"


def test_a_share_that_was_over_the_limit_before_names_nobody(lines):
    # Without the change of reviews, ann has 50 + 50 + 260 = 360 under the new rules: silver, as before.
    lowered = "  review: {points: {range: [10, 50]}}\n"
    (verdict,) = lines("measure: level_share, level: silver, at_most_percent: 10", edit=(lowered, ""))
    assert verdict.startswith("BROKEN a: Silver 50 %, nobody new (at most 10 %)")


def test_more_points_can_bring_members_to_a_level(lines, club):
    # Silver takes 600 on both sides: ann has 340 under the old rules, 200 + 200 + 260 = 660 under the new.
    new = club / "club/versions/2025.yaml"
    new.write_text(new.read_text().replace("{points: 50}", "{points: 200}").replace("350", "600"))
    old = club / "club/versions/2024.yaml"
    old.write_text(old.read_text().replace("threshold: 300", "threshold: 600"))
    verdict, members, *causes = lines(
        "measure: level_share, level: silver, at_most_percent: 10",
        edit=("  review: {points: {range: [10, 50]}}\n", ""),
    )
    assert "Silver 50 % (at most 10 %)" in verdict
    assert members.strip() == "members: ann"
    assert causes == ["       by: Visit: 40 → 200 points"]


def test_one_member_and_one_day_are_singular(run, club):
    (club / "members.csv").write_text("member_id,signed_up_on\nann,2024-01-10\n")
    (club / "club/guardrails.yaml").write_text(
        "guardrails:\n"
        "  a: {measure: members_losing_points, at_most: 0}\n"
        "  b: {measure: notice_days, at_least: 1}\n"
    )
    done = run("compare", "club", "2024", "2025", *LOG)
    assert "a: 1 of 1 member (at most 0)" in done.stdout
    assert "(at least 1 day)" in done.stdout

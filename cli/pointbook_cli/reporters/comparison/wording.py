"""What several reports of a comparison say: how far its data could move the figures, and what it cost."""

from __future__ import annotations

from fractions import Fraction
from pathlib import PurePath
from typing import TYPE_CHECKING, assert_never

from pointbook.comparison.figures import percent_text
from pointbook.guardrails.approval import GuardrailApproval
from pointbook.guardrails.guardrail import limit_text
from pointbook.model.ledger import Assume
from pointbook.model.wording import quantity

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pointbook.comparison.result import ComparisonResult, Headline, MemberDifference
    from pointbook.comparison.shares.result import Attribution
    from pointbook.comparison.summaries import Quality, Unanswered
    from pointbook.guardrails.judging import GuardrailResult
    from pointbook.model.program import Version


def version_name(version: Version, name: str) -> str:
    """What people call a version: its title or id, and of a draft the file's name, never its path.

    Args:
        version: Which.
        name: As the user named it: its id, a file, `REF:path`, or the state of a whole program.
    """
    title = version.title or version.id
    if name == version.id:
        return title if title == name else f"{title} ({name})"
    ref, colon, path = name.rpartition(":")
    file = PurePath(path).name
    if colon:
        return f"{title} (file {file} at {ref})"
    return f"{title} (draft, file {file})" if PurePath(file).suffix else f"{title} ({name})"


def question_text(comparison: ComparisonResult) -> str:
    """Which question was asked, as a sentence."""
    return f"{comparison.asked[0].upper()}{comparison.asked[1:]}."


def approval_text(result: GuardrailResult) -> str:
    """Who lets a broken guardrail pass, why and until when; empty where nobody does."""
    approval = result.approval
    if approval is None:
        return ""
    what = "it may be looser now"
    if isinstance(approval, GuardrailApproval):
        what = limit_text(approval)
    return f"approved: {what}, by {approval.by} until {approval.until}: {approval.reason}"


def open_note(headline: Headline, assume: Assume) -> str:
    """Why a figure lies on one side of both assumptions about missing values; empty where it does not.

    >>> from pointbook.comparison.result import Headline
    >>> open_note(Headline("points", "Points", 5, 8, 3, None, "", 10, 40), Assume.NONE)
    'as measured, missing values earn nothing'
    """
    if not headline.is_outside:
        return ""
    match assume:
        case Assume.NONE:
            return "as measured, missing values earn nothing"
        case Assume.LOW | Assume.MID | Assume.HIGH:
            return f"as measured, missing values are taken as {assume}"
        case _:
            assert_never(assume)


def reject_range(headline: Headline) -> str:
    """How far rejected rows could move a headline; empty where they could not.

    >>> from pointbook.comparison.result import Bounds, Headline
    >>> reject_range(Headline("points", "Points", 5, 8, 3, None, "", 3, 3, Bounds(-1, None)))
    'from -1 without a known limit'
    """
    if headline.rejects is None:
        return "not computed"
    low, high = headline.rejects
    if low == high == headline.change:
        return ""
    sign = "+" if headline.old is not None else ""
    if low is None and high is None:
        return "no limit is known"
    if low is None:
        return f"up to {high:{sign},}, and down without a known limit"
    return f"from {low:{sign},} " + ("without a known limit" if high is None else f"to {high:{sign},}")


def reject_reach(quality: Quality) -> str:
    """Whom rejected rows could be about; empty where nothing was rejected."""
    parts = (
        (quality.members_in_rejects, "rows that name {} of the log", "member"),
        (quality.rejected_events_of_nobody, "{} of events that could be anyone's", "row"),
        (quality.rejected_members, "{} of members", "row"),
        (quality.repeated, "{} that the log has already, which could change nothing", "row"),
    )
    return ", ".join(text.format(quantity(number, noun)) for number, text, noun in parts if number)


def reject_limits(quality: Quality) -> str:
    """Why no limit is known for points; empty where one is."""
    if not quality.unlimited:
        return ""
    names = ", ".join(quality.unlimited)
    return f"no limit is known for points, because one event of {names} can give or take any number of them"


def cost_text(attribution: Attribution) -> str:
    """What splitting the difference cost: the sets of changes tried, and for how much of the log each.

    Without seconds, so that reports are the same each time.
    """
    if not attribution.subsets:
        return "No set of changes had to be tried."
    tried, found = quantity(attribution.subsets, "set"), quantity(attribution.standings, "standing")
    text = f"{tried} of changes tried: {found} of a member found"
    whole = attribution.subsets * attribution.members
    if whole:
        part = percent_text(Fraction(100 * attribution.standings, whole))
        text += f", each set for {part} of all members on average"
    again = attribution.evaluations
    return f"{text}; events of a member evaluated again {quantity(again, 'time')}."


def stake_text(gap: Unanswered) -> str:
    """In brackets, how many events something unanswered is about, and the points at stake.

    Of rejected rows the sentence itself says how many they are.
    """
    parts = [] if gap.code == "rejected-rows" else [quantity(gap.events, "event")]
    if gap.points:
        parts.append(f"at stake: {gap.points}")
    return f"({'; '.join(parts)})" if parts else ""


GAPS = 4
"""How much of what the log cannot answer stands open."""


def gap_texts(warnings: Sequence[str], unanswered: Sequence[Unanswered]) -> list[str]:
    """What the log cannot answer, each with what is at stake."""
    return [*warnings, *(f"{gap.sentence} {stake_text(gap)}".rstrip() for gap in unanswered)]


def gap_lines(warnings: Sequence[str], unanswered: Sequence[Unanswered]) -> list[str]:
    """What the log cannot answer, for a terminal: that of most events; nothing where there is nothing."""
    gaps = gap_texts(warnings, unanswered)
    if not gaps:
        return []
    rest = [f"  and {len(gaps) - GAPS:,} more, about fewer events each"] * (len(gaps) > GAPS)
    return ["What the log cannot answer:", *(f"  - {gap}" for gap in gaps[:GAPS]), *rest]


def level_move_text(member: MemberDifference, comparison: ComparisonResult) -> str:
    """The level held under the old rules and, where it is another, under the new ones."""
    titles = dict(comparison.levels)
    old, new = (
        "no level" if level is None else titles[level] for level in (member.old.level, member.new.level)
    )
    sign = {-1: "▼ ", 0: "", 1: "▲ "}[member.level_move]
    return f"{sign}{old}" if old == new else f"{sign}{old} → {new}"

"""What `evaluate` does not let pass: more rejected rows than allowed, and a log of which nothing counted."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from pointbook.model.ledger import Outcome
from pointbook.model.wording import quantity

if TYPE_CHECKING:
    from collections.abc import Callable

    from pointbook.log import LogFacts

_ROWS = re.compile(r"[0-9]{1,15}")
_PERCENT = re.compile(r"([0-9]{1,3}(?:\.[0-9]{1,15})?) ?%")
_WHOLE = 100
_HELP = {
    Outcome.UNVALUED: "fill the column `points`, or say what to assume with `--assume`",
    Outcome.NOT_COMPARABLE: "evaluate without `--version`, or say what to assume with `--assume`",
    Outcome.OUT_OF_RANGE: "check the column `points`",
    Outcome.MISSING_ATTRIBUTE: "add the columns that the rules need; `pointbook show` tells them",
    Outcome.NOT_ELIGIBLE: "check the columns that the conditions look at, and `signed_up_on`",
    Outcome.INSUFFICIENT_BALANCE: "check that the log goes back to where members earned what they spend",
    Outcome.NO_SUCH_ACTIVITY: "check the column `activity`, and that this is the log of this program",
    Outcome.BEFORE_SIGN_UP: "check `signed_up_on` in the members file, and `occurred_at`",
    Outcome.NO_VERSION_IN_FORCE: "check `occurred_at`, and `effective_from` of the first version",
}


class Failure(NamedTuple):
    """Why a log does not pass.

    Attributes:
        short: In a few words.
        message: What is wrong, in one sentence without a full stop.
        hint: What to do about it.
    """

    short: str
    message: str
    hint: str


@dataclass(frozen=True, slots=True)
class MostRejected:
    """The most rejected rows, of events and members together, with which a log passes.

    Attributes:
        text: As it was typed.
        rows: A number of rows.
        percent: Or a share of all rows read, from 0 to 100.
    """

    text: str
    rows: int = 0
    percent: Fraction | None = None

    def allows(self, rejected: int, read: int) -> bool:
        """Whether a log with so many of its rows rejected passes."""
        return rejected <= self.rows if self.percent is None else _WHOLE * rejected <= self.percent * read


class MostRejectedType(click.ParamType["MostRejected"]):
    """A number of rows, or a share of them in percent."""

    name = "N|P%"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> MostRejected:
        """What `value` writes."""
        if isinstance(value, MostRejected):
            return value
        text = str(value).strip()
        if _ROWS.fullmatch(text):
            return MostRejected(text, rows=int(text))
        found = _PERCENT.fullmatch(text)
        if found is None:
            self.fail(
                f"'{value}' is no number of rows, such as 12, and no share of them, such as 0.5%", param, ctx
            )
        percent = Fraction(found[1])
        if percent > _WHOLE:
            self.fail(f"'{value}' is more than all rows; write at most 100%", param, ctx)
        return MostRejected(text, percent=percent)


class TooManyRejectedError(Exception):
    """So many rows are rejected that nothing is written.

    Attributes:
        facts: What is known of the log.
        summary: What the evaluation came to.
    """

    def __init__(self, facts: LogFacts, summary: dict[str, Any]) -> None:
        super().__init__("more rows are rejected than allowed")
        self.facts = facts
        self.summary = summary


def too_many(counts: dict[str, int], most: MostRejected | None) -> bool:
    """Whether more rows are rejected than allowed: than none if nothing is said."""
    rejected, read = _rejected(counts)
    return not (most or MostRejected("0")).allows(rejected, read)


def writes_nothing(counts: dict[str, int], most: MostRejected | None, stand: Callable[[], bool]) -> bool:
    """Whether so many rows are rejected that what was written before must not be replaced.

    Args:
        counts: Of a summary.
        most: What the user allows. Where nothing is said, results that stand are not replaced by those of a
            log of which more than half of the events, or of the members, are rejected.
        stand: Whether results stand where others would be written.
    """
    return (bool(_mostly_rejected(counts)) and stand()) if most is None else too_many(counts, most)


def failures(
    summary: dict[str, Any], most: MostRejected | None, *, written: bool = True
) -> tuple[Failure, ...]:
    """Why a log does not pass; empty where it does.

    Args:
        summary: Of `summary_of`.
        most: What the user allows, None where nothing is said.
        written: Whether the results were written all the same.
    """
    found = []
    counts = summary["counts"]
    if too_many(counts, most):
        found.append(_too_many_rejected(counts, most, written=written))
    if not any(counts[outcome] for outcome in Outcome if outcome.is_valued):
        found.append(_nothing_counted(summary))
    return tuple(found)


def _rejected(counts: dict[str, int]) -> tuple[int, int]:
    """Rows rejected, and rows read: of events and members."""
    return (
        counts["rejects"] + counts["member_rejects"],
        counts["events_read"] + counts["members_read"],
    )


def _mostly_rejected(counts: dict[str, int]) -> list[str]:
    """The kinds of rows of which more than half are rejected."""
    kinds = {"events": ("rejects", "events_read"), "members": ("member_rejects", "members_read")}
    return [kind for kind, (rejected, read) in kinds.items() if 2 * counts[rejected] > counts[read]]


def _too_many_rejected(counts: dict[str, int], most: MostRejected | None, *, written: bool) -> Failure:
    rejected, read = _rejected(counts)
    were = "was" if rejected == 1 else "were"
    message = f"{rejected:,} of {quantity(read, 'row')} of events and members {were} rejected"
    hint = f"`--max-rejected {rejected}` lets this log pass"
    if most is None and not written:
        kinds = " and of ".join(_mostly_rejected(counts))
        message += f", more than half of {kinds}; the results that stand were not replaced"
        hint = f"correct what was rejected; `--max-rejected {rejected}` replaces them all the same"
        return Failure("more than half of the rows were rejected", message, hint)
    if most is None:
        return Failure("rows were rejected", message, f"correct what was rejected; {hint}")
    message += f", more than `--max-rejected {most.text}` allows; nothing was written"
    return Failure("more rows were rejected than allowed", message, hint)


def _nothing_counted(summary: dict[str, Any]) -> Failure:
    """Most events ended in one way, which is most likely what is wrong."""
    counts = summary["counts"]
    short = "no event counted"
    if not counts["events_read"]:
        return Failure(
            short, f"{short}: the log has no events", "name the files that have them with `--events`"
        )
    endings = {outcome.value: counts[outcome] for outcome in Outcome if not outcome.is_valued}
    endings |= {"rejects": counts["rejects"], "after_as_of": counts["after_as_of"]}
    most, every = max(endings, key=lambda ending: endings[ending]), sum(endings.values())
    words, hint = _ending(most, summary)
    of_all = (
        "the only one"
        if every == 1
        else f"all {every:,}"
        if endings[most] == every
        else f"{endings[most]:,} of {every:,}"
    )
    return Failure(short, f"{short}: {of_all}: {words}", hint)


def _ending(name: str, summary: dict[str, Any]) -> tuple[str, str]:
    """How events ended that did not count, in words, and what to do."""
    if name == "after_as_of":
        return (
            f"after {summary['as_of']}, the last day that counts",
            "give a later `--as-of`, or leave it out",
        )
    if name == "rejects":
        reasons = summary["reject_reasons"]
        most = max(reasons, key=lambda reason: reasons[reason])
        return (
            f"rejected, most for `{most}`",
            "correct these rows, and check that the columns hold what they are called",
        )
    outcome = Outcome(name)
    return f"{outcome} ({outcome.words})", _HELP[outcome]

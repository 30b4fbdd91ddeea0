"""A draft of `log.yaml`: what the columns of an export are called with us, each line with its evidence."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pointbook.adoption.drafting import remark, with_reason
from pointbook.adoption.evidence import form_words
from pointbook.adoption.further import Use
from pointbook.adoption.guesses import REQUIRED, REQUIRED_OF_MEMBERS, Role
from pointbook.adoption.names import plain_name
from pointbook.log.faults import quoted
from pointbook.model.wording import quantity
from pointbook.source.yaml_text import scalar_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from pointbook.adoption.further import FurtherColumn
    from pointbook.adoption.known_rules import KnownRules
    from pointbook.adoption.sheets import Sheet


def log_draft(
    events: Sheet, members: Sheet | None, ids: Mapping[str, tuple[str, str]], rules: KnownRules | None
) -> str:
    """The text of the file.

    Args:
        events: The export.
        members: That of members, None without one.
        ids: By value of the activity's column: the id, and a doubt about it.
        rules: Those that there are; None where they are drafted too, with all that the export has.
    """
    lines = [
        *remark(
            "How this program's exports differ from Pointbook's own columns. Drafted by `pointbook adopt`"
            f" from {events.export.short_name}: each line is a guess with its evidence."
        ),
        *_section("events", events, REQUIRED, ids, rules),
    ]
    if members is None:
        lines += remark(
            "members: evaluate needs a file of them with the columns member_id and signed_up_on; run adopt"
            " again with --members once there is one."
        )
    else:
        lines += _section("members", members, REQUIRED_OF_MEMBERS, {}, rules)
    return "\n".join(lines) + "\n"


def _section(
    name: str,
    sheet: Sheet,
    required: tuple[Role, ...],
    ids: Mapping[str, tuple[str, str]],
    rules: KnownRules | None,
) -> Iterator[str]:
    declared = None if rules is None else rules.attributes(name)
    columns = list(_columns(sheet, required, declared))
    lines = [f"  {'columns:' if _say_something(columns) else '# columns:'}  # theirs: ours", *columns]
    if name == "events":
        lines += _activities(sheet, ids, rules)
    lines += _list("ignore", sheet, Use.IGNORE, declared)
    if name == "events":
        lines += _list("reference", sheet, Use.REFERENCE, declared)
    lines += [*_empty(sheet), *_times(sheet, required[-1])]
    yield f"{name}:" if _say_something(lines) else f"{name}: {{}}"
    yield from lines


def _say_something(lines: Iterable[str]) -> bool:
    """Whether not all lines are comments."""
    return not all(line.lstrip().startswith("#") for line in lines)


def _columns(sheet: Sheet, required: tuple[Role, ...], declared: frozenset[str] | None) -> Iterator[str]:
    for guess in sheet.guesses.values():
        yield from with_reason(f"    {scalar_text(guess.column.name)}: {guess.role}", guess.evidence)
        for column, evidence in guess.others:
            yield from with_reason(f"    # {scalar_text(column.name)}: {guess.role}", f"or this: {evidence}")
    for role in required:
        if role not in sheet.guesses:
            yield f"    # ...: {role}  # needed, but no column looks like it: write its name for the dots"
    for further in sheet.further:
        if (ours := _attribute_of(further, declared)) not in ("", further.column.name):
            line = f"    {scalar_text(further.column.name)}: {ours}"
            yield from with_reason(line, f"an attribute; {further.evidence}")


def _attribute_of(further: FurtherColumn, declared: frozenset[str] | None) -> str:
    """The attribute that a column is, empty for none: without declared ones any that can be."""
    if declared is None:
        return further.name if further.use is Use.ATTRIBUTE else ""
    name = further.column.name
    alike = (one for one in sorted(declared) if one.casefold() == name.casefold() or one == plain_name(name))
    return name if name in declared else next(alike, "")


def _activities(sheet: Sheet, ids: Mapping[str, tuple[str, str]], rules: KnownRules | None) -> Iterator[str]:
    """The ids of activities; those that the rules do not have stand in comments."""
    if Role.ACTIVITY not in sheet.guesses:
        return
    counts = sheet.guesses[Role.ACTIVITY].column.counts
    lines: list[str] = []
    for value, (made, doubt) in ids.items():
        known = (made, doubt) if rules is None else rules.activity_of(value)
        ours, why = known or (made, "the rules have no such activity")
        if known is not None and ours == value:
            continue
        rows = quantity(counts[value], "row")
        line = f"    {scalar_text(value)}: {scalar_text(ours)}"
        lines += with_reason(line if known else f"  # {line[2:]}", f"{rows}; {why}" if why else rows)
    if lines:
        yield f"  {'' if _say_something(lines) else '# '}activities:  # theirs: ours"
    yield from lines


def _list(key: str, sheet: Sheet, use: Use, declared: frozenset[str] | None) -> Iterator[str]:
    """The columns of one use; attributes that no rules declare are passed over."""
    found = []
    for one in sheet.further:
        if _attribute_of(one, declared):
            continue
        if one.use is use:
            found.append((one, one.evidence))
        elif use is Use.IGNORE and one.use is Use.ATTRIBUTE:
            found.append((one, f"an attribute, once rules declare it: {one.evidence}"))
    if found:
        yield f"  {key}:"
    for further, evidence in found:
        yield from with_reason(f"    - {scalar_text(further.column.name)}", evidence)


def _empty(sheet: Sheet) -> Iterator[str]:
    words = sheet.words_for_nothing
    if not words:
        return
    yield "  empty:  # words for nothing"
    for word, (cells, columns) in words.items():
        where = f"{quantity(cells, 'cell')} of {', '.join(map(quoted, columns[:3]))}"
        yield from with_reason(f"    - {scalar_text(word)}", where)


def _times(sheet: Sheet, role: Role) -> Iterator[str]:
    if role not in sheet.guesses:
        return
    column = sheet.guesses[role].column
    forms, proof = column.times.forms, column.times.proof
    if len(forms) > 1:
        yield from remark(
            f"decide: in {quoted(column.name)} nothing tells whether {quoted(min(column.counts))} has the day"
            " or the month first, and rows are rejected until one of these two is said",
            2,
        )
        for form in forms:
            yield f"  # times: {{form: {form}}}"
    elif forms[0] is not None:
        reason = f"{quantity(column.times.fitting, 'cell')} of {quoted(column.name)}: {form_words(forms)}"
        reason += f", as {quoted(proof)} shows" if proof else ""
        yield from with_reason(f"  times: {{form: {forms[0]}}}", reason)
    both = f"form: {forms[0]}, " if len(forms) == 1 and forms[0] is not None else ""
    if not column.times.zoned and column.times.with_time and role is Role.OCCURRED_AT:
        yield from remark(
            "decide: the times carry no offset, and are read in the program's time zone; if they are of"
            f" another, say so: times: {{{both}timezone: Europe/London}}",
            2,
        )

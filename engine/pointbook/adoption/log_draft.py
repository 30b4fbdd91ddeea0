"""A draft of `log.yaml`: what the columns of an export are called with us, each line with its evidence."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pointbook.adoption.drafting import remark, with_reason
from pointbook.adoption.evidence import form_words
from pointbook.adoption.further import Use
from pointbook.adoption.guesses import REQUIRED, REQUIRED_OF_MEMBERS, Role
from pointbook.log.faults import quoted
from pointbook.model.wording import quantity
from pointbook.source.yaml_text import scalar_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from pointbook.adoption.sheets import Sheet


def log_draft(
    events: Sheet, members: Sheet | None, ids: Mapping[str, tuple[str, str]], *, rules: bool
) -> str:
    """The text of the file.

    Args:
        events: The export.
        members: That of members, None without one.
        ids: By value of the activity's column: the id, and a doubt about it.
        rules: Whether rules are drafted too, which declare the attributes.
    """
    lines = [
        *remark(
            "How this program's exports differ from Pointbook's own columns. Drafted by `pointbook adopt`"
            f" from {events.export.short_name}: each line is a guess with its evidence."
        ),
        *_section("events", events, REQUIRED, ids, rules=rules),
    ]
    if members is None:
        lines += remark(
            "members: evaluate needs a file of them with the columns member_id and signed_up_on; run adopt"
            " again with --members once there is one."
        )
    else:
        lines += _section("members", members, REQUIRED_OF_MEMBERS, {}, rules=rules)
    return "\n".join(lines) + "\n"


def _section(
    name: str,
    sheet: Sheet,
    required: tuple[Role, ...],
    ids: Mapping[str, tuple[str, str]],
    *,
    rules: bool,
) -> Iterator[str]:
    columns = list(_columns(sheet, required, rules=rules))
    lines = [f"  {'columns:' if _say_something(columns) else '# columns:'}  # theirs: ours", *columns]
    if name == "events":
        lines += _activities(sheet, ids, rules=rules)
    lines += _list("ignore", sheet, Use.IGNORE, rules=rules)
    if name == "events":
        lines += _list("reference", sheet, Use.REFERENCE, rules=rules)
    lines += [*_empty(sheet), *_times(sheet, required[-1])]
    yield f"{name}:" if _say_something(lines) else f"{name}: {{}}"
    yield from lines


def _say_something(lines: Iterable[str]) -> bool:
    """Whether not all lines are comments."""
    return not all(line.lstrip().startswith("#") for line in lines)


def _columns(sheet: Sheet, required: tuple[Role, ...], *, rules: bool) -> Iterator[str]:
    for guess in sheet.guesses.values():
        yield from with_reason(f"    {scalar_text(guess.column.name)}: {guess.role}", guess.evidence)
        for column, evidence in guess.others:
            yield from with_reason(f"    # {scalar_text(column.name)}: {guess.role}", f"or this: {evidence}")
    for role in required:
        if role not in sheet.guesses:
            yield f"    # ...: {role}  # needed, but no column looks like it: write its name for the dots"
    for further in sheet.further if rules else ():
        if further.use is Use.ATTRIBUTE and further.name != further.column.name:
            yield from with_reason(
                f"    {scalar_text(further.column.name)}: {further.name}", f"an attribute; {further.evidence}"
            )


def _activities(sheet: Sheet, ids: Mapping[str, tuple[str, str]], *, rules: bool) -> Iterator[str]:
    """The ids of activities; without rules they are examples, as only the rules' own ids can stand there."""
    if Role.ACTIVITY not in sheet.guesses:
        return
    counts = sheet.guesses[Role.ACTIVITY].column.counts
    other = {value: made for value, made in ids.items() if made[0] != value}
    begin = "" if rules else "# "
    if other:
        yield "  activities:  # theirs: ours" if rules else "  # activities:  # theirs: the ids of your rules"
    for value, (made, doubt) in other.items():
        rows = quantity(counts[value], "row")
        yield from with_reason(
            f"  {begin}  {scalar_text(value)}: {scalar_text(made)}", f"{rows}; {doubt}" if doubt else rows
        )


def _list(key: str, sheet: Sheet, use: Use, *, rules: bool) -> Iterator[str]:
    """The columns of one use; without rules nobody declares attributes, so that they are passed over."""
    found = [
        (one, one.evidence if one.use is use else f"an attribute, once rules declare it: {one.evidence}")
        for one in sheet.further
        if one.use is use or (use is Use.IGNORE and _is_passed_over(one.use, sheet, rules=rules))
    ]
    if found:
        yield f"  {key}:"
    for further, evidence in found:
        yield from with_reason(f"    - {scalar_text(further.column.name)}", evidence)


def _is_passed_over(use: Use, sheet: Sheet, *, rules: bool) -> bool:
    return (use is Use.ATTRIBUTE and not rules) or (use is Use.REFERENCE and not sheet.has_references)


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
    form = f"form: {forms[0]}, " if len(forms) == 1 and forms[0] is not None else ""
    if not column.times.zoned and column.times.with_time and role is Role.OCCURRED_AT:
        yield from remark(
            "decide: the times carry no offset, and are read in the program's time zone; if they are of"
            f" another, say so: times: {{{form}timezone: Europe/London}}",
            2,
        )

"""Every slip that is tried of an activity: its entries, what limits them, and when they count."""

from __future__ import annotations

from itertools import takewhile
from typing import TYPE_CHECKING

from pointbook.model.windows import Per
from pointbook.mutation.conditions import nudged_condition
from pointbook.mutation.nudges import LEFT_AS_IT_IS, LEFT_OUT, Nudge, next_of, nudged_number
from pointbook.mutation.parts import in_defaults, is_new, is_removed, numbers
from pointbook.mutation.replacing import items_of
from pointbook.source.document import Node

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pointbook.loading import Loaded
    from pointbook.lower.resolution import VersionDocument
    from pointbook.model.activities import Activity
    from pointbook.model.rules import Path

    Slips = Iterator[tuple[Path, Nudge]]
    """Each with its place in the file."""


def in_activity(rule: Node, activity: Activity | None, document: VersionDocument, loaded: Loaded) -> Slips:
    """Every slip in an activity.

    Args:
        rule: As the file writes it, which may be a patch.
        activity: What it comes to; None where it could not be typed.
        document: Its version's.
        loaded: The program.
    """
    if activity is None or not rule.is_mapping:
        return
    path, balances = ("activities", activity.id), tuple(loaded.usable().balances)
    if isinstance(balance := rule.value("balance"), str) and len(balances) > 1:
        yield (*path, "balance"), next_of(balance, balances)
    yield from in_defaults(document.written, (*path, "attributes"), loaded)
    for index, group in enumerate(items_of(rule, "groups")):
        yield (*path, "groups", index), Nudge(None, "left out", str(group.content))
    yield from in_caps(rule, path, activity.balances)
    yield from _in_earning(rule, path, ())
    for here, entry in _entries(rule):
        yield from _in_entry(entry, (*path, *here), activity, document)
    conditions: list[Path] = [("eligible_if",), *_conditions_of_bonuses(rule)]
    for here, entry in _entries(rule):
        conditions += [(*here, *where) for where in (("if",), *_conditions_of_bonuses(entry))]
    for where in conditions:
        node = rule.at(where)
        if node is not None and node.is_mapping:
            whole = None if document.resolved is None else document.resolved.at((*path, *where))
            yield from nudged_condition(node, (*path, *where), loaded, whole)


def _entries(rule: Node) -> list[tuple[Path, Node]]:
    """What an activity gives and takes below `earns` and `spends`, with where that is."""
    return [
        ((key, balance), entry) for key in ("earns", "spends") for balance, entry in rule.entries(key).items()
    ]


def _in_entry(entry: Node, path: Path, activity: Activity, document: VersionDocument) -> Slips:
    """Every slip in an entry, apart from its conditions."""
    kind, balance = path[-2:]
    if is_removed(entry):
        yield path, LEFT_AS_IT_IS
        return
    if is_new(document, path) and len(activity.entries) > 1:
        yield path, LEFT_OUT
    if kind == "spends":
        yield from _in_form(entry, path, ())
        return
    yield from _in_earning(entry, path, _before(str(balance), activity))
    yield from in_caps(entry, path, ())
    if entry.get("if") is not None:
        yield (*path, "if"), LEFT_OUT


def _before(balance: str, activity: Activity) -> tuple[str, ...]:
    """The balances of the entries that one in a balance could copy."""
    return tuple(one.balance for one in takewhile(lambda one: one.balance != balance, activity.spends_first))


def _conditions_of_bonuses(rule: Node) -> list[Path]:
    return [("bonuses", index, "if") for index in range(len(items_of(rule, "bonuses")))]


def _in_earning(rule: Node, path: Path, before: tuple[str, ...]) -> Slips:
    """What is given: points, bonuses and who shares them."""
    yield from _in_form(rule.get("points"), (*path, "points"), before)
    if isinstance(rule.value("split_among"), str):
        yield (*path, "split_among"), Nudge(None, "left out")
    for index, bonus in enumerate(items_of(rule, "bonuses")):
        yield from numbers(bonus, (*path, "bonuses", index), "points")
        yield from _in_form(bonus.get("percent"), (*path, "bonuses", index, "percent"), ())


def _in_form(form: Node | None, path: Path, before: tuple[str, ...]) -> Slips:
    """Every number of a form of points, of a rate or of a percentage, and the entry that it copies."""
    if form is None:
        return
    if not form.is_mapping:
        yield from ((path, nudge) for nudge in nudged_number(form.content))
        return
    if isinstance(copied := form.value("same_as"), str) and len(before) > 1:
        yield (*path, "same_as"), next_of(copied, before)
    yield from numbers(form, path, "up_to")
    for index, end in enumerate(items_of(form, "range")):
        yield from (((*path, "range", index), nudge) for nudge in nudged_number(end.content))
    if (per := form.get("per")) is not None and per.is_mapping:
        yield from _in_form(per.get("points"), (*path, "per", "points"), ())
        yield from numbers(per, (*path, "per"), "every")
        ends = {key: per.content[key] for key in ("range", "up_to") if key in per.content}
        yield from _in_form(Node(ends, per.span, per.keys), (*path, "per"), ())
    if (table := form.get("by")) is not None and table.is_mapping:
        yield from _in_values(table.get("values"), (*path, "by", "values"))
        yield from _in_form(table.get("else"), (*path, "by", "else"), before)


def _in_values(values: Node | None, path: Path) -> Slips:
    for key, value in values.content.items() if values is not None and values.is_mapping else ():
        yield from (((*path, key), nudge) for nudge in nudged_number(value.content))
        yield from _in_values(value, (*path, key))


def in_caps(rule: Node, path: Path, fed: tuple[str, ...]) -> Slips:
    """Every slip in the caps of a rule; `fed` are the balances that they could limit."""
    for index, cap in enumerate(items_of(rule, "caps")):
        here = (*path, "caps", index)
        for key in ("points", "times"):
            yield from numbers(cap, here, key)
        yield (*here, "per"), next_of(str(cap.value("per")), tuple(one.value for one in Per))
        if isinstance(balance := cap.value("balance"), str) and len(fed) > 1:
            yield (*here, "balance"), next_of(balance, fed)

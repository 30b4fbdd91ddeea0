"""Activities, their entries and caps from their documents."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from pointbook.lower.conditions import condition_from
from pointbook.lower.shared_parts import described
from pointbook.model.activities import Activity, EntryRule
from pointbook.model.amounts import plainest, with_places
from pointbook.model.conditions import ALWAYS
from pointbook.model.points.forms import points_from, table_from, with_level_order
from pointbook.model.rules import Bonus, Cap
from pointbook.model.windows import CapKind, Per
from pointbook.source.document import Node

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from pointbook.lower.conditions import Known
    from pointbook.model.attributes import Attribute
    from pointbook.model.rules import Path, Source

    Places = Callable[[str], int]
    """The places of a balance."""


def balances_in(node: Node, level_balance: str) -> tuple[str, ...]:
    """The balances that an activity's document feeds or takes from."""
    listed = [*node.entries("earns"), *node.entries("spends")]
    return tuple(listed) if listed else (node.value("balance") or level_balance,)


def activity_from(  # noqa: PLR0913, PLR0917 - what its program and version say, too
    node: Node,
    about: dict[str, Any],
    level_balance: str,
    places: Places,
    shared: Mapping[str, Attribute],
    own: Mapping[str, Attribute],
    known: Known,
    page: Source | None,
    asked: frozenset[str] = frozenset(),
) -> Activity:
    """The activity that `node`, which fits its schema, writes.

    Args:
        node: The document.
        about: Its id, title, note and source.
        level_balance: The balance that it feeds where it names none.
        places: Of a balance.
        shared: The version's attributes, of which it has those that its events are asked for.
        own: Its own attributes.
        known: What its conditions can name.
        page: The version's source.
        asked: Names in what its version and its groups ask for.
    """
    every = MappingProxyType({**shared, **own})
    first = balances_in(node, level_balance)[0]
    eligible_if = node.get("eligible_if")
    activity = Activity(
        entries=tuple(_entries(node, level_balance, places, every, known, page)),
        attributes=own,
        eligible_if=None if eligible_if is None else condition_from(eligible_if, known),
        caps=caps_from(node, page, places, first),
        groups=tuple(part.content for part in node.listed("groups")),
        **about,
    )
    if not shared:
        return activity
    named = activity.named_attributes | asked
    declared = {name: attribute for name, attribute in shared.items() if name in named} | dict(own)
    return replace(activity, attributes=MappingProxyType(declared))


def _entries(  # noqa: PLR0913, PLR0917 - those of `activity_from`
    node: Node,
    level_balance: str,
    places: Places,
    attributes: Mapping[str, Attribute],
    known: Known,
    page: Source | None,
) -> Iterator[EntryRule]:
    def entry(part: Node, points: Node, balance: str, path: Path, **about: Any) -> EntryRule:
        condition = part.get("if") if path else None
        return EntryRule(
            balance=balance,
            points=with_level_order(points_from(points.plain(), places(balance)), known.levels),
            bonuses=tuple(_bonus(one, known, places(balance), page) for one in part.listed("bonuses")),
            split_among=part.value("split_among"),
            condition=None if condition is None else condition_from(condition, known),
            caps=caps_from(part, page, places, balance) if path else (),
            path=path,
            places=places(balance),
            attributes=attributes,
            **about,
        )

    for key in node.content:
        for balance, part in node.entries(key).items() if key in {"earns", "spends"} else ():
            if key == "earns":
                yield entry(part, part.content["points"], balance, (key, balance), **described(part, page))
            else:
                yield entry(Node({}, part.span), part, balance, (key, balance), is_spend=True)
    if "points" in node.content:
        yield entry(node, node.content["points"], node.value("balance") or level_balance, ())


def caps_from(node: Node, page: Source | None, places: Places, balance: str) -> tuple[Cap, ...]:
    """The caps of an entry, an activity or a group; without a balance, in the places of `balance`."""
    return tuple(_cap(part, page, places(part.value("balance") or balance)) for part in node.listed("caps"))


def _cap(node: Node, page: Source | None, places: int) -> Cap:
    kind = CapKind.POINTS if node.get("points") is not None else CapKind.TIMES
    limit = node.value(kind.value)
    limit = with_places(limit, places) if kind is CapKind.POINTS else limit
    about = {**described(node, page), "balance": node.value("balance")}
    return Cap(kind=kind, limit=limit, per=Per(node.value("per")), **about)


def _bonus(node: Node, known: Known, places: int, page: Source | None) -> Bonus:
    condition, percent = node.get("if"), node.value("percent")
    return Bonus(
        points=with_places(node.value("points") or 0, places),
        condition=ALWAYS if condition is None else condition_from(condition, known),
        percent=with_level_order(table_from(percent["by"]), known.levels)
        if isinstance(percent, dict)
        else plainest(percent or 0),
        **described(node, page),
    )

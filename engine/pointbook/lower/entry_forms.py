"""The short and the long form of an activity, where a patch is in another one than what it changes.

    points: 5                       earns: {nights: {points: 1}}    adds an entry, beside that of the 5 points
    earns: {nights: {points: 1}}    points: 2                       is earns: {nights: {points: 2}}

Source: docs/meaning.md, "The rules".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pointbook.model.sections import Section
from pointbook.source.document import Node

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pointbook.diagnostics import Span

SHORT = ("balance", "points", "bonuses", "split_among")
"""Keys of the one entry of the short form, which stand directly on the activity."""
_MOVED = SHORT[1:]


def in_one_form(rules: Node, patch: Node, level_balance: str) -> tuple[Node, Node]:
    """The rules and the patch, in forms that can be merged.

    A patch in short form on an activity of several entries is left without these keys; a check says so.

    Args:
        rules: What is changed.
        patch: What changes it; neither need fit its schema.
        level_balance: The balance that an activity feeds which names none; empty where it is not known.
    """
    bases, patches = dict[str, Node](), dict[str, Node]()
    for key, change in activities_of(patch).items():
        base = activities_of(rules).get(key)
        if base is None or not base.is_mapping or not change.is_mapping:
            continue
        bases[key], patches[key] = _in_one_form(base, change, level_balance)
    return _with_activities(rules, bases), _with_activities(patch, patches)


def _in_one_form(base: Node, patch: Node, level_balance: str) -> tuple[Node, Node]:
    short = [key for key in SHORT if key in patch.content]
    earns = patch.get("earns")
    if earns is not None and earns.is_mapping and base.get("points") is not None:
        if not short:
            balance = base.value("balance") or level_balance
            return (_below_earns(base, balance) if isinstance(balance, str) and balance else base), patch
        if patch.content.get("points", earns).content is None:
            nothing = Node(None, earns.span)
            gone = dict.fromkeys((key for key in SHORT if key in base.content), nothing)
            return base, _node(patch, {**gone, **patch.content}, dict.fromkeys(gone, earns.span))
        return base, patch
    if not short or "earns" in patch.content or not is_long(base):
        return base, patch
    balance = sole_entry(base)
    if balance is None:
        return base, patch.without(frozenset((key,) for key in short))
    named = patch.get("balance")
    if named is not None and isinstance(named.content or level_balance, str):
        meant = named.content or level_balance
        base, balance = _renamed(base, balance, meant), meant
    return base, _below_earns(patch, balance)


def activities_of(node: Node) -> Mapping[str, Node]:
    """The activities of a document that need not fit its schema."""
    found = node.get(Section.ACTIVITIES)
    return found.content if found is not None and found.is_mapping else {}


def is_long(activity: Node) -> bool:
    """Whether it gives its points below `earns`."""
    earns = activity.get("earns")
    return earns is not None and earns.is_mapping and bool(earns.content)


def sole_entry(activity: Node) -> str | None:
    """The balance of its one entry, which the short form could say as well; None of all others."""
    earns, spends = activity.get("earns"), activity.get("spends")
    if earns is None or not earns.is_mapping or len(earns.content) != 1 or spends is not None:
        return None
    [(balance, entry)] = earns.content.items()
    return None if entry.get("if") is not None or entry.get("caps") is not None else balance


def without_emptied(whole: Node, patch: Node) -> Node:
    """The merged version without an `earns` or `spends` of which the patch has taken the last entry."""
    emptied = {
        (Section.ACTIVITIES.value, name, key)
        for name, change in activities_of(patch).items()
        for key in ("earns", "spends")
        if (written := change.get(key)) is not None and written.content
        if (left := whole.at((Section.ACTIVITIES, name, key))) is not None and left.content == {}
    }
    return whole.without(frozenset(emptied))


def _below_earns(activity: Node, balance: str) -> Node:
    """The activity with what is written directly on it below `earns`, in the same place."""
    moved = {key: value for key, value in activity.content.items() if key in _MOVED}
    content, place = dict[str, Node](), activity.span
    for key, value in activity.content.items():
        if key not in SHORT:
            content[key] = value
        elif key in _MOVED and "earns" not in content:
            place = activity.keys.get(key, value.span)
            keys = {one: activity.keys.get(one, inner.span) for one, inner in moved.items()}
            content["earns"] = Node({balance: Node(moved, place, keys)}, place, {balance: place})
    return _node(activity, content, {"earns": place})


def _renamed(base: Node, old: str, new: str) -> Node:
    earns = base.content["earns"]
    inner = Node({new: earns.content[old]}, earns.span, {new: earns.keys.get(old, earns.span)})
    return _node(base, {**base.content, "earns": inner}, {})


def _node(like: Node, content: dict[str, Node], keys: Mapping[str, Span]) -> Node:
    """Another content of a mapping, with the places of keys that are new."""
    places = {**keys, **like.keys}
    return Node(content, like.span, {key: places.get(key, like.span) for key in content})


def _with_activities(node: Node, changed: Mapping[str, Node]) -> Node:
    if not changed:
        return node
    section = node.content[Section.ACTIVITIES.value]
    inner = Node({**section.content, **changed}, section.span, section.keys)
    return Node({**node.content, Section.ACTIVITIES.value: inner}, node.span, node.keys)

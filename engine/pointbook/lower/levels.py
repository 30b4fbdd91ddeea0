"""Levels from their documents."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pointbook.model.amounts import with_places
from pointbook.model.levels import Level

if TYPE_CHECKING:
    from collections.abc import Callable

    from pointbook.model.levels import Minimums
    from pointbook.source.document import Node


def level_from(node: Node, about: dict[str, Any], level_balance: str, places: Callable[[str], int]) -> Level:
    """The level that `node`, which fits its schema, writes.

    Args:
        node: The document.
        about: Its id, title, note and source.
        level_balance: The balance that `threshold`, and a number under `keep`, are of.
        places: Of a balance.
    """
    requires = _minimums(node.get("requires"), level_balance, places)
    keep = _minimums(node.get("keep"), level_balance, places)
    own = [dict(one).get(level_balance, with_places(0, places(level_balance))) for one in requires]
    is_short = len(requires) == 1 and dict(requires[0]).keys() == {level_balance}
    threshold = node.value("threshold") or 0
    return Level(
        threshold=min(own) if own else with_places(threshold, places(level_balance)),
        requires=() if is_short else requires,
        keep=keep,
        is_base=node.value("base") is True,
        **about,
    )


def _minimums(node: Node | None, level_balance: str, places: Callable[[str], int]) -> tuple[Minimums, ...]:
    if node is None:
        return ()
    plain = node.plain()
    if not isinstance(plain, (dict, list)):
        plain = {level_balance: plain}
    alternatives = plain if isinstance(plain, list) else [plain]
    return tuple(
        tuple(sorted((name, with_places(least, places(name))) for name, least in one.items()))
        for one in alternatives
    )

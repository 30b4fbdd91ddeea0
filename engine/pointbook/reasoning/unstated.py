"""Versions that state no life cycle, in words. Source: docs/meaning.md, "Levels"."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pointbook.model.program import Version


def unstated_life_cycles(versions: Iterable[Version]) -> tuple[str, ...]:
    """A sentence, without a full stop, for all of the versions that state none and follow the same one."""
    unstated: dict[str | None, list[str]] = {}
    for version in versions:
        if not version.life_cycle.is_stated and version.id not in unstated.get(
            version.life_cycle.follows, ()
        ):
            unstated.setdefault(version.life_cycle.follows, []).append(version.id)
    return tuple(_sentence(ids, follows) for follows, ids in unstated.items())


def _sentence(ids: list[str], follows: str | None) -> str:
    listed = f"{', '.join(ids[:-1])} and {ids[-1]}" if len(ids) > 1 else ids[0]
    who = f"versions {listed} state" if len(ids) > 1 else f"version {listed} states"
    other = f"that of {follows}" if follows is not None else "what is left out, `to_earned` and `feb_28`"
    return f"{who} no life cycle: what becomes of levels when a period ends follows {other}"

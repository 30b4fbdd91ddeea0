"""A program's document and its versions as a frozen `Program`."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from pointbook.lower.pages import titled, titles_from
from pointbook.lower.shared_parts import attributes_from, rules_from, source_from
from pointbook.model.amounts import Rounding, with_places
from pointbook.model.exports import OURS
from pointbook.model.program import Balance, Program
from pointbook.model.windows import Resets
from pointbook.source.document import Node, sha256_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pointbook.model.amounts import Amount
    from pointbook.model.exports import Exports
    from pointbook.model.program import Version


def program_from(
    node: Node,
    versions: Iterable[Version] = (),
    published: frozenset[str] = frozenset(),
    exports: Exports = OURS,
) -> Program:
    """The program that `node`, which fits its schema, writes, with `versions` by their dates.

    Args:
        node: The document.
        versions: Its versions, in any order.
        published: Ids of those that may no longer change.
        exports: How its exports differ from our columns.
    """
    positions, sha256 = node.positions(), sha256_of(node)
    titles = titles_from(node)
    node = titled(node, titles)
    plain = node.plain()
    page = source_from(node, None)
    return Program(
        id=plain["id"],
        title=plain["title"],
        timezone=plain["timezone"],
        balances=rules_from(
            node,
            "balances",
            page,
            lambda part, about: Balance(
                resets=Resets(part.value("resets")),
                start=with_places(part.value("start") or 0, part.value("decimals") or 0),
                floor=_floor(part),
                decimals=part.value("decimals") or 0,
                round=Rounding(part.value("round") or Rounding.HALF_UP),
                **about,
            ),
        ),
        level_balance=plain.get("level_balance") or next(iter(plain["balances"])),
        member_attributes=attributes_from(node, "member_attributes"),
        versions=tuple(sorted(versions, key=lambda version: (version.effective_from, version.id))),
        note=plain.get("note"),
        source=page,
        published=published,
        positions=positions,
        sha256=sha256,
        exports=exports,
        documents=MappingProxyType(dict(titles)),
    )


def _floor(part: Node) -> Amount | None:
    floor = part.value("floor")
    return None if floor is None else with_places(floor, part.value("decimals") or 0)


def level_balance_of(program: Node | None) -> str:
    """The balance that decides levels, by a document that need not fit its schema; empty if it has none."""
    named = None if program is None else program.get("level_balance")
    if named is not None and isinstance(named.content, str):
        return named.content
    balances = None if program is None else program.get("balances")
    return next(iter(balances.content), "") if balances is not None and balances.is_mapping else ""


def has_places(program: Node) -> bool:
    """Whether a balance of a document that need not fit its schema has places."""
    balances = program.get("balances")
    known = balances.content.values() if balances is not None and balances.is_mapping else ()
    return any(balance.value("decimals") not in {None, 0} for balance in known if balance.is_mapping)

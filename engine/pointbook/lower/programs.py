"""A program's document and its versions as a frozen `Program`."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from pointbook.lower.shared_parts import attributes_from, mapping_of, source_from
from pointbook.model.rules import Balance, Program, Resets
from pointbook.source.document import Node, sha256_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pointbook.model.rules import Version


def program_from(node: Node, versions: Iterable[Version] = ()) -> Program:
    """The program that `node`, which fits its schema, writes, with `versions` by their dates."""
    plain = node.plain()
    page = source_from(node, None)
    return Program(
        id=plain["id"],
        title=plain["title"],
        timezone=plain["timezone"],
        balances=MappingProxyType(
            {
                key: Balance(
                    id=key,
                    resets=Resets(balance["resets"]),
                    start=balance.get("start", 0),
                    floor=balance.get("floor"),
                    title=balance.get("title"),
                    note=balance.get("note"),
                    source=source_from(part, page),
                )
                for key, part, balance in (
                    (key, part, part.plain()) for key, part in mapping_of(node, "balances").items()
                )
            }
        ),
        level_balance=plain["level_balance"],
        member_attributes=attributes_from(node, "member_attributes"),
        versions=tuple(sorted(versions, key=lambda version: (version.effective_from, version.id))),
        note=plain.get("note"),
        source=page,
        positions=node.positions(),
        sha256=sha256_of(node),
    )

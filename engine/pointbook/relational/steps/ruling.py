"""The rule of an event under a version set, as expressions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ibis

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ibis.expr.types import Table

    from pointbook.relational.rulebook.editions import VersionSet
    from pointbook.relational.rulebook.rule_book import RuleBook


def rule_of(joined: Table, book: RuleBook, one: VersionSet) -> Mapping[str, Any]:
    """What a version set's rule says, column by column.

    Of an event without a rule the columns say nothing, but constants stand all the same: whether there
    is a rule must be asked first.

    Args:
        joined: Has the columns of the table `rules`.
        book: The rules.
        one: The version set.
    """
    columns = book.columns
    return {
        name: ibis.literal(columns.agreed[column], type=columns.types[name])
        if column in columns.agreed
        else joined[column]
        for name, column in columns.of_sets[one.number].items()
    }

"""The rule of an event under a version set, as expressions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ibis

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ibis.expr.types import Table

    from pointbook.relational.rulebook.editions import VersionSet
    from pointbook.relational.steps.context import Context


def rule_of(context: Context, joined: Table, one: VersionSet) -> Mapping[str, Any]:
    """What a version set's rule says, column by column; `joined` has the columns of the table `rules`.

    Of an event without a rule the columns say nothing, but constants stand all the same: whether there
    is a rule must be asked first.
    """
    columns = context.book.columns
    return {
        name: ibis.literal(columns.agreed[column], type=columns.types[name])
        if column in columns.agreed
        else joined[column]
        for name, column in columns.of_sets[one.number].items()
    }

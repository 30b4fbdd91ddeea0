"""All that differs between two states of a program: rules, guardrails, approvals and what is published."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pointbook.changes.against import program_difference
from pointbook.changes.finders.balance_names import balance_names
from pointbook.guardrails.changes import approval_changes, guardrail_changes, limits_named
from pointbook.guardrails.checking import APPROVALS_FILE, GUARDRAILS_FILE
from pointbook.guardrails.lock_changes import lock_changes
from pointbook.guardrails.reading import approvals_in_tree, guardrails_in_tree
from pointbook.loading import LOCK_FILE, lock_in

if TYPE_CHECKING:
    from pointbook.changes.against import Difference
    from pointbook.loading.documents import Tree
    from pointbook.model.program import Program


def whole_difference(
    trees: tuple[Tree, Tree], programs: tuple[Program, Program], names: tuple[str, str]
) -> Difference:
    """What differs.

    Args:
        trees: The files of the old and of the new state.
        programs: What was read from them.
        names: What the states are called.

    Raises:
        InputError: A file cannot be read.
        RulesError: Guardrails, approvals or the lock have errors.
    """
    old, new = (guardrails_in_tree(tree, program) for tree, program in zip(trees, programs, strict=True))
    before, after = (approvals_in_tree(tree) for tree in trees)
    return program_difference(*programs, *names).with_limits(
        guardrail_changes(limits_named(old, balance_names(*programs)), new, _files(trees, GUARDRAILS_FILE)),
        approval_changes(before, after, _files(trees, APPROVALS_FILE)),
        lock_changes(lock_in(trees[0]), lock_in(trees[1]), _files(trees, LOCK_FILE)),
    )


def _files(trees: tuple[Tree, Tree], name: str) -> tuple[str, str]:
    return trees[0].shown(name), trees[1].shown(name)

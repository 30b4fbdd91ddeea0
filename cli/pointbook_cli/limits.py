"""By what a comparison is judged: guardrails, those of the commit that it is against, and approvals."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from pointbook.changes.finders.balance_names import balance_names
from pointbook.guardrails.approving import with_approvals
from pointbook.guardrails.changes import limits_named
from pointbook.guardrails.checking import GUARDRAILS_FILE
from pointbook.guardrails.earlier import earlier_limits, judged_by_earlier, with_loosening_approved
from pointbook.guardrails.judging import JudgedComparison, judged
from pointbook.guardrails.reading import (
    approvals_in,
    guardrails_from,
    guardrails_in,
    guardrails_in_tree,
)
from pointbook.loading.operands import program_tree
from pointbook.source.files import shown_name
from pointbook.source.git_objects import git_tree
from pointbook_cli.options import day_of

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from pointbook.comparison.result import ComparisonResult
    from pointbook.guardrails.approval import Approval
    from pointbook.guardrails.earlier import EarlierLimit
    from pointbook.guardrails.guardrail import Guardrail
    from pointbook.model.program import Program


@dataclass(frozen=True, slots=True)
class Limits:
    """By what a comparison is judged.

    Attributes:
        folder: The program's folder.
        program: The program as it stands there.
        file: Where its guardrails are, if not in the folder.
        guardrails: As they stand there.
        approvals: Likewise.
        required: Whether there must be guardrails.
        day: On which approvals must not have ended; None for today.
        earlier: Guardrails of a commit that were loosened since.
    """

    folder: Path
    program: Program
    file: Path | None
    guardrails: tuple[Guardrail, ...]
    approvals: tuple[Approval, ...]
    required: bool
    day: date | None
    earlier: tuple[EarlierLimit, ...] = ()

    def since(self, ref: str, before: Program) -> Limits:
        """The same with what a commit limited, which had the program `before`.

        Raises:
            InputError: The commit's guardrails cannot be read.
            RulesError: There are errors in them.
        """
        tree, name = program_tree(self.folder, ref, self.program.id), GUARDRAILS_FILE
        if self.file is not None:
            tree, name = git_tree(ref, self.folder), self.file.name
            if not self.file.resolve().is_relative_to(tree.root.resolve()):
                return self  # no commit says how it was
            tree = tree.below(tree.path_of(self.file.parent))
        assert tree is not None, "the commit has the program"
        old = guardrails_in_tree(tree, before, name)
        named = limits_named(old, balance_names(before, self.program))
        files = tree.shown(name), shown_name(self.file or self.folder / name)
        return replace(self, earlier=earlier_limits(named, self.guardrails, files, ref))

    def judged(self, comparison: ComparisonResult) -> JudgedComparison:
        """The comparison with what becomes of each guardrail."""
        results = (*judged(comparison, self.guardrails), *judged_by_earlier(comparison, self.earlier))
        result = JudgedComparison(comparison, results, required=self.required)
        if not self.approvals:
            return result
        today = day_of(self.program, self.day)
        versions = [version.id for version in self.program.versions]
        result = with_approvals(result, self.approvals, today, versions)
        return with_loosening_approved(result, self.earlier, self.approvals, today)


def limits_of(
    folder: Path, program: Program, file: Path | None, *, required: bool, day: date | None
) -> Limits:
    """What the program's folder limits, or another file.

    Raises:
        InputError: A file cannot be read.
        RulesError: A file has errors, or another name than it should have.
    """
    guardrails = guardrails_in(folder, program) if file is None else guardrails_from(file, program)
    return Limits(folder, program, file, guardrails, approvals_in(folder), required, day)

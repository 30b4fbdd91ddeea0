"""The program with a slip in it, and whether a scenario notices."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pointbook.loading import loaded_from
from pointbook.scenarios import scenario_from
from pointbook.scenarios.running import passes

if TYPE_CHECKING:
    from pointbook.loading import Loaded, ReadDocument
    from pointbook.mutation.edits import Edit


def with_slip(edit: Edit, loaded: Loaded) -> Loaded:
    """The program with a slip in it."""
    return loaded_from(edit.applied(loaded.documents), loaded)


def is_noticed(scenario: ReadDocument, mutant: Loaded) -> bool:
    """Whether a scenario fails, or can no longer be run, by rules with a slip in them."""
    runnable, _ = scenario_from(scenario, mutant)
    return runnable is None or not passes(runnable)

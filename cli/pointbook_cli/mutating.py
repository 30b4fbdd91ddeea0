"""The scenarios held against edits of the rules, and scenarios written that notice more of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pointbook.diagnostics import RulesError
from pointbook.loading import SCENARIOS_FOLDER
from pointbook.mutation.accepting import new_scenarios
from pointbook.mutation.judging import Fate, Judge, judged
from pointbook.mutation.survivors import reviewed
from pointbook.scenarios.reading import survivors_document
from pointbook.source.files import Folder
from pointbook_cli.output_files import output_folder
from pointbook_cli.progress import stage
from pointbook_cli.reporters.edits import counts_text, survivor_text
from pointbook_cli.reporters.escaping import printable
from pointbook_cli.reporters.findings.text import findings_text
from pointbook_cli.reporters.painting import EDITS, MESSAGES
from pointbook_cli.terminal import say

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from pointbook.loading import Loaded, ReadDocument
    from pointbook.mutation.cases import Case
    from pointbook.mutation.edits import Edit


def mutated(
    loaded: Loaded, scenarios: Sequence[ReadDocument], folder: Path, *, workers: int, accepts: bool
) -> int:
    """Try every edit, say which of them no scenario notices, and return the exit code.

    Args:
        loaded: The program.
        scenarios: Its scenarios, all of which pass.
        folder: The program's folder.
        workers: How many processes try edits.
        accepts: Whether scenarios are written that notice what none notices yet.

    Raises:
        RulesError: The program, or the list of what may go unnoticed, has errors.
    """
    loaded.usable()
    listed = survivors_document(Folder(folder))
    if listed is not None and listed.findings:
        raise RulesError(listed.findings)
    judge = Judge.of(loaded.documents, tuple(scenarios))
    fates = []
    with stage("trying slips of the pen", len(judge.edits)) as trying:
        for one in judged(judge, workers):
            fates.append(one)
            trying.advance(1)
    review = reviewed(listed, judge.edits, fates)
    living = [
        (edit, one)
        for index, (edit, one) in enumerate(zip(judge.edits, fates, strict=True))
        if one.fate is Fate.SURVIVES and index not in review.reasons
    ]
    accepted: list[tuple[Edit, Case]] = []
    if accepts:
        accepted = [(edit, one.case) for edit, one in living if one.case is not None]
        living = [(edit, one) for edit, one in living if one.case is None]
    for edit, one in living:
        say(survivor_text(edit, one), EDITS)
    if review.findings:
        assert listed is not None
        say(findings_text(review.findings, {listed.file: listed.text}), MESSAGES)
    say(counts_text(fates, len(review.reasons)), EDITS)
    _accept(accepted, loaded, folder)
    return 1 if living or review.findings else 0


def _accept(cases: list[tuple[Edit, Case]], loaded: Loaded, folder: Path) -> None:
    """Write scenarios that notice these edits, beside those that there are."""
    if not cases:
        return
    made = new_scenarios(cases, loaded, Folder(folder).entries(SCENARIOS_FOLDER))
    with output_folder(folder / SCENARIOS_FOLDER) as output:
        for scenario in made:
            output.replaces_text(scenario.file, None).write(scenario.text)
    for scenario in made:
        name = f"{loaded.documents.name}/{SCENARIOS_FOLDER}/{scenario.file}"
        say(printable(f"wrote {name}, which notices {len(scenario.noticed)} of them"), MESSAGES)

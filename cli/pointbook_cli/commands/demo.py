"""`pointbook demo`: the tour."""

from __future__ import annotations

from pathlib import Path

import click

from pointbook.diagnostics import InputError
from pointbook.evaluating import evaluate
from pointbook.loading import load_program
from pointbook.log import read_log
from pointbook.model.evaluated import Evaluated, Way
from pointbook.model.ledger import Assume
from pointbook.model.tally import Tally
from pointbook.reasoning.near_texts import NearTexts
from pointbook.source.files import shown_name
from pointbook.version import is_compiled
from pointbook.views.explanation import explain
from pointbook.views.overview import overview_of
from pointbook.views.summary import summary_of
from pointbook_cli.reporters.explanation import explanation_text
from pointbook_cli.reporters.painting import DEMO
from pointbook_cli.reporters.templates import Lines, template
from pointbook_cli.terminal import columns, say

_SHIPPED = "dataminer-devops"


@click.command(epilog="Example: pointbook demo")
@click.option("--full", is_flag=True, help="Explain the member event by event.")
def command(full: bool) -> None:
    """Evaluate the shipped program's example log, and show what comes of it.

    Prints the levels, who is at risk at the next anniversary, what was rejected and why, and one
    member's points explained; then what to try next. Writes nothing.
    """
    folder = _shipped_program()
    program = load_program(folder)
    examples = folder / "examples"
    log = read_log(program, members=[examples / "members.csv"], events=[examples / "events.csv"])
    evaluation = evaluate(program, log)
    tally, results = Tally(), []
    for result in evaluation:
        tally.add(result.entries, result.standing, result.after_as_of)
        results.append(result)
    tally.near_texts = NearTexts(program, None, evaluation.as_of).counted(log.members.values(), log.events)
    overview = overview_of(evaluation, results, log)
    summary = summary_of(
        tally,
        program,
        log.facts,
        as_of=evaluation.as_of,
        as_of_given=False,
        version=None,
        assume=Assume.NONE,
        evaluated=Evaluated("python", Way.FOLD, workers=1, compiled=is_compiled()),
    )
    chosen = overview.at_risk[0].member_id if overview.at_risk else results[0].member.id
    explanation = explain(program, log, evaluation, chosen)
    text = explanation_text(explanation, width=columns(), has_sums=True, is_listed=full)
    say(
        template("demo.txt.j2").render(
            program=program,
            overview=overview,
            summary=summary,
            member=chosen,
            explanation=Lines(text),
            folder=folder,
        ),
        DEMO,
        nl=False,
    )


def _shipped_program() -> Path:
    """The folder of the shipped program: in the package of an installed wheel, else in the checkout."""
    package = Path(__file__).resolve().parents[1]
    for folder in (package / "shipped" / _SHIPPED, package.parents[1] / "rules" / _SHIPPED):
        if folder.is_dir():
            return Path(shown_name(folder))
    raise InputError(_SHIPPED, "the shipped program is missing", "install pointbook again")

"""`pointbook rules`: what the codes of findings and of changes mean."""

from __future__ import annotations

import click

from pointbook.catalogue.changes import change_rule
from pointbook.catalogue.findings import finding_rule, finding_rules
from pointbook.changes.kinds import Kind
from pointbook.diagnostics import suggestion
from pointbook_cli.options import choice_option
from pointbook_cli.reporters.escaping import json_text
from pointbook_cli.reporters.painting import CATALOGUE
from pointbook_cli.reporters.rules import (
    change_rule_json,
    change_rule_text,
    finding_rule_json,
    finding_rule_text,
    listed_text,
)
from pointbook_cli.terminal import fitting, say
from pointbook_cli.usage.known_words import CODE

_WIDTH = 100
"""Of lines that are not shown on a terminal that is narrower."""


@click.command(epilog="Example: pointbook rules split-number")
@click.argument("code", metavar="[CODE]", type=CODE, required=False)
@choice_option(
    "--format",
    "output_format",
    choices=("text", "json"),
    about="`text`: for people; `json`: for programs.",
)
def command(code: str | None, output_format: str) -> None:
    """Say what the checks find and what kinds of change there are, or explain one.

    CODE is that of a finding, such as `split-number`, or of a kind of change, such as `threshold-raised`.
    Without it, all are listed: of each finding whether it is an error, and whether `validate --fix` mends it;
    of each kind of change whether it favours members.
    """
    is_text = output_format == "text"
    kinds = {kind.code: kind for kind in Kind}
    if code is None:
        if is_text:
            say(listed_text(finding_rules(), kinds.values()), CATALOGUE, nl=False)
        else:
            findings = [finding_rule_json(rule) for rule in finding_rules()]
            changes = [change_rule_json(change_rule(kind)) for kind in kinds.values()]
            say(json_text({"findings": findings, "changes": changes}))
    elif code in kinds:
        change = change_rule(kinds[code])
        if is_text:
            say(change_rule_text(change, fitting(_WIDTH)), CATALOGUE)
        else:
            say(json_text(change_rule_json(change)))
    elif (rule := finding_rule(code)) is not None:
        if is_text:
            say(finding_rule_text(rule, fitting(_WIDTH)), CATALOGUE)
        else:
            say(json_text(finding_rule_json(rule)))
    else:
        known = (*(rule.code for rule in finding_rules()), *kinds)
        raise click.BadParameter(f"there is no code `{code}`; {suggestion(code, known)}", param_hint="CODE")

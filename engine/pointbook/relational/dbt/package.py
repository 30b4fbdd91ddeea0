"""The files of a package of dbt.

Every file begins with a line that says what wrote it, so that such files, and no others, are replaced.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from sqlglot import exp

from pointbook.relational.dbt.checks import checks
from pointbook.relational.dbt.judging import Judging
from pointbook.relational.dbt.macros import macros
from pointbook.relational.dbt.staging import staging_model
from pointbook.relational.dbt.texts import PROJECT, README, SCHEMA, SOURCES, columns_listed
from pointbook.relational.dbt.wanted import KINDS, outside
from pointbook.relational.dbt.warehouses import WAREHOUSES
from pointbook.relational.engines.dialects import DIALECTS
from pointbook.relational.results import RESULTS, result_columns
from pointbook.relational.script import one_line, part, query_of
from pointbook.relational.steps.context import AS_OF
from pointbook.version import __version__

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pointbook.model.ledger import Assume
    from pointbook.relational.engines.dialects import Dialect
    from pointbook.relational.plan import Plan

MARK = "Written by `pointbook sql --dbt`"
"""What the first line of every file of a package says."""

_COMMENTS = {"sql": ("-- ", ""), "yml": ("# ", ""), "md": ("<!-- ", " -->"), "macro": ("{# ", " #}")}
_DIGITS = 16


def package_of(plan: Plan, dialect_name: str, assume: Assume) -> dict[str, str]:
    """The text of each file, by its path in the package.

    Args:
        plan: The plan of all results, of one version set, for any engine and any as-of date.
        dialect_name: One of `DIALECTS`.
        assume: What a missing assessed value was taken to be.

    Raises:
        InputError: log.yaml has what only the reader of files knows.
    """
    dialect = DIALECTS[dialect_name]
    judging = Judging(plan, dialect)
    facts = _facts(plan, dialect, assume)
    inputs = [
        f"{_named(AS_OF, dialect)} AS (\n  SELECT {{{{ pointbook_as_of() }}}} AS {_named('day', dialect)}\n)",
        *(part(kind, f"accepted {kind}", judging.accepted(kind), dialect) for kind in KINDS),
    ]
    files = {
        "dbt_project.yml": PROJECT.substitute(facts),
        "README.md": README.substitute(facts),
        "macros/pointbook.sql": macros(dialect, plan.program),
        "models/sources.yml": SOURCES.substitute(facts),
        "models/pointbook.yml": SCHEMA.substitute(facts),
        **{
            f"models/staging/stg_pointbook_{kind}.sql": staging_model(kind, plan.program, dialect)
            for kind in KINDS
        },
        **{f"models/judged/pointbook_judged_{kind}.sql": judging.judged(kind) for kind in KINDS},
        "models/pointbook_rejects.sql": judging.rejects(),
        **{
            f"models/pointbook_{result}.sql": _titled_outside(plan, dialect, result, inputs)
            for result in RESULTS
        },
        **{f"tests/pointbook_{name}.sql": text for name, text in checks(dialect).items()},
    }
    return {path: _headed(path, text, facts) for path, text in files.items()}


def _titled_outside(plan: Plan, dialect: Dialect, result: str, inputs: list[str]) -> str:
    """A result's query, its columns as people outside call them."""

    def numbered(selected: exp.Select) -> exp.Select:
        for number, one in enumerate(selected.selects):
            one.set("alias", exp.to_identifier(f"@{number}", quoted=True))
        return selected

    text = query_of(plan, dialect, result, inputs, numbered)
    for number, title in enumerate(result_columns(result, plan.program)):
        text = text.replace(_named(f"@{number}", dialect), outside(title, dialect))
    return text + "\n"


def _named(name: str, dialect: Dialect) -> str:
    return WAREHOUSES[dialect.name].words.named(name)


def _facts(plan: Plan, dialect: Dialect, assume: Assume) -> Mapping[str, str]:
    """What texts say of the rules."""
    program, one = plan.program, plan.sets[0]
    digests = [
        (program.sha256, "program.yaml"),
        *((version.sha256, version.id) for version in program.versions),
    ]
    digest = hashlib.sha256("".join(f"{sha256} {name}\n" for sha256, name in digests).encode()).hexdigest()
    identifier = "".join(letter if letter.isalnum() and letter.isascii() else "_" for letter in program.id)
    version = f" {one.fixed}" if one.fixed else ""
    options = f" --assume {assume}" if assume != "none" else ""
    return {
        "mark": MARK,
        "engine": __version__,
        "id": program.id,
        "project": f"pointbook_{identifier.lower()}",
        "digest": digest[:_DIGITS],
        "digests": "\n".join(f"- `{sha256}` {one_line(name)}" for sha256, name in digests),
        "dialect": dialect.name,
        "adapters": " or ".join(WAREHOUSES[dialect.name].adapters),
        "timezone": program.timezone,
        "versions": f"version {one.fixed} as if always in force"
        if one.fixed
        else "each event by its version",
        "write": f"pointbook sql PROGRAM{version}{options} --dialect {dialect.name} --dbt DIR",
        **{
            f"{result}_columns": columns_listed(
                map(dialect.outside, result_columns(result, program)), _TESTED[result]
            )
            for result in RESULTS
        },
    }


_TESTED: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "ledger": {
        "event_id": ("unique", "not_null"),
        "member_id": ("not_null",),
        **dict.fromkeys(
            ("activity", "occurred_at", "outcome", "balance", "requested", "awarded"), ("not_null",)
        ),
    },
    "standings": {
        "member_id": ("unique", "not_null"),
        **dict.fromkeys(("as_of", "period", "points"), ("not_null",)),
    },
    "history": {
        "member_id": ("not_null",),
        **dict.fromkeys(("date", "cause"), ("not_null",)),
    },
}
"""What is held of the columns of each result."""


def _headed(path: str, text: str, facts: Mapping[str, str]) -> str:
    """A file's text below its first line."""
    kind = "macro" if path.startswith("macros/") else path.rpartition(".")[2]
    begin, end = _COMMENTS[kind]
    said = "{mark} {engine} from the rules of {id}, digest {digest}; change those, not this.".format(**facts)
    return f"{begin}{one_line(said)}{end}\n{text}"


def is_of_a_package(text: str) -> bool:
    """Whether a file is one that this module wrote."""
    return MARK in text.partition("\n")[0]

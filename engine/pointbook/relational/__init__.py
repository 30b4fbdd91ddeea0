"""The relational evaluator: the meaning of the rules as one plan over tables, for large logs.

The rules enter as rows, so that the plan hardly changes from ruleset to ruleset and several versions
are evaluated in one pass. `rulebook/` turns a program into small tables; `steps/` are the relations
that follow from them and a log, in the order of `plan`, which `rewrites` make cheaper. `engines/`
write them as SQL and run them over a log that `inputs/` have put there. `evaluation` is the way in,
`member_ranges` that for files and for a log on which memory cannot hold all the work; `script` prints
a plan instead. What no plan can evaluate is in `unsupported`.

What is meant is defined by `pointbook.interpret`; neither imports the other. Source:
docs/meaning.md, and docs/architecture.md, "One meaning, two evaluators".
"""

from __future__ import annotations

__all__ = ["RelationalEvaluation", "UnsupportedError", "evaluate_relational"]

_HOMES = {
    "RelationalEvaluation": "pointbook.relational.evaluation",
    "UnsupportedError": "pointbook.relational.constructs",
    "evaluate_relational": "pointbook.relational.evaluation",
}


def __getattr__(name: str) -> object:
    """Public names, imported when first used: the fold needs sessions and inputs, but not ibis."""
    import importlib  # noqa: PLC0415 - only needed here

    if name in _HOMES:
        return getattr(importlib.import_module(_HOMES[name]), name)
    raise AttributeError(f"module 'pointbook.relational' has no attribute {name!r}")

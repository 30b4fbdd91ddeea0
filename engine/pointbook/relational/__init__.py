"""The relational evaluator: the meaning of the rules as one plan over tables, for large logs.

The rules enter as rows (`rule_rows`), so that the plan hardly changes from ruleset to ruleset and
several versions are evaluated in one pass. Read in this order: `editions` and `rule_rows` turn a
program into small tables; `dating`, `valuing`, `capping`, `balancing`, `summing`, `periods`,
`levelling`, `ledger`, `history` and `standing` are the plan's steps in their order, strung together
in `plan`; `emission` writes them as SQL in a dialect; `sessions` runs them.

What is meant is defined by `pointbook.interpret`; neither imports the other. Source: DESIGN,
sections 3 and 5.
"""

from pointbook.relational.evaluation import RelationalEvaluation, evaluate_relational
from pointbook.relational.unsupported import UnsupportedRulesError

__all__ = ["RelationalEvaluation", "UnsupportedRulesError", "evaluate_relational"]

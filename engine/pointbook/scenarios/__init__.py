"""Scenarios: members, what they do, and what must come of it, as YAML.

`reading` turns a document into a `Scenario`, `running` evaluates it and says where it differs.
Program managers write them for `pointbook test`; the engine's own conformance cases have the same
form and run on every evaluator.
"""

from pointbook.scenarios.reading import Scenario, scenario_files, scenario_from, scenarios_in

__all__ = ["Scenario", "scenario_files", "scenario_from", "scenarios_in"]

"""Pointbook: rules as data for points programs.

    import pointbook

    program = pointbook.load_program("rules/dataminer-devops")
    log = pointbook.read_log(program, members=["members.csv"], events=["events.csv"])
    for result in pointbook.evaluate(program, log):
        print(result.standing)

Text goes one way: files → documents → rules → evaluation → views. See the module docstrings of
`loading`, `interpret` and `views`.
"""

from pointbook.diagnostics import Finding, InputError, RulesError
from pointbook.version import __version__

__all__ = [
    "Finding",
    "InputError",
    "Interpreter",
    "RulesError",
    "__version__",
    "evaluate",
    "event_from",
    "explain",
    "load_program",
    "read_log",
]

_HOMES = {
    "Interpreter": "pointbook.interpret",
    "event_from": "pointbook.log",
    "evaluate": "pointbook.evaluating",
    "explain": "pointbook.views.explanation",
    "load_program": "pointbook.loading",
    "read_log": "pointbook.log",
}


def __getattr__(name: str) -> object:
    """Public names, imported when first used, so that `import pointbook` costs next to nothing."""
    import importlib  # noqa: PLC0415 - only needed here

    if name in _HOMES:
        return getattr(importlib.import_module(_HOMES[name]), name)
    raise AttributeError(f"module 'pointbook' has no attribute {name!r}")

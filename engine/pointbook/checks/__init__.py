"""The semantic checks: what a schema cannot see, one file per kind of fault.

A check is a pure function from the rules to findings, named like its code. `CHECKS` is the order
in which they run and in which the catalogue lists them.
"""

from pointbook.checks.registry import CHECKS, check_findings
from pointbook.checks.subject import Subject

__all__ = ["CHECKS", "Subject", "check_findings"]

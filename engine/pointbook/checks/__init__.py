"""The semantic checks: what a schema cannot see, one file per kind of fault.

A check is a pure function from the rules to findings, named like its code. `CHECKS` is the order
in which they run and in which the catalogue lists them. What several of them need to know is worked
out in `reasoning`.
"""

from pointbook.checks.reasoning.subject import CheckSubject, Documents
from pointbook.checks.registry import CHECKS, PUBLISHING_CODES, check_findings

__all__ = ["CHECKS", "PUBLISHING_CODES", "CheckSubject", "Documents", "check_findings"]

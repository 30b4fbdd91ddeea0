"""Arrow without pandas, which it imports with the first list that becomes a column, where it is installed.

That takes a third of a second in each process of the command, none of which has anything of pandas'.
"""

from __future__ import annotations

import sys
import warnings
from types import ModuleType


def leave_pandas_out() -> None:
    """Have Arrow look for pandas once, in vain; it looks again only where it is asked for something of it."""
    if "pandas" in sys.modules or sys.modules.get("pyarrow") is None:
        return
    import pyarrow as pa  # noqa: PLC0415 - an extra

    too_old = ModuleType("pandas")
    vars(too_old)["__version__"] = "0"
    sys.modules["pandas"] = too_old
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # that it is too old
            pa.array([])
    finally:
        del sys.modules["pandas"]

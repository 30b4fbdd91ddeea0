"""The engine's version, the one place where it stands, and whether its interpreter is compiled."""

import os
from importlib.machinery import EXTENSION_SUFFIXES

__version__ = "0.1.0"


def is_compiled() -> bool:
    """Whether the interpreter is run as mypyc compiled it; else it is run as Python.

    Python takes an extension module before the source beside it. Nothing is imported to find that out.
    """
    module = f"{__file__.removesuffix('version.py')}interpret/interpreter"
    return any(os.path.exists(module + suffix) for suffix in EXTENSION_SUFFIXES)  # noqa: PTH110 - pathlib loads late

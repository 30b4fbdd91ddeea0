"""The page docs/ci.md, whose blocks of code have names in a comment above them."""

from __future__ import annotations

import re

from workflows import ROOT


def block(name: str) -> str:
    text = (ROOT / "docs/ci.md").read_text(encoding="utf-8")
    found = re.search(rf"<!-- {re.escape(name)} -->\n```\w*\n(.*?)```", text, re.DOTALL)
    assert found, name
    return found[1]

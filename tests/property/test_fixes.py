"""Whatever slips stand in rules: what --fix mends is gone, and nothing is added."""

from __future__ import annotations

import json
import re
import sys
import tempfile
from collections import Counter
from contextlib import chdir
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hypothesis import event, given, settings
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).parent))  # test folders are not packages
from strategies import pooled_rules

from pointbook.diagnostics import RulesError
from pointbook.mending import mended_files
from pointbook.validation import validated

if TYPE_CHECKING:
    from strategies import Rules

    from pointbook.diagnostics import Finding

NUMBER = re.compile(r"(?<=[:\[,{] )([1-9][0-9]{1,3})(?![-0-9.])")
DATE = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
WORD = re.compile(r"\b[a-z][a-z_]{3,}\b")


def _yaml(value: Any, indent: str = "") -> str:
    """A document in blocks, with its inner parts in brackets."""
    if not isinstance(value, dict) or len(indent) >= 6 or not value:
        return _inline(value)
    lines = (f"\n{indent}{key}: {_yaml(part, indent + '  ')}" for key, part in value.items())
    return "".join(lines)


def _inline(value: Any) -> str:
    if isinstance(value, dict):
        return f"{{{', '.join(f'{key}: {_inline(part)}' for key, part in value.items())}}}"
    if isinstance(value, list):
        return f"[{', '.join(map(_inline, value))}]"
    return str(value) if isinstance(value, (str, Decimal)) else json.dumps(value)


def _texts(rules: Rules) -> dict[str, str]:
    versions = {f"versions/{each['id']}.yaml": each for each in rules.written}
    return {
        name: f"{_yaml(each).lstrip()}\n"
        for name, each in {"program.yaml": rules.program, **versions}.items()
    }


@st.composite
def _slip(draw: st.DrawFn, text: str) -> str:
    """The text with one slip of a kind that people make."""
    kind, pattern = draw(
        st.sampled_from((("word", WORD), ("word", WORD), ("number", NUMBER), ("date", DATE)))
    )
    found = list(pattern.finditer(text))
    if not found:
        return text
    match = draw(st.sampled_from(found))
    there = match[0]
    if kind == "word":
        at = draw(st.integers(0, len(there) - 2))
        wrong = draw(
            st.sampled_from(
                (
                    there[:at] + there[at + 1 :],
                    there[:at] + there[at] + there[at:],
                    there[:at] + there[at + 1] + there[at] + there[at + 2 :],
                    there[:at] + draw(st.sampled_from("aexz")) + there[at + 1 :],
                    there.capitalize(),
                    there.replace("_", "-"),
                )
            )
        )
    elif kind == "number":
        wrong = draw(
            st.sampled_from((f'"{there}"', f"{there},000", f"{there} 000", f"{there}.0", f"{there}.000"))
        )
    else:
        year, month, day = match.groups()
        forms = (
            f"{year}/{month}/{day}",
            f"{year}-{int(month)}-{int(day)}",
            f"{day}.{month}.{year}",
            f"'{there}'",
        )
        wrong = draw(st.sampled_from(forms))
    return text[: match.start()] + wrong + text[match.end() :]


def _keys(findings: tuple[Finding, ...]) -> Counter[tuple[str, str, str]]:
    return Counter((finding.span.file, finding.code, finding.message) for finding in findings)


def _found() -> Counter[tuple[str, str, str]]:
    try:
        return _keys(validated([Path()]).findings)
    except RulesError as error:
        return _keys(error.findings)


@settings(max_examples=12, deadline=None)
@given(pooled_rules(), st.data())
def test_what_is_mended_is_gone_and_nothing_is_added(rules: Rules, data: st.DataObject) -> None:
    texts = _texts(rules)
    slipped = dict(texts)
    slips = data.draw(st.integers(1, 3))
    for _ in range(slips):
        name = data.draw(st.sampled_from(sorted(slipped)))
        slipped[name] = data.draw(_slip(slipped[name]))
    with tempfile.TemporaryDirectory() as folder, chdir(folder):
        Path("versions").mkdir()
        for name, text in texts.items():
            Path(name).write_text(text, encoding="utf-8")
        right = _found()
        for name, text in slipped.items():
            Path(name).write_text(text, encoding="utf-8")
        wrong = _found()
        mended = mended_files([Path()])
        for file in mended.files:
            file.path.write_bytes(file.after)
        assert _found() == _keys(mended.report.findings)
        again = mended_files([Path()])

    left = _keys(mended.report.findings)
    if slips == 1:
        assert left <= wrong | right
        assert (mended.count > 0) is bool(wrong - left)
    assert again.files == ()
    assert again.count == 0
    assert (mended.count > 0) is bool(mended.files)
    assert all(file.before != file.after for file in mended.files)
    event("mended" if mended.count else "not mended")

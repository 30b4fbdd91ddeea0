"""A pattern in log.yaml that no file's name fits.

**What.** Each of the `sources` in log.yaml is for files that none before it is for: its pattern is no
earlier one once more, does not stand below one that fits all that it fits, and is one that the name of a
file can fit.

**Why.** The first that fits counts, so the columns below would never be used.

**Fix.** None: only you know which files are meant.

Failing:

    # log.yaml
    sources:
      - files: "*"
        events: {columns: {user: member_id}}
      - files: shop-*.csv
        events: {columns: {customer: member_id}}

Fixed:

    # log.yaml
    sources:
      - files: shop-*.csv
        events: {columns: {customer: member_id}}
      - files: "*"
        events: {columns: {user: member_id}}
"""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from pointbook.diagnostics import Finding, Related

if TYPE_CHECKING:
    from pointbook.checks.reasoning.subject import CheckSubject, Findings
    from pointbook.diagnostics import Span

CODE = "source-never-fits"


def source_never_fits(subject: CheckSubject) -> Findings:
    """A finding for each pattern that cannot be the first that fits."""
    if subject.log is None:
        return
    earlier: dict[tuple[str, str], Span] = {}
    for source in subject.log.listed("sources"):
        node = source.content["files"]
        pattern = node.content
        if hint := _hint(pattern):
            yield Finding(node.span, CODE, f"no file's name can fit `{pattern}`", hint)
            continue
        for kind in ("events", "members"):
            if source.get(kind) is None:
                continue
            for (of_kind, other), place in earlier.items():
                if of_kind == kind and _covers(other, pattern):
                    message = f"all that `{pattern}` fits is read by `{other}` above"
                    hint = "keep one of the two" if other == pattern else "put the one that fits fewer first"
                    yield Finding(node.span, CODE, message, hint, related=(Related(place, "the one above"),))
                    break
            earlier.setdefault((kind, pattern), node.span)


def _covers(other: str, pattern: str) -> bool:
    """Whether one pattern certainly fits all that another one fits.

    Where `*` stands for the whole of the other's `*` and `?`, it does so whatever these stand for. Folders
    and sets of letters are not looked into.
    """
    if other in {pattern, "*"}:
        return True
    is_plain = not set("?[/") & set(other) and not set("[/") & set(pattern)
    return is_plain and fnmatchcase(pattern, other)


def _hint(pattern: str) -> str:
    if pattern.endswith("/"):
        return f"a folder has no columns; write `{pattern}*` for the files in it"
    if pattern.startswith(("./", "../")):
        return f"names are looked at from their end; write `{pattern.lstrip('./')}`"
    if pattern != pattern.strip():
        return f"write it without the spaces around it: `{pattern.strip()}`"
    return f"write `{pattern.replace(chr(92), '/')}`, with `/` between folders" if "\\" in pattern else ""

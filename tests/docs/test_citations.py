"""What code cites and what pages link to is there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
CITATION = re.compile(r"\bdocs/[\w/-]+\.md((?:, (?:and )?\"[^\"]+\"|,? and \"[^\"]+\")*)")
LINK = re.compile(r"\]\(([^)\s]+)\)")
HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
FENCED = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)
PAGES = sorted(
    [*ROOT.glob("*.md"), *(ROOT / "rules").rglob("*.md"), *(ROOT / "docs").rglob("*.md")],
    key=lambda path: path.as_posix(),
)
SOURCES = sorted(path for folder in ("engine", "cli", "tests") for path in (ROOT / folder).rglob("*.py"))


def headings(page: Path) -> list[str]:
    return HEADING.findall(FENCED.sub("", page.read_text(encoding="utf-8")))


def citations(text: str) -> list[tuple[str, str | None]]:
    """Every page that is cited, with each of its headings; a citation may go over the end of a line.

    >>> citations('Source: docs/meaning.md, "Caps" and "Totals".')
    [('docs/meaning.md', 'Caps'), ('docs/meaning.md', 'Totals')]
    """
    found: list[tuple[str, str | None]] = []
    for match in CITATION.finditer(re.sub(r"\s*\n\s*(#\s*)?", " ", text)):
        page = match[0].partition(",")[0].partition(" ")[0]
        names = re.findall(r"\"([^\"]+)\"", match[1])
        found.extend((page, name) for name in names or (None,))
    return found


def anchor(heading: str) -> str:
    """What GitHub makes of a heading."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def fragments(path: Path) -> set[str]:
    """What GitHub lets links point at: headings of a page, lines of any other file."""
    if path.suffix == ".md":
        return set(map(anchor, headings(path)))
    return {f"L{number}" for number, _ in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)}


def test_the_scan_sees_citations():
    text = 'a\n    # docs/meaning.md, "The\n    # rules" and "Caps"; docs/compare.md.'

    assert citations(text) == [
        ("docs/meaning.md", "The rules"),
        ("docs/meaning.md", "Caps"),
        ("docs/compare.md", None),
    ]


def test_every_citation_in_code_names_a_page_and_a_heading():
    cited = {
        (page, heading): path.relative_to(ROOT).as_posix()
        for path in SOURCES
        if path != Path(__file__)
        for page, heading in citations(path.read_text(encoding="utf-8"))
    }

    missing = {
        f"{where}: {page}, {heading}"
        for (page, heading), where in cited.items()
        if not (ROOT / page).is_file() or (heading is not None and heading not in headings(ROOT / page))
    }

    assert {page for page, _ in cited} >= {"docs/meaning.md", "docs/architecture.md"}
    assert missing == set()


def test_nothing_cites_what_is_not_in_the_repository():
    word = "DES" + "IGN"

    assert [path for path in SOURCES if word in path.read_text(encoding="utf-8")] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_link_of_a_page_leads_somewhere(page: Path):
    broken = []
    for link in LINK.findall(FENCED.sub("", page.read_text(encoding="utf-8"))):
        target, _, fragment = link.partition("#")
        if ":" in target:
            continue
        path = (page.parent / target).resolve() if target else page
        if not path.exists() or (fragment and fragment not in fragments(path)):
            broken.append(link)

    assert broken == []

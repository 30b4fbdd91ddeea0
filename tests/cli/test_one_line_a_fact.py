"""A fact is one line on the shipped program: `validate` finds nothing, `diff` tells that only."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from this_process import run_here

SHIPPED = Path(__file__).parents[2] / "rules" / "dataminer-devops"
PARTNERS = "\n".join(
    [
        "id: 2025-01-01",
        "based_on: 2024-03-13",
        "source: {document: points_2025, section: Partners}",
        "groups:",
        "  partners: {source: {section: Partners}, caps: [{points: 5000, per: membership_year}]}",
        "activities:",
        "  sales_training:",
        "    {points: 400, eligible_if: {attribute: member.partner, is: true}, source: {section: Partners}}",
        *(
            f"  partner.{n}: {{points: 100, groups: [partners], source: {{section: Partners}}}}"
            for n in range(1, 11)
        ),
    ]
)
"""Ten activities of a group that are open to everyone, and one that is not."""
FACTS = {
    "a removal": (
        "activities: {linkedin.post: {removed: Posts earn nothing any more.}}",
        ["- adverse    LinkedIn post with the mention and the tag: activity removed, was 50 points"],
    ),
    "eligibility of ten activities": (
        "groups: {partners: {eligible_if: {attribute: member.partner, is: true}}}",
        ["- adverse    partners: counts only if member.partner is true"],
    ),
    "a benefit that gets a level": (
        "benefits: {dis_source_code: {from_level: catalyst}}",
        ["+ favourable Access to the source code of DIS: level not stated → from level catalyst"],
    ),
    "an amount that changes its form": (
        "activities: {course.completed: {points: 250}}",
        ["+ favourable Online course completed: 25 to 250 (assessed) → 250 points"],
    ),
    "a version's date": ("id: 2025-07-02", []),
}
"""The line of each, and what `diff` tells beside the day of the new version."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The shipped program, with the activities of partners."""
    folder = tmp_path_factory.mktemp("facts")
    shutil.copytree(SHIPPED, folder / "club", ignore=shutil.ignore_patterns("scenarios", "examples"))
    program = folder / "club/program.yaml"
    text = program.read_text(encoding="utf-8").replace(
        "documents:", "documents:\n  points_2025: Page of 2025"
    )
    program.write_text(f"{text}member_attributes: {{partner: {{type: boolean}}}}\n", encoding="utf-8")
    (folder / "club/versions/2025-01-01.yaml").write_text(PARTNERS, encoding="utf-8")
    return folder


@pytest.mark.parametrize("fact", FACTS)
def test_a_fact_is_one_line_and_one_change(folder: Path, fact: str) -> None:
    line, told = FACTS[fact]
    header = "based_on: 2025-01-01\nsource: {document: points_2025}\n"
    header += "" if fact == "a version's date" else "id: 2025-07-02\n"
    (folder / "club/versions/next.yaml").write_text(f"{header}{line}\n", encoding="utf-8")

    assert run_here(["validate", "club"], folder) == (0, b"", b"8 files checked: 0 errors, 0 warnings\n")
    code, out, err = run_here(["diff", "club", "2025-01-01", "2025-07-02"], folder)

    shown = [
        one for one in out.decode().splitlines() if one[:2] in {"- ", "+ ", "~ ", "? "} or "neutral  " in one
    ]
    day = "  neutral    Version: takes effect on 2025-01-01 → 2025-07-02 (at version/effective_from)"
    assert (code, shown, err) == (0, [*told, day], b"")
    assert out.decode().splitlines()[-1].startswith("2 changes: " if told else "1 change: ")

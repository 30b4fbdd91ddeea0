"""A later revision of the shipped program's page takes one line for each of its facts."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from pointbook.changes.differences import changes_between
from pointbook.diagnostics import Severity
from pointbook.loading import load
from pointbook.loading.documents import document_from
from pointbook.loading.loaded import Loaded, loaded_with

ROOT = Path(__file__).resolve().parents[3]
SHIPPED = load(ROOT / "rules" / "dataminer-devops")
LATEST = "2024-03-13"
FILE = "versions/2025-07-02.yaml"

# As the page's public history of 2025 has them: the line, and the changes that it makes.
FACTS = {
    "a version's date": ("id: 2025-07-02", ["effective-date-changed"]),
    "a removal": (
        "activities: {linkedin.post: {removed: Posts no longer earn anything.}}",
        ["activity-removed"],
    ),
    "a benefit that gets a level": (
        "benefits: {dis_source_code: {from_level: catalyst}}",
        ["benefit-level-added"],
    ),
    "a benefit that goes": ("benefits: {dis_source_code: {removed: Access has ended.}}", ["benefit-removed"]),
    "a range that becomes a number": (
        "activities: {course.completed: {points: 250}}",
        ["amount-form-changed"],
    ),
    "a number that becomes a range": (
        "activities: {docs.typo: {points: {range: [25, 50]}}}",
        ["amount-form-changed"],
    ),
    "a range that becomes up to": (
        "activities: {blog.published: {points: {up_to: 5000}}}",
        ["range-widened"],
    ),
    "a rate that becomes a number": (
        "activities: {training.attended: {points: 500}}",
        ["amount-form-changed"],
    ),
    "a range that becomes a table": (
        (
            "activities: {certification.obtained: {attributes: {track: {type: text}},"
            " points: {by: {attribute: track, values: {fundamentals: 500, automation: 750}}}}}"
        ),
        ["amount-form-changed", "attribute-added"],
    ),
    "another threshold": ("levels: {catalyst: {threshold: 25000}}", ["threshold-raised"]),
    "a level more": ("levels: {expert: {title: Expert, threshold: 10000}}", ["level-added"]),
    "a life cycle that is no longer stated": (
        "life_cycle: {not_stated: true, note: null}",
        ["life-cycle-statement-changed", "note-removed"],
    ),
}


def revised(*lines: str) -> Loaded:
    """The shipped program with a version more: a header of two lines, and these."""
    text = "\n".join(
        [*(() if any(line.startswith("id:") for line in lines) else ("id: 2025-07-02",)), *lines]
    )
    text += f"\nbased_on: {LATEST}\nsource: {{document: points_2025}}\n"
    program = document_from(
        "program.yaml", b"documents: {points_2025: The page of July 2025}\n", "documents"
    ).node
    node = document_from(FILE, text.encode()).node
    assert node is not None
    return loaded_with(SHIPPED, program, [node])


@pytest.mark.parametrize("fact", FACTS)
def test_a_fact_is_one_line(fact: str) -> None:
    line, kinds = FACTS[fact]
    assert "\n" not in line

    program = revised(line).usable()

    old, new = program.version(LATEST), program.version("2025-07-02")
    assert old is not None
    assert new is not None
    assert new.effective_from == date(2025, 7, 2)
    found = [change.code for change in changes_between(old, new) if change.section != "version"]
    if fact == "a version's date":
        found = [one.code for one in changes_between(old, new) if one.code in kinds]
    assert sorted(code for code in found if code != "source-changed") == kinds


def test_no_line_of_them_is_a_finding() -> None:
    for fact, (line, _) in FACTS.items():
        findings = [one for one in revised(line).findings if one.span.file == FILE]
        others = [
            one
            for one in findings
            if one.code not in {"missing-source", "patch-changes-nothing"}  # the facts alone give no page
        ]
        assert not others, fact


def test_facts_of_one_section_are_one_line_each_too() -> None:
    lines = [
        "activities:",
        "  qa.question: {points: 10}",
        "  qa.vote_cast: {points: 1}",
        "  course.enrolled: {points: 25}",
        "  linkedin.post: {removed: Posts no longer earn anything.}",
        "  docs.missing_info: {points: {up_to: 5000}}",
    ]
    version = revised(*lines).usable().version("2025-07-02")
    assert version is not None
    amounts = {
        key: version.activities[key].entries[0].points.words
        for key in ("qa.question", "qa.vote_cast", "course.enrolled")
    }
    assert amounts == {"qa.question": "10 points", "qa.vote_cast": "1 point", "course.enrolled": "25 points"}
    assert "linkedin.post" not in version.activities
    assert version.removes["activities"]["linkedin.post"].note == "Posts no longer earn anything."


def test_a_rule_stays_on_the_page_that_it_was_written_under_until_it_changes() -> None:
    program = revised("activities: {blog.published: {points: 5000}}").usable()
    version = program.version("2025-07-02")
    assert version is not None
    sources = {key: version.activities[key].source for key in ("qa.question", "feedback", "blog.published")}
    documents = {key: source.document for key, source in sources.items() if source is not None}
    assert documents == {
        "qa.question": program.documents["benefits_2022"],
        "feedback": program.documents["points_2023"],
        "blog.published": "The page of July 2025",
    }


def test_a_place_is_that_of_the_line_which_says_so() -> None:
    version = (
        revised("id: 2025-07-02", "activities: {qa.question: {points: 10}}").usable().version("2025-07-02")
    )
    assert version is not None
    assert str(version.span("effective_from")) == f"{FILE}:1:5"
    assert str(version.span("activities", "qa.question", "points")) == f"{FILE}:2:36"
    assert version.span("activities", "feedback", "source", "document").file.endswith("2023-10-10.yaml")


def test_a_short_name_that_is_renamed_changes_nothing() -> None:
    def named(name: str) -> Loaded:
        levels = "levels: {catalyst: {threshold: 9000}}"
        text = f"id: 2025-07-02\nbased_on: {LATEST}\nsource: {{document: {name}}}\n{levels}\n"
        program = document_from(
            "program.yaml", f"documents: {{{name}: The page of July 2025}}\n".encode()
        ).node
        node = document_from(FILE, text.encode()).node
        assert node is not None
        return loaded_with(SHIPPED, program, [node])

    one, other = (named(name).usable().version("2025-07-02") for name in ("page", "points_2025"))
    assert one is not None
    assert other is not None
    assert changes_between(one, other) == ()
    assert one.sha256 == other.sha256


def test_only_findings_of_errors_stop_a_program() -> None:
    loaded = revised("title: Page #5", "levels: {catalyst: {threshold: 9000}}")
    assert [one.code for one in loaded.findings if one.severity is Severity.ERROR] == []

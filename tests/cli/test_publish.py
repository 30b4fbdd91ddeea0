"""`pointbook publish`: what is published may not change unseen, and a slip can be amended."""

from __future__ import annotations

import hashlib
import os
import subprocess
from typing import TYPE_CHECKING

import pytest

from pointbook_cli.commands import publish

if TYPE_CHECKING:
    from club_shell import Finished, Shell

ON = ("--on", "2024-12-01")
V2024, V2025, LOCK = "club/versions/2024.yaml", "club/versions/2025.yaml", "club/versions.lock"
SLIP = ("--amend", "--reason", "The page says 260.")


FORM_1 = (
    '{"activities":{"course":{"attributes":{"days":{"type":"integer"}},'
    '"points":{"per":{"attribute":"days","points":30}}},"gift":{"balance":"coins","points":5},'
    '"review":{"points":{"range":[10,90]}},'
    '"visit":{"caps":[{"per":"calendar_month","times":2}],"points":40}},'
    '"benefits":{"lounge":{"from_level":"silver"}},'
    '"levels":{"bronze":{"threshold":100},"silver":{"threshold":SILVER}},'
    '"life_cycle":{"demotion":"to_earned","leap_day":"feb_28"}}'
)
"""What the digest of a version of the club is made of, written by hand from the definition of form 1."""


def digest_of(silver: int) -> str:
    return hashlib.sha256(FORM_1.replace("SILVER", str(silver)).encode()).hexdigest()


@pytest.fixture
def published(shell: Shell) -> Shell:
    """The club with both versions published."""
    assert shell.run("publish", "club", "2025", *ON).code == 0
    return shell


def codes(done: Finished) -> set[str]:
    """The codes of errors in a concise text."""
    return {line.partition(": error[")[2].partition("]")[0] for line in done.out.splitlines()} - {""}


def validated(shell: Shell) -> Finished:
    return shell.run("validate", "club", "--format", "concise")


def test_the_lock_has_the_program_and_every_version_up_to_the_published_one(shell: Shell) -> None:
    done = shell.run("publish", "club", "2025", *ON)
    said = (
        "published `2025`, and with it `2024`, which takes effect before it; written to club/versions.lock\n"
    )
    assert (done.code, done.out) == (0, said)
    text = (shell.folder / LOCK).read_text(encoding="utf-8")
    assert text.splitlines()[2:] == [
        "program:",
        "  timezone: Europe/Brussels",
        "  level_balance: stars",
        "  balances:",
        "    stars:",
        "      resets: membership_year",
        "      start: 0",
        "    coins:",
        "      resets: never",
        "      start: 0",
        "published:",
        '  - version: "2024"',
        "    effective_from: 2024-01-01",
        "    published_on: 2024-12-01",
        '    engine: "0.1.0"',
        "    form: 1",
        f"    digest: {digest_of(300)}",
        '  - version: "2025"',
        "    effective_from: 2025-01-01",
        "    published_on: 2024-12-01",
        '    engine: "0.1.0"',
        "    form: 1",
        f"    digest: {digest_of(250)}",
    ]
    assert validated(shell).code == 0


def test_publishing_again_changes_nothing(published: Shell) -> None:
    before = (published.folder / LOCK).read_bytes()
    done = published.run("publish", "club", "2024")
    assert (done.code, done.out) == (
        0,
        "`2024` was published on 2024-12-01 and has not changed since; nothing to do\n",
    )
    assert (published.folder / LOCK).read_bytes() == before


EDITS = {
    "an amount": (V2024, "points: 40", "points: 41", "published-version-changed"),
    "an amount of the last": (V2025, "threshold: 250", "threshold: 260", "published-version-changed"),
    "a benefit": (V2024, "from_level: silver", "from_level: bronze", "published-version-changed"),
    "a date": (V2025, "effective_from: 2025-01-01", "effective_from: 2025-01-02", "published-date-moved"),
    "an id": (V2025, 'id: "2025"', 'id: "2025b"', "published-version-missing"),
    "the time zone": (
        "club/program.yaml",
        "Europe/Brussels",
        "UTC",
        "program-changed-after-publishing",
    ),
    "a floor": (
        "club/program.yaml",
        "coins: {resets: never}",
        "coins: {resets: never, floor: 0}",
        "program-changed-after-publishing",
    ),
    "a digest": (LOCK, "    digest: ", "    digest: 0", "bad-name"),
    "an entry without its version": (LOCK, '  - version: "2024"\n    eff', "  - eff", "missing-key"),
    "a version twice": (LOCK, 'version: "2025"', 'version: "2024"', "published-twice"),
}


@pytest.mark.parametrize("what", EDITS)
def test_an_edit_of_what_was_published_is_refused_by_every_command(published: Shell, what: str) -> None:
    file, old, new, code = EDITS[what]
    published.edit(file, old, new)
    if what == "a version twice":
        assert old not in (published.folder / file).read_text(encoding="utf-8")
    done = validated(published)
    assert done.code == 1
    assert code in codes(done)
    for arguments in (("test",), ("show", "2024"), ("publish", "2025"), ("diff", "2024", "2025")):
        stopped = published.run(arguments[0], "club", *arguments[1:])
        assert stopped.code in {1, 3}, arguments
        assert "club/versions.lock" in stopped.err or f"[{code}]" in stopped.err, arguments
    assert published.evaluate().code == 3


WORDS = {
    "a title": (V2024, "title: Visit to the club", "title: A visit"),
    "a comment": (V2024, "activities:", "activities: # what counts"),
    "the spelling of a number": (V2024, "points: 40", "points: 0x28"),
    "the source": (V2025, "source: {document: Club rules}", "source: {document: Rules of the club}"),
    "the announcement": (V2025, "levels:", "announced_on: 2024-11-01\nlevels:"),
    "a further balance": ("club/program.yaml", "  coins:", "  hours: {resets: never}\n  coins:"),
    "a default": ("club/program.yaml", "coins: {resets: never}", "coins: {resets: never, start: 0}"),
    "the title of the program": ("club/program.yaml", "title: Reading Club", "title: The Club"),
}


@pytest.mark.parametrize("what", WORDS)
def test_words_and_what_is_added_may_change(published: Shell, what: str) -> None:
    published.edit(*WORDS[what])
    done = validated(published)
    assert done.code == 0, done.out


def test_a_value_may_move_between_a_patch_and_its_base(published: Shell) -> None:
    # 2025 written whole, as `show` has it.
    whole = published.run("show", "club", "2025").out
    assert "based_on" not in whole.replace("# ", "")
    published.write(V2025, whole)
    done = validated(published)
    assert done.code == 0, done.out


def test_a_missing_file_is_told_at_the_lock(published: Shell) -> None:
    (published.folder / V2025).unlink()
    done = validated(published)
    assert (done.code, codes(done)) == (1, {"published-version-missing"})
    assert done.out.startswith("club/versions.lock:20:14: error[published-version-missing]")
    assert "restore its file (git has it)" in done.out


def test_a_version_between_published_ones_is_refused(published: Shell) -> None:
    published.write(
        "club/versions/july.yaml",
        'id: july\nbased_on: "2024"\neffective_from: 2024-07-01\nsource: {document: Club rules}\n'
        "levels: {silver: {threshold: 280}}\n",
    )
    assert codes(validated(published)) == {"version-before-published"}
    before = published.run("new", "club", "2024-07-01", "--announced-on", "2024-06-01")
    assert before.code == 3  # the rules are refused already
    (published.folder / "club/versions/july.yaml").unlink()
    done = published.run("new", "club", "2024-07-01", "--announced-on", "2024-06-01")
    assert (done.code, "but `2025`, which is published, does on 2025-01-01" in done.err) == (2, True)


def test_two_versions_of_one_day_are_said_once(published: Shell) -> None:
    published.write(
        "club/versions/b.yaml",
        'id: b\nbased_on: "2025"\neffective_from: 2025-01-01\nsource: {document: Club rules}\n'
        "levels: {silver: {threshold: 280}}\n",
    )
    assert codes(validated(published)) == {"same-effective-date"}


# Amending


def test_an_amendment_keeps_what_was_there(published: Shell) -> None:
    published.edit(V2025, "threshold: 250", "threshold: 260")
    before = (published.folder / LOCK).read_text(encoding="utf-8")
    digest = before.splitlines()[-1].partition(": ")[2]
    done = published.run("publish", "club", "2025", *SLIP, "--on", "2025-02-01")
    assert done.code == 0
    assert done.out.splitlines() == [
        "amended version `2025`: decides figures otherwise",
        "written to club/versions.lock, with what was there before and why",
    ]
    after = (published.folder / LOCK).read_text(encoding="utf-8")
    assert after.splitlines()[-8:] == [
        "    amended:",
        "      - amended_on: 2025-02-01",
        "        reason: The page says 260.",
        "        before:",
        '          version: "2025"',
        "          effective_from: 2025-01-01",
        "          form: 1",
        f"          digest: {digest}",
    ]
    assert validated(published).code == 0
    published.edit(V2025, "threshold: 260", "threshold: 270")
    assert published.run("publish", "club", "2025", *SLIP, "--on", "2025-02-02").code == 0
    twice = (published.folder / LOCK).read_text(encoding="utf-8")
    assert twice.count("reason: The page says 260.") == 2
    assert digest in twice


def test_an_amendment_of_a_base_is_one_of_what_builds_on_it(published: Shell) -> None:
    published.edit(V2024, "points: 40", "points: 45")
    published.edit("club/scenarios/visits.yaml", "awarded: 40", "awarded: 45")
    done = published.run("publish", "club", "2024", *SLIP)
    assert done.out.splitlines()[:2] == [
        "amended version `2024`: decides figures otherwise",
        "amended version `2025`: decides figures otherwise",
    ]
    assert validated(published).code == 0


def test_why_a_scenario_stops_an_amendment_is_told(published: Shell) -> None:
    published.edit(V2024, "points: 40", "points: 45")
    assert published.run("test", "club").code == 3  # so that nobody could look there
    done = published.run("publish", "club", "2024", *SLIP)
    assert (done.code, done.out) == (1, "")
    assert "error[expectation-failed]: event event-001: `awarded` is 45, not 40\n" in done.err


def test_of_two_versions_the_edited_one_is_to_be_amended(published: Shell) -> None:
    published.edit(V2024, "points: 40", "points: 45")
    found = validated(published).out
    assert found.count("run `pointbook publish club 2024 --amend") == 2
    assert "publish club 2025 --amend" not in found


def test_what_is_not_amended_with_it_is_still_refused(published: Shell) -> None:
    published.edit(V2024, "threshold: 300", "threshold: 310")  # which 2025 has otherwise
    published.edit(V2025, "threshold: 250", "threshold: 260")
    done = published.run("publish", "club", "2025", *SLIP)
    assert done.code == 1
    assert "more than that is otherwise than it was published" in done.err
    assert published.run("publish", "club", "2024", *SLIP).code == 0
    assert validated(published).code == 0


def test_a_renamed_version_and_a_moved_day_can_be_amended(published: Shell) -> None:
    published.edit(V2025, 'id: "2025"', "id: january")
    done = published.run("publish", "club", "january", *SLIP)
    assert (done.code, done.out.splitlines()[0]) == (0, "amended version `2025`: called `january` now")
    published.edit(V2025, "2025-01-01", "2025-01-02")
    done = published.run("publish", "club", "january", *SLIP)
    said = "amended version `january`: takes effect on 2025-01-02, not on 2025-01-01"
    assert (done.code, done.out.splitlines()[0]) == (0, said)
    assert validated(published).code == 0
    assert 'version: "2025"' in (published.folder / LOCK).read_text(encoding="utf-8")


def test_a_version_that_is_gone_can_be_withdrawn_and_its_id_used_again(published: Shell) -> None:
    (published.folder / V2025).unlink()
    done = published.run("publish", "club", "2025", *SLIP, "--on", "2024-12-05")
    assert (done.code, done.out.splitlines()[0]) == (0, "amended version `2025`: withdrawn")
    assert validated(published).code == 0
    made = published.run(
        *("new", "club", "2025", "--effective-from", "2025-03-01", "--announced-on", "2025-01-01"),
        *("--set", "levels/silver/threshold=240"),
    )
    assert made.code == 0, made.err
    assert published.run("publish", "club", "draft", *ON).code == 0
    text = (published.folder / LOCK).read_text(encoding="utf-8")
    assert text.count('  - version: "2025"') == 2
    assert "withdrawn_on: 2024-12-05" in text
    assert validated(published).code == 0


def test_program_yaml_can_be_amended(published: Shell) -> None:
    published.edit("club/program.yaml", "Europe/Brussels", "UTC")
    done = published.run("publish", "club", "2025", *SLIP)
    assert (done.code, done.out.splitlines()[0]) == (
        0,
        "amended program.yaml: timezone Europe/Brussels → UTC",
    )
    text = (published.folder / LOCK).read_text(encoding="utf-8")
    assert "  timezone: UTC\n" in text
    assert "        timezone: Europe/Brussels\n" in text
    assert validated(published).code == 0


WRONG = {
    ("2025", "--amend"): '--amend needs --reason "..."',
    ("2025", "--amend", "--reason", "  "): '--amend needs --reason "..."',
    ("2025", "--reason", "x"): "--reason is for --amend",
    ("2025", *SLIP): "version `2025` is as it was published on 2024-12-01: nothing to amend",
    ("2026", *SLIP): "there is no version `2026`",
    ("2052",): "there is no version `2052`; did you mean",
    ("draft",): "every version is published; begin a new one with `pointbook new`",
}


@pytest.mark.parametrize("arguments", WRONG)
def test_wrong_usage_is_told_and_nothing_is_written(published: Shell, arguments: tuple[str, ...]) -> None:
    before = (published.folder / LOCK).read_bytes()
    done = published.run("publish", "club", *arguments)
    assert (done.code, WRONG[arguments] in done.err) == (2, True), done.err
    assert (published.folder / LOCK).read_bytes() == before


def test_what_was_never_published_needs_no_amendment(shell: Shell) -> None:
    done = shell.run("publish", "club", "2025", *SLIP)
    assert (done.code, "nothing is published yet; `2025` can be edited as it is" in done.err) == (2, True)


def test_of_two_runs_at_once_the_later_one_publishes_nothing(
    shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    def published_meanwhile(*arguments: object) -> str:
        shell.write(LOCK, "# somebody else's\n")
        return text_of(*arguments)

    text_of = publish.published
    monkeypatch.setattr(publish, "published", published_meanwhile)
    done = shell.run("publish", "club", "2025", *ON)
    said = "error: club/versions.lock: this file was changed meanwhile, so nothing was written\n"
    assert (done.code, done.out) == (3, "")
    assert done.err.endswith(f"{said}  help: run it again\n")
    assert (shell.folder / LOCK).read_text(encoding="utf-8") == "# somebody else's\n"
    assert not list((shell.folder / "club").glob(".pointbook*"))


def test_an_amendment_does_not_drop_what_was_published_meanwhile(
    published: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    def amended_meanwhile(*arguments: object) -> object:
        published.edit(LOCK, "published_on: 2024-12-01", "published_on: 2024-12-02")
        return amendment_of(*arguments)

    published.edit(V2025, "threshold: 250", "threshold: 260")
    amendment_of = publish.amended
    monkeypatch.setattr(publish, "amended", amended_meanwhile)
    done = published.run("publish", "club", "2025", *SLIP)
    assert (done.code, done.out) == (3, "")
    assert "amended" not in (published.folder / LOCK).read_text(encoding="utf-8")
    monkeypatch.undo()
    assert published.run("publish", "club", "2025", *SLIP).code == 0


# What stops publishing


def test_an_error_or_a_failing_scenario_stops_and_a_warning_does_not(shell: Shell) -> None:
    shell.edit("club/scenarios/visits.yaml", "awarded: 40}", "awarded: 39}")
    done = shell.run("publish", "club", "2025", *ON)
    assert (done.code, done.out) == (1, "")
    assert "FAILED club/scenarios/visits.yaml" in done.err
    assert "error[expectation-failed]: event event-001: `awarded` is 40, not 39\n" in done.err
    assert done.err.endswith("\nnothing was published: 1 of 1 scenario failed\n")
    shell.edit("club/scenarios/visits.yaml", "awarded: 39}", "awarded: 40}")
    shell.edit(V2025, "threshold:", "treshold:")
    done = shell.run("publish", "club", "2025", *ON)
    assert (done.code, "nothing was published:" in done.err) == (1, True)
    assert not (shell.folder / LOCK).exists()
    shell.edit(V2025, "treshold:", "threshold:")
    done = shell.run("publish", "club", "2025", *ON)
    assert (done.code, "warning[" in done.err) == (0, True)


def test_a_draft_without_rules_is_not_published(published: Shell) -> None:
    assert published.run("new", "club", "2026-01-01", "--announced-on", "2025-11-01").code == 0
    assert validated(published).code == 0
    done = published.run("publish", "club", "draft")
    assert (done.code, "is a draft without rules and changes nothing of `2025`" in done.err) == (2, True)


NOTICE = "guardrails:\n  fair-notice: {measure: notice_days, at_least: 30}\n"


def test_members_must_be_told_in_time_of_what_could_lower_them(published: Shell) -> None:
    published.write("club/guardrails.yaml", NOTICE)
    made = published.run(
        *("new", "club", "2026-01-01", "--announced-on", "2025-12-20"),
        *("--set", "levels/silver/threshold=280"),
    )
    asked = "guardrail `fair-notice` asks for 30 days if anything in it could lower somebody"
    assert f"warning: announced 12 days before it takes effect; {asked}" in made.err
    done = published.run("publish", "club", "draft", "--on", "2025-12-10")
    assert (done.code, "error[late-notice]: version `2026-01-01` is announced 12 days" in done.err) == (
        1,
        True,
    )
    published.edit("club/versions/2026-01-01.yaml", "announced_on: 2025-12-20\n", "")
    done = published.run("publish", "club", "draft", "--on", "2025-12-10")
    assert "is not announced; guardrail `fair-notice` asks for 30 days, for it could lower" in done.err
    assert "help: write `announced_on`, the day on which members are told; or approve it" in done.err
    published.edit("club/versions/2026-01-01.yaml", "source:", "announced_on: 2025-12-20\nsource:")
    approval = "approvals:\n  late: {guardrail: fair-notice, at_least: 12, by: Ann, reason: Agreed., until: "
    published.write("club/approvals.yaml", f"{approval}2025-12-09}}\n")
    assert published.run("publish", "club", "draft", "--on", "2025-12-10").code == 1
    published.write("club/approvals.yaml", f"{approval}2025-12-10}}\n")
    done = published.run("publish", "club", "draft", "--on", "2025-12-10")
    assert done.code == 0, done.err


def test_what_favours_members_needs_no_notice(published: Shell) -> None:
    published.write("club/guardrails.yaml", NOTICE)
    published.run(
        *("new", "club", "2026-01-01", "--announced-on", "2025-12-20"),
        *("--set", "levels/silver/threshold=240"),
    )
    assert published.run("publish", "club", "draft", "--on", "2025-12-21").code == 0


# Names


def test_published_and_draft_name_versions(published: Shell) -> None:
    made = published.run(
        "new", "club", "2026-01-01", "--announced-on", "2025-11-01", "--set", "levels/silver/threshold=240"
    )
    assert made.code == 0
    diff = published.run("diff", "club", "published", "draft")
    assert diff.out == published.run("diff", "club", "2025", "2026-01-01").out
    assert published.run("show", "club", "published").out == published.run("show", "club", "2025").out
    log = ("--events", "events.csv", "--members", "members.csv")
    compared = published.run("compare", "club", "published", "draft", *log)
    assert compared.out == published.run("compare", "club", "2025", "2026-01-01", *log).out
    values = ("--set", "levels/silver/threshold=200,240")
    tried, of_2025 = (published.run("compare", "club", one, *values, *log) for one in ("published", "2025"))
    assert (tried.code, tried.out) == (0, of_2025.out)
    names = ("draft", "2026-01-01")
    meant, named = (published.run("explain", "club", "ann", *log, "--version", one) for one in names)
    assert (meant.code, meant.out) == (0, named.out)
    assert published.evaluate("--version", "draft").code in {0, 1}
    based = published.run(
        *("new", "club", "2027-01-01", "--based-on", "published", "--announced-on", "2026-11-01"),
        *("--set", "levels/silver/threshold=230"),
    )
    assert 'based_on: "2025"' in based.out
    several = published.run("show", "club", "draft")
    said = "`draft` means no version: there is not one draft: `2026-01-01` and `2027-01-01` are not published"
    assert (several.code, said in several.err) == (2, True)


def test_where_all_is_published_there_is_no_draft(published: Shell) -> None:
    done = published.run("publish", "club", "draft")
    said = "`draft` means no version: every version is published; begin a new one with `pointbook new`"
    assert (done.code, said in done.err) == (2, True)


def test_without_a_lock_nothing_is_published(shell: Shell) -> None:
    done = shell.run("diff", "club", "published", "2025")
    said = "`published` means no version: no version is published; name one by its id, or run"
    assert (done.code, said in done.err) == (2, True)
    slip = shell.run("show", "club", "publishd")
    assert (slip.code, "did you mean `published`?" in slip.err) == (2, True)


def test_a_version_may_be_called_draft_and_is_warned_of(shell: Shell) -> None:
    shell.edit(V2025, 'id: "2025"', "id: draft")
    assert shell.run("show", "club", "draft").code == 0
    done = validated(shell)
    assert (done.code, "warning[reserved-id]: commands take `draft` for this version" in done.out) == (
        0,
        True,
    )
    assert shell.run("publish", "club", "draft", *ON).code == 0
    assert "let `pointbook publish --amend` say so in the lock" in validated(shell).out


def test_scenarios_name_versions_by_their_ids(published: Shell) -> None:
    published.edit("club/scenarios/visits.yaml", "title:", "version: published\ntitle:")
    done = validated(published)
    said = "a scenario names a version by its id, so that it stays true when another one is published"
    assert (done.code, said in done.out) == (1, True)


# The lock itself


def test_a_conflict_of_git_in_the_lock_is_told(published: Shell) -> None:
    text = (published.folder / LOCK).read_text(encoding="utf-8")
    published.write(LOCK, f"{text}<<<<<<< HEAD\n=======\n>>>>>>> other\n")
    done = validated(published)
    assert (done.code, codes(done)) == (1, {"merge-conflict"})


@pytest.mark.parametrize("text", ["", "# Written by `pointbook publish`\n"])
def test_an_empty_lock_is_to_be_restored_and_not_deleted(published: Shell, text: str) -> None:
    published.write(LOCK, text)
    done = published.run("validate", "club")
    assert (done.code, codes(validated(published))) == (1, {"empty-file"})
    assert f"help: restore it with git: `git restore {LOCK}`; without it" in done.out
    assert "delete" not in done.out


@pytest.mark.skipif(os.name == "nt", reason="needs symbolic links")
def test_a_lock_that_is_a_link_to_nothing_is_told(published: Shell) -> None:
    (published.folder / LOCK).unlink()
    (published.folder / LOCK).symlink_to("elsewhere.lock")
    for arguments in (("publish", "club", "2025"), ("validate", "club")):
        done = published.run(*arguments)
        assert done.code == 3
        assert f"error: {LOCK}: there is no such file: this is a link to nothing\n" in done.err


def test_a_newer_lock_says_which_engine_is_needed(published: Shell) -> None:
    published.edit(LOCK, "form: 1", "form: 7")
    published.edit(LOCK, 'engine: "0.1.0"', 'engine: "2.3.0"')
    done = validated(published)
    assert (done.code, "use Pointbook 2.3.0 or newer" in done.out) == (1, True)


@pytest.mark.parametrize("name", ["version.lock", "versions.lock.yaml", "Versions.lock", "versions-lock.yml"])
def test_a_lock_under_another_name_is_found(published: Shell, name: str) -> None:
    (published.folder / LOCK).rename(published.folder / "club" / name)
    done = validated(published)
    assert (done.code, "rename it to `versions.lock`" in done.out) == (1, True), done.out
    assert published.run("show", "club", "2025").code == 3


# Against a commit


def _git(shell: Shell, *arguments: str) -> None:
    who = ("-c", "user.name=x", "-c", "user.email=x@example.com", "-c", "commit.gpgsign=false")
    subprocess.run(("git", *who, *arguments), cwd=shell.folder, check=True, capture_output=True, timeout=60)


def against(shell: Shell) -> tuple[int, list[str]]:
    done = shell.run("diff", "club", "--against", "HEAD", "--fail-on", "adverse")
    assert done.code in {0, 1}, done.err
    return done.code, [line for line in done.out.splitlines() if "lock" in line]


@pytest.fixture
def committed(published: Shell) -> Shell:
    _git(published, "init", "-q")
    _git(published, "add", ".")
    _git(published, "commit", "-q", "-m", "x")
    return published


def test_an_edited_version_with_an_edited_lock_is_a_change_that_the_gate_stops(committed: Shell) -> None:
    # A favourable edit, so that only the lock can be what stops it.
    committed.edit(V2025, "threshold: 250", "threshold: 240")
    (committed.folder / LOCK).unlink()
    code, lines = against(committed)
    assert code == 1
    assert len([line for line in lines if "lock-loosened" in line]) == 2  # a line for each version
    assert (
        "    lock-loosened at lock/version 2025; what was published can be changed, and nobody is told"
        in lines
    )
    assert committed.run("publish", "club", "2025", *ON).code == 0
    code, lines = against(committed)
    assert code == 1
    assert any("lock-changed at lock/version 2025;" in line for line in lines)


def test_publishing_is_no_change_that_the_gate_stops(committed: Shell) -> None:
    committed.run(
        *("new", "club", "2026-01-01", "--announced-on", "2025-11-01"),
        *("--set", "levels/silver/threshold=240"),
    )
    assert committed.run("publish", "club", "draft", *ON).code == 0
    code, lines = against(committed)
    assert code == 0
    assert any("lock-tightened at lock/version 2026-01-01;" in line for line in lines)


def test_an_amendment_that_is_gone_is_told(committed: Shell) -> None:
    committed.edit(V2025, "threshold: 250", "threshold: 240")
    assert committed.run("publish", "club", "2025", *SLIP).code == 0
    _git(committed, "add", ".")
    _git(committed, "commit", "-q", "-m", "y")
    text = (committed.folder / LOCK).read_text(encoding="utf-8")
    committed.write(LOCK, text.partition("    amended:")[0])
    assert validated(committed).code == 0
    code, lines = against(committed)
    assert code == 1
    assert any("lock-loosened at lock/version 2025, amendment 1;" in line for line in lines)


def test_a_commit_whose_versions_are_not_its_locks_can_still_be_compared_with(committed: Shell) -> None:
    committed.edit(V2025, "threshold: 250", "threshold: 240")
    _git(committed, "commit", "-q", "-a", "-m", "y")
    committed.edit(V2025, "threshold: 240", "threshold: 250")
    assert against(committed)[0] == 1  # 240 → 250 is adverse

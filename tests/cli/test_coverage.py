"""`test --coverage` on a program in which each element matters to one scenario only."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from club_shell import Shell

if TYPE_CHECKING:
    from club_shell import Finished

GUILD = Path(__file__).parent / "guild"
ANN = "members: {ann: {signed_up_on: 2024-01-10}}\n"
OLD, NEW = 'version: "2024"\n', 'version: "2025"\n'

SCENARIOS = {
    path.stem: path.read_text(encoding="utf-8").splitlines()[0].removeprefix("# exercises: ").split()
    for path in sorted((GUILD / "scenarios").iterdir())
}
"""Files and lines of the elements that only this scenario exercises; twice where it is both sides."""
ELEMENTS = 44
PLACE = re.compile(r"^guild/(?:versions/)?(\w+)\.yaml:(\d+):\d+: no scenario ", re.MULTILINE)


@pytest.fixture
def guild(tmp_path: Path) -> Shell:
    shutil.copytree(GUILD, tmp_path / "guild")
    return Shell(tmp_path)


def covered(shell: Shell, *options: str) -> Finished:
    return shell.run("test", "guild", "--coverage", *options)


def lacking(done: Finished) -> list[str]:
    """Files and lines of what is not exercised, without endings."""
    return sorted(f"{file}:{line}" for file, line in PLACE.findall(done.out))


def test_all_elements_of_the_program_are_exercised(guild: Shell) -> None:
    done = covered(guild, "--fail-under", "100")
    assert (done.code, done.err) == (0, "")
    summary = done.out[done.out.index("passed") :]
    assert summary == (
        "passed, 0 failed\n\n"
        "guild/program.yaml        3 of 3\n"
        "guild/versions/2024.yaml  35 of 35\n"
        "guild/versions/2025.yaml  6 of 6\n"
        f"exercised: {ELEMENTS} of {ELEMENTS} elements (100 %)\n"
    )


def test_each_element_is_named_by_one_scenario() -> None:
    assert sum(map(len, SCENARIOS.values())) == ELEMENTS


@pytest.mark.parametrize("name", SCENARIOS)
def test_without_a_scenario_exactly_its_elements_are_lacking(guild: Shell, name: str) -> None:
    (guild.folder / f"guild/scenarios/{name}.yaml").unlink()
    done = covered(guild, "--fail-under", "100")
    assert lacking(done) == sorted(SCENARIOS[name])
    assert done.code == 1


def without(guild: Shell, *names: str) -> None:
    for name in names:
        (guild.folder / f"guild/scenarios/{name}.yaml").unlink()


def test_what_is_lacking_is_said_in_words_and_the_percent_is_rounded_down(guild: Shell) -> None:
    without(guild, "chat", "team")
    done = covered(guild, "--fail-under", "90")
    assert done.out.endswith(
        "guild/program.yaml        3 of 3\n"
        "guild/versions/2024.yaml  31 of 35\n"
        "guild/versions/2025.yaml  6 of 6\n"
        "guild/versions/2024.yaml:11:19: no scenario has an event cut by this cap (30 points per week)\n"
        "guild/versions/2024.yaml:16:3: no scenario has an event of `chat` that counts: 20 points\n"
        "guild/versions/2024.yaml:45:3: no scenario has an event of `team` that counts: 11 points\n"
        "guild/versions/2024.yaml:48:18: no scenario has an event of `team` that counts and is shared by more"
        " than one\n"
        "exercised: 40 of 44 elements (90 %)\n"  # 40 / 44 = 90.9
    )
    assert done.code == 0
    assert covered(guild, "--fail-under", "91").code == 1
    assert covered(guild).code == 0


def test_an_event_at_which_no_expectation_looks_exercises_nothing(guild: Shell) -> None:
    guild.edit("guild/scenarios/talk.yaml", "expect: {awarded: 10}", "points: 10")
    guild.edit("guild/scenarios/talk.yaml", ", points: 10, points: 10", ", points: 10")
    guild.edit("guild/scenarios/talk.yaml", "events:", "summary: {awarded: 1}\nevents:")
    assert lacking(covered(guild)) == ["2024:14"]


@pytest.mark.parametrize(
    ("looks", "counts"),
    [
        ("standings: [{as_of: 2024-02-01, points: 15}]", True),
        ("standings: [{as_of: 2024-02-01, level: null}]", True),
        ("history: {ann: []}", True),
        ("standings: [{as_of: 2024-01-31, points: 5}]", False),  # the day before
        ("standings: [{as_of: 2024-02-01, coins: 0}]", False),  # another balance
        ("standings: [{as_of: 2025-01-10, points: 5}]", False),  # another period
        ("standings: [{as_of: 2025-01-10, period: 2}]", False),
        ("summary: {awarded: 1}", False),
    ],
)
def test_a_later_total_or_level_of_the_member_looks_at_an_event(
    guild: Shell, looks: str, counts: bool
) -> None:
    event = "{activity: talk, occurred_at: 2024-02-01, points: 10}"
    guild.write("guild/scenarios/talk.yaml", f"title: Talk\n{OLD}{ANN}{looks}\nevents: [{event}]\n")
    done = covered(guild)
    assert "15 passed" in done.out, done.out
    assert ("2024:14" not in lacking(done)) is counts


@pytest.mark.parametrize(
    ("key", "counts"), [("total: 26", True), ("level: null", True), ("awarded: 11", False)]
)
def test_a_later_event_looks_at_an_earlier_one_by_its_total_or_level(
    guild: Shell, key: str, counts: bool
) -> None:
    events = (
        "[{activity: talk, occurred_at: 2024-02-01, points: 10},"
        f" {{activity: team, people: 1, occurred_at: 2024-02-02, expect: {{{key}}}}}]"
    )
    guild.write("guild/scenarios/talk.yaml", f"title: Talk\n{OLD}{ANN}events: {events}\n")
    assert ("2024:14" not in lacking(covered(guild))) is counts


def test_a_failing_scenario_exercises_nothing(guild: Shell) -> None:
    guild.edit("guild/scenarios/visit.yaml", "awarded: 20", "awarded: 21")
    done = covered(guild)
    assert (done.code, lacking(done)) == (1, ["2024:13"])
    assert "14 passed, 1 failed\n" in done.out


def test_a_value_that_a_patch_changes_is_exercised_only_under_versions_that_have_it(guild: Shell) -> None:
    without(guild, "visit-later", "silver-later")
    done = covered(guild)
    assert (
        "guild/versions/2025.yaml:6:23: no scenario has a member who reaches `silver` (150 points)"
        in done.out
    )
    assert (
        "guild/versions/2025.yaml:8:19: no scenario has an event of `visit` that counts: 30 points"
        in done.out
    )
    # What a version takes over as it is belongs to the file that wrote it, whichever version exercises it.
    guild.edit("guild/scenarios/team.yaml", OLD, NEW)
    assert "2024:45" not in lacking(covered(guild))


def test_a_part_of_a_condition_that_a_patch_changes_makes_another_condition(guild: Shell) -> None:
    first = (GUILD / "versions/2024.yaml").read_text(encoding="utf-8")
    begins, ends = first.index("    eligible_if:"), first.index("    points: 7")
    simple = "    eligible_if: {attribute: hours, at_least: 2}\n"
    guild.write("guild/versions/2024.yaml", first[:begins] + simple + first[ends:])
    second = (GUILD / "versions/2025.yaml").read_text(encoding="utf-8")
    guild.write("guild/versions/2025.yaml", f"{second}  meet: {{eligible_if: {{at_least: 3}}}}\n")
    events = [
        f"{{activity: meet, occurred_at: 2024-02-01, hours: {hours}, expect: {{awarded: {points}}}}}"
        for hours, points in ((2, 7), (1, 0))
    ]
    guild.write("guild/scenarios/meet.yaml", f"title: Meet\n{OLD}{ANN}events: [{', '.join(events)}]\n")
    place = "guild/versions/2025.yaml:10:34"
    lines = [line for line in covered(guild).out.splitlines() if "hours" in line]
    assert lines == [
        f"{place}: no scenario has an event of `meet` for which hours at least 3 {verb}"
        for verb in ("holds", "does not hold")
    ]


def test_what_a_scenario_adds_to_the_rules_is_no_element_of_them(guild: Shell) -> None:
    without(guild, "team")
    draft = (
        "title: Draft\nversions:\n  - {id: draft, based_on: '2025', effective_from: 2026-01-01, "
        "activities: {help: {points: 3}}}\n" + ANN
    )
    event = "  - {activity: help, occurred_at: 2026-02-01, expect: {awarded: 3}}\n"
    guild.write("guild/scenarios/draft.yaml", f"{draft}events:\n{event}")
    assert "exercised: 42 of 44 elements" in covered(guild).out
    event = "  - {activity: team, people: 2, occurred_at: 2026-02-01, expect: {awarded: 6}}\n"
    guild.write("guild/scenarios/draft.yaml", f"{draft}events:\n{event}")
    assert "exercised: 44 of 44 elements" in covered(guild).out


@pytest.mark.parametrize("flow", [True, False])
def test_formatting_changes_nothing(guild: Shell, flow: bool) -> None:
    without(guild, "meet", "write", "silver", "bugs", "visit-later")
    before = covered(guild)
    for path in ("guild/program.yaml", "guild/versions/2024.yaml", "guild/versions/2025.yaml"):
        text = (guild.folder / path).read_text(encoding="utf-8")
        content = yaml.load(text, yaml.BaseLoader)  # noqa: S506 - it makes texts only
        guild.write(path, yaml.dump(_typed(content), default_flow_style=flow, sort_keys=False, width=10_000))
    after = covered(guild)
    assert lacking(before) != lacking(after)
    place = re.compile(r"yaml:\d+:\d+")
    assert sorted(place.sub("", after.out).splitlines()) == sorted(place.sub("", before.out).splitlines())


def _typed(content: Any) -> Any:
    """Numbers and truths as such; ids and dates stay texts."""
    if isinstance(content, dict):
        return {key: value if key in ("id", "based_on") else _typed(value) for key, value in content.items()}
    if isinstance(content, list):
        return [_typed(value) for value in content]
    if content in ("true", "false"):
        return content == "true"
    return int(content) if re.fullmatch(r"-?\d+", content) else content


def test_coverage_is_the_same_bytes_each_time(guild: Shell) -> None:
    without(guild, "meet", "bugs")
    assert covered(guild).out == covered(guild).out


@pytest.mark.parametrize("options", [("--fail-under", "0"), ("--fail-under", "100")])
def test_without_scenarios_a_wanted_percent_is_missed(guild: Shell, options: tuple[str, str]) -> None:
    without(guild, *SCENARIOS)
    done = covered(guild, *options)
    assert (done.code, done.err) == (1, "")
    assert done.out.endswith("exercised: 0 of 44 elements (0 %)\n")


def test_without_scenarios_coverage_shows_all_that_is_lacking(guild: Shell) -> None:
    without(guild, *SCENARIOS)
    done = covered(guild)
    assert done.code == 3
    assert "there is no scenario to run" in done.err
    assert len(lacking(done)) == ELEMENTS


def test_fail_under_needs_coverage(guild: Shell) -> None:
    done = guild.run("test", "guild", "--fail-under", "90")
    assert (done.code, done.out) == (2, "")
    assert "--fail-under needs --coverage; try `--coverage --fail-under 90`" in done.err


@pytest.mark.parametrize("percent", ["101", "-1", "many", "9.5", ""])
def test_a_wrong_percent_is_wrong_usage(guild: Shell, percent: str) -> None:
    assert covered(guild, "--fail-under", percent).code == 2


def test_broken_rules_have_no_coverage(guild: Shell) -> None:
    guild.edit("guild/versions/2025.yaml", "threshold: 150", "threshold: many")
    assert covered(guild).code == 3


def test_only_covers_with_the_scenarios_that_are_run(guild: Shell) -> None:
    assert "exercised: 1 of 44 elements (2 %)" in covered(guild, "--only", "/talk").out
    assert covered(guild, "--only", "nothing like it", "--fail-under", "1").code == 3


@pytest.mark.parametrize(
    ("old", "new", "elements"),
    [
        # No reset, nobody who is demoted or keeps a level, no anniversary.
        ("{resets: membership_year, start: 5}", "{resets: never, start: 5}", 44 - 4),
        # Whoever signs up has silver of 2024; one can lack it, and the seat, under 2025 only.
        ("start: 5", "start: 100", 44 - 1),
        ("start: 5", "start: 0", 44 - 1),
        (", floor: 0", "", 44 - 1),
    ],
)
def test_what_can_never_be_is_no_element(guild: Shell, old: str, new: str, elements: int) -> None:
    guild.edit("guild/program.yaml", old, new)
    assert re.search(rf"^exercised: \d+ of {elements} elements", covered(guild).out, re.MULTILINE)


def test_a_version_that_lowers_a_threshold_reaches_it_for_those_who_have_as_much(guild: Shell) -> None:
    guild.edit("guild/versions/2025.yaml", "threshold: 150", "threshold: 20")
    (guild.folder / "guild/scenarios/silver-later.yaml").write_text(
        "title: Silver from 1 January on\n"
        "members: {ann: {signed_up_on: 2024-02-01}}\n"
        "as_of: 2025-01-01\n"
        # 5 + 20 = 25 are not 100, and more than 20.
        "events: [{activity: chat, occurred_at: 2024-03-01}]\n"
        "standings: [{as_of: 2024-12-31, level: null}, {as_of: 2025-01-01, level: silver}]\n",
        encoding="utf-8",
    )
    done = covered(guild)
    assert "15 passed" in done.out, done.out
    # It is not missed yet, and nothing reads a talk as a speech any more.
    assert lacking(done) == ["2025:6", "2025:9", "2025:9"]
    assert "2025.yaml:6:23: no scenario looks at a member who misses `silver` (20 points)" in done.out

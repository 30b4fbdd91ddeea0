"""`pointbook test --mutate` on a program of which each element has the one scenario that notices it."""

from __future__ import annotations

import re
import shutil
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Shell

PROGRAM = """\
id: gym
title: Gym
timezone: Europe/Brussels
level_balance: points
balances:
  points: {resets: membership_year}
"""
VERSION = """\
id: one
effective_from: 2024-01-01
source: {document: Handbook}
levels:
  bronze: {threshold: 80}
life_cycle: {demotion: to_earned, leap_day: feb_28}
activities:
  visit:
    points: 40
    caps: [{times: 2, per: calendar_month}]
"""
SCENARIOS = {
    "zone": "  - {activity: visit, occurred_at: 2024-03-10T23:30:00Z,"
    " expect: {occurred_at: 2024-03-11T00:30:00}}",
    "day": "  - {activity: visit, occurred_at: 2023-12-31, expect: {version: null}}\n"
    "  - {activity: visit, occurred_at: 2024-01-01, expect: {version: one}}",
    "points": "  - {activity: visit, occurred_at: 2024-03-10, expect: {awarded: 40}}",
    "cap": "  - {activity: visit, occurred_at: 2024-02-10, expect: {outcome: awarded}}\n"
    "  - {activity: visit, occurred_at: 2024-02-11, expect: {outcome: awarded}}\n"
    "  - {activity: visit, occurred_at: 2024-02-12, expect: {outcome: capped}}\n"
    "  - {activity: visit, occurred_at: 2024-03-01, expect: {outcome: awarded}}",
    "level": "standings:\n  - {as_of: 2024-03-10, points_to_next: 80}",
    "year": "standings:\n  - {as_of: 2025-02-28, period_start: 2025-02-28, period_end: 2026-02-28}",
}
NOTICED_BY = {
    "zone": ["timezone → UTC"],
    "day": ["effective_from → 2023-12-31", "effective_from → 2024-01-02"],
    "points": ["activities/visit/points → 39", "activities/visit/points → 41"],
    "cap": [
        "activities/visit/caps/0/times → 1",
        "activities/visit/caps/0/times → 3",
        "activities/visit/caps/0/per → calendar_quarter",
    ],
    "level": ["levels/bronze/threshold → 79", "levels/bronze/threshold → 81"],
    "year": [
        "balances/points/resets → calendar_year",
        "balances/points/resets → never",
        "life_cycle/leap_day → mar_1",
    ],
}
COUNTS = (
    "14 edits of the rules: 13 noticed by a scenario, 0 refused by the checks, 1 that change nothing,"
    " 0 that no scenario notices\n"
)


@pytest.fixture
def gym(shell: Shell) -> Shell:
    shell.write("gym/program.yaml", PROGRAM)
    shell.write("gym/versions/one.yaml", VERSION)
    for name, rows in SCENARIOS.items():
        begin = f"title: {name}\nmembers: {{ann: {{signed_up_on: 2020-02-29}}}}\n"
        events = "" if rows.startswith("standings") else "events:\n"
        shell.write(f"gym/scenarios/{name}.yaml", f"{begin}{events}{rows}\n")
    return shell


def mutate(shell: Shell, *options: str) -> tuple[int, str]:
    done = shell.run("test", "gym", "--mutate", "--workers", "1", *options)
    assert not done.err, done.err
    return done.code, done.out


def survivors(out: str) -> list[str]:
    """Address and new value of each edit that is listed."""
    found = re.findall(r"^gym/\S+: no scenario notices: .* → (.+)\n  address: (\S+)", out, re.MULTILINE)
    return [f"{address} → {now}" for now, address in found]


def test_every_edit_is_noticed_and_what_cannot_matter_is_counted_apart(gym: Shell) -> None:
    # With one level, each policy of demotion leads to none: that edit changes nothing.
    code, out = mutate(gym)
    assert (code, survivors(out)) == (0, [])
    assert out.endswith(COUNTS)


@pytest.mark.parametrize("name", NOTICED_BY)
def test_without_a_scenario_exactly_its_edits_survive_and_accept_has_them_noticed_again(
    gym: Shell, name: str
) -> None:
    (gym.folder / f"gym/scenarios/{name}.yaml").unlink()
    code, out = mutate(gym)
    assert (code, sorted(survivors(out))) == (1, sorted(NOTICED_BY[name]))
    code, out = mutate(gym, "--accept")
    assert (code, survivors(out)) == (0, [])
    assert f"wrote gym/scenarios/boundaries-one.yaml, which notices {len(NOTICED_BY[name])} of them" in out
    assert out.index("that no scenario notices") < out.index("of them")
    code, out = mutate(gym)
    assert (code, out.splitlines()[-1]) == (0, COUNTS.strip())
    assert gym.run("validate", "gym/scenarios/boundaries-one.yaml").code == 0


def test_the_printed_scenario_passes_today_and_fails_with_the_edit(gym: Shell) -> None:
    (gym.folder / "gym/scenarios/level.yaml").unlink()
    _, out = mutate(gym)
    place, scenario = out.partition("gym/versions/one.yaml:5:23: no scenario notices: ")[2].split("\n\n", 1)
    assert place.startswith("the threshold of level `bronze`: 80 → 79\n")
    gym.write("gym/scenarios/new.yaml", scenario.partition("\ngym/versions/")[0])
    assert gym.run("test", "gym", "--only", "new").code == 0
    for threshold, code in (("79", 1), ("80", 0)):
        gym.write("gym/versions/one.yaml", VERSION.replace("80", threshold))
        assert gym.run("test", "gym", "--only", "new").code == code


def test_the_layout_of_the_files_changes_nothing_but_places(gym: Shell) -> None:
    for name in ("zone", "cap"):
        (gym.folder / f"gym/scenarios/{name}.yaml").unlink()
    _, before = mutate(gym)
    gym.edit(
        "gym/versions/one.yaml",
        "    caps: [{times: 2, per: calendar_month}]\n",
        "    caps:\n      # In a month.\n      - per: 'calendar_month'\n        times: 2\n",
    )
    gym.edit("gym/program.yaml", "timezone: ", "\n# Where the days are counted.\ntimezone: ")
    _, after = mutate(gym)
    assert before != after
    assert sorted(re.sub(r":\d+:\d+:", ":", before).split("\n\n")) == sorted(
        re.sub(r":\d+:\d+:", ":", after).split("\n\n")
    )


def test_two_processes_say_the_same_to_the_byte(gym: Shell) -> None:
    (gym.folder / "gym/scenarios/points.yaml").unlink()
    _, one = mutate(gym)
    assert gym.run("test", "gym", "--mutate", "--workers", "2", env={}).out == one


def test_accept_adds_a_file_and_overwrites_none(gym: Shell) -> None:
    for name in ("points", "level"):
        (gym.folder / f"gym/scenarios/{name}.yaml").unlink()
    own = "title: Mine\nmembers: {ann: {signed_up_on: 2024-01-10}}\nhistory: {ann: []}\n"
    gym.write("gym/scenarios/Boundaries-one.yaml", own)
    _, out = mutate(gym, "--accept")
    assert "wrote gym/scenarios/boundaries-one-2.yaml, which notices 4 of them" in out
    assert (gym.folder / "gym/scenarios/Boundaries-one.yaml").read_text() == own
    text = (gym.folder / "gym/scenarios/boundaries-one-2.yaml").read_text()
    assert "rules: {until: one}\n" in text
    assert "  # The points of `visit`: 40, not 39 or 41.\n" in text


def test_scenarios_that_fail_are_corrected_first(gym: Shell) -> None:
    gym.edit("gym/scenarios/points.yaml", "40", "41")
    code, out = mutate(gym, "--accept")
    assert code == 1
    assert out.endswith("5 passed, 1 failed\n")
    assert not list((gym.folder / "gym/scenarios").glob("boundaries*"))


def test_a_program_without_scenarios_gets_all_of_them(gym: Shell) -> None:
    shutil.rmtree(gym.folder / "gym/scenarios")
    code, out = mutate(gym, "--accept")
    assert (code, survivors(out)) == (0, [])
    assert mutate(gym)[1].endswith(COUNTS)


def test_a_reviewed_list_says_which_edits_may_live(gym: Shell) -> None:
    (gym.folder / "gym/scenarios/points.yaml").unlink()
    entry = "  - {version: one, address: activities/visit/points, NOW, reason: The amount is under review.}\n"
    gym.write("gym/survivors.yaml", f"survivors:\n{entry.replace('NOW, ', '')}")
    code, out = mutate(gym)
    assert (code, survivors(out)) == (0, [])
    assert out.endswith("2 that no scenario notices, 2 of which may live\n")
    gym.write("gym/survivors.yaml", f"survivors:\n{entry.replace('NOW', 'now: 39')}")
    code, out = mutate(gym)
    assert (code, survivors(out)) == (1, ["activities/visit/points → 41"])


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        (
            "{version: one, address: levels/bronze/threshold, reason: r}",
            "survivors.yaml:2:5: error[survivor-unused]: a scenario notices this edit of `levels/bronze/thr",
        ),
        (
            "{version: one, address: levels/bronze/threshold, now: 90, reason: r}",
            "`levels/bronze/threshold` is not tried with `90`",
        ),
        (
            "{version: one, address: levels/bronce/threshold, reason: r}",
            "did you mean `levels/bronze/threshold`?",
        ),
        (
            "{version: two, address: levels/bronze/threshold, reason: r}",
            "name a version that the program has",
        ),
    ],
)
def test_an_entry_that_fits_nothing_is_an_error(gym: Shell, entry: str, message: str) -> None:
    gym.write("gym/survivors.yaml", f"survivors:\n  - {entry}\n")
    code, out = mutate(gym)
    assert code == 1
    assert message in out


def test_a_list_that_does_not_fit_its_schema_cannot_be_read(gym: Shell) -> None:
    gym.write("gym/survivors.yaml", "survivors:\n  - {adress: levels/bronze/threshold, reason: r}\n")
    done = gym.run("test", "gym", "--mutate")
    assert done.code == 3
    assert "error[unknown-key]: `adress` is not a key of" in done.err
    assert gym.run("validate", "gym").code == 1


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--accept",), "--accept needs --mutate"),
        (("--mutate", "--only", "cap"), "leave out --only"),
    ],
)
def test_wrong_usage(gym: Shell, options: tuple[str, ...], message: str) -> None:
    done = gym.run("test", "gym", *options)
    assert done.code == 2
    assert message in done.err


def test_nothing_is_written_where_a_scenario_file_cannot_be(gym: Shell) -> None:
    scenarios: Path = gym.folder / "gym/scenarios"
    shutil.rmtree(scenarios)
    scenarios.write_text("not a folder\n")
    done = gym.run("test", "gym", "--mutate", "--accept", "--workers", "1")
    assert done.code != 0
    assert scenarios.read_text() == "not a folder\n"

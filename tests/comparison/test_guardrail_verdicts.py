"""A guardrail holds, is broken, or was not checked: a gate is green only for what it has looked at.

The program `club` with `coins` beside `stars`. Under the old rules ann has 40 + 40 stars for visits and 260
for reviews: 340, so silver (300) and the lounge; under the new ones 50 + 50 and 145: 245, which is bronze.
bob has 40 stars, then 50.
"""

from __future__ import annotations

import json

import pytest
from command import git

from pointbook_cli.main import exit_code_of

LOG = ("--events", "events.csv", "--members", "members.csv", "--show-ids")
HEADER = "event_id,member_id,activity,occurred_at,points\n"
ALL = """\
guardrails:
  level: {measure: members_losing_level, at_most: 9}
  points: {measure: members_losing_points, at_most: 9}
  benefits: {measure: members_losing_benefits, at_most_percent: 100}
  demotions: {measure: more_demotions, at_most: 9}
  total: {measure: total_points_change, at_most_percent: 100}
  share: {measure: level_share, at_most_percent: 100}
"""
NAMES = ("level", "points", "benefits", "demotions", "total", "share")
OF_LEVELS = ("level", "benefits", "demotions", "share")
COINS = "balances:\n  coins: {title: Coins, resets: never}\n"


@pytest.fixture
def folder(club, monkeypatch):
    """The folder of `club` with a second balance and a swap, which nobody limits."""
    monkeypatch.chdir(club)
    edit(club / "club/program.yaml", "balances:\n", COINS)
    edit(
        club / "club/versions/2024.yaml",
        "activities:\n",
        "activities:\n  swap: {points: 20, balance: coins}\n",
    )
    (club / "club/guardrails.yaml").write_text(ALL)
    return club


@pytest.fixture
def compared(folder, capsys):
    """Runs compare; exit code, output, and each guardrail of the JSON report by its id."""

    def found(*arguments, sides=("2024", "2025")):
        report = folder / "r.json"
        report.unlink(missing_ok=True)
        code = exit_code_of(["compare", "club", *sides, *LOG, "--out", "r.json", *arguments])
        done = capsys.readouterr()
        values = json.loads(report.read_text()) if report.exists() else {"guardrails": []}
        return code, done.out + done.err, {rail["id"]: rail for rail in values["guardrails"]}, values

    return found


def edit(path, old, new):
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


def log(folder, *rows):
    (folder / "events.csv").write_text(HEADER + "".join(f"e{at},{row}\n" for at, row in enumerate(rows)))


def verdicts(rails):
    return {key: rail["verdict"] for key, rail in rails.items()}


@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        ((), "the log has no event"),
        (("nobody,visit,2024-02-01,", "ann,visit,in May,"), "no event was evaluated: 2 of 2 rows rejected"),
        (
            ("ann,vist,2024-02-01,", "ann,revew,2024-02-02,30"),
            "no event counted: 2 no_such_activity",
        ),
        (("ann,visit,2023-12-31,", "ann,visit,2024-01-09,"), "no event counted: 2 before_sign_up"),
        (("ann,review,2024-02-01,",), "no event counted: 1 unvalued"),
        (("ann,review,2024-02-01,91",), "no event counted: 1 out_of_range"),
    ],
    ids=[
        "header only",
        "all rejected",
        "all unknown",
        "before the sign-up",
        "without values",
        "out of range",
    ],
)
def test_where_no_event_counts_nothing_was_checked(folder, compared, rows, reason):
    log(folder, *rows)
    code, said, rails, values = compared("--as-of", "2024-03-01")
    assert code == 1
    assert verdicts(rails) == dict.fromkeys(NAMES, "not checked")
    assert {rail["reason"] for rail in rails.values()} == {reason}
    assert values["verdict"] == "not checked"
    assert values["sentence"] == f"6 of 6 guardrails were not checked: {reason}."
    assert f"NOT CHECKED level: {reason} (at most 9) [club/guardrails.yaml:2:3]" in said


def test_events_after_the_as_of_date_are_not_looked_at(folder, compared):
    log(folder, "ann,visit,2024-05-01,", "ann,visit,2024-05-02,")
    code, _, rails, _ = compared("--as-of", "2024-03-01")
    assert (code, rails["level"]["reason"]) == (1, "no event was evaluated: 2 of 2 rows after 2024-03-01")


def test_where_no_version_is_in_force_nothing_was_checked(folder, compared):
    (folder / "members.csv").write_text("member_id,signed_up_on\nann,2023-01-10\n")
    log(folder, "ann,visit,2023-02-01,")
    code, _, rails, _ = compared("--from", "2024-01-01", "--as-of", "2024-01-02", sides=("2024", "2024"))
    assert (code, rails["points"]["reason"]) == (1, "no event counted: 1 no_version_in_force")


def test_without_a_member_nothing_was_checked(compared):
    code, _, rails, _ = compared("--as-of", "2024-01-09")
    assert (code, rails["level"]["reason"]) == (1, "no member has signed up by 2024-01-09")


def test_what_the_rules_say_alone_needs_no_log(folder, compared):
    (folder / "club/guardrails.yaml").write_text(
        "guardrails: {notice: {measure: notice_days, at_least: 9}}\n"
    )
    log(folder)
    code, said, rails, _ = compared("--as-of", "2024-03-01")
    assert (code, rails["notice"]["verdict"]) == (1, "broken")
    assert "BROKEN notice: adverse changes, and no day on which they were announced" in said


def test_a_version_that_takes_effect_after_the_last_event_was_not_looked_at(compared):
    code, _, rails, _ = compared("--from", "2024-04-05", "--as-of", "2024-04-09")
    reason = (
        "no event counted while the new version is in force, from 2024-04-05: the last one that counted is of"
        " 2024-04-01"
    )
    assert (code, verdicts(rails)) == (1, dict.fromkeys(NAMES, "not checked"))
    assert rails["total"]["reason"] == reason


def test_an_event_that_counts_nothing_does_not_stand_for_the_new_version(compared):
    # bob's events of 2 April are a review without value and an activity that nobody knows.
    code, _, rails, _ = compared("--from", "2024-04-02", "--as-of", "2024-04-09")
    assert (code, rails["points"]["verdict"]) == (1, "not checked")


def test_a_version_that_another_follows_before_any_event_was_not_looked_at(folder, compared):
    (folder / "club/versions/next.yaml").write_text(
        'id: next\nbased_on: "2024"\neffective_from: 2024-01-20\n'
        "source: {document: Club rules}\nactivities: {visit: {points: 41}}\n"
    )
    code, _, rails, _ = compared("--from", "2024-01-15")
    assert (code, rails["points"]["verdict"]) == (1, "not checked")


@pytest.mark.parametrize(("as_of", "made_up"), [("2024-05-02", False), ("2024-05-03", True)])
def test_levels_long_after_the_last_event_are_made_up(folder, compared, as_of, made_up):
    # The last event that counts is of 1 April, and 2 May is 31 days later. zoe's year ends on 9 April.
    (folder / "members.csv").write_text(
        "member_id,signed_up_on\nann,2024-01-10\nbob,2024-02-29\nzoe,2023-04-10\n"
    )
    code, _, rails, _ = compared("--as-of", as_of)
    unchecked = {key for key, rail in rails.items() if rail["verdict"] == "not checked"}
    assert unchecked == (set(OF_LEVELS) if made_up else set())
    assert code == int(made_up)
    if made_up:
        assert rails["share"]["reason"] == (
            "the as-of date 2024-05-03 is 32 days after the last event that counted, of 2024-04-01, so levels"
            " are made up"
        )


@pytest.mark.parametrize(("as_of", "made_up"), [("2025-03-31", False), ("2025-04-01", True)])
def test_a_replay_of_a_year_in_which_nobody_did_anything_makes_levels_up(compared, as_of, made_up):
    # The last event that counts is of 1 April 2024, the first day of the twelve months to 31 March 2025.
    code, text, rails, _ = compared("--as-of", as_of, "--replay", "1")
    unchecked = {key for key, rail in rails.items() if rail["verdict"] == "not checked"}
    assert unchecked == (set(OF_LEVELS) if made_up else set())
    assert code == int(made_up), text


def test_with_from_a_balance_that_nothing_counts_in_since_was_not_looked_at(folder, compared):
    # A swap is half of what it was, but the last one is of February.
    edit(folder / "club/versions/2025.yaml", "activities:\n", "activities:\n  swap: {points: 10}\n")
    (folder / "club/guardrails.yaml").write_text(
        "guardrails:\n"
        "  coins: {measure: members_losing_points, balance: coins, at_most: 0}\n"
        "  all: {measure: total_points_change, at_most_percent: 100}\n"
    )
    log(folder, "ann,swap,2024-02-01,", "ann,visit,2024-03-02,", "bob,visit,2024-03-03,")
    code, _, rails, _ = compared("--from", "2024-03-01")
    assert (code, verdicts(rails)) == (1, {"coins": "not checked", "all": "holds"})
    assert rails["coins"]["reason"] == (
        "nothing counted in Coins while the new version is in force, from 2024-03-01"
    )
    assert "nothing counted in Coins while the new version is in force" in rails["all"]["measured"]
    log(folder, "ann,swap,2024-03-01,", "ann,visit,2024-03-02,")
    code, _, rails, _ = compared("--from", "2024-03-01")
    assert (code, verdicts(rails)) == (1, {"coins": "broken", "all": "holds"})


def test_where_nobodys_year_ends_nobody_could_be_demoted(compared):
    code, _, rails, _ = compared()
    assert (code, rails["demotions"]["verdict"], rails["level"]["verdict"]) == (1, "not checked", "holds")
    assert rails["demotions"]["reason"] == (
        "nobody's level period ends up to 2024-04-02, so nobody could be demoted"
    )


def test_a_level_that_the_new_version_lacks_was_not_looked_at(folder, compared):
    edit(
        folder / "club/versions/2025.yaml",
        "levels:\n",
        "removes: {levels: {bronze: {note: Gone.}}}\nlevels:\n  bronze: null\n",
    )
    limits = "guardrails: {a: {measure: level_share, level: bronze, at_most_percent: 1}}\n"
    (folder / "club/guardrails.yaml").write_text(limits)
    code, _, rails, _ = compared()
    assert (code, rails["a"]["reason"]) == (1, "version 2025 has no level `bronze`")


def test_where_no_version_has_levels_or_benefits_they_were_not_looked_at(folder, compared):
    path = folder / "club/versions/2024.yaml"
    edit(path, "benefits:\n  lounge: {title: Lounge, from_level: silver}\n", "")
    code, _, rails, _ = compared()
    assert (code, rails["benefits"]["reason"]) == (1, "neither version has a benefit")


# Balances


def swaps(folder, old="20", new="10"):
    """ann swaps twice; the new version gives another amount of coins."""
    edit(folder / "club/versions/2024.yaml", "swap: {points: 20", f"swap: {{points: {old}")
    edit(folder / "club/versions/2025.yaml", "activities:\n", f"activities:\n  swap: {{points: {new}}}\n")
    edit(folder / "club/versions/2025.yaml", "{range: [10, 50]}", "{range: [10, 90]}")
    with (folder / "events.csv").open("a") as events:
        events.write("s1,ann,swap,2024-03-04,\ns2,ann,swap,2024-03-05,\n")


def limits(folder, *rails):
    text = "".join(f"  {key}: {{{rail}}}\n" for key, rail in zip("abcdef", rails, strict=False))
    (folder / "club/guardrails.yaml").write_text(f"guardrails:\n{text}")


def test_each_balance_is_judged_by_itself(folder, compared):
    swaps(folder)  # 2 x 20 = 40 coins become 20; stars only rise, by 10 for each of four visits
    limits(
        folder,
        "measure: members_losing_points, at_most: 0",
        "measure: members_losing_points, balance: coins, at_most: 0",
        "measure: members_losing_points, balance: stars, at_most: 0",
        "measure: total_points_change, at_most_percent: 20",
        "measure: total_points_change, balance: stars, at_most_percent: 20",
    )
    code, said, rails, _ = compared()
    assert code == 1
    assert verdicts(rails) == {"a": "broken", "b": "broken", "c": "holds", "d": "broken", "e": "holds"}
    assert rails["a"]["measured"] == "1 of 2 members in Coins"
    assert rails["a"]["members"] == ["ann"]
    assert rails["a"]["changes"] == ["activities/swap/points"]
    assert rails["c"]["measured"] == "0 of 2 members in stars"
    assert rails["d"]["measured"] == "-20 points in Coins, -50 %"
    # 340 + 40 become 360 + 50: 30 of 380 is 7.9 %.
    assert rails["e"]["measured"] == "+30 points in stars, +7.9 %"
    assert "by: swap: 20 → 10 points" in said


def test_what_lets_one_balance_pass_does_not_let_another(folder, compared):
    # Coins go from 40 to 20, which is 50 %; stars from 380 to 410, which is 30 points, and 7.9 %.
    swaps(folder)
    limits(folder, "measure: total_points_change, at_most_percent: 5")
    until = "by: Ann, reason: Agreed., until: 2026-12-31"
    for limit, code in (("at_most: 29", 1), ("at_most: 30", 0), ("at_most_percent: 50", 0)):
        text = f"approvals: {{a: {{guardrail: a, {limit}, {until}}}}}\n"
        (folder / "club/approvals.yaml").write_text(text)
        assert compared("--on", "2026-11-28")[0] == code


def test_points_from_nothing_are_more_than_any_percentage(folder, compared):
    swaps(folder)
    path = folder / "club/versions/2024.yaml"
    edit(path, "  swap: {points: 20, balance: coins}\n", "")
    edit(folder / "club/versions/2025.yaml", "swap: {", "swap: {balance: coins, ")
    limits(folder, "measure: total_points_change, balance: coins, at_most_percent: 1000000")
    code, _, rails, _ = compared()
    assert (code, rails["a"]["verdict"]) == (1, "broken")
    assert rails["a"]["measured"] == "+20 points in Coins, from nothing"


def test_a_balance_without_any_points_was_not_looked_at(folder, compared):
    limits(
        folder,
        "measure: members_losing_points, balance: coins, at_most: 0",
        "measure: total_points_change, balance: coins, at_most_percent: 5",
        "measure: members_losing_points, at_most: 1",
    )
    code, _, rails, _ = compared()
    assert (code, verdicts(rails)) == (1, {"a": "not checked", "b": "not checked", "c": "holds"})
    assert rails["a"]["reason"] == "nothing was awarded in Coins under either version"


# The log itself


def test_rejected_rows_and_uncounted_events_can_be_limited(folder, compared):
    # 10 rows of events, of which two contradict one another, and 3 of members. Of the 8 events that are
    # evaluated bob's review has no value.
    limits(
        folder,
        "measure: rejected_rows, at_most: 2",
        "measure: rejected_rows, at_most: 1",
        "measure: rejected_rows, at_most_percent: 15.3",
        "measure: uncounted_events, at_most: 1",
        "measure: uncounted_events, at_most_percent: 12",
    )
    code, _, rails, _ = compared()
    assert code == 1
    assert verdicts(rails) == {"a": "holds", "b": "broken", "c": "broken", "d": "holds", "e": "broken"}
    assert rails["b"]["measured"] == "2 of 13 rows"
    assert rails["c"]["measured"] == "2 of 13 rows, 15.4 %"
    assert rails["e"]["measured"] == "1 of 8 events, 12.5 %: 1 unvalued"


def test_the_log_is_judged_even_where_nothing_counts(folder, compared):
    log(folder, "ann,vist,2024-02-01,", "nobody,visit,2024-02-01,")
    limits(
        folder,
        "measure: rejected_rows, at_most_percent: 10",
        "measure: uncounted_events, at_most_percent: 10",
    )
    code, _, rails, _ = compared()
    assert (code, verdicts(rails)) == (1, {"a": "broken", "b": "broken"})
    assert rails["b"]["measured"] == "1 of 1 event, 100 %: 1 no_such_activity"


def test_a_log_without_events_has_no_quality(folder, compared):
    log(folder)
    limits(folder, "measure: rejected_rows, at_most: 0", "measure: uncounted_events, at_most: 0")
    code, _, rails, _ = compared("--as-of", "2024-03-01")
    assert (code, verdicts(rails)) == (1, {"a": "not checked", "b": "not checked"})


# Whether there are guardrails


def test_without_guardrails_the_first_line_says_so(folder, compared):
    (folder / "club/guardrails.yaml").unlink()
    code, said, _, values = compared()
    first = "Nothing was limited: the program has no guardrails.yaml."
    assert (code, said.splitlines()[0], values["sentence"], values["passes"]) == (0, first, first, True)


def test_required_guardrails_that_are_not_there_make_it_1(folder, compared):
    (folder / "club/guardrails.yaml").unlink()
    code, said, _, values = compared("--require", "guardrails")
    first = "Nothing was limited: the program has no guardrails.yaml, and `--require guardrails` asks for it."
    assert (code, said.splitlines()[0], values["passes"]) == (1, first, False)


def test_required_guardrails_that_hold_make_it_0(folder, compared):
    limits(folder, "measure: members_losing_points, at_most: 1")
    code, said, _, values = compared("--require", "guardrails")
    assert (code, values["verdict"], values["sentence"]) == (0, "holds", "The guardrail holds.")
    assert "ok     a: 1 of 2 members in stars; nothing was awarded in Coins (at most 1)" in said


@pytest.mark.parametrize(
    "name",
    [
        "guardrails.yml",
        "guardrail.yaml",
        "Guardrails.yaml",
        "GUARDRAILS.YAML",
        "guardrails.json",
        "guardrails.yaml.txt",
        "guard_rails.yaml",
        "config/guardrails.yaml",
        "config/guardrail.yml",
        "guardrails/limits.yaml",
        "guardrails.yaml/limits.yaml",
    ],
)
def test_a_misnamed_file_is_an_error_and_not_none(folder, compared, name):
    (folder / "club/guardrails.yaml").unlink()
    path = folder / "club" / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(ALL)
    code, said, _, _ = compared()
    assert (code, "guardrails.yaml" in said, "error[misnamed]" in said) == (3, True, True)


def test_an_empty_file_is_an_error(folder, compared):
    for text, words in (
        ("guardrails: {}\n", "an empty one limits nothing"),
        ("guardrails:\n", "no value"),
        ("", ""),
    ):
        (folder / "club/guardrails.yaml").write_text(text)
        code, said, _, _ = compared()
        assert (code, words in said) == (3, True), said


def test_values_that_are_tried_need_guardrails_too_where_these_are_required(folder):
    path = folder / "club/guardrails.yaml"
    path.unlink()
    tried = ("--set", "levels/silver/threshold=300,350", "--format", "text")
    arguments = ["compare", "club", "2024", *tried, *LOG]
    assert exit_code_of(arguments) == 0
    assert exit_code_of([*arguments, "--require", "guardrails"]) == 1
    for limit in ("members_losing_points, at_most: 0", "notice_days, at_least: 30"):
        path.write_text(f"guardrails: {{a: {{measure: {limit}}}}}\n")
        assert exit_code_of([*arguments, "--require", "guardrails"]) == 0


def test_days_of_notice_alone_are_guardrails_of_values_that_are_tried(folder, capsys):
    path = folder / "club/guardrails.yaml"
    path.write_text("guardrails: {a: {measure: notice_days, at_least: 30}}\n")
    tried = ("--set", "levels/silver/threshold=300,350", "--require", "guardrails")
    assert exit_code_of(["compare", "club", "2024", *tried, *LOG]) == 0
    said = capsys.readouterr().out
    assert "guardrails.yaml" not in said
    assert "Nothing was limited: days of notice are not judged where a value is only tried." in said
    assert "Days of notice and approvals are not looked at" in said


@pytest.mark.parametrize(
    ("was", "words"),
    [
        ("resets: never", "Coins: resets never → each calendar year"),
        ("resets: calendar_year, start: 10", "Coins: begins with 10 → 0"),
    ],
)
def test_where_a_balance_begins_anew_otherwise_what_was_awarded_does_not_tell(folder, compared, was, words):
    # Nobody is awarded less, and yet the coins of last year are gone, or the ten to begin with.
    (folder / "club/guardrails.yaml").write_text(
        "guardrails:\n"
        "  coins: {measure: members_losing_points, balance: coins, at_most: 0}\n"
        "  stars: {measure: members_losing_points, balance: stars, at_most: 0}\n"
        "  any: {measure: members_losing_points, at_most: 0}\n"
    )
    program = folder / "club/program.yaml"
    edit(program, "resets: never}", f"{was}}}")
    git(folder, "init")
    git(folder, "add", ".")
    git(folder, "commit", "-m", "first")
    edit(program, f"{was}}}", "resets: calendar_year}")
    log(folder, "ann,swap,2024-02-01,", "ann,visit,2024-03-02,")
    code, text, rails, _ = compared("--against", "main", sides=())
    assert (code, verdicts(rails)) == (1, {"coins": "not checked", "stars": "holds", "any": "not checked"})
    assert rails["coins"]["reason"].startswith(words)
    assert "Coins begins anew on other days, or with something else" in text

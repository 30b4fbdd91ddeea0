"""The questions that `compare` can be asked: from a day, once more, with other values, against a commit."""

from __future__ import annotations

import csv
import json
from collections import Counter

import pytest
from command import git

LOG = ("--events", "events.csv", "--members", "members.csv")
SET = ("--set", "levels/silver/threshold=400")


@pytest.fixture
def asked(run, club):
    """Runs `compare club` and gives its JSON, its members by id."""

    def result(*arguments):
        done = run(
            "compare", "club", *arguments, *LOG, "--show-ids", "--out", "asked.csv", "--out", "asked.json"
        )
        assert done.returncode in (0, 1), done.stderr
        rows = list(csv.DictReader((club / "asked.csv").read_text().splitlines()))
        return json.loads((club / "asked.json").read_text()), {row["member"]: row for row in rows}

    return result


def points(member):
    return int(member["points_old"]), int(member["points_new"])


def levels(member):
    return member["level_old"], member["level_new"]


# From a day


def test_a_day_after_the_log_is_refused_with_the_replay_that_brings_it_there(run):
    done = run("compare", "club", "2024", "2025", *LOG, "--from", "2024-09-01")
    assert done.returncode == 2
    assert (
        "--from: nothing is known of 2024-09-01 or later: the log ends on 2024-04-02; `--replay 1` lets"
        " members go on as they did and brings the log to 2025-04-02" in done.stderr
    )
    assert (
        run("compare", "club", "2024", "2025", *LOG, "--from", "2024-09-01", "--replay", "1").returncode < 2
    )


def test_the_last_day_of_the_log_is_not_too_late(run):
    assert run("compare", "club", "2024", "2025", *LOG, "--from", "2024-04-02").returncode in (0, 1)
    assert run("compare", "club", "2024", "2025", *LOG, "--from", "2024-04-03").returncode == 2


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (
            ("--from", "2026-06-01", "--replay", "1"),
            "with `--replay 1` the log ends on 2025-04-02; `--replay 3`",
        ),
        (
            ("--from", "2030-01-01"),
            "2030-01-01 is too late: the log ends on 2024-04-02, and `--replay 3` brings it",
        ),
        (("--from", "2024-03-01", "--as-of", "2024-02-28"), "the log ends on 2024-02-28; `--replay 1`"),
        (("--replay", "0"), "0 is not in the range 1<=x<=3"),
        (("--replay", "4"), "4 is not in the range 1<=x<=3"),
        (("--replay", "2024-01-01"), "'2024-01-01' is not a valid integer"),
        (("--replay", "1", "--as-of", "2999-06-01"), "years go to 2999"),
    ],
)
def test_what_cannot_be_asked_is_said_with_what_can(run, club, arguments, words):
    (club / "club/versions/2025.yaml").unlink()
    new = club / "draft.yaml"
    new.write_text(
        'id: "2025"\nbased_on: "2024"\neffective_from: 2025-01-01\nlevels: {silver: {threshold: 350}}\n'
    )
    done = run("compare", "club", "2024", "draft.yaml", *LOG, *arguments)
    assert (done.returncode, words in done.stderr) == (2, True), done.stderr


def test_an_as_of_date_long_after_the_last_event_is_an_assumption(asked):
    # The last event is of 2024-04-02; 31 days later is 2024-05-03.
    near, _ = asked("2024", "2025", "--as-of", "2024-05-03")
    far, _ = asked("2024", "2025", "--as-of", "2024-05-04")
    assert near["assumptions"] == []
    assert "The last event is of 2024-04-02" in far["assumptions"][0]


# Once more


def test_the_next_anniversary_if_members_go_on_as_they_did(asked):
    # ann, who signed up on 2024-01-10: by the old rules her year to 2025-01-09 has 2 visits of 40 (the third
    # is one too many in its month) and reviews of 90, 90 and 80: 340, enough for Silver at 300. By the new
    # 2 visits of 50, and the reviews in 10 to 50 are 50, 50 and 45: 245, not enough at 350. Then all again.
    report, members = asked("2024", "2025", "--replay", "1")
    assert report["as_of"] == "2025-04-02"
    assert points(members["ann"]) == (2 * 340, 2 * 245)
    assert levels(members["ann"]) == ("silver", "bronze")
    # bob's visit in April; his review has no value, in either year.
    assert points(members["bob"]) == (2 * 40, 2 * 50)
    assert report["assumptions"] == [
        (
            "8 events from 2023-04-03 to 2024-04-02 are repeated one year later, up to 2025-04-02: with the"
            " dates that they carry, and values as assessed under the rules of the original day; nobody signs"
            " up."
        )
    ]


def test_only_the_last_twelve_months_come_again(asked, club):
    events = club / "events.csv"
    events.write_text(events.read_text() + "late,ann,visit,2025-03-02,\n")
    # As of 2025-03-02 the twelve months begin on 2024-03-03: her third review, bob's visit and this one.
    report, members = asked("2024", "2025", "--replay", "1")
    assert points(members["ann"]) == (340 + 40 + 80 + 40, 245 + 50 + 45 + 50)
    assert points(members["bob"]) == (2 * 40, 2 * 50)
    assert report["as_of"] == "2026-03-02"
    assert report["assumptions"][0].startswith("4 events from 2024-03-03 to 2025-03-02 are repeated")


def test_two_and_three_years_more(asked):
    for years, until in ((2, "2026-04-02"), (3, "2027-04-02")):
        report, members = asked("2024", "2025", "--replay", str(years))
        assert points(members["ann"]) == ((years + 1) * 340, (years + 1) * 245)
        assert report["as_of"] == until


def test_a_repeat_from_a_day_counts_by_the_version_in_force_on_its_new_day(asked, club):
    (club / "club/versions/2025.yaml").rename(club / "draft.yaml")
    # Before 2025-02-02 all is by the old rules. From then on one visit by the new ones: the first of February
    # 2025 is one of the two of its month, and so is the second. Reviews of 10 to 90 count in 10 to 50.
    _, members = asked("2024", "draft.yaml", "--from", "2025-02-02", "--replay", "1")
    assert points(members["ann"]) == (680, 340 + 40 + 50 + 145)


def test_values_keep_the_rules_of_their_own_day(asked):
    # The program's own 2025, from 2025-01-01, has reviews of 10 to 50. One of 90, repeated, is none of these.
    _, members = asked("2024", "2024", "--replay", "1")
    assert points(members["ann"]) == (680, 680)


def test_29_february_comes_again_on_the_28th(asked, club):
    (club / "events.csv").write_text(
        "event_id,member_id,activity,occurred_at,points\n"
        "e1,ann,visit,2024-02-28T23:00,\ne2,ann,visit,2024-02-29T08:00,\ne3,ann,visit,2024-02-29T09:00,\n"
    )
    # Two visits a month count: two of the three in February 2024, and two of the three on 2025-02-28.
    report, members = asked("2024", "2025", "--replay", "1")
    assert report["as_of"] == "2025-02-28"
    assert points(members["ann"]) == (4 * 40, 4 * 50)


def test_repeats_never_have_the_id_of_another_event(asked, club):
    events = club / "events.csv"
    events.write_text(events.read_text().replace("e2,ann", "e1~1,ann"))
    _, members = asked("2024", "2025", "--replay", "1")
    assert points(members["ann"]) == (680, 490)


def test_dates_that_an_event_carries_move_along(asked, club):
    path = club / "club/versions/2024.yaml"
    path.write_text(
        path.read_text()
        + "  talk:\n    points: 100\n    attributes: {held_on: {type: date}}\n"
        + "    eligible_if: {attribute: held_on, at_least: 2025-01-01}\n"
    )
    rows = (club / "events.csv").read_text().splitlines()
    rows = [f"{rows[0]},held_on", *(f"{row}," for row in rows[1:]), "t1,bob,talk,2024-04-02,,2024-03-30"]
    (club / "events.csv").write_text("\n".join(rows) + "\n")
    # The talk of 2024-03-30 is too early; the same a year later, held on 2025-03-30, counts.
    _, members = asked("2024", "2025", "--replay", "1")
    assert points(members["bob"]) == (2 * 40 + 100, 2 * 50 + 100)


def test_events_after_the_as_of_date_are_not_repeated_and_stay_counted(asked):
    # As of 2024-02-02 ann has two visits; the other six events are later.
    report, members = asked("2024", "2025", "--as-of", "2024-02-02", "--replay", "1")
    assert points(members["ann"]) == (4 * 40, 4 * 50)
    assert report["quality"]["after_as_of"] == 6


def test_levels_long_after_the_log_are_judged_where_it_is_repeated(asked):
    verdicts = []
    for arguments in ((), ("--replay", "1")):
        report, _ = asked("2024", "2025", "--as-of", "2024-06-30", *arguments)
        verdicts.append(next(one["verdict"] for one in report["guardrails"] if one["id"] == "nobody-drops"))
    assert verdicts == ["not checked", "broken"]


def test_rejects_stay_those_of_the_log(asked):
    once, _ = asked("2024", "2025")
    again, _ = asked("2024", "2025", "--replay", "2")
    for key in ("events_read", "rejects"):
        assert once["quality"][key] == again["quality"][key]


def test_a_log_of_nobody_repeats_nothing(asked, club):
    (club / "events.csv").write_text("event_id,member_id,activity,occurred_at,points\n")
    report, _ = asked("2024", "2025", "--replay", "1")
    assert report["assumptions"][0] == (
        "There is no event from 2023-05-02 to 2024-05-01 to repeat, so nobody does anything up to 2025-05-01."
    )


# Which versions


def test_latest_is_the_version_that_takes_effect_last(run, asked):
    report, _ = asked("2024", "latest")
    assert report["new"]["id"] == report["new"]["name"] == "2025"
    assert "version 2024 → 2025" in run("diff", "club", "2024", "latest").stdout


def test_a_version_may_be_called_latest(run, club):
    path = club / "club/versions/2024.yaml"
    path.write_text(path.read_text().replace('id: "2024"', "id: latest"))
    new = club / "club/versions/2025.yaml"
    new.write_text(new.read_text().replace('based_on: "2024"', "based_on: latest"))
    assert "latest → 2025" in run("diff", "club", "latest", "2025").stdout


def test_a_misspelt_latest_is_suggested(run):
    done = run("diff", "club", "2024", "lastest")
    assert (done.returncode, "did you mean `latest`?" in done.stderr) == (2, True)


def test_the_same_version_twice_and_a_newer_one_first_are_remarked_on(asked):
    same, _ = asked("2024", "2024")
    assert same["assumptions"] == ["OLD and NEW are the same version, 2024, so nothing can differ."]
    back, _ = asked("2025", "2024")
    assert back["assumptions"] == [
        (
            "OLD (2025, from 2025-01-01) is newer than NEW (2024, from 2024-01-01), so gains and losses are"
            " those of going back."
        )
    ]


# Values in turn


def test_each_value_is_a_row_with_who_moves(run):
    # ann has 80 + 260 = 340 in her year: Silver up to a threshold of 340, not from 341 on.
    done = run(
        "compare", "club", "2024", "--set", "levels/silver/threshold=200,300,340,341", *LOG, "--format", "csv"
    )
    rows = [row.split(",") for row in done.stdout.splitlines()]
    heading = rows[0]
    found = [dict(zip(heading, row, strict=True)) for row in rows[1:]]
    assert [(row["value"], row["is_now"], row["rising"], row["falling"]) for row in found] == [
        ("200", "false", "0", "0"),
        ("300", "true", "0", "0"),
        ("340", "false", "0", "0"),
        ("341", "false", "0", "1"),
    ]
    assert [row["broken"] for row in found] == ["", "", "", "nobody-drops"]
    assert done.returncode == 1


def test_points_of_each_value(run):
    # A visit at 40: ann has 2 that count and bob 1, so each point more is 3 points more.
    done = run("compare", "club", "2024", "--set", "activities/visit/points=40,50,19", *LOG)
    lines = done.stdout.splitlines()
    assert lines[0] == "club 2024: values of activities/visit/points"
    # What the log cannot answer comes before any figure.
    heading = next(place for place, line in enumerate(lines) if line.split()[:1] == ["value"])
    first, rejected, missing = lines[3 : heading - 1]
    assert first == "What the log cannot answer:"
    assert rejected.startswith("  - Rejected, and counted on neither side: 2 of 10 rows of events (20 %).")
    assert missing.startswith("  - Events of Review count nothing under both: assessed value is missing.")
    assert [line.split()[:5] for line in lines[heading + 1 : heading + 4]] == [
        ["40", "(now)", "0", "0", "380"],
        ["50", "0", "0", "410", "(+30)"],
        # And 21 fewer are 63 fewer; ann's 38 + 260 are too few for Silver.
        ["19", "0", "1", "317", "(-63)"],
    ]


def test_guardrails_can_be_required(run, club):
    (club / "club/guardrails.yaml").unlink()
    assert run("compare", "club", "2024", *SET, *LOG).returncode == 0
    assert run("compare", "club", "2024", *SET, *LOG, "--require", "guardrails").returncode == 1


def test_no_file_is_written(run, club):
    before = {path: path.read_bytes() for path in club.rglob("*") if path.is_file()}
    run("compare", "club", "2024", "--set", "levels/silver/threshold=200", *LOG)
    assert {path: path.read_bytes() for path in club.rglob("*") if path.is_file()} == before


@pytest.mark.parametrize(
    ("address", "value"),
    [
        ("activities/visit/caps/times per calendar_month/limit", "3"),
        ("activities/visit/caps/0/times", "3"),
        ("activities/visit/caps/times per calendar_month/per", "day"),
        ("life_cycle/demotion", "one_level"),
        ("benefits/lounge/from_level", "bronze"),
        ("activities/review/points/range/1", "100"),
        ("activities/review/points", "70"),
    ],
)
def test_any_address_that_diff_prints_can_be_set(run, address, value):
    done = run("compare", "club", "2025", "--set", f"{address}={value}", *LOG, "--format", "json")
    assert done.returncode in (0, 1), done.stderr
    assert [row["value"] for row in json.loads(done.stdout)["rows"]] == [value]


def test_every_address_of_a_change_is_one_that_can_be_set(run):
    changes = json.loads(run("diff", "club", "2024", "2025", "--format", "json").stdout)["versions"][0][
        "changes"
    ]
    addresses = [change["address"] for change in changes if not change["address"].startswith("version")]
    assert len(addresses) == 3
    for address in addresses:
        done = run("compare", "club", "2024", "--set", f"{address}=160", *LOG)
        assert done.returncode in (0, 1), (address, done.stderr)


@pytest.mark.parametrize(
    ("setting", "words"),
    [
        (
            "levels/silver/threshold=abc",
            "value 1 of 1, `abc`: `threshold` of level `silver` must be a whole number",
        ),
        ("levels/silver/threshold=400,,500", "value 2 of 3, ``: it is empty"),
        ("activities/visit/points=30,-1", "value 2 of 2, `-1`: a cap of activity `visit` never cuts"),
        (
            "levels/silver/threshold=400,50",
            "value 2 of 2, `50`: level `silver` has threshold 50, below that of",
        ),
        ("levels/silver/threshold=4e2", "value 1 of 1, `4e2`: `4e2` is not a number that rules can use"),
        ("levels/silvr/threshold=4", "did you mean `levels/silver/threshold` (300)"),
        ("levels=4", "`levels` is more than one value; there are `levels/bronze/threshold` (100)"),
        ("version/effective_from=2024-02-01", "`--from DAY`"),
        ("nothing=4", "addresses begin with `activities/`"),
        ("levels/silver/threshold", "write an address, `=` and values"),
        ("levels/silver/threshold=", "write an address, `=` and values"),
        (
            "levels/silver/threshold=" + ",".join(map(str, range(301, 352))),
            "there are 51 values; try at most 50",
        ),
        ("life_cycle/demotion=to_erned", "value 1 of 1, `to_erned`"),
    ],
)
def test_a_mistake_in_a_setting_points_at_the_value(run, setting, words):
    done = run("compare", "club", "2024", "--set", setting, *LOG)
    assert (done.returncode, words in done.stderr) == (2, True), done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("2024", "2025", *SET), "leave NEW out"),
        (
            ("2024", *SET, "--set", "levels/bronze/threshold=4"),
            "one address at a time",
        ),
        (("2024",), "NEW is missing"),
        ((), "name OLD and NEW, or OLD with --set, or give --against GITREF"),
        (("2024", "2025", "--against", "HEAD"), "leave out OLD, NEW and --set"),
        (("--against", "HEAD", "--from", "2024-03-01"), "leave out --from"),
        (
            ("2024", *SET, "--format", "html"),
            "one table, as text, csv, json, markdown",
        ),
        (
            ("club/../draft.yaml", *SET),
            "is no version of the program in its folder",
        ),
    ],
)
def test_one_question_at_a_time(run, club, arguments, words):
    (club / "draft.yaml").write_text(
        (club / "club/versions/2025.yaml").read_text().replace('"2025"', "draft").replace("-01\n", "-02\n")
    )
    done = run("compare", "club", *arguments, *LOG)
    assert (done.returncode, words in done.stderr) == (2, True), done.stderr


# Against a commit


def edit(repository, name, old, new):
    path = repository / "club" / name
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


def test_an_edited_version_is_compared_from_its_day_on(asked, repository):
    edit(repository, "versions/2024.yaml", "points: 40", "points: 30")
    report, members = asked("--against", "main")
    # The version of 2025 says itself what a visit is worth, and the log ends before it.
    assert (report["old"]["name"], report["new"]["name"]) == ("main", "working tree")
    assert points(members["ann"]) == (80 + 260, 60 + 260)
    assert report["from"] == "2024-01-01"
    assert report["attribution"]["method"] == "exact"


def test_an_added_version_is_compared_from_its_day_on(asked, repository):
    draft = repository / "club/versions/2024-03.yaml"
    draft.write_text(
        'id: 2024-03\nbased_on: "2024"\neffective_from: 2024-03-02\nactivities: {review: {points: 60}}\n'
    )
    report, members = asked("--against", "main")
    # Reviews of 2024-03-02 and -03 are 60 each instead of 90 and 80.
    assert points(members["ann"]) == (340, 80 + 90 + 120)
    assert (report["old"]["id"], report["new"]["id"], report["from"]) == ("2024", "2024-03", "2024-03-02")


def test_several_versions_are_compared_one_after_the_other(asked, repository):
    edit(repository, "versions/2024.yaml", "points: 40", "points: 30")
    edit(repository, "versions/2025.yaml", "points: 50", "points: 70")
    report, members = asked("--against", "main", "--replay", "1")
    # Each year two visits and the reviews: 260 in 2024, and 145 in 10 to 50 in 2025.
    assert points(members["ann"]) == (80 + 260 + 100 + 145, 60 + 260 + 140 + 145)
    assert points(members["bob"]) == (40 + 50, 30 + 70)
    assert report["attribution"]["method"] == "none"


def test_a_version_that_moves_or_goes_is_seen(asked, repository):
    edit(repository, "versions/2025.yaml", "2025-01-01", "2024-03-02")
    _, members = asked("--against", "main")
    # Two reviews under 10 to 50, of 90 and 80 assessed in 10 to 90.
    assert points(members["ann"]) == (340, 80 + 90 + 50 + 45)
    (repository / "club/versions/2025.yaml").unlink()
    _, members = asked("--against", "main", "--replay", "1")
    assert points(members["ann"]) == (340 + 100 + 145, 680)


def test_a_balance_that_resets_otherwise_moves_levels(asked, repository):
    edit(repository, "program.yaml", "resets: membership_year", "resets: never")
    report, members = asked("--against", "main", "--replay", "1")
    assert report["summary"] == (
        "What anybody gains or loses in stars was not looked at, because it begins anew on other days, or"
        " with something else; 1 rises, none falls; Silver 0 → 1."
    )
    # Silver, which she reached with 340 points, needs 350 at the anniversary of 2025. Without resets there is
    # no anniversary that takes it.
    assert levels(members["ann"]) == ("bronze", "silver")
    assert points(members["ann"]) == (585, 585)


def balances(report):
    return {one["balance"]: (one["old"], one["new"]) for one in report["balances"]}


COINS = "membership_year}\n  coins: {resets: never, title: Coins}"


def move_reviews_to_coins(repository):
    edit(repository, "program.yaml", "membership_year}", COINS)
    edit(repository, "versions/2024.yaml", "title: Review", "title: Review\n    balance: coins")


def test_points_of_a_balance_that_comes_are_gained_and_of_one_that_goes_lost(asked, repository):
    move_reviews_to_coins(repository)
    report, members = asked("--against", "main")
    # Ann has two visits, and reviews of 90, 90 and 80, which bring coins now; Bob has one visit.
    assert points(members["ann"]) == (80 + 260, 80)
    assert balances(report) == {"stars": (380, 120), "coins": (0, 260)}
    assert levels(members["ann"]) == ("silver", "")
    assert "Coins is no balance on the old side: nobody has points in it there." in report["assumptions"]
    git(repository, "commit", "-qam", "coins")
    git(repository, "checkout", "-q", "HEAD~1", "--", "club")
    report, members = asked("--against", "HEAD")
    assert balances(report) == {"stars": (120, 380), "coins": (260, 0)}
    assert levels(members["ann"]) == ("", "silver")
    assert report["summary"].startswith(
        "Nobody of 2 gains points without losing any, 1 loses Coins; 1 rises, none falls; Silver 0 → 1."
    )
    assert report["headlines"][2]["sentence"].endswith(": 1 in Coins.")
    assert "Coins is no balance on the new side: nobody has points in it there." in report["assumptions"]


def test_a_balance_that_only_the_added_version_feeds_leaves_the_question_that_of_a_day(asked, repository):
    edit(repository, "program.yaml", "membership_year}", COINS)
    (repository / "club/versions/2024-03.yaml").write_text(
        'id: 2024-03\nbased_on: "2024"\neffective_from: 2024-03-02\nactivities: {review: {balance: coins}}\n'
    )
    report, members = asked("--against", "main")
    assert (report["question"], report["attribution"]["method"]) == ("from", "exact")
    assert points(members["ann"]) == (340, 80 + 90)
    assert balances(report)["coins"] == (0, 90 + 80)


def test_a_renamed_balance_is_one(asked, repository):
    edit(repository, "program.yaml", "stars", "points")
    edit(repository, "versions/2024.yaml", "points: 40", "points: 30")
    report, members = asked("--against", "main")
    assert points(members["ann"]) == (340, 320)
    assert balances(report) == {"points": (380, 350)}
    assert "The balance stars is called points now, and is compared as one." in report["assumptions"]


def test_with_another_level_balance_levels_are_compared_and_points_each_in_its_balance(asked, repository):
    move_reviews_to_coins(repository)
    edit(repository, "versions/2024.yaml", "title: Visit", "title: Visit\n    balance: stars")
    git(repository, "commit", "-qam", "coins")
    edit(repository, "program.yaml", "level_balance: stars", "level_balance: coins")
    report, members = asked("--against", "HEAD")
    # Ann has 80 stars, for no level, and 260 coins, for bronze at 100. Nobody has other points than before.
    assert levels(members["ann"]) == ("", "bronze")
    assert points(members["ann"]) == (260, 260)
    assert balances(report) == {"stars": (120, 120), "coins": (260, 260)}
    assert (members["ann"]["standing_old"], members["ann"]["standing_new"]) == ("80", "260")
    assert any(
        text.startswith("Levels are decided by stars on the old side") for text in report["assumptions"]
    )


def test_in_another_time_zone_each_side_has_its_own_days(asked, repository):
    # The visits e1 to e3 are of the first hours of February 1 to 3 in Brussels. In New York the first one is
    # still of January, so that February has two visits left, and none is cut. The last event, at 2 in the
    # morning of April 2 in Brussels, is of April 1 in New York.
    (repository / "events.csv").write_text(
        "event_id,member_id,activity,occurred_at,points\n"
        "e1,ann,visit,2024-02-01T00:30:00Z,\n"
        "e2,ann,visit,2024-02-02T00:30:00Z,\n"
        "e3,ann,visit,2024-02-03T00:30:00Z,\n"
        "e4,ann,review,2024-03-31T02:30:00,90\n"
        "e5,ann,visit,2024-04-02T00:00:00Z,\n"
    )
    edit(repository, "program.yaml", "Europe/Brussels", "America/New_York")
    report, members = asked("--against", "main")
    assert points(members["ann"]) == (2 * 40 + 40 + 90, 3 * 40 + 40 + 90)
    assert (report["as_of"], report["from"]) == ("2024-04-02", "2024-01-01")
    assert (
        "Days are those of Europe/Brussels on the old side and of America/New_York on the new one; the as-of"
        " date is the same local date in each."
    ) in report["assumptions"]
    assert report["quality"]["events"] == 5
    assert report["quality"]["after_as_of"] == 0
    # As of 1 April the last visit is of the new side alone.
    report, members = asked("--against", "main", "--as-of", "2024-04-01")
    assert points(members["ann"]) == (2 * 40 + 90, 3 * 40 + 40 + 90)


def test_with_attributes_of_another_type_each_side_reads_its_own_values(asked, repository):
    edit(
        repository,
        "versions/2024.yaml",
        "points: 40",
        "points: 40\n    attributes: {room: {type: text}}\n"
        '    eligible_if: {attribute: room, in: ["1", hall]}',
    )
    (repository / "events.csv").write_text(
        "event_id,member_id,activity,occurred_at,points,room\n"
        "e1,ann,visit,2024-02-01,,1\ne2,ann,visit,2024-03-02,,hall\ne3,bob,visit,2024-03-03,,3\n"
    )
    git(repository, "commit", "-qam", "rooms")
    edit(repository, "versions/2024.yaml", "type: text", "type: integer")
    edit(repository, "versions/2024.yaml", 'in: ["1", hall]', "at_least: 1")
    report, members = asked("--against", "HEAD", "--replay", "1")
    # Each event once more in 2025, under a version in which a visit is worth 50 points.
    assert (points(members["ann"]), points(members["bob"])) == ((2 * 90, 90), (0, 90))
    assert report["unanswered"][0]["sentence"] == (
        "Rejected on the new side, and counted on the old one alone: 1 of 3 rows of events (33.3 %)."
    )
    assert report["unanswered"][0]["points"] == "90 points on the old side"
    assert any(
        text.startswith("`room` is text on the old side and integer") for text in report["assumptions"]
    )


def test_a_member_whose_row_one_side_rejects_has_nothing_there(asked, repository):
    edit(repository, "program.yaml", "source:", "member_attributes: {tier: {type: text}}\nsource:")
    (repository / "members.csv").write_text(
        "member_id,signed_up_on,tier\nann,2024-01-10,x\nbob,2024-02-29,3\n"
    )
    limit = "guardrails: {rows: {measure: rejected_rows, at_most: 8}}\n"
    (repository / "club/guardrails.yaml").write_text(limit)
    git(repository, "commit", "-qam", "tiers")
    edit(repository, "program.yaml", "type: text", "type: integer")
    report, members = asked("--against", "HEAD")
    assert (points(members["ann"]), points(members["bob"])) == ((340, 0), (40, 40))
    assert levels(members["ann"]) == ("silver", "")
    assert members["ann"]["decides"] == "the member's row is rejected on the new side"
    told = [one["sentence"] for one in report["unanswered"] if one["code"] == "rejected-rows"]
    # Her six events name a member that is unknown then; e9 is rejected twice on both sides.
    assert told[0] == (
        "Rejected on the new side, and counted on the old one alone: 6 of 10 rows of events (60 %) and 1 of 2"
        " rows of members (50 %)."
    )
    assert "Rejected, and counted on neither side: 2 of 10 rows of events (20 %)." in told
    assert (report["guardrails"][0]["verdict"], report["guardrails"][0]["measured"][:12]) == (
        "broken",
        "9 of 12 rows",
    )


def test_either_side_comes_to_what_evaluate_comes_to(asked, run, repository):
    """Everything at once: time zone, type of an attribute, balances, and the one that decides levels."""
    (repository / "members.csv").write_text(
        "member_id,signed_up_on,tier\nann,2024-01-10,1\nbob,2024-02-29,x\ncy,2024-01-31,3\n"
    )
    (repository / "events.csv").write_text(
        "event_id,member_id,activity,occurred_at,points\n"
        + "".join(
            f"e{number},{('ann', 'bob', 'cy')[number % 3]},{('visit', 'review')[number % 2]},"
            f"2024-{1 + number // 7:02}-{1 + number % 7:02}T23:{number % 60:02}:00Z,{10 + number}\n"
            for number in range(80)
        )
    )
    edit(repository, "program.yaml", "source:", "member_attributes: {tier: {type: text}}\nsource:")
    edit(repository, "versions/2024.yaml", "title: Visit", "title: Visit\n    balance: stars")
    git(repository, "commit", "-qam", "tiers")
    evaluated = []
    day = ("--as-of", "2025-01-01")
    for state in ("old", "new"):
        if state == "new":
            move_reviews_to_coins(repository)
            edit(repository, "program.yaml", "level_balance: stars", "level_balance: coins")
            edit(repository, "program.yaml", "type: text", "type: integer")
            edit(repository, "program.yaml", "Europe/Brussels", "Pacific/Auckland")
        assert run("evaluate", "club", *LOG, *day, "--out", state, "--max-rejected", "99").returncode == 0
        ledger, standings = (
            list(csv.DictReader((repository / state / name).read_text().splitlines()))
            for name in ("ledger.csv", "standings.csv")
        )
        sums = Counter()
        for entry in ledger:
            sums[entry["member_id"], entry["balance"]] += int(entry["awarded"])
        evaluated.append((sums, {row["member_id"]: row for row in standings}))
    report, members = asked("--against", "HEAD", *day)
    titles = {one["balance"] for one in report["balances"]}
    assert titles == {"stars", "coins"}
    assert members.keys() == {"ann", "bob", "cy"}
    for name, member in members.items():
        for side, (sums, standings) in zip(("old", "new"), evaluated, strict=True):
            found = (member[f"level_{side}"], int(member[f"standing_{side}"]))
            there = standings.get(name, {"level": "", "points": "0"})
            assert found == (there["level"], int(there["points"])), (name, side)
            assert int(member[f"points_{side}"]) == sums[name, "coins"], (name, side)
            assert int(member[f"stars_{side}"]) == sums[name, "stars"], (name, side)
    assert evaluated[0][1].keys() == {"ann", "bob", "cy"} != evaluated[1][1].keys()


def test_what_each_side_reads_for_itself_cannot_come_from_where_it_is_read_once(run, repository):
    edit(repository, "program.yaml", "Europe/Brussels", "Europe/London")
    for arguments, words in (
        (("--members", "-", "--events", "events.csv"), "`-` can be read only once; name a file"),
        ((*LOG, "--backend", "duckdb"), "leave out `--backend duckdb`"),
    ):
        done = run("compare", "club", "--against", "main", *arguments)
        assert (done.returncode, words in done.stderr) == (2, True), done.stderr


@pytest.mark.parametrize(
    ("edited", "words"),
    [
        (("versions/2025.yaml", "2025-01-01", "2025-06-01"), "nothing is known of 2025-01-01 or later"),
    ],
)
def test_what_one_log_cannot_answer_is_refused(run, repository, edited, words):
    edit(repository, *edited)
    done = run("compare", "club", "--against", "main", *LOG)
    assert (done.returncode, words in done.stderr) == (2, True), done.stderr


@pytest.mark.parametrize(
    "edited",
    [
        ("versions/2024.yaml", "title: Visit", "title: A visit"),
        ("program.yaml", "membership_year}", "membership_year}\n  coins: {resets: never}"),
        ("versions/2024.yaml", "title: Visit", "title: Visit"),
    ],
)
@pytest.mark.parametrize("replay", [(), ("--replay", "1")])
def test_where_nothing_differs_both_are_compared_as_they_are(asked, run, repository, edited, replay):
    (repository / "club/guardrails.yaml").write_text(
        "guardrails: {kept: {measure: members_losing_points, at_most: 0}}\n"
    )
    git(repository, "add", ".")
    git(repository, "commit", "-qm", "kept")
    edit(repository, *edited)
    report, members = asked("--against", "HEAD", *replay)
    assert report["summary"] == "Nothing differs between the two that members could notice."
    assert (report["verdict"], report["from"]) == ("holds", None)
    for member in members.values():
        assert len(set(points(member))) == len(set(levels(member))) == 1
    assert sum(sum(points(member)) for member in members.values()) > 0
    files = [part for kind in ("html", "md", "sarif") for part in ("--out", f"r.{kind}")]
    done = run("compare", "club", "--against", "HEAD", *LOG, *replay, *files)
    assert done.returncode == 0, done.stderr
    assert report["summary"] in done.stdout
    for kind in ("html", "md"):
        assert report["summary"] in (repository / f"r.{kind}").read_text()


def test_where_only_guardrails_are_looser_they_are_judged_as_they_were(run, repository):
    """Gold is never reached: at most none may hold silver, whom one of two members holds."""
    limits = repository / "club/guardrails.yaml"
    limits.write_text("guardrails: {few: {measure: level_share, level: silver, at_most_percent: 10}}\n")
    git(repository, "add", ".")
    git(repository, "commit", "-qm", "few")
    limits.write_text("guardrails: {few: {measure: level_share, level: silver, at_most_percent: 60}}\n")
    done = run("compare", "club", "--against", "HEAD", *LOG)
    assert (done.returncode, "as limited at HEAD" in done.stdout) == (1, True), done.stderr
    limits.unlink()
    assert run("compare", "club", "--against", "HEAD", *LOG).returncode == 1


def test_where_nothing_differs_and_nothing_counts_a_guardrail_was_not_checked(run, repository):
    (repository / "club/guardrails.yaml").write_text(
        "guardrails: {kept: {measure: members_losing_points, at_most: 0}}\n"
    )
    (repository / "events.csv").write_text("event_id,member_id,activity,occurred_at,points\n")
    git(repository, "add", ".")
    git(repository, "commit", "-qm", "kept")
    done = run("compare", "club", "--against", "HEAD", *LOG, "--as-of", "2024-04-02")
    assert (done.returncode, "not checked" in done.stdout) == (1, True), done.stderr


def test_a_commit_without_the_program_is_said(run, repository):
    git(repository, "checkout", "--orphan", "empty")
    git(repository, "rm", "-r", "--cached", "-q", ".")
    git(repository, "commit", "--allow-empty", "-m", "nothing")
    done = run("compare", "club", "--against", "empty", *LOG)
    assert (done.returncode, "this commit has no program `club`" in done.stderr) == (3, True), done.stderr


@pytest.mark.usefixtures("repository")
def test_a_commit_that_is_none_is_said(run):
    done = run("compare", "club", "--against", "nowhere", *LOG)
    assert (done.returncode, "no such branch, tag or commit" in done.stderr) == (3, True)


def test_a_version_in_place_of_a_commit_is_said(run, repository):
    done = run("compare", repository / "club", "--against", "2024", *LOG)
    assert (done.returncode, "it is a version: compare it by `compare" in done.stderr) == (3, True)


# What is written where


def test_standard_output_is_one_report(run):
    for arguments in (("--out", "-", "--format", "json"), ("--format", "json")):
        done = run("compare", "club", "2024", "2025", *LOG, *arguments)
        assert json.loads(done.stdout)["program"] == "club"
    text = run("compare", "club", "2024", "2025", *LOG)
    assert run("compare", "club", "2024", "2025", *LOG, "--out", "-").stdout == text.stdout


def test_a_file_without_an_ending_is_what_the_format_says(run, club):
    done = run("compare", "club", "2024", "2025", *LOG, "--out", "report", "--out", "r.md", "--format", "csv")
    assert (club / "report").read_text().startswith("member,")
    assert (club / "r.md").read_text().startswith("## ")
    assert done.stdout == run("compare", "club", "2024", "2025", *LOG).stdout


def test_each_format_is_printed(run):
    for kind, begins in (("markdown", "## "), ("csv", "member,"), ("html", "<!doctype html>")):
        done = run("compare", "club", "2024", "2025", *LOG, "--format", kind)
        assert done.stdout.lower().startswith(begins), done.stderr


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--out", "report"), "or say `--format text|csv|github|html|json|markdown|sarif`"),
        (("--out", "r.pdf", "--format", "json"), "r.pdf: there is no report of that kind"),
        (("--out", "-", "--out", "-"), "- is named twice"),
        (("--format", "pdf"), "there is no `pdf`; known: "),
        (("--out", "club/report", "--format", "json"), "belongs to a program"),
    ],
)
def test_a_report_of_no_kind_is_refused(run, arguments, words):
    done = run("compare", "club", "2024", "2025", *LOG, *arguments)
    assert (done.returncode, words in done.stderr) == (2, True), done.stderr


def test_the_help_says_which_question_to_ask_when(run):
    text = run("compare", "--help").stdout
    for line in ("What do the rules differ in?", "--from D", "--replay 1", "next anniversary"):
        assert line in text


@pytest.mark.parametrize("begins", ["resets: membership_year", "resets: never, start: 10"])
def test_of_a_balance_that_begins_to_reset_nobody_is_said_to_lose_nothing(asked, run, repository, begins):
    """Coins were kept for ever, and go at each anniversary now: no award tells that; stars stay."""
    edit(repository, "program.yaml", "source:", "  coins: {title: Coins, resets: never}\nsource:")
    git(repository, "commit", "-qam", "coins")
    edit(repository, "program.yaml", "resets: never", begins)
    report, _ = asked("--against", "HEAD")
    assert report["summary"] == (
        "Nobody of 2 gains or loses points in stars; what anybody gains or loses in Coins was not looked at,"
        " because it begins anew on other days, or with something else; nobody rises or falls."
    )
    edit(repository, "versions/2024.yaml", "points: 40", "points: 30")
    report, _ = asked("--against", "HEAD")
    # ann has two visits, bob one.
    assert report["summary"].startswith(
        "Nobody of 2 gains stars, 2 lose stars; what anybody gains or loses in"
    )
    # All that are about points say that they are about awards.
    told = {one["key"]: (one["label"], one["sentence"]) for one in report["headlines"]}
    left = "; what is left of Coins was not looked at."
    assert told["losing"] == (
        "Members awarded fewer points",
        f"2 members are awarded fewer points, 100 % of all: 2 in stars{left}",
    )
    assert told["gaining"] == (
        "Members awarded more points",
        f"Nobody is awarded more points on any balance{left}",
    )
    assert told["unchanged"][1] == f"Nobody is awarded the same points on every balance{left}"
    assert told["points"][0] == "Points in stars"
    run("compare", "club", "--against", "HEAD", *LOG, "--out", "r.html")
    page = (repository / "r.html").read_text()
    assert "</b> are awarded fewer points on a balance</span>" in page
    assert "lose points" not in page.split('class="tiles"')[1].split("</ul>")[0]


def test_of_the_only_balance_that_begins_to_reset_the_sum_is_that_of_awards(asked, repository):
    edit(repository, "program.yaml", "resets: membership_year", "resets: calendar_year")
    report, _ = asked("--against", "HEAD")
    points = report["headlines"][0]
    assert points["label"] == "Points awarded"
    assert points["sentence"].endswith("under both; what is left of stars was not looked at.")

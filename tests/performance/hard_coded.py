"""The yardstick: what someone would write by hand for one version of one program, and nothing else.

The rules of 2024-03-13 of the DataMiner program as a plain Python loop: amounts, ranges, caps,
anniversaries and levels are constants in the code. It makes the same ledger and standings as the
interpreter with `version="2024-03-13"`, which the benchmark asserts before it compares times.
"""

from datetime import date

VERSION = "2024-03-13"
FIXED = {
    "docs.typo": 25,
    "feedback": 50,
    "linkedin.headline": 250,
    "email.job_title": 250,
    "linkedin.post": 50,
}
RANGES = {
    "qa.question": (10, 75),
    "qa.answer": (10, 75),
    "qa.comment": (10, 75),
    "qa.best_answer": (10, 75),
    "qa.best_answer_picked": (10, 75),
    "qa.vote_cast": (10, 75),
    "qa.vote_received": (10, 75),
    "course.enrolled": (25, 250),
    "course.completed": (25, 250),
    "quiz.passed": (25, 250),
    "certification.obtained": (500, 1000),
    "docs.missing_info": (1, 300),
    "docs.delivered": (1, 500),
    "docs.large": (1, 1000),
    "blog.published": (500, 1000),
    "use_case.published": (250, 2500),
    "retro_recipe.published": (500, 1000),
    "solution.published": (250, 2500),
    "mindset.nomination": (100, 750),
}
COURSES = {"course.enrolled", "course.completed", "quiz.passed"}
ONCE_A_YEAR = {"linkedin.headline", "email.job_title"}
CREDITS = {"credits.earned": (1, 10_000), "credits.spent": (-10_000, -1)}
ADVOCATE, ENABLER, CATALYST = 750, 5_000, 15_000
NAMES = ("member", "advocate", "enabler", "catalyst")
SECOND, THIRD = date(2023, 10, 10), date(2024, 3, 13)


def earned(points):
    if points >= CATALYST:
        return 3
    if points >= ENABLER:
        return 2
    return 1 if points >= ADVOCATE else 0


def anniversary(signed_up_on, number):
    try:
        return signed_up_on.replace(year=signed_up_on.year + number)
    except ValueError:
        return date(signed_up_on.year + number, 2, 28)


def evaluated(members, events, as_of):
    """By member: ledger rows, and final (period, points, level, credits), for sorted events."""
    position, count = 0, len(events)
    for member_id in sorted(members):
        ledger = []
        standing = None
        signed_up_on = members[member_id].signed_up_on
        year, points, credits_held, level = 1, 0, 0, 0
        renewal = anniversary(signed_up_on, 1)
        month, month_points = None, 0
        used_in = {}
        while position < count and events[position].member_id == member_id:
            event = events[position]
            position += 1
            local = event.local
            day = local.date()
            if day > as_of:
                continue
            activity = event.activity
            if day < signed_up_on:
                balance = "dojo_credits" if activity in CREDITS else "devops_points"
                ledger.append(
                    (
                        event.event_id,
                        member_id,
                        activity,
                        local,
                        VERSION,
                        balance,
                        0,
                        0,
                        "before_sign_up",
                        False,
                        None,
                        None,
                        None,
                    )
                )
                continue
            while renewal <= day:
                level = earned(points)
                points = 0
                year += 1
                renewal = anniversary(signed_up_on, year)
            requested, outcome = 0, "awarded"
            given = event.points
            if activity in FIXED:
                requested = FIXED[activity]
            elif activity in RANGES:
                low, high = RANGES[activity]
                if given is None:
                    outcome = "unvalued"
                elif activity in COURSES and day < THIRD:
                    if 10 <= given <= 50:
                        requested = 25 + (2 * (given - 10) * 225 + 40) // 80
                    else:
                        outcome = "out_of_range"
                elif activity == "use_case.published" and day < SECOND:
                    if 250 <= given <= 1000:
                        requested = 250 + (2 * (given - 250) * 2250 + 750) // 1500
                    else:
                        outcome = "out_of_range"
                elif low <= given <= high:
                    requested = given
                else:
                    outcome = "out_of_range"
            elif activity == "kata.completed":
                released = event.attributes.get("released_on")
                if released is None:
                    outcome = "missing_attribute"
                else:
                    requested = 150 if 0 <= (day - released).days <= 7 else 75
            elif activity == "training.attended":
                days = event.attributes.get("days")
                if days is None:
                    outcome = "missing_attribute"
                elif days < 0:
                    outcome = "out_of_range"
                else:
                    requested = 250 * days
            elif activity in CREDITS:
                low, high = CREDITS[activity]
                if given is None:
                    outcome = "unvalued"
                elif low <= given <= high:
                    requested = given
                else:
                    outcome = "out_of_range"
            else:
                outcome = "no_such_activity"
            awarded = requested
            if activity == "feedback":
                this_month = (local.year, local.month)
                if this_month != month:
                    month, month_points = this_month, 0
                awarded = min(requested, max(0, 100 - month_points))
                month_points += awarded
            elif activity in ONCE_A_YEAR:
                if used_in.get(activity) == year:
                    awarded = 0
                else:
                    used_in[activity] = year
            elif activity == "credits.spent":
                awarded = max(requested, -credits_held)
            if awarded != requested:
                outcome = "reduced" if awarded else "capped"
            if activity in CREDITS:
                credits_held += awarded
                balance, period, total = "dojo_credits", 1, credits_held
            else:
                points += awarded
                balance, period, total = "devops_points", year, points
                if earned(points) > level:
                    level = earned(points)
            ledger.append(
                (
                    event.event_id,
                    member_id,
                    activity,
                    local,
                    VERSION,
                    balance,
                    requested,
                    awarded,
                    outcome,
                    False,
                    period,
                    total,
                    NAMES[level],
                )
            )
        if signed_up_on <= as_of:
            while renewal <= as_of:
                level = earned(points)
                points = 0
                year += 1
                renewal = anniversary(signed_up_on, year)
            standing = (year, points, NAMES[level], credits_held)
        yield member_id, ledger, standing

"""The HTML report in a real browser: Debian's Chromium through Playwright.

Skipped where Playwright, Chromium or axe-core is missing; `.ci/run` installs them. Screenshots are
kept in build/browser/.
"""

from __future__ import annotations

import csv
import os
import re
import sys
from pathlib import Path

import pytest

sync_api = pytest.importorskip("playwright.sync_api")

ROOT = Path(__file__).parents[2]
BUILD = ROOT / "build/browser"
AXE = BUILD / "axe.min.js"
CHROMIUM = Path(os.environ.get("CHROMIUM", "/usr/bin/chromium"))
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
pytestmark = [
    pytest.mark.skipif(not CHROMIUM.exists(), reason="there is no Chromium"),
    pytest.mark.xdist_group("browser"),
]


@pytest.fixture(scope="module")
def report(tmp_path_factory):
    """The report of the shipped program on a small sample."""
    sys.path.insert(0, str(Path(__file__).parent))
    from command import pointbook  # noqa: PLC0415 - a helper beside this file

    from pointbook.loading import load_program  # noqa: PLC0415 - not needed where the tests are skipped
    from pointbook.sample import default_spec, sample_events, sample_members  # noqa: PLC0415

    folder = tmp_path_factory.mktemp("report")
    program = load_program(ROOT / "rules/dataminer-devops")
    spec = default_spec(program, members=25, events=1500, seed=7)
    for name, rows in (("members", sample_members(program, spec)), ("events", sample_events(program, spec))):
        with (folder / f"{name}.csv").open("w", newline="") as stream:
            csv.writer(stream).writerows(rows)
    done = pointbook(
        "compare",
        ROOT / "rules/dataminer-devops",
        "2022-11-24",
        "2023-10-10",
        "--events",
        "events.csv",
        "--members",
        "members.csv",
        "--out",
        "report.html",
        folder=folder,
    )
    assert done.returncode in (0, 1), done.stderr
    return folder / "report.html"


@pytest.fixture(scope="module")
def browser():
    with sync_api.sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=str(CHROMIUM), args=list(FLAGS))
        yield started
        started.close()


@pytest.fixture
def page(browser, report):
    """The open report; afterwards nothing but the file itself was asked for, and nothing complained."""
    context = browser.new_context(viewport={"width": 1200, "height": 900})
    opened = context.new_page()
    requests, complaints = [], []
    opened.on("request", lambda request: requests.append(request.url))
    opened.on("console", lambda message: complaints.append(message.text))
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    opened.goto(report.as_uri())
    yield opened
    assert {url.partition("#")[0] for url in requests} == {report.as_uri()}
    assert complaints == []
    context.close()


def numbers(page, key):
    return page.eval_on_selector_all(
        "#table tbody[data-name]:not([hidden])", f"bodies => bodies.map(body => Number(body.dataset.{key}))"
    )


def wait_for_the_address(page):
    """What is chosen goes into the address, and the table follows that: soon, but not at once."""
    page.evaluate("() => new Promise(done => requestAnimationFrame(() => setTimeout(done, 50)))")


def test_a_click_on_a_heading_sorts_and_another_turns_it_round(page):
    page.click("#table th[data-key=change] button")
    assert numbers(page, "change") == sorted(numbers(page, "change"))
    page.click("#table th[data-key=change] button")
    assert numbers(page, "change") == sorted(numbers(page, "change"), reverse=True)
    assert page.get_attribute("#table th[data-key=change]", "aria-sort") == "descending"
    assert "sort=change" in page.url
    assert "dir=desc" in page.url


def test_search_and_filters_show_what_fits(page):
    name = page.get_attribute("#table tbody[data-name] >> nth=0", "data-name")
    page.fill("input[name=q]", name)
    assert page.eval_on_selector_all("#table tbody[data-name]:not([hidden])", "all => all.length") == 1
    page.click("#reset")
    page.select_option("select[name=points]", "unchanged")
    assert set(numbers(page, "change")) <= {0}


def test_tiles_and_cells_of_the_matrix_show_just_the_members_that_they_count(page):
    """By click and by keyboard; what is shown stands in the form, and can be undone there."""
    chosen = page.locator("#levels [data-filter]")
    assert chosen.count() > 10
    for number in chosen.all():
        count = int(re.search(r"\d+", number.text_content())[0])
        if count and number.evaluate("one => one.closest('table') === null"):
            number.click()
            wait_for_the_address(page)
            assert len(numbers(page, "old")) == count
    cell = page.locator("#levels td.higher [data-filter]").first
    cell.focus()
    page.keyboard.press("Enter")
    wait_for_the_address(page)
    assert len(numbers(page, "old")) == int(re.search(r"\d+", cell.text_content())[0])
    assert set(numbers(page, "move")) == {1}
    assert page.locator("select[name=from]").input_value() == str(numbers(page, "from")[0])
    page.click("#reset")
    assert len(numbers(page, "old")) == 25


def test_what_is_shown_first_is_what_one_decides_by(page):
    """The answer, what the log cannot answer, the verdict, levels, gains, changes, members, balances."""
    order = page.eval_on_selector_all(
        ".summary, section[id]", "all => all.map(one => one.id || one.className)"
    )
    assert order[:8] == [
        "summary", "unanswered", "verdict", "levels", "spread", "changes", "members", "balances",
    ]  # fmt: skip
    # What fair shares there are is behind a click.
    assert not page.locator("#changes .shares").first.is_visible()


def test_a_member_opens_and_a_link_to_it_opens_it_again(page):
    button = page.locator("#table .open").first
    name = button.evaluate("button => button.closest('tbody').dataset.name")
    button.click()
    assert button.get_attribute("aria-expanded") == "true"
    assert page.locator(f'tbody[data-name="{name}"] .trace table').last.is_visible()
    link = page.url
    page.goto("about:blank")
    page.goto(link)
    assert page.locator(f'tbody[data-name="{name}"] .trace table').last.is_visible()


def test_the_keyboard_reaches_everything(page):
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.name") == "q"
    first = page.locator("#table .open").first
    first.focus()
    page.keyboard.press("ArrowDown")
    assert page.evaluate("document.activeElement === document.querySelectorAll('#table .open')[1]")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.getAttribute('aria-expanded')") == "true"


def test_it_can_be_read_without_script(browser, report):
    context = browser.new_context(java_script_enabled=False)
    opened = context.new_page()
    opened.goto(report.as_uri())
    assert opened.locator("#table tbody th[scope=row]").count() > 10
    assert opened.locator("#table details").first.is_visible()
    assert not opened.locator("#controls").is_visible()
    context.close()


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("light", {"viewport": {"width": 1200, "height": 900}}),
        ("dark", {"viewport": {"width": 1200, "height": 900}, "color_scheme": "dark"}),
        ("phone", {"viewport": {"width": 390, "height": 844}}),
    ],
)
def test_pictures_are_taken_nothing_is_wider_than_the_page_and_axe_finds_nothing(
    browser, report, name, options
):
    context = browser.new_context(**options, bypass_csp=True)
    opened = context.new_page()
    opened.goto(report.as_uri())
    BUILD.mkdir(parents=True, exist_ok=True)
    opened.screenshot(path=BUILD / f"report-{name}.png", full_page=True)
    opened.locator("#table .open").first.click()
    opened.evaluate("document.querySelectorAll('main details').forEach(one => { one.open = true; })")
    assert opened.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    if AXE.exists():
        opened.add_script_tag(path=str(AXE))
        found = opened.evaluate(
            "axe.run().then(result => result.violations.map(v => v.id + ': ' + v.nodes[0].html))"
        )
        assert found == []
    context.close()


def test_it_prints_with_what_is_folded_in_the_verdict(browser, report):
    context = browser.new_context()
    opened = context.new_page()
    opened.goto(report.as_uri())
    assert not opened.locator(".guardrails details li").first.is_visible()
    opened.emulate_media(media="print")
    assert not opened.locator("nav").is_visible()
    assert opened.locator(".guardrails details li").first.is_visible()
    # Chromium repeats no heading that has a box of a button in it.
    for button in opened.locator("thead button").all():
        assert button.evaluate("one => getComputedStyle(one).display") == "contents"
    assert opened.pdf(path=BUILD / "report.pdf")[:4] == b"%PDF"
    context.close()


def test_every_chart_has_a_title_a_description_and_its_figures_beside_it(page):
    charts = page.locator("svg[role=img]")
    assert charts.count() > 20
    for chart in charts.all():
        assert chart.locator("title").text_content()
        assert chart.locator("desc").text_content()
        figures = chart.evaluate("svg => (svg.closest('tr') || svg.closest('section')).textContent")
        assert re.search(r"\d", figures)


def test_the_waterfalls_show_points_promotions_and_demotions(page):
    page.click("#attribution summary")
    headings = page.locator("#attribution thead th").all_text_contents()
    assert headings[0] == "Change"
    shown, sentence = set(headings[1:]), page.locator("#attribution p").text_content()
    for metric in ("Points", "Promotions", "Demotions"):
        assert metric in shown or metric.lower() in sentence.partition("No change has an effect on")[2]
    for heading, whole in zip(headings[1:], page.locator("#attribution .total td").all(), strict=True):
        figure = whole.locator(".n").text_content().replace(",", "")
        expected = page.locator(".card", has=page.get_by_role("heading", name=heading)).first
        assert figure.strip("▲▼ ") == expected.locator(".big").text_content().split()[0].replace(",", "")


def test_bars_that_take_away_are_hatched_not_only_coloured(page):
    taking = page.locator("#attribution .fall:has(.n:text('▼')) svg")
    assert taking.count() > 0
    assert all(chart.locator("[fill='url(#hatch)']").count() == 1 for chart in taking.all())
    adding = page.locator("#attribution .fall:has(.n:text('▲')) svg")
    assert all(chart.locator("[fill='url(#hatch)']").count() == 0 for chart in adding.all())


def test_long_names_do_not_make_the_page_wider_and_are_saved_as_cells_not_formulas(browser, club, run):
    long, member = "Extraordinarily" * 12, "=ann" * 30
    for name, old, new in (
        ("members.csv", "ann", member),
        ("events.csv", "ann", member),
        ("club/versions/2024.yaml", "title: Silver", f"title: {long}"),
        ("club/versions/2024.yaml", "title: Review", f"title: A review of {long}"),
        ("club/guardrails.yaml", "Nobody drops", f"Nobody drops from {long}"),
    ):
        path = club / name
        path.write_text(path.read_text().replace(old, new))
    log = ("--events", "events.csv", "--members", "members.csv")
    assert run("compare", "club", "2024", "2025", *log, "--show-ids", "--out", "r.html").returncode == 1
    context = browser.new_context(offline=True)
    opened = context.new_page()
    complaints = []
    opened.on("console", lambda message: complaints.append(message.text))
    opened.goto((club / "r.html").as_uri())
    assert long in opened.content()
    for width in (390, 1200):
        opened.set_viewport_size({"width": width, "height": 900})
        assert opened.evaluate("document.documentElement.scrollWidth") == width
    opened.select_option("select[name=move]", "-1")
    with opened.expect_download() as download:
        opened.click("#save")
    text = Path(download.value.path()).read_text(encoding="utf-8-sig")
    rows = list(csv.DictReader(text.splitlines()))
    assert [(row["member"], row["points_change"]) for row in rows] == [(f"'{member}", "-95")]
    assert download.value.suggested_filename == "club-members.csv"
    assert complaints == []
    context.close()


def test_it_is_small_and_its_script_too(report):
    assert report.stat().st_size < 300_000
    script = ROOT / "cli/pointbook_cli/templates/report.js"
    assert script.stat().st_size < 15_000

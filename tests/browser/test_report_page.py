"""The report in Debian's Chromium: it opens from a file, drills down, filters, is accessible, and shows what the tables have.

Run by `make test-browser`, in an environment of its own (requirements-browser.txt); the fleet is made up by report_fleet.py.
Every test also demands that the page asks for nothing but itself and prints nothing on the console.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

import duckdb
import pytest
import report_fleet
from report_data import blocks

playwright = pytest.importorskip("playwright.sync_api")
axe = pytest.importorskip("axe_playwright_python.sync_playwright")

pytestmark = pytest.mark.browser
ROOT = Path(__file__).resolve().parents[2]
CHROMIUM = os.environ.get("ML_CHROMIUM", "/usr/bin/chromium")
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
DAYS = 90
NONE = "\u2013"
LAST = report_fleet.START + timedelta(days=DAYS - 1)
SIZE_LIMIT, MEMORY_LIMIT, MAKE_SECONDS, READY_SECONDS = 6_000_000, 500_000, 10, 2
HOSTILE_MONITOR = """<script>window.hit=1</script>"'&amp;"""
HOSTILE_COLUMNS = [
    "<img src=x onerror=window.hit=1>",
    """quotes " ' ` \\ and {{ 7 * 7 }}""",
    "long " + "x" * 9_995,
    "\u202eright to left \u05e9\u05dc\u05d5\u05dd",
    "emoji \U0001f600\U0001f468\u200d\U0001f469\u200d\U0001f467 / ? # % &",
    "</script><script>window.hit=1</script>",
]
HOSTILE_SEGMENT = ["<b>bold</b>", "\u05d0\u05d1\u05d2", "a" * 10_000]


class Report:
    """A report and the tables that it was made from."""

    def __init__(self, folder: Path, **fleet: Any) -> None:
        self.database = folder / "fleet.duckdb"
        if fleet:
            report_fleet.build(self.database, **fleet)
        else:
            # In a process of its own: the largest memory of a child counts what its parent had when it began.
            made = [sys.executable, str(ROOT / "tests" / "support" / "report_fleet.py"), str(self.database)]
            subprocess.run(made, check=True, stdout=subprocess.DEVNULL)
        self.page = folder / "report.html"
        command = [
            sys.executable,
            str(ROOT / "scripts" / "report.py"),
            "--database",
            str(self.database),
            "--out",
            str(self.page),
        ]
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        _, status, usage = os.wait4(process.pid, 0)
        assert status == 0
        # Seconds of the processor: those of the clock depend on what else runs.
        self.seconds, self.kilobytes = usage.ru_utime + usage.ru_stime, usage.ru_maxrss

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """Rows of a query on the tables."""
        with duckdb.connect(str(self.database), read_only=True) as connection:
            return connection.execute(sql).fetchall()

    def url(self, *path: str, **filters: str) -> str:
        """Address of a page of it."""
        query = "&".join(f"{name}={quote(value)}" for name, value in filters.items())
        return f"{self.page.as_uri()}#/{'/'.join(quote(part, safe='') for part in path)}{'?' if query else ''}{query}"


@pytest.fixture(scope="module")
def fleet(tmp_path_factory: pytest.TempPathFactory) -> Report:
    """20 monitors, 100 columns, 90 days."""
    return Report(tmp_path_factory.mktemp("fleet"))


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Report:
    """Two monitors of twelve columns, with all that the large one has: axe takes a minute for a page of that."""
    return Report(tmp_path_factory.mktemp("small"), monitors=2, columns=12, days=40)


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Report:
    """One monitor whose names are hostile."""
    folder = tmp_path_factory.mktemp("hostile")
    return Report(
        folder,
        monitors=[HOSTILE_MONITOR],
        columns=HOSTILE_COLUMNS,
        days=DAYS,
        segment="<i>land",
        segment_values=HOSTILE_SEGMENT,
    )


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


Open = Callable[..., Any]


@pytest.fixture
def visit(browser: Any) -> Iterator[Open]:
    """Opens an address and waits for its page; at the end nothing may have been asked for or printed."""
    contexts, noise = [], []

    def opened(url: str, width: int = 1280, **context: Any) -> Any:
        made = browser.new_context(viewport={"width": width, "height": 900}, **context)
        contexts.append(made)
        page = made.new_page()
        page.on("console", lambda message: noise.append(f"{message.type}: {message.text}"))
        page.on("pageerror", lambda error: noise.append(f"error: {error}"))
        own = url.split("#")[0]
        page.on(
            "request",
            lambda request: request.url.split("#")[0] == own or noise.append(f"request: {request.url}"),
        )
        page.goto(url)
        ready(page)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert noise == []


def until(page: Any, expression: str) -> None:
    """Wait until an expression is true; asked from outside, since the policy of the page lets no text become code."""
    deadline = time.monotonic() + 10
    while not page.evaluate(expression):
        assert time.monotonic() < deadline, f"never true: {expression}"
        time.sleep(0.02)


def ready(page: Any, after: int = 0) -> int:
    """Wait until a page was built after this turn; returns the turn."""
    until(page, f"Number(document.documentElement.dataset.ready ?? 0) > {after}")
    return turn(page)


def turn(page: Any) -> int:
    """Which turn of building the page shows."""
    return page.evaluate("Number(document.documentElement.dataset.ready)")


def cells(table: Any) -> list[list[str]]:
    """Texts of the rows of a table."""
    return table.evaluate("t => [...t.tBodies[0].rows].map(r => [...r.cells].map(c => c.textContent))")


def shown(value: float, digits: int = 4) -> str:
    """A number as the page has it."""
    value = round(value) if abs(value) >= 10 ** (digits - 1) else float(f"{value:.{digits}g}")
    if value == int(value):
        return f"{int(value):,}"
    return (
        f"{value:.2e}".replace("e-0", "e-") if abs(value) < 1e-4 else f"{value:,.9f}".rstrip("0").rstrip(".")
    )


def percent(value: float) -> str:
    """A share as the page has it."""
    found = float(f"{100 * float(f'{value:.3g}'):.3g}")
    return f"{int(found) if found == int(found) else found} %"


# What it costs


def test_the_file_is_small_and_soon_made(fleet: Report) -> None:
    print(
        f"\n{fleet.page.stat().st_size:,} bytes, {fleet.seconds:.1f} s of processor, {fleet.kilobytes:,} KB"
    )
    assert fleet.page.stat().st_size < SIZE_LIMIT
    assert fleet.seconds < MAKE_SECONDS
    assert fleet.kilobytes < MEMORY_LIMIT


def test_it_is_ready_in_time(fleet: Report, browser: Any) -> None:
    seconds = []
    for _ in range(3):
        context = browser.new_context()
        page = context.new_page()
        started = time.monotonic()
        page.goto(fleet.url())
        ready(page)
        seconds.append(time.monotonic() - started)
        context.close()
    print(f"\nready in {min(seconds):.2f} s")
    assert min(seconds) < READY_SECONDS


def test_the_policy_keeps_other_scripts_out(fleet: Report, browser: Any) -> None:
    context = browser.new_context()
    page = context.new_page()
    page.goto(fleet.url())
    ready(page)
    page.evaluate(
        "document.body.append(Object.assign(document.createElement('script'), {textContent: 'window.hit = 1'}))"
    )
    assert page.evaluate("window.hit") is None
    policy = page.get_attribute("meta[http-equiv=Content-Security-Policy]", "content")
    assert policy.startswith("default-src 'none'; script-src 'sha256-")
    assert "unsafe" not in policy
    context.close()


# What it says


def test_the_overview_counts_as_the_tables_do(fleet: Report, visit: Open) -> None:
    page = visit(fleet.url())
    (open_incidents,) = fleet.rows("select count(*) from ml_incidents where state = 'open'")[0]
    counts = dict(
        fleet.rows(
            "select monitor, count(distinct (category, metric, subject)) from ml_gates where status = 'fail' group by monitor"
        )
    )
    (monitors,) = fleet.rows("select count(*) from ml_monitors")[0]
    assert page.locator("h1").inner_text() == f"✕ {open_incidents} incidents are open"
    assert (
        f"{len(counts)} of {monitors} monitors have a failing gate: {sum(counts.values())} findings fail"
        in page.locator(".verdict").inner_text()
    )
    assert page.locator("main > h2").first.inner_text() == f"Broken now ({open_incidents})"
    rows = cells(page.get_by_role("group", name="Monitors, the worst first").locator("table"))
    found = {row[0].removesuffix("✕ fails").removesuffix("✓ passes"): int(row[2]) for row in rows}
    assert found == {f"model_{n:02d}": counts.get(f"model_{n:02d}", 0) for n in range(20)}


def test_what_is_broken_now_comes_first_with_what_to_do(fleet: Report, visit: Open) -> None:
    page = visit(fleet.url())
    card = page.locator("article").first
    for part in ("Normal", "It means", "What to do", "Owner", "The rows behind it"):
        assert card.get_by_text(part, exact=True).is_visible(), part
    href = card.get_by_role("link", name=re.compile("Runbook: ")).get_attribute("href")
    assert (fleet.page.parent / href).is_file()
    opened = page.evaluate(
        "[...document.querySelectorAll('article p.quiet')]"
        ".map(p => p.textContent.match(/opened (\\S+ \\S+)/)?.[1]).filter(Boolean)"
    )
    assert opened == sorted(opened, reverse=True)
    assert len(opened) == 12


def test_drilling_down_to_a_column(fleet: Report, visit: Open) -> None:
    page = visit(fleet.url())
    before = turn(page)
    page.get_by_role("group", name="Monitors, the worst first").get_by_role(
        "link", name="model_03", exact=True
    ).click()
    before = ready(page, before)
    assert page.locator("h1").inner_text() == "✕ model_03"
    page.locator(".heat a", has_text="feature_010").click()
    ready(page, before)
    assert page.locator("h1").inner_text() == "✕ feature_010"
    assert page.title() == "model_03 / feature_010 · ml_monitor report"
    before = turn(page)
    page.get_by_role("link", name="Overview").click()
    ready(page, before)
    assert "incidents are open" in page.locator("h1").inner_text()


def test_a_finding_names_others_of_its_cause(fleet: Report, visit: Open) -> None:
    page = visit(fleet.url("model_03", "feature_010"))
    card = page.locator("article").first
    same = card.locator("dt", has_text="Same cause").locator("xpath=following-sibling::dd[1]").inner_text()
    assert "feature_020" in same
    assert "feature_010" not in same
    query = fleet.rows(
        "select rows_query from ml_findings where monitor = 'model_03' and subject = 'feature_010' order by value desc limit 1"
    )[0][0]
    assert card.locator("pre").inner_text() == query


def test_series_are_those_of_the_tables(fleet: Report, visit: Open) -> None:
    page = visit(fleet.url("model_05", "feature_042"))
    sampled = "extract(day from window_start) in (1, 15, 28)"
    drift = fleet.rows(
        f"""select strftime(window_start, '%Y-%m-%d'), psi_excess, min_detectable, current_mean, chart_center from ml_drift
        where monitor = 'model_05' and column_name = 'feature_042' and segment_name = '__all__' and {sampled}"""
    )
    quality = fleet.rows(
        f"""select strftime(window_start, '%Y-%m-%d'), p1, p50, p99, null_rate from ml_data_quality
        where monitor = 'model_05' and column_name = 'feature_042' and {sampled}"""
    )
    assert len(drift) == len(quality) == 9

    def table(title: str) -> dict[str, list[str]]:
        figure = page.locator("figure", has=page.locator("figcaption", has_text=re.compile(f"^{title}")))
        figure.get_by_text("Table", exact=True).click()
        return {row[0]: row[1:] for row in cells(figure.locator("table"))}

    distances, means = table("Distance from the baseline"), table("Mean in EUR")
    quantiles, nulls = table("Quantiles in EUR"), table("Missing values")
    for day, psi, noise, mean, center in drift:
        assert distances[day][:2] == [shown(psi, 3), shown(noise, 3)]
        assert distances[day][2:] == ["5 %"[:0] + "0.05", "0.2"] or sorted(distances[day][2:]) == [
            "0.05",
            "0.2",
        ]
        assert means[day][:2] == [shown(mean), NONE if center is None else shown(center)]
    for day, p1, p50, p99, null_rate in quality:
        assert quantiles[day] == [shown(p50), shown(p1), shown(p99)]
        assert nulls[day][0] == percent(null_rate)


def test_the_histogram_is_that_of_the_table(fleet: Report, visit: Open) -> None:
    page = visit(fleet.url("model_07", "feature_003"))
    expected = fleet.rows(
        f"""select bin_label, row_count, row_count / sum(row_count) over (), baseline_rows / sum(baseline_rows) over ()
        from ml_histograms
        where monitor = 'model_07' and column_name = 'feature_003' and window_start = timestamp '{LAST}' order by bin"""
    )
    figure = page.locator("figure", has=page.locator(".hist"))
    figure.get_by_text("Table", exact=True).click()
    rows = cells(figure.locator("table"))
    assert len(rows) == len(expected) == report_fleet.BINS
    for row, (label, count, share, baseline) in zip(rows, expected, strict=True):
        assert row[:2] == [label, f"{count:,}"]
        for found, value in zip(row[2:4], (share, baseline), strict=True):
            assert float(found.removesuffix(" %")) == pytest.approx(100 * value, rel=6e-3)


def test_segments_are_those_of_the_table(fleet: Report, visit: Open) -> None:
    page = visit(fleet.url("model_00", "feature_010"))
    expected = fleet.rows(
        f"""select segment_name || ' = ' || segment_value, psi_excess, current_rows from ml_drift
        where monitor = 'model_00' and column_name = 'feature_010' and segment_name <> '__all__'
            and window_start = timestamp '{LAST}'
        order by psi_excess desc"""
    )
    rows = cells(
        page.get_by_role("group", name=re.compile("Distance from the baseline by segment")).locator("table")
    )
    assert [(row[0], row[2].split(" ")[0], row[3]) for row in rows] == [
        (name, shown(psi), f"{n:,}") for name, psi, n in expected
    ]


# How it is used


def test_filters_are_in_the_address_and_shared_with_it(fleet: Report, visit: Open) -> None:
    page = visit(fleet.url())
    before = turn(page)
    page.get_by_label("Status").select_option("pass")
    before = ready(page, before)
    rows = cells(page.get_by_role("group", name="Monitors, the worst first").locator("table"))
    assert len(rows) == 10
    page.get_by_label("Search").fill("model_01")
    ready(page, before)
    assert "q=model_01" in page.url
    assert "status=pass" in page.url
    assert len(cells(page.get_by_role("group", name="Monitors, the worst first").locator("table"))) == 1
    other = visit(page.url)
    assert other.get_by_label("Search").input_value() == "model_01"
    assert other.get_by_label("Status").input_value() == "pass"
    assert other.locator("main").inner_text() == page.locator("main").inner_text()
    before = turn(other)
    other.get_by_role("button", name="Clear").click()
    ready(other, before)
    assert len(cells(other.get_by_role("group", name="Monitors, the worst first").locator("table"))) == 20


def test_search_finds_columns(fleet: Report, visit: Open) -> None:
    page = visit(fleet.url(q="feature_099"))
    assert page.get_by_role("heading", name="Columns with “feature_099” (20)").is_visible()
    before = turn(page)
    page.get_by_role("link", name="feature_099").first.click()
    ready(page, before)
    assert page.locator("h1").inner_text().endswith("feature_099")


def test_time_monitor_and_segment_filter(fleet: Report, visit: Open) -> None:
    page = visit(fleet.url("model_00", until="2026-02-01"))
    assert page.get_by_role("heading", name="Findings of the gates (0)").is_visible()
    before = turn(page)
    page.get_by_label("Until").fill("")
    page.get_by_label("From").fill("2026-03-25")
    ready(page, before)
    until(page, "document.querySelector('main').textContent.includes('Findings of the gates (11)')")
    volume = page.locator("figure", has=page.locator("figcaption", has_text="Volume"))
    volume.get_by_text("Table", exact=True).click()
    assert [row[0] for row in cells(volume.locator("table"))] == [
        f"2026-03-{day}" for day in range(31, 24, -1)
    ]
    before = turn(page)
    page.get_by_label("Monitor").select_option("model_03")
    ready(page, before)
    until(page, "document.querySelector('h1').textContent.includes('model_03')")
    assert "from=2026-03-25" in page.url
    column = visit(fleet.url("model_00", "feature_010", segment="country = land 2"))
    rows = cells(
        column.get_by_role("group", name=re.compile("Distance from the baseline by segment")).locator("table")
    )
    assert [row[0] for row in rows] == ["country = land 2"]


def test_the_keyboard_is_enough(fleet: Report, visit: Open) -> None:
    page = visit(fleet.url("model_00"))
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the content"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.name") == "q"
    plot = page.locator(".plot").first
    plot.focus()
    page.keyboard.press("Home")
    readout = page.locator(".readout").first
    assert readout.inner_text().startswith("2026-01-01: ")
    page.keyboard.press("ArrowRight")
    assert readout.inner_text().startswith("2026-01-02: ")
    summary = page.locator("article summary").nth(3)
    summary.focus()
    page.keyboard.press("Enter")
    assert page.locator("article details").nth(3).get_attribute("open") is not None


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(
    "path", [(), ("model_00",), ("model_00", "feature_010")], ids=["overview", "monitor", "column"]
)
def test_it_is_accessible(small: Report, visit: Open, scheme: str, path: tuple[str, ...]) -> None:
    page = visit(small.url(*path), color_scheme=scheme)
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    found = axe.Axe().run(page)
    assert found.violations_count == 0, found.generate_report()


def test_nothing_is_folded_on_paper(fleet: Report, visit: Open) -> None:
    page = visit(fleet.url("model_00"))
    assert page.locator("details:not([open])").count() > 0
    page.emulate_media(media="print")
    until(page, "!document.querySelector('main details:not([open])')")
    assert page.locator("form").is_hidden()
    assert page.locator("figure table").first.is_visible()
    assert page.pdf().startswith(b"%PDF")
    page.emulate_media(media="screen")
    until(page, "document.querySelector('main details:not([open])')")


@pytest.mark.parametrize("width", [375, 1024, 2560])
@pytest.mark.parametrize(
    "path", [(), ("model_00",), ("model_00", "feature_010")], ids=["overview", "monitor", "column"]
)
def test_it_fits_the_screen(fleet: Report, visit: Open, path: tuple[str, ...], width: int) -> None:
    page = visit(fleet.url(*path), width=width)
    assert page.evaluate("document.documentElement.scrollWidth") <= width


# Names that want to be something else


def test_hostile_names_are_text(hostile: Report, visit: Open) -> None:
    page = visit(hostile.url())
    assert HOSTILE_MONITOR in page.locator("main").inner_text()
    before = turn(page)
    page.get_by_role("group", name="Monitors, the worst first").get_by_role("link").click()
    ready(page, before)
    assert page.locator("h1").inner_text() == f"✕ {HOSTILE_MONITOR}"
    for column in HOSTILE_COLUMNS:
        page = visit(hostile.url(HOSTILE_MONITOR, column))
        title = page.locator("h1")
        if len(column) > 1000:
            assert len(title.inner_text()) < 200
            title.get_by_role("button").click()
        assert column in title.inner_text()
        assert title.locator("bdi").count() == 1
        page.evaluate("dispatchEvent(new Event('beforeprint'))")
        segments = page.get_by_role(
            "group", name=re.compile("Distance from the baseline by segment")
        ).inner_text()
        assert f"<i>land = {HOSTILE_SEGMENT[0]}" in segments
        assert page.evaluate("window.hit") is None
        assert (
            page.evaluate("document.querySelectorAll('main script, main img, main b bold, main i').length")
            == 0
        )
        assert page.evaluate("document.documentElement.scrollWidth") <= 1280


def test_hostile_names_are_accessible_and_fit_a_phone(hostile: Report, visit: Open) -> None:
    for path in ((), (HOSTILE_MONITOR,), (HOSTILE_MONITOR, HOSTILE_COLUMNS[2])):
        page = visit(hostile.url(*path), width=375)
        found = axe.Axe().run(page)
        assert found.violations_count == 0, found.generate_report()
        assert page.evaluate("document.documentElement.scrollWidth") <= 375


def test_an_address_that_leads_nowhere_says_so(fleet: Report, visit: Open) -> None:
    page = visit(fleet.url("no_such_monitor"))
    assert page.locator("h1").inner_text() == "Not found"
    page = visit(fleet.url("model_00", "no_such_column"))
    assert page.locator("h1").inner_text() == "Not found"


def test_the_data_are_json(fleet: Report, visit: Open) -> None:
    """Any other program can read the blocks, too."""
    found = blocks(fleet.page)
    assert len(found) == 41
    first = found["columns-0"]
    assert len(first) == 100

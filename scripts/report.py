"""Write one self-contained HTML page on what the gates say, for a person on call.

    python scripts/report.py --database FILE [--out build/report.html] [--days 366] [--schema main]

Reads the fleet views and nothing else: ml_monitors, ml_gates, ml_checks, ml_check_history, ml_drift,
ml_data_quality, ml_volume, ml_freshness, ml_join_cardinality, ml_performance. The page needs no network, no
script and no other file. Findings and verdicts are those in the scope of the gates; charts, the calendar and
earlier findings reach ``--days`` back from the newest window.

Everything the page says is read from the tables. Performance by month comes from the counts of its days, so that it is no mean of
ratios.
"""

from __future__ import annotations

import argparse
import math
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from html import escape
from pathlib import Path
from typing import Any

import duckdb

Row = dict[str, Any]

ROOT = Path(__file__).resolve().parent.parent
CATEGORIES = ["contract", "freshness", "volume", "quality", "drift", "performance", "fairness"]
NONE = "\u2013"  # a dash: there is no value
SEVERITY = {"fail": 3, "warn": 2, "pass": 1, "not_evaluated": 0}
MARKS = {"fail": "✕", "warn": "!", "pass": "✓", "not_evaluated": NONE}
WORDS = {"fail": "fails", "warn": "warns", "pass": "passes", "not_evaluated": "not evaluated"}
REQUIRED_VIEWS = ["ml_monitors", "ml_gates", "ml_checks"]
WINDOWS_SHOWN = 40
EPISODE_PAUSE = timedelta(hours=12)
CHART_SPREADS = 5

REASONS = {
    "insufficient_sample": "Too few rows for a verdict, as at night or where a column is null.",
    "no_baseline": "Nothing to compare with yet: the baseline is still forming.",
    "too_few_bins": "Fewer than two bins with enough values: constant or nearly so.",
    "too_variable": "The column moves too much from day to day for PSI; its window mean is judged instead.",
    "covered_by_psi": "PSI can judge this column, so the window mean does not: one cause, one finding.",
    "immature_labels": "The labels have not had their time to arrive.",
    "maintenance": "The window lies in a declared maintenance window.",
    "undefined": "The value is undefined, such as a rate of no rows.",
    "incomplete_window": "The window had not ended.",
    "stale_source": "The source was too old to judge.",
    "no_checks": "No check of this category could be evaluated, which fails the gate.",
}


# Reading


class Views:
    """The fleet views of one database."""

    def __init__(self, database: Path, schema: str) -> None:
        self.connection = duckdb.connect(str(database), read_only=True)
        self.schema = schema
        found = self.connection.execute(
            "select table_name from information_schema.tables where table_schema = ?", [schema]
        ).fetchall()
        self.names = {name for (name,) in found}

    def rows(self, view: str, sql: str, parameters: dict[str, Any] | None = None) -> list[Row]:
        """Rows of a query on ``{view}``; none if the project has no such view."""
        if view not in self.names:
            return []
        schema = self.schema.replace('"', '""')
        cursor = self.connection.execute(sql.replace("{view}", f'"{schema}".{view}'), parameters or {})
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, values, strict=True)) for values in cursor.fetchall()]


FINDING_COLUMNS = """
    monitor, category, metric, subject, coalesce(window_grain, 'gate') as window_grain, status, is_repeat,
    window_start, window_end, value, threshold, sample_size, message, check_id
"""
DAY_TOTALS = """
    where window_grain = 'day' and segment_name = '__all__' and window_start >= $since
    order by window_start
"""


@dataclass
class Data:
    """All rows the page is made from."""

    monitors: list[Row]
    gates: list[Row]
    scopes: dict[str, Row]
    findings: list[Row]
    earlier: list[Row]
    not_evaluated: list[Row]
    days: list[Row]
    drift: list[Row]
    months: list[Row]
    quality: list[Row]
    volume: list[Row]
    freshness: list[Row]
    joins: list[Row]
    performance: list[Row]
    as_of: datetime | None
    since: datetime


def read(views: Views, days: int) -> Data:
    """Read every view once; ``days`` is how far charts reach back."""
    newest = views.rows("ml_checks", "select max(window_end) as newest from {view}")[0]["newest"]
    since = (newest or datetime(1970, 1, 1)) - timedelta(days=days)
    known = views.rows("ml_check_history", "select max(as_of) as as_of from {view}")
    moments = [moment for moment in (newest, known[0]["as_of"] if known else None) if moment]
    span = {"since": since}
    return Data(
        monitors=views.rows("ml_monitors", "select * from {view} order by monitor"),
        gates=views.rows(
            "ml_gates",
            """
            select monitor, category, status, count(*) as checks, count(*) filter (where not is_repeat) as new
            from {view} group by all
            """,
        ),
        scopes={
            row["monitor"]: row
            for row in views.rows(
                "ml_gates",
                """
                select monitor, min(window_end) as first, max(window_end) as last
                from {view} group by all
                """,
            )
        },
        findings=views.rows(
            "ml_gates", f"select {FINDING_COLUMNS} from {{view}} where status in ('fail', 'warn')"
        ),
        earlier=views.rows(
            "ml_checks",
            f"""
            select {FINDING_COLUMNS} from {{view}}
            where status in ('fail', 'warn') and window_start >= $since
            """,
            span,
        ),
        not_evaluated=views.rows(
            "ml_gates",
            """
            select
                monitor, category, metric, reason, count(*) as checks,
                string_agg(distinct window_grain, ', ' order by window_grain) as grains,
                list(distinct subject order by subject) as subjects,
                min(window_start) as first, max(window_end) as last
            from {view} where status = 'not_evaluated'
            group by monitor, category, metric, reason
            order by monitor, category, metric, checks desc
            """,
        ),
        days=views.rows(
            "ml_checks",
            """
            select monitor, category, date_trunc('day', window_start)::date as day, status, count(*) as checks
            from {view} where window_grain in ('hour', 'day') and window_start >= $since
            group by all
            """,
            span,
        ),
        drift=views.rows("ml_drift", f"select * from {{view}} {DAY_TOTALS}", span),
        months=views.rows(
            "ml_drift",
            """
            select * from {view}
            where window_grain = 'month' and segment_name = '__all__' and psi_excess is not null
            order by window_start
            """,
        ),
        quality=views.rows("ml_data_quality", f"select * from {{view}} {DAY_TOTALS}", span),
        volume=views.rows("ml_volume", f"select * from {{view}} {DAY_TOTALS}", span),
        freshness=views.rows("ml_freshness", f"select * from {{view}} {DAY_TOTALS}", span),
        joins=views.rows("ml_join_cardinality", f"select * from {{view}} {DAY_TOTALS}", span),
        performance=views.rows("ml_performance", f"select * from {{view}} {DAY_TOTALS}", span),
        as_of=max(moments) if moments else None,
        since=since,
    )


# Words and numbers


def number(value: float | None, digits: int = 3) -> str:
    """A number for people: about ``digits`` significant digits, thousands apart."""
    if value is None or not math.isfinite(value):
        return NONE
    if value == 0:
        return "0"
    size = abs(value)
    if size >= 1e15 or size < 1e-4:
        return f"{value:.2e}"
    decimals = max(0, digits - 1 - math.floor(math.log10(size)))
    text = f"{value:,.{decimals}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def percent(value: float | None) -> str:
    """A share as a percentage; what is not quite 0 or 100 % does not look like it."""
    if value is None or not math.isfinite(value):
        return NONE
    if value in (0, 1):
        return f"{100 * value:.0f} %"
    for decimals in (1, 2, 3):
        text = f"{100 * value:.{decimals}f}"
        if float(text) not in (0, 100):
            break
    return f"{text} %"


def share(part: int | None, whole: int | None) -> str:
    """A rate with its counts."""
    if not whole:
        return f"{NONE} (of 0)"
    return f"{percent((part or 0) / whole)} ({part or 0:,} of {whole:,})"


def moment(value: datetime | None) -> str:
    """A time in UTC, without what is zero."""
    if value is None:
        return NONE
    midnight = (value.hour, value.minute, value.second) == (0, 0, 0)
    return f"{value:%Y-%m-%d}" if midnight else f"{value:%Y-%m-%d %H:%M}"


def span_text(first: datetime, end: datetime) -> str:
    """A half-open span in the shortest words: whole days by their dates, the last one included."""
    whole_days = first == datetime.combine(first, datetime.min.time()) and end == datetime.combine(
        end, datetime.min.time()
    )
    if whole_days:
        last = end - timedelta(days=1)
        return f"{first:%Y-%m-%d}" if last <= first else f"{first:%Y-%m-%d} to {last:%Y-%m-%d}"
    if (end - timedelta(seconds=1)).date() == first.date():
        closing = "24:00" if end.date() != first.date() else f"{end:%H:%M}"
        return f"{first:%Y-%m-%d} {first:%H:%M} to {closing}"
    return f"{first:%Y-%m-%d %H:%M} to {end:%Y-%m-%d %H:%M}"


def plural(count: int, noun: str) -> str:
    """A count with its noun."""
    return f"{count:,} {noun}" + ("" if count == 1 else "s")


def subject_text(subject: str) -> str:
    """Name of a column or join; the monitor as a whole goes by ``all rows``."""
    return {"__rows__": "all rows", "__ingest_lag_minutes__": "ingest lag (minutes)"}.get(subject, subject)


def worst(statuses: Iterable[str]) -> str:
    """The worst of some statuses."""
    return max(statuses, key=lambda status: SEVERITY.get(status, 0), default="not_evaluated")


def tag(name: str, content: str, **attributes: Any) -> str:
    """An element; ``content`` is HTML, attributes are text."""
    text = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{escape(str(value))}"' for key, value in attributes.items()
    )
    return f"<{name}{text}>{content}</{name}>"


def badge(status: str, text: str = "") -> str:
    """The mark of a status, with words for those who do not see its colour."""
    label = text or WORDS.get(status, status)
    return tag("span", f"<b>{MARKS.get(status, '?')}</b> {escape(label)}", class_=f"badge {status}")


def table(headings: list[str], rows: list[list[str]], numeric: set[int] | None = None) -> str:
    """A table; cells are HTML, headings are text."""
    numeric = numeric or set()
    head = "".join(
        tag("th", escape(text), scope="col", class_="n" if index in numeric else "")
        for index, text in enumerate(headings)
    )
    body = "".join(
        "<tr>"
        + "".join(
            tag("td", cell, class_="n" if index in numeric else "", data_label=headings[index])
            for index, cell in enumerate(row)
        )
        + "</tr>"
        for row in rows
    )
    return f'<div class="scroll"><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>'


# Findings


@dataclass
class Finding:
    """All failing and warning windows of one metric of one subject."""

    category: str
    metric: str
    subject: str
    windows: list[Row] = field(default_factory=list)

    @property
    def status(self) -> str:
        """The worst status."""
        return worst(window["status"] for window in self.windows)

    @property
    def top(self) -> Row:
        """The worst window: of the worst status, the one furthest beyond its limit."""
        return max(
            self.windows,
            key=lambda window: (SEVERITY[window["status"]], distance(window), window["check_id"]),
        )

    @property
    def spans(self) -> list[tuple[datetime, datetime, str, str, int]]:
        """Unbroken runs of windows: first, end, status, grain, count."""
        runs: list[tuple[datetime, datetime, str, str, int]] = []
        ordered = [window for window in self.windows if window["window_start"]]
        ordered.sort(key=lambda window: (window["window_grain"], window["window_start"]))
        for window in ordered:
            status, grain = window["status"], window["window_grain"]
            first, end = window["window_start"], window["window_end"]
            if runs and runs[-1][1] == first and runs[-1][2:4] == (status, grain):
                runs[-1] = (runs[-1][0], end, status, grain, runs[-1][4] + 1)
            else:
                runs.append((first, end, status, grain, 1))
        return runs

    @property
    def counts(self) -> str:
        """How many windows, by status and grain."""
        windows = Counter((window["status"], window["window_grain"]) for window in self.windows)
        parts = []
        for status in ("fail", "warn"):
            grains = {grain: count for (found, grain), count in sorted(windows.items()) if found == status}
            if grains:
                what = " and ".join(plural(count, grain) for grain, count in grains.items())
                parts.append(f"{what} {status}" + ("s" if sum(grains.values()) == 1 else ""))
        return ", ".join(parts)


def distance(row: Row) -> float:
    """How far beyond its limit a value is, relative to the limit."""
    value, threshold = row["value"], row["threshold"]
    if not threshold:
        return abs(1 if value is None else value)
    return abs((value if value is not None else threshold) - threshold) / abs(threshold)


def grouped(rows: list[Row]) -> list[Finding]:
    """Findings by category, metric and subject, worst first."""
    found: dict[tuple[str, str, str], Finding] = {}
    for row in rows:
        key = (row["category"], row["metric"], row["subject"])
        found.setdefault(key, Finding(*key)).windows.append(row)
    return sorted(
        found.values(),
        key=lambda one: (-SEVERITY[one.status], -distance(one.top), one.category, one.metric, one.subject),
    )


def plain_message(row: Row, owner: str | None) -> str:
    """The message without what the page says elsewhere: the monitor, the category and the owner."""
    message = row["message"] or ""
    prefix = f"{row['monitor']} {row['category']}: "
    suffix = f" owner {owner or 'nobody'}, docs/gates/{row['category']}.md"
    return message.removeprefix(prefix).removesuffix(suffix)


def finding_html(finding: Finding, owner: str | None) -> str:
    """One finding: its worst message, when, and every window on demand."""
    spans = finding.spans
    when = ""
    if spans:
        first, end = min(one[0] for one in spans), max(one[1] for one in spans)
        runs = f", {len(spans)} spells" if len(spans) > 1 else ""
        when = f"{finding.counts}{runs}: {span_text(first, end)}"
    windows = sorted(
        finding.windows, key=lambda row: (row["window_start"] or datetime.min, row["window_grain"])
    )
    rows = [
        [
            badge(row["status"], row["status"] + (" (as before)" if row["is_repeat"] else "")),
            escape(row["window_grain"]),
            escape(span_text(row["window_start"], row["window_end"]) if row["window_start"] else NONE),
            number(row["value"], 4),
            number(row["threshold"], 4),
            f"{row['sample_size']:,}" if row["sample_size"] is not None else NONE,
        ]
        for row in windows[:WINDOWS_SHOWN]
    ]
    rest = len(windows) - WINDOWS_SHOWN
    detail = table(["status", "window", "when (UTC)", "value", "limit", "n"], rows, {3, 4, 5})
    if rest > 0:
        detail += f'<p class="quiet">and {plural(rest, "window")} more, in ml_checks</p>'
    if len(windows) > 1:
        more = f"<details><summary>{escape(when)}</summary>{detail}</details>"
    else:
        more = f'<p class="quiet">{escape(when)}</p>' if when else ""
    return (
        f'<article class="finding {finding.status}">'
        f"<h4>{badge(finding.status)} <span>{escape(subject_text(finding.subject))}</span> "
        f"<small>{escape(finding.category)} · {escape(finding.metric)}</small></h4>"
        f"<p>{escape(plain_message(finding.top, owner))}</p>" + more + "</article>"
    )


def findings_html(rows: list[Row], owner: str | None) -> str:
    """Failing findings first, then the warnings, folded if something fails."""
    findings = grouped(rows)
    failing = [finding for finding in findings if finding.status == "fail"]
    warning = [finding for finding in findings if finding.status == "warn"]
    if not findings:
        return '<p class="good">Nothing fails and nothing warns.</p>'
    html = "".join(finding_html(finding, owner) for finding in failing)
    if warning:
        inner = "".join(finding_html(finding, owner) for finding in warning)
        if failing:
            html += (
                f'<details class="fold"><summary>{plural(len(warning), "warning")}</summary>{inner}</details>'
            )
        else:
            html += inner
    return html


@dataclass
class Episode:
    """Failing windows that are probably one thing."""

    first: datetime
    end: datetime
    rows: list[Row]

    def takes(self, row: Row) -> bool:
        """Whether a window belongs: it touches, or the same finding was there not long ago."""
        if row["window_start"] <= self.end:
            return True
        known = {(one["metric"], one["subject"]) for one in self.rows}
        return (row["metric"], row["subject"]) in known and row["window_start"] <= self.end + EPISODE_PAUSE


def episodes_html(rows: list[Row]) -> str:
    """Failing windows by time, newest first, those close together as one line: often one cause."""
    failing = [row for row in rows if row["status"] == "fail" and row["window_start"]]
    failing.sort(key=lambda row: row["window_start"])
    episodes: list[Episode] = []
    for row in failing:
        for episode in reversed(episodes):
            if episode.takes(row):
                episode.rows.append(row)
                episode.end = max(episode.end, row["window_end"])
                break
        else:
            episodes.append(Episode(row["window_start"], row["window_end"], [row]))
    if not episodes:
        return ""
    lines = []
    for episode in reversed(episodes):
        subjects: dict[tuple[str, str], list[str]] = defaultdict(list)
        for row in episode.rows:
            names = subjects[row["category"], row["metric"]]
            if row["subject"] not in names:
                names.append(row["subject"])
        what = "; ".join(
            f"<b>{escape(metric)}</b> "
            + escape(", ".join(subject_text(name) for name in names))
            + f" <small>{escape(category)}</small>"
            for (category, metric), names in subjects.items()
        )
        lines.append([escape(span_text(episode.first, episode.end)), what, f"{len(episode.rows):,}"])
    return "<h3>What failed when</h3>" + table(["when (UTC)", "what", "windows"], lines, {2})


# Charts


@dataclass
class Axis:
    """Days of a monitor, as positions from 0 to 1."""

    first: date
    last: date

    @property
    def days(self) -> int:
        """How many days."""
        return (self.last - self.first).days + 1

    def at(self, day: date) -> float:
        """The middle of a day."""
        return ((day - self.first).days + 0.5) / self.days

    def months(self) -> list[date]:
        """First days of the months that begin within."""
        found = []
        year, month = self.first.year, self.first.month
        while (start := date(year, month, 1)) <= self.last:
            if start >= self.first:
                found.append(start)
            year, month = (year + 1, 1) if month == 12 else (year, month + 1)
        return found


Points = list[tuple[date, float | None]]
WIDE, HIGH = 1000, 100


def path(points: Points, axis: Axis, scale: Callable[[float], float]) -> str:
    """Path data of a line that breaks where there is no value; a lone point becomes a dot."""
    commands: list[str] = []
    previous: date | None = None
    for day, value in points:
        if value is None or not math.isfinite(value):
            previous = None
            continue
        here = f"{axis.at(day) * WIDE:.1f} {scale(value):.1f}"
        if previous is not None and (day - previous).days == 1:
            commands.append(f"L{here}")
        else:
            commands.append(f"M{here}h.01")
        previous = day
    return "".join(commands)


def band_path(band: list[tuple[date, float, float]], axis: Axis, scale: Callable[[float], float]) -> str:
    """Path data of the area between two lines, broken where days are missing."""
    runs: list[list[tuple[date, float, float]]] = []
    for one in band:
        if runs and (one[0] - runs[-1][-1][0]).days == 1:
            runs[-1].append(one)
        else:
            runs.append([one])
    text = ""
    for run in runs:
        upper = [f"{axis.at(day) * WIDE:.1f} {scale(high):.1f}" for day, _, high in run]
        lower = [f"{axis.at(day) * WIDE:.1f} {scale(low):.1f}" for day, low, _ in reversed(run)]
        text += f"M{'L'.join(upper + lower)}Z"
    return text


@dataclass
class Chart:
    """A small chart: lines, a limit, a band, and marks on days with a finding."""

    title: str
    lines: list[Points]
    note: str = ""
    limits: list[Points] = field(default_factory=list)
    band: list[tuple[date, float, float]] = field(default_factory=list)
    flags: list[tuple[date, str, str]] = field(default_factory=list)
    from_zero: bool = True
    form: Callable[[float | None], str] = number
    top: float | None = None

    def html(self, axis: Axis) -> str:
        """The chart as a figure."""
        values = [
            value for line in self.lines for _, value in line if value is not None and math.isfinite(value)
        ]
        if not values:
            return ""
        limits = [value for line in self.limits for _, value in line if value is not None]
        low, high = min(values), max(values)
        edges = sorted([edge for _, *pair in self.band for edge in pair])
        if edges:
            low, high = min(low, edges[len(edges) // 20]), max(high, edges[-len(edges) // 20 - 1])
        if limits and (limits_top := max(limits)) <= 4 * max(high, 1e-12):
            high = max(high, limits_top)
        if self.from_zero:
            low = min(low, 0)
        if self.top is not None:
            high = max(high, self.top)
        room = (high - low) or abs(high) or 1
        low, high = low - (0.04 if low < 0 or not self.from_zero else 0) * room, high + 0.08 * room

        def scale(value: float) -> float:
            return HIGH * (1 - (min(max(value, low), high) - low) / (high - low))

        shapes = "".join(
            f'<path class="month" d="M{(axis.at(month) - 0.5 / axis.days) * WIDE:.1f} 0V{HIGH}"/>'
            for month in axis.months()
        )
        if self.band:
            shapes += f'<path class="band" d="{band_path(self.band, axis, scale)}"/>'
        for line in self.limits:
            visible = [point for point in line if point[1] is None or point[1] <= high]
            shapes += f'<path class="limit" d="{path(visible, axis, scale)}"/>'
        shapes += "".join(f'<path class="line" d="{path(line, axis, scale)}"/>' for line in self.lines)
        by_day: dict[date, list[float]] = defaultdict(list)
        for line in self.lines:
            for day, value in line:
                if value is not None and math.isfinite(value):
                    by_day[day].append(value)
        for day, status, text in sorted(self.flags, key=lambda flag: SEVERITY[flag[1]]):
            if not axis.first <= day <= axis.last:
                continue
            at = scale(max(by_day.get(day, [low]), key=abs))
            shapes += (
                f'<path class="flag {status}" d="M{axis.at(day) * WIDE:.1f} {at:.1f}h.01">'
                f"<title>{escape(f'{day} {status}: {text}')}</title></path>"
            )
        bounds = f"{self.form(min(values))} to {self.form(max(values))}"
        return (
            f"<figure><figcaption><b>{escape(self.title)}</b> "
            f"<span>{escape(bounds)}</span></figcaption>"
            f'<svg class="spark" viewBox="0 0 {WIDE} {HIGH}" preserveAspectRatio="none" role="img" '
            f'aria-label="{escape(f"{self.title}, by day, {bounds}")}">{shapes}</svg>'
            + (f'<p class="note">{escape(self.note)}</p>' if self.note else "")
            + "</figure>"
        )


def series(rows: list[Row], name: str) -> Points:
    """One value by day."""
    return [(row["window_start"].date(), row[name]) for row in rows]


def calendar_html(rows: list[Row], findings: list[Row], axis: Axis) -> str:
    """Days by categories, coloured by the worst status; not every day that passes has a shape of its own."""
    by_cell: dict[tuple[str, date], dict[str, int]] = defaultdict(dict)
    for row in rows:
        by_cell[row["category"], row["day"]][row["status"]] = row["checks"]
    causes: dict[tuple[str, date], Counter[str]] = defaultdict(Counter)
    for row in findings:
        if row["window_start"] and row["window_grain"] in ("hour", "day"):
            what = f"{subject_text(row['subject'])} {row['metric']}"
            causes[row["category"], row["window_start"].date()][what] += 1
    present = {row["category"] for row in rows}
    categories = [category for category in CATEGORIES if category in present]
    categories += sorted(present - set(categories))
    left, step, bar = 12.5, 24, 18
    width = 100 - left
    shapes = ""
    for index, category in enumerate(categories):
        y = index * step
        shapes += f'<text x="0" y="{y + 13}">{escape(category)}</text>'
        run: tuple[date, date, str, str] | None = None
        cells: list[tuple[date, date, str, str]] = []
        for offset in range(axis.days):
            day = axis.first + timedelta(days=offset)
            counts = by_cell.get((category, day))
            if not counts:
                run = None
                continue
            status = worst(counts)
            text = ""
            if status in ("fail", "warn"):
                named = causes[category, day].most_common(5)
                text = ", ".join(f"{what} ({count})" if count > 1 else what for what, count in named)
                total = sum(counts.values())
                text = f"{counts[status]:,} of {total:,} checks: {text}"
                cells.append((day, day, status, text))
                run = None
            elif run and run[2] == status:
                run = (run[0], day, status, "")
                cells[-1] = run
            else:
                run = (day, day, status, "")
                cells.append(run)
        for first, last, status, text in cells:
            days = (last - first).days + 1
            x = left + width * (first - axis.first).days / axis.days
            when = f"{first}" if first == last else f"{first} to {last}"
            height, top = {"fail": (bar, 0), "warn": (bar * 0.66, bar * 0.34)}.get(
                status, (bar * 0.3, bar * 0.7)
            )
            least = 0.35 if status in ("fail", "warn") else 0
            title = f"{category}, {when}: {status.replace('_', ' ')}" + (f", {text}" if text else "")
            shapes += (
                f'<rect class="{status}" x="{x:.3f}%" width="{max(width * days / axis.days, least):.3f}%" '
                f'y="{y + top:.1f}" height="{height:.1f}"><title>{escape(title)}</title></rect>'
            )
    base = len(categories) * step
    months = axis.months()
    every = max(1, math.ceil(len(months) / 12))
    for index, month in enumerate(months):
        x = left + width * (month - axis.first).days / axis.days
        shapes += f'<line class="month" x1="{x:.3f}%" x2="{x:.3f}%" y1="0" y2="{base}"/>'
        if index % every == 0:
            label = f"{month:%b %Y}" if index == 0 or month.month == 1 else f"{month:%b}"
            shapes += f'<text class="tick" x="{x + 0.3:.3f}%" y="{base + 10}">{label}</text>'
    if not months:
        shapes += f'<text class="tick" x="{left}%" y="{base + 10}">{axis.first}</text>'
    if len(months) <= 1:
        shapes += f'<text class="tick" x="100%" text-anchor="end" y="{base + 10}">{axis.last}</text>'
    legend = " ".join(
        f'<span><i class="key {status}"></i>{text}</span>'
        for status, text in (
            ("fail", "fails"),
            ("warn", "warns"),
            ("pass", "passes"),
            ("not_evaluated", "not evaluated"),
        )
    )
    return (
        f'<div class="scroll"><svg class="calendar" height="{base + 16}" role="img" '
        f'aria-label="Worst status by day and category">{shapes}</svg></div>'
        f'<p class="legend">{legend} <span>worst of the hours and the day; months are not drawn</span></p>'
    )


# Sections of a monitor


Flags = dict[tuple[str, str], list[Row]]


def flags(findings: Flags, subject: str, metrics: list[str]) -> list[tuple[date, str, str]]:
    """Days with a finding on a subject: the worst status, and its value and limit."""
    by_day: dict[date, list[Row]] = defaultdict(list)
    for metric in metrics:
        for row in findings.get((metric, subject), []):
            by_day[row["window_start"].date()].append(row)
    result = []
    for day, rows in by_day.items():
        top = max(rows, key=lambda row: (SEVERITY[row["status"]], distance(row)))
        hours = f", {len(rows)} hours" if len(rows) > 1 else ""
        text = (
            f"{top['metric']} {number(top['value'])}, limit {number(top['threshold'])}, "
            f"n {top['sample_size'] or 0:,}{hours}"
        )
        result.append((day, top["status"], text))
    return result


def column_charts(column: str, drift: list[Row], quality: list[Row], findings: Flags) -> list[Chart]:
    """Drift, mean, nulls, and whatever else of the column ever had a finding."""
    versions = list(dict.fromkeys(row["model_version"] for row in drift))
    by_version = [[row for row in drift if row["model_version"] == version] for version in versions]
    last = next((row for row in reversed(drift) if row["psi_excess"] is not None), None)
    variable = any(row["psi_reason"] == "too_variable" for row in drift)
    psi_note = ""
    if last:
        against = f"n {last['current_rows']:,} against {last['reference_rows']:,}"
        psi_note = f"{last['window_start']:%Y-%m-%d}: {number(last['psi_excess'])}, {against}; "
        if last["psi_reason"] == "too_variable":
            psi_note += f"too variable for PSI (needs {number(last['min_detectable'])}), its mean is judged"
        else:
            psi_note += f"detected above {number(last['min_detectable'])}"
    charts = [
        Chart(
            title="PSI excess",
            lines=[series(rows, "psi_excess") for rows in by_version],
            limits=[] if variable else [series(rows, "min_detectable") for rows in by_version],
            flags=flags(findings, column, ["psi", "output_psi"]),
            note=psi_note,
        )
    ]
    if drift and drift[0]["column_kind"] == "numeric":
        charted = [
            row
            for row in drift
            if row["chart_reason"] is None
            and row["chart_center"] is not None
            and row["chart_scale"] is not None
        ]
        last = next((row for row in reversed(drift) if row["current_mean"] is not None), None)
        note = ""
        if last:
            note = f"{last['window_start']:%Y-%m-%d}: {number(last['current_mean'], 4)}"
            if last["chart_reason"] is None and last["chart_center"] is not None:
                reach = CHART_SPREADS * last["chart_scale"]
                note += f", expected {number(last['chart_center'], 4)} ± {number(reach)}"
            else:
                note += f", baseline {number(last['reference_mean'], 4)}"
            note += f", n {last['current_rows']:,}"
        charts.append(
            Chart(
                title="Mean",
                lines=[series(rows, "current_mean") for rows in by_version],
                limits=[] if charted else [series(rows, "reference_mean") for rows in by_version],
                band=[
                    (
                        row["window_start"].date(),
                        row["chart_center"] - CHART_SPREADS * row["chart_scale"],
                        row["chart_center"] + CHART_SPREADS * row["chart_scale"],
                    )
                    for row in charted
                ],
                flags=flags(findings, column, ["mean_shift_sd", "output_mean_shift_sd"]),
                from_zero=False,
                note=note,
            )
        )
    rates = [("null", "Nulls", ["null_rate", "null_share_change"], True)]
    rates += [("invalid", "Outside the declared range", ["invalid_rate"], False)]
    rates += [("zero", "Zeros", ["zero_share_change"], False)]
    rates += [("default", "Default values", ["default_share_change"], False)]
    for name, title, metrics, always in rates:
        marks = flags(findings, column, metrics)
        if not quality or not (always or marks):
            continue
        top = max(quality, key=lambda row: (row[f"{name}_rate"] or 0, row["window_start"]))
        last = quality[-1]
        note = f"{last['window_start']:%Y-%m-%d}: {share(last[f'{name}_count'], last['row_count'])}"
        if top is not last and top[f"{name}_count"]:
            note += (
                f"; most {share(top[f'{name}_count'], top['row_count'])} on {top['window_start']:%Y-%m-%d}"
            )
        charts.append(
            Chart(
                title=title,
                lines=[series(quality, f"{name}_rate")],
                flags=marks,
                note=note,
                form=percent,
                top=0.01,
            )
        )
    return charts


def columns_html(data: Data, monitor: str, findings: Flags, axis: Axis) -> str:
    """One block per monitored column, those with findings first."""
    drift: dict[str, list[Row]] = defaultdict(list)
    quality: dict[str, list[Row]] = defaultdict(list)
    months: dict[str, list[Row]] = defaultdict(list)
    for rows, target in ((data.drift, drift), (data.quality, quality), (data.months, months)):
        for row in rows:
            if row["monitor"] == monitor:
                target[row["column_name"]].append(row)
    statuses: dict[str, str] = {}
    for (metric, subject), rows in findings.items():
        if subject in drift and not metric.startswith("join_"):
            statuses[subject] = worst([*(row["status"] for row in rows), statuses.get(subject, "pass")])
    roles = ["feature", "score", "prediction", "latency_ms", "ingest_lag"]

    def order(column: str) -> tuple[int, int, str]:
        role = drift[column][0]["column_role"]
        return (
            -SEVERITY[statuses.get(column, "pass")],
            roles.index(role) if role in roles else len(roles),
            column,
        )

    blocks = ""
    for column in sorted(drift, key=order):
        row = drift[column][0]
        kind = (
            row["column_kind"]
            if row["column_role"] == "feature"
            else f"{row['column_role']}, {row['column_kind']}"
        )
        if row["column_role"] in ("latency_ms", "ingest_lag"):
            kind = "numeric, not gated"
        status = statuses.get(column, "pass")
        text = {"fail": "failed", "warn": "warned", "pass": "no finding"}[status]
        season = ""
        if months[column]:
            top = max(months[column], key=lambda one: one["psi_excess"])
            counts = f"n {top['current_rows']:,} against {top['reference_rows']:,}"
            season = (
                f'<p class="note">Against the training set: PSI excess up to {number(top["psi_excess"])} '
                f"in {top['window_start']:%B %Y} ({counts})</p>"
            )
        charts = "".join(
            chart.html(axis) for chart in column_charts(column, drift[column], quality[column], findings)
        )
        blocks += (
            f'<section class="column"><header><h4>{escape(subject_text(column))}</h4>'
            f'<p class="quiet">{escape(kind)}</p>{badge(status, text)}{season}</header>'
            f'<div class="charts">{charts}</div></section>'
        )
    if not blocks:
        return ""
    return (
        f"<h3>Columns</h3><p class='quiet'>By day, {axis.first} to {axis.last}; upright lines are months. "
        "Dashed: the least that is told from noise (PSI), the baseline (mean). Shaded, for columns too "
        "variable for PSI: 5 spreads around the median of the 28 days before. Marks: days that failed or "
        "warned; point at one for its value.</p>" + blocks
    )


def traffic_html(data: Data, monitor: str, findings: Flags, axis: Axis) -> str:
    """How many rows came, how late, what became of them, and whether the joins held."""
    volume = [row for row in data.volume if row["monitor"] == monitor]
    freshness = [row for row in data.freshness if row["monitor"] == monitor]
    charts: list[Chart] = []
    if volume:
        last = volume[-1]
        total = sum(row["current_rows"] for row in volume)
        charts.append(
            Chart(
                title="Rows",
                lines=[series(volume, "current_rows")],
                limits=[series(volume, "expected_rows")],
                flags=flags(findings, "__rows__", ["volume_ratio"]),
                note=f"{last['window_start']:%Y-%m-%d}: {last['current_rows']:,}, "
                f"expected {number(last['expected_rows'])}; {total:,} in all",
            )
        )
        unreconciled = sum(row["unreconciled_rows"] or 0 for row in volume)
        for name, title, metric, whole in (
            ("duplicate", "Duplicates", "duplicate_rate", "logged_rows"),
            ("quarantined", "Quarantined", "quarantine_rate", "logged_rows"),
            ("error", "Errors", "error_rate", "current_rows"),
        ):
            part = f"{name}_rows"
            note = share(sum(row[part] for row in volume), sum(row[whole] for row in volume)) + " in all"
            top = max(volume, key=lambda row: (row[metric] or 0, row["window_start"]))
            if top[part]:
                note += f"; most {share(top[part], top[whole])} on {top['window_start']:%Y-%m-%d}"
            marks = flags(
                findings, "__rows__", [metric] + (["unreconciled_rows"] if name == "quarantined" else [])
            )
            if name == "quarantined":
                note += f"; {unreconciled:,} unreconciled"
            charts.append(Chart(title, [series(volume, metric)], note, flags=marks, form=percent, top=0.01))
    if freshness:
        late = sum(row["late_rows"] for row in freshness)
        rows = sum(row["current_rows"] for row in freshness)
        top = max(freshness, key=lambda row: (row["late_share"] or 0, row["window_start"]))
        note = share(late, rows) + " in all"
        if top["late_rows"]:
            note += f"; most {share(top['late_rows'], top['current_rows'])} on {top['window_start']:%Y-%m-%d}"
        marks = flags(findings, "__rows__", ["late_share"])
        charts.append(
            Chart("Late", [series(freshness, "late_share")], note, flags=marks, form=percent, top=0.01)
        )
        for name, title, metrics in (
            ("ingest_lag_p95_minutes", "Ingest lag, p95 (minutes)", ["ingest_lag_p95_minutes"]),
            (
                "longest_gap_hours",
                "Longest gap (hours)",
                ["longest_gap_hours", "event_age_minutes", "ingest_age_minutes"],
            ),
        ):
            last = freshness[-1]
            note = f"{last['window_start']:%Y-%m-%d}: {number(last[name])}, n {last['current_rows']:,}"
            marks = flags(findings, "__rows__", metrics)
            charts.append(Chart(title, [series(freshness, name)], note, flags=marks))
    joins: dict[str, list[Row]] = defaultdict(list)
    for row in data.joins:
        if row["monitor"] == monitor:
            joins[row["join_name"]].append(row)
    for join, rows in sorted(joins.items()):
        before, after = sum(row["rows_before"] for row in rows), sum(row["rows_after"] for row in rows)
        note = share(sum(row["matched_rows"] for row in rows), before) + " in all"
        note += f"; {after - before:,} rows added" if after > before else "; adds no rows"
        known = [row for row in rows if row["match_rate"] is not None]
        if known:
            top = min(known, key=lambda row: row["match_rate"])
            note += (
                f"; least {share(top['matched_rows'], top['rows_before'])} on {top['window_start']:%Y-%m-%d}"
            )
        marks = flags(findings, join, ["join_match_rate", "join_fan_out"])
        charts.append(
            Chart(
                f"{join}: match rate",
                [series(rows, "match_rate")],
                note,
                flags=marks,
                form=percent,
                from_zero=False,
            )
        )
    html = "".join(chart.html(axis) for chart in charts)
    return f'<h3>Rows, arrival and joins</h3><div class="charts">{html}</div>' if html else ""


def ratio(part: float, whole: float) -> float | None:
    """A ratio, None for nothing."""
    return part / whole if whole else None


def total(days: list[Row], name: str) -> int:
    """The sum of a count over days; a day without labels has none."""
    return sum(row[name] or 0 for row in days)


def counted(part: int, whole: int) -> str:
    """A rate with its counts, as a cell of a table."""
    return f"{percent(ratio(part, whole))} <small>{part:,} of {whole:,}</small>"


def performance_html(data: Data, monitor: str, task: str) -> str:
    """Performance by month, each a sum of its days."""
    rows = [row for row in data.performance if row["monitor"] == monitor]
    totals = [row for row in rows if row["model_version"] == "__all__"]
    versions: dict[str, list[str]] = defaultdict(list)
    months: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        month = f"{row['window_start']:%Y-%m}"
        if row["model_version"] == "__all__":
            months[month].append(row)
        elif row["model_version"] not in ("__none__", *versions[month]) and row["predicted_rows"]:
            versions[month].append(row["model_version"])
    if not totals:
        return ""
    with_versions = any(versions.values())
    headings = ["month", *(["versions"] if with_versions else []), "predictions", "with a label"]
    if task == "regression":
        headings += ["MAE", "RMSE", "bias"]
    else:
        headings += ["accuracy"]
        if task == "binary":
            headings += ["precision", "recall", "F1"]
    lines = []
    immature_days = 0
    for month, days in sorted(months.items()):
        predicted, labelled = total(days, "predicted_rows"), total(days, "labelled_rows")
        immature = sum(not row["is_mature"] for row in days)
        immature_days += immature
        line = [escape(month) + (f" <small>{immature} d immature</small>" if immature else "")]
        if with_versions:
            line.append(escape(", ".join(sorted(versions[month]))))
        line += [f"{predicted:,}", f"{percent(ratio(labelled, predicted))} <small>{labelled:,}</small>"]
        known = [row for row in days if row["labelled_rows"]]
        if task == "regression":
            mae = ratio(sum(row["mae"] * row["labelled_rows"] for row in known), labelled)
            square = ratio(sum(row["rmse"] ** 2 * row["labelled_rows"] for row in known), labelled)
            bias = ratio(sum(row["bias"] * row["labelled_rows"] for row in known), labelled)
            line += [number(mae), number(math.sqrt(square)) if square is not None else NONE, number(bias)]
        else:
            line.append(counted(total(known, "correct_rows"), labelled))
        if task == "binary":
            hits, predicted_positive, positive = (
                total(known, f"{name}_rows") for name in ("true_positive", "predicted_positive", "positive")
            )
            line += [counted(hits, predicted_positive), counted(hits, positive)]
            line.append(number(ratio(2 * hits, predicted_positive + positive)))
        lines.append(line)
    notes = ["By month of the prediction."]
    if task == "regression":
        notes.append("In the unit of the label; bias is prediction minus label.")
    if immature_days:
        notes.append("Immature days still wait for labels, and those that came first are not like the rest.")
    numeric = set(range(2 if with_versions else 1, len(headings)))
    return f'<h3>Performance</h3><p class="quiet">{" ".join(notes)}</p>' + table(headings, lines, numeric)


def not_evaluated_html(rows: list[Row]) -> str:
    """What could not be judged, and why."""
    if not rows:
        return ""
    lines = []
    for row in rows:
        subjects = [subject_text(name) for name in row["subjects"]]
        shown = ", ".join(subjects[:6]) + (f" and {len(subjects) - 6} more" if len(subjects) > 6 else "")
        reason = row["reason"] or "no reason given"
        where = f"{row['category']}, {row['grains'] or ''}"
        lines.append(
            [
                f"<b>{escape(reason)}</b><br><small>{escape(REASONS.get(reason, ''))}</small>",
                f"{escape(row['metric'])} <small>{escape(where)}</small>",
                escape(shown),
                f"{row['checks']:,}",
                escape(span_text(row["first"], row["last"]) if row["first"] else NONE),
            ]
        )
    total = sum(row["checks"] for row in rows)
    inner = table(["reason", "metric", "of", "checks", "between (UTC)"], lines, {3})
    return (
        f'<h3>Not evaluated</h3><details class="fold"><summary>{plural(total, "check")} could not be judged; '
        f"that is not a pass</summary>{inner}</details>"
    )


def gate_verdicts(data: Data, monitor: str) -> dict[str, tuple[str, dict[str, int], int]]:
    """Per category the verdict of its gate test, the checks by status, and how many warnings are new."""
    counts: dict[str, dict[str, int]] = defaultdict(dict)
    new: Counter[str] = Counter()
    for row in data.gates:
        if row["monitor"] == monitor:
            counts[row["category"]][row["status"]] = row["checks"]
            new[row["category"]] += row["new"] if row["status"] == "warn" else 0
    result = {}
    for category in [*CATEGORIES, *sorted(set(counts) - set(CATEGORIES))]:
        if category in counts:
            found = counts[category]
            verdict = "fail" if "fail" in found else "warn" if new[category] else "pass"
            result[category] = (verdict, found, new[category])
    return result


def gates_html(verdicts: dict[str, tuple[str, dict[str, int], int]]) -> str:
    """The gates of a monitor, one tile per category."""
    tiles = ""
    for category, (verdict, counts, new) in verdicts.items():
        lines = []
        if counts.get("fail"):
            lines.append(f"<b>{counts['fail']:,} fail</b>")
        if counts.get("warn"):
            lines.append(f"{counts['warn']:,} warn" + (f", {new:,} new" if new != counts["warn"] else ""))
        lines.append(f"{counts.get('pass', 0):,} pass")
        if counts.get("not_evaluated"):
            lines.append(f"{counts['not_evaluated']:,} not evaluated")
        tiles += (
            f'<li class="{verdict}"><h4>{escape(category)}</h4><p>{badge(verdict)}</p>'
            f"<p>{'<br>'.join(lines)}</p></li>"
        )
    return f'<ul class="gates">{tiles}</ul>' if tiles else '<p class="quiet">No gate was built.</p>'


def sentence(verdicts: dict[str, tuple[str, dict[str, int], int]]) -> tuple[str, str]:
    """The verdict of a monitor: its status, and in words."""
    if not verdicts:
        return "not_evaluated", "no gate was built"
    failing = [category for category, (verdict, _, _) in verdicts.items() if verdict == "fail"]
    warning = [category for category, (verdict, _, _) in verdicts.items() if verdict == "warn"]
    if failing:
        text = f"{len(failing)} of {len(verdicts)} gates fail: {', '.join(failing)}"
        return "fail", text + (f"; {', '.join(warning)} warns" if warning else "")
    if warning:
        return "warn", f"no gate fails; {', '.join(warning)} warns"
    return "pass", f"all {len(verdicts)} gates pass"


def monitor_html(data: Data, monitor: Row) -> str:
    """The section of one monitor."""
    name, owner = monitor["monitor"], monitor["owner"]
    mine = [row for row in data.findings if row["monitor"] == name]
    in_scope = {row["check_id"] for row in mine}
    history = [row for row in data.earlier if row["monitor"] == name]
    earlier = [row for row in history if row["check_id"] not in in_scope]
    by_subject: Flags = defaultdict(list)
    for row in history:
        if row["window_grain"] in ("hour", "day"):
            by_subject[row["metric"], row["subject"]].append(row)
    verdicts = gate_verdicts(data, name)
    status, text = sentence(verdicts)
    scope = data.scopes.get(name)
    facts = [f"owner <b>{escape(owner or 'nobody')}</b>", escape(monitor["task"] or "")]
    if scope and scope["first"]:
        facts.append(f"windows that ended {moment(scope['first'])} to {moment(scope['last'])} UTC are judged")
    facts.append(f"days are UTC, local time is {escape(monitor['time_zone'] or 'UTC')}")
    days = [row for row in data.days if row["monitor"] == name]
    html = (
        f'<section class="monitor" id="{escape(name)}"><h2>{escape(name)}</h2>'
        f'<p class="verdict {status}">{badge(status, text)}</p><p class="quiet">{" · ".join(facts)}</p>'
        f"{gates_html(verdicts)}<h3>Findings</h3>{findings_html(mine, owner)}"
    )
    if earlier:
        count = plural(len(grouped(earlier)), "finding")
        html += (
            f'<details class="fold"><summary>{count} from before the gates look</summary>'
            f"{findings_html(earlier, owner)}</details>"
        )
    if days:
        axis = Axis(min(row["day"] for row in days), max(row["day"] for row in days))
        html += f"<h3>Calendar</h3>{calendar_html(days, history, axis)}{episodes_html(history)}"
        html += columns_html(data, name, by_subject, axis)
        html += traffic_html(data, name, by_subject, axis)
    html += performance_html(data, name, monitor["task"])
    html += not_evaluated_html([row for row in data.not_evaluated if row["monitor"] == name])
    return html + "</section>"


STYLE = """
:root { color-scheme: light dark;
  --paper: #fbfaf7; --card: #ffffff; --ink: #23272e; --quiet: #626a73; --rule: #e3e0d9; --line: #3c5a7a;
  --fail: #b3261e; --fail-soft: #fbeceb; --warn: #a86400; --warn-soft: #fcf3e3; --pass: #4b7a5e;
  --pass-soft: #edf4ef; --none: #9aa1a8; --none-soft: #f0f0ee; --band: #3c5a7a22; }
@media (prefers-color-scheme: dark) { :root {
  --paper: #15181c; --card: #1c2025; --ink: #e2e5e9; --quiet: #98a1ab; --rule: #30363d; --line: #8fb4dc;
  --fail: #f2857d; --fail-soft: #3a1f1f; --warn: #e3ab55; --warn-soft: #352a17; --pass: #84b898;
  --pass-soft: #1d2b23; --none: #6b737c; --none-soft: #262a2f; --band: #8fb4dc2b; } }
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; }
body { margin: 0; background: var(--paper); color: var(--ink);
  font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "DejaVu Sans", sans-serif;
  font-variant-numeric: tabular-nums; overflow-wrap: anywhere; }
main { max-width: 72rem; margin: 0 auto; padding: 2rem 1.25rem 4rem; }
h1 { font-size: 1.5rem; line-height: 1.25; margin: 0 0 .25rem; letter-spacing: -.01em; }
h2 { font-size: 1.375rem; margin: 0 0 .5rem; letter-spacing: -.01em; }
h3 { font-size: 1.0625rem; margin: 2.25rem 0 .5rem; }
h4 { font-size: 1rem; margin: 0; }
p { margin: .25rem 0; }
small { font-size: .8125rem; color: var(--quiet); font-weight: 400; }
a { color: inherit; text-underline-offset: .2em; }
.quiet, .legend { color: var(--quiet); font-size: .875rem; }
.monitor { border-top: 1px solid var(--rule); margin-top: 2.5rem; padding-top: 2rem; }
.overview { list-style: none; margin: 1.25rem 0 0; padding: 0; display: grid; gap: .5rem; }
.overview li { background: var(--card); border: 1px solid var(--rule); border-left: 4px solid var(--none);
  border-radius: 6px; padding: .625rem .875rem; }
.overview .fail { border-left-color: var(--fail); } .overview .warn { border-left-color: var(--warn); }
.overview .pass { border-left-color: var(--pass); }
.badge { color: var(--none); white-space: nowrap; } .badge b { font-weight: 700; }
.badge.fail { color: var(--fail); } .badge.warn { color: var(--warn); } .badge.pass { color: var(--pass); }
.verdict { font-size: 1.0625rem; font-weight: 600; }
.verdict .badge, .overview .badge { white-space: normal; }
.gates { list-style: none; margin: 1rem 0 0; padding: 0; display: grid; gap: .5rem;
  grid-template-columns: repeat(auto-fit, minmax(9.5rem, 1fr)); }
.gates li { background: var(--card); border: 1px solid var(--rule); border-top: 3px solid var(--none);
  border-radius: 6px; padding: .5rem .75rem .625rem; font-size: .875rem; color: var(--quiet); }
.gates .fail { border-top-color: var(--fail); } .gates .warn { border-top-color: var(--warn); }
.gates .pass { border-top-color: var(--pass); } .gates li b { color: var(--fail); }
.gates h4 { font-size: .9375rem; color: var(--ink); } .gates li .badge b { color: inherit; }
.finding { background: var(--card); border: 1px solid var(--rule); border-left: 4px solid var(--none);
  border-radius: 6px; padding: .625rem .875rem; margin: .5rem 0; }
.finding.fail { border-left-color: var(--fail); } .finding.warn { border-left-color: var(--warn); }
.finding h4 { display: flex; flex-wrap: wrap; gap: 0 .625rem; align-items: baseline; }
.finding h4 .badge { font-size: .875rem; font-weight: 500; }
.good { color: var(--pass); }
summary { cursor: pointer; color: var(--quiet); font-size: .875rem; padding: .25rem 0; }
.fold > summary { font-size: .9375rem; color: var(--ink); }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: .875rem; margin: .25rem 0; }
th { text-align: left; font-weight: 600; color: var(--quiet); padding: .375rem .75rem .375rem 0;
  border-bottom: 1px solid var(--rule); white-space: nowrap; }
td { padding: .375rem .75rem .375rem 0; border-bottom: 1px solid var(--rule); vertical-align: top; }
.n { text-align: right; white-space: nowrap; }
th:last-child, td:last-child { padding-right: 0; }
.calendar { width: 100%; min-width: 44rem; display: block; }
.calendar text { font-size: 12px; fill: var(--ink); } .calendar .tick { font-size: 11px; fill: var(--quiet); }
.calendar .month { stroke: var(--rule); }
rect.fail, i.fail { fill: var(--fail); background: var(--fail); }
rect.warn, i.warn { fill: var(--warn); background: var(--warn); }
rect.pass, i.pass { fill: var(--pass); background: var(--pass); opacity: .45; }
rect.not_evaluated, i.not_evaluated { fill: var(--none); background: var(--none); opacity: .35; }
.legend { display: flex; flex-wrap: wrap; gap: .25rem 1rem; }
.key { display: inline-block; width: .75rem; height: .75rem; border-radius: 2px; margin-right: .375rem; }
.column { display: grid; grid-template-columns: 11rem minmax(0, 1fr); gap: .5rem 1.25rem;
  border-top: 1px solid var(--rule); padding: .875rem 0; }
.column header > * { margin: 0 0 .125rem; } .column .badge { font-size: .875rem; }
.charts { display: grid; grid-template-columns: repeat(auto-fill, minmax(15rem, 1fr)); gap: .875rem 1.25rem; }
figure { margin: 0; min-width: 0; }
figcaption { display: flex; justify-content: space-between; gap: .5rem; font-size: .8125rem; }
figcaption b { font-weight: 600; } figcaption span { color: var(--quiet); text-align: right; }
.note { font-size: .75rem; line-height: 1.4; color: var(--quiet); }
.spark { width: 100%; height: 3.25rem; display: block; border-bottom: 1px solid var(--rule);
  overflow: visible; }
.spark path { fill: none; vector-effect: non-scaling-stroke; stroke-linejoin: round; stroke-linecap: round; }
.spark .month { stroke: var(--rule); stroke-width: 1; }
.spark .line { stroke: var(--line); stroke-width: 1.25; }
.spark .limit { stroke: var(--quiet); stroke-width: 1; stroke-dasharray: 3 3; stroke-linecap: butt; }
.spark .band { fill: var(--band); stroke: none; }
.spark .flag { stroke-width: 6; }
.spark .flag.fail { stroke: var(--fail); } .spark .flag.warn { stroke: var(--warn); }
footer { margin-top: 3rem; border-top: 1px solid var(--rule); padding-top: 1rem; }
@media (max-width: 40rem) {
  main { padding: 1.25rem .875rem 3rem; }
  .column { grid-template-columns: minmax(0, 1fr); }
  .gates { grid-template-columns: repeat(2, minmax(0, 1fr)); }
}
@media print { body { font-size: 12px; } .finding, .column, figure { break-inside: avoid; } }
"""


def urgency(data: Data, monitor: str) -> tuple[int, int, str]:
    """Order of monitors: most failing gates first, then most warning ones."""
    verdicts = Counter(verdict for verdict, _, _ in gate_verdicts(data, monitor).values())
    return -verdicts["fail"], -verdicts["warn"], monitor


def page(data: Data, database: str) -> str:
    """The whole page."""
    items = ""
    failing = 0
    monitors = sorted(data.monitors, key=lambda monitor: urgency(data, monitor["monitor"]))
    for monitor in monitors:
        status, text = sentence(gate_verdicts(data, monitor["monitor"]))
        failing += status == "fail"
        name = escape(monitor["monitor"])
        items += (
            f'<li class="{status}"><b><a href="#{name}">{name}</a></b> {badge(status, text)}'
            f"<br><small>owner {escape(monitor['owner'] or 'nobody')}</small></li>"
        )
    count = len(data.monitors)
    if not count:
        title = "No monitor is declared"
    elif failing:
        title = f"{failing} of {plural(count, 'monitor')} {'fails' if failing == 1 else 'fail'}"
    else:
        title = "No monitor fails"
    now = datetime.now(UTC)
    sections = "".join(monitor_html(data, monitor) for monitor in monitors)
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{escape(title)} · ml_monitor</title>
<style>{STYLE}</style>
</head>
<body><main>
<header><h1>{escape(title)}</h1>
<p class="quiet">As of {escape(moment(data.as_of))} UTC, from {escape(database)},
written {now:%Y-%m-%d %H:%M} UTC.</p>
<ul class="overview">{items}</ul></header>
{sections}
<footer class="quiet"><p>Verdicts are those of the gates (ml_gates): a gate fails if a check fails, and
warns if a check newly warns; a warning that goes on is not repeated. What to do about a finding is in
docs/gates, by category. To go on from here: ml_checks has every check with its value, limit and sample size;
analyses/ has ready SQL, such as the rows behind a finding and the drift of one column by day.</p></footer>
</main></body>
</html>
"""


def main() -> int:
    """Write the page; returns the exit status."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--database", type=Path, required=True, help="DuckDB file that dbt built")
    parser.add_argument("--out", type=Path, default=ROOT / "build" / "report.html", help="file to write")
    parser.add_argument("--schema", default="main", help="schema of the ml_* views")
    parser.add_argument(
        "--days", type=int, default=366, help="how far back charts reach from the newest window"
    )
    arguments = parser.parse_args()
    if not arguments.database.is_file():
        print(f"report: {arguments.database} does not exist; build it first (dbt build)", file=sys.stderr)
        return 1
    views = Views(arguments.database, arguments.schema)
    missing = [name for name in REQUIRED_VIEWS if name not in views.names]
    if missing:
        print(
            f"report: no {', '.join(missing)} in schema {arguments.schema} of {arguments.database}; "
            "build the fleet views first (dbt build)",
            file=sys.stderr,
        )
        return 1
    html = page(read(views, arguments.days), arguments.database.name)
    arguments.out.parent.mkdir(parents=True, exist_ok=True)
    arguments.out.write_text(html, encoding="utf-8")
    print(arguments.out)
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""The content of the report: plain lists and dicts, ready for JSON, read from the fleet views monitor by monitor."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from report_page.sources import Row, Source
from report_page.words import DO, MEANS, MEASURES, NORMAL, REASONS

ALL = "__all__"
CATEGORIES = ("contract", "freshness", "volume", "quality", "drift", "performance", "fairness")
SEVERITY = {"fail": 2, "warn": 1}
# So many windows of a finding are listed, the worst first, and so many segments of a column.
WINDOWS_LISTED, SEGMENTS_LISTED, HISTOGRAMS_LISTED = 30, 12, 4
EPOCH = date(1970, 1, 1)
DOCS = Path(__file__).resolve().parents[2] / "docs"
SHORT = {3: "%.3g", 4: "%.4g"}
DAY_SERIES = {
    "psi": ("psi_excess", 3),
    "noise": ("min_detectable", 3),
    "mean": ("current_mean", 4),
    "center": ("chart_center", 4),
    "scale": ("chart_scale", 3),
}
QUALITY_SERIES = {"nulls": ("null_rate", 3), "p1": ("p1", 4), "p50": ("p50", 4), "p99": ("p99", 4)}
PART_COLUMNS = [
    "category",
    "metric",
    "subject",
    "window_grain",
    "status",
    "is_cause",
    "explanation",
    "explained_by",
    "opened_at",
    "resolved_at",
    "windows",
    "message",
]
Content = dict[str, Any]


def rounded(value: Any, digits: int = 4) -> Any:
    """A number for the page: whole numbers as they are, others to so many significant digits; none if it is not finite."""
    if isinstance(value, Decimal):
        value = float(value)
    if not isinstance(value, float):
        return value
    if not math.isfinite(value):
        return None
    if abs(value) >= 10 ** (digits - 1):
        return round(value)
    return float(SHORT[digits] % value)


def seconds(value: Any) -> int | None:
    """A moment of the warehouse, which is UTC, as seconds since 1970."""
    if value is None:
        return None
    if isinstance(value, datetime):
        return int((value if value.tzinfo else value.replace(tzinfo=UTC)).timestamp())
    return int(datetime(value.year, value.month, value.day, tzinfo=UTC).timestamp())


def day_number(value: Any) -> int:
    """The day of a moment, as days since 1970."""
    return ((value.date() if isinstance(value, datetime) else value) - EPOCH).days


def plain(value: Any) -> Any:
    """A value of a row as JSON has it."""
    return seconds(value) if isinstance(value, date | datetime) else rounded(value)


def literal(value: datetime) -> str:
    """A timestamp in SQL."""
    return f"cast('{value:%Y-%m-%d %H:%M:%S}' as timestamp)"


def text(value: str) -> str:
    """A text in SQL."""
    return "'" + value.replace("'", "''") + "'"


def in_list(values: Iterable[datetime]) -> str:
    """Timestamps in SQL, for ``in``."""
    return ", ".join(literal(value) for value in sorted(values))


class Days:
    """The days of a monitor, on which all its series lie."""

    def __init__(self, moments: Iterable[Any]) -> None:
        days = {moment: day_number(moment) for moment in set(moments)}
        self.first = min(days.values(), default=0)
        self.count = max(days.values(), default=-1) - self.first + 1
        self.positions = {moment: day - self.first for moment, day in days.items()}

    def empty(self) -> list[Any]:
        """A series without a value."""
        return [None] * self.count

    def position(self, moment: Any) -> int | None:
        """The place of a moment in a series; none if it lies outside."""
        found = self.positions.get(moment)
        if found is None:
            found = day_number(moment) - self.first
        return found if 0 <= found < self.count else None

    def place(self, series: list[Any], value: Any, at: Any) -> None:
        """Put a value on its day."""
        position = self.position(at)
        if position is not None:
            series[position] = value

    def filled(self, rows: list[Row], columns: dict[str, tuple[str, int]]) -> Content:
        """Columns of rows of days as series.

        Arguments:
            rows (list of dicts): a row per day, with ``window_start``.
            columns (dict): by the name of a series its column and how many digits to keep.
        Returns: dict of the series; without those that have no value.
        """
        places = [self.position(row["window_start"]) for row in rows]
        found = {}
        for name, (column, digits) in columns.items():
            series, is_empty = self.empty(), True
            short, limit = SHORT[digits], 10 ** (digits - 1)
            for place, row in zip(places, rows, strict=True):
                value = row[column]
                if value is None or place is None:
                    continue
                # The usual case without a call: a large fleet has millions of numbers.
                if value.__class__ is float and -limit < value < limit:
                    series[place] = float(short % value)
                else:
                    series[place] = rounded(value, digits)
                is_empty = False
            if not is_empty:
                found[name] = series
        return found


def read(source: Source, days: int) -> Content:
    """All that the report shows.

    Arguments:
        source (Source): the fleet views.
        days (int): how far back it reaches from the newest window.
    Returns: dict of ``fleet`` (the overview), and by number of the monitor ``monitors`` and ``columns``, which the page reads on
    demand.
    """
    newest = source.rows("ml_checks", "select max(window_end) as newest from {view}")[0]["newest"]
    since = (newest or datetime(1970, 1, 2)) - timedelta(days=days)
    monitors = source.rows("ml_monitors", "select * from {view} order by monitor")
    gates = gate_counts(source)
    as_of = max((row["as_of"] for row in gates if row["as_of"]), default=newest)
    incidents = read_incidents(source, since)
    runs = last_runs(source)
    fresh = freshness(source)
    content: Content = {"monitors": [], "columns": []}
    overview = []
    for number, monitor in enumerate(monitors):
        name = monitor["monitor"]
        reader = MonitorReader(source, monitor, since, incidents)
        page, columns = reader.read()
        content["monitors"].append(page)
        content["columns"].append(columns)
        tiles = gate_tiles([row for row in gates if row["monitor"] == name], page["findings"])
        page["gates"] = tiles
        overview.append(
            {
                "n": number,
                "name": name,
                "owner": monitor["owner"],
                "task": monitor["task"],
                "gates": tiles,
                "failing": sum(tile["failing"] for tile in tiles),
                "warning": sum(tile["warning"] for tile in tiles),
                "versions": page["versions"],
                "segments": reader.segment_names(),
                "fresh": fresh.get(name),
                "ready": page["ready"],
                "run": runs.get(name),
                "columns": [column["name"] for column in page["columns"]],
            }
        )
        page |= {"fresh": fresh.get(name), "run": runs.get(name)}
    content["fleet"] = {
        "as_of": seconds(as_of),
        "newest": seconds(newest),
        "since": seconds(since),
        "days": days,
        "source": source.name,
        "written": int(datetime.now(UTC).timestamp()),
        "has_incidents": "ml_incidents" in source.relations,
        "monitors": overview,
        "incidents": incidents,
        "reasons": REASONS,
    }
    return content


def gate_counts(source: Source) -> list[Row]:
    """Checks of each gate by status, reason and whether they are new."""
    return source.rows(
        "ml_gates",
        """
        select
            monitor, category, status, reason, case when is_repeat then 1 else 0 end as is_repeat,
            count(*) as checks, max(as_of) as as_of
        from {view}
        group by monitor, category, status, reason, case when is_repeat then 1 else 0 end
        """,
    )


def gate_tiles(rows: list[Row], findings: list[Content]) -> list[Content]:
    """The gates of a monitor: status, counts, and how many of its checks a gate judges.

    ``failing`` and ``warning`` count findings, which are metric and subject, as the end of a run prints them; ``checks`` counts
    windows, as dbt's test does.
    """
    tiles = []
    for category in [*CATEGORIES, *sorted({row["category"] for row in rows} - {*CATEGORIES})]:
        mine = [row for row in rows if row["category"] == category]
        if not mine:
            continue
        checks: Counter[str] = Counter()
        reasons: Counter[str] = Counter()
        for row in mine:
            status = "repeat" if row["status"] == "warn" and row["is_repeat"] else row["status"]
            checks[status] += row["checks"]
            if row["status"] == "not_evaluated":
                reasons[row["reason"]] += row["checks"]
        failing, warning = (
            sum(f["category"] == category and f["now"] and f["status"] == status for f in findings)
            for status in ("fail", "warn")
        )
        judged = sum(checks.values()) - checks["not_evaluated"]
        status = next(
            (name for name in ("fail", "warn") if checks[name]), "pass" if judged else "not_evaluated"
        )
        tiles.append(
            {
                "category": category,
                "status": status,
                "failing": failing,
                "warning": warning,
                "checks": dict(checks),
                "judged": judged,
                "all": sum(checks.values()),
                "reasons": reasons.most_common(3),
            }
        )
    return tiles


def read_incidents(source: Source, since: datetime) -> list[Content]:
    """Incidents, open ones and then newest first, each with the findings that belong to it."""
    rows = source.rows("ml_incidents", f"select * from {{view}} where last_seen_at >= {literal(since)}")
    parts = defaultdict(list)
    for row in source.rows("ml_incident_findings", "select * from {view} order by opened_at"):
        parts[row["incident_id"]].append({name: plain(row.get(name)) for name in PART_COLUMNS})
    kept = [
        "incident_id",
        "monitor",
        "owner",
        "severity",
        "state",
        "title",
        "category",
        "metric",
        "subject",
        "window_grain",
        "model_version",
        "segment_name",
        "segment_value",
        "opened_at",
        "last_seen_at",
        "acknowledged_at",
        "acknowledged_by",
        "resolved_at",
        "peak_value",
        "threshold",
        "windows",
        "flaps",
        "findings",
        "muted_findings",
        "message",
        "rows_query",
        "runbook",
    ]
    incidents = []
    for row in rows:
        incident = {name: plain(row.get(name)) for name in kept}
        incident |= {"parts": parts[row["incident_id"]]}
        incident |= explanation(row["category"], row["metric"])
        incidents.append(incident)
    return sorted(
        incidents, key=lambda one: (one["state"] == "resolved", -(one["opened_at"] or 0), one["monitor"])
    )


def explanation(category: str, metric: str) -> Content:
    """What is normal for a metric, what a finding means and what to do, and the page of docs that says more, if there is one."""
    pages = (f"runbooks/{category}.md", f"gates/{category}.md")
    return {
        "normal": NORMAL.get(metric) or NORMAL.get(category),
        "means": MEANS.get(metric) or MEANS.get(category),
        "do": DO.get(metric) or DO.get(category),
        "page": next((page for page in pages if (DOCS / page).is_file()), None),
    }


def last_runs(source: Source) -> dict[str, Content]:
    """The newest run of each monitor."""
    rows = source.rows(
        "ml_runs",
        """
        select monitor, recorded_at, as_of, run_case, message
        from (
            select monitor, recorded_at, as_of, run_case, message,
                row_number() over (partition by monitor order by recorded_at desc) as newest
            from {view}
        ) as runs
        where newest = 1
        """,
    )
    return {row["monitor"]: {name: plain(row[name]) for name in row if name != "monitor"} for row in rows}


def freshness(source: Source) -> dict[str, Content]:
    """How old the data of each monitor is, by its newest hour."""
    rows = source.rows(
        "ml_freshness",
        """
        select monitor, window_end, newest_event_time, newest_ingest_time, event_age_minutes
        from (
            select monitor, window_end, newest_event_time, newest_ingest_time, event_age_minutes,
                row_number() over (partition by monitor order by window_end desc) as newest
            from {view}
            where window_grain = 'hour'
        ) as hours
        where newest = 1
        """,
    )
    return {row["monitor"]: {name: plain(row[name]) for name in row if name != "monitor"} for row in rows}


class MonitorReader:
    """Reads one monitor.

    Arguments:
        source (Source): the fleet views.
        monitor (dict): its row of ml_monitors.
        since (datetime): how far back to read.
        incidents (list of dicts): those of all monitors, as read_incidents returns them.
    """

    def __init__(self, source: Source, monitor: Row, since: datetime, incidents: list[Content]) -> None:
        self.source, self.monitor, self.since = source, monitor, since
        self.name = monitor["monitor"]
        self.incidents = [incident for incident in incidents if incident["monitor"] == self.name]
        self.days = Days([])

    def segment_names(self) -> list[str]:
        """Its declared segments."""
        return [name.strip() for name in (self.monitor["segments"] or "").split(",") if name.strip()]

    def rows(self, view: str, columns: str, where: str = "", days: bool = True) -> list[Row]:
        """Its rows of a view; of days, those of totals in the time that is read."""
        condition = f"monitor = {text(self.name)}"
        if days:
            condition += f" and window_grain = 'day' and segment_name = '{ALL}' and window_start >= {literal(self.since)}"
        return self.source.rows(view, f"select {columns} from {{view}} where {condition}{where}")

    def read(self) -> tuple[Content, Content]:
        """Its page, and the series of its columns by name."""
        drift = self.rows(
            "ml_drift",
            "column_name, column_role, column_kind, model_version, window_start, is_in_baseline, baseline_windows, "
            "row_count, psi_excess, "
            "min_detectable, current_mean, reference_mean, chart_center, chart_scale",
            " and baseline = 'serving'",
        )
        volume = self.rows(
            "ml_volume",
            "window_start, logged_rows, current_rows, expected_rows, duplicate_rate, quarantine_rate, error_rate, "
            "latency_p50, latency_p95, "
            "latency_p99",
        )
        self.days = Days(row["window_start"] for row in [*drift, *volume])
        declared = {row["column_name"]: row for row in self.rows("ml_columns", "*", days=False)}
        limits = self.limits()
        findings = self.findings()
        columns = self.columns(drift, declared, limits, findings)
        versions = self.versions(drift)
        last_day = max((row["window_start"] for row in drift), default=None)
        page = {
            "name": self.name,
            "owner": self.monitor["owner"],
            "task": self.monitor["task"],
            "time_zone": self.monitor["time_zone"],
            "segments": self.segment_names(),
            "parts": self.monitor["parts"],
            "first_day": self.days.first,
            "day_count": self.days.count,
            "versions": versions,
            "marks": self.marks(drift),
            "ready": self.readiness(drift, last_day),
            "volume": self.series(volume, ["logged_rows", "current_rows", "expected_rows"]),
            "rates": self.series(volume, ["duplicate_rate", "quarantine_rate", "error_rate"]),
            "latency": self.series(volume, ["latency_p50", "latency_p95", "latency_p99"]),
            "lag": self.series(
                self.rows(
                    "ml_freshness", "window_start, ingest_lag_p50_minutes, ingest_lag_p95_minutes, late_share"
                ),
                ["ingest_lag_p50_minutes", "ingest_lag_p95_minutes", "late_share"],
            ),
            "joins": self.joins(),
            "quality": self.quality_scores(),
            "performance": self.performance(findings),
            "outputs": self.outputs(drift),
            "not_judged": self.not_judged(),
            "findings": findings,
            "columns": [column["head"] for column in columns.values()],
        }
        self.add_histograms(columns, findings, last_day)
        self.add_segments(columns, last_day)
        self.add_relations(columns)
        return page, {name: column["body"] for name, column in columns.items()}

    def series(self, rows: list[Row], names: list[str]) -> Content:
        """Columns of rows of days, each as a series; without those that have no value."""
        return self.days.filled(rows, {name: (name, 4) for name in names})

    def versions(self, drift: list[Row]) -> list[str]:
        """Its model versions, oldest first."""
        first: dict[str, Any] = {}
        for row in drift:
            version = row["model_version"]
            if (
                version != ALL
                and row["row_count"]
                and row["window_start"] <= first.get(version, row["window_start"])
            ):
                first[version] = row["window_start"]
        return sorted(first, key=lambda version: (first[version], version))

    def marks(self, drift: list[Row]) -> list[Content]:
        """What to mark on the time axis: first days of versions, the baseline, maintenance."""
        marks = []
        for version in self.versions(drift):
            first = min(
                row["window_start"] for row in drift if row["model_version"] == version and row["row_count"]
            )
            marks.append({"kind": "version", "day": day_number(first), "label": version})
        baseline = {
            day_number(r["window_start"]) for r in drift if r["is_in_baseline"] and r["model_version"] == ALL
        }
        marks += spans(baseline, "baseline", "baseline", pause=7)
        maintenance = self.rows(
            "ml_checks",
            "distinct cast(window_start as date) as day",
            f" and reason = 'maintenance' and window_start >= {literal(self.since)}",
            days=False,
        )
        marks += spans({day_number(row["day"]) for row in maintenance}, "maintenance", "maintenance", pause=1)
        return marks

    def readiness(self, drift: list[Row], last_day: Any) -> Content:
        """How much it can judge: days of its baseline, windows, features that nothing judges."""
        newest = [row for row in drift if row["window_start"] == last_day and row["model_version"] == ALL]
        unjudged = self.rows(
            "ml_gates",
            "subject, reason",
            " and metric = 'psi' and check_id is null order by subject",
            days=False,
        )
        return {
            "baseline_days": max((row["baseline_windows"] or 0 for row in newest), default=0),
            "baseline_day_rows": self.monitor.get("baseline_day_rows"),
            "judged_windows": self.monitor.get("judged_windows"),
            "unjudged": [[row["subject"], row["reason"]] for row in unjudged],
        }

    def limits(self) -> dict[tuple[str, str], Content]:
        """The limits of daily totals, by metric and subject (``*`` for any)."""
        rows = self.rows(
            "ml_policies",
            "metric, subject, warn_below, fail_below, warn_above, fail_above",
            f" and window_grain in ('day', '*') and segment_name in ('{ALL}', '*')",
            days=False,
        )
        return {
            (row["metric"], row["subject"]): {
                name: rounded(row[name])
                for name in ("warn_below", "fail_below", "warn_above", "fail_above")
                if row[name] is not None
            }
            for row in rows
        }

    def findings(self) -> list[Content]:
        """Findings by status, category, metric and subject, as the end of a run counts them; those of the gates first."""
        columns = (
            "check_id, category, metric, subject, window_grain, window_start, window_end, model_version, segment_name, "
            "segment_value, "
            "status, value, threshold, message"
        )
        gate = self.rows(
            "ml_gates",
            f"{columns}, case when is_repeat then 1 else 0 end as is_repeat, owner",
            " and status in ('fail', 'warn')",
            days=False,
        )
        in_gate = {
            row["check_id"]
            for row in gate
            if row["check_id"] and not (row["status"] == "warn" and row["is_repeat"])
        }
        rows = self.rows(
            "ml_findings",
            f"{columns}, rows_query, impact, owner",
            f" and window_start >= {literal(self.since)}",
            days=False,
        )
        known = {row["check_id"] for row in rows}
        rows += [row for row in gate if row["check_id"] is None or row["check_id"] not in known]
        groups: dict[tuple[Any, ...], list[Row]] = defaultdict(list)
        for row in rows:
            is_new = row["check_id"] in in_gate or (row["check_id"] is None and not row["is_repeat"])
            row["now"] = is_new
            groups[is_new, row["status"], row["category"], row["metric"], row["subject"]].append(row)
        found = [self.finding(*key, group) for key, group in groups.items()]
        return sorted(
            found, key=lambda f: (not f["now"], -(f["last"] or 0), -SEVERITY[f["status"]], f["subject"])
        )

    def finding(
        self, now: bool, status: str, category: str, metric: str, subject: str, rows: list[Row]
    ) -> Content:
        """One group of findings: its worst window, how many there are, and what to do."""
        rows.sort(key=lambda row: (-distance(row), seconds(row["window_start"]) or 0))
        worst = rows[0]
        starts = [seconds(row["window_start"]) for row in rows if row["window_start"]]
        ends = [seconds(row["window_end"]) for row in rows if row["window_end"]]
        first, last = min(starts, default=None), max(ends, default=None)
        listed = (
            "window_grain",
            "window_start",
            "window_end",
            "model_version",
            "segment_name",
            "segment_value",
            "value",
            "threshold",
        )
        return {
            "now": now,
            "status": status,
            "category": category,
            "metric": metric,
            "subject": subject,
            "message": worst["message"],
            "rows_query": worst.get("rows_query"),
            "impact": worst.get("impact"),
            "owner": worst.get("owner") or self.monitor["owner"],
            "count": len(rows),
            "first": first,
            "last": last,
            "windows": [[plain(row[name]) for name in listed] for row in rows[:WINDOWS_LISTED]],
            "days": sorted({day_number(row["window_start"]) for row in rows if row["window_start"]}),
            "incident": self.incident_of(category, metric, subject, first, last),
            **explanation(category, metric),
        }

    def incident_of(
        self, category: str, metric: str, subject: str, first: int | None, last: int | None
    ) -> str | None:
        """The newest incident that a finding belongs to."""
        for incident in self.incidents:
            for part in incident["parts"]:
                if (part["category"], part["metric"], part["subject"]) == (category, metric, subject) and (
                    last is None or part["opened_at"] is None or part["opened_at"] <= last + 86400 * 3
                ):
                    return incident["incident_id"]
        return None

    def joins(self) -> Content:
        """The share of rows that found a partner, by join."""
        rows = self.rows("ml_join_cardinality", "window_start, join_name, match_rate")
        names = sorted({row["join_name"] for row in rows})
        found = {
            name: self.series([r for r in rows if r["join_name"] == name], ["match_rate"]) for name in names
        }
        return {name: series["match_rate"] for name, series in found.items() if series}

    def quality_scores(self) -> Content:
        """The quality score of the worst hour of each day, by dataset."""
        rows = self.source.rows(
            "ml_quality_score",
            f"""
            select dataset, cast(window_start as date) as day, min(quality_score) as score
            from {{view}}
            where monitor = {text(self.name)} and window_start >= {literal(self.since)}
            group by dataset, cast(window_start as date)
            """,
        )
        found: Content = {}
        for row in rows:
            series = found.setdefault(row["dataset"], self.days.empty())
            self.days.place(series, rounded(row["score"]), row["day"])
        return found

    def outputs(self, drift: list[Row]) -> Content:
        """Score and prediction by version: mean and distance from the baseline."""
        rows = defaultdict(list)
        for row in drift:
            if row["column_role"] in ("score", "prediction", "proxy"):
                rows[row["column_name"], row["model_version"]].append(row)
        wanted = {name: DAY_SERIES[name] for name in ("mean", "psi", "noise")}
        found: Content = {}
        for (name, version), mine in sorted(rows.items()):
            found.setdefault(name, {})[version] = self.days.filled(mine, wanted) | {
                "reference": rounded(mine[-1]["reference_mean"])
            }
        return found

    def performance(self, findings: list[Content]) -> Content:
        """Measures of performance by day and version, with interval, baseline, naive and estimate; and the coverage of labels.

        Shown are the usual measures of the task, and those that have findings, such as a metric of your own.
        """
        found_in = [
            finding["metric"].removeprefix("estimated_").removesuffix("_ratio").removesuffix("_change")
            for finding in findings
            if finding["category"] == "performance"
        ]
        measures = list(dict.fromkeys([*MEASURES.get(self.monitor["task"], ()), *found_in, "label_coverage"]))
        named = ", ".join(text(name) for name in measures)
        rows = self.rows(
            "ml_performance_metrics",
            "metric_name, model_version, window_start, value, value_low, value_high, naive_value, baseline_value, "
            "estimated_value, "
            "estimated_low, estimated_high, case when is_mature then 1 else 0 end as is_mature, reason",
            f" and metric_name in ({named}) and compared_segment is null",
        )
        names = (
            "value",
            "value_low",
            "value_high",
            "naive_value",
            "baseline_value",
            "estimated_value",
            "estimated_low",
            "estimated_high",
        )
        found: Content = {}
        by_name: dict[str, list[Row]] = defaultdict(list)
        for row in rows:
            by_name[row["metric_name"]].append(row)
        known = [name for name in measures if name in by_name]
        for measure in known:
            for version in sorted({row["model_version"] for row in by_name[measure]}):
                mine = [row for row in by_name[measure] if row["model_version"] == version]
                series = self.series(mine, list(names))
                if "value" in series or "estimated_value" in series:
                    immature = [day_number(row["window_start"]) for row in mine if not row["is_mature"]]
                    found.setdefault(measure, {})[version] = series | {
                        "immature_from": min(immature, default=None)
                    }
        return found

    def not_judged(self) -> list[Content]:
        """Checks of the gates that could not be evaluated, by metric and reason."""
        rows = self.source.rows(
            "ml_gates",
            f"""
            select category, metric, reason, count(*) as checks, count(distinct subject) as subjects, min(subject) as subject
            from {{view}}
            where status = 'not_evaluated' and monitor = {text(self.name)}
            group by category, metric, reason
            order by category, count(*) desc, metric, reason
            """,
        )
        return [{name: plain(value) for name, value in row.items()} for row in rows]

    def columns(
        self,
        drift: list[Row],
        declared: dict[str, Row],
        limits: dict[tuple[str, str], Content],
        findings: list[Content],
    ) -> Content:
        """Each monitored column by name: ``head`` for lists and the heat map, ``body`` for its own page."""
        quality = defaultdict(list)
        for row in self.rows(
            "ml_data_quality",
            "column_name, column_role, column_kind, window_start, row_count, null_rate, p1, p50, p99",
        ):
            quality[row["column_name"]].append(row)
        by_column = defaultdict(list)
        for row in drift:
            by_column[row["column_name"]].append(row)
        of_subject = defaultdict(list)
        for finding in findings:
            of_subject[finding["subject"]].append(finding)
        columns: Content = {}
        for name in sorted({*by_column, *quality}):
            rows = by_column[name] or quality[name]
            known = declared.get(name, {})
            role, kind = rows[0]["column_role"], rows[0]["column_kind"]
            versions = sorted({row["model_version"] for row in by_column[name]})
            body: Content = {"versions": {}}
            for version in versions:
                mine = [row for row in by_column[name] if row["model_version"] == version]
                body["versions"][version] = self.days.filled(mine, DAY_SERIES)
                body["versions"][version]["reference_mean"] = (
                    rounded(mine[-1]["reference_mean"]) if mine else None
                )
            body |= self.days.filled(quality[name], QUALITY_SERIES)
            output = "output_" if role in ("score", "prediction") else "proxy_" if role == "proxy" else ""
            body["limits"] = {
                key: limits.get((metric, name)) or limits.get((metric, "*")) or {}
                for key, metric in {
                    "psi": f"{output}psi",
                    "mean": f"{output}mean_shift_sd",
                    "nulls": "null_rate",
                }.items()
            }
            head = {
                "name": name,
                "role": role,
                "kind": kind,
                "unit": known.get("unit") or "",
                "importance": rounded(known.get("importance")),
                "personal": bool(known.get("is_personal")),
                "heat": self.heat(by_column[name], quality[name], of_subject[name]),
                "findings": [
                    sum(f["status"] == status for f in of_subject[name] if f["now"]) for status in SEVERITY
                ],
            }
            columns[name] = {"head": head, "body": body}
        return columns

    def heat(self, drift: list[Row], quality: list[Row], findings: list[Content]) -> str:
        """A letter for each day: f fails, w warns, p judged without a finding, n not judged, space without rows."""
        letters = [" "] * self.days.count
        for row in quality:
            if row["row_count"]:
                self.days.place(letters, "n", row["window_start"])
        for row in drift:
            if (row["row_count"] and row["psi_excess"] is not None) or (
                row["row_count"] and row["chart_scale"] is not None
            ):
                self.days.place(letters, "p", row["window_start"])
        for status in ("warn", "fail"):
            for finding in findings:
                if finding["status"] == status:
                    for day in finding["days"]:
                        position = day - self.days.first
                        if 0 <= position < len(letters):
                            letters[position] = status[0]
        return "".join(letters)

    def add_histograms(self, columns: Content, findings: list[Content], last_day: Any) -> None:
        """The newest day of each column, and days of its findings, beside baseline and training set."""
        if last_day is None:
            return
        first = self.days.first
        wanted: dict[str, list[int]] = {}
        for name in columns:
            days: list[int] = []
            for finding in (f for f in findings if f["subject"] == name):
                worst = [
                    window[1]
                    for window in finding["windows"]
                    if window[0] in ("day", "hour") and window[1] is not None
                ]
                days += [second // 86400 for second in worst[:2]]
            kept = list(dict.fromkeys(day for day in days if first <= day <= day_number(last_day)))[
                : HISTOGRAMS_LISTED - 1
            ]
            wanted[name] = [day_number(last_day), *(day for day in kept if day != day_number(last_day))]
        moments = {
            datetime.combine(EPOCH + timedelta(days=day), datetime.min.time())
            for days in wanted.values()
            for day in days
        }
        rows = self.rows(
            "ml_histograms",
            "column_name, model_version, window_start, bin, bin_kind, bin_label, bin_low, bin_high, row_count, "
            "baseline_rows, reference_rows",
            f" and segment_name = '{ALL}' and window_start in ({in_list(moments)}) "
            "order by column_name, model_version, window_start, bin",
            days=False,
        )
        found: dict[tuple[str, str], Content] = {}
        for row in rows:
            name, day = row["column_name"], day_number(row["window_start"])
            if day not in wanted.get(name, ()):
                continue
            of_series = found.setdefault((name, row["model_version"]), {"bins": {}, "days": {}})
            of_series["bins"][row["bin"]] = [
                row["bin"],
                row["bin_kind"],
                row["bin_label"],
                rounded(row["bin_low"]),
                rounded(row["bin_high"]),
                int(row["baseline_rows"]),
                int(row["reference_rows"]),
            ]
            of_series["days"].setdefault(day, {})[row["bin"]] = int(row["row_count"])
        for (name, version), histogram in found.items():
            bins = [histogram["bins"][number] for number in sorted(histogram["bins"])]
            columns[name]["body"].setdefault("histograms", {})[version] = {
                "bins": bins,
                "days": {
                    str(day): [counts.get(one[0], 0) for one in bins]
                    for day, counts in histogram["days"].items()
                },
            }

    def add_segments(self, columns: Content, last_day: Any) -> None:
        """The segments of each column that are farthest from the baseline: on the newest day, and their worst day."""
        if last_day is None:
            return
        rows = self.source.rows(
            "ml_drift",
            f"""
            select column_name, model_version, segment_name, segment_value, window_start, current_rows, psi_excess,
                min_detectable, null_share
            from (
                select
                    column_name, model_version, segment_name, segment_value, window_start, current_rows, psi_excess,
                        min_detectable, null_share,
                    row_number() over (
                        partition by column_name, model_version, segment_name, segment_value
                        order by case when psi_excess is null then 1 else 0 end, psi_excess desc, window_start desc
                    ) as worst
                from {{view}}
                where
                    monitor = {text(self.name)} and window_grain = 'day' and baseline = 'serving' and segment_name <> '{ALL}'
                    and window_start >= {literal(self.since)}
            ) as days
            where worst = 1 or window_start = {literal(last_day)}
            """,
        )
        found: dict[tuple[Any, ...], Content] = {}
        for row in rows:
            key = (row["column_name"], row["segment_name"], row["segment_value"], row["model_version"])
            entry = found.setdefault(key, {"now": None, "worst": None})
            values = [
                day_number(row["window_start"]),
                *(rounded(row[n]) for n in ("current_rows", "psi_excess", "min_detectable", "null_share")),
            ]
            if row["window_start"] == last_day:
                entry["now"] = values
            if row["psi_excess"] is not None and (
                entry["worst"] is None or row["psi_excess"] >= entry["worst"][2]
            ):
                entry["worst"] = values
        by_column: dict[str, list[tuple[Any, Content]]] = defaultdict(list)
        for (name, *key), entry in found.items():
            by_column[name].append((key, entry))

        def size(item: tuple[Any, Content], when: str) -> float:
            values = item[1][when]
            return -math.inf if values is None or values[2] is None else values[2]

        for name, entries in by_column.items():
            if name not in columns:
                continue
            ranked = sorted(entries, key=lambda item: -size(item, "now"))[:SEGMENTS_LISTED]
            ranked += sorted(entries, key=lambda item: -size(item, "worst"))[:SEGMENTS_LISTED]
            unique = {tuple(key): (key, entry) for key, entry in ranked}
            columns[name]["body"]["segments"] = [
                [*key, entry["now"], entry["worst"]] for key, entry in unique.values()
            ]
            columns[name]["body"]["segment_count"] = len(entries)

    def add_relations(self, columns: Content) -> None:
        """The newest day of each pair of columns, and how far its correlation moved."""
        names = (
            "current_correlation",
            "reference_correlation",
            "correlation_change",
            "correlation_min_detectable",
            "joint_psi_excess",
            "joint_min_detectable",
        )
        rows = self.rows("ml_relations", f"column_a, column_b, window_start, {', '.join(names)}")
        newest = max((row["window_start"] for row in rows), default=None)
        for row in rows:
            if row["window_start"] != newest:
                continue
            for own, other in (("column_a", "column_b"), ("column_b", "column_a")):
                if row[own] in columns:
                    columns[row[own]]["body"].setdefault("relations", []).append(
                        [row[other], day_number(newest), *(rounded(row[name]) for name in names)]
                    )


def distance(row: Row) -> float:
    """How far a value is beyond its limit, as a multiple of the limit; as the end of a run orders findings."""
    value, threshold = row["value"], row["threshold"]
    if threshold is None or threshold == 0 or value is None:
        return abs(value if value is not None else 1)
    return abs(value - threshold) / abs(threshold)


def spans(days: set[int], kind: str, label: str, pause: int) -> list[Content]:
    """Days as spans: those that are at most ``pause`` days apart are one."""
    found: list[Content] = []
    for day in sorted(days):
        if found and day - found[-1]["until"] <= pause:
            found[-1]["until"] = day
        else:
            found.append({"kind": kind, "day": day, "until": day, "label": label})
    return found

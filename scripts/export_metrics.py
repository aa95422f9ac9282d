"""Write the state of the monitors as gauges for Prometheus, through the textfile collector of node_exporter.

    python scripts/export_metrics.py --out FILE.prom [--project-dir DIR] [--profiles-dir DIR] [--target TARGET]
    options: [--run-results FILE]

Reads the fleet views through the profile of the project and replaces the file at once, so that a reader never sees half of it.
Without ``--out`` it prints. If anything fails the file stays as it was, the exit status is 1, and the alert MlMonitorExportOld
fires in the end. Needs the package prometheus_client.

There are 41 series a monitor at most, 4 more for each of its objectives, and one for all: labels are monitors, categories,
severities and names from lists, never values of data. A value that is not known is left out.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from warehouse import Row, Warehouse, WarehouseError

STATUSES = ("pass", "warn", "fail", "not_evaluated")
SEVERITIES = ("info", "warning", "critical")
SPEEDS = ("fast", "medium", "slow")
# Headline measures: shares, which have no unit, and errors in the unit of the label.
SHARES = ("accuracy", "auc", "precision", "recall", "macro_f1")
ERRORS = ("mae", "rmse")
# Name after ml_monitor_, labels, and the text of HELP.
GAUGES = {
    "gate_checks": (
        "monitor, category, status",
        "Checks that the gate judges, by status; the gate fails if one fails.",
    ),
    "open_incidents": (
        "monitor, severity",
        "Open incidents, without those that an upstream monitor explains.",
    ),
    "as_of_timestamp_seconds": ("monitor", "Moment that the newest evaluation speaks of."),
    "evaluation_timestamp_seconds": ("monitor", "When a run of dbt last evaluated the monitor."),
    "newest_hour_timestamp_seconds": ("monitor", "Start of the newest hour with logged rows."),
    "day_predictions": ("monitor", "Predictions of the newest whole day."),
    "day_volume_ratio": ("monitor", "Predictions of the newest whole day by those expected."),
    "label_coverage_ratio": (
        "monitor",
        "Share of predictions with a label, of the newest day with mature labels.",
    ),
    "performance_ratio": (
        "monitor, measure",
        "Headline measure of the newest 28 days with mature labels: a share, or an AUC.",
    ),
    "performance_error": (
        "monitor, measure",
        "Error of the newest 28 days with mature labels, in the unit of the label.",
    ),
    "window_end_timestamp_seconds": (
        "monitor, window",
        "End of the window that day_predictions (volume), label_coverage_ratio (coverage) and performance speak of.",
    ),
    "objective_budget_left_ratio": (
        "monitor, objective",
        "Share of the error budget that is left; below 0 if it is overdrawn.",
    ),
    "objective_burn_status": (
        "monitor, objective, speed",
        "1 while the error budget burns at this speed, else 0.",
    ),
    "run_seconds": (
        "monitor",
        "Time that the newest run of dbt spent on the models and tests of the monitor, from run_results.json.",
    ),
    "export_timestamp_seconds": ("", "When this file was written."),
}
Sample = tuple[str, tuple[str, ...], float | None]


def seconds(time: datetime | None) -> float | None:
    """A time of the warehouse (UTC) as seconds since 1970."""
    return None if time is None else time.replace(tzinfo=UTC).timestamp()


def totals(grain: str) -> str:
    """Condition on windows of one length, of all versions and segments."""
    return f"window_grain = '{grain}' and model_version = '__all__' and segment_name = '__all__'"


class Views:
    """The fleet views of a project.

    Arguments: warehouse (Warehouse).
    """

    def __init__(self, warehouse: Warehouse) -> None:
        self.warehouse = warehouse

    def rows(self, view: str, select: str, rest: str = "") -> list[Row]:
        """Rows of a view."""
        return self.warehouse.rows(f"select {select} from {self.warehouse.relation(view)} {rest}")

    def newest(self, view: str, columns: str, condition: str) -> list[Row]:
        """Of each monitor the row of the newest window that meets a condition."""
        ranked = (
            f"select monitor, window_end, {columns}, "
            "row_number() over (partition by monitor order by window_end desc) as age"
        )
        relation = self.warehouse.relation(view)
        return self.warehouse.rows(
            f"select * from ({ranked} from {relation} where {condition}) as ranked where age = 1"
        )


def run_costs(results: Path, monitors: list[str]) -> Iterator[Sample]:
    """What a run of dbt cost each monitor. Nothing without results, as after a run of another project."""
    if not results.is_file():
        return
    nodes = json.loads(results.read_text(encoding="utf-8"))["results"]
    times = [(node["unique_id"].split(".")[2].removeprefix("stg_"), node["execution_time"]) for node in nodes]
    for monitor in monitors:
        own = [time for name, time in times if name.startswith(f"{monitor}__")]
        if own:
            yield "run_seconds", (monitor,), sum(own)


def samples(views: Views, results: Path) -> Iterator[Sample]:
    """Everything that is exported: name, values of the labels, and value (none if it is not known).

    ``results`` is run_results.json of dbt.

    Raises WarehouseError if a view cannot be read, or the project does not have ml_monitor.
    """
    if views.warehouse.relation("ml_gates") is None:
        raise WarehouseError(
            "the project has no model ml_gates: is ml_monitor in packages.yml, and did `dbt deps` run?"
        )
    gates = views.rows("ml_gates", "monitor, category, status, count(*) as checks", "group by 1, 2, 3")
    counts = {(row["monitor"], row["category"], row["status"]): row["checks"] for row in gates}
    for gate in sorted({(row["monitor"], row["category"]) for row in gates}):
        for status in STATUSES:
            yield "gate_checks", (*gate, status), counts.get((*gate, status), 0)
    open_now = views.rows(
        "ml_incidents",
        "monitor, severity, count(*) as incidents",
        "where state = 'open' and muted_by is null group by 1, 2",
    )
    incidents = {(row["monitor"], row["severity"]): row["incidents"] for row in open_now}
    monitors = [row["monitor"] for row in views.rows("ml_monitors", "monitor")]
    yield from run_costs(results, monitors)
    for monitor in monitors:
        for severity in SEVERITIES:
            key = monitor, severity
            yield "open_incidents", key, incidents.get(key, 0)
    times = "monitor, max(as_of) as as_of, max(recorded_at) as recorded_at, max(newest_hour) as newest_hour"
    for row in views.rows("ml_runs", times, "group by monitor"):
        monitor = (row["monitor"],)
        yield "as_of_timestamp_seconds", monitor, seconds(row["as_of"])
        yield "evaluation_timestamp_seconds", monitor, seconds(row["recorded_at"])
        yield "newest_hour_timestamp_seconds", monitor, seconds(row["newest_hour"])
    for row in views.newest("ml_volume", "current_rows, volume_ratio", totals("day")):
        yield "day_predictions", (row["monitor"],), row["current_rows"]
        yield "day_volume_ratio", (row["monitor"],), row["volume_ratio"]
        yield "window_end_timestamp_seconds", (row["monitor"], "volume"), seconds(row["window_end"])
    for row in views.newest("ml_performance", "label_coverage", f"{totals('day')} and is_mature"):
        yield "label_coverage_ratio", (row["monitor"],), row["label_coverage"]
        yield "window_end_timestamp_seconds", (row["monitor"], "coverage"), seconds(row["window_end"])
    yield from performance(views)
    # Not all projects build this view.
    for row in (
        views.rows("ml_objectives", "*", "where is_latest") if views.warehouse.exists("ml_objectives") else ()
    ):
        objective = row["monitor"], row["objective"]
        yield "objective_budget_left_ratio", objective, row["budget_left"]
        for speed in SPEEDS:
            yield "objective_burn_status", (*objective, speed), int(row["burn_alert"] == speed)
    yield "export_timestamp_seconds", (), datetime.now(UTC).timestamp()


def performance(views: Views) -> Iterator[Sample]:
    """The headline measures of each monitor, of its newest 28 days with mature labels."""
    mature = f"{totals('28_days')} and is_mature"
    newest = {
        row["monitor"]: row["window_end"] for row in views.newest("ml_performance", "is_mature", mature)
    }
    names = ", ".join(f"'{name}'" for name in SHARES + ERRORS)
    rows = views.rows(
        "ml_performance_metrics",
        "monitor, window_end, metric_name, value",
        f"where {mature} and metric_name in ({names})",
    )
    for row in rows:
        if row["window_end"] == newest.get(row["monitor"]):
            name = "performance_ratio" if row["metric_name"] in SHARES else "performance_error"
            yield name, (row["monitor"], row["metric_name"]), row["value"]
    for monitor, end in newest.items():
        yield "window_end_timestamp_seconds", (monitor, "performance"), seconds(end)


def registry(found: Iterator[Sample]) -> Any:
    """The samples as gauges of prometheus_client, without those of no value."""
    from prometheus_client import CollectorRegistry, Gauge

    registry = CollectorRegistry()
    gauges: dict[str, Gauge] = {}
    for name, labels, value in found:
        if value is None:
            continue
        names, text = GAUGES[name]
        if name not in gauges:
            gauges[name] = Gauge(
                f"ml_monitor_{name}", text, names.split(", ") if names else (), registry=registry
            )
        (gauges[name].labels(*labels) if labels else gauges[name]).set(float(value))
    return registry


def arguments(given: list[str] | None = None) -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description="Write the state of the monitors for Prometheus.")
    parser.add_argument(
        "--out", type=Path, help="file in the folder of node_exporter's textfile collector; ends with .prom"
    )
    parser.add_argument("--project-dir", type=Path, default=Path(), help="the dbt project (default: here)")
    parser.add_argument("--profiles-dir", type=Path, help="as of dbt")
    parser.add_argument("--target", help="as of dbt")
    parser.add_argument(
        "--run-results", type=Path, help="run_results.json of the newest dbt build (default: that in target/)"
    )
    args = parser.parse_args(given)
    if args.out and args.out.suffix != ".prom":
        parser.error(
            f"--out {args.out}: node_exporter reads files that end with .prom, such as ml_monitor.prom"
        )
    if args.out and not args.out.parent.is_dir():
        parser.error(f"--out {args.out}: the folder {args.out.parent} does not exist")
    return args


def main() -> None:
    """Run, and print a mistake as one message."""
    args = arguments()
    try:
        from prometheus_client import generate_latest, write_to_textfile
    except ImportError:
        sys.exit(
            "export_metrics: the package prometheus_client is not installed: pip install prometheus_client"
        )
    try:
        results = args.run_results or args.project_dir / "target" / "run_results.json"
        views = Views(Warehouse(args.project_dir, args.profiles_dir, args.target))
        found = registry(samples(views, results))
        if args.out:
            write_to_textfile(str(args.out), found)
        else:
            sys.stdout.write(generate_latest(found).decode())
    except (WarehouseError, OSError) as error:
        sys.exit(f"export_metrics: {error}")


if __name__ == "__main__":
    main()

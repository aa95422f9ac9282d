"""Write a page for people from the tables: what is known of an incident, or the model card of a monitor.

    python scripts/describe.py incident INCIDENT_ID [--html] [--out FILE]
    python scripts/describe.py model MONITOR [--html] [--out FILE]
    options: [--project-dir DIR] [--profiles-dir DIR] [--target TARGET]

Reads the fleet views through the profile of the project, and writes Markdown, or HTML with ``--html``, to the terminal or
to a file. The page of an incident says what fired and since when, which versions served and what was deployed, the worst
segments and bins, what else was found, the state of the labels, performance beside drift, the query for sample rows, the
runbook, and what was ruled out. The page of a model says what is monitored, how good it is, and who may serve it.

The exit status is 1 if there is no such incident or monitor.
"""

from __future__ import annotations

import argparse
import html
import re
import sys
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import jinja2
from markdown_it import MarkdownIt
from warehouse import Row, Warehouse, WarehouseError

TEMPLATES = Path(__file__).with_name("templates")
CONTEXT = timedelta(days=7)
DAYS_SHOWN = 14
SEGMENTS_SHOWN = 5
PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>{title}</title>
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<style>body{{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color-scheme:light dark}}
table{{border-collapse:collapse}}td,th{{border:1px solid #8888;padding:.2rem .6rem;text-align:left}}
pre{{overflow-x:auto;padding:.6rem;border:1px solid #8888}}</style></head><body>
{body}</body></html>
"""


class DescribeError(Exception):
    """Something the caller must change; its text says what."""


class Tables:
    """The fleet views of a project."""

    def __init__(self, warehouse: Warehouse) -> None:
        self.warehouse = warehouse

    def rows(self, view: str, where: str, columns: str = "*", rest: str = "") -> list[Row]:
        """Rows of a view; none if the project does not have it."""
        relation = self.warehouse.relation(view)
        if relation is None:
            return []
        return self.warehouse.rows(f"select {columns} from {relation} where {where} {rest}")


def literal(value: Any) -> str:
    """A text or a time in SQL."""
    if isinstance(value, datetime):
        return f"timestamp '{value}'"
    return "'" + str(value).replace("'", "''") + "'"


def number(value: Any) -> str:
    """A number for people."""
    if value is None or value != value:
        return ""
    return f"{value:,}" if isinstance(value, int) else f"{value:.4g}"


def cell(value: Any) -> str:
    """A value in a table of Markdown."""
    if value is None or value != value:
        return ""
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M}"
    text = number(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else str(value)
    return re.sub(r"([\\|`*_<>\[\]])", r"\\\1", " ".join(text.split()))


def code(text: str) -> str:
    """A text in a fence that it cannot end."""
    longest = max([2, *(len(ticks) for ticks in re.findall("`+", text))])
    fence = "`" * (longest + 1)
    return f"{fence}sql\n{text}\n{fence}"


# An incident


def incident_facts(tables: Tables, incident_id: str) -> dict[str, Any]:
    """All that the page of an incident shows."""
    found = tables.rows("ml_incidents", f"incident_id = {literal(incident_id)}")
    if not found:
        raise DescribeError(
            f"incident_id: found {incident_id}; allowed: an incident_id of ml_incidents\n"
            "Write: select incident_id, title, opened_at from ml_incidents order by opened_at desc"
        )
    incident = found[0]
    monitor = literal(incident["monitor"])
    findings = tables.rows(
        "ml_incident_findings",
        f"incident_id = {literal(incident_id)}",
        rest="order by is_cause desc, opened_at, metric, subject",
    )
    first, last = min(one["first_window_start"] for one in findings), incident["last_seen_at"]
    during = f"monitor = {monitor} and window_start < {literal(last)} and window_end > {literal(first)}"
    others = tables.rows(
        "ml_incident_findings",
        f"monitor = {monitor} and incident_id <> {literal(incident_id)} and first_window_start < {literal(last)} "
        f"and last_seen_at > {literal(first - CONTEXT)}",
        "category, metric, subject, status, opened_at, resolved_at, message",
        "order by opened_at",
    )
    days = (
        f"monitor = {monitor} and window_grain = 'day' and segment_name = '__all__' "
        f"and window_start >= {literal(first - CONTEXT)} and window_start < {literal(last + CONTEXT)}"
    )
    labels = tables.rows(
        "ml_performance",
        f"{days} and model_version = '__all__'",
        "window_start, predicted_rows, labelled_rows, label_coverage, label_maturity",
        "order by window_start",
    )
    performance = tables.rows(
        "ml_performance_metrics",
        f"{days} and model_version = '__all__' and metric_name in ('accuracy', 'auc', 'mae')",
        "window_start, metric_name, value, value_low, value_high, baseline_value",
        "order by metric_name, window_start",
    )
    return {
        "incident": incident,
        "findings": findings,
        "first": first,
        "others": others,
        "versions": tables.rows(
            "ml_performance",
            f"{days} and model_version <> '__all__'",
            "model_version, min(window_start) as first_day, max(window_start) as last_day, "
            "sum(predicted_rows) as predicted_rows",
            "group by model_version order by first_day",
        ),
        "runs": tables.rows(
            "ml_runs",
            f"monitor = {monitor} and as_of > {literal(first - CONTEXT)} and as_of <= {literal(last + CONTEXT)} "
            "and run_case not in ('nothing_new', 'standard')",
            "as_of, run_case, git_revision, invocation_id",
            "order by recorded_at",
        )[-DAYS_SHOWN:],
        "segments": worst_segments(tables, incident, during),
        "bins": tables.rows(
            "ml_drift",
            f"{during} and column_name = {literal(incident['subject'])} and segment_name = '__all__' "
            f"and window_grain = 'day' and baseline = 'serving' and top_bin is not null",
            "window_start, psi_excess, top_bin, top_bin_reference_share, top_bin_current_share, reference_mean, current_mean",
            "order by window_start",
        )[:DAYS_SHOWN],
        "labels": labels[:DAYS_SHOWN],
        "performance": performance[: 2 * DAYS_SHOWN],
        "ruled_out": tables.rows(
            "ml_checks",
            during,
            "category, sum(case status when 'pass' then 1 else 0 end) as passed, "
            "sum(case when status in ('warn', 'fail') then 1 else 0 end) as found, "
            "sum(case status when 'not_evaluated' then 1 else 0 end) as not_evaluated",
            "group by category order by category",
        ),
    }


def worst_segments(tables: Tables, incident: Row, during: str) -> list[Row]:
    """The segment values that are farthest from normal, for the category of the incident."""
    view, column, value = {
        "drift": ("ml_drift", "column_name", "psi_excess"),
        "quality": ("ml_data_quality", "column_name", "null_rate"),
        "performance": ("ml_performance_metrics", "metric_name", "abs(change)"),
    }.get(incident["category"], ("", "", ""))
    if not view:
        return []
    subject = incident["subject"]
    if incident["category"] == "performance":
        subject = re.sub("_(change|ratio)$", "", incident["metric"])
    return tables.rows(
        view,
        f"{during} and segment_name <> '__all__' and window_grain = 'day' and {column} = {literal(subject)} "
        f"and {value} is not null",
        f"segment_name, segment_value, max({value}) as worst",
        f"group by segment_name, segment_value order by worst desc, segment_name, segment_value limit {SEGMENTS_SHOWN}",
    )


# A model


def model_facts(tables: Tables, monitor: str) -> dict[str, Any]:
    """All that a model card shows."""
    found = tables.rows("ml_monitors", f"monitor = {literal(monitor)}")
    if not found:
        names = ", ".join(sorted(one["monitor"] for one in tables.rows("ml_monitors", "1 = 1", "monitor")))
        raise DescribeError(
            f"monitor: found {monitor}; allowed: {names or 'there are none'}\nWrite: python scripts/describe.py model "
            f"{names.split(', ')[0] or 'NAME'}"
        )
    mine = f"monitor = {literal(monitor)}"
    metrics = tables.rows(
        "ml_performance_metrics",
        f"{mine} and window_grain = '28_days' and segment_name = '__all__' and model_version = '__all__' "
        "and value is not null and is_mature",
        "window_end, metric_name, value, value_low, value_high, interval_name, sample_rows, naive_value, baseline_value",
        "order by window_end desc, metric_name",
    )
    newest = [one for one in metrics if one["window_end"] == metrics[0]["window_end"]] if metrics else []
    runs = tables.rows(
        "ml_runs", mine, "as_of, recorded_at, invocation_id, git_revision", "order by recorded_at desc"
    )
    return {
        "monitor": found[0],
        "columns": tables.rows("ml_columns", mine, rest="order by column_role, column_name"),
        "metrics": newest,
        "versions": tables.rows(
            "ml_performance",
            f"{mine} and window_grain = 'day' and segment_name = '__all__' and model_version <> '__all__'",
            "model_version, min(window_start) as first_day, max(window_start) as last_day, "
            "sum(predicted_rows) as predicted_rows, sum(labelled_rows) as labelled_rows",
            "group by model_version order by first_day",
        ),
        "health": next(iter(tables.rows("ml_monitor_health", mine)), {}),
        "retraining": next(iter(tables.rows("ml_retraining", mine)), {}),
        "objectives": tables.rows("ml_objectives", f"{mine} and is_latest", rest="order by objective"),
        "incidents": tables.rows(
            "ml_incidents", f"{mine} and severity <> 'info'", rest="order by opened_at desc"
        )[:DAYS_SHOWN],
        "run": runs[0] if runs else {},
    }


# The page


def page(template: str, facts: dict[str, Any]) -> str:
    """A template of scripts/templates filled with facts, as Markdown."""
    loader = jinja2.FileSystemLoader(TEMPLATES)
    environment = jinja2.Environment(
        loader=loader, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters |= {"cell": cell, "number": number, "code": code}
    text = environment.get_template(template).render(**facts)
    return re.sub(r"\n{3,}", "\n\n", text).strip() + "\n"


def as_html(markdown: str) -> str:
    """A page of Markdown as one HTML file. HTML in the text is shown, not run."""
    body = MarkdownIt("commonmark", {"html": False}).enable("table").render(markdown)
    title = markdown.split("\n", 1)[0].lstrip("# ").replace("\\", "")
    return PAGE.format(title=html.escape(title), body=body)


def main() -> int:
    """Write the page."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("kind", choices=["incident", "model"])
    parser.add_argument("name", help="an incident_id of ml_incidents, or a monitor")
    parser.add_argument("--html", action="store_true", help="HTML instead of Markdown")
    parser.add_argument("--out", type=Path, help="file to write [the terminal]")
    parser.add_argument("--project-dir", type=Path, default=Path())
    parser.add_argument("--profiles-dir", type=Path)
    parser.add_argument("--target")
    given = parser.parse_args()
    try:
        tables = Tables(Warehouse(given.project_dir, given.profiles_dir, given.target))
        facts = (incident_facts if given.kind == "incident" else model_facts)(tables, given.name)
    except (DescribeError, WarehouseError) as error:
        print(f"describe.py: {error}", file=sys.stderr)
        return 1
    text = page(f"{given.kind}.md.j2", facts)
    text = as_html(text) if given.html else text
    if given.out:
        given.out.parent.mkdir(parents=True, exist_ok=True)
        given.out.write_text(text, encoding="utf-8")
        print(f"wrote {given.out}")
    else:
        print(text, end="")
    return 0


if __name__ == "__main__":
    sys.exit(main())

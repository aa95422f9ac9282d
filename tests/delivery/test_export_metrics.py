"""What export_metrics.py makes of the fleet views, on tables of DuckDB; test_demo.py reads real ones."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import export_metrics
import pytest
from export_metrics import GAUGES, Views, samples

NO_RESULTS = Path("none.json")

NOW = datetime(2026, 3, 1)
TABLES = {
    "ml_monitors": "select * from (values ('churn'), ('fraud')) as t (monitor)",
    "ml_gates": """
        select * from (values
            ('churn', 'drift', 'fail'), ('churn', 'drift', 'fail'), ('churn', 'drift', 'pass'),
            ('fraud', 'drift', 'not_evaluated')
        ) as t (monitor, category, status)""",
    "ml_incidents": """
        select * from (values
            ('churn', 'critical', 'open', null), ('churn', 'critical', 'resolved', null), ('fraud', 'warning', 'open', 'abc')
        ) as t (monitor, severity, state, muted_by)""",
    "ml_runs": """
        select 'churn' as monitor, timestamp '2026-03-01 00:00:00' as as_of, timestamp '2026-03-01 00:05:00' as recorded_at,
            cast(null as timestamp) as newest_hour""",
    "ml_volume": """
        select
            'churn' as monitor, 'day' as window_grain, '__all__' as model_version, '__all__' as segment_name,
            timestamp '2026-02-01' + interval (n) day as window_end, n as current_rows, n / 10 as volume_ratio
        from range(1, 28) as t (n)""",
    "ml_performance": """
        select
            'churn' as monitor, grain as window_grain, '__all__' as model_version, '__all__' as segment_name,
            timestamp '2026-02-01' + interval (n) day as window_end, n / 100 as label_coverage, n < 20 as is_mature
        from range(1, 28) as t (n), (values ('day'), ('28_days')) as g (grain)""",
    "ml_performance_metrics": """
        select p.*, m.metric_name, n.value
        from ml_performance as p, (values ('auc'), ('mae'), ('mcc')) as m (metric_name), (values (0.75)) as n (value)""",
}


class Tables:
    """The part of Warehouse that Views uses, on a database in memory."""

    def __init__(self) -> None:
        self.connection = duckdb.connect()
        self.views = {}
        for name, select in TABLES.items():
            self.add(name, select)

    def add(self, name: str, select: str) -> None:
        self.connection.execute(f"create or replace table {name} as {select}")
        self.views[name] = name

    def relation(self, name: str) -> str | None:
        return self.views.get(name)

    def exists(self, name: str) -> bool:
        return name in self.views

    def rows(self, sql: str) -> list[dict[str, Any]]:
        cursor = self.connection.execute(sql)
        return [
            dict(zip([one[0] for one in cursor.description], row, strict=True)) for row in cursor.fetchall()
        ]


@pytest.fixture
def tables() -> Tables:
    return Tables()


def exported(tables: Tables, results: Path = NO_RESULTS) -> dict[tuple[str, ...], float]:
    """Every sample of the registry, by name and the values of its labels."""
    registry = export_metrics.registry(samples(Views(tables), results))
    return {
        (sample.name.removeprefix("ml_monitor_"), *sample.labels.values()): sample.value
        for family in registry.collect()
        for sample in family.samples
    }


def test_states_are_counted(tables: Tables) -> None:
    found = exported(tables)
    gates = {key[1:]: value for key, value in found.items() if key[0] == "gate_checks"}
    assert gates == {
        ("churn", "drift", "pass"): 1,
        ("churn", "drift", "warn"): 0,
        ("churn", "drift", "fail"): 2,
        ("churn", "drift", "not_evaluated"): 0,
        ("fraud", "drift", "pass"): 0,
        ("fraud", "drift", "warn"): 0,
        ("fraud", "drift", "fail"): 0,
        ("fraud", "drift", "not_evaluated"): 1,
    }
    incidents = {key[1:]: value for key, value in found.items() if key[0] == "open_incidents" and value}
    assert incidents == {("churn", "critical"): 1}, "resolved ones and muted ones do not count"
    assert ("open_incidents", "fraud", "warning") in found


def test_values_are_of_the_newest_window_and_times_in_seconds(tables: Tables) -> None:
    found = exported(tables)
    assert found["day_predictions", "churn"] == 27
    assert found["day_volume_ratio", "churn"] == 2.7
    assert found["label_coverage_ratio", "churn"] == 0.19, "of the newest day with mature labels"
    assert found["performance_ratio", "churn", "auc"] == 0.75
    assert found["performance_error", "churn", "mae"] == 0.75
    assert not any("mcc" in key for key in found), "only the measures of the list"
    day = 86400
    assert (
        found["window_end_timestamp_seconds", "churn", "volume"]
        == (datetime(2026, 2, 28) - datetime(1970, 1, 1)).days * day
    )
    assert found["window_end_timestamp_seconds", "churn", "performance"] % day == 0
    assert found["evaluation_timestamp_seconds", "churn"] - found["as_of_timestamp_seconds", "churn"] == 300
    assert ("newest_hour_timestamp_seconds", "churn") not in found, "what is not known is left out"
    assert abs(found["export_timestamp_seconds",] - datetime.now().timestamp()) < 60


def test_the_newest_run_of_dbt_says_what_a_monitor_costs(tables: Tables, tmp_path: Path) -> None:
    assert not any(key[0] == "run_seconds" for key in exported(tables))
    nodes = {
        "model.shop.stg_churn__labels": 0.5,
        "test.shop.churn__gate_drift.1a2b": 0.25,
        "model.shop.churning": 9,
    }
    results = [{"unique_id": name, "execution_time": time} for name, time in nodes.items()]
    file = tmp_path / "run_results.json"
    file.write_text(json.dumps({"results": results}), encoding="utf-8")
    costs = {key: value for key, value in exported(tables, file).items() if key[0] == "run_seconds"}
    assert costs == {("run_seconds", "churn"): 0.75}


def test_objectives_are_exported_where_the_project_has_them(tables: Tables) -> None:
    assert not any(key[0].startswith("objective") for key in exported(tables))
    tables.add(
        "ml_objectives",
        """
        select * from (values
            ('churn', 'on_time', 0.4, 'medium', true), ('churn', 'on_time', 0.9, 'fast', false),
            ('churn', 'valid', null, null, true)
        ) as t (monitor, objective, budget_left, burn_alert, is_latest)""",
    )
    found = {key: value for key, value in exported(tables).items() if key[0].startswith("objective")}
    assert found == {
        ("objective_budget_left_ratio", "churn", "on_time"): 0.4,
        ("objective_burn_status", "churn", "on_time", "fast"): 0,
        ("objective_burn_status", "churn", "on_time", "medium"): 1,
        ("objective_burn_status", "churn", "on_time", "slow"): 0,
        ("objective_burn_status", "churn", "valid", "fast"): 0,
        ("objective_burn_status", "churn", "valid", "medium"): 0,
        ("objective_burn_status", "churn", "valid", "slow"): 0,
    }


def test_every_gauge_is_exported_by_somebody_and_has_a_unit_that_prometheus_knows(
    tables: Tables, tmp_path: Path
) -> None:
    tables.add(
        "ml_objectives",
        "select 'churn' as monitor, 'x' as objective, 1.0 as budget_left, 'slow' as burn_alert, true as is_latest",
    )
    tables.add("ml_runs", TABLES["ml_runs"].replace("cast(null as timestamp)", "timestamp '2026-03-01'"))
    file = tmp_path / "run_results.json"
    file.write_text(
        '{"results": [{"unique_id": "model.shop.churn__checks", "execution_time": 1}]}', encoding="utf-8"
    )
    assert {key[0] for key in exported(tables, file)} == set(GAUGES)
    for name in GAUGES:
        assert ("time" in name) == name.endswith("_timestamp_seconds")
        assert not name.endswith(("_total", "_count", "_sum", "_bucket", "_info", "_percent", "_minutes"))


@pytest.mark.parametrize("out", ["metrics.txt", "/nowhere/ml_monitor.prom"])
def test_a_file_that_nobody_reads_is_refused(out: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        export_metrics.arguments(["--out", out])
    assert out in capsys.readouterr().err


def test_a_time_is_utc() -> None:
    assert export_metrics.seconds(datetime(1970, 1, 1) + timedelta(hours=1)) == 3600
    assert export_metrics.seconds(None) is None

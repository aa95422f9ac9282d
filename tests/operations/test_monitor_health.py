"""Watching the watcher: ml_monitor_health of the demo against its tables, and a monitor that stopped is an incident."""

from __future__ import annotations

from pathlib import Path

import demo
import pandas as pd
from conftest import Project, Result
from fleet_sql import FleetSql

Built = tuple[Project, Result]


def test_health_of_the_demo_is_what_its_tables_say(full_build: Built) -> None:
    project, _ = full_build
    health = project.frame("select * from ml_monitor_health").set_index("monitor")
    as_of = project.value("select max(as_of) from ml_runs")
    for monitor, row in health.iterrows():
        checks = project.frame(f"select * from ml_checks where monitor = '{monitor}'")
        evaluated = checks[checks["status"] != "not_evaluated"]
        assert row["last_evaluated_at"] == evaluated["available_at"].max()
        scope = checks[
            (checks["available_at"] <= as_of)
            & (checks["available_at"] > as_of - pd.Timedelta(hours=demo.LOOKBACK_HOURS))
        ]
        unjudged = scope[scope["status"] == "not_evaluated"]
        assert (row["checks"], row["not_evaluated_checks"]) == (len(scope), len(unjudged))
        counts = unjudged["reason"].value_counts()
        said = dict(one.rsplit(" ", 1) for one in row["not_evaluated_reasons"].split(", "))
        assert {name: int(count) for name, count in said.items()} == counts.to_dict()
        fired = set(checks.loc[checks["status"].isin(["warn", "fail"]), "policy_id"])
        silent = set(evaluated["policy_id"]) - fired
        assert set(row["silent_policy_ids"].split(", ")) == silent
        assert (row["policies"], row["silent_policies"]) == (evaluated["policy_id"].nunique(), len(silent))
        incidents = project.frame(f"select * from ml_incidents where monitor = '{monitor}'")
        is_open = (incidents["state"] == "open") & (incidents["severity"] != "info")
        assert row["open_incidents"] == is_open.sum()
        recent = incidents[incidents["opened_at"] > as_of - pd.Timedelta(days=30)]
        assert row["incidents_30_days"] == len(recent)
        assert row["realert_rate"] == recent["flaps"].sum() / len(recent)
        hours = (incidents["resolved_at"] - incidents["opened_at"]) / pd.Timedelta(hours=1)
        assert abs(row["hours_to_resolve"] - hours.mean()) < 1e-6
        baseline = project.frame(
            f"select * from {monitor}__baseline_windows where is_baseline and model_version = '__all__'"
        )
        assert row["baseline_days"] == len(baseline)
        assert row["baseline_age_days"] == (as_of - baseline["window_end"].max()) / pd.Timedelta(days=1)
        assert not row["is_stopped"]


def test_a_monitor_that_stopped_is_an_incident_until_it_runs_again(tmp_path: Path) -> None:
    views = FleetSql(tmp_path, ["ml_incident_findings", "ml_incidents"], "risk_tier: high", live=True)
    checks = "policy_id monitor category metric subject window_grain baseline model_version segment_name segment_value"
    checks += " status reason message rows_query owner"
    empty = pd.DataFrame(columns=checks.split(), dtype=str)
    times = {
        name: pd.Series(dtype="datetime64[us]") for name in ("window_start", "window_end", "available_at")
    }
    empty = empty.assign(**times).assign(
        **{name: pd.Series(dtype=float) for name in ("value", "value_low", "value_high", "threshold")}
    )
    limits = {
        name: pd.Series(dtype=float) for name in ("warn_above", "fail_above", "warn_below", "fail_below")
    }
    policies = pd.DataFrame(columns=["monitor", "policy_id", "metric"], dtype=str).assign(**limits)
    now = pd.Timestamp.now("UTC").tz_localize(None)

    def incidents(*hours_ago: float) -> pd.DataFrame:
        runs = pd.DataFrame(
            {"monitor": "tiny", "recorded_at": [now - pd.Timedelta(hours=hours) for hours in hours_ago]}
        )
        retired = runs.assign(monitor="retired")
        views.give(ml_checks=empty, ml_policies=policies, ml_runs=pd.concat([runs, retired]))
        return views.frame("select * from ml_incidents order by opened_at")

    assert incidents(49, 25, 1).empty
    (stopped,) = incidents(72, 48, 30).to_dict("records")
    assert (stopped["monitor"], stopped["state"], stopped["severity"]) == ("tiny", "open", "critical")
    assert stopped["message"].startswith("tiny monitoring: no run for 30 hours, limit 26 (the last began ")
    assert stopped["opened_at"] == now - pd.Timedelta(hours=4)
    assert stopped["runbook"].endswith("runbooks/monitoring.md")
    (over,) = incidents(72, 30, 4).to_dict("records")
    assert (over["state"], over["resolved_at"]) == ("resolved", now - pd.Timedelta(hours=30))
    (again,) = incidents(72, 48, 30, 0).to_dict("records")
    assert (again["state"], again["incident_id"]) == ("resolved", stopped["incident_id"])

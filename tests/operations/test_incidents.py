"""Incidents of the demo: one for each injected fault and real gap, and nothing else that somebody would be woken for.

The state machine has its table of cases in models/fleet/_unit_tests.yml.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
import tiny_monitor
from conftest import ROOT, Project, Result
from prepare_demo import FAULTS

EXPECTED = pd.read_csv(Path(__file__).with_name("expected_incidents.csv"))
Built = tuple[Project, Result]
BUILD = ["build", "--exclude-resource-type", "test", "unit_test", "--select", "+ml_incidents"]


@pytest.fixture(scope="module")
def incidents(full_build: Built) -> pd.DataFrame:
    """All incidents of ten months."""
    return full_build[0].frame("select * from ml_incidents order by monitor desc, opened_at")


def test_each_fault_and_each_gap_is_one_incident_and_nothing_else_wakes_anybody(
    incidents: pd.DataFrame,
) -> None:
    woken = incidents[incidents["severity"] != "info"]
    found = woken.assign(opened=woken["opened_at"].dt.strftime("%Y-%m-%d %H:%M"))
    columns = ["monitor", "opened", "category", "metric", "subject"]
    assert found[columns].to_numpy().tolist() == EXPECTED[columns].to_numpy().tolist()
    for fault in FAULTS:
        own = woken[(woken["monitor"] == "flight_delay") & (woken["metric"] == fault.check.metric)]
        own = own[own["subject"] == fault.check.subject]
        during = own["opened_at"].between(fault.period.first, fault.period.end + pd.Timedelta(days=1))
        assert during.sum() == 1, fault.fault_id
        assert own.loc[during, "state"].item() == "resolved"


def test_every_finding_belongs_to_an_incident(full_build: Built, incidents: pd.DataFrame) -> None:
    project, _ = full_build
    found = project.frame("select * from ml_incident_findings")
    assert set(found["incident_id"]) == set(incidents["incident_id"])
    assert (found["is_cause"] == (found["incident_finding_id"] == found["incident_id"])).all()
    assert (found["explained_by"].isna() == found["is_cause"]).all()
    counts = found.groupby("incident_id").size()
    assert (
        incidents.set_index("incident_id")["findings"].sort_index().tolist() == counts.sort_index().tolist()
    )
    # Every failure is in one; of warnings those that came alone are not.
    failed = project.value("select count(*) from ml_checks where status = 'fail'")
    assert found["failed_windows"].sum() == failed
    # A cause is never less severe than what it explains.
    causes = found[found["is_cause"]].set_index("incident_id")["status"]
    muted = found[~found["is_cause"]]
    assert not ((muted["status"] == "fail") & (muted["incident_id"].map(causes) == "warn")).any()


def test_missing_weather_is_one_incident_with_its_nulls(incidents: pd.DataFrame) -> None:
    line = incidents[(incidents["monitor"] == "flight_delay") & (incidents["opened_at"] > "2013-12-31")].iloc[
        0
    ]
    assert line["title"] == "flight_delay: join match rate of weather fails"
    assert line["muted_findings"] >= 5
    assert line["state"] == "open"
    assert "0 of " in line["message"]
    assert (ROOT / line["runbook"]).exists()


def test_the_page_has_these_incidents(incidents: pd.DataFrame, full_build: Built) -> None:
    page = (ROOT / "docs/incidents.md").read_text(encoding="utf-8")
    lines = []
    woken = incidents[incidents["severity"] != "info"]
    for row, behind in zip(woken.itertuples(), EXPECTED["behind"], strict=True):
        resolved = row.resolved_at.strftime("%d %b %H:%M") if pd.notna(row.resolved_at) else "open"
        cause = f"{row.category} `{row.metric}`" + ("" if row.subject == "__rows__" else f" {row.subject}")
        opened = row.opened_at.strftime("%d %b %H:%M")
        lines.append(
            f"| {row.monitor} | {opened} | {resolved} | {row.severity} | {cause} | {row.muted_findings} | "
            f"{1 + pd.notna(row.resolved_at)} | {behind} |"
        )
    table = page.split("|---|---|---|---|---|---|---|---|\n")[1].split("\n\n")[0]
    assert table.splitlines() == lines, "\n".join(lines)
    findings = full_build[0].value("select count(*) from ml_findings")
    assert (
        f"{findings:,} warnings and failures: {len(incidents)} incidents, of which {len(woken)} are not"
        in page
    )


def test_runs_day_by_day_have_the_history_of_one_run(tmp_path: Path) -> None:
    """A healthy monitor with one faulty day, built at once and day by day."""
    frames = tiny_monitor.generate(days=34, rows_per_day=60)
    del frames["customer"]
    rows = frames["inferences"]
    faulty = tiny_monitor.on(
        rows, tiny_monitor.END - pd.Timedelta(days=4), tiny_monitor.END - pd.Timedelta(days=3)
    )
    rows.loc[faulty, "hits"] = 99
    histories = []
    for name, days in {"once": [0], "daily": [3, 1, 0]}.items():
        project = tiny_monitor.new_project(tmp_path / name, {"tiny": frames}, fleet=True)
        project.replace("models/staging/tiny/_tiny.yml", ", config: {meta: {role: join_key}}}", "}")
        for back in days:
            at = {"ML_AS_OF": str(tiny_monitor.END - pd.Timedelta(days=back))}
            project.dbt(*BUILD, env=at, check=0)
        columns = "incident_finding_id, incident_id, metric, subject, severity, opened_at, last_seen_at, resolved_at, windows"
        histories.append(project.frame(f"select {columns} from ml_incident_findings order by 1"))
    pd.testing.assert_frame_equal(*histories)
    found = histories[0]
    assert set(found.loc[found["severity"] != "info", "subject"]) == {"hits"}

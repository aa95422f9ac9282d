"""The page of an incident and the model card: what they say is what the tables say, and hostile text stays text."""

from __future__ import annotations

import re
import subprocess
import sys

import pandas as pd
import pytest
from conftest import ROOT, Project, Result

sys.path.insert(0, str(ROOT / "scripts"))
import describe

Built = tuple[Project, Result]


def written(project: Project, *args: str) -> subprocess.CompletedProcess[str]:
    """What the script says in the folder of a project."""
    command = [sys.executable, str(ROOT / "scripts/describe.py"), *args]
    return subprocess.run(
        command, cwd=project.folder, env=project.environment(), capture_output=True, text=True, check=False
    )


@pytest.fixture(scope="module")
def incident(full_build: Built) -> dict[str, object]:
    """The incident of the distance in kilometres."""
    sql = "select * from ml_incidents where category = 'drift' and subject = 'distance' and severity = 'critical'"
    (row,) = full_build[0].frame(sql).to_dict("records")
    return row


def test_the_page_of_an_incident_says_what_the_tables_say(
    full_build: Built, incident: dict[str, object]
) -> None:
    project, _ = full_build
    done = written(project, "incident", str(incident["incident_id"]))
    assert done.returncode == 0, done.stderr
    page = done.stdout
    opened = pd.Timestamp(incident["opened_at"]).strftime("%Y-%m-%d %H:%M")
    for said in [
        "# flight\\_delay: psi of distance fails\n",
        f"| opened | {opened} UTC |",
        f"| worst value | {incident['peak_value']:.4g}, limit {incident['threshold']:.4g} |",
        "| drift psi distance | fail |",
        "| runbook | docs/runbooks/drift.md |",
        "| v2 | ",
        str(incident["rows_query"]),
    ]:
        assert said in page, said
    day = "timestamp '2013-11-05'"
    where = f"monitor = 'flight_delay' and window_start = {day} and window_grain = 'day'"
    drift = f"select psi_excess, reference_mean, current_mean from ml_drift where {where} and column_name = 'distance'"
    ((psi, before, now),) = project.query(f"{drift} and baseline = 'serving' and segment_name = '__all__'")
    line = next(
        line for line in page.splitlines() if line.startswith("| 2013-11-05 00:00 | ") and "miles" in line
    )
    assert [f"{psi:.4g}", f"{before:.4g}", f"{now:.4g}"] == [
        line.split(" | ")[n].rstrip(" |") for n in (1, 5, 6)
    ]
    # The weather had failed the day before: a reader must see it.
    assert "| quality join\\_match\\_rate weather | fail |" in page
    checks = project.query(
        "select count(*) from ml_checks where monitor = 'flight_delay' and category = 'volume' and status = 'pass' "
        f"and window_start < timestamp '{incident['last_seen_at']}' and window_end > timestamp '2013-11-05'"
    )
    assert f"| volume | {checks[0][0]} | 0 | " in page


def test_the_model_card_is_html_with_the_measures_of_the_tables(full_build: Built) -> None:
    project, _ = full_build
    done = written(project, "model", "flight_air_time", "--html", "--out", "cards/air_time.html")
    assert done.returncode == 0, done.stderr
    card = (project.folder / "cards/air_time.html").read_text(encoding="utf-8")
    measure = (
        "select value from ml_performance_metrics where monitor = 'flight_air_time' and metric_name = 'mae'"
    )
    value = project.query(
        f"{measure} and window_grain = '28_days' and segment_name = '__all__' and model_version = '__all__' and is_mature "
        "order by window_end desc limit 1"
    )[0][0]
    assert f"<td>mae</td>\n<td>{value:.4g}</td>" in card
    assert "<h1>Model card of flight_air_time</h1>" in card


def test_what_does_not_exist_is_named_with_what_does(full_build: Built) -> None:
    done = written(full_build[0], "model", "flight_dealy")
    assert done.returncode == 1
    assert "monitor: found flight_dealy; allowed: flight_air_time, flight_delay" in done.stderr


def test_hostile_text_is_shown_and_not_run() -> None:
    value = "<script>alert(1)</script> | `x` [a](javascript:b) ***"
    html = describe.as_html(f"# {describe.cell(value)}\n\n| a |\n|---|\n| {describe.cell(value)} |\n")
    assert not re.search("<script>|href|<em>", html)
    assert html.count("&lt;script&gt;alert(1)&lt;/script&gt; | ") == 3
    assert describe.code("-- ```").splitlines() == ["````sql", "-- ```", "````"]

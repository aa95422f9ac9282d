"""Values that the baseline does not have are found at any volume, and named; columns of any history are counted.

Monitors of 34 days. ``shop`` has 600 rows a day and a training set, ``kiosk`` 60 rows a day and none; what changes, changes on
the last day. ``night`` is ``kiosk`` as a job that writes at three each night, and does not on the last one.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import ROOT, Project, Result
from report_data import blocks

LAST = 33
# A row without an id, which is quarantined.
LOST = 7
ROWS = {"shop": 600, "kiosk": 60}
AS_OF = "2025-02-04 00:00:00"
# name: type, value by day, how it is declared, value in the training set (shop has one).
COLUMNS = {
    "plan": ("string", f"case when v < 0.7 then 'yes' when day = {LAST} then 'No' else 'no' end", "", None),
    "c_num": ("double precision", f"case when day = {LAST} then 6 else 5 end", "", None),
    "c_cat": ("string", f"case when day = {LAST} then 'b' else 'a' end", "", None),
    "flag": ("boolean", f"day = {LAST}", "", None),
    "acct": ("string", f"case when day = {LAST} then 'X' else 'id ' || i end", "", None),
    "secret": (
        "string",
        f"case when day = {LAST} or i = {LOST} then 'canary' else 'none' end",
        ", personal: true",
        None,
    ),
    "amount": ("double precision", "v", "", "(i * 7919 % 10007) / 10007.0"),
    "gone": ("double precision", f"case when day < {LAST} or v < 0.7 then v end", "", None),
    "came": ("double precision", f"case when day = {LAST} or v < 0.5 then v end", "", None),
    "launched": (
        "double precision",
        "case when day > 29 and i % 3 > 0 then i % 10 + 1 end",
        ", min: 0, max: 5",
        "null",
    ),
    "zone": ("string", "cast(i * 7 % 300 as text)", "", "cast(i % 300 as text)"),
    "word": (
        "string",
        f"case when day = {LAST} and v < 0.1 then '17' else 'w' || i % 4 end",
        "",
        "'w' || i % 4",
    ),
}
HEAD = """
models:
  - name: stg_NAME__inferences
    config: {contract: {enforced: true}, meta: {ml_monitor: {task: binary, owner: me@example.com}}}
    columns:
      - {name: prediction_id, data_type: string, config: {meta: {role: prediction_id}}}
      - {name: event_time, data_type: timestamp, config: {meta: {role: event_time}}}
      - {name: ingest_time, data_type: timestamp, config: {meta: {role: ingest_time}}}
      - {name: score, data_type: double precision, config: {meta: {role: score, min: 0, max: 1}}}
"""
REFERENCE = "  - name: stg_NAME__reference\n    config: {contract: {enforced: true}}\n    columns:\n"
SERVED_SQL = f"""select
    case when i <> {LOST} then 'p' || i end as prediction_id,
    cast(timestamp '2025-01-01' + i * interval 'STEP seconds' as timestamp) as event_time,
    cast(timestamp '2025-01-01' + i * interval 'STEP seconds' as timestamp) as ingest_time,
    cast((i * 104729 % 10009) / 10009.0 as double precision) as score"""


def add(project: Project, name: str) -> None:
    """The staging models of a monitor, with a training set if it is the shop."""
    has_training, is_night = name == "shop", name == "night"
    rows_per_day = ROWS["kiosk" if is_night else name]
    text, served, trained = HEAD, SERVED_SQL.replace("STEP", str(86400 // rows_per_day)), []
    reference = REFERENCE
    for column, (kind, value, declared, training) in COLUMNS.items():
        text += (
            f"      - {{name: {column}, data_type: {kind}, config: {{meta: {{role: feature{declared}}}}}}}\n"
        )
        served += f",\n    cast({value} as {kind}) as {column}"
        if training is not None:
            reference += f"      - {{name: {column}, data_type: {kind}}}\n"
            trained.append(f"cast({training} as {kind}) as {column}")
    if is_night:
        served = served.replace(
            "timestamp '2025-01-01' + i * interval '1440 seconds'",
            "timestamp '2025-01-01 03:00:00' + day * interval '1 day' + (i % 60) * interval '50 seconds'",
        )
    rows = f"""
from (
    select i, cast(floor(i / {rows_per_day}.0) as int) as day, (i * 7919 % 10007) / 10007.0 as v
    from generate_series(0, {(LAST + (0 if is_night else 1)) * rows_per_day - 1}) as r(i)
) as b
"""
    parts = ["reference"] if has_training else []
    folder = f"models/staging/{name}"
    project.write(f"{folder}/_{name}.yml", (text + (reference if has_training else "")).replace("NAME", name))
    project.write(f"{folder}/stg_{name}__inferences.sql", served + rows)
    if has_training:
        training = f"select {', '.join(trained)} from generate_series(0, 8999) as r(i)\n"
        project.write(f"{folder}/stg_{name}__reference.sql", training)
    project.scaffold(name, parts)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Project, Result]:
    """All monitors, built at the end of the last day."""
    project = Project(tmp_path_factory.mktemp("unseen") / "project", as_of=AS_OF)
    project.keep_only({"shop": ["reference"], "kiosk": [], "night": []}, fleet=True)
    for name in [*ROWS, "night"]:
        add(project, name)
    return project, project.dbt("build")


def findings(project: Project, monitor: str, metric: str) -> dict[str, tuple[str, str]]:
    """Status and message of each finding of the last day by its subject."""
    rows = project.query(
        f"""select subject, status, message from {monitor}__checks
        where metric = '{metric}' and status in ('warn', 'fail') and window_grain = 'day'
            and window_start = timestamp '2025-02-03'"""
    )
    return {subject: (status, message) for subject, status, message in rows}


CAME = {"plan": "No", "c_num": "above 5.00", "c_cat": "b", "flag": "true", "secret": "a new value"}


def test_new_values_fail_the_drift_gate_and_are_named(built: tuple[Project, Result]) -> None:
    project, result = built
    assert {"shop__gate_drift", "kiosk__gate_drift"} <= result.failing_tests
    # PSI needs 500 rows; with fewer, the share of such values is judged, without a minimum.
    for monitor, metric in {"shop": "psi", "kiosk": "rest_share_change"}.items():
        found = findings(project, monitor, metric)
        assert {name: found[name][0] for name in CAME} == dict.fromkeys(CAME, "fail")
        for name, value in CAME.items():
            assert f"mostly {value}" in found[name][1]
    assert "rose from 0.0 % to 29.8 %" in findings(project, "shop", "psi")["plan"][1]
    assert findings(project, "shop", "rest_share_change") == {}
    assert findings(project, "kiosk", "psi") == {}


def test_a_column_that_changes_nothing_has_no_finding(built: tuple[Project, Result]) -> None:
    project, _ = built
    for monitor in ROWS:
        quiet = project.query(
            f"""select distinct subject from {monitor}__checks
            where status in ('warn', 'fail') and subject in ('amount', 'zone', 'acct', 'score')"""
        )
        assert quiet == []


@pytest.mark.parametrize("monitor", ROWS)
def test_nulls_are_compared_with_the_baseline(built: tuple[Project, Result], monitor: str) -> None:
    found = findings(built[0], monitor, "null_share_change")
    assert {name: status for name, (status, _) in found.items()} == {
        "gone": "fail",
        "came": "warn",
        "launched": "warn",
    }


@pytest.mark.parametrize("monitor", ROWS)
def test_a_column_gets_its_grid_with_its_first_values(built: tuple[Project, Result], monitor: str) -> None:
    project, _ = built
    rows, values = ROWS[monitor], ROWS[monitor] * 2 // 3
    counts = project.query(
        f"""select null_count, value_count, invalid_count from {monitor}__data_quality
        where column_name = 'launched' and window_grain = 'day'
            and window_start = timestamp '2025-02-03' and segment_name = '__all__'"""
    )
    assert counts == [(rows - values, values, values // 2)]
    sources = dict(
        project.query(f"select column_name, grid_source from {monitor}__grid where category is null")
    )
    assert (sources["launched"], sources["amount"]) == (
        "serving",
        "training" if monitor == "shop" else "serving",
    )


@pytest.mark.parametrize("monitor", ROWS)
def test_numbers_are_news_only_where_there_were_words(built: tuple[Project, Result], monitor: str) -> None:
    project, _ = built
    assert {
        name: status for name, (status, _) in findings(project, monitor, "numeric_text_rate").items()
    } == {"word": "fail"}
    # 300 codes, of which 100 are kept.
    assert project.query(
        f"select count(*), min(has_numbers) from {monitor}__grid where column_name = 'zone'"
    ) == [(100, True)]


@pytest.mark.parametrize("monitor", ROWS)
def test_the_gate_names_what_it_cannot_judge(built: tuple[Project, Result], monitor: str) -> None:
    rows = built[0].query(
        f"select subject, status, reason, message from {monitor}__gate where message like '%is not judged%'"
    )
    assert [row[:3] for row in rows if row[0] == "acct"] == [("acct", "not_evaluated", "too_few_bins")]
    # 28 days of the shop have enough rows of each of the 300 zones.
    assert {row[0] for row in rows} == {"shop": {"acct"}, "kiosk": {"acct", "zone"}}[monitor]
    assert all("in the last 28 days" in row[3] for row in rows)


def test_personal_data_is_in_nothing_that_people_read(built: tuple[Project, Result], tmp_path: Path) -> None:
    project, result = built
    # The log and the grid, whose categories are what counts are made with, have it; whoever may read these is another question.
    held = {
        f"{name}__{table}" for name in [*ROWS, "night"] for table in ("inferences_log", "inferences", "grid")
    }
    tables = [name for (name,) in project.query("select table_name from information_schema.tables")]
    found = {
        table
        for table in tables
        if project.value(f"select count(*) from \"{table}\" as t where cast(t as text) like '%canary%'")
    }
    print(found)
    assert found <= held | {f"stg_{name}__inferences" for name in [*ROWS, "night"]}
    assert "shop__inferences_log" in found
    assert project.value("select count(*) from shop__quarantine") == 1
    # Nor in what a run and the report put out.
    report = tmp_path / "report.html"
    command = [sys.executable, str(ROOT / "scripts" / "report.py"), "--database", str(project.database)]
    subprocess.run([*command, "--out", str(report)], check=True, capture_output=True)
    shown = json.dumps(blocks(report))
    assert "secret" in shown
    assert "canary" not in shown + report.read_text(encoding="utf-8") + result.output


def test_a_grant_shows_personal_data_in_the_quarantine(built: tuple[Project, Result], tmp_path: Path) -> None:
    project = built[0].copy_to(tmp_path / "project")
    written = "models/monitors/shop/_shop__monitor.yml"
    before, name, after = project.read(written).partition("- name: shop__quarantine")
    granted = after.replace("config: {", "config: {grants: {select: [auditor]}, ", 1)
    project.write(written, before + name + granted)
    project.dbt("compile", "--select", "shop__quarantine", "kiosk__quarantine", check=0)
    compiled = {
        name: project.read(f"target/compiled/ml_monitor/models/monitors/{name}/{name}__quarantine.sql")
        for name in ROWS
    }
    assert ["case when 1 = 0 then" in sql for sql in compiled.values()] == [False, True]


def test_a_small_monitor_has_a_baseline_and_no_gate_fails_for_volume(built: tuple[Project, Result]) -> None:
    project, result = built
    assert (
        project.value(
            "select count(*) from kiosk__baseline_windows where is_baseline and model_version = '__all__'"
        )
        == 28
    )
    assert "kiosk__gate_volume" in result.named("pass", "test")
    assert project.value("select count(*) from kiosk__gate where metric = 'no_checks'") == 0


def test_a_job_that_writes_each_night_is_late_only_when_it_does_not(built: tuple[Project, Result]) -> None:
    project, result = built
    hours = "select window_start, value, status, message from night__checks where metric = 'late_hours' and value > 0 order by 1"
    found = project.query(hours)
    # At three the hour before it, which is silent each night, still counts as usual.
    assert [(start.day, start.hour) for start, *_ in found] == [(3, hour) for hour in range(3, 24)]
    assert [value for _, value, *_ in found] == [1, *([23] * 20)]
    assert [status for _, _, status, _ in found] == ["pass", *(["fail"] * 20)]
    assert "night freshness: lateness of the source 23.00 h is above 3 h" in found[-1][3]
    assert {"night__gate_freshness"} <= result.failing_tests
    assert {"shop__gate_freshness", "kiosk__gate_freshness"} <= result.named("pass", "test")


def test_a_gate_of_another_moment_does_not_pass(built: tuple[Project, Result], tmp_path: Path) -> None:
    project = built[0].copy_to(tmp_path / "project")
    again = project.dbt("test", "--select", "kiosk__gate_volume", "shop__gate_volume")
    assert again.exit_code == 0, again.output
    later = project.dbt("test", "--select", "kiosk__gate_volume", env={"ML_AS_OF": "2025-02-05 00:00:00"})
    assert later.failing_tests == {"kiosk__gate_volume"}
    compiled = next((project.folder / "target" / "compiled").rglob("kiosk__gate_volume.sql")).read_text(
        "utf-8"
    )
    (row,) = [row for row in project.frame(compiled).itertuples() if row.reason == "stale_gate"]
    assert row.message == (
        "the gate was built for 2025-02-04 00:00:00, this test judges 2025-02-05 00:00:00: "
        "build the gate in this run (dbt build)"
    )


def test_a_new_monitor_is_not_judged_yet(tmp_path: Path) -> None:
    project = Project(tmp_path / "project", as_of="2025-01-01 12:00:00")
    project.keep_only({"kiosk": []})
    add(project, "kiosk")
    head = "{{ config(materialized='table') }}\n"
    for name, argument in {"patient": "", "strict": ", allow_not_yet=false"}.items():
        gate = f"{{{{ ml_monitor.require_gate('kiosk'{argument}) }}}}"
        project.write(f"models/{name}.sql", f"{head}{gate}\nselect 1 as one\n")
    result = project.dbt("build")
    assert result.failing_tests == set()
    assert {"kiosk__gate_drift", "kiosk__gate_volume"} <= result.warning_tests
    said = "kiosk drift: not judged yet, the first verdict is expected about 2025-01-04 00:00:00; it fails if there is none"
    messages = project.query("select message from kiosk__gate where status = 'warn'")
    assert any(said in message for (message,) in messages), messages
    assert (
        "baseline: 0 of 28 days; drift only warns until 20 days are complete, about 2025-01-21" in result.said
    )
    assert (result.statuses["patient"], set(result.errors)) == ("success", {"strict"})
    assert f"require_gate: {said}" in result.message("strict")


def test_a_waiver_silences_a_finding_until_it_ends(built: tuple[Project, Result], tmp_path: Path) -> None:
    project = built[0].copy_to(tmp_path / "project")
    project.write(
        "seeds/accepted.csv",
        """monitor,metric,subject,until,owner,reason
kiosk,rest_share_change,plan,2025-03-01,ann,The shop was renamed
kiosk,*,c_num,2025-02-01,bob,A trial of January
*,psi,nothing,2025-03-01,ann,Another metric
kiosk,psi,amount,,cid,No end
""",
    )
    project.append("dbt_project.yml", "  ml_waivers: accepted\n")
    result = project.dbt("build", "--select", "accepted", "kiosk__checks+")
    verdicts = project.query(
        """select subject, status, reason from kiosk__checks
        where metric = 'rest_share_change' and subject in ('plan', 'c_num') and window_start = timestamp '2025-02-03'
        order by 1"""
    )
    assert verdicts == [("c_num", "fail", None), ("plan", "not_evaluated", "waived")]
    assert {"kiosk__gate_contract", "kiosk__gate_drift"} <= result.failing_tests
    expired = project.query(
        "select category, status, message from kiosk__gate where reason = 'expired_waiver' order by message"
    )
    assert [row[:2] for row in expired] == [("contract", "fail")] * 2
    # One without an end waives nothing, and is not passed over.
    assert expired[1][2].startswith(
        "kiosk contract: the waiver of psi of amount ended at no time (cid: No end)"
    )
    assert expired[0][2] == (
        "kiosk contract: the waiver of * of c_num ended at 2025-02-01 00:00:00 (bob: A trial of January): "
        "remove its row, or give it a later until"
    )

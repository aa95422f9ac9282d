"""What scripts/scaffold.py writes is what is committed, and a scaffolded monitor of any task builds and gates."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from conftest import ROOT, Project

SCAFFOLD = ROOT / "scripts" / "scaffold.py"
DEMO_PARTS = ["--parts", "labels", "reference", "weather", "aircraft", "--demo"]
HOURS = 40 * 24
ROWS_PER_HOUR = 30
# Rows of a log, ROWS_PER_HOUR in each of HOURS hours from 2025-01-01, made in the staging model itself.
ROWS = f"""
    select
        i,
        'p' || i as prediction_id,
        timestamp '2025-01-01' + interval 1 hour * (i // {ROWS_PER_HOUR}) + interval 1 second as event_time,
        hash(i) % 1000 / 1000.0 as u
    from range({HOURS * ROWS_PER_HOUR}) as r (i)
"""
EVENTS = "prediction_id, event_time, event_time + interval 3 second as ingest_time, 'v1' as model_version"
KEYS = """
      - {name: prediction_id, data_type: string, config: {meta: {role: prediction_id}}}
      - {name: event_time, data_type: timestamp, config: {meta: {role: event_time}}}
      - {name: ingest_time, data_type: timestamp, config: {meta: {role: ingest_time}}}
      - {name: model_version, data_type: string, config: {meta: {role: model_version}}}"""
AWKWARD = """case i % 7 when 0 then '__all__' when 1 then '__other__' when 2 then 'it''s "x"' when 3 then E'a\\nb'
        when 4 then '\U0001f600' when 5 then '=__all__' end"""
MONITORS = {
    "plain": {
        "parts": [],
        "task": "binary",
        "inferences": f"{EVENTS}, u::double as amount, u::double as score",
        "columns": """
      - {name: amount, data_type: double, config: {meta: {role: feature}}}
      - {name: score, data_type: double, config: {meta: {role: score, min: 0, max: 1}}}""",
    },
    "classes": {
        "parts": ["labels"],
        "task": "multiclass",
        "inferences": f"{EVENTS}, u::double as amount, 'c' || (i % 3) as prediction",
        "columns": """
      - {name: amount, data_type: double, config: {meta: {role: feature}}}
      - {name: prediction, data_type: string, config: {meta: {role: prediction}}}""",
        "label": "'c' || (i % 3 + case when i % 10 = 0 then 1 else 0 end)",
        "label_type": "string",
    },
    "minutes": {
        "parts": ["labels", "reference", "relations"],
        "task": "regression",
        "inferences": f"{EVENTS}, u::double as amount, (100 * u)::double as prediction",
        "columns": """
      - {name: amount, data_type: double, config: {meta: {role: feature}}}
      - {name: prediction, data_type: double, config: {meta: {role: prediction}}}""",
        "label": "(100 * u + 2)::double",
        "label_type": "double",
        "reference": "u::double as amount, (100 * u)::double as prediction",
        "reference_columns": """
      - {name: amount, data_type: double}
      - {name: prediction, data_type: double}""",
    },
    "awkward": {
        "parts": ["reference"],
        "task": "binary",
        "inferences": f"""{EVENTS}, u::double as "select", case when i % 5 > 0 then u::double end as "a b",
        {AWKWARD} as "Größe", u::double as "CamelCase", u::double as score""",
        "columns": """
      - {name: select, quote: true, data_type: double, config: {meta: {role: feature}}}
      - {name: a b, quote: true, data_type: double, config: {meta: {role: feature}}}
      - {name: Größe, quote: true, data_type: string, config: {meta: {role: feature}}}
      - {name: CamelCase, quote: true, data_type: double, config: {meta: {role: feature}}}
      - {name: score, data_type: double, config: {meta: {role: score, min: 0, max: 1}}}""",
        "reference": f"""u::double as "select", u::double as "a b", {AWKWARD} as "Größe", u::double as "CamelCase",
        u::double as score""",
        "reference_columns": """
      - {name: select, quote: true, data_type: double}
      - {name: a b, quote: true, data_type: double}
      - {name: Größe, quote: true, data_type: string}
      - {name: CamelCase, quote: true, data_type: double}
      - {name: score, data_type: double}""",
    },
}


def scaffold(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the scaffold."""
    return subprocess.run(
        [sys.executable, str(SCAFFOLD), *arguments], cwd=ROOT, capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize(
    "arguments",
    [["flight_delay", *DEMO_PARTS], ["flight_air_time", *DEMO_PARTS], ["--fleet"]],
    ids=["flight_delay", "flight_air_time", "fleet"],
)
def test_committed_files_are_what_the_scaffold_writes(arguments: list[str]) -> None:
    finished = scaffold(*arguments, "--check")
    assert finished.returncode == 0, finished.stdout + finished.stderr


def test_check_sees_a_difference(tmp_path: Path) -> None:
    project = Project(tmp_path)
    project.replace("models/fleet/_fleet.yml", "Name of the monitor.", "A name.")
    finished = scaffold("--fleet", "--check", "--project-dir", str(tmp_path))
    assert finished.returncode == 1


def add_monitor(project: Project, name: str) -> None:
    """Write the staging of one of MONITORS and scaffold the rest."""
    monitor = MONITORS[name]
    folder = f"models/staging/{name}"
    project.write(
        f"{folder}/stg_{name}__inferences.sql", f"select {monitor['inferences']}\nfrom ({ROWS}) as logged\n"
    )
    yaml = f"""models:
  - name: stg_{name}__inferences
    config:
      contract: {{enforced: true}}
      meta: {{ml_monitor: {{task: {monitor["task"]}, owner: tests}}}}
    columns:{KEYS}{monitor["columns"]}
"""
    if "labels" in monitor["parts"]:
        project.write(
            f"{folder}/stg_{name}__labels.sql",
            f"select prediction_id, {monitor['label']} as label, event_time + interval 1 hour as label_time,\n"
            f"    event_time + interval 2 hour as ingest_time\nfrom ({ROWS}) as logged\nwhere i % 4 > 0\n",
        )
        yaml += f"""  - name: stg_{name}__labels
    config: {{contract: {{enforced: true}}}}
    columns:
      - {{name: prediction_id, data_type: string, config: {{meta: {{role: prediction_id}}}}}}
      - {{name: label, data_type: {monitor["label_type"]}, config: {{meta: {{role: label}}}}}}
      - {{name: label_time, data_type: timestamp, config: {{meta: {{role: label_time}}}}}}
      - {{name: ingest_time, data_type: timestamp, config: {{meta: {{role: ingest_time}}}}}}
"""
    if "reference" in monitor["parts"]:
        project.write(
            f"{folder}/stg_{name}__reference.sql", f"select {monitor['reference']}\nfrom ({ROWS}) as logged\n"
        )
        yaml += f"""  - name: stg_{name}__reference
    config: {{contract: {{enforced: true}}}}
    columns:{monitor["reference_columns"]}
"""
    project.write(f"{folder}/_{name}.yml", yaml)
    parts = ["--parts", *monitor["parts"]] if monitor["parts"] else []
    finished = scaffold(name, *parts, "--project-dir", str(project.folder))
    assert finished.returncode == 0, finished.stdout + finished.stderr


@pytest.fixture(scope="module")
def scaffolded(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A project whose only monitors are the four of MONITORS, built."""
    project = Project(tmp_path_factory.mktemp("scaffolded"), as_of="2025-02-10 01:50:00")
    project.remove("models/staging", "models/monitors", "models/consumers")
    for name in MONITORS:
        add_monitor(project, name)
    monitors = ", ".join(f"{name}: {list(monitor['parts'])}" for name, monitor in MONITORS.items())
    project.append(
        "dbt_project.yml", f"vars:\n  ml_policy_seeds: [ml_policy_rules]\n  ml_monitors: {{{monitors}}}\n"
    )
    project.dbt("build", "--exclude", "demo_policy_rules", check=0)
    return project


def test_every_scaffolded_monitor_builds_and_its_gates_pass(scaffolded: Project) -> None:
    verdicts = scaffolded.query(
        "select distinct monitor, status from ml_gates where status in ('pass', 'fail')"
    )
    assert set(verdicts) == {(name, "pass") for name in MONITORS}


def test_nothing_is_lost_by_any_of_them(scaffolded: Project) -> None:
    for name in MONITORS:
        assert scaffolded.value(f"select count(*) from {name}__inferences") == HOURS * ROWS_PER_HOUR
        assert scaffolded.value(
            f"select sum(row_count) from {name}__hourly_profile where column_name = '__rows__'"
        ) == (HOURS * ROWS_PER_HOUR)


def test_performance_of_a_multiclass_and_a_regression(scaffolded: Project) -> None:
    rows = HOURS * ROWS_PER_HOUR
    labelled = [i for i in range(rows) if i % 4 > 0]
    total, correct = scaffolded.query(
        """select sum(labelled_rows), sum(correct_rows) from classes__performance
        where model_version = '__all__' and window_grain = 'day'"""
    )[0]
    assert (total, correct) == (len(labelled), sum(1 for i in labelled if i % 10))
    mae, bias = scaffolded.query("select max(mae), max(bias) from minutes__performance")[0]
    assert mae == pytest.approx(2, abs=1e-9)
    assert bias == pytest.approx(-2, abs=1e-9)


def test_a_number_that_is_predicted_is_watched_with_its_feature(scaffolded: Project) -> None:
    """A straight line, of which Fisher's z is finite all the same."""
    found = scaffolded.query(
        """select distinct status, c.subject, r.current_correlation > 1 - 1e-9, r.correlation_change
        from minutes__checks as c inner join minutes__relations as r using (window_start)
        where c.metric = 'correlation_change' and c.window_end <= timestamp '2025-02-10'"""
    )
    assert found == [("pass", "amount * prediction", True, 0.0)]
    means = "select min(current_output_mean_low), max(current_output_mean_high) from minutes__relations"
    low, high = scaffolded.query(means)[0]
    assert 10 < low < 20 < 80 < high < 90


def test_awkward_columns_and_values_are_counted_as_they_are(scaffolded: Project) -> None:
    rows = HOURS * ROWS_PER_HOUR
    counts = dict(
        scaffolded.query("""
            select category, sum(row_count) from awkward__hourly_profile
            where column_name = 'Größe' and slot >= 0 group by category
        """)
    )
    every = {k: len(range(k, rows, 7)) for k in range(7)}
    assert counts == {
        "=__all__": every[0],
        "=__other__": every[1],
        'it\'s "x"': every[2],
        "a\nb": every[3],
        "\U0001f600": every[4],
        "==__all__": every[5],
    }
    nulls = dict(
        scaffolded.query("""
            select column_name, sum(null_count) from awkward__data_quality
            where window_grain = 'day' and segment_name = '__all__' group by column_name
        """)
    )
    assert nulls["a b"] == len(range(0, rows, 5))
    assert nulls["Größe"] == every[6]
    assert nulls["select"] == nulls["CamelCase"] == 0

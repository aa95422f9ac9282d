"""MetricFlow answers from the fleet views: `mf query` on a built monitor gives what a plain computation gives.

It runs in an environment of its own, with a dbt of its own (requirements-metricflow.txt).
"""

from __future__ import annotations

import os
import re
import shlex
import subprocess

import pandas as pd
import pytest
import tiny_monitor
import yaml
from conftest import ROOT, Project
from peer_tools.environment import environment_python

LOCK = ROOT / "requirements-metricflow.txt"
SEMANTIC = yaml.safe_load((ROOT / "semantic" / "_semantic.yml").read_text(encoding="utf-8"))
VIEWS = {"performance_row": "ml_performance", "drift_row": "ml_drift", "metric_row": "ml_metrics"}


class MetricFlow:
    """`mf` in a built project."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.programs = environment_python(LOCK).parent
        self.environment = project.environment({"ML_SEMANTIC_LAYER": "true"})
        self.environment["PATH"] = f"{self.programs}:{os.environ['PATH']}"
        self.environment["HOME"] = str(project.folder)
        self.run("dbt", "--quiet", "run", "--no-partial-parse", "--select", "ml_time_spine")

    def run(self, program: str, *args: str) -> str:
        """What a program of the environment prints; it must succeed."""
        finished = subprocess.run(
            [str(self.programs / program), *args],
            cwd=self.project.folder,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=300,
        )
        assert finished.returncode == 0, finished.stdout + finished.stderr
        return finished.stdout

    def query(self, metrics: str, group_by: str, *args: str) -> pd.DataFrame:
        """The rows of a query."""
        file = self.project.folder / "answer.csv"
        file.unlink(missing_ok=True)
        self.run("mf", "query", "--metrics", metrics, "--group-by", group_by, "--csv", str(file), *args)
        return pd.read_csv(file).sort_values(group_by.split(",")).reset_index(drop=True)


@pytest.fixture(scope="module")
def metricflow(tmp_path_factory: pytest.TempPathFactory) -> MetricFlow:
    """MetricFlow on the tiny monitor, built."""
    project = tiny_monitor.new_project(tmp_path_factory.mktemp("semantic") / "project", fleet=True)
    project.dbt("build", env={"ML_AS_OF": tiny_monitor.AS_OF}, check=0)
    project.as_of = tiny_monitor.AS_OF
    return MetricFlow(project)


def test_accuracy_and_coverage_are_those_of_the_logs(metricflow: MetricFlow) -> None:
    found = metricflow.query(
        "predictions,accuracy,recall,label_coverage", "metric_time__month,performance_row__monitor"
    )
    frames = tiny_monitor.generate()
    # A label that is written after the build is not there yet.
    known = frames["labels"][frames["labels"].ingest_time <= tiny_monitor.AS_OF]
    rows = frames["inferences"].merge(known[["prediction_id", "label"]], on="prediction_id", how="left")
    rows["month"] = rows.event_time.dt.to_period("M").dt.to_timestamp()
    labelled = rows[rows.label.notna()]
    right = labelled.prediction == labelled.label
    expected = pd.DataFrame(
        {
            "predictions": rows.groupby("month").size(),
            "accuracy": right.groupby(labelled.month).mean(),
            "recall": right[labelled.label == 1].groupby(labelled.month).mean(),
            "label_coverage": rows.groupby("month").label.apply(lambda labels: labels.notna().mean()),
        }
    )
    assert set(found.performance_row__monitor) == {"tiny"}
    assert list(pd.to_datetime(found.metric_time__month)) == list(expected.index)
    for name in expected:
        assert found[name].to_numpy() == pytest.approx(expected[name].to_numpy(), abs=1e-9), name


def test_every_metric_answers(metricflow: MetricFlow) -> None:
    """All metrics of one view in one query, by the dimensions that they have."""
    for entity, view in VIEWS.items():
        (model,) = [one for one in SEMANTIC["semantic_models"] if one["primary_entity"] == entity]
        assert model["model"] == f"ref('{view}')"
        measures = {measure["name"] for measure in model["measures"]}
        simple = {
            one["name"]
            for one in SEMANTIC["metrics"]
            if one["type"] == "simple" and one["type_params"]["measure"] in measures
        }
        ratios = {
            one["name"]
            for one in SEMANTIC["metrics"]
            if one["type"] == "ratio" and one["type_params"]["numerator"] in simple
        }
        found = metricflow.query(",".join(sorted(simple | ratios)), f"metric_time__month,{entity}__monitor")
        assert len(found) == 2
        assert set(found[f"{entity}__monitor"]) == {"tiny"}


def test_a_metric_of_drift_is_that_of_the_view(metricflow: MetricFlow) -> None:
    found = metricflow.query("largest_psi,drifted_columns", "drift_row__column_name")
    expected = metricflow.project.frame(
        """select column_name, max(psi) as largest_psi, sum(case when is_drift_detected then 1 else 0 end) as drifted
        from ml_drift where window_grain = 'day' and baseline = 'serving' and segment_name = '__all__'
        group by column_name order by column_name"""
    )
    assert list(found.drift_row__column_name) == list(expected.column_name)
    assert found.largest_psi.to_numpy() == pytest.approx(expected.largest_psi.to_numpy(), nan_ok=True)
    assert list(found.drifted_columns) == list(expected.drifted)


def test_a_filter_chooses_a_metric(metricflow: MetricFlow) -> None:
    chosen = "{{ Dimension('metric_row__metric') }} = 'null_rate' and {{ Dimension('metric_row__window_grain') }} = 'day'"
    found = metricflow.query("mean_metric_value", "metric_row__subject", "--where", chosen)
    expected = metricflow.project.frame(
        """select subject, avg(value) as mean from ml_metrics
        where metric = 'null_rate' and window_grain = 'day' and segment_name = '__all__' group by subject order by subject"""
    )
    assert list(found.metric_row__subject) == list(expected.subject)
    assert found.mean_metric_value.to_numpy() == pytest.approx(expected["mean"].to_numpy())


def test_the_commands_of_the_page_work(metricflow: MetricFlow) -> None:
    page = (ROOT / "docs" / "bi.md").read_text(encoding="utf-8")
    commands = re.findall(r"^mf (.+)$", page, re.MULTILINE)
    assert len(commands) == 3
    for command in commands:
        assert metricflow.run("mf", *shlex.split(command)).strip()

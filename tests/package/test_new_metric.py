"""A metric that is added by the steps of CONTRIBUTING.md to a database that is there already has a value in every row of it."""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd
import pytest
import tiny_monitor
from conftest import POLICIES, ROOT, Project

# "A new metric in four steps": the file of each step, and what is added to it.
STATISTIC = "macros/statistics/negative_predictive_value.sql"
COLUMN = "macros/metrics/performance.sql"
ENTRY = "macros/metrics/performance_catalog.sql"
FORMULA = """\
{#- Share of predicted negatives that are negative. Arguments: SQL of counts of rows. Returns: SQL, NULL without any. -#}
{% macro negative_predictive_value(rows, positives, predicted, hits) %}
    {%- set negatives = '(' ~ rows ~ ' - ' ~ predicted ~ ')' -%}
    {%- do return(ml_monitor.ratio('(' ~ negatives ~ ' - ' ~ positives ~ ' + ' ~ hits ~ ')', negatives)) -%}
{% endmacro %}
"""
MEASURED = """\
            'negative_predictive_value': ml_monitor.negative_predictive_value(
                'joined.labelled_rows', 'joined.positive_rows', 'joined.predicted_positive_rows', 'joined.true_positive_rows'
            ),
"""
LISTED = """\
        ['negative_predictive_value', 'double', 'Share of predicted negatives that are negative (0 to 1); binary only.'],
"""
DECLARED = """\
        dict(labels, metric='negative_predictive_value', category='performance', unit='share of rows', sample='labelled_rows',
            description='Share of predicted negatives that are negative.', detail='of {sample} rows with a label'),
"""
POLICY = "npv-day,*,negative_predictive_value,day,none,__all__,*,0.5,,,,100,a new metric\n"
BUILD = ("build", "-s", "+tiny__gate", "--exclude-resource-type", "test", "unit_test")


def insert(project: Project, file: str, pattern: str, text: str) -> None:
    """Add lines after the first line that has a pattern."""
    before = project.read(file)
    line = re.search(rf"^.*{pattern}.*\n", before, re.MULTILINE)
    assert line, f"{pattern} is not in {file}"
    project.write(file, before[: line.end()] + text + before[line.end() :])


def add_metric(project: Project) -> None:
    """The four steps."""
    project.write(STATISTIC, FORMULA)
    insert(project, COLUMN, r"'recall': ml_monitor.ratio", MEASURED)
    insert(project, COLUMN, r"\['bias', 'double'", LISTED)
    insert(project, ENTRY, r"do return\(.*\[$", DECLARED)
    insert(project, POLICIES, "policy_id", POLICY)


def rows(project: Project) -> pd.DataFrame:
    """The rows of performance, by their key."""
    return project.frame("select * from tiny__performance").set_index("performance_id").sort_index()


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A healthy monitor of 34 days, built before the metric is there."""
    project = tiny_monitor.new_project(tmp_path_factory.mktemp("new_metric") / "project")
    project.dbt(*BUILD, check=0)
    return project


def test_a_new_metric_fills_the_old_rows_and_only_code_builds_them_again(built: Project) -> None:
    before = rows(built)
    add_metric(built)
    built.dbt(*BUILD, check=0)
    after = rows(built)
    pd.testing.assert_frame_equal(
        after.drop(columns=["negative_predictive_value", "declaration_hash"]),
        before.drop(columns="declaration_hash"),
    )
    negatives = after["labelled_rows"] - after["predicted_positive_rows"]
    right = negatives - after["positive_rows"] + after["true_positive_rows"]
    expected = (right / negatives).where(negatives > 0)
    assert expected.notna().sum() > 150
    pd.testing.assert_series_equal(
        after["negative_predictive_value"], expected, check_names=False, rtol=1e-12
    )
    of_days = "where metric = 'negative_predictive_value' and segment_name = '__all__'"
    assert built.value(f"select count(*) from tiny__metrics {of_days} and value is not null") == 34
    verdicts = f"select status, count(*) from tiny__checks {of_days} group by all"
    assert built.query(verdicts) == [("pass", 34)]

    # Another expression under the same name.
    built.replace(STATISTIC, "ml_monitor.ratio(", "'1 - ' ~ ml_monitor.ratio(")
    built.dbt(*BUILD, check=0)
    changed = rows(built)
    pd.testing.assert_series_equal(
        changed["negative_predictive_value"], 1 - expected, check_names=False, rtol=1e-12
    )
    assert set(changed["declaration_hash"]).isdisjoint(after["declaration_hash"])

    # A comment and another layout; another run, a second later, before another row comes.
    insert(built, COLUMN, r" as is_mature,", "\n        -- Of negatives.\n")
    built.replace(
        COLUMN,
        "{{ sql }} as {{ name }},\n        {%- endfor %}\n",
        "{{ sql }}\n as {{ name }},\n        {%- endfor %}\n",
    )
    result = built.dbt(*BUILD, env={"ML_AS_OF": str(tiny_monitor.END + pd.Timedelta(seconds=1))}, check=0)
    assert result.message("tiny__performance") == "nothing to write"
    pd.testing.assert_frame_equal(rows(built), changed)


def test_a_new_metric_is_thirty_lines_in_four_files() -> None:
    """What CONTRIBUTING.md promises; and the steps name the files that the test writes."""
    added = [FORMULA, MEASURED, LISTED, DECLARED, POLICY]
    assert sum(text.count("\n") for text in added) <= 30
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    steps = text.split("## A new metric in four steps")[1].split("\n## ")[0]
    for file in (STATISTIC, COLUMN, ENTRY, POLICIES):
        folder = str(Path(file).parent)
        assert folder in steps, f"{folder} is not in the steps"
    assert "_catalog.sql" in steps

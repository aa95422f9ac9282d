"""Segments of several columns: counted as the raw rows say, everywhere segments are."""

from __future__ import annotations

from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import pytest
import tiny_monitor
from conftest import Project

YAML = "models/staging/tiny/_tiny.yml"
CROSSED = "country * status"


@pytest.fixture(scope="module")
def frames() -> tiny_monitor.Frames:
    """Three days, with NULLs and with values that could be taken for another cross."""
    generated = tiny_monitor.generate(days=3, rows_per_day=400)
    rows = generated["inferences"]
    random = np.random.default_rng(3)
    rows["country"] = random.choice(["de", "fr", "a * b", "a", None], len(rows))
    rows["status"] = random.choice(["ok", "b * c", "c", "x*", None], len(rows))
    return generated


@pytest.fixture(scope="module")
def built(frames: tiny_monitor.Frames, tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The monitor with a crossed segment, built."""
    project = tiny_monitor.new_project(tmp_path_factory.mktemp("segments") / "project", {"tiny": frames})
    project.replace(YAML, "segments: [country]", "segments: [country, [country, status]]")
    project.write(
        "seeds/ml_policy_rules.csv",
        project.read("seeds/ml_policy_rules.csv")
        + f"any-null,*,null_rate,day,none,{CROSSED},*,,,,0.0001,1,Any row\n"
        if project.read("seeds/ml_policy_rules.csv").endswith("\n")
        else "",
    )
    frames["inferences"].loc[::50, "amount"] = None
    tiny_monitor.write_frames(project.raw / "tiny", {"inferences": frames["inferences"]})
    project.dbt("build", "--exclude-resource-type", "unit_test", check=1)
    return project


def expected(frames: tiny_monitor.Frames) -> pd.Series:
    """Rows by day and both columns, by the name their cross has."""
    rows = frames["inferences"]
    parts = [
        rows[name].str.replace("*", "**", regex=False).fillna("__null__") for name in ("country", "status")
    ]
    return rows.groupby([rows["event_time"].dt.floor("D"), parts[0] + " * " + parts[1]]).size()


@pytest.mark.parametrize(
    ("table", "count", "where"),
    [
        ("hourly_volume", "sum(current_rows)", "model_version = '__all__'"),
        ("hourly_profile", "sum(row_count)", "column_name = 'amount'"),
        ("hourly_outcomes", "sum(row_count)", "true"),
        ("volume", "sum(current_rows)", "window_grain = 'day'"),
        ("data_quality", "sum(row_count)", "window_grain = 'day' and column_name = 'amount'"),
    ],
)
def test_every_row_is_in_its_cross(
    frames: tiny_monitor.Frames, built: Project, table: str, count: str, where: str
) -> None:
    found = built.frame(
        f"""select date_trunc('day', window_start) as day, segment_value, cast({count} as bigint) as n from tiny__{table}
        where segment_name = '{CROSSED}' and {where} group by all having n > 0"""
    )
    counted = {(row.day, row.segment_value): row.n for row in found.itertuples()}
    assert counted == expected(frames).to_dict()
    # Two rows of other values never share a name.
    assert len({value for _, value in counted}) == 25


def test_drift_speaks_of_crosses(built: Project) -> None:
    found = built.frame("select distinct segment_name from tiny__drift where column_name = 'amount'")
    assert set(found["segment_name"]) == {"__all__", "country", CROSSED}


def test_rows_queries_return_the_rows_of_a_cross(built: Project) -> None:
    findings = built.frame(
        f"""select segment_value, sample_size, value, rows_query from tiny__checks
        where segment_name = '{CROSSED}' and metric = 'null_rate' and subject = 'amount' and status = 'fail'"""
    )
    assert len(findings) > 5
    with duckdb.connect(str(built.database), read_only=True) as connection:
        for finding in findings.itertuples():
            rows = connection.execute(finding.rows_query).df()
            assert len(rows) == round(finding.value * finding.sample_size)
            assert rows["amount"].isna().all()


def test_a_wrong_cross_is_refused(tmp_path: Path) -> None:
    project = tiny_monitor.new_project(
        tmp_path / "project", {"tiny": tiny_monitor.generate(days=1, rows_per_day=10)}
    )
    project.replace(
        YAML, "segments: [country]", "segments: [[country], [country, country], [country, nowhere], 5]"
    )
    output = project.dbt("build", check=2).output
    for text in (
        "['country']",
        "['country', 'country']",
        "nowhere",
        "found:   5",
        "two or more different ones",
    ):
        assert text in output

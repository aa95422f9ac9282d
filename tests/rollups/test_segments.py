"""Segments of several columns: counted as the raw rows say, everywhere segments are."""

from __future__ import annotations

from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import pytest
import tiny_monitor
from compare import differences
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
        ("window_metrics", "sum(current_rows)", "metric_group = 'volume' and window_grain = 'day'"),
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


# A cap on values

CAP = 3
ROLLUPS = ["hourly_volume", "hourly_outcomes", "hourly_profile"]
CAPPED_SEGMENTS = ["country", CROSSED, "customer_id"]


@pytest.fixture(scope="module")
def many() -> tiny_monitor.Frames:
    """Two days in which each row has a customer of its own, and countries and statuses whose ranks change by the hour."""
    generated = tiny_monitor.generate(days=2, rows_per_day=10_000)
    rows = generated["inferences"]
    random = np.random.default_rng(5)
    values = ["de", "fr", "it", "nl", "__other__", "=__other__", "o'x", None]
    rows["country"] = random.choice(values, len(rows), p=[0.2, 0.1, 0.1, 0.1, 0.2, 0.1, 0.15, 0.05])
    rows["status"] = random.choice(["ok", "late", None], len(rows))
    rows["model_version"] = random.choice(["v1", "v2"], len(rows), p=[0.8, 0.2])
    rows["customer_id"] = random.permutation(len(rows)).astype("int32")
    rows.loc[::50, "amount"] = None
    return generated


@pytest.fixture(scope="module")
def capped(many: tiny_monitor.Frames, tmp_path_factory: pytest.TempPathFactory) -> tuple[Project, Project]:
    """A monitor that counts three values of a segment: its rollups in two runs that share every hour, and all of it at once."""
    folder = tmp_path_factory.mktemp("capped")
    project = tiny_monitor.new_project(folder / "once", {"tiny": many})
    project.replace(
        "dbt_project.yml", "vars:\n  ml_monitors:", f"vars:\n  ml_segment_cap: {CAP}\n  ml_monitors:"
    )
    project.replace(YAML, "segments: [country]", "segments: [country, [country, status], customer_id]")
    project.append(
        "seeds/ml_policy_rules.csv",
        "".join(
            f"any-{metric},*,{metric},day,none,{segment},*,,,,0.0001,1,Any row\n"
            for metric in ("null_rate", "error_rate")
            for segment in ("country", CROSSED)
        ),
    )
    runs = project.copy_to(folder / "runs")
    runs.raw = folder / "runs_raw"
    some = np.random.default_rng(6).random(len(many["inferences"])) < 0.6
    kinds = ["--resource-type", "model", "--resource-type", "seed"]
    for inferences in (many["inferences"][some], many["inferences"]):
        tiny_monitor.write_frames(runs.raw / "tiny", many | {"inferences": inferences})
        runs.dbt("build", *kinds, "--select", *[f"+tiny__{table}" for table in ROLLUPS], check=0)
    project.dbt("build", *kinds, check=0)
    return runs, project


def named(text: str | None) -> str:
    """A value as the tables write it."""
    if text is None or pd.isna(text):
        return "__null__"
    return f"={text}" if text.lstrip("=") == "__other__" else text


def capped_names(rows: pd.DataFrame, segment: str, window: str) -> pd.Series:
    """The value of a segment that each row is counted by: one of the three most frequent of its window, or the rest."""
    if segment == CROSSED:
        parts = [
            rows[name].fillna("__null__").str.replace("*", "**", regex=False)
            for name in ("country", "status")
        ]
        text = parts[0] + " * " + parts[1]
    else:
        text = rows[segment].map(lambda value: None if pd.isna(value) else str(value))
    start = rows["event_time"].dt.floor(window)
    sizes = (
        pd.DataFrame({"start": start, "text": text}).dropna().groupby(["start", "text"]).size().reset_index()
    )
    sizes = sizes.sort_values(["start", 0, "text"], ascending=[True, False, True])
    kept = sizes.groupby("start").head(CAP)
    kept = set(zip(kept["start"], kept["text"], strict=True))
    return pd.Series(
        [
            named(one) if one is None or pd.isna(one) or (moment, one) in kept else "__other__"
            for moment, one in zip(start, text, strict=True)
        ],
        index=rows.index,
    )


@pytest.mark.parametrize("segment", CAPPED_SEGMENTS)
@pytest.mark.parametrize(
    ("table", "window", "count", "where"),
    [
        ("hourly_volume", "h", "sum(current_rows)", "true"),
        ("hourly_outcomes", "h", "sum(row_count)", "true"),
        ("hourly_profile", "D", "sum(row_count)", "column_name = 'amount'"),
    ],
)
def test_the_most_frequent_values_are_counted_and_the_rest_together(
    many: tiny_monitor.Frames,
    capped: tuple[Project, Project],
    segment: str,
    table: str,
    window: str,
    count: str,
    where: str,
) -> None:
    rows = many["inferences"]
    names = capped_names(rows, segment, window)
    keys = [rows["event_time"].dt.floor(window), rows["model_version"], names]
    expected = rows.groupby(keys).size().to_dict()
    found = capped[1].frame(
        f"""select window_start, model_version, segment_value, cast({count} as bigint) as n from tiny__{table}
        where segment_name = '{segment}' and model_version <> '__all__' and {where} group by all having n > 0"""
    )
    assert {tuple(row) for row in found.itertuples(index=False)} == {(*key, n) for key, n in expected.items()}
    # A real value of that name is not the rest, no row is lost, and no window has more values than it may.
    assert found["n"].sum() == len(rows)
    assert found.groupby("window_start")["segment_value"].nunique().max() <= CAP + 2
    if segment == "country":
        assert {"__other__", "=__other__", "__null__"} <= set(found["segment_value"])
        assert found.loc[found["segment_value"] == "__other__", "n"].sum() > 1000


def test_totals_are_those_of_the_segments(capped: tuple[Project, Project]) -> None:
    sums = ["logged_rows", "current_rows", "late_rows", "error_rows", "duplicate_rows"]
    found = (
        capped[1]
        .frame(
            f"""select segment_name, window_start, {", ".join(f"cast(sum({name}) as bigint) as {name}" for name in sums)}
        from tiny__hourly_volume where model_version = '__all__' group by all"""
        )
        .set_index("window_start")
    )
    parts = {
        name: rows.drop(columns="segment_name").sort_index() for name, rows in found.groupby("segment_name")
    }
    assert set(parts) == {"__all__", *CAPPED_SEGMENTS}
    for segment in CAPPED_SEGMENTS:
        pd.testing.assert_frame_equal(parts[segment], parts["__all__"])
    # Sums of values, too.
    sums = "sum(z_sum) as z, sum(z_squared_sum) as z2, sum(default_count) as d"
    found = capped[1].frame(
        f"""select segment_name, column_name, {sums} from tiny__hourly_profile
        where column_name <> '__rows__' group by all order by all"""
    )
    parts = {
        name: rows.set_index("column_name").drop(columns="segment_name").astype(float)
        for name, rows in found.groupby("segment_name")
    }
    for segment in CAPPED_SEGMENTS:
        pd.testing.assert_frame_equal(parts[segment], parts["__all__"], rtol=1e-9, atol=1e-9)


def test_a_capped_segment_is_the_same_in_any_runs(capped: tuple[Project, Project]) -> None:
    assert [differences(*capped, f"tiny__{table}") for table in ROLLUPS] == [[], [], []]


def test_a_segment_of_ids_stays_small(capped: tuple[Project, Project]) -> None:
    tables = {
        name: capped[1].value(f"select count(*) from tiny__{name} where segment_name = 'customer_id'")
        for name in (
            "hourly_volume",
            "hourly_outcomes",
            "hourly_profile",
            "drift",
            "performance",
            "window_metrics",
        )
    }
    # Each hour has three customers, of one version each, and the rest of both versions; all of it also over both versions.
    assert tables["hourly_volume"] == 48 * (2 * CAP + 3)
    assert max(tables.values()) < 2500, tables


def test_rows_queries_return_the_rest(capped: tuple[Project, Project]) -> None:
    findings = capped[1].frame(
        """select metric, segment_name, segment_value, sample_size, value, rows_query from tiny__checks
        where segment_value in ('__other__', '=__other__') and metric in ('null_rate', 'error_rate')
        and subject in ('amount', '__rows__') and window_grain = 'day' and status = 'fail'"""
    )
    assert set(zip(findings["metric"], findings["segment_name"], strict=True)) == {
        (metric, segment) for metric in ("null_rate", "error_rate") for segment in ("country", CROSSED)
    }
    with duckdb.connect(str(capped[1].database), read_only=True) as connection:
        for finding in findings.itertuples():
            rows = connection.execute(finding.rows_query).df()
            assert len(rows) == round(finding.value * finding.sample_size), finding


def test_another_cap_counts_again(capped: tuple[Project, Project], tmp_path: Path) -> None:
    project = capped[0].copy_to(tmp_path / "project")
    project.replace("dbt_project.yml", f"ml_segment_cap: {CAP}", "ml_segment_cap: 4")
    project.dbt("run", "--select", "tiny__hourly_volume", check=0)
    by_hour = """select count(distinct segment_value) as n from tiny__hourly_volume
        where segment_name = 'country' group by window_start"""
    # The values, the rest and NULL.
    assert project.value(f"select max(n) from ({by_hour})") == 4 + 2

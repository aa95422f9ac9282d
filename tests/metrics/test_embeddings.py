"""Embeddings: the norm is monitored, mean vectors are sums, and a rotation warns; on both engines, in any split into runs."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import vector_monitor
from compare import differences
from conftest import Project
from postgres_server import PostgresServer
from vector_monitor import EMPTY_DAY, END, FAULTY_DAY, IMAGE, LAST_DAY, START, STATES, WORDS

DAY = pd.Timedelta(days=1)
TABLES = [
    "hourly_embeddings",
    "embeddings",
    "attributions",
    "hourly_profile",
    "drift",
    "data_quality",
    "checks",
]
# While the baseline grows, in the middle of an hour; and at the end.
RUNS = [START + 12.3 * DAY, END]
MODELS = ["run", "--select", "+vectors__checks", "vectors__history"]


@dataclass
class Built:
    """The monitor built at once, the raw rows, and those that count."""

    project: Project
    frame: pd.DataFrame

    @property
    def rows(self) -> pd.DataFrame:
        return vector_monitor.current(self.frame)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """One build. Read only."""
    frame = vector_monitor.generate()
    project = vector_monitor.new_project(tmp_path_factory.mktemp("vectors") / "project", frame, fleet=True)
    # The vectors of the day before the last that cannot be used fail the gate of quality, and those of zeros that of drift.
    result = project.dbt("build", check=1)
    assert result.errors == {}
    assert result.failing_tests == {"vectors__gate_quality", "vectors__gate_drift"}
    return Built(project, frame)


def lengths(rows: pd.DataFrame) -> pd.Series:
    """The norm of each vector of words, as the log has it: NaN where it is NULL."""
    norms = np.sqrt((rows[WORDS] ** 2).sum(axis=1, skipna=False))
    return norms.mask(rows["kind"].isin([1, 3, 8])).where(rows["kind"] != 2, np.hypot(rows["w1"], rows["w2"]))


def baseline_days(project: Project) -> list[pd.Timestamp]:
    """The days of the serving baseline of all versions."""
    return [
        day
        for (day,) in project.query(
            "select window_start from vectors__baseline_windows where is_baseline and model_version = '__all__'"
        )
    ]


def usable(rows: pd.DataFrame, column: str) -> pd.DataFrame:
    """The vectors that are summed, with their day."""
    names = WORDS if column == "words" else IMAGE
    kept = rows[~rows["kind"].isin(STATES)] if column == "words" else rows
    return kept.set_index("day")[names]


def test_the_norm_is_counted_like_any_feature(built: Built) -> None:
    found = built.project.frame(
        """select * from vectors__drift
        where column_name = '__words_norm__' and baseline = 'serving' and segment_name = '__all__' and window_grain = 'day'"""
    ).set_index("window_start")
    assert set(found["column_role"]) == {"embedding"}
    assert set(found["column_kind"]) == {"numeric"}
    assert set(found["model_version"]) == {"__all__"}
    rows = built.rows.assign(norm=lengths(built.rows))
    finite = rows[rows["norm"] <= 1e100].groupby("day")["norm"].mean()
    means = found["current_mean"].drop(EMPTY_DAY)
    pd.testing.assert_series_equal(means, finite.reindex(means.index), check_names=False, rtol=1e-9)
    assert found.loc[EMPTY_DAY, "psi_reason"] == "insufficient_sample"
    quality = built.project.frame(
        f"""select * from vectors__data_quality where column_name = '__words_norm__' and window_grain = 'day'
        and window_start = timestamp '{FAULTY_DAY}'"""
    ).iloc[0]
    kinds = rows[rows["day"] == FAULTY_DAY]["kind"].value_counts()
    assert quality["null_count"] == kinds[[1, 3, 8]].sum()
    assert quality["nan_count"] == kinds[4]
    assert quality["infinite_count"] == kinds[[5, 6]].sum()


def test_sums_of_the_rollup_equal_numpy(built: Built) -> None:
    found = built.project.frame("select * from vectors__hourly_embeddings where column_name = 'words'")
    rows = built.rows.assign(hour=built.rows["event_time"].dt.floor("h"))
    keys = ["hour", "model_version"]
    sums = rows[~rows["kind"].isin(STATES)].groupby(keys)[WORDS].sum()
    for dimension, name in enumerate(WORDS, start=1):
        mine = found[found["dimension"] == dimension].set_index(["window_start", "model_version"])[
            "value_sum"
        ]
        np.testing.assert_allclose(mine.reindex(sums.index), sums[name], rtol=1e-9, atol=1e-9)
    states = rows.groupby(rows["kind"].map(STATES).fillna(0)).size()
    counted = found.groupby("dimension")["row_count"].sum()
    assert counted[0] == len(rows)
    for state in (-1, -2, -3, -4):
        assert counted[state] == states[state]


@pytest.mark.parametrize("column", ["words", "image"])
def test_distances_equal_numpy(built: Built, column: str) -> None:
    found = built.project.frame(
        f"select * from vectors__embeddings where column_name = '{column}' order by window_start"
    ).set_index("window_start")
    assert len(found) == vector_monitor.DAYS
    baseline = baseline_days(built.project)
    assert len(baseline) == 20
    vectors = usable(built.rows, column)
    sums, counts = vectors.groupby("day").sum(), vectors.groupby("day").size()

    def compared(day: pd.Timestamp) -> tuple[float, float, float]:
        """Norms of the mean vectors of a day and of its reference, and the cosine between them."""
        others = [other for other in baseline if other != day]
        mean, reference = sums.loc[day] / counts[day], sums.loc[others].sum() / counts[others].sum()
        norms = np.linalg.norm(mean), np.linalg.norm(reference)
        return (*norms, mean @ reference / norms[0] / norms[1])

    own = 1 - np.array([compared(day)[2] for day in baseline])
    noise = own.mean() + 5 * own.std(ddof=1)
    for day, row in found.iterrows():
        assert row["row_count"] == (built.rows["day"] == day).sum()
        assert row["is_in_baseline"] == (day in baseline)
        if day == EMPTY_DAY and column == "words":
            assert (row["vector_count"], row["cosine_reason"]) == (0, "insufficient_sample")
            assert row[["mean_vector_norm", "cosine_distance", "cosine_noise"]].isna().sum() == 2
            continue
        expected = compared(day)
        assert row["vector_count"] == counts[day]
        assert row["reference_count"] == counts[[other for other in baseline if other != day]].sum()
        values = row[["mean_vector_norm", "reference_vector_norm", "cosine"]].astype(float)
        np.testing.assert_allclose(values, expected, rtol=1e-9)
        assert row["cosine_distance"] == pytest.approx(1 - expected[2], abs=1e-9)
        scaled = noise * max(1, counts[baseline].mean() / counts[day])
        assert row["cosine_noise"] == pytest.approx(scaled, abs=1e-9)
        assert pd.isna(row["cosine_reason"])


def test_unusable_vectors_are_counted_by_reason(built: Built) -> None:
    row = built.project.frame(
        f"select * from vectors__embeddings where column_name = 'words' and window_start = timestamp '{FAULTY_DAY}'"
    ).iloc[0]
    kinds = built.rows[built.rows["day"] == FAULTY_DAY]["kind"].value_counts()
    assert row["null_count"] == kinds[1]
    assert row["wrong_dimension_count"] == kinds[[2, 8]].sum()
    assert row["null_element_count"] == kinds[3]
    assert row["nonfinite_count"] == kinds[[4, 5, 6]].sum()
    unusable = kinds[[2, 3, 4, 5, 6, 8]].sum()
    assert row["unusable_rate"] == pytest.approx(unusable / row["row_count"], abs=1e-12)
    status, query, message = built.project.query(
        "select status, rows_query, message from vectors__checks where metric = 'unusable_vector_rate' and status <> 'pass'"
    )[0]
    assert (status, len(built.project.query(query))) == ("fail", unusable)
    assert f"{kinds[[2, 8]].sum()} of another dimension, {kinds[3]} with a NULL" in message
    # The rows behind a finding of the norm, which is no column of the log.
    sample, value, query = built.project.query(
        """select sample_size, value, rows_query from vectors__checks
        where metric = 'infinite_rate' and subject = '__words_norm__' and status = 'fail'"""
    )[0]
    assert len(built.project.query(query)) == pytest.approx(sample * value)


def test_a_rotation_warns_and_an_unchanged_embedding_does_not(built: Built) -> None:
    found = built.project.frame(
        "select * from vectors__checks where metric = 'cosine_distance' order by window_start"
    )
    warned = found[found["status"] == "warn"]
    assert list(zip(warned["subject"], warned["window_start"], strict=True)) == [("image", LAST_DAY)]
    assert "image cosine distance 1.199 is above 0.1 " in warned["message"].iloc[0]
    judged = found[(found["window_start"] > START + 20 * DAY) & (found["status"] != "warn")]
    unjudged = judged[judged["status"] == "not_evaluated"]
    assert list(zip(unjudged["subject"], unjudged["window_start"], unjudged["reason"], strict=True)) == [
        ("words", EMPTY_DAY, "insufficient_sample")
    ]
    # A rotation leaves each norm as it was: nothing else sees it.
    norm = built.project.query(
        f"""select status from vectors__checks where metric = 'psi' and subject = '__image_norm__'
        and window_grain = 'day' and window_start = timestamp '{LAST_DAY}'"""
    )
    assert norm == [("pass",)]


def test_the_fleet_shows_them(built: Built) -> None:
    for table in ("embeddings", "attributions"):
        count = built.project.value(f"select count(*) from vectors__{table}")
        assert built.project.value(f"select count(*) from ml_{table} where monitor = 'vectors'") == count > 0


def test_runs_in_steps_equal_one_run(built: Built, tmp_path: Path) -> None:
    project = vector_monitor.new_project(tmp_path / "stepwise", built.frame)
    project.dbt("seed", check=0)
    for as_of in RUNS:
        project.as_of = str(as_of)
        project.dbt(*MODELS, check=0)
    assert [
        found for table in TABLES for found in differences(project, built.project, f"vectors__{table}")
    ] == []
    # A run without news rewrites nothing.
    state = "select count(*), sum(hash(e)), max(ml_batch) from vectors__{} as e"
    before = [project.query(state.format(table)) for table in TABLES[:3]]
    project.dbt(*MODELS, check=0)
    assert [project.query(state.format(table)) for table in TABLES[:3]] == before
    # Hours past their retention become days by summing, and nothing that is judged by the day changes.
    project.replace(
        vector_monitor.YAML,
        "late_after_minutes: 60",
        "late_after_minutes: 60\n          hourly_retention_days: 5",
    )
    project.dbt(*MODELS, check=0)
    old = project.frame(
        f"""select distinct window_grain from vectors__hourly_embeddings
        where dimension > 0 and window_start < timestamp '{END - 6 * DAY}'"""
    )
    assert set(old["window_grain"]) == {"day"}
    columns = "window_start, column_name, round(cosine_distance, 9), vector_count, nonfinite_count"
    shown = f"select {columns} from vectors__embeddings order by all"
    assert project.query(shown) == built.project.query(shown)


def test_postgres_gives_the_same(built: Built, postgres: PostgresServer, tmp_path: Path) -> None:
    project = vector_monitor.new_project(tmp_path / "postgres", built.frame)
    environment = postgres.new_database("vectors", project.raw)
    result = project.dbt("build", env=environment, check=1)
    assert result.errors == {}
    assert result.failing_tests == {"vectors__gate_quality", "vectors__gate_drift"}
    connection = postgres.connect("vectors")
    for table in ("embeddings", "attributions", "hourly_embeddings"):
        shown = built.project.frame(f"select * from vectors__{table}")
        # The declaration hash covers the SQL of the engine.
        kept = [name for name in shown if name not in ("ml_batch", "baseline_state", "declaration_hash")]
        with connection.cursor() as cursor:
            cursor.execute(f"select {', '.join(kept)} from vectors__{table}")
            theirs = pd.DataFrame(cursor.fetchall(), columns=kept)
        floats = [name for name in kept if shown[name].dtype == float]
        keys = [name for name in kept if name not in floats]
        one, other = (
            side[kept].sort_values([*keys, *floats]).reset_index(drop=True) for side in (shown, theirs)
        )
        for name in kept:
            if name in floats:
                np.testing.assert_allclose(
                    other[name].astype(float), one[name], rtol=1e-9, atol=1e-9, err_msg=name
                )
            else:
                assert other[name].fillna("").tolist() == one[name].fillna("").tolist(), name
    # The query behind a finding runs there, too.
    with connection.cursor() as cursor:
        cursor.execute(
            """select sample_size, value, rows_query from vectors__checks
            where metric in ('unusable_vector_rate', 'infinite_rate') and rows_query is not null"""
        )
        queries = cursor.fetchall()
        assert len(queries) >= 2
        for sample, value, query in queries:
            cursor.execute(query)
            assert len(cursor.fetchall()) == pytest.approx(sample * value)
    connection.close()


# Declarations

FAULTS = {
    "a text": (
        "columns.caption.data_type",
        "string",
        "an array of numbers, such as double[], float[384], double precision[] or array<double>",
        '- {name: caption, data_type: "double[]", config: {meta: {role: embedding, dimensions: 384}}}',
    ),
    "no dimensions": (
        "columns.words.config.meta.dimensions",
        "nothing",
        "the number of elements of a vector: a whole number, 1 or more",
        '- {name: words, data_type: "double[]", config: {meta: {role: embedding, dimensions: 384}}}',
    ),
    "other dimensions than the type": (
        "columns.image.config.meta.dimensions",
        "3 beside the type float[5]",
        "5, as in the type",
        '- {name: image, data_type: "float[5]", config: {meta: {role: embedding, dimensions: 5}}}',
    ),
    "dimensions of a number": (
        "columns.amount.config.meta.dimensions",
        "dimensions on a column with role feature",
        "on a column with role embedding",
        "- {name: amount, data_type: double, config: {meta: {role: feature}}}",
    ),
    "the name of a norm": (
        "columns.__image_norm__",
        "the name that the norm of image is counted by",
        "another name; give the column an alias in the staging SQL",
        "select __image_norm__ as image_norm",
    ),
    "an attribution of nothing": (
        "columns.amount_part.config.meta.of",
        "nothing",
        "the feature that it explains: amount, hits, weight",
        "- {name: amount_part, data_type: double, config: {meta: {role: attribution, of: amount}}}",
    ),
    "an attribution as text": (
        "columns.hits_part.data_type",
        "string",
        "a number, as attributions are",
        "- {name: hits_part, data_type: double, config: {meta: {role: attribution, of: hits}}}",
    ),
    "a second attribution": (
        "columns.weight_part.config.meta.of",
        "a second attribution of hits beside hits_part",
        "one column with role attribution for each feature",
        "- {name: weight_part, data_type: double, config: {meta: {role: context}}}",
    ),
    "limits of an attribution": (
        "columns.weight_part.config.meta.min",
        "min on a column with role attribution",
        "on monitored columns of the inferences (feature, score, prediction, latency_ms); with hard: true also on others",
        "- {name: weight_part, data_type: double, config: {meta: {role: attribution}}}",
    ),
}
EDITS = {
    "role: embedding, dimensions: 4": "role: embedding",
    "{name: image, data_type: *doubles,": '{name: image, data_type: "float[5]",',
    "{name: amount, data_type: *double, config: {meta: {role: feature}}}": (
        "{name: amount, data_type: *double, config: {meta: {role: feature, dimensions: 2}}}\n"
        "      - {name: __image_norm__, data_type: *double}\n"
        "      - {name: caption, data_type: string, config: {meta: {role: embedding, dimensions: 2}}}"
    ),
    "role: attribution, of: amount": "role: attribution",
    "{name: hits_part, data_type: *double, ": "{name: hits_part, data_type: string, ",
    "role: attribution, of: weight": "role: attribution, of: hits, min: 0",
}


def said(project: Project) -> list[str]:
    """The faults that the validator lists, with their indentation gone."""
    result = project.dbt("run-operation", "validate_declarations")
    assert result.exit_code != 0
    text = "\n".join(line.strip() for line in result.output.splitlines())
    return [block for block in text.split("\n\n") if re.match(r"[0-9]+[.] models/", block)]


def test_every_wrong_declaration_is_listed_at_once(tmp_path: Path) -> None:
    project = vector_monitor.new_project(tmp_path / "project", vector_monitor.generate().head(10))
    for old, new in EDITS.items():
        project.replace(vector_monitor.YAML, old, new, 1)
    faults = said(project)
    for name, (key, found, allowed, snippet) in FAULTS.items():
        expected = f"stg_vectors__inferences.{key}\nfound:   {found}\nallowed: {allowed}\nwrite:\n{snippet}"
        assert any(expected in fault for fault in faults), (name, faults)
    assert len(faults) == len(FAULTS), faults


def test_a_part_needs_its_columns_and_dimensions_their_part(tmp_path: Path) -> None:
    project = vector_monitor.new_project(tmp_path / "project", vector_monitor.generate().head(10))
    project.replace("dbt_project.yml", '"embeddings", ', "")
    faults = said(project)
    assert len(faults) == 2
    for fault in faults:
        assert "found:   dimensions without the part embeddings, which reads it" in fault
        assert "vectors: [reference, attributions, embeddings]" in fault
    project.replace("dbt_project.yml", '"attributions"', '"embeddings", "attributions"')
    for role in (
        "role: embedding, dimensions: 4",
        "role: embedding, dimensions: 3",
        "role: attribution, of: amount",
    ):
        project.replace(vector_monitor.YAML, role, "role: context")
    project.replace(vector_monitor.YAML, "role: attribution, of: hits", "role: context")
    embedding, attribution = said(project)
    assert (
        "found:   no column with role embedding\nallowed: one or more, for the part embeddings" in embedding
    )
    assert (
        '- {name: embedding, data_type: "double[]", config: {meta: {role: embedding, dimensions: 384}}}'
        in embedding
    )
    assert (
        "found:   1 column with role attribution\nallowed: two or more, for the part attributions"
        in attribution
    )
    assert (
        "- {name: amount_attribution, data_type: double, config: {meta: {role: attribution, of: amount}}}"
        in attribution
    )

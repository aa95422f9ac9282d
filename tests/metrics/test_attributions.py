"""Attributions: their magnitude is monitored, and a ranking that is not the baseline's warns; NDCG equals scikit-learn's."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
import pytest
import vector_monitor
from conftest import Project
from sklearn.metrics import ndcg_score
from vector_monitor import FEATURES, LAST_DAY

PARTS = [f"{name}_part" for name in FEATURES]


@dataclass
class Built:
    """The monitor, and the mean magnitude of each attribution by day and version."""

    project: Project
    sums: pd.DataFrame
    counts: pd.DataFrame

    def baseline(self, version: str) -> list[pd.Timestamp]:
        """The days of the serving baseline of a version."""
        sql = f"select window_start from vectors__baseline_windows where is_baseline and model_version = '{version}'"
        return [day for (day,) in self.project.query(sql)]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """The monitor with the part attributions only; all its gates pass, the ranking warns. Read only."""
    frame = vector_monitor.generate()
    project = vector_monitor.new_project(
        tmp_path_factory.mktemp("attributions") / "project", frame, ["reference", "attributions"], fleet=True
    )
    project.replace(vector_monitor.YAML, ", dimensions: 4", "")
    project.replace(vector_monitor.YAML, ", dimensions: 3", "")
    # Embeddings whose part is not declared are watched by their norm.
    result = project.dbt("build")
    assert result.errors == {}
    assert "vectors__embeddings" not in project.relations()
    rows = vector_monitor.current(frame)
    rows[PARTS] = rows[PARTS].abs().where(np.isfinite(rows[PARTS].astype(float)))
    both = pd.concat([rows, rows.assign(model_version="__all__")])
    groups = both.groupby(["model_version", "day"])[PARTS]
    return Built(project, groups.sum(), groups.count())


@pytest.mark.parametrize("version", ["v1", "v2", "__all__"])
def test_means_ranks_and_ndcg_equal_scikit_learn(built: Built, version: str) -> None:
    found = built.project.frame(
        f"select * from vectors__attributions where model_version = '{version}' order by window_start, column_name"
    )
    baseline = built.baseline(version)
    assert len(baseline) == 20
    sums, counts = built.sums.loc[version], built.counts.loc[version]
    assert len(found) == 3 * len(sums)

    def both(day: pd.Timestamp) -> tuple[pd.Series, pd.Series]:
        """Mean magnitudes of a day and of its reference."""
        others = [other for other in baseline if other != day]
        return sums.loc[day] / counts.loc[day], sums.loc[others].sum() / counts.loc[others].sum()

    own = 1 - np.array([ndcg_score(*[[side] for side in both(day)[::-1]]) for day in baseline])
    noise = own.mean() + 5 * own.std(ddof=1)
    for day, rows in found.groupby("window_start"):
        rows = rows.set_index("column_name").loc[PARTS]
        mean, reference = both(day)
        np.testing.assert_allclose(rows["mean_attribution"], mean, rtol=1e-9)
        np.testing.assert_allclose(rows["reference_mean_attribution"], reference, rtol=1e-9)
        assert rows["value_count"].tolist() == counts.loc[day].tolist()
        rank, reference_rank = (side.rank(ascending=False) for side in (mean, reference))
        assert rows["attribution_rank"].tolist() == rank.tolist()
        assert rows["reference_rank"].tolist() == reference_rank.tolist()
        assert rows["rank_shift"].tolist() == (rank - reference_rank).tolist()
        assert rows["feature_name"].tolist() == FEATURES
        assert rows["attribution_ndcg"].nunique() == 1
        expected = ndcg_score([reference], [mean])
        assert rows["attribution_ndcg"].iloc[0] == pytest.approx(expected, abs=1e-9)
        assert rows["ndcg_noise"].iloc[0] == pytest.approx(noise, abs=1e-9)
        assert rows["ranked_rows"].iloc[0] == counts.loc[day].min()
        assert set(rows["is_in_baseline"]) == {day in baseline}
        assert rows["ndcg_reason"].isna().all()


def test_the_magnitude_is_in_drift_by_version(built: Built) -> None:
    found = built.project.frame(
        """select * from vectors__drift
        where column_role = 'attribution' and baseline = 'serving' and segment_name = '__all__' and window_grain = 'day'"""
    )
    assert set(found["column_name"]) == set(PARTS)
    assert set(found["model_version"]) == {"v1", "v2"}
    for (version, day, column), row in found.set_index(
        ["model_version", "window_start", "column_name"]
    ).iterrows():
        mean = built.sums.loc[(version, day), column] / built.counts.loc[(version, day), column]
        assert row["current_mean"] == pytest.approx(mean, rel=1e-9)
    statuses = dict(
        built.project.query(
            f"""select subject, status from vectors__checks where metric = 'output_psi' and model_version = 'v1'
            and window_start = timestamp '{LAST_DAY}' and subject like '%_part'"""
        )
    )
    # That hits kept its size is seen, too.
    assert statuses == {"amount_part": "warn", "hits_part": "pass", "weight_part": "warn"}


def test_a_permuted_ranking_warns_in_its_version_only(built: Built) -> None:
    found = built.project.frame("select * from vectors__checks where metric = 'attribution_ndcg'")
    assert set(found["model_version"]) == {"v1", "v2"}
    warned = found[found["status"] == "warn"]
    assert list(zip(warned["model_version"], warned["window_start"], strict=True)) == [("v1", LAST_DAY)]
    message = warned["message"].iloc[0]
    assert "NDCG of the attributions 0.6" in message
    assert "is below 0.9 " in message
    assert "from rank 1 to 3" in message
    # 160 rows a day are too few for a verdict.
    small = found[found["model_version"] == "v2"]
    assert set(small["reason"]) == {"insufficient_sample"}


def test_a_part_of_nobody_leaves_an_empty_fleet_view(built: Built) -> None:
    assert built.project.value("select count(*) from ml_embeddings") == 0
    assert built.project.value("select count(*) from ml_attributions") > 0
    names = [name for name, *_ in built.project.query("describe ml_embeddings")]
    assert {"monitor", "cosine_distance", "cosine_noise"} <= set(names)


# NDCG of any scores, from the macro alone


def test_ndcg_of_ties_zeros_and_missing_values_equals_scikit_learn(built: Built) -> None:
    random = np.random.default_rng(2)
    rows, expected = [], {}
    for case in range(60):
        count = int(random.integers(2, 9))
        relevance = random.random(count).round(1 if case % 2 else 6)
        score = random.random(count).round(1 if case % 3 else 6)
        if case % 5 == 0:
            score[: count // 2] = 0
        if case % 7 == 0:
            relevance[: count // 2] = 0
        rows += [(case, f"f{k}", a, b) for k, (a, b) in enumerate(zip(relevance, score, strict=True))]
        rows += [(case, "without score", 0.7, None), (case, "without relevance", None, 0.9)]
        expected[case] = ndcg_score([relevance], [score]) if relevance.max() > 0 else None
    rows += [(60, "a", 0.0, 1.0), (60, "b", 0.0, 0.5)]
    expected[60] = None
    values = ", ".join(
        f"({case}, '{item}', {'null' if a is None else a}, {'null' if b is None else b})"
        for case, item, a, b in rows
    )
    project = built.project
    project.write(
        "analyses/ndcg.sql",
        f"""with given as (select number, item, cast(relevance as double) as relevance, cast(score as double) as score
        from (values {values}) as v (number, item, relevance, score)),
        {{{{ ml_monitor.ndcg('given', ['number'], 'item', 'relevance', 'score', 'result') }}}}
        last as (select 1) select number, item_count, ndcg from result order by number""",
    )
    project.dbt("compile", "--select", "ndcg", check=0)
    compiled = project.read("target/compiled/ml_monitor/analyses/ndcg.sql")
    found = project.query(compiled)
    assert len(found) == len(expected)
    for number, count, ndcg in found:
        assert count == sum(1 for case, item, *_ in rows if case == number and not item.startswith("without"))
        assert ndcg is None if expected[number] is None else ndcg == pytest.approx(expected[number], abs=1e-9)

"""Features that tell the label: an injected leak fails the quality gate and nothing else; numbers equal scipy; runs are exact."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import tiny_monitor
from compare import differences
from conftest import POLICIES, Project, Result
from postgres_server import PostgresServer
from results import failing_gates
from scipy.stats import contingency, mannwhitneyu, spearmanr
from tiny_monitor import Frames

STAGING = "models/staging/tiny/_tiny.yml"
# A limit of our own; by default an association warns. No other row of the seed is changed.
OWN_LIMIT = "tiny-leak,tiny,label_association,day,none,__all__,*,,,0.7,0.9,500,\n"
ADDED = {"settled": "*double", "plan": "string", "last_labels": "int"}
LEAK = ["run", "--select", "+tiny__reference_profile"]
TOLD = "from tiny__reference_profile where rebuild_key = 'leak' and column_name"


def leaking(seed: int = 3) -> Frames:
    """The healthy monitor and three features: `settled` tells the label, `plan` half of it, `last_labels` has its name."""
    random = np.random.default_rng(seed)
    frames = tiny_monitor.generate()
    for table in ("inferences", "reference"):
        frame = frames[table].copy()
        label = frame["label"] if table == "reference" else random.random(len(frame)) < frame["score"]
        frame["settled"] = (label * 9 + random.random(len(frame))).round(3)
        frame["plan"] = np.where(random.random(len(frame)) < 0.35, np.where(label, "a", "b"), "c")
        frame["last_labels"] = random.integers(0, 4, len(frame)).astype("int32")
        frames[table] = frame
    return frames


def honest(frames: Frames) -> pd.DataFrame:
    """The training set with `settled` of any row."""
    reference = frames["reference"].copy()
    reference["settled"] = reference["settled"].sample(frac=1, random_state=1).to_numpy()
    return reference


def write_reference(project: Project, frame: pd.DataFrame) -> None:
    tiny_monitor.write_frames(project.raw / "tiny", {"reference": frame})


def told(project: Project) -> dict[str, float]:
    """The association of each feature."""
    return dict(project.query(f"select column_name, label_association {TOLD} <> '__rows__'"))


def expected(reference: pd.DataFrame) -> dict[str, float]:
    """The same by scipy: |2 AUC - 1|, and Cramer's V less what as many categories reach by chance."""
    positive = reference["label"] == 1
    found = {}
    for name in ("amount", "temp", "hits", "settled", "last_labels"):
        u = mannwhitneyu(reference.loc[positive, name], reference.loc[~positive, name]).statistic
        found[name] = abs(2 * u / (positive.sum() * (~positive).sum()) - 1)
    for name in ("country", "plan"):
        table = pd.crosstab(reference[name], positive)
        square = contingency.association(table, correction=False) ** 2
        n, k = len(reference), len(table)
        found[name] = np.sqrt(max(0, 1 - (n - 1) / (n - k) * (1 - square)))
    return found


@pytest.fixture(scope="module")
def frames() -> Frames:
    return leaking()


@pytest.fixture(scope="module")
def leak(tmp_path_factory: pytest.TempPathFactory, frames: Frames) -> tuple[Project, Result]:
    """The monitor with the leak, built once. Read only."""
    project = tiny_monitor.new_project(tmp_path_factory.mktemp("leak") / "project", {"tiny": frames})
    hits = "      - {name: hits, data_type: int"
    for start in (f"{hits}, config", f"{hits}}}"):
        of_inferences = start.endswith("config")
        lines = "".join(
            f"      - {{name: {name}, data_type: {kind}"
            + (", config: {meta: {role: feature}}}\n" if of_inferences else "}\n")
            for name, kind in ADDED.items()
        )
        project.replace(STAGING, start, lines + start, 1)
    project.append(POLICIES, OWN_LIMIT)
    return project, project.dbt("build")


def test_a_leak_fails_the_quality_gate_and_no_other_check(leak: tuple[Project, Result]) -> None:
    project, result = leak
    assert result.errors == {}
    assert failing_gates(result, "tiny") == {"quality"}
    found = project.query(
        "select distinct metric, subject, status from tiny__checks where status in ('warn', 'fail')"
    )
    assert set(found) == {
        ("label_association", "settled", "fail"),
        ("label_like_name", "last_labels", "warn"),
    }
    message = project.value(
        "select max(message) from tiny__checks where metric = 'label_association' and status = 'fail'"
    )
    assert re.search(r"settled association with the label 1\.000 is above 0\.9 ", message), message
    assert "n 5000; alone, in the training set" in message
    passed = project.query(
        "select distinct subject from tiny__checks where metric = 'label_association' and status = 'pass'"
    )
    assert {subject for (subject,) in passed} == {"amount", "temp", "hits", "country", "plan", "last_labels"}


def test_association_equals_scipy(leak: tuple[Project, Result], frames: Frames) -> None:
    found, right = told(leak[0]), expected(frames["reference"])
    assert found == pytest.approx(right, abs=1e-9)
    assert 0.3 < found["plan"] < 0.7
    days = leak[0].query(
        """select distinct column_name, label_association, label_association_rows from tiny__data_quality
        where label_association is not null"""
    )
    assert {name: value for name, value, _ in days} == found
    assert {rows for *_, rows in days} == {len(frames["reference"])}


def test_another_training_set_rewrites_the_days_and_the_same_one_nothing(
    leak: tuple[Project, Result], frames: Frames, tmp_path: Path
) -> None:
    project = leak[0].copy_to(tmp_path / "project")
    project.raw = tmp_path / "raw"
    tiny_monitor.write_frames(project.raw / "tiny", frames)
    selected = [
        "build",
        "--select",
        "+tiny__data_quality",
        "--resource-type",
        "model",
        "--resource-type",
        "seed",
    ]
    marked = "update tiny__reference_profile set label_association = 0.125 where column_name = 'settled'"
    with duckdb.connect(str(project.database)) as connection:
        connection.execute(marked)
    project.dbt(*selected, check=0)
    assert told(project)["settled"] == 0.125, "the same training set was counted again"
    write_reference(project, honest(frames))
    project.dbt(*selected, check=0)
    assert told(project)["settled"] < 0.1
    whole = project.copy_to(tmp_path / "whole")
    whole.database.unlink()
    whole.dbt(*selected, check=0)
    for table in ("tiny__reference_profile", "tiny__data_quality"):
        assert differences(project, whole, table) == []


def test_of_a_large_training_set_a_sample_is_read(
    leak: tuple[Project, Result], frames: Frames, tmp_path: Path
) -> None:
    project = leak[0].copy_to(tmp_path / "project")
    project.raw = shutil.copytree(leak[0].raw, tmp_path / "raw")
    # Every row 24 times: copies of a row are not in or out together.
    large = pd.concat([frames["reference"]] * 24, ignore_index=True)
    write_reference(project, large)
    project.dbt(*LEAK, check=0)
    rows = project.value(f"select row_count {TOLD} = 'amount'")
    assert rows == pytest.approx(50_000, rel=0.02)
    assert told(project) == pytest.approx(expected(frames["reference"]), abs=0.02)
    first = told(project)
    project.dbt(*LEAK, "--full-refresh", check=0)
    assert told(project) == pytest.approx(first, abs=1e-9)


def test_a_regression_by_ranks_and_no_association_with_many_classes(
    leak: tuple[Project, Result], frames: Frames, tmp_path: Path
) -> None:
    project = leak[0].copy_to(tmp_path / "project")
    project.raw = leak[0].raw
    project.replace(STAGING, "task: binary", "task: regression")
    project.dbt(*LEAK, check=0)
    reference = frames["reference"]
    found = told(project)
    for name in ("amount", "temp", "hits", "settled"):
        assert found[name] == pytest.approx(
            abs(spearmanr(reference[name], reference["label"]).statistic), abs=1e-9
        )
    project.replace(STAGING, "task: regression", "task: multiclass")
    project.dbt(*LEAK, check=0)
    assert told(project) == {}


def test_postgres_finds_the_same(
    leak: tuple[Project, Result], postgres: PostgresServer, tmp_path: Path
) -> None:
    project = leak[0].copy_to(tmp_path / "project")
    for path in project.folder.glob("models/staging/tiny/*.sql"):
        path.write_text(re.sub(r"read_parquet\(.*?/(\w+)\.parquet'\)", r"raw.\1", path.read_text("utf-8")))
    raw = tmp_path / "raw"
    raw.mkdir()
    for table in ("inferences", "reference"):
        rows = pq.read_table(leak[0].raw / "tiny" / f"{table}.parquet")
        # The newest pandas writes large strings, which load_postgres.py does not know.
        plain = [pa.string() if pa.types.is_large_string(kind) else kind for kind in rows.schema.types]
        schema = pa.schema(list(zip(rows.schema.names, plain, strict=True)))
        pq.write_table(rows.cast(schema), raw / f"{table}.parquet")
    environment = postgres.new_database("leak", raw)
    project.dbt(*LEAK, env=environment, check=0)
    # Again: what an incremental run compares must be there.
    project.dbt(*LEAK, env=environment, check=0)
    connection = postgres.connect("leak")
    with connection, connection.cursor() as cursor:
        cursor.execute(f"select column_name, label_association {TOLD} <> '__rows__'")
        assert dict(cursor.fetchall()) == pytest.approx(told(leak[0]), rel=1e-9)
    connection.close()

"""Schema changes: upstream ones fail with the column, owner and remedy, allowed ones are one line; declared ones rebuild
what they must, say so, and nothing else."""

from __future__ import annotations

import shutil
from collections.abc import Callable

import pandas as pd
import pytest
import tiny_monitor
from compare import NOT_COMPARED, all_differences
from conftest import Project, Result

EARLY, LATE = "2025-01-04 00:00:00", "2025-01-06 00:00:00"
YAML, SOURCES = "models/staging/tiny/_tiny.yml", "models/staging/tiny/_sources.yml"
STAGING = "models/staging/tiny/stg_tiny__inferences.sql"
RAW = "inferences.parquet"
REMEDY = "Remedy: have the source mended, or change stg_tiny__inferences and its YAML"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The tiny monitor on a source whose columns are expected, built three days long. Copied by each test."""
    frames = tiny_monitor.generate(days=6, rows_per_day=60)
    project = tiny_monitor.new_project(tmp_path_factory.mktemp("schema") / "project", {"tiny": frames})
    project.replace(
        STAGING,
        "read_parquet('{{ env_var('ML_RAW_PATH') }}/tiny/inferences.parquet')",
        "{{ source('raw', 'inferences') }}",
    )
    columns = "".join(f"                  - {column}\n" for column in frames["inferences"].columns)
    project.write(
        SOURCES,
        f"""sources:
  - name: raw
    config: {{meta: {{external_location: "{{{{ env_var('ML_RAW_PATH') }}}}/tiny/inferences.parquet"}}}}
    tables:
      - name: inferences
        data_tests:
          - ml_monitor.expected_columns:
              arguments:
                owner: {tiny_monitor.OWNER}
                columns:
{columns}""",
    )
    assert build(project, EARLY).exit_code == 0
    return project


@pytest.fixture
def project(built: Project, tmp_path) -> Project:
    """A copy with raw files of its own."""
    copy = built.copy_to(tmp_path / "project")
    copy.raw = tmp_path / "raw"
    shutil.copytree(built.raw, copy.raw)
    return copy


def build(project: Project, as_of: str = LATE, *args: str) -> Result:
    """Build, with the tests of the source but not those of gates, which fail for want of rows."""
    return project.dbt(
        "build",
        *args,
        "--exclude",
        "tiny__gate,resource_type:test",
        "test_name:gate",
        env={"ML_AS_OF": as_of},
    )


def change(project: Project, how: Callable[[pd.DataFrame], pd.DataFrame]) -> None:
    """Change the raw file."""
    path = project.raw / "tiny" / RAW
    how(pd.read_parquet(path)).to_parquet(path, index=False, coerce_timestamps="us")


def tables(project: Project) -> dict[str, tuple]:
    """What the tables of the monitor hold; the labels, which do not come from the source that changes, go on."""
    names = [
        name
        for name, kind in project.relations().items()
        if kind == "BASE TABLE" and "tiny__" in name and name != "tiny__labels_log"
    ]
    return {name: project.query(f'select count(*), bit_xor(hash(t)) from "{name}" as t')[0] for name in names}


def test_a_new_column_fails_until_it_is_allowed(project: Project) -> None:
    before = tables(project)
    change(project, lambda frame: frame.assign(colour="red"))
    result = build(project)
    assert result.exit_code == 1
    assert "inferences: column colour is new. Owner tiny-team@example.com" in result.said
    assert f"add it to columns of expected_columns in {SOURCES}" in result.said
    assert "stg_tiny__inferences" in result.skipped_models
    assert tables(project) == before
    project.append(SOURCES, "                  - colour\n")
    assert build(project).exit_code == 0
    assert tables(project) != before


@pytest.mark.parametrize(
    ("how", "named"),
    [
        (lambda frame: frame.drop(columns="temp"), ["column temp is missing"]),
        (
            lambda frame: frame.rename(columns={"temp": "temperature"}),
            ["column temp is missing", "column temperature is new"],
        ),
    ],
    ids=["missing", "renamed"],
)
def test_a_lost_column_fails_by_its_name(
    project: Project, how: Callable[[pd.DataFrame], pd.DataFrame], named: list[str]
) -> None:
    before = tables(project)
    raw = pd.read_parquet(project.raw / "tiny" / RAW)
    change(project, how)
    result = build(project)
    assert result.exit_code == 1
    for text in named:
        assert f"inferences: {text}. Owner tiny-team@example.com. " in result.said
    assert tables(project) == before
    # Mended upstream, a plain rerun goes on.
    change(project, lambda _: raw)
    assert build(project).exit_code == 0


def test_a_changed_type_fails_by_its_name(project: Project) -> None:
    before = tables(project)
    change(project, lambda frame: frame.assign(amount=frame["amount"].astype(str)))
    result = build(project)
    assert result.exit_code == 1
    assert set(result.errors) == {"stg_tiny__inferences"}
    assert "amount" in result.said
    assert "VARCHAR" in result.said
    assert "Owner tiny-team@example.com" in result.said
    assert REMEDY in result.said
    assert tables(project) == before


def test_a_column_monitored_later_is_counted_from_the_start(project: Project, tmp_path) -> None:
    change(project, lambda frame: frame.assign(colour=["red", "blue", "blue"] * (len(frame) // 3)))
    project.append(SOURCES, "                  - colour\n")
    project.replace(STAGING, "    score,", "    colour,\n    score,")
    line = "      - {name: colour, data_type: string, config: {meta: {role: feature}}}\n"
    project.replace(
        YAML,
        "      - {name: score, data_type: *double",
        f"{line}      - {{name: score, data_type: *double",
        1,
    )
    result = build(project)
    assert result.exit_code == 0, result.output
    assert "tiny: changed_declaration of " in result.said
    counted = project.value(
        "select sum(row_count) from tiny__hourly_profile where column_name = 'colour' and segment_name = '__all__'"
    )
    assert counted == project.value("select count(*) from tiny__inferences where colour is not null") > 250
    stepwise = project.copy_to(tmp_path / "stepwise")
    assert build(project, LATE, "--full-refresh").exit_code == 0
    assert all_differences(stepwise, project) == []


def test_another_type_is_read_anew(project: Project, tmp_path) -> None:
    project.replace(YAML, "name: hits, data_type: int,", "name: hits, data_type: bigint,")
    project.replace(STAGING, "    hits,", "    cast(hits as bigint) as hits,")
    result = build(project)
    assert result.exit_code == 0, result.output
    kinds = project.query(
        "select data_type from information_schema.columns where table_name = 'tiny__inferences_log' and column_name = 'hits'"
    )
    assert kinds == [("BIGINT",)]
    stepwise = project.copy_to(tmp_path / "stepwise")
    assert build(project, LATE, "--full-refresh").exit_code == 0
    assert all_differences(stepwise, project) == []


@pytest.mark.parametrize(
    ("file", "old", "new", "rebuilt"),
    [
        (YAML, "role: feature, min: 0, max: 1000", "role: feature, min: 0, max: 110", {"hourly_profile"}),
        (YAML, "late_after_minutes: 60", "late_after_minutes: 1", {"hourly_volume"}),
        (YAML, "task: binary", "task: binary\n          positive_threshold: 0.3", {"hourly_outcomes"}),
        (
            YAML,
            "segments: [country]",
            "segments: [country, model_version]",
            {"hourly_profile", "hourly_volume", "hourly_outcomes"},
        ),
        (YAML, "owner: tiny-team", "owner: new-team", set()),
    ],
    ids=["range", "lateness", "threshold", "segments", "owner"],
)
def test_a_changed_declaration_rebuilds_what_it_must(
    project: Project, file: str, old: str, new: str, rebuilt: set[str]
) -> None:
    rollups = {f"tiny__hourly_{name}" for name in ("profile", "volume", "outcomes", "joins")}
    before = tables(project)
    project.replace(file, old, new)
    result = build(project, EARLY)
    assert result.exit_code == 0, result.output
    after = tables(project)
    assert {name for name in rollups if before[name] != after[name]} == {f"tiny__{name}" for name in rebuilt}
    unchanged = {"tiny__inferences_log", "tiny__grid"}
    assert {name for name in unchanged if before[name] != after[name]} == set()
    if rebuilt:
        said = f"tiny: changed_declaration of {', '.join(sorted(rebuilt))}, 0 log rows and 0 labels changed"
    else:
        said = "tiny: nothing_new"
        others = {name for name in before if not name.endswith((*NOT_COMPARED, "__checks"))}
        assert {name for name in others if before[name] != after[name]} == set()
    assert said in result.said

"""Faults in the parts counts, registry and offline, and in the weights of the quality score: all at once, before any SQL."""

from __future__ import annotations

from pathlib import Path

import pytest
import tiny_monitor
from conftest import Project
from test_declarations import column

STAGING = "models/staging/tiny/_tiny.yml"
FAULTS = {
    "a count hour that is no time": (
        column("count_hour", "timestamp", "role: count_hour"),
        column("count_hour", "string", "role: count_hour"),
        "stg_tiny__counts.columns.count_hour.data_type",
        "found:   string",
        "allowed: a timestamp in UTC, without time zone",
        "- {name: count_hour, data_type: timestamp, config: {meta: {role: count_hour}}}",
    ),
    "no count": (
        column("row_count", "bigint", "role: row_count"),
        "{name: row_count, data_type: bigint}",
        "stg_tiny__counts.columns",
        "found:   no column with role row_count",
        "allowed: exactly one",
        "- {name: row_count, data_type: bigint, config: {meta: {role: row_count}}}",
    ),
    "a role of another table": (
        column("active_until", "timestamp", "role: active_until"),
        column("active_until", "timestamp", "role: label_time"),
        "stg_tiny__registry.columns.active_until.config.meta.role",
        "found:   label_time",
        "allowed: entity_id, active_from, active_until, context",
        "- {name: active_until, data_type: timestamp, config: {meta: {role: entity_id}}}",
    ),
    "inferences without entities": (
        column("entity", "string", "role: entity_id") + "\n      - {name: score",
        "{name: entity, data_type: string}\n      - {name: score",
        "stg_tiny__inferences.columns",
        "found:   no column with role entity_id",
        "allowed: exactly one, for the part registry",
        "- {name: customer_id, data_type: string, config: {meta: {role: entity_id}}}",
    ),
    "a feature that is not served": (
        column("hits", "int", "role: feature")
        + "\n      - {name: country, data_type: string, config: {meta: {role: feature}}}",
        column("clicks", "int", "role: feature")
        + "\n      - {name: country, data_type: int, config: {meta: {role: feature}}}",
        "stg_tiny__offline.columns.clicks",
        "found:   a feature that the inferences do not have",
        "allowed: features of stg_tiny__inferences: amount, temp, hits, country; give it the same name in the staging SQL",
        "- {name: amount, data_type: int, config: {meta: {role: feature}}}",
    ),
    "an unknown weight": (
        "task: binary",
        "task: binary\n          quality_weights: {freshness: 1, accuracy: 2, validity: -1, uniqueness: high}",
        "config.meta.ml_monitor.quality_weights.accuracy",
        "found:   unknown key accuracy",
        "allowed: freshness, completeness, validity, uniqueness",
        "quality_weights: {freshness: 1, completeness: 2, validity: 2, uniqueness: 1}",
    ),
}
# What the same edits also say.
MORE = [
    (
        "stg_tiny__offline.columns.country.data_type",
        "found:   numeric (int)",
        "allowed: categorical, as in stg_tiny__inferences (string)",
    ),
    ("quality_weights.validity", "found:   -1", "allowed: a number, 0 or more"),
    ("quality_weights.uniqueness", "found:   high", "allowed: a number, 0 or more"),
    (
        "stg_tiny__inferences.columns",
        "found:   no column with role entity_id",
        "allowed: exactly one, for the part offline",
    ),
]


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A monitor with all parts; nothing is built."""
    frames = tiny_monitor.with_truth(tiny_monitor.generate(days=1, rows_per_day=24))
    return tiny_monitor.new_project(tmp_path_factory.mktemp("parts") / "project", {"tiny": frames})


def said(project: Project, *edits: tuple[str, str]) -> str:
    """What the validator says after these edits, with its indentation and colours gone."""
    before = project.read(STAGING)
    for old, new in edits:
        project.replace(STAGING, old, new, 1)
    try:
        result = project.dbt("run-operation", "validate_declarations")
    finally:
        project.write(STAGING, before)
    assert result.exit_code != 0
    return "\n".join(line.strip() for line in result.output.splitlines())


def test_every_fault_of_the_parts_is_listed_at_once(project: Project) -> None:
    output = said(project, *[(old, new) for old, new, *_ in FAULTS.values()])
    assert f"ml_monitor: {len(FAULTS) + len(MORE)} faults in the declarations; no SQL was run." in output
    for name, (_, _, key, found, allowed, snippet) in FAULTS.items():
        assert f"{STAGING}: " in output
        assert any(key in block and found in block and allowed in block for block in output.split("\n\n")), (
            name
        )
        assert snippet in output, name
    for key, found, allowed in MORE:
        assert any(key in block and found in block and allowed in block for block in output.split("\n\n")), (
            found
        )


@pytest.mark.parametrize(
    ("weights", "found", "allowed"),
    [
        (
            "{freshness: 0, completeness: 0, validity: 0, uniqueness: 0}",
            "only zeros",
            "at least one weight above 0",
        ),
        ("[1, 2]", "[1, 2]", "a dict of freshness, completeness, validity, uniqueness to numbers"),
    ],
)
def test_weights_that_say_nothing_are_refused(
    project: Project, weights: str, found: str, allowed: str
) -> None:
    output = said(project, ("task: binary", f"task: binary\n          quality_weights: {weights}"))
    assert "ml_monitor: 1 fault in the declarations" in output
    assert f"found:   {found}\nallowed: {allowed}" in output


def test_a_part_may_not_have_a_reserved_name(project: Project, tmp_path: Path) -> None:
    other = project.copy_to(tmp_path / "other")
    other.replace("dbt_project.yml", '"customer"', '"reconciliation"')
    # Without a model dbt itself stops, with another text.
    other.write("models/staging/tiny/stg_tiny__reconciliation.sql", "select 1 as id\n")
    result = other.dbt("run-operation", "validate_declarations")
    assert result.exit_code != 0
    assert "lookups (none of them named inferences, joins, reconciliation)" in result.output
    with pytest.raises(AssertionError, match="reconciliation is not the name of a part"):
        other.scaffold("other", ["reconciliation"])


def test_the_parts_are_no_lookups(project: Project) -> None:
    """They have no join, so a monitor with nothing else has no table of joins."""
    folder = project.folder / "models/monitors/tiny"
    assert (folder / "tiny__parity.sql").read_text(
        encoding="utf-8"
    ) == "{{ ml_monitor.parity_metrics('tiny') }}\n"
    assert (folder / "tiny__hourly_joins.sql").exists()
    project.scaffold("plain", ["counts", "registry", "offline", "reference"])
    written = {
        path.stem.removeprefix("plain__") for path in (project.folder / "models/monitors/plain").glob("*.sql")
    }
    assert {"window_metrics", "parity"} <= written
    assert written.isdisjoint({"hourly_joins", "labels_log", "performance"})
    for parts, missing in [(["counts"], "parity"), (["offline"], "hourly_joins")]:
        project.scaffold("_".join(parts), parts)
        assert not (project.folder / f"models/monitors/{parts[0]}/{parts[0]}__{missing}.sql").exists()

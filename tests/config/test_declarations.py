"""A wrong declaration stops dbt before any SQL, with every fault at once and what to write instead."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pytest
import tiny_monitor
from conftest import Project, Result

STAGING = "models/staging/tiny/_tiny.yml"
LOOKUP = (
    "      - {name: id, data_type: int, config: {meta: {role: join_key, inference_column: customer_id}}}\n"
)


@dataclass(frozen=True)
class Mistake:
    """An edit of the project and what must be said of it."""

    edit: Callable[[Project], None]
    key: str
    found: str
    allowed: str
    snippet: str
    file: str = STAGING


def replaced(old: str, new: str) -> Callable[[Project], None]:
    """An edit of the staging YAML."""
    return lambda project: project.replace(STAGING, old, new, 1)


def segment_of_personal_data(project: Project) -> None:
    """A personal column becomes a segment."""
    project.replace(STAGING, "role: join_key}", "role: join_key, personal: true}", 1)
    project.replace(STAGING, "segments: [country]", "segments: [country, customer_id]", 1)


def unlisted(project: Project) -> None:
    """A second monitor is declared and described, but not listed in vars."""
    text = project.read(STAGING).split("\n\n  - name: stg_tiny__labels")[0]
    project.write("models/staging/other/_other.yml", text.replace("stg_tiny__", "stg_other__") + "\n")
    sql = project.read("models/staging/tiny/stg_tiny__inferences.sql")
    project.write("models/staging/other/stg_other__inferences.sql", sql)


def column(name: str, data_type: str, meta: str) -> str:
    """A column as the staging YAML of tiny writes it."""
    return f"{{name: {name}, data_type: {data_type}, config: {{meta: {{{meta}}}}}}}"


TIMES = column("ingest_time", "timestamp", "role: ingest_time")
COUNTRY = column("country", "string", "role: feature, accepted_values: [de, fr, it, nl]")
HITS = column("hits", "int", "role: feature, min: 0, max: 50, default_value: 7")
LATENCY = column("latency_ms", "*double", "role: latency_ms, min: 0")
TEMP = column("temp", "*double", "role: feature")
PREFIX = "stg_tiny__inferences.columns"
MONITOR = "stg_tiny__inferences.config.meta.ml_monitor"

# The faults that the issue names, each in a project of its own with the others around it right.
MISTAKES = {
    "class scores of two classes": Mistake(
        replaced("role: feature, min: 0, max: 1000", "role: class_score, of: cat"),
        f"{PREFIX}.amount.config.meta.role",
        "class_score of a binary task",
        "class scores of a multiclass task; of a binary one the probability of class 1 has role score",
        "- {name: amount, data_type: double, config: {meta: {role: score, min: 0, max: 1}}}",
    ),
    "arms without shares": Mistake(
        replaced("meta: {role: join_key}", "meta: {role: treatment}"),
        f"{PREFIX}.customer_id.config.meta.shares",
        "nothing",
        "two or more arms with shares above 0 that add up to 1",
        "role: treatment, shares: {control: 0.5, candidate: 0.5}",
    ),
    "a metric of unknown names": Mistake(
        replaced(
            "segments: [country]",
            "segments: [country]\n          metrics: [{name: net, expression: missed * 2}]",
        ),
        f"{MONITOR}.metrics[0].expression",
        "missed",
        "metrics of this monitor that have a numerator: there are none",
        "- {name: missed_amount, numerator: amount * label * (1 - prediction), is_better: lower}",
    ),
    # Beside "a threshold for many classes", whose task is multiclass.
    "a challenger's score of classes": Mistake(
        replaced(LATENCY, column("latency_ms", "*double", "role: shadow_score")),
        PREFIX,
        "role shadow_score of a multiclass task",
        "role shadow_prediction; a shadow_score is of a binary task",
        "config: {meta: {role: shadow_prediction}}}",
    ),
    "an upstream that is no monitor": Mistake(
        replaced("task: binary", "task: binary\n          upstream: [prices]"),
        f"{MONITOR}.upstream",
        "prices",
        "other monitors of vars.ml_monitors: there are none",
        "upstream: [other_monitor]",
    ),
    "an objective of a metric and of a category": Mistake(
        replaced(
            "label_horizon_hours: 24",
            "objectives: [{name: on_time, metric: late_share, category: freshness, target: 0.9}]",
        ),
        f"{MONITOR}.objectives[0]",
        "both a metric and a category",
        "a metric, which counts predictions, or a category, which counts hours",
        "- {name: on_time, metric: late_share, target: 0.99}",
    ),
    "a retraining by age without an age": Mistake(
        replaced("late_after_minutes: 60", "retraining: {when: [[performance], [drift_with_impact, age]]}"),
        f"{MONITOR}.retraining.when[1]",
        "age without max_age_days",
        "age beside max_age_days",
        "retraining: {when: [[performance], [drift_with_impact, age]], max_age_days: 180}",
    ),
    "unknown role": Mistake(
        replaced(TEMP, column("temp", "*double", "role: fature")),
        f"{PREFIX}.temp.config.meta.role",
        "fature",
        "prediction_id, event_time, ingest_time, model_version, request_id, entity_id, feature, score",
        "- {name: temp, data_type: double, config: {meta: {role: ",
    ),
    "unknown key of a column": Mistake(
        replaced(HITS, column("hits", "int", "role: feature, minimum: 0")),
        f"{PREFIX}.hits.config.meta.minimum",
        "unknown key minimum",
        "role, kind, min, max, accepted_values, pattern, hard, max_null_rate, exact_distinct, default_value",
        "- {name: hits, data_type: int, config: {meta: {role: feature}}}",
    ),
    "unknown key of the monitor": Mistake(
        replaced("label_horizon_hours: 24", "label_horizon_days: 1"),
        f"{MONITOR}.label_horizon_days",
        "unknown key label_horizon_days",
        "label_horizon_hours",
        "ml_monitor:",
    ),
    "two event times": Mistake(
        replaced(TIMES, column("ingest_time", "timestamp", "role: event_time")),
        f"{PREFIX}.ingest_time.config.meta.role",
        "a second event_time beside event_time",
        "one column with role event_time",
        "config: {meta: {role: context}}",
    ),
    "no event time": Mistake(
        replaced(
            column("event_time", "timestamp", "role: event_time"), "{name: event_time, data_type: timestamp}"
        ),
        "stg_tiny__inferences.columns",
        "no column with role event_time",
        "exactly one",
        "- {name: event_time, data_type: timestamp, config: {meta: {role: event_time}}}",
    ),
    "a feature that is not in the contract": Mistake(
        replaced(TEMP, "{name: temp, config: {meta: {role: feature}}}"),
        f"{PREFIX}.temp.data_type",
        "none, so the column is not in the contract",
        "a data type",
        "- {name: temp, data_type: double, config: {meta: {role: feature}}}",
    ),
    "a staging model without a contract": Mistake(
        replaced("    config: {contract: {enforced: true}}\n", ""),
        "stg_tiny__labels.config.contract.enforced",
        "not enforced",
        "true",
        "contract: {enforced: true}",
    ),
    "a text that YAML reads as false": Mistake(
        replaced(COUNTRY, column("country", "string", "role: feature, accepted_values: [de, no]")),
        f"{PREFIX}.country.config.meta.accepted_values",
        "false (a boolean) on a column of type string",
        "texts in quotes",
        "accepted_values: ['de', 'no']",
    ),
    "texts that YAML reads as numbers": Mistake(
        replaced(
            COUNTRY, column("country", "string", "role: feature, accepted_values: [01321, 12:30, 1.10]")
        ),
        f"{PREFIX}.country.config.meta.accepted_values",
        "721 (a number), 750 (a number), 1.1 (a number) on a column of type string",
        "YAML reads 01321 as 721, 12:30 as 750, 1.10 as 1.1",
        "accepted_values: ['721', '750', '1.1']",
    ),
    "numbers of a boolean": Mistake(
        replaced(COUNTRY, column("country", "boolean", "role: feature, accepted_values: [0, 1]")),
        f"{PREFIX}.country.config.meta.accepted_values",
        "0 (a number), 1 (a number) on a column of type boolean",
        "true and false, without quotes",
        "accepted_values: [true, false]",
    ),
    "a default value of another type": Mistake(
        replaced(COUNTRY, column("country", "string", "role: feature, default_value: 7")),
        f"{PREFIX}.country.config.meta.default_value",
        "7 (a number) on a column of type string",
        "texts in quotes",
        "default_value: '7'",
    ),
    "a time with a zone": Mistake(
        replaced(TIMES, column("ingest_time", "timestamp with time zone", "role: ingest_time")),
        f"{PREFIX}.ingest_time.data_type",
        "timestamp with time zone on a column with role ingest_time",
        "a timestamp in UTC, without time zone",
        "ingest_time at time zone 'UTC' as ingest_time",
    ),
    "a date for a time": Mistake(
        replaced(
            column("label_time", "timestamp", "role: label_time"),
            column("label_time", "date", "role: label_time"),
        ),
        "stg_tiny__labels.columns.label_time.data_type",
        "date on a column with role label_time",
        "a timestamp in UTC, without time zone",
        "cast(label_time as timestamp) as label_time",
    ),
    "a score that is a text": Mistake(
        replaced(
            column("score", "*double", "role: score, min: 0, max: 1"),
            column("score", "string", "role: score"),
        ),
        f"{PREFIX}.score.data_type",
        "string on a column with role score",
        "a whole number, a number",
        "as score",
    ),
    "ids of other types on both sides": Mistake(
        replaced(
            "stg_tiny__labels\n    description: One row per write of an outcome.\n"
            "    config: {contract: {enforced: true}}\n    columns:\n      - {name: prediction_id, data_type: string,",
            "stg_tiny__labels\n    description: One row per write of an outcome.\n"
            "    config: {contract: {enforced: true}}\n    columns:\n      - {name: prediction_id, data_type: bigint,",
        ),
        "stg_tiny__labels.columns.prediction_id.data_type",
        "bigint, which is compared with prediction_id of stg_tiny__inferences (string)",
        "a type that can be compared: string",
        "as prediction_id",
    ),
    "a training set that cannot be compared": Mistake(
        replaced("      - {name: hits, data_type: int}\n", "      - {name: hits, data_type: string}\n"),
        "stg_tiny__reference.columns.hits.data_type",
        "string, which is compared with hits of stg_tiny__inferences (int)",
        "a type that can be compared: int",
        "as hits",
    ),
    "a window that is always there": Mistake(
        replaced("label_horizon_hours: 24", "drift_windows: [day]"),
        f"{MONITOR}.drift_windows",
        "['day']",
        "a list of hour",
        "drift_windows: [hour]",
    ),
    "weekends apart without hours": Mistake(
        replaced("late_after_minutes: 60", "weekends_apart: true"),
        f"{MONITOR}.weekends_apart",
        "weekends_apart without hour in drift_windows",
        "weekends_apart beside windows of an hour",
        "drift_windows: [hour]",
    ),
    "a threshold for many classes": Mistake(
        replaced("task: binary", "task: multiclass\n          positive_threshold: 0.3"),
        f"{MONITOR}.positive_threshold",
        "positive_threshold of a multiclass task",
        "positive_threshold of a binary task",
        "positive_threshold: 0.3",
    ),
    "a kind that nothing counts by": Mistake(
        replaced("role: model_version", "role: model_version, kind: categorical"),
        f"{PREFIX}.model_version.config.meta.kind",
        "kind on a column with role model_version",
        "on monitored columns of the inferences",
        "- {name: model_version, data_type: string, config: {meta: {role: model_version}}}",
    ),
    "a joined column that is no key of a lookup": Mistake(
        replaced(TEMP, column("temp", "*double", "role: feature, inference_column: hits")),
        f"{PREFIX}.temp.config.meta.inference_column",
        "inference_column on a column with role feature",
        "on columns of a lookup with role join_key",
        "config: {meta: {role: feature}}",
    ),
    "a unit of the training set": Mistake(
        replaced(
            "{name: score, data_type: *double}",
            "{name: score, data_type: *double, config: {meta: {unit: km}}}",
        ),
        "stg_tiny__reference.columns.score.config.meta.unit",
        "unit on a column with role context of reference",
        "on columns of the inferences",
        "- {name: score, data_type: double",
    ),
    "settings on a part": Mistake(
        replaced(
            "The training set.\n    config: {contract: {enforced: true}}",
            "The training set.\n    config: {contract: {enforced: true}, meta: {ml_monitor: {time_zone: UTC}}}",
        ),
        "stg_tiny__reference.config.meta.ml_monitor",
        "settings of the monitor on its part reference",
        "settings on stg_tiny__inferences only",
        "- name: stg_tiny__inferences",
    ),
    "a tolerance without an ingest time": Mistake(
        lambda project: project.write(
            STAGING,
            project.read(STAGING)
            .replace("role: ingest_time", "role: context")
            .replace("late_after_minutes: 60", "event_tolerance_minutes: 5"),
        ),
        f"{MONITOR}.event_tolerance_minutes",
        "event_tolerance_minutes without a column with role ingest_time",
        "where rows say when they arrived",
        "- {name: ingest_time, data_type: timestamp, config: {meta: {role: ingest_time}}}",
    ),
    "a segment that does not exist": Mistake(
        replaced("segments: [country]", "segments: [country, region]"),
        f"{MONITOR}.segments",
        "region",
        "columns of stg_tiny__inferences: prediction_id, event_time",
        "segments: [",
    ),
    "a protected column that is no segment": Mistake(
        replaced("segments: [country]", "segments: [country]\n          protected: [tier]"),
        f"{MONITOR}.protected",
        "tier",
        "columns of segments: country",
        "protected: [tier]",
    ),
    "a segment of personal data": Mistake(
        segment_of_personal_data,
        f"{MONITOR}.segments",
        "customer_id, which is personal",
        "columns that are not personal",
        "segments: [",
    ),
    "accepted values on a number": Mistake(
        replaced(HITS, column("hits", "int", "role: feature, accepted_values: [1, 2]")),
        f"{PREFIX}.hits.config.meta.accepted_values",
        "a list on a numeric column (int)",
        "min and max for numbers",
        "min: 0, max: 1",
    ),
    "a limit on a text": Mistake(
        replaced(COUNTRY, column("country", "string", "role: feature, min: 0")),
        f"{PREFIX}.country.config.meta.min",
        "a limit on a categorical column (string)",
        "accepted_values",
        "accepted_values: [a, b]",
    ),
    "min above max": Mistake(
        replaced(HITS, column("hits", "int", "role: feature, min: 9, max: 5")),
        f"{PREFIX}.hits.config.meta.min",
        "9 above max 5",
        "min <= max",
        "min: 5, max: 9",
    ),
    "a limit that is no number": Mistake(
        replaced(HITS, column("hits", "int", "role: feature, min: none")),
        f"{PREFIX}.hits.config.meta.min",
        "none",
        "a number",
        "min: 0",
    ),
    "an unknown task": Mistake(
        replaced("task: binary", "task: classification"),
        f"{MONITOR}.task",
        "classification",
        "binary, multiclass, regression",
        "task: binary",
    ),
    "no owner": Mistake(
        replaced(f"          owner: {tiny_monitor.OWNER}\n", ""),
        f"{MONITOR}.owner",
        "nothing",
        "who acts on a failed gate",
        "owner: team@example.com",
    ),
    "an unknown time zone": Mistake(
        replaced("task: binary", "task: binary\n          time_zone: New York"),
        f"{MONITOR}.time_zone",
        "New York",
        "a name of the IANA time zone database",
        "time_zone: America/New_York",
    ),
    "a join key that the inferences do not have": Mistake(
        replaced("inference_column: customer_id", "inference_column: client_id"),
        "stg_tiny__customer.columns.id.config.meta.inference_column",
        "client_id",
        "a column of stg_tiny__inferences: prediction_id",
        "inference_column: ",
    ),
    "a lookup without a join key": Mistake(
        replaced(LOOKUP, "      - {name: id, data_type: int}\n"),
        "stg_tiny__customer.columns",
        "no column with role join_key",
        "the columns the features were joined on",
        "role: join_key",
    ),
    "a quote character in a name": Mistake(
        replaced(TEMP, TEMP + "\n      - " + "{name: 'the \"real\" temp', quote: true, data_type: *double}"),
        f'{PREFIX}.the "real" temp',
        "a quote character in the name",
        "give the column an alias in the staging SQL",
        "as the_real_temp",
    ),
    "two names that differ by case": Mistake(
        replaced(TEMP, TEMP + "\n      - {name: Temp, quote: true, data_type: *double}"),
        f"{PREFIX}.Temp",
        "differs from temp by case only",
        "names that are unique ignoring case",
        'select "Temp" as temp_2',
    ),
    "a special name without quote": Mistake(
        replaced(TEMP, TEMP + "\n      - {name: grüße an alle, data_type: string}"),
        f"{PREFIX}.grüße an alle.quote",
        "no quote for a name with special characters",
        "quote: true",
        'name: "grüße an alle", quote: true',
    ),
    "a name that ml_monitor keeps": Mistake(
        replaced(TEMP, TEMP + "\n      - {name: ml_batch, data_type: bigint}"),
        f"{PREFIX}.ml_batch",
        "a name that ml_monitor keeps for itself",
        "names that do not begin with ml_",
        "select ml_batch as my_ml_batch",
    ),
    "a monitor that vars do not list": Mistake(
        unlisted,
        "stg_other__inferences.config.meta.ml_monitor",
        "a monitor that vars.ml_monitors does not list",
        "listed: tiny",
        "other: []",
        file="models/staging/other/_other.yml",
    ),
}


def assert_said(output: str, mistake: Mistake) -> None:
    """The fault is listed with its file, key, what was found, what is allowed and what to write."""
    said = re.search(
        rf"\d+\. {re.escape(mistake.file)}: {re.escape(mistake.key)}\n"
        r"\s+found: +(?P<found>.*)\n\s+allowed: (?P<allowed>.*)\n\s+write:\n(?P<snippet>(?:\s{7,}.*\n)+)",
        output,
    )
    assert said, f"{mistake.key} is not in\n{output}"
    assert said["found"].startswith(mistake.found)
    assert mistake.allowed in said["allowed"]
    assert mistake.snippet in said["snippet"]


@contextmanager
def undone(project: Project) -> Iterator[None]:
    """Put the declarations back as they were."""
    files = {path: path.read_text() for path in project.folder.glob("models/staging/*/*")}
    files[project.folder / "dbt_project.yml"] = project.read("dbt_project.yml")
    try:
        yield
    finally:
        project.remove("models/staging")
        for path, text in files.items():
            project.write(str(path.relative_to(project.folder)), text)


def broken_by(project: Project, names: list[str], *command: str) -> Result:
    """Make these mistakes, run dbt, and undo them; nothing may have been built."""
    with undone(project):
        for name in names:
            MISTAKES[name].edit(project)
        result = project.dbt(*(command or ("build",)))
    assert result.exit_code != 0
    assert "no SQL was run" in result.output
    assert project.relations() == {}
    return result


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A project with the monitor tiny, never built."""
    return tiny_monitor.new_project(tmp_path_factory.mktemp("declarations") / "project")


GROUPS = [
    [
        "unknown role",
        "unknown key of a column",
        "unknown key of the monitor",
        "two event times",
        "a limit on a text",
        "a staging model without a contract",
        "an unknown task",
        "no owner",
        "a join key that the inferences do not have",
        "a monitor that vars do not list",
    ],
    [
        "a feature that is not in the contract",
        "a segment that does not exist",
        "accepted values on a number",
        "no event time",
        "an unknown time zone",
        "a text that YAML reads as false",
        "a date for a time",
        "a lookup without a join key",
    ],
    [
        "min above max",
        "a name that ml_monitor keeps",
        "a protected column that is no segment",
        "a special name without quote",
        "texts that YAML reads as numbers",
        "a time with a zone",
        "an upstream that is no monitor",
        "an objective of a metric and of a category",
        "a retraining by age without an age",
    ],
    [
        "a limit that is no number",
        "a quote character in a name",
        "two names that differ by case",
        "a tolerance without an ingest time",
        "a default value of another type",
        "a score that is a text",
        "class scores of two classes",
        "arms without shares",
        "a metric of unknown names",
    ],
    [
        "a window that is always there",
        "weekends apart without hours",
        "a threshold for many classes",
        "a challenger's score of classes",
        "a kind that nothing counts by",
        "a joined column that is no key of a lookup",
        "a unit of the training set",
        "settings on a part",
        "numbers of a boolean",
        "a segment of personal data",
    ],
    # What is compared with each other is looked at once each column is right by itself.
    ["ids of other types on both sides", "a training set that cannot be compared"],
]


@pytest.mark.parametrize("names", GROUPS, ids=["1", "2", "3", "4", "5", "6"])
def test_all_faults_are_listed_at_once_and_nothing_is_built(project: Project, names: list[str]) -> None:
    result = broken_by(project, names)
    count = re.search(r"ml_monitor: (\d+) faults in the declarations; no SQL was run\.", result.output)
    assert count
    for name in names:
        assert_said(result.output, MISTAKES[name])
    numbered = re.findall(r"^ +(\d+)\. \S+: ", result.output, flags=re.MULTILINE)
    assert [int(number) for number in numbered] == list(range(1, int(count[1]) + 1))
    assert len(names) <= int(count[1]) <= len(names) + 2


def test_every_mistake_is_in_a_group() -> None:
    assert sorted(name for group in GROUPS for name in group) == sorted(MISTAKES)


def test_compiling_one_model_alone_raises_the_same(project: Project) -> None:
    name = "a segment that does not exist"
    result = broken_by(project, [name], "compile", "--select", "tiny__drift")
    assert_said(result.output, MISTAKES[name])
    assert "ml_monitor: 1 fault in the declarations; no SQL was run." in result.output


def test_settings_of_the_wrong_form_are_refused(project: Project) -> None:
    given = {
        "ml_segment_cap": 0,
        "ml_baseline_days": "a month",
        "ml_baseline_max_faulty_share": 5,
        "ml_gate_lookback_hours": 1.5,
        "ml_summary": "no",
    }
    allowed = [
        "a whole number, 1 or more",
        "a whole number, 1 or more",
        "a share, 0 to 1",
        "a whole number, 1 or more",
        "true, false",
    ]
    write = ["200", "28", "0.05", "48", "true"]
    result = project.dbt("build", vars=given)
    assert f"ml_monitor: {len(given)} faults in the declarations; no SQL was run." in result.output
    for (name, found), words, snippet in zip(given.items(), allowed, write, strict=True):
        file, key = "dbt_project.yml or --vars", f"vars.{name}"
        said = Mistake(lambda _: None, key, str(found), words, f"{name}: {snippet}", file)
        assert_said(result.output, said)
    assert project.relations() == {}


def test_a_part_without_a_staging_model_stops_dbt_itself(project: Project) -> None:
    """Models refer to the parts that vars list, so dbt says what is missing before any macro can."""
    with undone(project):
        project.replace("dbt_project.yml", '"customer"]', '"customer", "product"]')
        result = project.dbt("build")
    assert result.exit_code == 2
    assert "tiny__hourly_joins" in result.output
    assert "depends on a node named 'stg_tiny__product' which was not found" in result.output
    assert project.relations() == {}


def test_awkward_but_allowed_names_work(project: Project) -> None:
    names = ["order", "Größe in cm", "CamelCase", "it's 100 %"]
    lines = "".join(
        f'\n      - {{name: "{name}", quote: true, data_type: *double, config: {{meta: {{role: feature}}}}}}'
        for name in names
    )
    project.replace(STAGING, TEMP, TEMP + lines, 1)
    project.replace(STAGING, "segments: [country]", 'segments: [country, "Größe in cm"]')
    columns = ", ".join(f'round(amount / 30) as "{name}"' for name in names)
    project.replace(
        "models/staging/tiny/stg_tiny__inferences.sql", "\n    temp,", f"\n    temp,\n    {columns},"
    )
    result = project.dbt("build", check=0)
    assert result.errors == {}
    for name in names:
        quoted = name.replace("'", "''")
        evaluated = project.value(
            f"""select count(*) from tiny__drift
            where column_name = '{quoted}' and psi is not null and segment_name = '__all__' and window_grain = 'day'"""
        )
        assert evaluated == tiny_monitor.DAYS, name
    segments = project.value(
        "select count(distinct segment_value) from tiny__data_quality where segment_name = 'Größe in cm'"
    )
    assert segments >= 4

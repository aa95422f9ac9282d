"""Each gate fails when what it watches breaks, and only that gate; nothing that was not evaluated passes.

One build holds a healthy monitor and others, each with inputs of one category broken on its last day.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import pytest
import tiny_monitor
from compare import all_differences
from conftest import MAINTENANCE, POLICIES, Project, Result
from results import failing_gates
from tiny_monitor import END, LAST_DAY, Frames, on, share

CATEGORIES = ["contract", "freshness", "volume", "quality", "drift", "performance"]
HOUR = pd.Timedelta(hours=1)


def nulls(frames: Frames) -> None:
    """70 % of the amounts are missing."""
    rows = frames["inferences"]
    rows.loc[share(on(rows), 0.7), "amount"] = np.nan


def doubled_rows(frames: Frames) -> None:
    """For four hours 30 % of the rows are written twice."""
    rows = frames["inferences"]
    copies = rows[share(on(rows, LAST_DAY + 8 * HOUR, LAST_DAY + 12 * HOUR), 0.3)].copy()
    copies["ingest_time"] += pd.Timedelta(seconds=30)
    frames["inferences"] = pd.concat([rows, copies], ignore_index=True)


def changed_lookup(frames: Frames) -> None:
    """Two thirds of the customers are gone from the lookup, and 30 of the others are in it twice."""
    frames["customer"] = pd.concat([frames["customer"].head(100), frames["customer"].head(30)])


def late_rows(frames: Frames) -> None:
    """The rows of four hours arrive five hours late."""
    rows = frames["inferences"]
    rows.loc[on(rows, LAST_DAY + 8 * HOUR, LAST_DAY + 12 * HOUR), "ingest_time"] += 5 * HOUR


def stopped_source(frames: Frames) -> None:
    """Nothing comes in the last 13 hours."""
    rows = frames["inferences"]
    frames["inferences"] = rows[~on(rows, END - 13 * HOUR)]


def thinned_volume(frames: Frames) -> None:
    """Only 35 % of the rows of the last day come."""
    rows = frames["inferences"]
    frames["inferences"] = rows[~share(on(rows), 0.65)]


def shifted(frames: Frames) -> None:
    """The amount is one standard deviation higher."""
    rows = frames["inferences"]
    rows.loc[on(rows), "amount"] += 15


def emptied_bin(frames: Frames) -> None:
    """The amounts of one decile of the reference move into the next."""
    rows = frames["inferences"]
    low, middle, high = np.quantile(frames["reference"]["amount"], [0.4, 0.5, 0.6])
    moved = on(rows) & (rows["amount"] > low) & (rows["amount"] <= middle)
    rows.loc[moved, "amount"] = (middle + high) / 2


def zero_surge(frames: Frames) -> None:
    """Another 30 % of hits are zero."""
    rows = frames["inferences"]
    rows.loc[share(on(rows) & (rows["hits"] > 0), 0.5), "hits"] = 0


def default_surge(frames: Frames) -> None:
    """30 % of hits are the declared default value, 7."""
    rows = frames["inferences"]
    rows.loc[share(on(rows), 0.3), "hits"] = 7


def celsius(frames: Frames) -> None:
    """The temperature, too variable for PSI, changes its unit."""
    rows = frames["inferences"]
    rows.loc[on(rows), "temp"] = (rows["temp"] - 32) / 1.8


def corrupt_rows(frames: Frames) -> None:
    """In two hours a fifth of the rows is unusable, in four ways."""
    rows = frames["inferences"]
    hit = share(on(rows, LAST_DAY + 8 * HOUR, LAST_DAY + 10 * HOUR), 0.2)
    numbers = rows.index[hit]
    rows.loc[numbers[0::4], "prediction_id"] = None
    rows.loc[numbers[1::4], "event_time"] = pd.NaT
    rows.loc[numbers[2::4], "event_time"] = pd.Timestamp("2262-04-11")
    rows.loc[numbers[3::4], "score"] = 7.5


def unlabelled(frames: Frames) -> None:
    """The predictions of the day before the last get no label."""
    rows = frames["inferences"]
    lost = rows.loc[on(rows, LAST_DAY - 24 * HOUR, LAST_DAY), "prediction_id"]
    frames["labels"] = frames["labels"][~frames["labels"]["prediction_id"].isin(lost)]


def failed_calls(frames: Frames) -> None:
    """Half of the calls of an hour end in an error."""
    rows = frames["inferences"]
    rows.loc[share(on(rows, LAST_DAY + 8 * HOUR, LAST_DAY + 9 * HOUR), 0.5), "status"] = "timeout"


def invalid_values(frames: Frames) -> None:
    """8 % of the hits are above the declared maximum, a tenth of the countries is not accepted."""
    rows = frames["inferences"]
    rows.loc[share(on(rows), 0.08), "hits"] = 60
    rows.loc[share(on(rows), 0.1), "country"] = "xx"


@dataclass(frozen=True)
class Broken:
    """A monitor with broken inputs, the one gate that must fail, and what its messages must say."""

    category: str
    faults: list[Callable[[Frames], None]]
    messages: dict[tuple[str, str], str]
    # What fails the drift gate, too.
    drift: tuple[tuple[str, str], ...] = ()


BROKEN = {
    "tiny_rows": Broken(
        "quality",
        [nulls, invalid_values, failed_calls, doubled_rows],
        {
            (
                "null_share_change",
                "amount",
            ): r"amount null share change 7\d\.\d+ % is above 20 % .*share 7\d\.\d+ %, was 0\.00 %",
            ("invalid_rate", "hits"): r"hits invalid rate 8\.000 % is above 5 % .*80 of 1000 rows",
            ("invalid_rate", "country"): r"country invalid rate 10\.00 % is above 5 % .*100 of 1000 rows",
            ("error_rate", "__rows__"): r"error rate 5\d\.\d+ % is above 10 % .*n 4\d",
            ("duplicate_rate", "__rows__"): r"duplicate rate 2\d\.\d+ % is above 5 % .*1\d of 5\d rows",
        },
        (("psi", "hits"), ("psi", "country")),
    ),
    "tiny_lookup": Broken(
        "quality",
        [changed_lookup],
        {
            (
                "join_match_rate",
                "customer",
            ): r"customer join match rate \d+\.\d+ % is below 50 % .* found a partner",
            (
                "join_fan_out",
                "customer",
            ): r"customer join fan-out 1\.\d+ is above 1 .*4\d rows become \d+",
        },
    ),
    "tiny_late": Broken(
        "freshness",
        [late_rows],
        {("late_share", "__rows__"): r"late share 100\.0 % is above 20 % .*4\d of 4\d rows"},
    ),
    "tiny_stopped": Broken(
        "freshness",
        [stopped_source],
        {
            (
                "late_hours",
                "__rows__",
            ): r"lateness of the source 13\.00 h is above 3 h \(hour to .* against serving",
        },
    ),
    "tiny_thinned": Broken(
        "volume",
        [thinned_volume],
        {("volume_ratio", "__rows__"): r"volume 0\.350 is below 0\.4 .*350 rows, expected 1000"},
    ),
    "tiny_shifted": Broken(
        "drift",
        [shifted, celsius, zero_surge],
        {
            (
                "psi",
                "amount",
            ): r"amount PSI 0\.\d+ is above 0\.2 .*n 1000; share of .* to .* (fell|rose) from \d+\.\d % to \d+\.\d %",
            (
                "mean_shift_sd",
                "temp",
            ): r"temp window mean \d+\.\d+ is above 5 .*; mean \d+\.\d+ against \d+",
            (
                "zero_share_change",
                "hits",
            ): r"hits zero share change [23]\d\.\d+ % is above 20 % .*was 4\d\.\d+ %",
            ("psi", "hits"): r"hits PSI 0\.\d+ is above 0\.2 ",
        },
    ),
    "tiny_emptied": Broken(
        "drift",
        [emptied_bin, default_surge],
        {
            ("psi", "amount"): r"amount PSI 0\.\d+ is above 0\.2 .* fell from (9|10)\.\d % to 0\.\d %",
            ("default_share_change", "hits"): r"hits default share change 2\d\.\d+ % is above 20 %",
            ("psi", "hits"): r"hits PSI 0\.\d+ is above 0\.2 .*share of 7\.00",
        },
    ),
    "tiny_corrupt": Broken(
        "contract",
        [corrupt_rows],
        {
            (
                "quarantine_rate",
                "__rows__",
            ): r"quarantine rate \d+\.\d+ % is above 2 % .*: event_after_ingest, missing_\w+, see tiny_corrupt__quarantine"
        },
    ),
    "tiny_unlabelled": Broken(
        "performance",
        [unlabelled],
        {
            (
                "label_coverage_ratio",
                "__rows__",
            ): r"label coverage ratio 0 is below 0.5 .*; label coverage 0.0 %, was 9\d\.\d %"
        },
    ),
}
FINDINGS = [(monitor, *finding) for monitor, broken in BROKEN.items() for finding in broken.messages]
LABELLED = {"tiny_healthy", "tiny_unlabelled", "tiny_unjudged"}
MONITORS = ["tiny_healthy", *BROKEN, "tiny_unjudged", "tiny_maintained"]


def new_gate_project(folder: Path, monitors: list[str]) -> Project:
    """A project with these monitors of MONITORS, each with its faults injected."""
    healthy = tiny_monitor.generate()
    frames: dict[str, Frames] = {}
    for name in monitors:
        tables = healthy if name in LABELLED else {k: v for k, v in healthy.items() if k != "labels"}
        frames[name] = {table: frame.copy() for table, frame in tables.items()}
        for inject in (
            BROKEN[name].faults if name in BROKEN else [shifted] if name == "tiny_maintained" else []
        ):
            inject(frames[name])
    return tiny_monitor.new_project(folder, frames)


@pytest.fixture(scope="module")
def broken(tmp_path_factory: pytest.TempPathFactory) -> tuple[Project, Result]:
    """One build of all MONITORS, with consumers of two of them."""
    project = new_gate_project(tmp_path_factory.mktemp("gates") / "project", MONITORS)
    for line in project.read(POLICIES).splitlines():
        metric, grain, baseline = line.split(",")[2:5]
        if line.startswith("performance-"):
            row = f"no-{metric}-{grain},tiny_unjudged,{metric},{grain},{baseline},__all__,*,,,,,0,Not ours\n"
            project.append(POLICIES, row)
    project.append(MAINTENANCE, f"tiny_maintained,{LAST_DAY},{END},Rebuilt that day\n")
    for monitor in ("tiny_healthy", "tiny_shifted"):
        project.write(
            f"models/consumers/from_{monitor}.sql",
            "{{ config(materialized='table') }}\n"
            f"{{{{ ml_monitor.require_gate('{monitor}') }}}}\n"
            f"select count(*) as row_count from {{{{ ref('{monitor}__inferences') }}}}\n",
        )
    # What the other suites build and test is left out.
    generic = [f"test_name:{name}" for name in ("unique", "not_null", "accepted_values")]
    return project, project.dbt("build", "--exclude", *generic, check=1)


@pytest.fixture(scope="module")
def gates(broken: tuple[Project, Result]) -> pd.DataFrame:
    """What the gates of all monitors say: the rows of <m>__gate with the monitor."""
    project, _ = broken
    parts = [f"select '{name}' as monitor, * from {name}__gate" for name in MONITORS]
    return project.frame(" union all ".join(parts))


def test_the_build_has_no_errors(broken: tuple[Project, Result]) -> None:
    _, result = broken
    assert result.errors == {}


def test_every_gate_of_the_healthy_monitor_passes(
    broken: tuple[Project, Result], gates: pd.DataFrame
) -> None:
    _, result = broken
    for category in CATEGORIES:
        assert result.statuses[f"tiny_healthy__gate_{category}"] == "pass"
    healthy = gates[gates["monitor"] == "tiny_healthy"]
    evaluated = healthy[healthy["status"] == "pass"].groupby("category").size()
    assert set(evaluated.index) == set(CATEGORIES)
    assert set(healthy["status"]) == {"pass", "not_evaluated"}


@pytest.mark.parametrize("monitor", BROKEN)
def test_the_right_gate_fails_and_no_other(broken: tuple[Project, Result], monitor: str) -> None:
    _, result = broken
    expected = {BROKEN[monitor].category, *(["drift"] if BROKEN[monitor].drift else [])}
    assert failing_gates(result, monitor) == expected


def test_a_status_that_is_none_of_the_four_fails(broken: tuple[Project, Result], tmp_path: Path) -> None:
    project = broken[0].copy_to(tmp_path / "project")
    spoiled = {"volume": "'passed'", "drift": "null", "freshness": "'pass'"}
    with duckdb.connect(str(project.database)) as connection:
        for category, status in spoiled.items():
            one = f"""select max(check_id) from tiny_healthy__checks
                where category = '{category}' and status = 'pass' and window_end = '{END}'"""
            connection.execute(f"update tiny_healthy__checks set status = {status} where check_id = ({one})")
    tests = [f"tiny_healthy__gate_{category}" for category in spoiled]
    result = project.dbt("test", "--select", *tests)
    assert failing_gates(result, "tiny_healthy") == {"volume", "drift"}


@pytest.mark.parametrize("monitor", BROKEN)
def test_exactly_the_broken_inputs_are_found(gates: pd.DataFrame, monitor: str) -> None:
    failing = gates[(gates["monitor"] == monitor) & (gates["status"] == "fail")]
    expected = {*BROKEN[monitor].messages, *BROKEN[monitor].drift}
    assert set(zip(failing["metric"], failing["subject"], strict=True)) == expected


@pytest.mark.parametrize(("monitor", "metric", "subject"), FINDINGS)
def test_a_message_says_what_to_know(gates: pd.DataFrame, monitor: str, metric: str, subject: str) -> None:
    mine = (gates["monitor"] == monitor) & (gates["metric"] == metric) & (gates["subject"] == subject)
    messages = gates.loc[mine & (gates["status"] == "fail"), "message"]
    category, pattern = BROKEN[monitor].category, BROKEN[monitor].messages[metric, subject]
    assert messages.str.contains(f"^{monitor} {category}: {pattern}", regex=True).any(), messages.tolist()
    assert messages.str.contains(f" owner {tiny_monitor.OWNER}, docs/gates/{category}.md", regex=False).all()
    assert messages.str.contains(r"\((?:hour|day) to 2025-02-0\d \d\d:00:00", regex=True).all()


def test_the_number_of_failures_is_the_number_of_failing_checks(
    broken: tuple[Project, Result], gates: pd.DataFrame
) -> None:
    _, result = broken
    failures = {result.name(one["unique_id"]): one["failures"] for one in result.run_results}
    for monitor, one in BROKEN.items():
        failing = gates[(gates["monitor"] == monitor) & (gates["status"] == "fail")]
        failing = failing[failing["category"] == one.category]
        assert failures[f"{monitor}__gate_{one.category}"] == len(failing)


def test_faulty_hours_are_found_and_the_hours_around_them_are_not(broken: tuple[Project, Result]) -> None:
    project, _ = broken
    for monitor, metric, hours in [
        ("tiny_rows", "duplicate_rate", range(8, 12)),
        ("tiny_late", "late_share", range(8, 12)),
        ("tiny_corrupt", "quarantine_rate", range(8, 10)),
        ("tiny_rows", "error_rate", range(8, 9)),
    ]:
        found = project.query(
            f"select window_start from {monitor}__checks where metric = '{metric}' and status <> 'pass'"
        )
        assert {start for (start,) in found} == {LAST_DAY + hour * HOUR for hour in hours}, monitor


def test_a_null_value_never_passes(broken: tuple[Project, Result]) -> None:
    project, _ = broken
    union = " union all ".join(f"select * from {name}__checks" for name in MONITORS)
    nulls_by_status = dict(
        project.query(f"select status, count(*) from ({union}) where value is null group by status")
    )
    assert set(nulls_by_status) == {"not_evaluated"}
    assert nulls_by_status["not_evaluated"] > 100
    (wrong,) = project.query(
        f"select count(*) from ({union}) where (status = 'not_evaluated') <> (reason is not null)"
    )
    assert wrong == (0,)


def test_a_category_without_evaluated_checks_fails(
    broken: tuple[Project, Result], gates: pd.DataFrame
) -> None:
    _, result = broken
    assert failing_gates(result, "tiny_unjudged") == {"performance"}
    (row,) = gates[(gates["monitor"] == "tiny_unjudged") & (gates["status"] == "fail")].itertuples()
    assert row.reason == "no_checks"
    assert row.message.startswith(
        "tiny_unjudged performance: no check could be evaluated in the last 48 hours"
    )


def test_a_policy_without_limits_exempts_only_its_monitor(broken: tuple[Project, Result]) -> None:
    project, _ = broken
    count = "select count(*) from {}__checks where metric = 'label_coverage_ratio'"
    assert project.value(count.format("tiny_unjudged")) == 0
    assert project.value(count.format("tiny_healthy")) > 0


def test_maintenance_suspends_the_verdict(broken: tuple[Project, Result]) -> None:
    project, result = broken
    assert failing_gates(result, "tiny_maintained") == set()
    sql = "select distinct status, reason from {}__checks where metric = 'psi' and subject = 'amount' and "
    sql += f"window_start = '{LAST_DAY}' and window_grain = 'day'"
    assert project.query(sql.format("tiny_maintained")) == [("not_evaluated", "maintenance")]
    assert project.query(sql.format("tiny_shifted")) == [("fail", None)]
    reasons = project.query(
        f"select distinct reason from tiny_maintained__checks where window_start >= '{LAST_DAY}'"
    )
    assert reasons == [("maintenance",)]


def test_a_consumer_is_skipped_when_its_gate_fails(broken: tuple[Project, Result]) -> None:
    project, result = broken
    assert result.statuses["from_tiny_shifted"] == "skipped"
    assert result.statuses["from_tiny_healthy"] == "success"
    assert project.value("select row_count from from_tiny_healthy") == 34_000
    assert "from_tiny_shifted" not in project.relations()


def test_the_summary_says_what_failed(broken: tuple[Project, Result]) -> None:
    _, result = broken
    assert "ml_monitor  tiny_healthy: all gates pass" in result.output
    for monitor, one in BROKEN.items():
        count = len(one.messages) + len(one.drift)
        said = result.output.split(f"ml_monitor  {monitor}: {count} failing, ")[1].split("\nml_monitor  ")[0]
        assert said.splitlines()[0].endswith(f"; owner {tiny_monitor.OWNER}")
        for category in {one.category, *(["drift"] if one.drift else [])}:
            assert f"\n  FAIL  {category}, docs/gates/{category}.md\n" in said
        # A line has what the message begins with, and neither the window nor details.
        for pattern in one.messages.values():
            start = re.split(r" \.\*| \\\(", pattern)[0].strip()
            line = rf"^    2025-02-0\d \d\d:00  {start}(; \d+ windows)?$"
            assert re.search(line, said, re.MULTILINE), (line, said)
    assert re.search("^    .*  no check could be evaluated", result.output, re.MULTILINE)
    lines = [line for line in result.output.splitlines() if re.match(r"ml_monitor  | {2,4}\S", line)]
    assert len(lines) > 2 * len(BROKEN)
    assert [line for line in lines if len(line) > 100] == []
    assert lines[-1] == "ml_monitor  next: python scripts/report.py; messages in full: ml_findings"


def test_without_the_summary_nothing_changes_but_the_output(tmp_path: Path) -> None:
    one = new_gate_project(tmp_path / "one", ["tiny_late"])
    two = one.copy_to(tmp_path / "two")
    with_summary = one.dbt("build", check=1)
    without_summary = two.dbt("build", vars={"ml_summary": False}, check=1)
    assert with_summary.failing_tests == without_summary.failing_tests == {"tiny_late__gate_freshness"}
    assert "  late share 100.0 % is above 20 %" in with_summary.output
    assert "late share 100.0 %" not in without_summary.output
    assert all_differences(one, two) == []

    # In the same small project: what require_gate refuses.
    for materialized in ("view", "ephemeral"):
        file = f"models/consumers/bad_{materialized}.sql"
        one.write(
            file,
            f"{{{{ config(materialized='{materialized}') }}}}\n"
            "{{ ml_monitor.require_gate('tiny_late') }}\nselect 1 as one\n",
        )
    for materialized in ("view", "ephemeral"):
        refused = one.dbt("compile", "--select", f"bad_{materialized}")
        assert refused.exit_code != 0
        file = f"models/consumers/bad_{materialized}.sql"
        said = f"{file}: require_gate('tiny_late') in a model materialized as {materialized}"
        assert said in refused.output
        assert "allowed: table, incremental" in refused.output
        assert "{{ config(materialized='table') }}" in refused.output

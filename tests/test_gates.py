"""Each gate fails when what it watches breaks, and only that gate; nothing that was not evaluated passes.

One build holds a healthy monitor and one per fault, each with exactly one thing broken on its last day.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pytest
import tiny_monitor
from conftest import MAINTENANCE, POLICIES, Project, Result
from tiny_monitor import END, LAST_DAY, Frames

CATEGORIES = ["contract", "freshness", "volume", "quality", "drift", "performance"]
HOUR = pd.Timedelta(hours=1)


def on(frame: pd.DataFrame, first: pd.Timestamp = LAST_DAY, end: pd.Timestamp = END) -> pd.Series:
    """Which rows have their event in a span of time (default: the last day)."""
    return (frame["event_time"] >= first) & (frame["event_time"] < end)


def share(rows: pd.Series, share: float) -> pd.Series:
    """A share of the marked rows, spread evenly."""
    return rows & (np.floor(rows.cumsum() * share) > np.floor((rows.cumsum() - 1) * share))


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


def doubled_lookup(frames: Frames) -> None:
    """A tenth of the customers is in the lookup twice."""
    frames["customer"] = pd.concat([frames["customer"], frames["customer"].head(30)], ignore_index=True)


def lost_lookup(frames: Frames) -> None:
    """Two thirds of the customers are gone from the lookup."""
    frames["customer"] = frames["customer"].head(100)


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
    """The temperature, too restless for PSI, changes its unit."""
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


def out_of_range(frames: Frames) -> None:
    """8 % of the amounts are above the declared maximum."""
    rows = frames["inferences"]
    rows.loc[share(on(rows), 0.08), "amount"] = 1001


def unknown_country(frames: Frames) -> None:
    """A tenth of the rows names a country that is not accepted."""
    rows = frames["inferences"]
    rows.loc[share(on(rows), 0.1), "country"] = "xx"


@dataclass(frozen=True)
class Fault:
    """A way to break a monitor, and what must be found."""

    inject: Callable[[Frames], None]
    category: str
    findings: frozenset[tuple[str, str]]
    message: str


def fault(inject: Callable[[Frames], None], category: str, message: str, *findings: str) -> Fault:
    """A fault; each finding is ``metric subject``."""
    pairs = [finding.split(" ") for finding in findings]
    return Fault(inject, category, frozenset((metric, subject) for metric, subject in pairs), message)


FAULTS = [
    fault(nulls, "quality", r"amount null rate 0\.700 is above 0\.50 .*700 of 1000 rows", "null_rate amount"),
    fault(
        doubled_rows,
        "quality",
        r"duplicate rate 0\.2\d+ is above 0\.05 .* of 5\d rows",
        "duplicate_rate __rows__",
    ),
    fault(doubled_lookup, "quality", r"customer join fan-out 1\.\d+ is above 1\.00", "join_fan_out customer"),
    fault(
        lost_lookup, "quality", r"customer join match rate 0\.\d+ is below 0\.50", "join_match_rate customer"
    ),
    fault(
        late_rows, "freshness", r"late share 1\.000 is above 0\.20 .*4\d of 4\d rows", "late_share __rows__"
    ),
    fault(
        stopped_source,
        "freshness",
        r"age of the newest event 7\d\d\.\d+ is above 720\.00",
        "event_age_minutes __rows__",
        "ingest_age_minutes __rows__",
        "longest_gap_hours __rows__",
    ),
    fault(
        thinned_volume,
        "volume",
        r"volume 0\.350 is below 0\.40 .*350 rows, expected 1000",
        "volume_ratio __rows__",
    ),
    fault(shifted, "drift", r"amount PSI 0\.\d+ is above 0\.20 .*n 1000; top bin .* -> \d+ %", "psi amount"),
    fault(emptied_bin, "drift", r"amount PSI 0\.\d+ is above 0\.20 .*-> 0 %|-> 2\d %", "psi amount"),
    fault(
        zero_surge,
        "drift",
        r"hits zero share change 0\.\d+ is above 0\.20 .*share \d+\.\d+ %, was 4\d\.\d+ %",
        "zero_share_change hits",
        "psi hits",
    ),
    fault(
        default_surge,
        "drift",
        r"hits default share change 0\.\d+ is above 0\.20",
        "default_share_change hits",
        "psi hits",
    ),
    fault(
        celsius,
        "drift",
        r"temp window mean \d+\.\d+ is above 5\.00 .*mean \d+\.\d+ against",
        "mean_shift_sd temp",
    ),
    fault(
        corrupt_rows,
        "contract",
        r"quarantine rate 0\.\d+ is above 0\.02 .*tiny_corrupt_rows__quarantine",
        "quarantine_rate __rows__",
    ),
    fault(
        unlabelled,
        "performance",
        r"label coverage 0\.000 is below 0\.50 .*0 of 1000 predictions",
        "label_coverage __rows__",
    ),
    fault(failed_calls, "quality", r"error rate 0\.5\d+ is above 0\.10", "error_rate __rows__"),
    fault(
        out_of_range,
        "quality",
        r"amount invalid rate 0\.080 is above 0\.05 .*80 of 1000",
        "invalid_rate amount",
    ),
    fault(
        unknown_country,
        "quality",
        r"country invalid rate 0\.100 is above 0\.05 .*100 of 1000",
        "invalid_rate country",
    ),
]
BY_NAME = {f"tiny_{one.inject.__name__}": one for one in FAULTS}
LABELLED = {"tiny_healthy", "tiny_unlabelled", "tiny_unjudged"}


@pytest.fixture(scope="module")
def broken(tmp_path_factory: pytest.TempPathFactory) -> tuple[Project, Result]:
    """One build of a healthy monitor, one per fault, one without a policy and one in maintenance."""
    healthy = tiny_monitor.generate()
    monitors: dict[str, Frames] = {}
    for name in ["tiny_healthy", *BY_NAME, "tiny_unjudged", "tiny_maintained"]:
        tables = healthy if name in LABELLED else {k: v for k, v in healthy.items() if k != "labels"}
        monitors[name] = {table: frame.copy() for table, frame in tables.items()}
        if name in BY_NAME:
            BY_NAME[name].inject(monitors[name])
    shifted(monitors["tiny_maintained"])

    project = tiny_monitor.new_project(tmp_path_factory.mktemp("gates") / "project", monitors)
    project.append(
        POLICIES, "no-coverage,tiny_unjudged,label_coverage,day,none,__all__,*,,,,,500,Nobody looks\n"
    )
    project.append(MAINTENANCE, f"tiny_maintained,{LAST_DAY},{END},Rebuilt that day\n")
    for monitor in ("tiny_healthy", "tiny_shifted"):
        project.write(
            f"models/consumers/from_{monitor}.sql",
            "{{ config(materialized='table') }}\n"
            f"{{{{ ml_monitor.require_gate('{monitor}') }}}}\n"
            f"select count(*) as row_count from {{{{ ref('{monitor}__inferences') }}}}\n",
        )
    return project, project.dbt("build", check=1)


@pytest.fixture(scope="module")
def gates(broken: tuple[Project, Result]) -> pd.DataFrame:
    """What the gates of all monitors say: the rows of <m>__gate with the monitor."""
    project, _ = broken
    parts = [f"select '{name}' as monitor, * from {name}__gate" for name in project_monitors()]
    return project.frame(" union all ".join(parts))


def project_monitors() -> list[str]:
    """Every monitor of the build."""
    return ["tiny_healthy", *BY_NAME, "tiny_unjudged", "tiny_maintained"]


def failing_gates(result: Result, monitor: str) -> set[str]:
    """Categories whose gate test of a monitor failed."""
    prefix = f"{monitor}__gate_"
    return {name.removeprefix(prefix) for name in result.failing_tests if name.startswith(prefix)}


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


@pytest.mark.parametrize("monitor", BY_NAME)
def test_the_right_gate_fails_and_no_other(broken: tuple[Project, Result], monitor: str) -> None:
    _, result = broken
    assert failing_gates(result, monitor) == {BY_NAME[monitor].category}


@pytest.mark.parametrize("monitor", BY_NAME)
def test_the_failing_checks_are_those_of_the_fault(gates: pd.DataFrame, monitor: str) -> None:
    failing = gates[(gates["monitor"] == monitor) & (gates["status"] == "fail")]
    assert set(zip(failing["metric"], failing["subject"], strict=True)) == BY_NAME[monitor].findings
    messages = "\n".join(failing["message"])
    assert re.search(BY_NAME[monitor].message, messages), messages
    assert failing["message"].str.startswith(f"{monitor} {BY_NAME[monitor].category}: ").all()
    assert failing["message"].str.contains(tiny_monitor.OWNER, regex=False).all()
    assert failing["message"].str.contains(f"docs/gates/{BY_NAME[monitor].category}.md", regex=False).all()


def test_the_number_of_failures_is_the_number_of_failing_checks(
    broken: tuple[Project, Result], gates: pd.DataFrame
) -> None:
    _, result = broken
    failures = {result.name(one["unique_id"]): one["failures"] for one in result.run_results}
    for monitor, one in BY_NAME.items():
        failing = gates[(gates["monitor"] == monitor) & (gates["status"] == "fail")]
        assert failures[f"{monitor}__gate_{one.category}"] == len(failing)


def test_faulty_hours_are_found_and_the_hours_around_them_are_not(broken: tuple[Project, Result]) -> None:
    project, _ = broken
    for monitor, metric, hours in [
        ("tiny_doubled_rows", "duplicate_rate", range(8, 12)),
        ("tiny_late_rows", "late_share", range(8, 12)),
        ("tiny_corrupt_rows", "quarantine_rate", range(8, 10)),
        ("tiny_failed_calls", "error_rate", range(8, 9)),
    ]:
        found = project.query(
            f"select window_start from {monitor}__checks where metric = '{metric}' and status <> 'pass'"
        )
        assert {start for (start,) in found} == {LAST_DAY + hour * HOUR for hour in hours}, monitor


def test_a_null_value_never_passes(broken: tuple[Project, Result]) -> None:
    project, _ = broken
    union = " union all ".join(f"select * from {name}__checks" for name in project_monitors())
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
    count = "select count(*) from {}__checks where metric = 'label_coverage'"
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


def test_the_fleet_views_are_there_although_gates_fail(broken: tuple[Project, Result]) -> None:
    project, result = broken
    fleet = {name for name in result.statuses if name.startswith("ml_") and name in project.relations()}
    skipped = {name for name in result.skipped_models if name.startswith("ml_")}
    assert skipped == set()
    assert {"ml_gates", "ml_checks", "ml_drift", "ml_metrics"} <= fleet
    assert project.value("select count(distinct monitor) from ml_gates") == len(project_monitors())


def test_the_summary_says_what_failed(broken: tuple[Project, Result]) -> None:
    _, result = broken
    assert "ml_monitor  tiny_healthy: all gates pass" in result.output
    for monitor, one in BY_NAME.items():
        assert re.search(rf"ml_monitor  {monitor}: [1-9]\d* failing", result.output), monitor
        assert re.search(rf"FAIL  {monitor} {one.category}: .*({one.message})", result.output), monitor
    assert "tiny_unjudged performance: no check could be evaluated" in result.output


def test_without_the_summary_nothing_changes_but_the_output(broken: tuple[Project, Result]) -> None:
    project, _ = broken
    monitor = "tiny_late_rows"
    tables = [name for name in project.relations() if name.startswith(f"{monitor}__")]
    tables = [name for name in tables if not name.endswith("__check_history")]
    assert len(tables) > 10

    def contents() -> dict[str, list[tuple]]:
        result = {}
        for name in tables:
            columns = [column for (column,) in project.query(f"select column_name from (describe {name})")]
            state = [c for c in ("ml_batch", "labels_batch", "baseline_state") if c in columns]
            exclude = f"exclude ({', '.join(state)})" if state else ""
            result[name] = project.query(f"select * {exclude} from {name} order by all")
        return result

    before = contents()
    selected = ["build", "--full-refresh", "--select", f"tag:{monitor}", f"stg_{monitor}__inferences"]
    result = project.dbt(*selected, vars={"ml_summary": False}, check=1)
    assert failing_gates(result, monitor) == {"freshness"}
    assert "FAIL  tiny" not in result.output
    assert "ml_monitor  tiny" not in result.output
    after = contents()
    assert {name for name in tables if repr(before[name]) != repr(after[name])} == set()


@pytest.mark.parametrize("materialized", ["view", "ephemeral"])
def test_require_gate_raises_where_skipping_would_not_help(
    broken: tuple[Project, Result], materialized: str
) -> None:
    project, _ = broken
    file = f"models/consumers/bad_{materialized}.sql"
    project.write(
        file,
        f"{{{{ config(materialized='{materialized}') }}}}\n"
        "{{ ml_monitor.require_gate('tiny_healthy') }}\nselect 1 as one\n",
    )
    result = project.dbt("compile", "--select", f"bad_{materialized}")
    project.remove(file)
    assert result.exit_code != 0
    assert f"{file}: require_gate('tiny_healthy') in a model materialized as {materialized}" in result.output
    assert "{{ config(materialized='table') }}" in result.output

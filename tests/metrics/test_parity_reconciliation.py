"""The log against a declared source of truth, and served features against offline ones.

One build holds a healthy monitor and others, each with one thing in disagreement; the numbers of one full of them
are worked out again with pandas, and runs in steps end like one run.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import tiny_monitor
from compare import differences
from conftest import Project, Result
from results import failing_gates
from tiny_monitor import END, LAST_DAY, START, Frames, on, share

HOUR = pd.Timedelta(hours=1)
CATEGORIES = {"contract", "freshness", "volume", "quality", "drift"}
TABLES = ["tiny__window_metrics", "tiny__parity"]
RECONCILED = "from tiny__window_metrics where metric_group = 'reconciliation' and"


def lost_rows(frames: Frames) -> None:
    """Of two hours 30 % of the rows that the service counted never come."""
    rows = frames["inferences"]
    lost = share(on(rows, LAST_DAY + 8 * HOUR, LAST_DAY + 10 * HOUR), 0.3)
    frames["inferences"] = rows[~lost].reset_index(drop=True)


def replayed_rows(frames: Frames) -> None:
    """The rows of two hours come once more, under new prediction ids."""
    rows = frames["inferences"]
    again = rows[on(rows, LAST_DAY + 12 * HOUR, LAST_DAY + 14 * HOUR)].copy()
    again["prediction_id"] = "again-" + again["prediction_id"]
    frames["inferences"] = pd.concat([rows, again], ignore_index=True)


def more_entities(frames: Frames) -> None:
    """The registry holds another 150 active entities, which nobody scores."""
    registry = frames["registry"]
    more = registry.head(150).assign(entity=[f"new{number}" for number in range(150)])
    frames["registry"] = pd.concat([registry, more], ignore_index=True)


def fewer_entities(frames: Frames) -> None:
    """A tenth of the entities retired before the last day, and are scored all the same."""
    registry = frames["registry"]
    registry.loc[registry.index[10:40], "active_until"] = LAST_DAY


def offline_scaled(frames: Frames) -> None:
    """The offline amount of the last day is 1 % higher on 30 % of the rows."""
    offline = frames["offline"]
    offline.loc[share(on(offline), 0.3), "amount"] *= 1.01


def offline_nulls(frames: Frames) -> None:
    """A fifth of the offline hits of the last day are missing."""
    offline = frames["offline"]
    offline["hits"] = offline["hits"].astype("Int32")
    offline.loc[share(on(offline), 0.2), "hits"] = pd.NA


def offline_spelling(frames: Frames) -> None:
    """The offline table writes one country of the last day in capitals."""
    offline = frames["offline"]
    offline.loc[on(offline) & (offline["country"] == "fr"), "country"] = "FR"


@dataclass(frozen=True)
class Broken:
    """A monitor in disagreement, the one gate that must fail, and what its messages must say."""

    category: str
    faults: list[Callable[[Frames], None]]
    messages: dict[tuple[str, str], str]


BROKEN = {
    "tiny_counts": Broken(
        "contract",
        [lost_rows, replayed_rows],
        {
            (
                "missing_row_share",
                "__rows__",
            ): r"missing row share [23]\d\.\d+ % is above 2 % .*\d\d in the log, 4\d declared by stg_tiny_counts__counts",
            (
                "surplus_row_share",
                "__rows__",
            ): r"surplus row share 50\.00 % is above 2 % .*8\d in the log, 4\d declared",
        },
    ),
    "tiny_absent": Broken(
        "quality",
        [more_entities],
        {
            (
                "missing_entity_share",
                "__rows__",
            ): r"missing entity share 3\d\.\d+ % is above 20 % .*n 450; 2\d\d of 450 active entities have a prediction"
        },
    ),
    "tiny_retired": Broken(
        "quality",
        [fewer_entities],
        {
            (
                "unknown_entity_share",
                "__rows__",
            ): r"unknown entity share \d\.\d+ % is above 5 % .*n 1000; \d+ of 1000 rows, 0 without an entity"
        },
    ),
    "tiny_offline": Broken(
        "quality",
        [offline_scaled, offline_nulls, offline_spelling],
        {
            (
                "parity_match_rate",
                "amount",
            ): r"amount parity match rate 70\.00 % is below 95 % .*350 of 500 joined rows are equal; .*largest 1\.\d+",
            ("parity_match_rate", "hits"): r"hits parity match rate 80\.00 % is below 95 %",
            (
                "parity_null_difference",
                "hits",
            ): r"hits parity null difference 20\.00 % is above 5 % .*100 of 500 joined rows; NULL in 0 served and 100 offline",
            ("parity_match_rate", "country"): r"country parity match rate \d+\.\d+ % is below 95 %",
            (
                "parity_vocabulary_difference",
                "country",
            ): r"country parity vocabulary difference \d+\.\d+ % is above 5 % .*1 categories only served, 1 only offline",
        },
    ),
}
MONITORS = ["tiny_agreeing", *BROKEN]


@pytest.fixture(scope="module")
def broken(tmp_path_factory: pytest.TempPathFactory) -> tuple[Project, Result]:
    """One build of all MONITORS."""
    healthy = {table: frame for table, frame in tiny_monitor.generate().items() if table != "labels"}
    frames = {}
    for name in MONITORS:
        frames[name] = {
            table: frame.copy()
            for table, frame in tiny_monitor.with_truth(healthy).items()
            if table != "reference"
        }
        for inject in BROKEN[name].faults if name in BROKEN else []:
            inject(frames[name])
    project = tiny_monitor.new_project(tmp_path_factory.mktemp("truth") / "project", frames)
    # What the other suites build and test is left out.
    generic = [f"test_name:{name}" for name in ("unique", "not_null", "accepted_values")]
    return project, project.dbt("build", "--exclude", *generic, check=1)


@pytest.fixture(scope="module")
def gates(broken: tuple[Project, Result]) -> pd.DataFrame:
    """What the gates of all monitors say."""
    project, _ = broken
    return project.frame(" union all ".join(f"select * from {name}__gate" for name in MONITORS))


def test_the_monitor_in_agreement_passes_with_its_checks_evaluated(
    broken: tuple[Project, Result], gates: pd.DataFrame
) -> None:
    _, result = broken
    assert result.errors == {}
    for category in CATEGORIES:
        assert result.statuses[f"tiny_agreeing__gate_{category}"] == "pass"
    passed = gates[(gates["monitor"] == "tiny_agreeing") & (gates["status"] == "pass")]
    new = {metric for broken_one in BROKEN.values() for metric, _ in broken_one.messages}
    assert new <= set(passed["metric"])


@pytest.mark.parametrize("monitor", BROKEN)
def test_the_right_gate_fails_with_what_to_know(
    broken: tuple[Project, Result], gates: pd.DataFrame, monitor: str
) -> None:
    _, result = broken
    expected = BROKEN[monitor]
    assert failing_gates(result, monitor) == {expected.category}
    failing = gates[(gates["monitor"] == monitor) & (gates["status"] == "fail")]
    assert set(zip(failing["metric"], failing["subject"], strict=True)) == set(expected.messages)
    for (metric, subject), pattern in expected.messages.items():
        messages = failing.loc[(failing["metric"] == metric) & (failing["subject"] == subject), "message"]
        said = f"^{monitor} {expected.category}: {pattern}"
        assert messages.str.contains(said, regex=True).all(), messages.tolist()


def test_only_the_hours_in_disagreement_are_found(broken: tuple[Project, Result]) -> None:
    project, _ = broken
    for metric, first in [("missing_row_share", 8), ("surplus_row_share", 12)]:
        found = project.query(
            f"select window_start from tiny_counts__checks where metric = '{metric}' and status in ('warn', 'fail')"
        )
        assert {start for (start,) in found} == {LAST_DAY + first * HOUR, LAST_DAY + (first + 1) * HOUR}


def test_an_unknown_count_and_a_day_without_partners_never_pass(tmp_path: Path) -> None:
    """Also: rows that may still come are not missing, and a monitor needs no part but the one it has."""
    frames = tiny_monitor.with_truth(tiny_monitor.generate(days=4, rows_per_day=960))
    kept = {"inferences", "counts"}
    counted = {table: frames[table] for table in kept}
    counts = counted["counts"]
    counted["counts"] = counts[counts["count_hour"] != START + 80 * HOUR]
    served = {table: frames[table] for table in ("inferences", "offline")}
    offline = served["offline"]
    served["offline"] = offline[offline["event_time"] < START + pd.Timedelta(days=3)]
    project = tiny_monitor.new_project(tmp_path / "project", {"counted": counted, "served": served})
    project.as_of = str(START + 90 * HOUR + pd.Timedelta(minutes=30))
    # What is not ingested yet is not known: the service counted rows that are still to come.
    result = project.dbt("build")
    assert result.errors == {}
    reasons = dict(
        project.query(
            """select window_start, reason from counted__checks
            where metric = 'missing_row_share' and status = 'not_evaluated'"""
        )
    )
    assert reasons == {START + 80 * HOUR: "no_declared_count", START + 89 * HOUR: "rows_still_due"}
    assert "counted__parity" not in project.relations()
    assert (
        project.value("select count(*) from served__window_metrics where metric_group = 'reconciliation'")
        == 0
    )
    assert project.value("select count(*) from counted__checks where metric like '%entity_share'") == 0
    project.as_of = str(START + pd.Timedelta(days=4))
    project.dbt("build", "--select", "+served__checks", "--resource-type", "model", check=0)
    found = project.query(
        """select distinct window_start, status, reason from served__checks
        where metric like 'parity%' and window_start >= '2025-01-03' order by all"""
    )
    day = pd.Timedelta(days=1)
    assert found == [(START + 2 * day, "pass", None), (START + 3 * day, "not_evaluated", "no_offline_rows")]
    (row,) = project.query(
        "select distinct joined_rows, match_rate, vocabulary_difference from served__parity where window_start >= '2025-01-04'"
    )
    assert row == (0, None, None)


# Numbers, and runs in steps


def disagreeing(days: int = 6, rows_per_day: int = 240) -> Frames:
    """A small monitor with everything in disagreement that the tables speak of."""
    frames = tiny_monitor.with_truth(tiny_monitor.generate(days=days, rows_per_day=rows_per_day))
    random = np.random.default_rng(3)
    rows = (
        frames["inferences"]
        .drop(columns="country")
        .assign(country=frames["inferences"]["country"].astype(object))
    )
    some = random.random(len(rows))
    rows.loc[some < 0.02, "country"] = None
    rows.loc[some > 0.99, "amount"] = np.nan
    rows.loc[(some > 0.5) & (some < 0.52), "entity"] = None
    rows.loc[(some > 0.6) & (some < 0.62), "score"] = 7.5
    copies = rows[(some > 0.7) & (some < 0.73)].assign(
        ingest_time=lambda frame: frame["ingest_time"] + 3 * HOUR
    )
    late = (some > 0.8) & (some < 0.83)
    rows.loc[late, "ingest_time"] += pd.Timedelta(hours=30)
    frames["inferences"] = pd.concat([rows, copies], ignore_index=True)

    offline = frames["offline"].copy()
    other = random.random(len(offline))
    offline.loc[other < 0.1, "amount"] += random.normal(size=(other < 0.1).sum())
    offline.loc[(other > 0.2) & (other < 0.25), "amount"] = np.inf
    offline["hits"] = offline["hits"].astype("Int32")
    offline.loc[(other > 0.3) & (other < 0.34), "hits"] = pd.NA
    offline.loc[(other > 0.4) & (other < 0.43), "country"] = "at"
    offline.loc[(other > 0.5) & (other < 0.52), "country"] = None
    twice = offline[(other > 0.6) & (other < 0.64)].assign(amount=lambda frame: frame["amount"] - 1)
    frames["offline"] = pd.concat([offline, twice], ignore_index=True)

    counts = frames["counts"].copy()
    counts.loc[5, "row_count"] += 4
    counts.loc[9, "row_count"] = 0
    counts.loc[12, "row_count"] -= 2
    counts.loc[60:63, "row_count"] += 9
    counts.loc[[26, 28], "row_count"] = [13, 8]
    extra = pd.DataFrame(
        {
            "count_hour": [
                counts["count_hour"][20] + pd.Timedelta(minutes=40),
                pd.NaT,
                counts["count_hour"][3],
            ],
            "row_count": [3, 7, -1],
        }
    )
    frames["counts"] = pd.concat([counts.drop(index=30), extra], ignore_index=True)
    frames["counts"]["count_hour"] = frames["counts"]["count_hour"].astype("datetime64[us]")

    registry = frames["registry"].copy()
    registry.loc[0:9, "active_from"] = START + pd.Timedelta(days=2)
    registry.loc[10:19, "active_until"] = START + pd.Timedelta(days=3)
    registry.loc[20:29, "active_until"] = START + pd.Timedelta(days=3, hours=1)
    registry.loc[30:39, "active_until"] = START - HOUR
    registry.loc[40, "entity"] = None
    again = registry.loc[10:14].assign(active_from=START + pd.Timedelta(days=4), active_until=pd.NaT)
    again["active_until"] = again["active_until"].astype("datetime64[us]")
    frames["registry"] = pd.concat([registry, again], ignore_index=True)
    return frames


@pytest.fixture(scope="module")
def counted(tmp_path_factory: pytest.TempPathFactory) -> tuple[Project, Frames]:
    """The disagreeing monitor, built once. Read only."""
    frames = disagreeing()
    project = tiny_monitor.new_project(tmp_path_factory.mktemp("counted") / "project", {"tiny": frames})
    project.as_of = str(START + pd.Timedelta(days=8))
    project.dbt(
        "build",
        "--select",
        *[f"+{table}" for table in TABLES],
        "--exclude-resource-type",
        "unit_test",
        check=0,
    )
    return project, frames


def current(frames: Frames) -> pd.DataFrame:
    """The current rows: usable, the first ingested of each prediction id; with their day."""
    rows = frames["inferences"]
    rows = rows[rows["score"] <= 1].sort_values("ingest_time").drop_duplicates("prediction_id")
    return rows.assign(window_start=rows["event_time"].dt.floor("D"))


def wilson(k: pd.Series, n: pd.Series, sign: int) -> pd.Series:
    """One 99.9 % Wilson bound of k of n."""
    z = 3.290526731491926
    p = k / n
    root = z * np.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    return ((p + z * z / (2 * n) + sign * root) / (1 + z * z / n)).clip(0, 1)


def close(found: pd.Series, expected: pd.Series) -> None:
    """The same numbers, with NULL where it is expected."""
    np.testing.assert_allclose(
        found.astype("float64").to_numpy(), expected.astype("float64").to_numpy(), rtol=1e-9, atol=1e-12
    )


@pytest.mark.parametrize("grain", ["hour", "day"])
def test_reconciled_rows_equal_pandas(counted: tuple[Project, Frames], grain: str) -> None:
    project, frames = counted
    counts = frames["counts"].dropna()
    counts = counts[counts["row_count"] >= 0]
    declared = counts.groupby(counts["count_hour"].dt.floor("h"))["row_count"].sum()
    rows = frames["inferences"]
    usable = rows[rows["score"] <= 1].drop_duplicates("prediction_id")
    logged = pd.concat([usable, rows[rows["score"] > 1]])
    hours = logged.groupby(logged["event_time"].dt.floor("h")).size()
    table = pd.DataFrame({"declared": declared, "counted": hours.reindex(declared.index).fillna(0)})
    table = table.groupby(table.index.floor("h" if grain == "hour" else "D")).sum()
    found = project.frame(f"select * {RECONCILED} window_grain = '{grain}' order by window_start").set_index(
        "window_start"
    )
    expected = table.reindex(found.index)
    assert len(found) == (8 * 24 if grain == "hour" else 8)
    assert expected["declared"].isna().sum() > 1
    missing = (expected["declared"] - expected["counted"]).clip(lower=0)
    surplus = (expected["counted"] - expected["declared"]).clip(lower=0)
    assert (missing > 0).any()
    assert (surplus > 0).any()
    close(found["declared_rows"], expected["declared"])
    close(found["counted_rows"], expected["counted"])
    close(found["missing_rows"], missing)
    close(found["surplus_rows"], surplus)
    for name, part, whole in [
        ("missing_row_share", missing, "declared"),
        ("surplus_row_share", surplus, "counted"),
    ]:
        of = expected[whole].where(expected[whole] > 0)
        close(found[name], part / of)
        close(found[f"{name}_low"], wilson(part, of, -1))
        close(found[f"{name}_high"], wilson(part, of, 1))


def test_reconciled_entities_equal_pandas(counted: tuple[Project, Frames]) -> None:
    project, frames = counted
    rows = current(frames)
    registry = frames["registry"].dropna(subset="entity")
    found = project.frame(f"select * {RECONCILED} window_grain = 'day' order by window_start")
    unknown_days = 0
    for day in found.itertuples():
        start, end = day.window_start, day.window_start + pd.Timedelta(days=1)
        from_ = registry["active_from"].fillna(START - HOUR)
        until = registry["active_until"].fillna(END)
        active = set(registry.loc[(from_ < end) & (until > start) & (from_ < until), "entity"])
        of_day = rows.loc[rows["window_start"] == start, "entity"]
        unknown = int((~of_day.isin(active)).sum())
        unknown_days += unknown > of_day.isna().sum()
        seen = set(of_day.dropna()) & active
        assert (day.active_entities, day.seen_entities) == (len(active), len(seen))
        assert (day.entity_rows, day.null_entity_rows) == (len(of_day), int(of_day.isna().sum()))
        assert day.unknown_entity_rows == unknown
        assert day.missing_entity_share == pytest.approx(1 - len(seen) / len(active), abs=1e-12)
        if len(of_day):
            assert day.unknown_entity_share == pytest.approx(unknown / len(of_day), abs=1e-12)
        else:
            assert np.isnan(day.unknown_entity_share)
    assert found["active_entities"].nunique() >= 4
    assert unknown_days >= 3
    hours = project.value(
        f"select count(active_entities) + count(entity_rows) {RECONCILED} window_grain = 'hour'"
    )
    assert hours == 0


@pytest.mark.parametrize("column", ["amount", "hits", "country"])
def test_parity_equals_pandas(counted: tuple[Project, Frames], column: str) -> None:
    project, frames = counted
    features = ["amount", "hits", "country"]
    offline = frames["offline"]
    first = offline.sort_values(features, na_position="last").drop_duplicates(["entity", "event_time"])
    copies = offline.groupby(["entity", "event_time"], dropna=False).size().rename("copies").reset_index()
    rows = current(frames).merge(
        first.merge(copies, on=["entity", "event_time"]).dropna(subset="entity"),
        on=["entity", "event_time"],
        how="left",
        suffixes=("", "_offline"),
    )
    found = project.frame(f"select * from tiny__parity where column_name = '{column}' order by window_start")
    assert len(found) == 8
    for day in found.itertuples():
        served = rows[rows["window_start"] == day.window_start]
        joined = served[served["copies"].notna()]
        n = len(joined)
        assert (day.serving_rows, day.joined_rows) == (len(served), n)
        assert day.ambiguous_rows == (joined["copies"] > 1).sum()
        if n == 0:
            assert np.isnan(day.match_rate)
            assert np.isnan(day.match_rate_low)
            continue
        a, b = joined[column], joined[f"{column}_offline"]
        same = int(((a == b).fillna(False) | (a.isna() & b.isna())).sum())
        assert day.matched_rows == same
        assert 0 < same < n
        close(pd.Series([day.match_rate_low]), wilson(pd.Series([same]), pd.Series([n]), -1))
        assert day.match_rate == pytest.approx(same / n, abs=1e-12)
        assert (day.serving_null_rows, day.offline_null_rows) == (a.isna().sum(), b.isna().sum())
        mismatch = int((a.isna() != b.isna()).sum())
        assert day.null_mismatch_rows == mismatch
        assert day.null_difference == pytest.approx(mismatch / n, abs=1e-12)
        if column == "country":
            only_a, only_b = set(a.dropna()) - set(b.dropna()), set(b.dropna()) - set(a.dropna())
            assert (day.serving_only_values, day.offline_only_values) == (len(only_a), len(only_b))
            foreign = [int(a.isin(only_a).sum()), int(b.isin(only_b).sum())]
            assert [day.serving_only_rows, day.offline_only_rows] == foreign
            assert day.vocabulary_difference == pytest.approx(max(foreign) / n, abs=1e-12)
            assert np.isnan(day.difference_max)
            assert pd.isna(day.difference_rows)
        else:
            gap = (a.astype("float64") - b.astype("float64")).abs()
            gap = np.sort(gap[np.isfinite(gap)].to_numpy())
            assert day.difference_rows == len(gap) < n
            assert day.difference_max == pytest.approx(gap[-1], abs=1e-12)
            for name, q in [("difference_p50", 0.5), ("difference_p95", 0.95)]:
                assert getattr(day, name) == pytest.approx(gap[int(np.ceil(q * len(gap))) - 1], abs=1e-12)
            assert pd.isna(day.vocabulary_difference)
            assert pd.isna(day.vocabulary_difference_high)
            assert pd.isna(day.serving_only_rows)
    if column == "country":
        assert found["vocabulary_difference"].max() > 0


def contents(project: Project, table: str) -> tuple:
    """Rows and content of a table, with what a run remembers of itself."""
    return project.query(f"select count(*), bit_xor(hash(t)) from {table} as t")[0]


def test_runs_in_steps_equal_one_run(tmp_path: Path) -> None:
    frames = disagreeing()
    selected = ["build", "--select", *[f"+{table}" for table in TABLES]]
    selected += ["--resource-type", "model", "--resource-type", "seed"]
    steps = tiny_monitor.new_project(tmp_path / "steps", {"tiny": frames})

    def build(days: float) -> None:
        steps.as_of = str(START + pd.Timedelta(days=days))
        steps.dbt(*selected, check=0)

    for days in (3.6, 7):
        build(days)
    known = {table: contents(steps, table) for table in TABLES}
    build(7)
    assert {table: contents(steps, table) for table in TABLES} == known

    # Neither part has a history. The counts of two hours change places, an entity retires after the fact, two values of
    # one offline day change places, and another offline day is lost.
    before = {table: steps.frame(f"select * from {table}") for table in TABLES}
    counts, registry, offline = frames["counts"], frames["registry"], frames["offline"]
    hours = counts["count_hour"][[26, 28]]
    counts.loc[[26, 28], "row_count"] = [8, 13]
    registry.loc[registry["entity"] == "c200", "active_until"] = START + pd.Timedelta(days=4)
    day = offline["event_time"].dt.floor("D")
    two = offline.index[day == START + pd.Timedelta(days=2)][:2]
    values = offline.loc[two, "amount"].tolist()
    assert values[0] != values[1]
    offline.loc[two, "amount"] = values[::-1]
    frames["offline"] = offline[day != START + pd.Timedelta(days=1)]
    tiny_monitor.write_frames(steps.raw / "tiny", frames)
    build(7)
    expected = {
        "tiny__window_metrics": {f"reconciliation hour {hour}" for hour in hours}
        | {f"reconciliation day 2025-01-0{number} 00:00:00" for number in (hours.iloc[0].day, 5, 6, 7)},
        "tiny__parity": {"day 2025-01-02 00:00:00", "day 2025-01-03 00:00:00"},
    }
    for table, windows in expected.items():
        both = pd.concat([before[table], steps.frame(f"select * from {table}")]).astype(str)
        assert set(both.drop_duplicates(keep=False)["rebuild_key"]) == windows

    once = steps.copy_to(tmp_path / "once")
    once.database.unlink()
    once.dbt(*selected, check=0)
    for table in TABLES:
        assert differences(steps, once, table) == []

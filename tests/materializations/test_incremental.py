"""Several runs on one database leave what one run over everything leaves."""

from __future__ import annotations

import pytest
from compare import NOT_COMPARED, all_differences
from conftest import Project, prepare_demo

FIRST_DAY = "2013-04-10"
# In the middle of an hour, a month later, the same again, between events and their late arrival, the end.
RUNS = [
    "2013-04-22 06:30:00",
    "2013-05-22 00:00:00",
    "2013-05-22 00:00:00",
    "2013-06-06 12:00:00",
    "2013-06-10 00:00:00",
]
TABLES = [
    "build",
    "--select",
    "path:seeds",
    "path:models/staging",
    "path:models/records",
    "path:models/monitors",
]
TABLES += ["--resource-type", "model", "--resource-type", "seed"]
LATE_HOURS = "window_start >= '2013-06-05 14:00' and window_start < '2013-06-05 18:00'"


def snapshot(project: Project) -> dict[str, tuple]:
    """Rows, newest batch and content of every table of a monitor."""
    tables = [name for name, kind in project.relations().items() if kind == "BASE TABLE" and "__" in name]
    return {
        name: project.query(f"select count(*), bit_xor(hash(t)) from {name} as t")[0]
        for name in sorted(tables)
        if not name.endswith(NOT_COMPARED)
    }


@pytest.fixture(scope="module")
def histories(tmp_path_factory: pytest.TempPathFactory) -> tuple[Project, Project, list[dict]]:
    """(built in five runs, built in one, what the tables were after each of the five)."""
    folder = tmp_path_factory.mktemp("incremental")
    raw = prepare_demo(folder / "raw", "--first-day", FIRST_DAY, "--last-day", RUNS[-1][:10])
    stepwise = Project(folder / "stepwise", raw=raw)
    snapshots = []
    for as_of in RUNS:
        stepwise.as_of = as_of
        stepwise.dbt(*TABLES, check=0)
        late = stepwise.query(
            f"""select sum(current_rows), sum(late_rows) from flight_delay__hourly_volume
            where {LATE_HOURS} and model_version = '__all__' and segment_name = '__all__'"""
        )
        snapshots.append(snapshot(stepwise) | {"late rows": late[0]})
    at_once = Project(folder / "at_once", raw=raw, as_of=RUNS[-1])
    at_once.dbt(*TABLES, check=0)
    return stepwise, at_once, snapshots


def test_a_run_without_news_changes_nothing(histories: tuple[Project, Project, list[dict]]) -> None:
    _, _, snapshots = histories
    first, again = snapshots[1], snapshots[2]
    assert len(first) > 25
    assert {name for name in first if first[name] != again[name]} == set()


def test_each_run_with_news_adds_rows(histories: tuple[Project, Project, list[dict]]) -> None:
    _, _, snapshots = histories
    for earlier, later in [(0, 1), (2, 3), (3, 4)]:
        for table in ["inferences_log", "hourly_profile", "drift", "checks", "performance"]:
            name = f"flight_delay__{table}"
            assert snapshots[later][name][0] > snapshots[earlier][name][0], name


def test_the_late_file_came_between_two_runs(histories: tuple[Project, Project, list[dict]]) -> None:
    _, _, snapshots = histories
    assert snapshots[3]["late rows"] == (0, 0)
    rows, late = snapshots[4]["late rows"]
    assert rows == late > 150


def test_five_runs_equal_one(histories: tuple[Project, Project, list[dict]]) -> None:
    stepwise, at_once, _ = histories
    assert len([name for name, kind in stepwise.relations().items() if kind == "BASE TABLE"]) > 30
    assert all_differences(stepwise, at_once) == []


def test_the_history_keeps_what_was_believed(histories: tuple[Project, Project, list[dict]]) -> None:
    stepwise, at_once, _ = histories
    runs = stepwise.query(
        "select as_of, count(*) from flight_delay__history where record = 'check' group by all order by all"
    )
    assert [str(as_of) for as_of, _ in runs] == [RUNS[0], RUNS[1], RUNS[3], RUNS[4]]
    changed = stepwise.value(
        """select count(*) from (select check_id from flight_delay__history where record = 'check'
        group by check_id having count(distinct status) > 1)"""
    )
    assert changed > 0
    # What it says last is what the checks say.
    for project in (stepwise, at_once):
        wrong = project.value(
            """select count(*) from flight_delay__checks as c
            left join (
                select * from flight_delay__history where record = 'check'
                qualify row_number() over (partition by check_id order by recorded_at desc) = 1
            ) as h using (check_id)
            where h.status is distinct from c.status or h.reason is distinct from c.reason"""
        )
        assert wrong == 0

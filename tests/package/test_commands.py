"""Commands and queries that README and docs show work right after ``make demo``, and README says what a fresh run prints.

Each command of a page is either run here, on a copy of the demo, or named below with the reason why not.
"""

from __future__ import annotations

import json
import re
import shlex
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import demo
import duckdb
import pytest
from conftest import ROOT, Project, Result
from demo_data.expected_findings import found_findings
from report_data import blocks

# What other suites run, and the decisions, which tell what was measured once.
PAGES = [
    *(ROOT / name for name in ("README.md", "CONTRIBUTING.md")),
    *sorted(path for path in ROOT.glob("docs/**/*.md") if path.parent.name != "decisions"),
]
START = re.compile(r"(?:\w+='?[^ ']+(?: [\d:]+')? )*(?:\.venv/bin/)?(?:dbt|make|python) (?=\w|-)")
BUILD = "test_the_demo_is_scheduled_and_built_again runs the selector; dbt build is how the demo is made"
SEVERAL = "a build of minutes; the suite named says the same of a small monitor: "
NOT_RUN = {
    "make demo": "minutes; its dbt build is the fixture full_build, and test_the_demo_is_scheduled_and_built_again follows it",
    "make help": "make -n in test_targets_exist",
    **dict.fromkeys(
        [
            "make test",
            "make lint",
            "make test-postgres",
            "make test-peers",
            "make test-prometheus",
            "make test-browser",
            "make soak",
            "make bench",
            "make bench-fleet",
            "make detection",
            "make lock",
            "make lock-peers",
            "make lock-metricflow",
            "make lock-docs",
            "make test-bi",
            "make lock-browser",
            "make test-spark",
            "make lock-spark",
            "make pictures",
        ],
        "minutes or hours; make -n in test_targets_exist",
    ),
    "ML_TARGET=spark dbt build": "tests/engines/test_spark.py builds on Spark, in another environment",
    "python scripts/prepare_demo.py --out data/raw": "the fixture raw runs it",
    "python -m pytest tests/checks/test_gates.py": "this is pytest",
    "python -m pytest tests/checks": "this is pytest",
    "python tests/compare_commits.py --old COMMIT": "two builds of the demo",
    "python scripts/bench/bench_drift.py --peers": "minutes, in another environment",
    "python scripts/bench/rollup_accuracy.py --write docs/accuracy.md": "tests/rollups/test_accuracy.py",
    **dict.fromkeys(
        [
            "python scripts/notify.py",
            "python scripts/export_metrics.py --out /var/lib/prometheus/node-exporter/ml_monitor.prom",
        ],
        "tests/delivery/test_demo.py",
    ),
    "python scripts/notify.py --send": "tests/delivery/test_servers.py",
    "python scripts/declarations.py --write": "tests/config/test_declarations_page.py",
    "python scripts/scaffold.py flight_delay --parts labels reference weather aircraft --demo --force": "test_scaffold.py",
    "python scripts/scaffold.py flight_air_time --parts labels reference weather aircraft --demo --force": "test_scaffold.py",
    "python scripts/scaffold.py --fleet --force": "test_scaffold.py",
    "python scripts/publish.py --to build/published.duckdb": "test_publish.py",
    "make publish": "test_publish.py, and make -n in test_targets_exist",
    "make docs": "test_docs_site.py, and make -n in test_targets_exist",
    "python scripts/scaffold.py churn --parts labels reference": "test_scaffold.py",
    "python dbt_packages/ml_monitor/scripts/scaffold.py churn --parts labels --package --force": "test_install.py",
    "dbt build": BUILD,
    "dbt build --selector scheduled": BUILD,
    "dbt build --select +tag:flight_delay": SEVERAL + "test_isolation.py",
    "dbt build --select +tag:churn": "a monitor of the reader's: test_install.py",
    "dbt build --select ml_policy_rules+": SEVERAL + "test_policies.py",
    "dbt build --empty": SEVERAL + "test_guards.py",
    "dbt build --full-refresh": SEVERAL + "test_guards.py",
    "dbt build --full-refresh --select tag:<m>": SEVERAL + "test_guards.py",
    "dbt build --full-refresh --select tag:<m> --vars '{ml_renew_grids: true}'": SEVERAL + "test_guards.py",
    "ML_SCHEMA=as_of_20130501 ML_AS_OF=2013-05-01T00:00:00 dbt build": SEVERAL + "test_guards.py",
    "ML_SCHEMA=trial dbt build --sample='3 days'": SEVERAL + "test_guards.py",
    "ML_REBUILD_FROM=2013-05-01T06:00:00 ML_REBUILD_TO=2013-05-01T08:00:00 dbt build": SEVERAL
    + "test_incremental.py",
    "dbt run-operation drop_tables_of_0_1 --args '{monitor: flight_delay}'": "drops the demo: test_guards.py",
    **dict.fromkeys(
        [
            "dbt run-operation replay_quarantine",
            "dbt run-operation replay_quarantine --args '{monitor: flight_delay, reason: invalid_score}'",
            "dbt run-operation replay_quarantine --args "
            "'{monitor: flight_delay, reason: invalid_score, from: 2013-08-06, until: 2013-08-07}'",
            "dbt run-operation delete_entity --args "
            "'{monitor: flight_delay, entity_id: N12345, reason: request 4711}'",
        ],
        "writes, and wants a build after it: test_runs.py and test_deletion.py",
    ),
    "dbt show -s drift_of_one_column --output json --limit -1 "
    "--vars '{ml_analysis: {monitor: flight_delay, column: distance}}'": "parses again, as why_a_column_moved does, which is run",
    **dict.fromkeys(
        [
            "dbt --quiet run-operation suggest_contract --args '{relation: stg_churn__inferences}'",
            "python dbt_packages/ml_monitor/scripts/scaffold.py churn --parts labels",
            "python scripts/new_monitor.py churn --inferences raw.scores --labels raw.outcomes "
            "--reference raw.training",
        ],
        "tables of the reader's: test_new_monitor.py and test_integration.py",
    ),
    "python scripts/report.py": "test_the_report_counts_as_the_tables_do",
    "python dbt_packages/ml_monitor/scripts/report.py": "test_integration.py",
    "dbt deps": "there are none here: test_install.py",
    "dbt docs generate": "test_docs.py",
    "dbt seed --select ml_chi_square_quantiles": "part of dbt build",
    "dbt source freshness": "fails on the year 2013, as the page says",
    **dict.fromkeys(["dbt test", "dbt show", "dbt compile", "dbt ls"], "a name, without arguments"),
}


def commands(page: Path) -> set[str]:
    """The commands of a page: indented blocks, with the lines that go on, and code within the text."""
    text = re.sub(r"```.*?```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    blocks = re.findall(r"^    (\S.*(?:\n {5,}\S.*)*)", text, re.MULTILINE)
    spans = re.findall(r"`([^`]+)`", text)
    plain = [
        re.sub(r"\s+", " ", command.split(" # ")[0].split("    #")[0]).strip()
        for command in [*blocks, *spans]
    ]
    return {command.replace(".venv/bin/", "") for command in plain if START.match(command)}


SHOWN = {command: page for page in PAGES for command in commands(page)}
RUN = sorted(command for command in SHOWN if command not in NOT_RUN)


@pytest.fixture(scope="module")
def built(full_build: tuple[Project, Result], tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A copy of the built demo, without ML_AS_OF, as after ``make demo``."""
    project = full_build[0].copy_to(tmp_path_factory.mktemp("after") / "project")
    project.as_of = None
    return project


def test_what_is_not_run_is_shown_somewhere() -> None:
    assert set(NOT_RUN) - set(SHOWN) == set()
    assert len(RUN) >= 7


def test_targets_exist() -> None:
    targets = [command.split()[1] for command in SHOWN if command.startswith("make ")]
    # Nothing is made anew with -o: only the names are looked up.
    made = subprocess.run(
        ["make", "-n", "-o", ".venv/installed.stamp", *targets],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert made.returncode == 0, made.stderr


@pytest.mark.parametrize("command", RUN)
def test_the_command_works(built: Project, command: str) -> None:
    result = built.dbt(*shlex.split(command)[1:], check=0)
    if " show " in command:
        assert "--output json --limit -1" in command, "a table leaves out columns and cuts texts"
        rows = json.loads(result.output[result.output.index("{") :])["show"]
        # No monitor of the demo declares proxies.
        assert rows or "label_free_proxies" in command


@pytest.mark.parametrize("page", PAGES, ids=[str(page.relative_to(ROOT)) for page in PAGES])
def test_every_query_of_a_page_works(full_build: tuple[Project, Result], page: Path) -> None:
    """Those on the demo; the others are of the reader's own tables, or for dbt."""
    queries = re.findall(r"```sql\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL)
    with duckdb.connect(str(full_build[0].database), read_only=True) as connection:
        for query in queries:
            if "{{" not in query and re.search(r"\b(from|join) (ml|flight)_", query):
                connection.execute(query).fetchall()


def test_analyses_print_all_and_work(built: Project) -> None:
    """Each with the arguments that it has by default."""
    files = sorted((ROOT / "analyses").glob("*.sql"))
    built.dbt("compile", "--select", "resource_type:analysis", check=0)
    with duckdb.connect(str(built.database), read_only=True) as connection:
        for file in files:
            assert f"dbt show -s {file.stem} --output json --limit -1" in file.read_text(encoding="utf-8")
            connection.execute(built.read(f"target/compiled/ml_monitor/analyses/{file.name}")).fetchall()


def test_the_demo_is_scheduled_and_built_again(built: Project) -> None:
    """Without ML_AS_OF, whatever the hour. The weather of 31 December is missing, and nothing else is wrong."""
    scheduled = built.dbt("build", "--selector", "scheduled", check=1)
    assert scheduled.errors == {}
    assert scheduled.failing_tests == {"flight_delay__gate_quality", "flight_air_time__gate_quality"}
    assert scheduled.output.count("nothing_new") == 2
    # A later one would have the next make demo refused as one of the past.
    assert built.query("select distinct as_of from ml_runs") == [(datetime.fromisoformat(demo.AS_OF),)]


# README


def test_readme_says_what_the_demo_prints(
    full_build: tuple[Project, Result],
    raw: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    project, result = full_build
    monkeypatch.setattr(demo, "RAW", raw)
    found = found_findings(project.database)
    demo.explain_faults(found)
    demo.explain_nature(found)
    explained = capsys.readouterr().out
    page = (ROOT / "docs/demo.md").read_text(encoding="utf-8")
    shown, told = (
        page.split("<!-- demo output -->")[1].split("```")[1].removeprefix("text\n").split("[...]\n")
    )
    assert told.strip() == explained.strip()
    lines = shown.splitlines()
    said = result.output.splitlines()
    first = said.index(lines[0])
    assert said[first : first + len(lines)] == lines
    assert lines[-1].startswith("ml_monitor  next: ")
    assert max(map(len, lines + told.splitlines())) <= 100
    (message,) = project.query("select message from ml_findings where message like '%distance PSI 1.058%'")[0]
    assert message in re.sub(r"\n    ", " ", page)
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    sample = readme.split("```text\n")[1].split("```")[0].splitlines()
    assert 4 <= len(sample) <= 8
    assert set(sample) <= set(lines)
    assert len(re.findall(r"\w+", re.sub(r"```.*?```", "", readme, flags=re.DOTALL))) <= 900
    counts = project.query(
        "select count(*), (select count(*) from ml_incidents where severity <> 'info') from ml_findings"
    )
    ((findings, incidents),) = counts
    assert f"{findings:,} findings and {incidents} incidents to wake for" in readme.replace("\n   ", " ")


def test_readme_counts_what_there_is(full_build: tuple[Project, Result]) -> None:
    page = (ROOT / "README.md").read_text(encoding="utf-8")
    tests_page = (ROOT / "docs/generic_tests.md").read_text(encoding="utf-8")
    of_monitors = {"gate", "unique_windows", "valid_policies", "promotion"}
    tests = {path.stem for path in (ROOT / "tests" / "generic").glob("*.sql")} - of_monitors
    assert {name for name in tests if f"[`{name}`](" not in tests_page} == set()
    assert len(tests) == 19
    assert "Nineteen generic tests" in page
    assert "These nineteen tests" in tests_page
    nodes = full_build[1].manifest["nodes"].values()
    models = [
        node
        for node in nodes
        if node["resource_type"] == "model" and node["name"].startswith("flight_delay__")
    ]
    gates = [
        node
        for node in nodes
        if node["name"].startswith("flight_delay__") and node["resource_type"] == "test"
    ]
    assert f"{len(models)} models of a line each and {len(gates)} tests" in page


def test_the_report_counts_as_the_tables_do(full_build: tuple[Project, Result], tmp_path: Path) -> None:
    """Its counts are those of the end of the run and of the tables; series and histograms are the tables' own."""
    project, result = full_build
    page = tmp_path / "report.html"
    command = [
        sys.executable,
        str(ROOT / "scripts" / "report.py"),
        "--database",
        str(project.database),
        "--out",
        str(page),
    ]
    subprocess.run(command, check=True, capture_output=True)
    data = blocks(page)
    for monitor in data["fleet"]["monitors"]:
        name = monitor["name"]
        assert f"{name}: {monitor['failing']} failing, {monitor['warning']} newly warning" in result.output
        gates = project.query(
            "select category, count(*) filter (status = 'fail'), count(*) filter (status <> 'not_evaluated'), count(*) "
            f"from ml_gates where monitor = '{name}' group by category"
        )
        assert {
            (g["category"], g["checks"].get("fail", 0), g["judged"], g["all"]) for g in monitor["gates"]
        } == set(gates)
    found = {one["incident_id"]: one["state"] for one in data["fleet"]["incidents"]}
    assert found == dict(project.query("select incident_id, state from ml_incidents"))
    states = [one["state"] == "resolved" for one in data["fleet"]["incidents"]]
    assert states == sorted(states)
    number = next(m["n"] for m in data["fleet"]["monitors"] if m["name"] == "flight_delay")
    first = data[f"monitors-{number}"]["first_day"]
    for column, series, value in (("distance", "psi", "psi_excess"), ("distance", "mean", "current_mean")):
        rows = project.query(
            f"select datediff('day', date '1970-01-01', window_start), {value} from ml_drift where monitor = 'flight_delay' "
            f"and column_name = '{column}' and window_grain = 'day' and segment_name = '__all__' and baseline = 'serving'"
        )
        assert len(rows) == 306
        shown = data[f"columns-{number}"][column]["versions"]["__all__"][series]
        for day, expected in rows:
            assert (
                shown[day - first] == pytest.approx(expected, rel=6e-3, nan_ok=True)
                if expected
                else not shown[day - first]
            )
    histogram = data[f"columns-{number}"]["distance"]["histograms"]["__all__"]
    faulty = (datetime(2013, 11, 5) - datetime(1970, 1, 1)).days
    rows = project.query(
        "select bin, row_count, baseline_rows, reference_rows from ml_histograms where monitor = 'flight_delay' "
        "and column_name = 'distance' and segment_name = '__all__' and window_start = timestamp '2013-11-05' order by bin"
    )
    by_bin = {
        b[0]: (b[0], n, b[5], b[6])
        for b, n in zip(histogram["bins"], histogram["days"][str(faulty)], strict=True)
    }
    assert [by_bin[row[0]] for row in rows] == rows

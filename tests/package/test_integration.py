"""integration_tests/: ml_monitor as a package in another project, on DuckDB and PostgreSQL.

Runs the commands of its README once for each engine. What works only from our own root does not work there.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import scaffold
import yaml
from conftest import ROOT, Project, Result
from postgres_server import PostgresServer
from report_data import blocks
from results import quiet_models

SOURCE = ROOT / "integration_tests"
AS_OF = "2026-02-14 00:00:00"
FAILING = {"heat_demand__gate_quality", "ticket_routing__gate_drift"}
# Monitor, category, metric, subject, grain and status of every finding in the scope of the gates.
FINDINGS = {
    ("heat_demand", "quality", "null_share_change", "wind_speed", "day", "fail"),
    ("ticket_routing", "drift", "psi", "word_count", "day", "fail"),
    ("ticket_routing", "drift", "psi", "word_count", "hour", "warn"),
    # By default it warns; the project has a limit of its own.
    ("ticket_routing", "drift", "output_psi", "certainty", "day", "fail"),
    ("ticket_routing", "drift", "output_psi", "certainty", "hour", "warn"),
}
LIMITS = {"models": 21, "tests": 10, "lines of YAML": 80}
# Their access is public, since views of another package read them.
READ_BY_FLEET = {
    "baseline_windows",
    "checks",
    "data_quality",
    "drift",
    "grid",
    "history",
    "hourly_volume",
    "hourly_profile",
    "metrics",
    "performance",
    "performance_metrics",
    "reference_profile",
    "window_metrics",
}
FOR_PEOPLE = {"inferences", "labels", "quarantine", "gate"}


class City(Project):
    """A copy of integration_tests, on one engine."""

    def __init__(self, folder: Path, server: PostgresServer | None) -> None:
        self.folder, self.raw, self.as_of = folder, folder / "raw", AS_OF
        self.database = folder / "test.duckdb"
        self.server = server
        self.engine = server.new_database("city") if server else {}
        made = shutil.ignore_patterns(
            "dbt_packages", "target", "logs", "monitors", "*.duckdb", "package-lock.yml"
        )
        shutil.copytree(SOURCE, folder, ignore=made)
        shutil.copytree(ROOT / "profiles", folder / "profiles")
        self.replace("packages.yml", "local: ..", f"local: {ROOT}")

    def environment(self, env: dict[str, str | None] | None = None) -> dict[str, str]:
        """As of any project, in a schema of a name that is no engine's default."""
        return super().environment({"ML_SCHEMA": "city"} | self.engine | (env or {}))

    def query(self, sql: str, parameters: list[Any] | None = None) -> list[tuple[Any, ...]]:
        """Rows of a query on its database."""
        if self.server is None:
            return super().query(sql, parameters)
        with self.server.connect("city") as connection, connection.cursor() as cursor:
            cursor.execute(sql)
            return cursor.fetchall()


@dataclass
class Runs:
    """What the commands of the README did."""

    project: City
    results: dict[str, Result] = field(default_factory=dict)
    listed: str = ""

    @property
    def first(self) -> Result:
        """The first build."""
        return self.results["dbt build"]

    @property
    def second(self) -> Result:
        """The build with nothing new."""
        return self.results["dbt build --selector scheduled"]


@pytest.fixture(scope="module", params=["duckdb", "postgres"])
def runs(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Runs:
    """Two builds at the same moment, on each engine; before the first, what dbt lists. Read only."""
    server = request.getfixturevalue("postgres") if request.param == "postgres" else None
    runs = Runs(City(tmp_path_factory.mktemp("integration") / "city", server))
    page = (SOURCE / "README.md").read_text(encoding="utf-8")
    for command in re.findall(r"```bash\n(.*?)```", page, re.DOTALL)[0].splitlines():
        program, *args = command.split()
        if program == "python":
            subprocess.run([sys.executable, *args], cwd=runs.project.folder, check=True, capture_output=True)
            continue
        if args == ["run-operation", "make_raw_tables"]:
            # Of the monitors that are there now: the full parse.
            runs.listed = runs.project.dbt("ls", "--no-partial-parse", check=0).output
        builds = args[0] == "build"
        runs.results[command] = runs.project.dbt(*args, check=1 if builds else 0)
    return runs


on_duckdb = pytest.mark.parametrize("runs", ["duckdb"], indirect=True)


# What was found


def test_exactly_what_is_wrong_fails(runs: Runs) -> None:
    assert runs.first.errors == {}
    assert runs.first.failing_tests == FAILING
    # Its gate failed; that of the hospital did not.
    assert runs.first.skipped_models == {"messages_to_learn_from"}
    assert runs.project.value("select count(*) from city_consumers.discharges_to_learn_from") == 1900
    found = runs.project.query(
        "select distinct monitor, category, metric, subject, window_grain, status from city_fleet.ml_gates "
        "where status in ('warn', 'fail')"
    )
    assert set(found) == FINDINGS


def test_the_end_of_a_run_says_it_in_words(runs: Runs) -> None:
    said = runs.first.output
    assert "ml_monitor  readmission: all gates pass" in said
    summary = said[said.index("ml_monitor  heat_demand: 1 failing") :]
    for category, text in (
        ("quality", "wind_speed null share change 100.0 % is above 20 %"),
        ("drift", "word_count PSI 10.33 is above 0.2"),
    ):
        page = f"dbt_packages/ml_monitor/docs/gates/{category}.md"
        assert (runs.project.folder / page).exists()
        assert re.search(rf"  FAIL  {category}, {page}\n(    .*\n)*    [\d :-]{{16}}  {text}", summary), text
    assert "; owner helpline@city.example" in summary
    assert "humidity" not in summary
    following = "python dbt_packages/ml_monitor/scripts/report.py; messages in full: ml_findings"
    assert f"ml_monitor  next: {following}" in summary
    found = "subject = 'word_count' and metric = 'psi' and status = 'fail'"
    message = runs.project.value(f"select max(message) from city_fleet.ml_findings where {found}")
    assert "(mostly above 69.00) rose from 0.0 % to 65.1 %" in message


def test_a_build_with_nothing_new_changes_nothing(runs: Runs) -> None:
    models = [node for node in runs.second.manifest["nodes"].values() if node["resource_type"] == "model"]
    tables = {node["name"] for node in models if node["config"]["materialized"] == "ml_monitor_table"}
    # Each run is on record.
    histories = {name for name in tables if name.endswith("__history")}
    assert len(tables) > 40
    assert tables - quiet_models(runs.second) == histories
    assert runs.second.failing_tests == FAILING
    lines = [
        {line for line in result.output.splitlines() if re.match(r"  FAIL  |    \d{4}-\d\d-\d\d ", line)}
        for result in (runs.first, runs.second)
    ]
    assert len(lines[0]) >= 4
    assert lines[0] == lines[1]


def test_windows_follow_the_volume(runs: Runs) -> None:
    rows = runs.project.query("select monitor, judged_windows from city_fleet.ml_monitors")
    assert dict(rows) == {
        "readmission": "28_days",
        "heat_demand": "7_days, 28_days",
        "ticket_routing": "day, 28_days",
    }


# What is the project's own


def test_the_weekend_is_that_of_the_project(runs: Runs) -> None:
    """Hours of the weekend are compared with those of its own eight days in the baseline, the others with those of twenty."""
    rows = runs.project.query(
        "select window_start, reference_rows from city_fleet.ml_drift where monitor = 'ticket_routing' "
        "and window_grain = 'hour' and column_name = 'channel' and not is_in_baseline and window_start >= '2026-02-08'"
    )
    weekend = {start for start, reference_rows in rows if reference_rows < 9 * 834}
    # Friday in Cairo begins on Thursday at 22:00 UTC.
    assert (len(rows), len(weekend)) == (144, 26)
    assert str(min(weekend)) == "2026-02-12 22:00:00"


def test_stops_and_waivers_are_those_of_the_project(runs: Runs) -> None:
    rows = runs.project.query(
        "select subject, window_start, reason from city_fleet.ml_checks where monitor = 'heat_demand' "
        "and window_start >= '2026-02-12' and metric in ('duplicate_rate', 'null_share_change') and reason is not null"
    )
    waived = {subject for subject, _, reason in rows if reason == "waived"}
    assert waived == {"humidity"}
    stopped = {
        str(start)[11:16]
        for subject, start, reason in rows
        if (subject, reason) == ("__rows__", "maintenance")
    }
    assert stopped == {"02:00", "03:00"}
    first_day = runs.project.query(
        "select reason from city_monitors.readmission__baseline_windows order by window_start limit 1"
    )
    assert first_day == [("maintenance",)]


def test_an_announced_feature_has_a_baseline_of_its_own(runs: Runs) -> None:
    rows = runs.project.query(
        "select window_start < '2026-02-04', min(baseline_state), max(null_share_change) from city_monitors.heat_demand__drift "
        "where window_grain = 'day' and column_name = 'sun_hours' group by 1 order by 1"
    )
    (_, later, change), (_, before, _) = rows
    # The stops are no days of a baseline.
    assert later.startswith("9 days from 2026-02-04")
    assert before.startswith("28 days from 2026-01-06")
    assert abs(change) < 0.01


def test_every_relation_is_where_the_project_says(runs: Runs) -> None:
    rows = runs.project.query("select table_schema, table_name from information_schema.tables")
    schemas: dict[str, set[str]] = {}
    for schema, name in rows:
        schemas.setdefault(schema, set()).add(name)
    views = yaml.safe_load(scaffold.FLEET_FILE.read_text(encoding="utf-8"))
    assert schemas["city_fleet"] == set(views)
    assert {name.split("__")[0] for name in schemas["city_monitors"]} == {
        "readmission",
        "heat_demand",
        "ticket_routing",
    }
    assert {name.split("_")[0] for name in schemas["city_staging"]} == {"stg"}
    assert schemas["city"] == {
        "accepted_findings",
        "announced_changes",
        "city_limits",
        "ml_chi_square_quantiles",
        "ml_deletions",
        "ml_maintenance_windows",
        "ml_policy_rules",
        "planned_stops",
    }


@on_duckdb
def test_the_demo_is_not_there(runs: Runs) -> None:
    """A full parse warns of nothing, and nothing of the demo is among the user's: no model, test, source or analysis."""
    assert "WARNING" not in runs.listed
    nodes = [line for line in runs.listed.splitlines() if re.match(r"(source:)?\w+\.", line)]
    assert len(nodes) > 100
    assert [node for node in nodes if re.search("flight|demo|analys", node)] == []
    manifest = runs.first.manifest
    ours = {
        node["resource_type"] for node in manifest["nodes"].values() if node["package_name"] == "ml_monitor"
    }
    assert ours == {"model", "test", "seed", "operation"}
    assert {source["source_name"] for source in manifest["sources"].values()} == {"city"}
    assert manifest["exposures"] == manifest["unit_tests"] == {}


# The report


def test_the_report_reads_the_project_through_its_profile(runs: Runs, tmp_path: Path) -> None:
    """From the package, on each engine, with the fleet views in a schema of their own."""
    page = tmp_path / "report.html"
    command = [sys.executable, "dbt_packages/ml_monitor/scripts/report.py", "--out", str(page)]
    environment = runs.project.environment({"DBT_PROFILES_DIR": str(runs.project.folder / "profiles")})
    done = subprocess.run(
        command, cwd=runs.project.folder, env=environment, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout.strip()) == (0, str(page)), done.stdout + done.stderr
    data = blocks(page)
    failing = dict(
        runs.project.query(
            "select monitor, count(distinct category || metric || subject) from city_fleet.ml_gates "
            "where status = 'fail' group by monitor"
        )
    )
    monitors = data["fleet"]["monitors"]
    assert {one["name"]: one["failing"] for one in monitors} == {
        one["name"]: failing.get(one["name"], 0) for one in monitors
    }
    assert len(monitors) == 3
    assert any("histograms" in column for column in data["columns-0"].values())


def test_histograms_hold_every_row(runs: Runs) -> None:
    """Also after an announced change, which begins another baseline."""
    counted = """
        select monitor, column_name, window_start, model_version, segment_name, segment_value, sum(row_count) as row_count
        from city_fleet.ml_histograms
        group by monitor, column_name, window_start, model_version, segment_name, segment_value
    """
    compared = runs.project.query(
        f"""select count(*), sum(case when h.row_count = d.row_count then 0 else 1 end)
        from city_fleet.ml_drift as d
        left join ({counted}) as h using (monitor, column_name, window_start, model_version, segment_name, segment_value)
        where d.window_grain = 'day' and d.baseline = 'serving' and d.row_count > 0"""
    )[0]
    assert compared[0] > 1000
    assert compared[1] == 0


# What a monitor is made of


def own_models(result: Result) -> dict[str, dict[str, Any]]:
    """The models of the monitor of the hospital, by the part of their name after `readmission__`."""
    models = [node for node in result.manifest["nodes"].values() if node["resource_type"] == "model"]
    prefix = "readmission__"
    return {node["name"].removeprefix(prefix): node for node in models if node["name"].startswith(prefix)}


@on_duckdb
def test_a_monitor_is_light(runs: Runs) -> None:
    """One with labels, a training set and a lookup."""
    tests = [
        node
        for node in runs.first.manifest["nodes"].values()
        if node["resource_type"] == "test" and "readmission__" in json.dumps(node["depends_on"]["nodes"])
    ]
    files = list(runs.project.folder.glob("models/monitors/readmission/*.yml"))
    found = {
        "models": len(own_models(runs.first)),
        "tests": len(tests),
        "lines of YAML": len(files[0].read_text(encoding="utf-8").splitlines()),
    }
    assert len(files) == 1
    assert {name: count for name, count in found.items() if count > LIMITS[name]} == {}


@on_duckdb
def test_contracts_and_access_are_where_people_look(runs: Runs) -> None:
    """With restrict-access, as here, other packages may read public models only: the views over all monitors do."""
    models = own_models(runs.first)
    contracts = {name for name, node in models.items() if node["config"]["contract"]["enforced"]}
    public = {name for name, node in models.items() if node["config"]["access"] == "public"}
    assert contracts == FOR_PEOPLE
    assert public == FOR_PEOPLE | READ_BY_FLEET
    nodes = runs.first.manifest["nodes"]
    for name in FOR_PEOPLE - {"gate"}:
        staged = f"stg_readmission__{'labels' if name == 'labels' else 'inferences'}"
        columns = list(nodes[f"model.ml_monitor_integration_tests.{staged}"]["columns"])
        assert list(models[name]["columns"])[: len(columns)] == columns


# What is refused


@on_duckdb
@pytest.mark.parametrize(
    ("args", "as_of", "said"),
    [
        (
            ["--empty"],
            AS_OF,
            "dbt build --empty --target trial, a target of profiles.yml with `schema: trial`",
        ),
        (
            [],
            "2026-02-01 00:00:00",
            "ML_AS_OF=2026-02-01T00:00:00 dbt build --target as_of_20260201, a target of profiles.yml",
        ),
    ],
)
def test_a_refusal_names_what_the_project_has(runs: Runs, args: list[str], as_of: str, said: str) -> None:
    """Nothing runs, so the build of the other tests stays as it is."""
    refused = runs.project.dbt("build", *args, env={"ML_AS_OF": as_of})
    assert refused.exit_code == 2
    assert "refused; nothing was changed" in refused.output
    assert said in refused.output
    assert "ML_SCHEMA" not in refused.output


@on_duckdb
def test_a_column_that_staging_has_and_the_contract_lacks_is_a_fault(runs: Runs, tmp_path: Path) -> None:
    project = runs.project.copy_to(tmp_path / "column")
    project.follow_staging = lambda: None
    line = "      - {name: release, data_type: text, config: {meta: {role: model_version}}}\n"
    staging = "models/staging/readmission/_readmission.yml"
    project.replace(staging, line, line + "      - {name: surgeon, data_type: text}\n")
    result = project.dbt("build")
    assert result.exit_code != 0
    assert (
        "models/monitors/readmission/_readmission__monitor.yml: readmission__inferences.columns"
        in result.output
    )
    assert "found:   without surgeon text" in result.output
    command = "dbt_packages/ml_monitor/scripts/scaffold.py readmission --parts labels reference ward --force"
    assert f"python {command}" in result.output


def test_messages_name_no_path_of_our_own_root() -> None:
    """Texts in macros, without comments: pages are below the var ml_docs, all else is from a macro that knows the project."""
    files = [*ROOT.glob("macros/**/*.sql"), *ROOT.glob("tests/generic/*.sql")]
    own = re.compile(
        r"(?<!ml_monitor/)\b(docs|seeds|scripts|models|profiles|analyses)/|\bmake (demo|test|bench)|"
        r"ML_(?!AS_OF|REBUILD|GIT_REVISION)[A-Z]"
    )
    found = [
        f"{path.relative_to(ROOT)}: {line.strip()}"
        for path in files
        for line in re.sub(r"\{#.*?#\}", "", path.read_text(encoding="utf-8"), flags=re.DOTALL).splitlines()
        if own.search(line) and "of ml_monitor" not in line
    ]
    # in_schema, for our own root.
    assert found == [
        "macros/config/guard_history.sql: "
        "{%- if project_name == 'ml_monitor' -%}{%- do return('ML_SCHEMA=' ~ schema ~ ' ' ~ command) -%}{%- endif -%}"
    ]

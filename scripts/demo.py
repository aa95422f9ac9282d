"""The demo: ten months of real flights through two monitored ML models, and what the gates say of them.

Prepares the raw logs, runs `dbt build` on an embedded DuckDB file, and compares the outcome with the one that
the raw logs call for. The gates fail on this data where they should; the demo exits 0 only if just those do.

    python scripts/demo.py [--json]

With ``--json`` stdout is one JSON object, and what is said stands on stderr.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import re
import subprocess
import sys
import textwrap
import time
from pathlib import Path

from demo_data.expected_findings import (
    Finding,
    expected_findings,
    found_findings,
    natural_findings,
    worse_days,
)
from terminal import progress

ROOT = Path(__file__).resolve().parent.parent
RAW = ROOT / "data" / "raw"
DATABASE = ROOT / "ml_monitor.duckdb"
AS_OF = "2014-01-01 00:00:00"
FIRST_HOUR = "2013-03-01 00:00:00"
# The whole ten months are judged at once; a scheduled run judges the last two days.
LOOKBACK_HOURS = 306 * 24
EXPECTED_FAILING_TESTS = {
    "flight_air_time__gate_performance",
    "flight_air_time__gate_quality",
    "flight_delay__gate_contract",
    "flight_delay__gate_drift",
    "flight_delay__gate_freshness",
    "flight_delay__gate_quality",
}
EXPECTED_SKIPPED_MODELS = {"flight_delay_training_set"}


def dbt_build() -> tuple[int, float]:
    """Run dbt build on the raw logs as of the end of the year; returns its exit code and its seconds."""
    environment = os.environ | {
        "DBT_PROFILES_DIR": str(ROOT / "profiles"),
        "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
        "ML_RAW_PATH": str(RAW),
        "ML_DUCKDB_PATH": str(DATABASE),
        "ML_AS_OF": AS_OF,
    }
    command = [str(Path(sys.executable).with_name("dbt")), "--quiet", "--no-use-colors", "build", "--vars"]
    command += [json.dumps({"ml_gate_lookback_hours": LOOKBACK_HOURS, "ml_summary_lines": 12})]
    started = time.monotonic()
    with progress("dbt build"):
        finished = subprocess.run(
            command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True, check=False
        )
    lines = finished.stdout.splitlines()
    if finished.returncode in (0, 1):
        # dbt logs each failing test twice, with the time in front; the summary says what failed.
        lines = [line for line in lines if line and not re.match(r"\d\d:\d\d:\d\d ", line)]
    say("\n".join(lines))
    return finished.returncode, time.monotonic() - started


def say(text: str) -> None:
    """Print for people: on stdout, or on stderr where stdout is JSON."""
    print(text, file=sys.stderr if "--json" in sys.argv[1:] else sys.stdout, flush=True)


def node_outcomes() -> tuple[set[str], set[str], set[str]]:
    """Failing tests, skipped models, and nodes with an error, from the artifacts of the run."""
    results = json.loads((ROOT / "target" / "run_results.json").read_text())["results"]
    nodes = json.loads((ROOT / "target" / "manifest.json").read_text())["nodes"]
    by_status: dict[str, set[str]] = {"fail": set(), "skipped": set(), "error": set()}
    for result in results:
        node = nodes.get(result["unique_id"])
        if not node or result["status"] not in by_status:
            continue
        if node["resource_type"] != "test" or result["status"] != "skipped":
            by_status[result["status"]].add(node["name"])
    return by_status["fail"], by_status["skipped"], by_status["error"]


def explain_faults(found: set[Finding]) -> None:
    """Say in words what each injected fault was and in how many windows it was found."""
    say("\nInjected by scripts/prepare_demo.py, and found:")
    with (RAW / "injected_faults.csv").open(newline="") as file:
        for fault in csv.DictReader(file):
            key = (fault["monitor"], fault["metric"], fault["subject"], fault["window_grain"])
            windows = [f for f in found if f[:4] == key and fault["first_hour"] <= f[4] < fault["end_hour"]]
            say(f"  {fault['fault_id']:<21} {fault['first_hour'][:16]} to {fault['end_hour'][:16]}")
            say(textwrap.indent(textwrap.fill(fault["description"], 75), " " * 24))
            say(f"  {'':<21} -> {fault['category']} gate, {fault['metric']}, windows: {len(windows)}")


def explain_nature(found: set[Finding]) -> None:
    """Say what the gates found that nobody injected."""
    hours = {f[4] for f in found & natural_findings(RAW, AS_OF) if f[1] == "join_match_rate"}
    days = {f[4] for f in found & worse_days(RAW, AS_OF)}
    say(f"\nReally missing in the public weather data, and found too: {len(hours)} hours.")
    say(f"The model of the air time, trained in winter, is really worse in summer: {len(days)} days fail.")
    say("The season (weather against the training set) warns, and fails nothing.")


def outcome_faults(exit_code: int, found: set[Finding]) -> list[str]:
    """What differs from the outcome that the raw logs call for."""
    failing, skipped, errors = node_outcomes()
    expected = expected_findings(RAW, AS_OF)
    checks = [
        (exit_code == 1, f"dbt exited {exit_code}, expected 1"),
        (not errors, f"nodes with an error: {sorted(errors)}"),
        (
            failing == EXPECTED_FAILING_TESTS,
            f"failing tests: {sorted(failing)}, expected {sorted(EXPECTED_FAILING_TESTS)}",
        ),
        (
            skipped == EXPECTED_SKIPPED_MODELS,
            f"skipped: {sorted(skipped)}, expected {sorted(EXPECTED_SKIPPED_MODELS)}",
        ),
        (not expected - found, f"not found: {sorted(expected - found)}"),
        (not found - expected, f"found, but nothing is wrong there: {sorted(found - expected)}"),
    ]
    return [text for good, text in checks if not good]


def main() -> int:
    """Run the demo; returns the exit code."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    as_json = parser.parse_args().json
    prepare = [sys.executable, str(ROOT / "scripts" / "prepare_demo.py"), "--out", str(RAW)]
    if subprocess.run(prepare, cwd=ROOT, stdout=sys.stderr if as_json else None, check=False).returncode:
        return 1
    say("\nBuilding the monitors (dbt build; half a minute the first time) ...\n")
    exit_code, seconds = dbt_build()
    if exit_code not in (0, 1):
        say(
            f"dbt refused to run, for the reason above. If {DATABASE.name} holds nothing you need, remove it."
        )
        return 1
    say(f"\ndbt build took {seconds:.0f} s and exited {exit_code}, as it must when a gate fails.")
    found = found_findings(DATABASE)
    explain_faults(found)
    explain_nature(found)
    report = [sys.executable, str(ROOT / "scripts" / "report.py"), "--database", str(DATABASE), "--json"]
    written = json.loads(subprocess.run(report, cwd=ROOT, check=True, stdout=subprocess.PIPE).stdout)
    wrong = outcome_faults(exit_code, found)
    if wrong:
        say("\nVerdict: NOT the expected outcome:\n  " + "\n  ".join(wrong))
    else:
        say(f"\nVerdict: exactly the expected {len(found)} checks failed, and with them their gates.")
    say(f"Next: open build/report.html; the tables are in {DATABASE.name}, such as ml_incidents.")
    if as_json:
        outcome = {
            "as_expected": not wrong,
            "wrong": wrong,
            "dbt_exit_code": exit_code,
            "dbt_seconds": seconds,
        }
        print(json.dumps(outcome | {"failing_checks": len(found)} | written))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())

"""How well drift is found: monitors of known truth through ml_monitor as it is, Evidently and NannyML.

    python scripts/detection/detection.py [--out build/detection] [--only NAME ...] [--reuse] [--no-peers] [--write]

Each monitor of detection_streams.py is written as Parquet, scaffolded into a copy of this project and built by dbt
with the policies that the project comes with; then its checks and its drift table are read. The other tools
(peer_tools/detection_peers.py, in the environment of requirements-peers.txt) get the same rows and windows with their own
defaults. Results go to the folder, one file for each monitor and tool; ``--reuse`` takes those that are there.
``--write`` writes docs/detection.json and docs/detection.md.

A false alarm is a warning or failure of drift of a column to which nothing was done, in a window after the baseline. A
change is found in a window if any default check of drift warns or fails for the column, or for a gap its null rate; its
delay is the number of windows before the first such.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import shutil
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pandas as pd
import yaml
from detection_page import BARE, EVIDENTLY, NANNYML, OURS, TOOLS, compact, page_text, tables_text
from detection_streams import (
    ALL,
    BASELINE_DAYS,
    CHANGED_BY_THEMSELVES,
    FLIGHTS,
    FLIGHTS_FROM,
    NONE,
    START,
    Frame,
    Stream,
    Truth,
    flights,
    generate,
)

sys.path.append(str(Path(__file__).resolve().parents[1]))
from peer_tools.environment import PeersError, peers_python, peers_settings

ROOT = Path(__file__).resolve().parents[2]
SCRIPTS = ROOT / "scripts"
CACHE = Path(os.environ.get("ML_TEST_CACHE", ROOT / "data" / "cache"))
RECORD, PAGE = ROOT / "docs" / "detection.json", ROOT / "docs" / "detection.md"
PROJECT_PARTS = ["macros", "models/fleet", "models/records", "profiles", "seeds", "tests/generic"]
FILES = ["ml_monitor", "bare_psi", "evidently", "nannyml"]
BARE_LIMIT, BARE_FLOOR = 0.1, 1e-4
# Days of a change that are judged by hour, and days before it that the other tools get.
CHANGE_DAYS_BY_HOUR, CALM_DAYS = 2, {"day": 10, "hour": 1}
PEER_DAYS = {"day": 10, "hour": 1}
SLOW = ("gradual shift to 1 sd", "one category grows to 25 %")
# For the other tools, which are slow: so many columns of each kind that do not change, and that do, and so many windows.
PEER_CALM, PEER_CHANGED = 2, 1


class DetectionError(RuntimeError):
    """A step failed."""


# What counts


def bare_psi(reference: np.ndarray, window: np.ndarray) -> float:
    """PSI as it is usually written: from counts by bin, shares of at least 0.0001; NaN if a side has no values."""
    if not reference.sum() or not window.sum():
        return float("nan")
    q, p = (np.maximum(counts / counts.sum(), BARE_FLOOR) for counts in (reference, window))
    return float(((p - q) * np.log(p / q)).sum())


def bare_bins(values: pd.Series, baseline: np.ndarray) -> tuple[np.ndarray, int]:
    """Bin of each value among the deciles of the baseline, or its category; -1 for a missing one. And how many bins there are."""
    if values.dtype.kind != "f":
        codes, names = pd.factorize(values)
        return codes, len(names)
    numbers = values.to_numpy()
    edges = np.unique(np.nanquantile(numbers[baseline], np.arange(1, 10) / 10))
    return np.where(np.isnan(numbers), -1, np.searchsorted(edges, numbers)), len(edges) + 1


def in_incident(alarms: list[bool]) -> list[bool]:
    """Whether a column is in an incident after each window: two of the last three windows were alarms."""
    return [sum(alarms[max(0, last - 2) : last + 1]) >= 2 for last in range(len(alarms))]


def incidents(columns: Iterable[list[bool]]) -> tuple[int, int]:
    """Incidents of a monitor, spans of windows in which at least one of its columns is in an incident; and windows in them."""
    states = [in_incident(alarms) for alarms in columns]
    any_open = [any(window) for window in zip(*states, strict=True)]
    begun = sum(1 for before, now in zip([False, *any_open], any_open, strict=False) if now and not before)
    return begun, sum(any_open)


def delay(alarms: list[bool]) -> int | None:
    """Windows before the first alarm of a change; none if there is none."""
    return alarms.index(True) if True in alarms else None


def tested_windows(stream: Stream) -> list[int]:
    """Numbers of the windows after the baseline: days, or hours, since the start of the data."""
    per_day = 24 if stream.windows == "hour" else 1
    return list(range(BASELINE_DAYS * per_day, stream.days * per_day))


def touched_windows(stream: Stream, truth: Truth) -> list[int]:
    """Those of them that a change touches, in its first days; of slow changes those that every tool gets."""
    per_day = 24 if stream.windows == "hour" else 1
    length = CHANGE_DAYS_BY_HOUR if stream.windows == "hour" else stream.change_days
    if truth.change in SLOW:
        length = PEER_DAYS[stream.windows]
    days = {day for day in truth.days if day < truth.first + length}
    return [window for window in tested_windows(stream) if window // per_day in days]


def tally(stream: Stream, truths: list[Truth], found: dict[str, pd.DataFrame]) -> list[dict[str, Any]]:
    """Windows, alarms and delays of every kind of traffic and change of a monitor, by tool.

    The null rate is a check of quality: it counts where the change is a gap.
    """
    groups: dict[tuple[str, str], list[Truth]] = defaultdict(list)
    for truth in truths:
        groups[truth.traffic, truth.change].append(truth)
    tallies = []
    for (traffic, change), members in groups.items():
        tools = {}
        for tool, frame in found.items():
            by_column = {name: rows.set_index("window") for name, rows in frame.groupby("column")}
            counts = {"columns": 0, "windows": 0, "evaluated": 0, "alarms": 0, "detected": 0}
            delays: list[int | None] = []
            for truth in members:
                if truth.column not in by_column:
                    continue
                windows = tested_windows(stream) if change == NONE else touched_windows(stream, truth)
                rows = by_column[truth.column]
                rows = rows.loc[rows.index.intersection(windows)].sort_index()
                if change.startswith("missing") and "gap" in rows:
                    rows = rows.assign(alarm=rows["alarm"] | rows["gap"])
                counts["columns"] += 1
                counts["windows"] += len(rows)
                counts["evaluated"] += int(rows["evaluated"].sum())
                counts["detected"] += int(rows["detected"].sum())
                # A false alarm of windows that overlap is one.
                is_onset = change == NONE and "onset" in rows
                counts["alarms"] += int(rows["onset" if is_onset else "alarm"].sum())
                delays.append(delay([bool(one) for one in rows["alarm"]]))
            if counts["windows"]:
                tools[tool] = counts | ({} if change == NONE else {"delays": delays})
        tallies.append({"stream": stream.name, "traffic": traffic, "change": change, "tools": tools})
    return tallies


def tally_incidents(
    stream: Stream, truths: list[Truth], found: dict[str, pd.DataFrame], without: tuple[str, ...] = ()
) -> dict[str, Any]:
    """Incidents of the columns of a monitor with daily windows to which nothing was done, by tool."""
    calm = [truth.column for truth in truths if truth.change == NONE and truth.column not in without]
    windows = tested_windows(stream)
    tools = {}
    for tool, frame in found.items():
        by_column = {name: rows.set_index("window")["alarm"] for name, rows in frame.groupby("column")}
        judged = [window for window in windows if window in set(frame["window"])]
        series = [
            by_column[name].reindex(judged, fill_value=False).astype(bool).tolist()
            for name in calm
            if name in by_column
        ]
        if series:
            begun, days_open = incidents(series)
            tools[tool] = {"columns": len(series), "days": len(judged), "incidents": begun, "open": days_open}
    return {"stream": stream.name, "without": list(without), "tools": tools}


def untouched(truths: list[Truth], ours: pd.DataFrame) -> list[dict[str, Any]]:
    """Which columns of the flights, to which nothing was done, have alarms, by which metric."""
    calm = [truth.column for truth in truths if truth.change == NONE]
    found = ours[ours["column"].isin(calm) & ours["alarm"] & (ours["window"] >= BASELINE_DAYS)]
    each = found.assign(metric=found["metrics"].str.split()).explode("metric")
    counted = each.groupby(["column", "metric"])["window"].agg(["size", "min", "max"]).reset_index()
    day = (
        (FLIGHTS_FROM + pd.to_timedelta(counted[["min", "max"]].stack(), unit="D"))
        .dt.date.astype(str)
        .unstack()
    )
    return [
        {
            "column": row["column"],
            "metric": row["metric"],
            "days": int(row["size"]),
            "first": first,
            "last": last,
        }
        for row, first, last in zip(counted.to_dict("records"), day["min"], day["max"], strict=True)
    ]


# A monitor through dbt


def staging(name: str, rows: pd.DataFrame, features: list[str], windows: str) -> dict[str, Any]:
    """The staging model of a monitor, as its YAML says it."""
    double = "{{ 'double precision' if target.type in ('postgres', 'redshift') else 'double' }}"
    roles = {"event_time": "timestamp", "ingest_time": "timestamp"}
    columns = [
        {"name": one, "data_type": roles.get(one, "string"), "config": {"meta": {"role": one}}}
        for one in ("prediction_id", "event_time", "ingest_time", "model_version")
    ]
    columns.append({"name": "prediction", "data_type": double, "config": {"meta": {"role": "prediction"}}})
    for one in features:
        kind = double if rows[one].dtype.kind == "f" else "string"
        columns.append({"name": one, "data_type": kind, "config": {"meta": {"role": "feature"}}})
    declared = {"task": "regression", "owner": "nobody@example.com"}
    if windows == "hour":
        declared["drift_windows"] = ["hour"]
    model = {
        "name": f"stg_{name}__inferences",
        "description": "Generated rows.",
        "config": {"contract": {"enforced": True}, "meta": {"ml_monitor": declared}},
        "columns": columns,
    }
    return {"models": [model]}


def make_project(folder: Path, stream: Stream, rows: pd.DataFrame, features: list[str]) -> None:
    """A copy of this project with the one monitor and its raw rows."""
    shutil.rmtree(folder, ignore_errors=True)
    for part in PROJECT_PARTS:
        shutil.copytree(ROOT / part, folder / part, ignore=shutil.ignore_patterns("__pycache__", "demo_*"))
    seeds = folder / "seeds" / "_seeds.yml"
    described = yaml.safe_load(seeds.read_text())
    described["seeds"] = [seed for seed in described["seeds"] if not seed["name"].startswith("demo_")]
    seeds.write_text(yaml.safe_dump(described, sort_keys=False))
    project = yaml.safe_load((ROOT / "dbt_project.yml").read_text())
    project["vars"] = {"ml_monitors": {stream.name: []}, "ml_policy_seeds": ["ml_policy_rules"]}
    (folder / "dbt_project.yml").write_text(yaml.safe_dump(project, sort_keys=False))
    models = folder / "models" / "staging" / stream.name
    models.mkdir(parents=True)
    described = staging(stream.name, rows, features, stream.windows)
    (models / f"_{stream.name}.yml").write_text(yaml.safe_dump(described, sort_keys=False))
    listed = ",\n    ".join(rows.columns)
    source = "read_parquet('{{ env_var('ML_RAW_PATH') }}/rows.parquet')"
    (models / f"stg_{stream.name}__inferences.sql").write_text(f"select\n    {listed}\nfrom {source}\n")
    command = [sys.executable, str(SCRIPTS / "scaffold.py"), stream.name, "--project-dir", str(folder)]
    run_step(command, folder, dict(os.environ))


def run_step(command: list[str], folder: Path, environment: dict[str, str]) -> str:
    """Run one step; what it printed is the message if it fails."""
    finished = subprocess.run(
        command,
        cwd=folder,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if finished.returncode:
        raise DetectionError(f"{' '.join(command)} exited {finished.returncode}:\n{finished.stdout[-4000:]}")
    return finished.stdout


def build(stream: Stream, frame: Frame, folder: Path) -> pd.DataFrame:
    """Build a monitor; one row for each column and window: was it judged, was there an alarm, was drift detected, its PSI."""
    features = [truth.column for truth in frame.truth]
    start = FLIGHTS_FROM if stream is FLIGHTS else START
    make_project(folder / "project", stream, frame.rows, features)
    database = folder / "project" / "detection.duckdb"
    end = start + pd.Timedelta(days=stream.days)
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("ML_", "DBT_"))}
    environment |= {
        "DBT_PROFILES_DIR": str(folder / "project" / "profiles"),
        "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
        "DO_NOT_TRACK": "1",
        "ML_DUCKDB_PATH": str(database),
        "ML_RAW_PATH": str(folder),
        "ML_AS_OF": str(end),
    }
    dbt = str(Path(sys.executable).with_name("dbt"))
    selected = ["--select", f"+{stream.name}__checks", "--exclude-resource-type", "test", "unit_test"]
    run_step([dbt, "--no-use-colors", "build", *selected], folder / "project", environment)
    return read(stream, database, start)


def read(stream: Stream, database: Path, start: pd.Timestamp) -> pd.DataFrame:
    """What the built tables say of each column and window: of a day also the 7 and 28 days that end with it."""
    length = "3600" if stream.windows == "hour" else "86400"
    grains = "'hour'" if stream.windows == "hour" else "'day', '7_days', '28_days'"
    with duckdb.connect(str(database), read_only=True) as connection:
        connection.execute("set TimeZone = 'UTC'")
        return connection.execute(f"""
            with judged as (
                select
                    subject,
                    window_end,
                    bool_or(status in ('warn', 'fail') and category = 'drift') as alarm,
                    bool_or(
                        status in ('warn', 'fail') and category = 'drift'
                        and (window_grain not in ('7_days', '28_days') or not is_repeat)
                    ) as onset,
                    bool_or(status in ('warn', 'fail') and metric = 'null_share_change') as gap,
                    string_agg(metric, ' ' order by metric) filter (status in ('warn', 'fail') and category = 'drift') as metrics,
                    bool_or(metric in ('psi', 'mean_shift_sd') and status <> 'not_evaluated') as evaluated
                from {stream.name}__checks
                where segment_name = '__all__' and window_grain in ({grains}) and model_version = '__all__'
                group by subject, window_end
            ),
            measured as (
                select
                    column_name,
                    window_end,
                    bool_or(is_drift_detected and psi_reason is null) as is_detected,
                    max(psi) filter (where window_grain in ('day', 'hour')) as psi
                from {stream.name}__drift
                where segment_name = '__all__' and window_grain in ({grains}) and column_role = 'feature'
                group by column_name, window_end
            )
            select
                d.column_name as "column",
                cast(epoch(d.window_end - timestamp '{start}') / {length} as int) - 1 as "window",
                coalesce(judged.evaluated, false) as evaluated,
                coalesce(judged.alarm, false) as alarm,
                coalesce(judged.onset, false) as onset,
                coalesce(judged.gap, false) as gap,
                judged.metrics,
                d.is_detected and coalesce(judged.evaluated, false) as detected,
                d.psi
            from measured as d
            left join judged on d.column_name = judged.subject and d.window_end = judged.window_end
            order by 1, 2
        """).df()


def run_bare(stream: Stream, frame: Frame) -> pd.DataFrame:
    """The rule of thumb on the same windows: PSI above 0.1 against all rows of the baseline."""
    start = FLIGHTS_FROM if stream is FLIGHTS else START
    length = pd.Timedelta(hours=1) if stream.windows == "hour" else pd.Timedelta(days=1)
    window = ((frame.rows["event_time"] - start) // length).to_numpy()
    tested = tested_windows(stream)
    baseline = window < tested[0]
    found = []
    for truth in frame.truth:
        bins, count = bare_bins(frame.rows[truth.column], baseline)
        known = bins >= 0
        cells = np.bincount(window[known] * count + bins[known], minlength=(tested[-1] + 1) * count)
        counts = cells.reshape(-1, count)
        reference = counts[: tested[0]].sum(0)
        for number in tested:
            psi = bare_psi(reference, counts[number])
            found.append((truth.column, number, not math.isnan(psi), psi > BARE_LIMIT))
    frame = pd.DataFrame(found, columns=["column", "window", "evaluated", "alarm"])
    return frame.assign(detected=frame["alarm"])


# The other tools


def peer_columns(truths: list[Truth]) -> list[str]:
    """The columns that the other tools get: the first of each kind."""
    taken: dict[tuple[str, str], int] = defaultdict(int)
    names = []
    for truth in truths:
        limit = PEER_CALM if truth.change == NONE else PEER_CHANGED
        if taken[truth.traffic, truth.change] < limit:
            taken[truth.traffic, truth.change] += 1
            names.append(truth.column)
    return names


def peer_windows(stream: Stream, truths: list[Truth]) -> list[int]:
    """The windows that they get: those around the day on which things change."""
    per_day = 24 if stream.windows == "hour" else 1
    change = min((truth.first for truth in truths if truth.days), default=BASELINE_DAYS + CALM_DAYS["day"])
    around = range(
        (change - CALM_DAYS[stream.windows]) * per_day, (change + PEER_DAYS[stream.windows]) * per_day
    )
    return [window for window in tested_windows(stream) if window in around]


def run_peer(tool: str, stream: Stream, truths: list[Truth], folder: Path) -> pd.DataFrame:
    """One of the other tools on some columns of a monitor."""
    python = peers_python()
    start = FLIGHTS_FROM if stream is FLIGHTS else START
    command = [str(python), "-W", "ignore", str(SCRIPTS / "peer_tools" / "detection_peers.py"), tool.lower()]
    command += ["--rows", str(folder / "rows.parquet"), "--start", str(start), "--windows", stream.windows]
    command += ["--baseline-days", str(BASELINE_DAYS), "--features", *peer_columns(truths)]
    command += ["--judged", *map(str, peer_windows(stream, truths))]
    settings = {"PATH": os.environ["PATH"], **peers_settings(python)}
    said = run_step(command, folder, settings)
    answer = json.loads(said.splitlines()[-1])
    frame = pd.DataFrame(answer["windows"], columns=["column", "window", "alarm"])
    (folder / f"{tool.lower()}.version").write_text(answer["version"])
    return frame.assign(evaluated=True, detected=frame["alarm"])


# All of it


def measure(stream: Stream, out: Path, reuse: bool, peers: bool) -> dict[str, Any]:
    """One monitor through every tool."""
    folder = out / stream.name
    folder.mkdir(parents=True, exist_ok=True)
    files = dict(zip(TOOLS, (folder / f"{name}.parquet" for name in FILES), strict=True))
    wanted = [tool for tool in files if tool in (OURS, BARE) or peers]
    missing = [tool for tool in wanted if not (reuse and files[tool].exists())]
    known = folder / "truth.json"
    seconds: dict[str, float] = {}
    if missing or not known.exists():
        started = time.monotonic()
        frame = flights(CACHE) if stream is FLIGHTS else generate(stream)
        frame.rows.to_parquet(folder / "rows.parquet", index=False, coerce_timestamps="us")
        known.write_text(json.dumps(frame.truth))
        truths = frame.truth
        print(f"{stream.name}: {len(frame.rows):,} rows, {time.monotonic() - started:.0f} s", flush=True)
        if BARE in missing:
            run_bare(stream, frame).to_parquet(files[BARE], index=False)
        if OURS in missing:
            started = time.monotonic()
            build(stream, frame, folder).to_parquet(files[OURS], index=False)
            seconds[OURS] = time.monotonic() - started
            shutil.rmtree(folder / "project")
        del frame
    truths = [Truth(*one[:5], tuple(one[5])) for one in json.loads(known.read_text(encoding="utf-8"))]
    for tool in missing:
        if tool in (EVIDENTLY, NANNYML):
            started = time.monotonic()
            run_peer(tool, stream, truths, folder).to_parquet(files[tool], index=False)
            seconds[tool] = time.monotonic() - started
    if missing:
        (folder / "rows.parquet").unlink()
    print(
        f"{stream.name}: " + ", ".join(f"{tool} {took:.0f} s" for tool, took in seconds.items()), flush=True
    )
    found = {tool: pd.read_parquet(file) for tool, file in files.items() if file.exists()}
    versions = {tool: (folder / f"{tool.lower()}.version") for tool in (EVIDENTLY, NANNYML)}
    return {
        "groups": tally(stream, truths, found),
        "incidents": [
            tally_incidents(stream, truths, found, without)
            for without in ([(), CHANGED_BY_THEMSELVES] if stream is FLIGHTS else [()])
            if stream.windows == "day"
        ],
        "untouched": untouched(truths, found[OURS]) if stream is FLIGHTS else [],
        "versions": {tool: file.read_text() for tool, file in versions.items() if file.exists()},
        "seconds": {tool: round(took, 1) for tool, took in seconds.items()},
    }


def main() -> int:
    """Run everything; returns the exit status."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, default=ROOT / "build" / "detection", help="folder to work in")
    parser.add_argument("--only", nargs="+", choices=list(ALL), default=list(ALL), help="these monitors")
    parser.add_argument("--reuse", action="store_true", help="take the results that an earlier run left")
    parser.add_argument("--no-peers", action="store_true", help="without Evidently and NannyML")
    parser.add_argument(
        "--write", action="store_true", help="write docs/detection.json and docs/detection.md"
    )
    arguments = parser.parse_args()
    out = arguments.out.resolve()
    record: dict[str, Any] = {
        "measured_on": f"{date.today()}",
        "versions": {},
        "groups": [],
        "incidents": [],
        "untouched": [],
    }
    try:
        for name in arguments.only:
            one = measure(ALL[name], out, arguments.reuse, not arguments.no_peers)
            record["groups"] += one["groups"]
            record["incidents"] += one["incidents"]
            record["untouched"] += one["untouched"]
            record["versions"] |= one["versions"]
    except (DetectionError, PeersError) as error:
        print(f"detection: {error}", file=sys.stderr)
        return 1
    print(tables_text(record))
    if arguments.write:
        RECORD.write_text(compact(record), encoding="utf-8")
        PAGE.write_text(page_text(record), encoding="utf-8")
        print(f"{RECORD}\n{PAGE}")
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""A build killed at any moment needs no care: a plain rerun ends as if nothing had happened.

``make test`` kills ten times; ``ML_KILLS`` is another number (``make soak``: 100), ``ML_KILL_SEED`` gives other moments.
"""

from __future__ import annotations

import os
import random
import signal
import time
from contextlib import suppress
from pathlib import Path

import pandas as pd
import tiny_monitor
from compare import all_differences
from conftest import Project

KILLS = int(os.environ.get("ML_KILLS", "10"))
ROUNDS = 5
SEED = int(os.environ.get("ML_KILL_SEED", "0"))
START = tiny_monitor.START
BUILD = ["build", "--exclude-resource-type", "test", "unit_test"]


def new_project(folder: Path) -> Project:
    """The tiny monitor; what is later than as_of does not count yet."""
    frames = tiny_monitor.generate(days=8, rows_per_day=400)
    logged = frames["inferences"]
    # Retries, some of them ingested in a later run and before what they repeat.
    retries = logged.sample(200, random_state=1).copy()
    retries["ingest_time"] += pd.to_timedelta([-5, 5, 1500, 4000] * 50, unit="min")
    frames["inferences"] = pd.concat([logged, retries], ignore_index=True)
    return tiny_monitor.new_project(folder, {"tiny": frames})


def killed_build(project: Project, as_of: str, seconds: float) -> str:
    """Kill a build so many seconds after its first model began; returns the last node it had begun, or finished."""
    run = project.start_dbt(*BUILD, env={"ML_AS_OF": as_of})
    while "START sql" not in run.output:
        assert run.returncode is None, run.output
        time.sleep(0.01)
    time.sleep(seconds)
    with suppress(ProcessLookupError):
        os.killpg(run.pid, signal.SIGKILL)
    if run.wait(60) != -signal.SIGKILL:
        return "finished"
    said = run.output
    return [line for line in said.splitlines() if "START" in line][-1].split("model ")[-1].split(" ")[0]


def test_a_killed_run_needs_no_care(tmp_path: Path) -> None:
    project = new_project(tmp_path / "project")
    random.seed(SEED)
    moments = [str(START + pd.Timedelta(hours=24 * (2 + day) + 7)) for day in range(ROUNDS)]
    project.dbt(
        "build", "--exclude-resource-type", "test", "unit_test", env={"ML_AS_OF": moments[0]}, check=0
    )
    started = time.monotonic()
    project.dbt(
        "build", "--exclude-resource-type", "test", "unit_test", env={"ML_AS_OF": moments[0]}, check=0
    )
    longest = 0.6 * (time.monotonic() - started)
    reached = []
    for as_of in moments:
        while len(reached) < KILLS * (1 + moments.index(as_of)) / ROUNDS:
            node = killed_build(project, as_of, random.uniform(0, longest))
            if node != "finished":
                reached.append(node)
    # The kills met different nodes, not always the same one.
    assert len(set(reached)) >= 5, reached
    last = {"ML_AS_OF": moments[-1]}
    project.dbt("build", "--exclude-resource-type", "test", "unit_test", env=last, check=0)
    undisturbed = new_project(tmp_path / "undisturbed")
    undisturbed.raw = project.raw
    undisturbed.dbt("build", "--exclude-resource-type", "test", "unit_test", env=last, check=0)
    assert all_differences(project, undisturbed) == []

"""Relations between columns: every number worked out again from the raw rows, a broken correlation that no column shows, and runs in steps."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import tiny_monitor
from compare import differences
from conftest import Project, Result
from oracle import center_and_scale, edges_of, psi_of_counts
from tiny_monitor import END, LAST_DAY, START, Frames

DAY = pd.Timedelta(days=1)
YAML = "models/staging/tiny/_tiny.yml"
PARTS = ["reference", "relations"]
DECLARED = "          label_horizon_hours: 24\n"
# The second has the score first, which ml_monitor turns; hits is constant.
PAIRS = [["amount", "temp"], ["score", "amount"], ["hits", "amount"]]
VERSION = {"amount * temp": "__all__", "amount * score": "v1", "hits * amount": "__all__"}


def related() -> Frames:
    """Columns that belong together, but for the last day, when temp is shuffled; some values are no numbers."""
    frames = tiny_monitor.generate()
    random = np.random.default_rng(5)
    for table in ("inferences", "reference"):
        rows = frames[table]
        z = (rows["amount"] - 100) / 15
        count = len(rows)
        # The relation moves a little from day to day, as relations do.
        strength = 0.7 + 0.02 * np.sin(np.arange(count) // tiny_monitor.ROWS_PER_DAY)
        rows["temp"] = (
            70 + 4 * (strength * z + np.sqrt(1 - strength**2) * random.standard_normal(count))
        ).round(3)
        # Far out: more than 4 interquartile ranges from the median.
        rows.loc[random.random(count) < 0.003, "temp"] = 200
        rows["score"] = (1 / (1 + np.exp(1 - 0.8 * z - random.standard_normal(count)))).round(6)
        rows["prediction"] = (rows["score"] >= 0.5).astype("int32")
        rows["hits"] = np.int32(3)
    rows = frames["inferences"]
    odd = random.random(len(rows))
    rows.loc[odd < 0.01, "temp"] = np.nan
    rows.loc[odd > 0.998, "amount"] = np.inf
    rows.loc[(odd > 0.5) & (odd < 0.505), "score"] = np.nan
    last = rows["event_time"] >= LAST_DAY
    rows.loc[last, "temp"] = random.permutation(rows.loc[last, "temp"])
    # Rows that come days late, also to days that are folded by then.
    late = (odd > 0.7) & (odd < 0.71)
    rows.loc[late, "ingest_time"] += 9 * DAY
    return {"inferences": rows, "reference": frames["reference"]}


def new_project(folder: Path, frames: Frames, meta: str = "") -> Project:
    """A project whose one monitor has the part relations."""
    project = tiny_monitor.new_project(folder, {"tiny": frames})
    listed = json.dumps({"tiny": tiny_monitor.parts_of(frames)})
    project.replace("dbt_project.yml", listed, json.dumps({"tiny": PARTS}))
    shutil.rmtree(project.folder / "models/monitors/tiny")
    project.scaffold("tiny", PARTS)
    if meta:
        project.replace(YAML, DECLARED, DECLARED + meta)
    return project

"""docs/install.md, followed in a clean folder: from a table of scores to a verdict."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import pytest
import yaml
from conftest import ROOT

PAGE = ROOT / "docs" / "install.md"
BLOCK = re.compile(r"```(\w+)\n(.*?)```", re.DOTALL)
FILE = re.compile(r"(?:#|--) (\S+)\n")
DAYS, ROWS_PER_DAY = 40, 330
START = pd.Timestamp("2026-03-01")
UNTIL = START + pd.Timedelta(days=DAYS)


def raw_tables(database: Path) -> None:
    """Forty days of 330 scores; on the last day one in five customers has a plan that nobody has seen before."""
    random = np.random.default_rng(1)
    count = DAYS * ROWS_PER_DAY
    times = START + pd.to_timedelta(np.sort(random.random(count)) * DAYS * 86400, unit="s").floor("s")
    score = random.beta(2, 6, count).round(4)
    plan = random.choice(["basic", "plus", "pro"], count, p=[0.6, 0.3, 0.1]).astype(object)
    plan[(times >= UNTIL - pd.Timedelta(days=1)) & (random.random(count) < 0.2)] = "team"
    scores = pd.DataFrame(
        {
            "score_id": np.arange(count),
            "scored_at": times,
            "model_version": "v3",
            "plan": plan,
            "monthly_fee": (20 + 30 * random.random(count)).round(2),
            "tenure_months": random.poisson(14, count),
            "score": score,
            "prediction": (score > 0.5).astype(int),
        }
    )
    outcomes = pd.DataFrame(
        {
            "score_id": np.arange(count),
            "churned": (random.random(count) < score).astype(int),
            "known_at": times + pd.Timedelta(hours=20),
        }
    )
    with duckdb.connect(str(database)) as connection:
        connection.execute("create schema raw")
        for name, frame in {"scores": scores, "outcomes": outcomes}.items():
            connection.register("frame", frame)
            connection.execute(f"create table raw.{name} as select * from frame")


def follow(folder: Path) -> list[tuple[str, subprocess.CompletedProcess[str]]]:
    """Write the files of the page and run its commands, in its order."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("ML_", "DBT_"))}
    environment |= {"ML_AS_OF": str(UNTIL), "DBT_SEND_ANONYMOUS_USAGE_STATS": "false", "NO_COLOR": "1"}
    done = []
    for language, text in BLOCK.findall(PAGE.read_text(encoding="utf-8")):
        if language == "bash":
            for command in text.strip().splitlines():
                run = subprocess.run(
                    ["bash", "-c", command],
                    cwd=folder,
                    env=environment,
                    capture_output=True,
                    text=True,
                    check=False,
                )
                done.append((command, run))
            continue
        if language == "text":
            # What the last command prints, as far as the page shows it.
            shown = [" ".join(line.split()) for line in text.strip().splitlines()]
            printed = {" ".join(line.split()) for line in done[-1][1].stdout.splitlines()}
            assert [line for line in shown if line not in printed] == [], done[-1][1].stdout
            continue
        named = FILE.match(text)
        assert named, f"the block does not begin with the name of its file:\n{text}"
        path = folder / named[1]
        content = text[named.end() :]
        if path.name == "packages.yml":
            content = yaml.safe_dump({"packages": [{"local": str(ROOT)}]})
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text((path.read_text("utf-8") if path.exists() else "") + content, "utf-8")
    return done


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[str, subprocess.CompletedProcess[str]]]:
    folder = tmp_path_factory.mktemp("install")
    raw_tables(folder / "shop.duckdb")
    target = {"type": "duckdb", "path": "shop.duckdb", "threads": 2}
    profile = {"shop": {"target": "dev", "outputs": {"dev": target}}}
    (folder / "profiles.yml").write_text(yaml.safe_dump(profile), "utf-8")
    project = {"name": "shop", "version": "1.0.0", "config-version": 2, "profile": "shop"}
    (folder / "dbt_project.yml").write_text(yaml.safe_dump(project), "utf-8")
    return follow(folder)


def test_every_command_of_the_page_works(
    done: list[tuple[str, subprocess.CompletedProcess[str]]],
) -> None:
    assert [command.split()[0] for command, _ in done] == ["dbt", "python", "dbt", "dbt"]
    failed = [command for command, run in done if run.returncode]
    # The new plan fails the drift gate.
    assert failed == ["dbt build"], [run.stdout for _, run in done if run.returncode]


def test_the_verdict_is_right_and_names_the_cause(
    done: list[tuple[str, subprocess.CompletedProcess[str]]],
) -> None:
    build = next(run.stdout for command, run in done if command == "dbt build")
    lines = re.findall(r"^    \d{4}-\d\d-\d\d .*", build, re.MULTILINE)
    shown = next(run.stdout for command, run in done if "show" in command)
    assert lines
    assert "mostly team" in shown
    assert not [line for line in lines if "plan" not in line], lines

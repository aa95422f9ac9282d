"""Answers of the tools that tests compare with, from the environment that scripts/peer_tools/environment.py makes."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any

from peer_tools.environment import PeersError, peers_python, peers_settings

HERE = Path(__file__).parent


def peer_numbers(cases: list[dict[str, Any]]) -> dict[str, Any]:
    """What the other tools say of these cases; peer_numbers.py describes both sides."""
    return answers("peer_numbers.py", {"cases": cases})


def peer_performance(folder: Path, sets: dict[str, dict[str, int]]) -> dict[str, Any]:
    """What they say of the performance on data sets of NannyML; peer_performance.py describes both sides."""
    return answers("peer_performance.py", {"folder": str(folder), "sets": sets})


def answers(script: str, asked: dict[str, Any]) -> dict[str, Any]:
    """What a script prints in the environment of the other tools."""
    python = peers_python()
    # Their telemetry is off; the script refuses connections as well.
    settings = peers_settings(python)
    finished = subprocess.run(
        [str(python), "-W", "ignore", str(HERE / script)],
        cwd=settings["HOME"],
        env={"PATH": os.environ["PATH"], **settings},
        input=json.dumps(asked),
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    if finished.returncode:
        raise PeersError(
            f"{script} exited {finished.returncode} in {python.parent.parent}:\n{finished.stderr[-3000:]}"
        )
    return json.loads(finished.stdout.splitlines()[-1])

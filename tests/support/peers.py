"""Answers of the tools that tests compare with, from the environment that scripts/peer_tools/environment.py makes."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any

from peer_tools.environment import PeersError, peers_python, peers_settings

SCRIPT = Path(__file__).with_name("peer_numbers.py")


def peer_numbers(cases: list[dict[str, Any]]) -> dict[str, Any]:
    """What the other tools say of these cases; peer_numbers.py describes both sides."""
    python = peers_python()
    # Their telemetry is off; the script refuses connections as well.
    settings = peers_settings(python)
    finished = subprocess.run(
        [str(python), "-W", "ignore", str(SCRIPT)],
        cwd=settings["HOME"],
        env={"PATH": os.environ["PATH"], **settings},
        input=json.dumps({"cases": cases}),
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    if finished.returncode:
        raise PeersError(
            f"{SCRIPT.name} exited {finished.returncode} in {python.parent.parent}:\n{finished.stderr[-3000:]}"
        )
    return json.loads(finished.stdout.splitlines()[-1])

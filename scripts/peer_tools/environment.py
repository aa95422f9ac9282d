"""Virtual environments beside that of the project, each with a lock file of its own.

The tools that tests and bench_drift.py compare with (requirements-peers.txt) need older numpy and pandas than this project;
MetricFlow (requirements-metricflow.txt) and Sphinx (requirements-docs.txt) are needed by one test each. An environment is made
by the first that asks and kept: in ``ML_TEST_CACHE`` if that is set, else in ``build/test``. Its name holds a hash of the lock
file.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LOCK = ROOT / "requirements-peers.txt"
ENVIRONMENTS = Path(os.environ.get("ML_TEST_CACHE", ROOT / "build" / "test"))


class PeersError(RuntimeError):
    """The environment could not be made, or its script did not answer."""


def peers_python() -> Path:
    """The interpreter of the environment of the other tools; making it takes a minute or two."""
    return environment_python(LOCK)


def environment_python(lock_file: Path) -> Path:
    """The interpreter of the environment of a lock file, which is made if it is not there.

    Args:
        lock_file: ``requirements-<name>.txt``, complete: it is installed without looking for what its packages need.

    Returns:
        Path of the interpreter.

    Raises:
        PeersError: the environment could not be made.
    """
    name = lock_file.stem.removeprefix("requirements-")
    content = lock_file.read_bytes() + sys.version.encode()
    folder = ENVIRONMENTS / f"{name}-{hashlib.sha256(content).hexdigest()[:16]}"
    python, stamp = folder / "bin" / "python", folder / "installed.stamp"
    if stamp.exists():
        return python
    ENVIRONMENTS.mkdir(parents=True, exist_ok=True)
    with (ENVIRONMENTS / f"{folder.name}.lock").open("w") as lock:
        # Two sessions at once share the folder; the second waits and then finds the stamp.
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not stamp.exists():
            started = time.monotonic()
            run_step([sys.executable, "-m", "venv", "--clear", str(folder)], lock_file)
            pip = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
            # The lock file is complete but for one library that nothing here loads (see the Makefile).
            run_step([*pip, "--no-deps", "--requirement", str(lock_file)], lock_file)
            stamp.write_text(f"made in {time.monotonic() - started:.0f} s\n", encoding="utf-8")
    return python


def run_step(command: list[str], lock_file: Path) -> None:
    """Run one step of making the environment; what it printed is the message if it fails."""
    own = ("PYTHONHOME", "PYTHONPATH", "VIRTUAL_ENV")
    env = {name: value for name, value in os.environ.items() if name not in own}
    finished = subprocess.run(
        command, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
    )
    if finished.returncode:
        said = "\n".join(finished.stdout.splitlines()[-15:])
        raise PeersError(
            f"the environment of {lock_file.name} could not be made: {' '.join(command)} exited {finished.returncode}. "
            f"It needs the package index that the project itself is installed from.\n{said}"
        )


def peers_settings(python: Path) -> dict[str, str]:
    """What the tools are told by environment variables: a home of their own, and no telemetry."""
    home = python.parent.parent / "home"
    home.mkdir(exist_ok=True)
    return {
        "HOME": str(home),
        "MPLBACKEND": "agg",
        "PYTHONHASHSEED": "0",
        "NML_DISABLE_USAGE_LOGGING": "1",
        "DO_NOT_TRACK": "1",
    }

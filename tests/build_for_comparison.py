"""Build the flights and generated histories with the checkout that this file lies in; compare_commits.py calls it.

    python tests/build_for_comparison.py OUT [--raw DIR] [--whole] [--histories FILE]

It has a file of its own because it is copied into ``tests/`` of an older checkout and run there, so that each commit is
built by its own models, scaffold and test helpers. Leaves one DuckDB file in ``OUT/flights`` (from the raw logs in
``--raw``) and one in ``OUT/history_<number>`` for each history of ``--histories``, a pickle of
[inferences, labels, as_of]. Prints the names of the tests that failed on the flights; an error of dbt raises.
"""

from __future__ import annotations

import argparse
import pickle
import shutil
import sys
from pathlib import Path

# An older commit has its helpers in tests/ itself.
sys.path.extend(str(Path(__file__).resolve().parents[1] / folder) for folder in ("tests/support", "scripts"))
from conftest import APRIL, FULL_RANGE, build_demo
from dbt.cli.main import dbtRunner
from histories import END, History, Monitor


def share_folder(folder: Path) -> None:
    """Name the folder that runs of dbt share, as the fixture ``shared_folder`` does; commits before it have none."""
    try:
        from dbt_runner import Shared
    except ImportError:
        return
    folder.mkdir(parents=True, exist_ok=True)
    Shared.folder = folder


def build_flights(out: Path, raw: Path, whole: bool) -> None:
    """The demo, its April or the whole range, every window judged."""
    project, result = build_demo(out, raw, **(FULL_RANGE if whole else APRIL))
    if result.errors or result.exit_code not in (0, 1):
        raise AssertionError(f"dbt build exited {result.exit_code}: {result.errors}\n{result.output}")
    if project.folder != out:
        shutil.copy2(project.database, out)
    print(f"failing tests of the flights: {', '.join(sorted(result.failing_tests)) or 'none'}", flush=True)


def build_histories(out: Path, file: Path) -> None:
    """Each history run by run, then a run of every model without news, which also makes the views."""
    monitor = Monitor(out / "project", has_vectors=True)
    for number, drawn in enumerate(pickle.loads(file.read_bytes()), start=1):
        history = History(*drawn)
        monitor.start()
        for run in range(len(history.as_of)):
            monitor.run(history, run)
        with monitor.ready(END):
            result = dbtRunner(manifest=monitor.manifest).invoke(["--quiet", "run"])
        if not result.success:
            raise AssertionError(result.exception or [one.message for one in result.result])
        monitor.snapshot(out / f"history_{number}")


def main() -> None:
    """Build what the command line names."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("out", type=Path, help="folder to write to")
    parser.add_argument("--raw", type=Path, help="raw logs of the flights")
    parser.add_argument("--whole", action="store_true", help="all months of the flights")
    parser.add_argument("--histories", type=Path, help="pickle of histories")
    arguments = parser.parse_args()
    share_folder(arguments.out / "shared")
    if arguments.raw:
        build_flights(arguments.out / "flights", arguments.raw, arguments.whole)
    if arguments.histories:
        build_histories(arguments.out, arguments.histories)


if __name__ == "__main__":
    main()

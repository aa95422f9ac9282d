"""Write the report: one self-contained HTML file on what is broken now, made from the fleet views.

    python scripts/report.py [--out FILE] [--days N] [--json] [--project-dir DIR] [--profiles-dir DIR] [--target TARGET]
    python scripts/report.py --database FILE [--schema SCHEMA] [--out FILE] [--days N] [--json]

The first form reads through the profile of the dbt project, on any engine. The second reads a DuckDB file and needs no
project; both open a DuckDB file read-only. In a project that installs ml_monitor it is
`dbt_packages/ml_monitor/scripts/report.py`, run in the root of the project with the Python of dbt.

The file needs no server and no network, and may be opened from a disk or sent by mail. It contains what the fleet views contain:
no raw rows, and no values of personal columns.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from pathlib import Path
from typing import Any

from report_page.page import write
from report_page.reading import read
from report_page.sources import ReportError, Source, duckdb_source, project_source
from terminal import progress

ROOT = Path(__file__).resolve().parent.parent


def arguments(given: list[str] | None = None) -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description="Write the report as one HTML file.")
    parser.add_argument("--out", type=Path, help="file to write (default: build/report.html of the project)")
    parser.add_argument(
        "--days", type=int, default=366, help="how far back it reaches (default: %(default)s)"
    )
    parser.add_argument("--project-dir", type=Path, default=Path(), help="the dbt project (default: here)")
    parser.add_argument("--profiles-dir", type=Path, help="as of dbt")
    parser.add_argument("--target", help="as of dbt")
    parser.add_argument("--database", type=Path, help="a DuckDB file, read without a project")
    parser.add_argument("--schema", default="main", help="schema of its views ml_* (default: %(default)s)")
    parser.add_argument(
        "--docs", help="address of ml_monitor's docs folder (default: the one beside this script)"
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object instead of the path")
    args = parser.parse_args(given)
    if args.days < 1:
        parser.error(f"--days {args.days}: give 1 or more, such as --days 90")
    if args.database and (args.profiles_dir or args.target):
        parser.error("--database reads a file without a profile: leave out --profiles-dir and --target")
    return args


def run(args: argparse.Namespace) -> dict[str, Any]:
    """Write the report that the command line asks for. Raises ReportError.

    Returns: dict of ``report`` (its path), ``open_incidents`` and ``monitors``: by name the numbers of ``failing`` and
    ``warning`` findings, as the end of a run prints them.
    """
    # Made absolute first: dbt changes the working directory.
    out = (args.out or args.project_dir / "build" / "report.html").resolve()
    source: Source
    if args.database:
        source = duckdb_source(args.database, args.schema)
    else:
        source = project_source(args.project_dir, args.profiles_dir, args.target)
    with source, progress("reading the fleet views"):
        content = read(source, args.days)
        docs = args.docs or Path(os.path.relpath(ROOT / "docs", out.parent)).as_posix()
        write(content, out, docs)
    monitors = content["fleet"]["monitors"]
    counts = {one["name"]: {"failing": one["failing"], "warning": one["warning"]} for one in monitors}
    is_open = [one for one in content["fleet"]["incidents"] if one["state"] != "resolved"]
    return {"report": str(out), "open_incidents": len(is_open), "monitors": counts}


def main() -> int:
    """Write the report; returns the exit status."""
    try:
        args = arguments()
        written = run(args)
        print(json.dumps(written) if args.json else written["report"])
    except ReportError as error:
        print(f"report: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())

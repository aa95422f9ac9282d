"""Take docs/report.png, the picture of the report that README shows, from the demo.

    python scripts/pictures.py [--database ml_monitor.duckdb] [--out docs/report.png]

Needs Chromium and requirements-browser.txt: `make pictures` runs it in their environment.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from pathlib import Path

import report
from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parent.parent
CHROMIUM = os.environ.get("ML_CHROMIUM", "/usr/bin/chromium")
WIDTH, HEIGHT = 1180, 860
SIZE_LIMIT = 200_000


def take(database: Path, out: Path) -> int:
    """Write the picture of the overview; returns its size in bytes."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as driver:
        page_file = report.run(
            report.arguments(["--database", str(database), "--out", str(Path(folder) / "report.html")])
        )
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT}, color_scheme="light")
        page.goto(page_file.resolve().as_uri())
        page.get_by_role("heading", level=1).wait_for()
        page.screenshot(path=str(out))
        browser.close()
    return out.stat().st_size


def main() -> int:
    """Take the picture; returns the exit status."""
    parser = argparse.ArgumentParser(description="Take docs/report.png from the demo.")
    parser.add_argument("--database", type=Path, default=ROOT / "ml_monitor.duckdb")
    parser.add_argument("--out", type=Path, default=ROOT / "docs" / "report.png")
    args = parser.parse_args()
    try:
        size = take(args.database, args.out)
    except report.ReportError as error:
        print(f"pictures: {error}", file=sys.stderr)
        return 1
    print(f"{args.out}: {size:,} bytes")
    return 0 if size < SIZE_LIMIT else 1


if __name__ == "__main__":
    sys.exit(main())

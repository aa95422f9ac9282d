"""Build the docs as a site: the pages of docs/ by Sphinx, in an environment of its own (requirements-docs.txt).

    python scripts/docs_site/build.py [--out DIR]

The site is in build/site, to be opened from disk or served by anything. Every warning is an error: a link that leads nowhere,
a page that no list has. The exit status is that of Sphinx.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "scripts"))

from peer_tools.environment import environment_python  # noqa: E402

LOCK = ROOT / "requirements-docs.txt"


def build(out: Path, source: Path = ROOT / "docs") -> subprocess.CompletedProcess[str]:
    """Build the site.

    Args:
        out: folder of the site.
        source: folder of the pages.

    Returns:
        What Sphinx returned and printed.

    Raises:
        PeersError: the environment could not be made.
    """
    command = [str(environment_python(LOCK)), "-m", "sphinx", "--quiet", "--fail-on-warning", "--keep-going"]
    command += ["--builder", "html", "--conf-dir", str(Path(__file__).parent)]
    command += ["--doctree-dir", str(out.with_name(f"{out.name}.doctrees")), str(source), str(out)]
    return subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; returns its exit status."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--out", type=Path, default=ROOT / "build" / "site", help="folder of the site")
    options = parser.parse_args(arguments)
    finished = build(options.out)
    print(finished.stdout, end="")
    if finished.returncode == 0:
        print(f"open {options.out / 'index.html'}")
    return finished.returncode


if __name__ == "__main__":
    sys.exit(main())

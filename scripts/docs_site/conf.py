"""Sphinx configuration of the docs site: `make docs` builds the pages of docs/ as they are (docs/decisions/0025-docs-site.md)."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]

project = "ml_monitor"
author = "the authors of ml_monitor"
extensions = ["myst_parser"]
source_suffix = {".md": "markdown"}
root_doc = "index"
exclude_patterns = ["grafana"]

# Links to headings are those of GitHub, where the same pages are read.
myst_heading_anchors = 5
# SQL and YAML of dbt have Jinja in them, which no lexer of either knows; the title of a page may be followed by a small heading.
suppress_warnings = ["misc.highlighting_failure", "myst.header"]

html_theme = "furo"
html_title = "ml_monitor"
html_copy_source = False
html_show_sourcelink = False
html_show_copyright = False
html_theme_options = {"top_of_page_buttons": []}

OUTSIDE = re.compile(r"\[([^\]]*)\]\(((?:\.\./)+[^)#\s]+)(?:#[^)\s]*)?\)")


def name_what_is_outside(app: Any, page: str, source: list[str]) -> None:
    """Links to files of the repository outside docs/, such as the changelog, become their names; others stay as they are."""

    def named(link: re.Match[str]) -> str:
        file = ((ROOT / "docs" / page).parent / link[2]).resolve()
        is_outside = file.is_relative_to(ROOT) and not file.is_relative_to(ROOT / "docs")
        return f"{link[1]} (`{file.relative_to(ROOT)}`)" if is_outside and file.exists() else link[0]

    source[0] = OUTSIDE.sub(named, source[0])


def setup(app: Any) -> None:
    """What Sphinx calls with the application."""
    app.connect("source-read", name_what_is_outside)

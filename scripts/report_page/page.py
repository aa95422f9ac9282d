"""Write the content of the report as one HTML file, with its script, style and data inside."""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

HERE = Path(__file__).resolve().parent
SCRIPTS = ("vendor/uplot/uPlot.iife.min.js", "static/report.js")
STYLES = ("vendor/uplot/uPlot.min.css", "static/report.css")


def packed(value: Any) -> str:
    """JSON, compressed with gzip, as base64; the page reads it with DecompressionStream."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return base64.b64encode(gzip.compress(text.encode("utf-8"), 4, mtime=0)).decode("ascii")


def inlined(names: tuple[str, ...]) -> tuple[Markup, str]:
    """Our own files as the content of one element, and the source that a content security policy allows it by."""
    text = "\n".join((HERE / name).read_text(encoding="utf-8").strip() for name in names)
    if "</script" in text or "</style" in text:
        raise ValueError(f"{', '.join(names)}: would end the element that holds it")
    digest = base64.b64encode(hashlib.sha256(text.encode("utf-8")).digest()).decode("ascii")
    return Markup(text), f"'sha256-{digest}'"


def render(content: dict[str, Any], docs: str) -> str:
    """The page.

    Arguments:
        content (dict): what reading.read returns.
        docs (str): address of the folder docs, for links to gate pages.
    Returns: HTML.
    """
    environment = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
    )
    script, script_source = inlined(SCRIPTS)
    style, style_source = inlined(STYLES)
    blocks = {"fleet": packed(content["fleet"] | {"docs": docs})}
    for kind in ("monitors", "columns"):
        blocks |= {f"{kind}-{number}": packed(value) for number, value in enumerate(content[kind])}
    return environment.get_template("report.html").render(
        blocks=blocks, script=script, script_source=script_source, style=style, style_source=style_source
    )


def write(content: dict[str, Any], out: Path, docs: str) -> Path:
    """Write the page to a file, whose folder is made if need be; arguments as of render. Returns: the path."""
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(render(content, docs), encoding="utf-8", newline="\n")
    return out

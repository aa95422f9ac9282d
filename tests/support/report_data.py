"""What is in a report: its blocks of data, read from the file."""

from __future__ import annotations

import base64
import gzip
import json
import re
from pathlib import Path
from typing import Any

BLOCK = re.compile(r'<script type="application/octet-stream" id="data-([\w-]+)">([^<]+)</script>')


def blocks(page: Path) -> dict[str, Any]:
    """The blocks of a report by name: ``fleet``, and ``monitors-N`` and ``columns-N`` of each monitor."""
    found = BLOCK.findall(page.read_text(encoding="utf-8"))
    return {name: json.loads(gzip.decompress(base64.b64decode(data))) for name, data in found}

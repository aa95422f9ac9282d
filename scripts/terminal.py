"""What the scripts show while something takes longer than two seconds.

On a terminal a line with a spinner on stderr, by rich; without a terminal, or without rich, which dbt does not bring along,
nothing but what is printed anyway.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def progress(text: str) -> Iterator[None]:
    """Show what is going on as long as the block runs.

    Arguments:
        text (str): what is done, such as ``reading the fleet views``.
    """
    if not sys.stderr.isatty():
        yield
        return
    try:
        from rich.console import Console
    except ImportError:
        print(f"{text} ...", file=sys.stderr, flush=True)
        yield
        return
    with Console(stderr=True).status(f"{text} ..."):
        yield

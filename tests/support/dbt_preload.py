"""What the fork server of dbt_runner.py imports once, so that each call of dbt starts with it; nothing is connected here.

Modules, the code that dbt's dataclasses generate when first used, and compiled macros, which dbt keeps by their text.
"""

from __future__ import annotations

import gc
import os
import sys

# Threads do not survive a fork, so none may be started here.
os.environ["OPENBLAS_NUM_THREADS"] = "1"

import dbt.adapters.duckdb
import dbt.adapters.postgres
import dbt.task.build  # noqa: F401
import duckdb  # noqa: F401
import pandas  # noqa: F401
import psycopg2  # noqa: F401
from dbt.cli.main import dbtRunner
from dbt_common.clients.jinja import template_cache


def warm_up(folder: str) -> None:
    """Parse a project, whose parsed form is saved there already, and compile its macros."""
    before = os.getcwd()
    os.chdir(folder)
    try:
        result = dbtRunner().invoke(["--quiet", "--log-level-file", "none", "parse"])
    finally:
        os.chdir(before)
    if not result.success:
        raise RuntimeError(f"dbt cannot parse {folder}") from result.exception
    for macro in result.result.macros.values():
        template_cache.get_node_template(macro)


if "ML_DBT_WARM_UP" in os.environ:
    try:
        warm_up(os.environ["ML_DBT_WARM_UP"])
    except Exception as error:
        # Calls of dbt are right without it, and slower.
        print(f"no warm-up of dbt: {error!r}", file=sys.stderr)
    gc.collect()
    gc.freeze()

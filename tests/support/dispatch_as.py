"""Run dbt with ml_monitor's macros, and dbt's own that make SQL, dispatched as for an engine that is not installed.

    python dispatch_as.py default compile --select adapter_cases

The first argument is the prefix to look for before ``default``; all else goes to dbt, which talks to the engine of the profile.
"""

from __future__ import annotations

import sys

from dbt.cli.main import cli
from dbt.context.providers import BaseDatabaseWrapper

# Of dbt's own only what makes SQL: the others read the catalog of the engine that runs.
OF_DBT = {"dateadd", "datediff", "date_trunc", "generate_series", "hash", "listagg", "type_string"}


def main(prefix: str, arguments: list[str]) -> None:
    """Run dbt with these arguments and exit as it does."""
    as_installed = BaseDatabaseWrapper.dispatch

    def dispatch(self, macro_name, macro_namespace=None, packages=None):
        if macro_namespace == "ml_monitor" or macro_name in OF_DBT:
            self._get_adapter_macro_prefixes = lambda: list(dict.fromkeys([prefix, "default"]))
        try:
            return as_installed(self, macro_name, macro_namespace, packages)
        finally:
            self.__dict__.pop("_get_adapter_macro_prefixes", None)

    BaseDatabaseWrapper.dispatch = dispatch
    cli(arguments)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])

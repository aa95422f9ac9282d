"""A project of four small models and no monitor, whose profile has the plugin that publishes."""

from __future__ import annotations

from pathlib import Path

from conftest import ROOT, Project

MODELS = """
models:
  - name: many
    description: A thousand rows.
    config: {access: public, contract: {enforced: true}, persist_docs: {relation: true, columns: true}}
    columns:
      - {name: build, data_type: bigint, description: "Number of the build, isn't it."}
  - name: one
    description: One row.
    config: {access: public, contract: {enforced: true}}
    columns:
      - {name: build, data_type: bigint}
  - {name: other, description: Not in a contract., config: {access: public}}
  - {name: hidden, description: Not public.}
"""
PLUGIN = f"""      module_paths: ["{ROOT / "scripts"}"]
      plugins:
        - module: publish
"""


def new_project(folder: Path) -> Project:
    """The project, not yet built."""
    project = Project(folder)
    project.keep_only({})
    project.write("models/own/_own.yml", MODELS)
    number = "cast({{ env_var('BUILD', '0') }} as bigint) as build"
    project.write("models/own/one.sql", "{{ config(materialized='table') }} select " + number)
    project.write(
        "models/own/many.sql",
        "{{ config(materialized='table') }} select one.build from {{ ref('one') }} as one cross join range(1000)",
    )
    project.write("models/own/other.sql", "select 1 as a")
    project.write("models/own/hidden.sql", "select 1 as a")
    project.replace("profiles/profiles.yml", "      settings:\n", f"{PLUGIN}      settings:\n", 1)
    return project

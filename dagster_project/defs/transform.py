"""The dbt project as assets: staging, intermediate, marts, indicators and what is offered to the open release."""

import json
import os
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import Any

import dagster as dg
import duckdb
from dagster_dbt import DagsterDbtTranslator, DbtCliResource, dbt_assets

from dagster_project.building.build import begin, begin_some, environment, finish
from dagster_project.building.plan import exclusions
from dagster_project.column_lineage import Lineage, Relation, as_markdown, lineage_of_models
from dagster_project.dbt_artifacts import LINEAGE, dbt_environment, ensure_manifest
from dagster_project.defs.kept import Kept
from dagster_project.defs.keys import OWNER
from dagster_project.defs.resources import Warehouse
from dagster_project.defs.retries import tried_again_where_it_helps
from dagster_project.release.preview import chart_preview, markdown_preview
from dagster_project.settings import Settings, load_settings


class Translator(DagsterDbtTranslator):
    """Names as everywhere: key = schema and table, group = layer."""

    def get_asset_key(self, dbt_resource_props: Mapping[str, Any]) -> dg.AssetKey:
        """`SCHEMA/TABLE`, for sources as for models."""
        if dbt_resource_props["resource_type"] == "source":
            return dg.AssetKey([dbt_resource_props["source_name"], dbt_resource_props["name"]])
        return dg.AssetKey([dbt_resource_props["schema"], dbt_resource_props["name"]])

    def get_group_name(self, dbt_resource_props: Mapping[str, Any]) -> str:
        """The layer."""
        return str(dbt_resource_props["schema"])

    def get_owners(self, dbt_resource_props: Mapping[str, Any]) -> list[str]:
        """One team owns the house."""
        return [OWNER]


MANIFEST = ensure_manifest(load_settings())
# They judge the code, not the data of a run.
WITHOUT_UNIT_TESTS = ("--exclude-resource-type", "unit_test")


@dbt_assets(manifest=MANIFEST, name="dbt_build", dagster_dbt_translator=Translator(), pool="warehouse")
def dbt_build(context: dg.AssetExecutionContext, warehouse: Warehouse, dbt: DbtCliResource) -> Iterator[Any]:
    """Build and test the dbt project in one process, as far as anything it is made from is new; its tests are checks of
    the assets they judge.
    """
    settings = warehouse.settings
    manifest = json.loads((settings.dbt_target_dir / "manifest.json").read_bytes())
    asked_for_all = context.selected_asset_keys == set(dbt_build.keys)
    with tried_again_where_it_helps():
        plan = (begin if asked_for_all else begin_some)(settings, manifest)
    context.log.info(f"To be built or tested: {len(plan.outdated)} of {len(plan.versions)}.")
    # The memory that it may use goes by the size of the work file, which ingestion has filled since.
    os.environ.update(dbt_environment(settings) | environment(plan, manifest))
    tables = []
    with _on_the_cluster(settings, context) if settings.engine == "spark" else nullcontext():
        for event in _build(context, dbt, settings, exclusions(plan, manifest)) if plan.outdated else ():
            # The work file has one writer: tables are told with their previews, after dbt has let go of it.
            if isinstance(event, dg.Output):
                tables.append(event)
            else:
                yield event
    if asked_for_all:
        finish(settings, plan, manifest)
    kept = Kept(context.assets_def, manifest, Translator())
    yield from kept.checks(plan, context.selected_asset_check_keys)
    with duckdb.connect(str(settings.outgoing_db), read_only=True) as con:
        # What Spark has compiled is in another dialect; the columns are made of the same ones.
        lineage = _lineage(settings, manifest) if settings.engine == "duckdb" else {}
        for table in (*kept.tables(plan, context.selected_asset_keys), *tables):
            yield _with_metadata(context, con, table, lineage)


def _on_the_cluster(settings: Settings, context: dg.AssetExecutionContext) -> AbstractContextManager[None]:
    from dagster_project.engine import building  # noqa: PLC0415  only runs on Spark pay for the import

    return building.on_spark(settings, context.log.info)


def _build(
    context: dg.AssetExecutionContext, dbt: DbtCliResource, settings: Settings, left_out: Sequence[str]
) -> Iterator[Any]:
    target, words = settings.dbt_target_dir, ["build", *WITHOUT_UNIT_TESTS, *left_out]
    if settings.engine == "spark":
        from dagster_project.engine import building  # noqa: PLC0415  only runs on Spark pay for the import

        target, words = building.target_dir(settings), [*words, *building.ARGUMENTS]
    invocation = dbt.cli(words, context=context, target_path=target)
    try:
        with tried_again_where_it_helps():
            yield from invocation.stream()
    finally:
        _end(invocation.process)


def _lineage(settings: Settings, manifest: Mapping[str, Any]) -> dict[Relation, Lineage]:
    target = settings.dbt_target_dir
    return lineage_of_models(manifest, target / "compiled", target / LINEAGE)


def _as_metadata(lineage: Lineage) -> dg.TableColumnLineage:
    return dg.TableColumnLineage(
        {
            column: [
                dg.TableColumnDep(asset_key=dg.AssetKey(list(relation)), column_name=parent)
                for relation, parent in made_of
            ]
            for column, made_of in lineage.items()
        }
    )


def _end(process: subprocess.Popen[bytes]) -> None:
    # A step that fails while dbt is still at work would leave it at the work file.
    if process.poll() is None:
        process.terminate()
        process.wait()


def _with_metadata(
    context: dg.AssetExecutionContext,
    con: duckdb.DuckDBPyConnection,
    table: dg.Output[Any],
    lineage: Mapping[Relation, Lineage],
) -> dg.Output[Any]:
    key = context.asset_key_for_output(table.output_name)
    schema, name = key.path
    added: dict[str, Any] = {}
    if lineage.get((schema, name)):
        added["dagster/column_lineage"] = _as_metadata(lineage[schema, name])
        # Dagster's own UI draws no graph of columns.
        added["columns_come_from"] = dg.MetadataValue.md(as_markdown(lineage[schema, name]))
    if schema in {"marts", "indicators"}:
        rows, preview = markdown_preview(con, schema, name)
        added["dagster/row_count"] = rows
        if schema == "indicators":
            chart = chart_preview(con, schema, name)
            added["preview"] = dg.MetadataValue.md(f"{chart}\n\n{preview}" if chart else preview)
    return table.with_metadata({**table.metadata, **added})

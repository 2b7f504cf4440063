"""Accepted rows lie in the shared folder by party and period, and say what the work file says."""

import pyarrow.dataset as ds

from dagster_project.engine.exporting import export_table, tables_read


def rows_of(exported):
    read = ds.dataset(exported.place.path, format="parquet", partitioning="hive").to_table().to_pylist()
    return sorted(
        (row["party"], str(row["period"]), row["row_number"], row["belopp"], row["fran"]) for row in read
    )


def test_a_raw_table_is_partitioned_by_party_and_period(work_file, shared):
    exported = export_table(work_file, "raw", "medel", shared)
    folders = sorted(str(p.relative_to(exported.place.path)) for p in map_of_files(exported))
    assert folders == [
        "party=af/period=2020/part-0.parquet",
        "party=af/period=2021/part-0.parquet",
        "party=kommun-2180/period=2020/part-0.parquet",
    ]
    assert exported.partitions == ("party", "period")


def map_of_files(exported):
    from pathlib import Path

    return Path(exported.place.path).rglob("*.parquet")


def test_rows_in_force_are_all_there_and_those_superseded_are_not(work_file, shared):
    exported = export_table(work_file, "raw", "medel", shared)
    expected = work_file.execute(
        "select m.party, d.period, row_number, belopp, fran from raw.medel as m "
        "inner join quality.delivery as d using (delivery_id) where d.status = 'in_force'"
    ).fetchall()
    assert rows_of(exported) == sorted(expected)


def test_partition_columns_come_last_with_the_types_of_the_work_file(work_file, shared):
    exported = export_table(work_file, "raw", "medel", shared)
    assert exported.columns == (
        ("delivery_id", "VARCHAR"),
        ("row_number", "BIGINT"),
        ("belopp", "DECIMAL(12,2)"),
        ("fran", "DATE"),
        ("party", "VARCHAR"),
        ("period", "VARCHAR"),
    )


def test_a_table_without_rows_is_exported_too(work_file, shared):
    work_file.execute("delete from raw.medel")
    exported = export_table(work_file, "raw", "medel", shared)
    assert list(map_of_files(exported)) == []
    assert exported.columns[-1] == ("period", "VARCHAR")


def test_deliveries_keep_every_status_and_are_not_partitioned(work_file, shared):
    exported = export_table(work_file, "quality", "delivery", shared)
    read = ds.dataset(exported.place.path, format="parquet").to_table().to_pylist()
    assert len(read) == 4
    assert exported.partitions == ()


def test_only_sources_that_a_model_reads_are_exported():
    manifest = {
        "sources": {
            "source.raw.team": {"source_name": "raw", "name": "team"},
            "source.quality.drift": {"source_name": "quality", "name": "drift"},
        },
        "nodes": {
            "model.stg": {"resource_type": "model", "depends_on": {"nodes": ["source.raw.team"]}},
            "test.x": {"resource_type": "test", "depends_on": {"nodes": ["source.quality.drift"]}},
        },
    }
    assert tables_read(manifest) == [("raw", "team")]

"""The cluster's catalog: a run replaces its own schemas and nobody else's."""

import pytest

from dagster_project.engine.exporting import Exported
from dagster_project.engine.registering import ForeignSchemaError, make_schemas, register
from dagster_project.engine.server import name, text

from .conftest import FakeSession


def test_a_schema_of_the_run_before_is_replaced(shared):
    session = FakeSession({"trisam_raw": f"{shared.location.replace('file:///', 'file:/')}/run-1/tables/raw"})
    make_schemas(session, "trisam", ["raw", "marts"], shared.under("run-2", "tables"), shared)
    assert session.statements == [
        "drop schema `trisam_raw` cascade",
        f"create schema `trisam_marts` location '{shared.location}/run-2/tables/marts'",
        f"create schema `trisam_raw` location '{shared.location}/run-2/tables/raw'",
    ]


@pytest.mark.parametrize("location", ["file:/warehouse/trisam_raw.db", "s3a://elsewhere/raw"])
def test_a_schema_of_somebody_else_stops_the_run_before_anything_is_dropped(shared, location):
    session = FakeSession({"trisam_marts": f"{shared.location}/run-1/tables/marts", "trisam_raw": location})
    with pytest.raises(ForeignSchemaError, match="TRISAM_SPARK_FOLDER"):
        make_schemas(session, "trisam", ["marts", "raw"], shared.under("run-2"), shared)
    assert session.statements == []


def test_a_folder_whose_name_only_begins_alike_is_somebody_elses(shared):
    session = FakeSession({"trisam_raw": f"{shared.location}-other/run-1/tables/raw"})
    with pytest.raises(ForeignSchemaError):
        make_schemas(session, "trisam", ["raw"], shared.under("run-2"), shared)


def test_a_table_is_made_known_with_sparks_types_and_its_partitions(shared):
    session = FakeSession({})
    columns = (("antal", "INTEGER"), ("belopp", "DECIMAL(12,2)"), ("party", "VARCHAR"), ("period", "VARCHAR"))
    place = shared.under("raw", "medel")
    register(session, "trisam", Exported("raw", "medel", columns, ("party", "period"), place))
    assert session.statements == [
        "create table `trisam_raw`.`medel` (`antal` int, `belopp` DECIMAL(12,2), `party` string, "
        f"`period` string) using parquet partitioned by (`party`, `period`) location '{place.location}'",
        "msck repair table `trisam_raw`.`medel`",
    ]


def test_names_and_texts_cannot_leave_their_quotes():
    assert name("a`b") == "`a``b`"
    assert text("o'clock \\") == "'o\\'clock \\\\'"

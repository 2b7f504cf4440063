"""The rows of areas come by period, in the order in which the areas are asked for."""

import pyarrow as pa
import pytest

from dagster_project.report.placed import Placed

_AREAS = ["A", "B", "B", "C", "D"]
_TABLE = pa.table(
    {
        "period_type": ["year"] * 5,
        "period": ["2021", "2020", "2021", "2021", "2021"],
        "area_code": _AREAS,
        "count": [1, 2, 3, 4, 5],
        "row_hash": pa.array([11, 12, 13, 14, 15], pa.uint64()),
    }
)


@pytest.mark.parametrize(
    ("areas", "counts"),
    [("AB", [1, 3]), ("BA", [3, 1]), ("ABD", [1, 3, 5]), ("DABC", [5, 1, 3, 4]), ("XB", [3]), ("", [])],
)
def test_areas_that_lie_together_and_apart_are_read_in_the_order_asked_for(areas, counts):
    found = Placed(_TABLE).read(*areas)
    assert [row["count"] for row in found.get(("year", "2021"), [])] == counts


def test_a_period_holds_its_own_rows_alone():
    assert [row["count"] for row in Placed(_TABLE).read(*"AB")["year", "2020"]] == [2]


def test_a_hash_is_no_part_of_a_row():
    assert list(Placed(_TABLE).read("A")["year", "2021"][0]) == [
        "period_type",
        "period",
        "area_code",
        "count",
    ]


def test_the_content_of_areas_is_told_by_the_rows_that_they_have_and_by_no_other():
    other = _TABLE.set_column(4, "row_hash", pa.array([11, 12, 99, 14, 15], pa.uint64()))
    for areas, same in (("A", True), ("B", False), ("ACD", True), ("ABC", False), ("X", True)):
        assert (Placed(_TABLE).content(*areas) == Placed(other).content(*areas)) is same, areas

"""The look into an indicator table: first rows, and a chart that shows what the file of charts says."""

import base64
import xml.etree.ElementTree as ET

import duckdb
import pytest
import yaml

from dagster_project.release.preview import chart_preview, load_charts, svg_bars
from dagster_project.settings import DBT_PROJECT_DIR

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture
def con():
    with duckdb.connect() as con:
        con.execute("create schema indicators")
        con.execute(
            "create table indicators.question as select * from (values "
            "('year', '2020', 'county', '21', 'Vård <b>', 1, 10), ('year', '2021', 'county', '21', 'Vård <b>', 1, 1369), "
            "('year', '2021', 'county', '21', 'Arbete', 2, 5), ('year', '2021', 'county', '21', 'Totalt', 99, 1374), "
            "('year', '2021', 'county', '22', 'Arbete', 2, 800), ('quarter', '2021Q4', 'county', '21', 'Arbete', 2, 900), "
            "('year', '2021', 'municipality', '2180', 'Arbete', 2, 700)"
            ") as t (period_type, period, area_level, area_code, label_sv, sort_order, total_count)"
        )
        con.execute("create table indicators.empty as from indicators.question where false")
        yield con


def drawn(markdown):
    head, _, picture = markdown.partition("base64,")
    assert head.startswith("![total_count by label_sv](data:image/svg+xml;")
    root = ET.fromstring(base64.b64decode(picture.removesuffix(")")))
    return [text.text for text in root.iter(f"{SVG}text")], [
        float(bar.get("width")) for bar in root.iter(f"{SVG}rect")
    ][1:]


def test_a_chart_shows_the_latest_year_of_the_first_county_in_order_without_totals(con):
    texts, lengths = drawn(chart_preview(con, "indicators", "question"))
    assert texts == ["Vård <b>", "1\u00a0369", "Arbete", "5"]
    assert lengths[0] > lengths[1] > 0


def test_a_table_without_rows_or_without_an_entry_has_no_chart(con):
    con.execute("delete from indicators.question")
    assert chart_preview(con, "indicators", "question") is None
    assert chart_preview(con, "indicators", "empty") is None


@pytest.mark.parametrize("value", [0.0, -5.0])
def test_a_chart_of_nothing_above_zero_still_draws(value):
    root = ET.fromstring(svg_bars([("a", value)]))
    assert [rect.get("width") for rect in root.iter(f"{SVG}rect")][1:] == ["0.0"]


def test_every_chart_names_columns_that_its_table_has():
    columns = {}
    for path in (DBT_PROJECT_DIR / "models" / "indicators").rglob("*.yml"):
        for model in yaml.safe_load(path.read_text(encoding="utf-8")).get("models", []):
            columns[model["name"]] = {column["name"] for column in model.get("columns", [])}
    for table, chart in load_charts().items():
        assert {chart.label, chart.value, *chart.only} <= columns[table], table

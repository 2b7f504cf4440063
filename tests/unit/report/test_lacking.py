"""The report says in Swedish what was left out of the release."""

from pathlib import Path

import duckdb
import pytest

from dagster_project.report import build_report, formats
from dagster_project.report.lacking import lacking
from dagster_project.report.reference import load_reference
from dagster_project.report.source import Source

from .conftest import Built
from .releases import read_page, small_release

SUPPORT = "'kommun-2183', 'forsorjningsstod'"
MARCH = "date '2021-03-01', date '2021-03-31'"


def release(folder: Path, *deliveries: str) -> Path:
    """A small release with rows (id, file, party, dataset, period, first and last day, status) of quality.delivery."""
    path = small_release(folder / "trisam.duckdb")
    with duckdb.connect(str(path)) as con:
        con.execute(
            "create table quality.delivery (delivery_id varchar, file_name varchar, party varchar, dataset varchar, "
            "period varchar, period_start date, period_end date, status varchar)"
        )
        con.execute(
            "create table quality.left_out_delivery (delivery_id varchar, left_out_by varchar, left_out_why varchar)"
        )
        for row in deliveries:
            con.execute(f"insert into quality.delivery values ({row})")
        con.execute(
            "insert into quality.left_out_delivery select delivery_id, 'NN', 'beloppen är i <tusental>' "
            "from quality.delivery where status = 'left_out'"
        )
    return path


def texts(path: Path) -> list[str]:
    with Source(path, load_reference()) as source:
        return lacking(source)


def left_out(party: str, dataset: str, period: str, days: str) -> str:
    return f"'{party}/{dataset}_{period}.csv', '{dataset}_{period}.csv', '{party}', '{dataset}', '{period}', {days}, 'left_out'"


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (left_out("kommun-2183", "forsorjningsstod", "2021-03", MARCH), "Försörjningsstöd för mars 2021 från Bollnäs kommun"),
        (left_out("kommun-2181", "forsorjningsstod", "2021Q1", MARCH), "Försörjningsstöd för kvartal 1 2021 från Sandvikens kommun"),
        (left_out("kommun-2180", "forsorjningsstod", "2021", MARCH), "Försörjningsstöd för 2021 från Gävle kommun"),
        (
            left_out("rg", "moten", "20210301-20210331", MARCH),
            "Teammöten för 1\u00a0mars\u00a02021 till 31\u00a0mars\u00a02021 från Region Gävleborg",
        ),
        (
            "'rg/moten_2021H3.csv', 'moten_2021H3.csv', 'rg', 'moten', null, null, null, 'left_out'",
            "Teammöten ur filen moten_2021H3.csv från Region Gävleborg",
        ),
    ],
)  # fmt: skip
def test_a_delivery_that_was_left_out_is_named_by_dataset_period_and_party(
    row: str, said: str, tmp_path: Path
) -> None:
    assert texts(release(tmp_path, row)) == [f"{said} (lämnad utanför av NN: beloppen är i <tusental>)"]


def test_an_earlier_delivery_that_stays_in_force_is_told(tmp_path: Path) -> None:
    earlier = f"'kommun-2183/forsorjningsstod_2021.csv', 'forsorjningsstod_2021.csv', {SUPPORT}, '2021', date '2021-01-01', date '2021-12-31', 'in_force'"
    (said,) = texts(release(tmp_path, left_out("kommun-2183", "forsorjningsstod", "2021-03", MARCH), earlier))
    assert said.endswith("En tidigare leverans för samma tid gäller så länge")


def test_every_page_says_first_what_the_release_lacks(tmp_path: Path) -> None:
    path = release(tmp_path, left_out("kommun-2183", "forsorjningsstod", "2021-03", MARCH))
    written = [page for page in build_report(path, tmp_path) if page.suffix == ".html"]
    said = "Utgåvan saknar: Försörjningsstöd för mars 2021 från Bollnäs kommun (lämnad utanför av NN: beloppen är i <tusental>)"
    assert len(written) > 3
    for page in written:
        before_contents, _, _ = read_page(page).text.partition("Innehåll\n")
        assert said in before_contents
        assert "<tusental>" not in page.read_text(encoding="utf-8")


def test_a_release_that_lacks_nothing_says_nothing(report: Built) -> None:
    assert "Utgåvan saknar" not in read_page(report.folder / "index.html").text


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("Bollnäs", "Bollnäs kommun"),
        ("Gävle", "Gävle kommun"),
        ("Sandviken", "Sandvikens kommun"),
        ("Kalix", "Kalix kommun"),
    ],
)
def test_a_municipality_is_named_as_it_names_itself(name: str, text: str) -> None:
    assert formats.municipality_text(name) == text
